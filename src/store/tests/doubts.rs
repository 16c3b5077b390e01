//! What is in doubt comes back after a restart, and goes with its time, its answer and its tenant.

use super::*;

fn doubt(recipients: &[u8], since_ms: i64) -> Doubt {
    Doubt {
        tenant: tenant("contoso"),
        fingerprint: [1; 16],
        proof: [2; 16],
        recipients: recipients.iter().map(|one| [*one; 16]).collect(),
        code: 250,
        enhanced: "2.6.0".to_owned(),
        since_ms,
    }
}

async fn doubts_come_back_and_go_with_their_answer_their_time_and_their_tenant(place: Place) {
    let store = place.open().await;
    store.import(&file("contoso", "contoso.example")).await.unwrap();
    let (one, two, old) = (doubt(&[1, 2], 30), doubt(&[3], 20), doubt(&[4], 10));
    let stranger = Doubt { tenant: tenant("nobody"), ..doubt(&[5], 40) };
    let keep = [&one, &two, &old, &stranger, &two].map(|doubt| DoubtChange::Keep(doubt.clone()));
    store.change_doubts(&keep).await.unwrap();
    store.close().await;

    let store = place.open().await;
    assert_eq!(store.doubts(0, 9).await.unwrap(), [old.clone(), two.clone(), one.clone()]);
    assert_eq!(store.doubts(20, 9).await.unwrap(), [two.clone(), one.clone()]);
    assert_eq!(store.doubts(0, 1).await.unwrap(), std::slice::from_ref(&one));
    assert_eq!(store.delete_old_doubts(20).await.unwrap(), 1);
    // By message and recipients, whenever it was taken.
    store.change_doubts(&[DoubtChange::Remove(Doubt { since_ms: 99, ..two })]).await.unwrap();
    assert_eq!(store.doubts(0, 9).await.unwrap(), [one]);
    store.delete(&tenant("contoso")).await.unwrap();
    assert_eq!(store.doubts(0, 9).await.unwrap(), []);
}

on_both! {
    doubts_come_back_and_go_with_their_answer_their_time_and_their_tenant,
}
