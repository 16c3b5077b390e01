//! Every page of the console in a real browser, wide and narrow, light and dark, as its owner sees it and goes over it.

use signet::account::Role;

use super::story::tell;
use super::world::World;
use super::*;
use crate::bench::run;

#[test]
fn axe_finds_no_fault_with_any_page_and_none_is_too_wide() {
    run(|| async { assert_eq!(looked_at("pages.mjs").await, 51) });
}

#[test]
fn tab_leads_over_every_page_in_its_order() {
    run(|| async { assert_eq!(looked_at("keyboard.mjs").await, 51) });
}

/// At how many pages a story looked.
async fn looked_at(story: &str) -> usize {
    let World { console, .. } = &World::of_contoso(&["Ada Vance"]).await;
    let owner = console.member(Role::Owner).await;
    console.mail_came(&owner).await;
    drawn_and_tried(&owner).await;
    let cookies = serde_json::to_string(&*owner.cookies.lock().unwrap()).unwrap();
    let knows =
        [("CONSOLE", format!("http://{}", console.address)), ("COOKIES", cookies), ("TENANT", "contoso".to_owned())];
    let mut looked = 0;
    tell(story, &knows, async |asked| {
        assert!(asked["looked"].is_string(), "{asked}");
        looked += 1;
        json!({})
    })
    .await;
    looked
}

/// A draft that waits, a proposal, a test case that passes and one that does not, a fact put right by hand, a brand.
async fn drawn_and_tried(owner: &Browser) {
    let tenant = "/tenants/contoso";
    // First: a test case that fails keeps signatures from being made.
    let brand = json!({
        "colours": [{"name": "Petrol", "colour": "#00635d"}, {"name": "Sand", "colour": "#e0d5c0"}],
        "fonts": ["Georgia, Times New Roman, serif"],
        "logos": [{"name": "Logo", "image": picture(owner, tenant).await, "alt": "Contoso"}],
    });
    owner.done("PUT", &format!("{tenant}/brand"), Some(brand)).await;
    let published = owner.done("GET", &format!("{tenant}/signatures/standard"), None).await;
    let mut changed = published.clone();
    let line = json!({"type": "text", "lines": [["See you at the fair"]]});
    changed["design"]["blocks"].as_array_mut().unwrap().push(line);
    let draft = format!("{tenant}/signatures/standard/draft");
    owner.done("PUT", &draft, Some(json!({"draft": changed, "base": published}))).await;
    owner.done("PUT", &format!("{draft}/state"), Some(json!({"state": "waiting", "note": "For the fair"}))).await;
    let mut proposal = changed.clone();
    (proposal["id"], proposal["name"]) = (json!("spring"), json!("Spring"));
    owner.done("PUT", &format!("{tenant}/signatures/spring/draft"), Some(json!({"draft": proposal}))).await;

    let people = owner.done("GET", &format!("{tenant}/people"), None).await;
    let person = &people["people"][0];
    let (id, from) = (person["id"].as_str().unwrap(), &person["addresses"][0]);
    let to = "bob@fabrikam.example";
    let told = owner.done("POST", &format!("{tenant}/explain"), Some(json!({"from": from, "to": [to]}))).await;
    let signatures =
        |one: &Value| if one["would_be"].is_array() { one["would_be"].clone() } else { one["signatures"].clone() };
    let case = |name: &str, signatures: Value| {
        let expected = json!([{"recipient": to, "signatures": signatures}]);
        Some(json!({"name": name, "message": told["message"], "expected": expected}))
    };
    let gets = signatures(&told["explanations"][0]);
    assert_ne!(gets, json!([]), "{told}");
    owner.done("POST", &format!("{tenant}/cases"), case("Customers abroad", gets)).await;
    owner.done("POST", &format!("{tenant}/cases"), case("Suppliers", json!([]))).await;
    let title = format!("{tenant}/people/{id}/overrides/jobTitle");
    owner.done("PUT", &title, Some(json!({"value": "Lead Engineer"}))).await;
}

/// The id of a picture of the library, which stays when its signature goes.
async fn picture(owner: &Browser, tenant: &str) -> &'static str {
    owner.done("POST", &format!("{tenant}/templates/classic-rule"), None).await;
    owner.done("DELETE", &format!("{tenant}/signatures/classic-rule"), None).await;
    "compass"
}
