//! Every version of a signature is kept, with who made it, and comes back when it is asked for.

use super::*;

fn with_signatures(texts: &[(&str, &str)]) -> TenantFile {
    let mut file = file("contoso", "contoso.example");
    let signature = |(id, text): &(&str, &str)| {
        let design = serde_json::json!({"version": 1, "blocks": [{"type": "text", "lines": [[text]]}]});
        serde_json::from_value(serde_json::json!({"id": id, "design": design})).unwrap()
    };
    file.signatures = texts.iter().map(signature).collect();
    file
}

async fn told(store: &Store, signature: &str) -> Vec<(i64, String, bool)> {
    let versions = store.history(&tenant("contoso"), signature).await.unwrap();
    versions.into_iter().map(|one| (one.number, one.author, one.signature.is_some())).collect()
}

async fn every_change_of_a_signature_is_a_version_and_any_of_them_comes_back(place: Place) {
    let store = place.open().await;
    let (ada, bob) = (store.for_author("ada"), store.for_author("bob\n"));
    let first = with_signatures(&[("one", "Hello"), ("two", "World")]);
    ada.import(&first).await.unwrap();
    // What is as it was, or stands elsewhere in the list, is no version.
    bob.import(&with_signatures(&[("two", "World"), ("one", "Hello")])).await.unwrap();
    bob.import(&with_signatures(&[("one", "Good day"), ("two", "World")])).await.unwrap();
    ada.import(&with_signatures(&[("two", "World")])).await.unwrap();
    let versions = |list: &[(i64, &str, bool)]| -> Vec<_> {
        list.iter().map(|(number, author, is_there)| (*number, (*author).to_owned(), *is_there)).collect()
    };
    assert_eq!(told(&store, "one").await, versions(&[(3, "ada", false), (2, "bob", true), (1, "ada", true)]));
    assert_eq!(told(&store, "two").await, versions(&[(1, "ada", true)]));
    assert_eq!(told(&store, "three").await, []);

    assert_eq!(bob.restore(&first.id, "one", 1).await.unwrap(), Revision(5));
    let file = store.export(&first.id).await.unwrap().unwrap();
    assert_eq!(file, with_signatures(&[("two", "World"), ("one", "Hello")]));
    assert_eq!(told(&store, "one").await.first(), Some(&(4, "bob".to_owned(), true)));
    for (signature, version) in [("one", 3), ("one", 9), ("three", 1)] {
        let refused = store.restore(&first.id, signature, version).await;
        assert_eq!(refused, Err(StoreError::UnknownVersion { signature: signature.to_owned(), version }));
    }
    assert!(matches!(store.restore(&tenant("eve"), "one", 1).await, Err(StoreError::UnknownTenant(_))));
    assert_eq!(store.list().await.unwrap()[0].revision, Revision(5), "what is refused is no change");
}

async fn a_version_that_does_not_fit_any_more_is_refused(place: Place) {
    let store = place.open().await;
    let mut file = with_signatures(&[("one", "Hello")]);
    let picture = serde_json::json!({"id": "logo", "type": "image/png", "base64": "iVBORw0KGgoA"});
    file.images = vec![serde_json::from_value(picture).unwrap()];
    let plain = file.signatures[0].design.clone();
    let design = serde_json::json!({"version": 1, "blocks": [{"type": "logo", "image": "logo", "width": 80}]});
    file.signatures[0].design = serde_json::from_value(design).unwrap();
    store.import(&file).await.unwrap();
    file.signatures[0].design = plain;
    file.images.clear();
    store.import(&file).await.unwrap();
    let Err(StoreError::Problems(problems)) = store.restore(&file.id, "one", 1).await else { panic!("came back") };
    assert!(problems[0].message.contains("no image `logo`"), "{problems:?}");
    assert_eq!(store.export(&file.id).await.unwrap(), Some(file));
}

async fn a_hundred_versions_are_kept(place: Place) {
    let store = place.open().await;
    for number in 0..105 {
        store.import(&with_signatures(&[("one", &format!("Hello {number}"))])).await.unwrap();
    }
    let versions = told(&store, "one").await;
    assert_eq!((versions.len(), versions[0].0, versions[99].0), (100, 105, 6));
}

on_both! {
    every_change_of_a_signature_is_a_version_and_any_of_them_comes_back,
    a_version_that_does_not_fit_any_more_is_refused,
    a_hundred_versions_are_kept,
}
