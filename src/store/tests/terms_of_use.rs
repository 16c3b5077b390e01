//! Trials and subscriptions, and the way out: nothing is read without the first, no mail is lost by the second.

use super::*;
use crate::directory::Depth;
use crate::tenant::DirectoryEntry;

const DAY_MS: i64 = 86_400_000;

fn with_directory() -> TenantFile {
    let mut file = file("contoso", "contoso.example");
    file.microsoft_tenant_id = Some("11111111-2222-4333-8444-555555555555".to_owned());
    file.directory = Some(DirectoryEntry::default());
    file
}

async fn a_directory_is_read_while_a_trial_or_a_subscription_lasts(place: Place) {
    let store = place.open().await;
    let contoso = with_directory();
    let (id, now) = (&contoso.id, now_ms());
    store.import(&contoso).await.unwrap();
    assert_eq!(store.subscription(id).await, Ok(Subscription::Subscribed { ends_ms: None }), "the operator made it");
    assert!(store.ask_for_sync(id, Depth::Changes).await.is_ok());
    assert_eq!(store.begin_trial(id, now, DAY_MS).await, Err(StoreError::HadTrial("contoso".to_owned())));

    sql(&store, "INSERT INTO subscription (tenant, state, since_ms) VALUES ('contoso', 'none', 0)").await;
    let none = || StoreError::NotSubscribed("contoso".to_owned());
    assert_eq!(store.ask_for_sync(id, Depth::Changes).await.err(), Some(none()));
    assert_eq!(store.ask_for_consent(id).await, Err(none()));
    assert_eq!(store.set_directory(id, DirectoryEntry::default()).await, Err(none()));
    // Its turn is put off, so that it does not keep others from theirs.
    assert_eq!(store.due_syncs(9).await.unwrap(), std::slice::from_ref(id));
    assert!(store.begin_sync(id, "one", 1000).await.unwrap().is_none());
    assert_eq!(store.due_syncs(9).await.unwrap(), []);

    let trial = Subscription::Trial { since_ms: now, ends_ms: now + DAY_MS };
    assert_eq!(store.clone().on_trial().begin_trial(id, now, DAY_MS).await, Ok(trial));
    assert_eq!(store.subscription(id).await, Ok(Subscription::None), "it was on trial itself");
    assert_eq!(store.begin_trial(id, now, DAY_MS).await, Ok(trial));
    assert_eq!(store.begin_trial(id, now, DAY_MS).await, Err(StoreError::HadTrial("contoso".to_owned())));
    assert!(trial.is_in_force(now + DAY_MS - 1) && !trial.is_in_force(now + DAY_MS));
    assert!(store.begin_sync(id, "two", 1000).await.unwrap().is_some(), "it is read at once");

    sql(&store, "UPDATE subscription SET ends_ms = 1, since_ms = 0").await;
    assert_eq!(store.ask_for_sync(id, Depth::Changes).await.err(), Some(none()));
    store.subscribe(id, None, now).await.unwrap();
    sql(&store, "UPDATE directory SET until_ms = 0").await;
    assert!(store.ask_for_sync(id, Depth::Changes).await.is_ok());
    let unknown = tenant("nobody");
    assert_eq!(store.subscribe(&unknown, None, now).await, Err(StoreError::UnknownTenant("nobody".to_owned())));
}

async fn who_leaves_is_relayed_until_no_mail_comes_and_then_gone(place: Place) {
    let store = place.open().await;
    let (contoso, fabrikam) = (with_directory(), file("fabrikam", "fabrikam.example"));
    store.import(&contoso).await.unwrap();
    store.import(&fabrikam).await.unwrap();
    let (id, start) = (&contoso.id, now_ms());
    store.set_retention(id, 0).await.unwrap();
    store.leave(id, start).await.unwrap();
    let leaving = || StoreError::Leaving("contoso".to_owned());
    assert_eq!(store.leave(id, start).await, Err(leaving()));
    assert_eq!(store.settings(id).await.unwrap().mode, Mode::Bypass);
    // Nothing switches it on again beside that, and nothing is read for it.
    assert_eq!(store.set_mode(id, Mode::Live).await, Err(leaving()));
    assert_eq!(store.import(&contoso).await, Err(leaving()));
    assert_eq!(store.ask_for_sync(id, Depth::Changes).await.err(), Some(leaving()));
    assert!(store.begin_sync(id, "one", 1000).await.unwrap().is_none());

    // Mail keeps it, although it keeps no records.
    let key = store.load(id).await.unwrap().unwrap().secrets.trace_key;
    let at = |tenant: &TenantId, time_ms| Decision { time_ms, ..decision(tenant, key, 1) };
    let mails = [at(id, start + 5 * DAY_MS), at(&fabrikam.id, start + 9 * DAY_MS), at(id, start + 4 * DAY_MS)];
    store.note_mail(&mails).await.unwrap();
    let known = store.leaving(id).await.unwrap().unwrap();
    assert_eq!((known.since_ms, known.last_mail_ms), (start, start + 5 * DAY_MS));
    assert_eq!(known.ends_ms(), start + 35 * DAY_MS);
    assert_eq!(store.remove_the_left(start + 35 * DAY_MS - 1).await, Ok(0));
    assert_eq!(store.remove_the_left(start + 35 * DAY_MS).await, Ok(1));
    assert_eq!(store.listed(id).await, Ok(None));
    assert!(store.listed(&fabrikam.id).await.unwrap().is_some());
    assert_eq!(store.leaving(id).await, Ok(None));
}

async fn who_stays_after_all_is_as_before(place: Place) {
    let store = place.open().await;
    let contoso = with_directory();
    store.import(&contoso).await.unwrap();
    let (id, now) = (&contoso.id, now_ms());
    let until = jiff::Timestamp::from_millisecond(now + DAY_MS).unwrap();
    store.set_mode(id, Mode::Observe).await.unwrap();
    store.set_mode_until(id, Mode::Live, until).await.unwrap();
    let before = store.settings(id).await.unwrap();
    assert!(matches!(store.stay(id, now).await, Err(StoreError::Unknown { .. })));
    store.leave(id, now).await.unwrap();
    assert_ne!(store.settings(id).await.unwrap(), before);
    store.stay(id, now).await.unwrap();
    assert_eq!(store.settings(id).await.unwrap(), before);
    assert_eq!(store.remove_the_left(i64::MAX).await, Ok(0));
}

async fn name_and_retention_are_set_together(place: Place) {
    let store = place.open().await;
    let contoso = file("contoso", "contoso.example");
    store.import(&contoso).await.unwrap();
    assert_eq!(store.retention(&contoso.id).await, Ok(90));
    store.set_organisation(&contoso.id, "Contoso Group", 7, None).await.unwrap();
    assert_eq!(store.retention(&contoso.id).await, Ok(7));
    assert_eq!(store.listed(&contoso.id).await.unwrap().unwrap().name, "Contoso Group");
    // Both or none.
    assert_eq!(store.set_organisation(&contoso.id, "Other", 366, None).await, Err(StoreError::Retention(366)));
    assert!(matches!(store.set_organisation(&contoso.id, "", 8, None).await, Err(StoreError::Problems(_))));
    assert_eq!(store.retention(&contoso.id).await, Ok(7));
    assert_eq!(store.listed(&contoso.id).await.unwrap().unwrap().name, "Contoso Group");
}

on_both!(
    a_directory_is_read_while_a_trial_or_a_subscription_lasts,
    who_leaves_is_relayed_until_no_mail_comes_and_then_gone,
    who_stays_after_all_is_as_before,
    name_and_retention_are_set_together,
);
