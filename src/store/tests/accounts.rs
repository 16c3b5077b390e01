//! Accounts: what is kept of people and what not, and how long what they show is good.

use super::*;
use crate::account::{Details, Email, Role};
use crate::store::account::{By, TRIES, hash_password, verify_password};

/// Kept by whoever proves to be somebody; says nothing about a person.
const PROOF: [&str; 6] = ["id", "login", "password", "password_ms", "verified_ms", "created_ms"];
pub(super) const MINUTE_MS: i64 = 60_000;
pub(super) const HOUR_MS: i64 = 60 * MINUTE_MS;

pub(super) fn ada() -> Details {
    let text = str::to_owned;
    Details {
        first_name: text("Ada"),
        last_name: text("Vance"),
        full_name: text("Ada Vance"),
        company: text("Contoso"),
        telephone: text("+31 20 123"),
        email: text("Ada@Contoso.example"),
        address_line_1: text("Keizersgracht 1"),
        address_line_2: String::new(),
        city: text("Amsterdam"),
        postcode: text("1015 CC"),
        country: text("NL"),
    }
}

pub(super) fn email() -> Email {
    Email::parse("ada@contoso.example").unwrap()
}

/// An account whose owner has shown that mail arrives, owner of a tenant.
pub(super) async fn verified(store: &Store, tenant: &str, now_ms: i64) -> Account {
    let password = hash_password("wet-otter-81-plumb").unwrap();
    let (account, is_new) = store.sign_up(&ada(), &email(), &password, now_ms).await.unwrap();
    assert!(is_new);
    let file = file(tenant, &format!("{tenant}.example"));
    store.import(&file).await.unwrap();
    let link = store.challenge(&account.id, Purpose::Verify, now_ms, HOUR_MS).await.unwrap();
    assert_eq!(store.account_of_link(&link.token, Purpose::Verify, now_ms).await, Ok(Some(account.id.clone())));
    assert_eq!(store.verify_account(&link.token, &file.id, false, now_ms).await, Ok(true));
    assert_eq!(store.verify_account(&link.token, &file.id, false, now_ms).await, Ok(false), "a link is good once");
    account
}

#[tokio::test]
async fn of_a_person_the_eleven_facts_are_kept_and_no_other() {
    let place = Place::sqlite();
    let store = place.open().await;
    let mut work = store.backend.read(Scope::Region).await.unwrap();
    let columns = |table: &'static str| format!("SELECT name FROM pragma_table_info('{table}')");
    let mut facts = Vec::new();
    for row in sqlx::query(sqlx::AssertSqlSafe(columns("account"))).fetch_all(&mut *work).await.unwrap() {
        facts.push(row.get::<String, _>(0));
    }
    facts.retain(|column| !PROOF.contains(&column.as_str()));
    assert_eq!(
        facts,
        [
            "first_name",
            "last_name",
            "full_name",
            "company",
            "telephone",
            "email",
            "address_line_1",
            "address_line_2",
            "city",
            "postcode",
            "country"
        ]
    );
    for (table, known) in [
        ("team", &["tenant", "account", "role", "since_ms"][..]),
        ("device", &["id", "account", "hash", "name", "created_ms", "seen_ms", "expires_ms"]),
        ("session", &["hash", "id", "account", "name", "created_ms", "seen_ms", "confirmed_ms", "organisation"]),
        ("challenge", &["hash", "account", "purpose", "code_hash", "tries_left", "sent", "sent_ms", "expires_ms"]),
        ("totp", &["account", "sealed", "last_step", "created_ms", "confirmed_ms"]),
        ("recovery", &["account", "hash"]),
        ("microsoft", &["organisation", "person", "account", "since_ms"]),
        ("microsoft_shown", &["hash", "organisation", "person", "expires_ms"]),
        ("sign_in_rules", &["tenant", "microsoft_required", "microsoft_suffices", "break_glass"]),
        ("invitation", &["id", "tenant", "email", "login", "role", "hash", "invited_by", "sent_ms", "expires_ms"]),
    ] {
        let rows = sqlx::query(sqlx::AssertSqlSafe(columns(table))).fetch_all(&mut *work).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>(), known, "{table}");
    }
}

#[test]
fn the_same_password_twice_is_two_hashes_and_neither_shows_it() {
    let (one, other) = (hash_password("canary-81-plumb").unwrap(), hash_password("canary-81-plumb").unwrap());
    assert_ne!(one, other);
    assert!(one.as_str().starts_with("$argon2id$") && !one.as_str().contains("canary"));
    assert_eq!(format!("{one:?}"), "Hashed");
    assert!(verify_password("canary-81-plumb", Some(&one)) && verify_password("canary-81-plumb", Some(&other)));
    assert!(!verify_password("canary-81-plumB", Some(&one)) && !verify_password("", Some(&one)));
    assert!(!verify_password("nobody's", None), "whoever has no account has no password");
}

async fn whoever_did_not_prove_an_address_does_not_keep_it(place: Place) {
    let store = place.open().await;
    let stranger = hash_password("stranger").unwrap();
    let (first, is_new) = store.sign_up(&ada(), &email(), &stranger, 1).await.unwrap();
    assert!(is_new);
    let link = store.challenge(&first.id, Purpose::Verify, 1, HOUR_MS).await.unwrap();
    // The owner of the address signs up later, with another password; the link of the first is good no more.
    let owner = verified(&store, "contoso", 2).await;
    assert_eq!(store.account_of_link(&link.token, Purpose::Verify, 2).await, Ok(None));
    let kept = store.account_of(&email()).await.unwrap().unwrap();
    assert_eq!((&kept.id, kept.details, kept.verified_ms), (&owner.id, ada(), Some(2)));
    // And nobody takes it over after that, whatever the case of the letters.
    let shouted = Email::parse("ADA@CONTOSO.EXAMPLE").unwrap();
    let (known, is_new) = store.sign_up(&ada(), &shouted, &stranger, 3).await.unwrap();
    assert_eq!((known.id == owner.id, is_new), (true, false));
    assert!(verify_password("wet-otter-81-plumb", Some(&store.account_of(&email()).await.unwrap().unwrap().password)));
    // What nobody proves is forgotten in a week.
    let other = Details { email: "eve@contoso.example".into(), ..ada() };
    store.sign_up(&other, &Email::parse(&other.email).unwrap(), &stranger, 5).await.unwrap();
    store.forget_the_old(7 * 24 * HOUR_MS).await.unwrap();
    assert!(store.account_of(&Email::parse(&other.email).unwrap()).await.unwrap().is_some());
    store.forget_the_old(8 * 24 * HOUR_MS).await.unwrap();
    assert_eq!(store.account_of(&Email::parse(&other.email).unwrap()).await, Ok(None));
    assert!(store.account(&owner.id).await.unwrap().is_some());
}

async fn a_code_is_good_once_in_its_browser_for_its_time(place: Place) {
    let store = place.open().await;
    let account = verified(&store, "contoso", 1).await;
    let begin = async |now_ms| store.challenge(&account.id, Purpose::Code, now_ms, 4 * HOUR_MS).await.unwrap();
    // Four hours: at 3:59:59, and not at 4:00:01.
    let start = 1_000_000;
    for (after, wanted) in [
        (4 * HOUR_MS - 1000, Shown::Right(account.id.clone())),
        (4 * HOUR_MS + 1000, Shown::Gone),
        // A clock that was put back makes nothing older.
        (-HOUR_MS, Shown::Right(account.id.clone())),
    ] {
        let challenge = begin(start).await;
        assert!(challenge.code.len() == 6 && challenge.code.bytes().all(|octet| octet.is_ascii_digit()));
        assert_eq!(store.show_code(&challenge.token, &challenge.code, start + after).await, Ok(wanted), "{after}");
        assert_eq!(
            store.show_code(&challenge.token, &challenge.code, start).await,
            Ok(match after > 4 * HOUR_MS {
                true => Shown::Right(account.id.clone()),
                false => Shown::Gone,
            })
        );
    }
    // Of the browser that asked, and of the last that did.
    let (first, second) = (begin(start).await, begin(start).await);
    assert_eq!(store.show_code(&first.token, &first.code, start).await, Ok(Shown::Gone));
    assert_eq!(store.show_code(&"A".repeat(43), &second.code, start).await, Ok(Shown::Gone));
    // Guessing ends after a few tries, and the right code does not help then.
    let wrong = if second.code == "000000" { "000001" } else { "000000" };
    for left in (1..TRIES).rev() {
        assert_eq!(store.show_code(&second.token, wrong, start).await, Ok(Shown::Wrong(left)));
    }
    assert_eq!(store.show_code(&second.token, wrong, start).await, Ok(Shown::Gone));
    assert_eq!(store.show_code(&second.token, &second.code, start).await, Ok(Shown::Gone));
    // A link is no code, and a code no link.
    let third = begin(start).await;
    assert_eq!(store.show_link(&third.token, Purpose::Reset, start).await, Ok(None));
    let link = store.challenge(&account.id, Purpose::Reset, start, HOUR_MS).await.unwrap();
    assert_eq!(store.show_code(&link.token, "", start).await, Ok(Shown::Gone));
    assert_eq!(store.show_link(&link.token, Purpose::Reset, start + HOUR_MS).await, Ok(None));
}

async fn another_code_is_mailed_twice_and_takes_the_place_of_the_first(place: Place) {
    let store = place.open().await;
    let account = verified(&store, "contoso", 1).await;
    let challenge = store.challenge(&account.id, Purpose::Code, 0, 10 * MINUTE_MS).await.unwrap();
    let again = async |now_ms| store.another_code(&challenge.token, now_ms, 30_000, 10 * MINUTE_MS).await.unwrap();
    assert_eq!(again(29_999).await, None, "not so soon");
    let (whose, _) = again(30_000).await.unwrap();
    assert_eq!(whose, account.id);
    let (_, last) = again(60_000).await.unwrap();
    assert_eq!(again(120_000).await, None, "three mails are enough");
    if challenge.code != last {
        assert_eq!(store.show_code(&challenge.token, &challenge.code, 60_001).await, Ok(Shown::Wrong(TRIES - 1)));
    }
    assert_eq!(
        store.show_code(&challenge.token, &last, 60_000 + 10 * MINUTE_MS - 1).await,
        Ok(Shown::Right(account.id))
    );
}

async fn a_session_ends_by_itself_and_with_the_password(place: Place) {
    let store = place.open().await;
    let account = verified(&store, "contoso", 1).await;
    let (idle, lasts) = (30 * MINUTE_MS, 12 * HOUR_MS);
    let whose = async |token: &str, now_ms| store.present_session(token, now_ms, idle, lasts).await.unwrap();
    let token = store.begin_session(&account.id, "Edge on Windows", &By::Password, 0).await.unwrap();
    let seen = whose(&token, 1).await.unwrap();
    assert_eq!((seen.account.as_str(), seen.memberships.len()), (account.id.as_str(), 1));
    assert_eq!((seen.memberships[0].tenant.as_str(), seen.memberships[0].role), ("contoso", Role::Owner));
    assert_eq!(whose(&format!("{token}x"), 1).await, None);
    // Each request puts off the end, but for good.
    let mut now = 0;
    while now < lasts - idle {
        now += idle - MINUTE_MS;
        assert!(whose(&token, now).await.is_some(), "after {now}");
    }
    assert_eq!(whose(&token, lasts).await, None);
    let idler = store.begin_session(&account.id, "Edge on Windows", &By::Password, 0).await.unwrap();
    assert_eq!(whose(&idler, idle).await, None);
    // Another password ends the others, and no browser is trusted any more.
    let (own, other) = (
        store.begin_session(&account.id, "a", &By::Password, 5).await.unwrap(),
        store.begin_session(&account.id, "b", &By::Password, 5).await.unwrap(),
    );
    let device = store.trust_device(&account.id, "a", 5, HOUR_MS).await.unwrap();
    assert!(store.device_of(&account.id, &device, HOUR_MS).await.unwrap().is_some());
    assert_eq!(store.device_of(&account.id, &device, HOUR_MS + 5).await, Ok(None), "trust ends by itself");
    assert_eq!(store.device_of("ac_other", &device, 6).await, Ok(None), "and is of one account");
    let reset = store.challenge(&account.id, Purpose::Reset, 5, HOUR_MS).await.unwrap();
    let waiting = store.challenge(&account.id, Purpose::Code, 5, HOUR_MS).await.unwrap();
    let keep = whose(&own, 6).await.unwrap().session;
    let password = hash_password("another-81-plumb").unwrap();
    store.set_password(&account.id, &password, Some(&keep), 7).await.unwrap();
    assert!(whose(&own, 8).await.is_some() && whose(&other, 8).await.is_none());
    assert_eq!(store.device_of(&account.id, &device, 8).await, Ok(None));
    assert_eq!(store.show_link(&reset.token, Purpose::Reset, 8).await, Ok(None), "nor is a link that was mailed good");
    assert_eq!(store.show_code(&waiting.token, &waiting.code, 8).await, Ok(Shown::Gone), "nor a code");
    // Whatever is configured, a week is the longest.
    let for_ever = async |now_ms| store.present_session(&own, now_ms, i64::MAX / 4, i64::MAX / 4).await.unwrap();
    assert!(for_ever(7 * 24 * HOUR_MS).await.is_some() && for_ever(7 * 24 * HOUR_MS + 5).await.is_none());
    store.end_session(&account.id, &keep).await.unwrap();
    assert_eq!(whose(&own, 9).await, None);
}

async fn a_team_has_an_owner_and_who_leaves_is_forgotten(place: Place) {
    let store = place.open().await;
    let account = verified(&store, "contoso", 1).await;
    let contoso = TenantId::parse("contoso").unwrap();
    let role = async |role| store.change_member(&contoso, &account.id, role).await;
    let alone = StoreError::LastOwner("contoso".to_owned());
    assert_eq!(role(Some(Role::Editor)).await, Err(alone.clone()));
    assert_eq!(role(None).await, Err(alone));
    assert_eq!(role(Some(Role::Owner)).await, Ok(()));
    let nobody = store.change_member(&contoso, "ac_nobody", None).await;
    assert!(matches!(nobody, Err(StoreError::Unknown { what: "member", .. })), "{nobody:?}");
    let team = store.team(&contoso).await.unwrap();
    assert_eq!(
        team.iter().map(|member| (member.email.as_str(), member.role)).collect::<Vec<_>>(),
        [("Ada@Contoso.example", Role::Owner)]
    );
    let names = store.names([format!("account {}", account.id).as_str(), "signet", "folders"]).await.unwrap();
    assert_eq!(names.of(&account.id), Some("Ada Vance <Ada@Contoso.example>"));
    assert_eq!(names.who(&format!("account {}", account.id)), "Ada Vance <Ada@Contoso.example>");
    for (author, who) in [
        ("signet", "Signet itself"),
        ("command by ada", "ada at the command line"),
        ("command by nobody known", "somebody at the command line"),
        ("account ac_gone", "account ac_gone"),
    ] {
        assert_eq!(names.who(author), who);
    }
    store.begin_session(&account.id, "a", &By::Password, 5).await.unwrap();
    store.erase_account(&account.id).await.unwrap();
    assert_eq!(store.account(&account.id).await, Ok(None));
    for rows in [
        "SELECT count(*) FROM account",
        "SELECT count(*) FROM team",
        "SELECT count(*) FROM session",
        "SELECT count(*) FROM device",
        "SELECT count(*) FROM challenge",
    ] {
        assert_eq!(count(&store, rows).await, 0, "{rows}");
    }
    // What was done stays, without a name.
    let acts = store.audit(Some(&contoso), None, 100).await.unwrap();
    assert_eq!(store.names([account.id.as_str()]).await, Ok(Names::default()));
    assert!(acts.iter().any(|act| act.action == "member.join" && act.object == account.id));
    assert!(acts.iter().all(|act| !format!("{act:?}").to_lowercase().contains("vance")), "{acts:?}");
}

on_both! {
    whoever_did_not_prove_an_address_does_not_keep_it,
    a_code_is_good_once_in_its_browser_for_its_time,
    another_code_is_mailed_twice_and_takes_the_place_of_the_first,
    a_session_ends_by_itself_and_with_the_password,
    a_team_has_an_owner_and_who_leaves_is_forgotten,
}
