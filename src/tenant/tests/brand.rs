//! The brand: what is wrong with one is said with its place, and no mail is made of it.
use super::*;

fn with_brand(brand: Value) -> Value {
    let mut tenant = contoso();
    tenant["brand"] = brand;
    tenant
}

/// One that is right in every part.
fn whole() -> Value {
    json!({
        "colours": [{"name": "Petrol", "colour": "#00635d"}, {"name": "Ink", "colour": "#1A2B3C"}],
        "fonts": ["Segoe UI, Arial, sans-serif", "Georgia"],
        "logos": [{"name": "Wordmark", "image": "logo", "alt": "Contoso"}, {"name": "Badge", "image": "logo", "alt": ""}],
    })
}

#[test]
fn a_brand_is_exported_as_it_was_imported_and_one_of_nothing_not_at_all() {
    let imported = file(with_brand(whole()));
    assert_eq!((imported.brand.colours.len(), imported.brand.fonts.len(), imported.brand.logos.len()), (2, 2, 2));
    let exported: Value = serde_json::from_str(&imported.to_json()).unwrap();
    assert_eq!(exported["brand"], whole());
    let nothing: Value = serde_json::from_str(&file(with_brand(json!({}))).to_json()).unwrap();
    assert_eq!(nothing.get("brand"), None);
}

#[test]
fn mistakes_about_the_brand_are_said_with_their_place() {
    let named = |name: &str| json!({"name": name, "colour": "#000000"});
    let numbered = |count: usize, of: fn(usize) -> Value| Value::Array((0..count).map(of).collect());
    for (key, value, place) in [
        ("colours", json!([{"name": "Petrol", "colour": "petrol"}]), "/brand/colours/0/colour"),
        ("colours", json!([{"name": "Petrol", "colour": "#00635"}]), "/brand/colours/0/colour"),
        ("colours", json!([{"name": "x", "colour": "#00635d;}"}]), "/brand/colours/0/colour"),
        ("colours", json!([named("")]), "/brand/colours/0/name"),
        ("colours", json!([named(" ")]), "/brand/colours/0/name"),
        ("colours", json!([named("a\nb")]), "/brand/colours/0/name"),
        ("colours", json!([named(&"x".repeat(61))]), "/brand/colours/0/name"),
        ("colours", json!([named("Ink"), named("Sand"), named(" ink")]), "/brand/colours/2/name"),
        ("colours", numbered(25, |at| json!({"name": at.to_string(), "colour": "#000000"})), "/brand/colours"),
        ("fonts", json!(["Arial; color: red"]), "/brand/fonts/0"),
        ("fonts", json!(["Arial", ""]), "/brand/fonts/1"),
        ("fonts", json!(["Arial", "arial"]), "/brand/fonts/1"),
        ("fonts", numbered(13, |at| json!(format!("Font {at}"))), "/brand/fonts"),
        ("logos", json!([{"name": "Wordmark", "image": "none"}]), "/brand/logos/0/image"),
        ("logos", json!([{"name": "", "image": "logo"}]), "/brand/logos/0/name"),
        ("logos", json!([{"name": "W", "image": "logo"}, {"name": "w", "image": "logo"}]), "/brand/logos/1/name"),
        ("logos", json!([{"name": "W", "image": "logo", "alt": "x".repeat(301)}]), "/brand/logos/0/alt"),
        ("logos", json!([{"name": "W", "image": "logo", "alt": "a\u{7}"}]), "/brand/logos/0/alt"),
        ("logos", numbered(13, |at| json!({"name": at.to_string(), "image": "logo"})), "/brand/logos"),
    ] {
        let mut brand = whole();
        brand[key] = value.clone();
        let Err(problems) = TenantFile::parse(with_brand(brand).to_string().as_bytes()) else {
            panic!("{key}: {value} was taken")
        };
        let places: Vec<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
        assert_eq!(places, [place], "{key}: {value}");
    }
    let many = json!({"colours": [named("")], "fonts": ["<"], "logos": [{"name": "W", "image": "none"}]});
    let said = TenantFile::parse(with_brand(many).to_string().as_bytes()).unwrap_err();
    assert_eq!(said.len(), 3, "{said:?}");
}

#[test]
fn no_mail_is_made_of_it() {
    let signed = |tenant: Value| stamp(&snapshot(tenant), "ada@contoso.example").pieces[0].html.clone();
    assert_eq!(signed(with_brand(whole())), signed(contoso()));
    // Not even what is wrong with it keeps mail from being signed.
    let mut wrong = file(with_brand(whole()));
    wrong.brand.logos[0].image = "none".to_owned();
    assert_eq!(wrong.problems().len(), 1);
    assert!(Snapshot::compile(wrong, secrets(), Revision(1)).is_ok());
}
