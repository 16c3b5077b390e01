//! The store on real files and on a real PostgreSQL: what goes in comes out, for its tenant only, and nothing secret
//! lies open. [`on_both`] makes two tests of each.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accounts;
mod audit;
mod backends;
mod brand;
mod bystanders;
mod choices;
pub(crate) mod decisions;
mod doubts;
mod feed;
mod flow;
mod history;
mod invitations;
mod keys;
#[path = "../../../standin/src/postgres.rs"]
#[allow(dead_code, reason = "measurements begin servers otherwise")]
pub(crate) mod postgres;
mod rows;
#[path = "../../../tests/oracle/rows.rs"]
mod rows_by_sql;
mod scale;
mod terms_of_use;
mod totp;

use std::path::PathBuf;
use std::sync::OnceLock;

use decisions::decision;
use postgres::Postgres;

use super::*;
use crate::config::{PairError, create_key_file};
use crate::tenant::{Mode, Revision, TenantFile, TenantId};

/// Each test once for SQLite and once for PostgreSQL.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test(crate::store::tests::Place::sqlite()).await
            })+
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $test() {
                super::$test(crate::store::tests::Place::postgres()).await
            })+
        }
    };
}
use on_both;

/// Where a store of its own lies, with its key in a folder.
struct Place {
    folder: tempfile::TempDir,
    /// A database of PostgreSQL.
    database: Option<String>,
}

impl Place {
    fn sqlite() -> Place {
        let place = Place { folder: tempfile::tempdir().unwrap(), database: None };
        create_key_file(&place.path("signet.key")).unwrap();
        place
    }

    fn postgres() -> Place {
        Place { database: Some(server().database().unwrap()), ..Place::sqlite() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn url(&self) -> String {
        match &self.database {
            Some(database) => server().address(database),
            None => format!("sqlite:{}", self.path("signet.db").display()),
        }
    }

    async fn open(&self) -> Store {
        Store::open(&self.url(), SealKey::read(&self.path("signet.key")).unwrap()).await.unwrap()
    }

    /// Everything SQLite wrote.
    fn octets(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|file| file.unwrap().path());
        files.filter(|file| !file.ends_with("signet.key")).flat_map(|file| std::fs::read(file).unwrap()).collect()
    }
}

/// The one PostgreSQL that all tests of this process share.
fn server() -> &'static Postgres {
    static SERVER: OnceLock<Postgres> = OnceLock::new();
    SERVER.get_or_init(|| Postgres::start().unwrap())
}

/// Something that no command does.
async fn sql(store: &Store, sql: &'static str) {
    let mut work = store.backend.write(Scope::Region).await.unwrap();
    sqlx::query(sql).execute(&mut *work).await.unwrap();
    work.commit().await.unwrap();
}

async fn count(store: &Store, sql: &'static str) -> i64 {
    let mut work = store.backend.read(Scope::Region).await.unwrap();
    sqlx::query(sql).fetch_one(&mut *work).await.unwrap().try_get(0).unwrap()
}

fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).unwrap()
}

fn file(id: &str, domain: &str) -> TenantFile {
    let json = serde_json::json!({
        "signet": 1, "id": id, "name": format!("{id} Ltd"), "domains": [domain],
        "peer": {"proof": "certificate", "name": format!("mx.{domain}"), "next_hop": {"host": format!("in.{domain}")}},
        "people": [{"id": "ada", "addresses": [format!("ada@{domain}")], "attributes": {"displayName": "Ada Vance"}}],
    });
    TenantFile::parse(json.to_string().as_bytes()).unwrap()
}

fn pair(days: i64) -> (String, String) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut parameters = rcgen::CertificateParams::new(vec!["signet.contoso.example".to_owned()]).unwrap();
    let now = now_ms() / 1000 + days * 86_400;
    let year = 1970 + i32::try_from(now / 31_556_952).unwrap();
    parameters.not_before = rcgen::date_time_ymd(2000, 1, 1);
    parameters.not_after = rcgen::date_time_ymd(year, 1, 1);
    (parameters.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

fn holds(octets: &[u8], what: &[u8]) -> bool {
    memchr::memmem::find(octets, what).is_some()
}

async fn a_tenant_comes_back_as_it_was_imported_and_keeps_its_secrets(place: Place) {
    let store = place.open().await;
    let mut contoso = file("contoso", "contoso.example");
    assert_eq!(store.import(&contoso).await.unwrap(), Revision(1));
    assert_eq!(store.export(&contoso.id).await.unwrap(), Some(contoso.clone()));
    let first = store.load(&contoso.id).await.unwrap().unwrap();
    assert_eq!((first.secrets.stamp_keys.len(), first.secrets.loop_word.len()), (1, 20));
    assert_ne!(first.secrets.trace_key, [0; 32]);

    contoso.name = "Contoso AG".to_owned();
    assert_eq!(store.import(&contoso).await.unwrap(), Revision(2));
    store.close().await;
    // Another process, later.
    let store = place.open().await;
    let again = store.load(&contoso.id).await.unwrap().unwrap();
    assert_eq!((&again.file, again.revision), (&contoso, Revision(2)));
    assert!(again.secrets == first.secrets, "an import must not change secrets");
    assert_eq!(store.load(&tenant("nobody")).await.unwrap(), None);
    assert_eq!(store.export(&tenant("nobody")).await.unwrap(), None);
}

async fn what_belongs_to_one_tenant_is_not_given_to_another(place: Place) {
    let store = place.open().await;
    let mut contoso = file("contoso", "contoso.example");
    contoso.microsoft_tenant_id = Some("bf24ff3e-0a0b-4c0d-8e0f-000000000001".to_owned());
    store.import(&contoso).await.unwrap();

    let mut eve = file("eve", "eve.example");
    eve.domains.push("CONTOSO.example".to_owned());
    eve.microsoft_tenant_id = contoso.microsoft_tenant_id.clone().map(|id| id.to_uppercase());
    eve.peer = contoso.peer.clone();
    let Err(StoreError::Problems(problems)) = store.import(&eve).await else { panic!("eve took a domain") };
    let places: Vec<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(places, ["/domains/1", "/microsoft_tenant_id", "/peer/name"]);
    assert!(problems.iter().all(|problem| !problem.message.contains("contoso Ltd")), "names the owner: {problems:?}");
    // Nothing of it was taken: neither the tenant nor the domain that was free, nor a revision.
    assert_eq!(store.load(&eve.id).await.unwrap(), None);
    assert_eq!(feed::all(&store).await, ["contoso 1"]);
    store.import(&file("other", "eve.example")).await.unwrap();

    // Given up, it is free.
    contoso.domains = vec!["contoso.test".to_owned()];
    contoso.people.clear();
    contoso.microsoft_tenant_id = None;
    contoso.peer = file("contoso", "contoso.test").peer;
    store.import(&contoso).await.unwrap();
    eve.domains.remove(0);
    eve.people.clear();
    store.import(&eve).await.unwrap();
}

async fn a_tenant_never_reads_what_is_sealed_for_another(place: Place) {
    let store = place.open().await;
    for (id, domain) in [("contoso", "contoso.example"), ("eve", "eve.example")] {
        store.import(&file(id, domain)).await.unwrap();
        let (chain, key) = pair(800);
        store.set_certificate(&tenant(id), chain.as_bytes(), key.as_bytes()).await.unwrap();
    }
    // Who can write rows but has no key puts contoso's under eve's name.
    for statement in [
        "UPDATE secret SET sealed = (SELECT sealed FROM secret WHERE tenant = 'contoso') WHERE tenant = 'eve'",
        "UPDATE certificate SET sealed_key = (SELECT sealed_key FROM certificate WHERE tenant = 'contoso') \
         WHERE tenant = 'eve'",
    ] {
        sql(&store, statement).await;
    }
    assert_eq!(store.load(&tenant("eve")).await, Err(StoreError::Sealed));
    assert_eq!(store.certificate(&tenant("eve")).await, Err(StoreError::Sealed));
    let changes = store.changes_after(Cursor::default()).await.unwrap().changed;
    let read: Vec<_> = changes.iter().map(|one| (one.tenant.as_str(), one.live().err())).collect();
    assert_eq!(read, [("contoso", None), ("eve", Some(StoreError::Sealed))]);
    // A file under another's id is told, and hides nobody.
    sql(&store, "UPDATE tenant SET settings = replace(settings, '\"contoso\"', '\"eve\"') WHERE id = 'contoso'").await;
    assert!(matches!(store.load(&tenant("contoso")).await, Err(StoreError::Corrupt(_))));
}

async fn another_key_is_told_at_once_and_a_missing_one_by_name(place: Place) {
    place.open().await.close().await;
    let other = place.path("other.key");
    assert!(matches!(SealKey::read(&other), Err(StoreError::Key(_))));
    create_key_file(&other).unwrap();
    let error = Store::open(&place.url(), SealKey::read(&other).unwrap()).await.unwrap_err();
    assert_eq!(error, StoreError::WrongKey);
    assert!(error.to_string().contains("store.key_file"));
    place.open().await;
}

#[tokio::test]
async fn no_secret_address_or_message_id_lies_open_in_the_file() {
    let place = Place::sqlite();
    let store = place.open().await;
    let contoso = file("contoso", "contoso.example");
    store.import(&contoso).await.unwrap();
    let (chain, key) = pair(800);
    store.set_certificate(&contoso.id, chain.as_bytes(), key.as_bytes()).await.unwrap();
    let secrets = store.load(&contoso.id).await.unwrap().unwrap().secrets;
    assert_eq!(store.record(&[decision(&contoso.id, secrets.trace_key, 1)]).await.unwrap(), 1);
    let octets = place.octets();
    assert!(holds(&octets, b"Ada Vance"), "the search sees nothing at all");
    let stamp = secrets.stamp_keys.first().unwrap();
    use base64::{Engine, engine::general_purpose::STANDARD};
    for secret in [
        secrets.trace_key.to_vec(),
        STANDARD.encode(secrets.trace_key).into_bytes(),
        stamp.secret.to_vec(),
        STANDARD.encode(stamp.secret).into_bytes(),
        secrets.loop_word.clone().into_bytes(),
        b"PRIVATE KEY".to_vec(),
        key.lines().nth(1).unwrap().as_bytes().to_vec(),
        b"bob.canary@fabrikam.example".to_vec(),
        b"fabrikam".to_vec(),
        b"canary-1@".to_vec(),
        std::fs::read_to_string(place.path("signet.key")).unwrap().trim().as_bytes().to_vec(),
    ] {
        assert!(!holds(&octets, &secret), "{}", String::from_utf8_lossy(&secret));
    }
    use std::os::unix::fs::PermissionsExt;
    for file in std::fs::read_dir(place.folder.path()).unwrap() {
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others may read a file of the store");
    }
}

async fn a_certificate_is_taken_only_when_it_fits(place: Place) {
    let store = place.open().await;
    let contoso = file("contoso", "contoso.example");
    let (chain, key) = pair(800);
    let set = async |id: &str, chain: &str, key: &str| {
        store.set_certificate(&tenant(id), chain.as_bytes(), key.as_bytes()).await
    };
    assert!(matches!(set("contoso", &chain, &key).await, Err(StoreError::UnknownTenant(_))));
    assert!(store.changes_after(Cursor::default()).await.unwrap().changed.is_empty());
    store.import(&contoso).await.unwrap();
    assert_eq!(store.certificate(&contoso.id).await.unwrap(), None);
    let (other_chain, _) = pair(800);
    let (old_chain, old_key) = pair(-800);
    assert_eq!(set("contoso", &other_chain, &key).await, Err(StoreError::Pair(PairError::Mismatch)));
    assert_eq!(set("contoso", &old_chain, &old_key).await, Err(StoreError::Expired));
    assert!(matches!(set("contoso", "", &key).await, Err(StoreError::Pair(PairError::Certificate(_)))));
    assert!(matches!(set("contoso", &chain, "").await, Err(StoreError::Pair(PairError::Key(_)))));
    set("contoso", &chain, &key).await.unwrap();
    let taken = store.certificate(&contoso.id).await.unwrap().unwrap();
    assert_eq!((taken.chain_pem.as_slice(), taken.key_pem.as_slice()), (chain.as_bytes(), key.as_bytes()));
    let listed = store.list().await.unwrap();
    assert_eq!(listed.first().unwrap().revision, Revision(2), "the edges would not see it");
    assert_eq!(listed.first().unwrap().certificate_not_after_ms, Some(taken.not_after_ms));
}

async fn every_change_raises_the_revision_and_a_deletion_is_seen(place: Place) {
    let store = place.open().await;
    let contoso = file("contoso", "contoso.example");
    store.import(&contoso).await.unwrap();
    store.import(&file("fabrikam", "fabrikam.example")).await.unwrap();
    assert_eq!(store.set_mode(&contoso.id, Mode::Bypass).await.unwrap(), Revision(2));
    assert_eq!(store.load(&contoso.id).await.unwrap().unwrap().file.mode, Mode::Bypass);
    let nobody = Mode::Pilot { people: vec!["nobody".to_owned()], groups: Vec::new(), marker: None };
    assert!(matches!(store.set_mode(&contoso.id, nobody).await, Err(StoreError::Problems(_))));
    assert!(matches!(store.set_mode(&tenant("eve"), Mode::Live).await, Err(StoreError::UnknownTenant(_))));

    assert_eq!(feed::all(&store).await, ["fabrikam 1", "contoso 2"]);
    store.delete(&contoso.id).await.unwrap();
    assert!(matches!(store.delete(&contoso.id).await, Err(StoreError::UnknownTenant(_))));
    assert_eq!(store.load(&contoso.id).await.unwrap(), None);
    assert_eq!(feed::all(&store).await, ["fabrikam 1", "contoso 3 gone"]);
    // Back again: a new number, so that no edge mistakes it for the old one; and its domain was free.
    assert_eq!(store.import(&contoso).await.unwrap(), Revision(4));
    assert_eq!(feed::all(&store).await, ["fabrikam 1", "contoso 4"]);
}

async fn changes_at_the_same_time_each_get_their_own_revision(place: Place) {
    let store = place.open().await;
    let contoso = file("contoso", "contoso.example");
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (store, contoso) = (store.clone(), contoso.clone());
        tasks.spawn(async move { store.import(&contoso).await.unwrap().0 });
    }
    let mut revisions = tasks.join_all().await;
    revisions.sort_unstable();
    assert_eq!(revisions, (1..=20).collect::<Vec<_>>());
}

async fn an_import_reports_everything_that_is_wrong_and_takes_nothing(place: Place) {
    let store = place.open().await;
    let mut bad = file("contoso", "contoso.example");
    bad.domains = vec!["not a domain".to_owned()];
    bad.people[0].addresses = vec!["nobody".to_owned()];
    let Err(StoreError::Problems(problems)) = store.import(&bad).await else { panic!("taken") };
    assert!(problems.len() >= 2, "{problems:?}");
    assert_eq!(store.list().await.unwrap(), []);
}

async fn a_store_that_is_locked_gives_up_in_time_and_is_read_meanwhile(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    let contoso = file("contoso", "contoso.example");
    store.import(&contoso).await.unwrap();
    let mut lock = other.backend.write(Scope::Region).await.unwrap();
    change::next_revision(&mut lock, "contoso", 1, change::Touches::Rules).await.unwrap();
    let began = std::time::Instant::now();
    let error = store.import(&contoso).await.unwrap_err();
    assert!(matches!(error, StoreError::Timeout | StoreError::Unavailable(_)), "{error:?}");
    assert!(began.elapsed() < PATIENCE * 4, "it hung");
    assert_eq!(store.list().await.unwrap()[0].revision, Revision(1));
    lock.rollback().await.unwrap();
    assert_eq!(store.import(&contoso).await.unwrap(), Revision(2));
}

async fn a_store_of_a_newer_program_is_left_alone(place: Place) {
    let store = place.open().await;
    sql(
        &store,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         SELECT 999999, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1",
    )
    .await;
    store.close().await;
    let error = Store::open(&place.url(), SealKey::read(&place.path("signet.key")).unwrap()).await.unwrap_err();
    assert!(matches!(error, StoreError::Schema(_)), "{error:?}");
}

#[tokio::test]
async fn a_store_that_cannot_be_made_says_where() {
    let place = Place::sqlite();
    let key = || SealKey::read(&place.path("signet.key")).unwrap();
    let missing = place.path("no/such/signet.db");
    let Err(StoreError::Unavailable(text)) = Store::open(&format!("sqlite:{}", missing.display()), key()).await else {
        panic!("opened")
    };
    assert!(text.contains("no/such/signet.db"), "{text}");
    std::fs::write(place.path("mail.db"), "this is no database, but long enough to be taken for one".repeat(40))
        .unwrap();
    assert!(Store::open(&format!("sqlite:{}", place.path("mail.db").display()), key()).await.is_err());
    assert!(matches!(Store::open("mysql://x", key()).await, Err(StoreError::Unavailable(_))));
}

async fn networks_of_two_tenants_never_overlap(place: Place) {
    let store = place.open().await;
    let from = |id: &str, networks: &[&str]| {
        let mut file = file(id, &format!("{id}.example"));
        let peer = serde_json::json!({"proof": "network", "networks": networks, "next_hop": {"host": "in.example"}});
        file.peer = serde_json::from_value(peer).unwrap();
        file
    };
    store.import(&from("contoso", &["10.1.0.0/16", "2001:db8::/32"])).await.unwrap();
    for (networks, refused) in [
        (&["192.0.2.0/24", "10.1.2.0/24"][..], &["/peer/networks/1"][..]),
        (&["10.0.0.0/8"], &["/peer/networks/0"]),
        (&["10.1.255.255/16"], &["/peer/networks/0"]),
        (&["0.0.0.0/0", "::/0"], &["/peer/networks/0", "/peer/networks/1"]),
        (&["2001:db8:1::1/128", "11.0.0.0/8"], &["/peer/networks/0"]),
        (&["2001:d00::/24"], &["/peer/networks/0"]),
    ] {
        let Err(StoreError::Problems(problems)) = store.import(&from("eve", networks)).await else {
            panic!("eve took {networks:?}")
        };
        let places: Vec<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
        assert_eq!(places, refused, "{networks:?}");
        assert!(problems.iter().all(|problem| !problem.message.contains("contoso")), "names the owner: {problems:?}");
    }
    store.import(&from("eve", &["10.2.0.0/16", "10.2.3.0/24", "2001:db9::/32"])).await.unwrap();
    store.import(&from("contoso", &["10.1.0.0/16", "10.1.7.0/24"])).await.unwrap();
}

on_both! {
    a_tenant_comes_back_as_it_was_imported_and_keeps_its_secrets,
    what_belongs_to_one_tenant_is_not_given_to_another,
    a_tenant_never_reads_what_is_sealed_for_another,
    another_key_is_told_at_once_and_a_missing_one_by_name,
    a_certificate_is_taken_only_when_it_fits,
    every_change_raises_the_revision_and_a_deletion_is_seen,
    changes_at_the_same_time_each_get_their_own_revision,
    an_import_reports_everything_that_is_wrong_and_takes_nothing,
    a_store_that_is_locked_gives_up_in_time_and_is_read_meanwhile,
    a_store_of_a_newer_program_is_left_alone,
    networks_of_two_tenants_never_overlap,
}
