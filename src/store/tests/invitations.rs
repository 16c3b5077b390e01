//! Invitations: good once, for their time, for the address they were mailed to, and never for more than was given.

use super::accounts::{HOUR_MS, ada, verified};
use super::*;
use crate::account::{Details, Email, Permission, Role};
use crate::store::account::{MOST_A_DAY, hash_password};

const WEEK_MS: i64 = 7 * 24 * HOUR_MS;

fn login(text: &str) -> Email {
    Email::parse(text).unwrap()
}

async fn invite(store: &Store, to: &str, role: Role, now_ms: i64) -> Result<Invited, StoreError> {
    store.invite(&tenant("contoso"), to, &login(to), role, now_ms, WEEK_MS).await
}

fn bob() -> Details {
    Details { first_name: "Bob".into(), last_name: "Berg".into(), email: "Bob@Fabrikam.example".into(), ..ada() }
}

async fn roles(store: &Store) -> Vec<(String, Role)> {
    store.team(&tenant("contoso")).await.unwrap().into_iter().map(|one| (one.email, one.role)).collect()
}

async fn a_link_makes_an_account_once_and_within_its_time(place: Place) {
    let store = place.open().await;
    verified(&store, "contoso", 1).await;
    let password = hash_password("wet-otter-81-plumb").unwrap();
    let Invited { invitation, tenant: name, token } =
        invite(&store, "Bob@Fabrikam.example", Role::Editor, 5).await.unwrap();
    assert_eq!((name.as_str(), invitation.email.as_str()), ("contoso Ltd", "Bob@Fabrikam.example"));
    let told = store.invitation_of(&token, WEEK_MS + 4).await.unwrap().unwrap();
    assert_eq!((told.tenant.as_str(), told.role, told.has_account), ("contoso", Role::Editor, false));
    // Neither another text, nor after a week, nor for another address.
    assert_eq!(store.invitation_of(&format!("{token}x"), 6).await, Ok(None));
    assert_eq!(store.invitation_of(&token, WEEK_MS + 5).await, Ok(None));
    assert_eq!(store.join_as_new(&token, &bob(), &password, WEEK_MS + 5).await, Ok(None));
    assert_eq!(store.join_as_new(&token, &ada(), &password, 6).await, Ok(None));
    // Somebody who has typed the address into the sign-up form does not keep it from its owner.
    store.sign_up(&bob(), &login("bob@fabrikam.example"), &hash_password("stranger").unwrap(), 6).await.unwrap();
    let id = store.join_as_new(&token, &bob(), &password, 7).await.unwrap().unwrap();
    let account = store.account(&id).await.unwrap().unwrap();
    assert_eq!((account.details, account.verified_ms, account.password), (bob(), Some(7), password.clone()));
    assert_eq!(
        roles(&store).await,
        [("Ada@Contoso.example".to_owned(), Role::Owner), ("Bob@Fabrikam.example".to_owned(), Role::Editor)]
    );
    assert_eq!(store.invitation_of(&token, 8).await, Ok(None));
    assert_eq!(store.join_as_new(&token, &bob(), &password, 8).await, Ok(None));
    assert_eq!(store.invitations(&tenant("contoso")).await, Ok(Vec::new()));
    // The trail says who and as what, by ids.
    let acts = store.audit(Some(&tenant("contoso")), None, 2).await.unwrap();
    let told: Vec<(&str, &str)> = acts.iter().map(|act| (act.action.as_str(), act.author.as_str())).collect();
    assert_eq!(told, [("member.join", format!("account {id}").as_str()), ("invitation.create", "signet")]);
    assert!(!format!("{acts:?}").to_lowercase().contains("fabrikam"), "{acts:?}");
}

async fn who_has_an_account_joins_by_it_and_keeps_a_role(place: Place) {
    let store = place.open().await;
    let owner = verified(&store, "contoso", 1).await;
    store.import(&file("fabrikam", "fabrikam.example")).await.unwrap();
    let fabrikam = tenant("fabrikam");
    let own = login("ada@contoso.example");
    let invite = async |role| store.invite(&fabrikam, "ada@CONTOSO.example", &own, role, 2, WEEK_MS).await;
    let first = invite(Role::Auditor).await.unwrap();
    assert!(store.invitation_of(&first.token, 3).await.unwrap().unwrap().has_account);
    let there = store.join_as_new(&first.token, &ada(), &hash_password("x").unwrap(), 3).await;
    assert_eq!(there, Err(StoreError::There { what: "account", id: ada().email }));
    let other = store.join_by_invitation(&first.token, &owner.id, &login("eve@contoso.example"), 3).await;
    assert_eq!(other, Ok(None), "for another address");
    let joined = store.join_by_invitation(&first.token, &owner.id, &own, 3).await;
    assert_eq!(joined, Ok(Some(fabrikam.clone())));
    assert_eq!(store.join_by_invitation(&first.token, &owner.id, &own, 3).await, Ok(None), "good once");
    assert_eq!(store.team(&fabrikam).await.unwrap()[0].role, Role::Auditor);
    // Whoever came into the team by another way meanwhile is not made less by an older invitation.
    assert_eq!(
        invite(Role::Editor).await.err(),
        Some(StoreError::There { what: "member", id: "ada@CONTOSO.example".into() })
    );
    store.change_member(&fabrikam, &owner.id, None).await.unwrap();
    let second = invite(Role::Support).await.unwrap();
    store.enrol(&ada(), &own, None, &fabrikam, Role::Owner, 4).await.unwrap();
    store.join_by_invitation(&second.token, &owner.id, &own, 5).await.unwrap().unwrap();
    assert_eq!(store.team(&fabrikam).await.unwrap()[0].role, Role::Owner);
}

async fn an_invitation_is_mailed_again_and_taken_back(place: Place) {
    let store = place.open().await;
    verified(&store, "contoso", 1).await;
    store.import(&file("eve", "eve.example")).await.unwrap();
    let (contoso, eve) = (tenant("contoso"), tenant("eve"));
    let first = invite(&store, "bob@fabrikam.example", Role::Editor, 1).await.unwrap();
    let id = first.invitation.id.as_str();
    let open = invite(&store, "BOB@fabrikam.example", Role::Owner, 2).await.err();
    assert!(matches!(open, Some(StoreError::There { .. })), "{open:?}");
    // Another tenant's are not there.
    let unknown = StoreError::Unknown { what: "invitation", id: id.to_owned() };
    assert_eq!(store.invite_again(&eve, id, 2, WEEK_MS).await.err(), Some(unknown.clone()));
    assert_eq!(store.uninvite(&eve, id).await, Err(unknown.clone()));
    assert_eq!(store.invitations(&eve).await, Ok(Vec::new()));
    let second = store.invite_again(&contoso, id, HOUR_MS, WEEK_MS).await.unwrap();
    assert_eq!(store.invitation_of(&first.token, HOUR_MS).await, Ok(None), "the first is void");
    assert!(store.invitation_of(&second.token, HOUR_MS + WEEK_MS - 1).await.unwrap().is_some());
    // On trial nothing is done.
    assert_eq!(store.on_trial().uninvite(&contoso, id).await, Ok(()));
    assert_eq!(store.invitations(&contoso).await.unwrap(), [second.invitation]);
    store.uninvite(&contoso, id).await.unwrap();
    assert_eq!(store.invitation_of(&second.token, HOUR_MS).await, Ok(None));
    assert_eq!(store.uninvite(&contoso, id).await, Err(unknown));
    // One that has had its time is made anew, with another role, and is forgotten in the end.
    let old = invite(&store, "bob@fabrikam.example", Role::Editor, 1).await.unwrap();
    let new = invite(&store, "bob@fabrikam.example", Role::Support, WEEK_MS + 1).await.unwrap();
    assert_ne!(old.invitation.id, new.invitation.id);
    assert_eq!(store.invitations(&contoso).await.unwrap(), [new.invitation]);
    store.forget_the_old(2 * WEEK_MS + 2).await.unwrap();
    assert_eq!(store.invitations(&contoso).await.unwrap().len(), 1);
    store.forget_the_old(7 * WEEK_MS).await.unwrap();
    assert_eq!(store.invitations(&contoso).await, Ok(Vec::new()));
}

async fn so_many_are_mailed_within_a_day_whatever_is_taken_back(place: Place) {
    let store = place.open().await;
    verified(&store, "contoso", 1).await;
    let contoso = tenant("contoso");
    let mut last = None;
    for number in 0..MOST_A_DAY {
        let made = invite(&store, &format!("p{number}@fabrikam.example"), Role::Editor, 1).await.unwrap();
        store.uninvite(&contoso, &made.invitation.id).await.unwrap();
        last = Some(made);
    }
    assert!(last.is_some());
    assert_eq!(invite(&store, "zoe@fabrikam.example", Role::Editor, 1).await.err(), Some(StoreError::Invitations));
    // What was mailed on another day does not count.
    audit::unguard(&store, &place).await;
    sql(&store, "UPDATE audit SET id = '00' || substr(id, 3) WHERE action = 'invitation.create'").await;
    invite(&store, "zoe@fabrikam.example", Role::Editor, 1).await.unwrap();
}

async fn an_invitation_is_worth_no_more_than_who_invites(place: Place) {
    let store = place.open().await;
    let owner = verified(&store, "contoso", 1).await;
    let contoso = tenant("contoso");
    let password = hash_password("wet-otter-81-plumb").unwrap();
    let carl = Details { email: "carl@contoso.example".into(), ..ada() };
    store
        .enrol(&carl, &login("carl@contoso.example"), Some(&password), &contoso, Role::Administrator, 2)
        .await
        .unwrap();
    let carl = store.account_of(&login("carl@contoso.example")).await.unwrap().unwrap().id;
    let by = |account: &str| store.for_author(&format!("account {account}"));
    let invited = invite(&by(&carl), "bob@fabrikam.example", Role::Administrator, 3).await.unwrap();
    let counts = async |token: &str| store.invitation_of(token, 4).await.unwrap().is_some();
    assert!(counts(&invited.token).await);
    // Who is an editor invites nobody any more, and whoever has left does not either.
    for role in [Some(Role::Editor), None] {
        store.change_member(&contoso, &carl, role).await.unwrap();
        assert!(!counts(&invited.token).await, "{role:?}");
        assert_eq!(store.join_as_new(&invited.token, &bob(), &password, 4).await, Ok(None), "{role:?}");
    }
    assert_eq!(roles(&store).await.len(), 1);
    // It is there still, for an owner to mail it again.
    let again = by(&owner.id).invite_again(&contoso, &invited.invitation.id, 4, WEEK_MS).await.unwrap();
    assert!(counts(&again.token).await && !counts(&invited.token).await);
    // A token's counts while the token does.
    let scopes = vec![Permission::TeamWrite];
    let new = NewToken { name: "script".into(), tenant: Some(contoso), scopes, expires_ms: i64::MAX };
    let (id, _) = store.create_token(&new).await.unwrap();
    let scripted = store.for_author(&format!("token {id} (script)"));
    let invited = invite(&scripted, "zoe@fabrikam.example", Role::Editor, 3).await.unwrap();
    assert!(counts(&invited.token).await);
    store.revoke_token(&id).await.unwrap();
    assert!(!counts(&invited.token).await);
}

on_both! {
    a_link_makes_an_account_once_and_within_its_time,
    who_has_an_account_joins_by_it_and_keeps_a_role,
    an_invitation_is_mailed_again_and_taken_back,
    so_many_are_mailed_within_a_day_whatever_is_taken_back,
    an_invitation_is_worth_no_more_than_who_invites,
}
