//! The brand: kept with the file, told in the audit trail, and nothing that people are read again for.

use super::*;
use crate::tenant::Brand;

const PICTURE: &str = "iVBORw0KGgoA";

fn with_images(ids: &[&str]) -> TenantFile {
    let mut file = file("contoso", "contoso.example");
    let image = |id: &&str| serde_json::json!({"id": id, "type": "image/png", "base64": PICTURE});
    file.images = ids.iter().map(|id| serde_json::from_value(image(id)).unwrap()).collect();
    file
}

fn brand(name: &str, image: &str) -> Brand {
    serde_json::from_value(serde_json::json!({
        "colours": [{"name": name, "colour": "#00635d"}], "fonts": ["Georgia, serif"],
        "logos": [{"name": "Wordmark", "image": image, "alt": "Contoso"}]}))
    .unwrap()
}

async fn a_brand_comes_back_as_it_was_imported_and_set(place: Place) {
    let store = place.open().await;
    let mut contoso = with_images(&["logo", "badge"]);
    store.import(&contoso).await.unwrap();
    assert_eq!(store.brand(&contoso.id).await.unwrap(), Some((Brand::default(), Revision(1))));
    assert_eq!(store.brand(&tenant("nobody")).await.unwrap(), None);

    let ada = store.for_author("ada");
    assert_eq!(ada.set_brand(&contoso.id, brand("Petrol", "logo")).await.unwrap(), Revision(2));
    contoso.brand = brand("Petrol", "logo");
    assert_eq!(store.export(&contoso.id).await.unwrap(), Some(contoso.clone()));
    let act = store.audit(Some(&contoso.id), None, 1).await.unwrap().remove(0);
    assert_eq!((act.action.as_str(), act.author.as_str()), ("brand.set", "ada"));
    let (before, after) = (act.before.unwrap(), act.after.unwrap());
    assert_eq!(
        (&before["brand"]["colours"], &after["brand"]["colours"][0]["name"]),
        (&serde_json::json!([]), &serde_json::json!("Petrol"))
    );

    // By a file, too; and other changes leave it alone.
    contoso.brand = brand("Ink", "badge");
    store.import(&contoso).await.unwrap();
    store.set_mode(&contoso.id, Mode::Bypass).await.unwrap();
    store.close().await;
    let store = place.open().await;
    assert_eq!(store.brand(&contoso.id).await.unwrap(), Some((brand("Ink", "badge"), Revision(4))));
    contoso.mode = Mode::Bypass;
    let exported = store.export(&contoso.id).await.unwrap().unwrap();
    assert_eq!(exported, contoso);
    assert_eq!(TenantFile::parse(exported.to_json().as_bytes()).unwrap(), contoso);
}

async fn people_are_not_read_again_for_it(place: Place) {
    let store = place.open().await;
    let contoso = with_images(&["logo"]);
    store.import(&contoso).await.unwrap();
    let first = store.parts(&contoso.id, Reading::All, |_| false).await.unwrap().unwrap();
    store.set_brand(&contoso.id, brand("Petrol", "logo")).await.unwrap();
    let then = store.parts(&contoso.id, Reading::PeopleAfter(first.people_edition), |_| false).await.unwrap().unwrap();
    assert!(then.people.is_none() && then.people_edition == first.people_edition);
    assert_ne!(then.edition, first.edition);
}

async fn what_it_names_is_there_and_stays(place: Place) {
    let store = place.open().await;
    let contoso = with_images(&["logo", "badge"]);
    store.import(&contoso).await.unwrap();
    let refused = |problems: Vec<crate::tenant::Problem>| -> Vec<String> {
        problems.into_iter().map(|problem| problem.place).collect()
    };
    let Err(StoreError::Problems(problems)) = store.set_brand(&contoso.id, brand(" ", "none")).await else {
        panic!("taken")
    };
    assert_eq!(refused(problems), ["/colours/0/name", "/logos/0/image"]);
    assert_eq!(store.export(&contoso.id).await.unwrap(), Some(contoso.clone()));

    store.set_brand(&contoso.id, brand("Petrol", "logo")).await.unwrap();
    let Err(StoreError::Problems(problems)) = store.remove_image(&contoso.id, "logo").await else { panic!("removed") };
    assert_eq!(refused(problems), ["/brand/logos/0/image"]);
    store.remove_image(&contoso.id, "badge").await.unwrap();
    store.set_brand(&contoso.id, Brand::default()).await.unwrap();
    store.remove_image(&contoso.id, "logo").await.unwrap();
}

on_both! {
    a_brand_comes_back_as_it_was_imported_and_set,
    people_are_not_read_again_for_it,
    what_it_names_is_there_and_stays,
}
