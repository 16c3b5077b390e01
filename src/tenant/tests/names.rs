//! Internationalised domains: `münchen.example` and `xn--mnchen-3ya.example` are one, wherever they are compared (RFC
//! 5890, 6531).
use super::*;

const SPELLINGS: [&str; 5] = [
    "münchen.example",
    "MÜNCHEN.example",
    "mu\u{308}nchen.example",
    "xn--mnchen-3ya.example",
    "XN--MNCHEN-3YA.Example",
];

/// Ada and an address of her domain under these spellings.
fn tenant(domain: &str, person: &str, signatures: Vec<Value>) -> Value {
    let mut tenant = with_signatures(signatures);
    tenant["domains"] = json!(["contoso.example", domain]);
    tenant["people"] = json!([
        {"id": "ada", "addresses": [format!("ada@{person}"), "ada@contoso.example"], "attributes": {"displayName": "Ada"}},
        {"id": "bob", "addresses": ["bob@contoso.example"], "attributes": {"displayName": "Bob"}}
    ]);
    tenant["groups"] = json!([]);
    tenant
}

/// What a message gets: MAIL FROM, From, one recipient.
fn gets(snapshot: &Snapshot, mail_from: &str, from: &str, to: &str) -> String {
    let recipients = [to.to_owned()];
    let envelope = Envelope { sender: Some(mail_from), recipients: &recipients, octets: None };
    match snapshot.candidates(&envelope, &headers(&format!("From: {from}\nSubject: x")), noon()) {
        Ok(candidates) => ids(&candidates.choose(snapshot, &body(Kind::First))[0]),
        Err(reason) => reason.word().to_owned(),
    }
}

#[test]
fn a_domain_is_one_however_it_is_spelled() {
    for spelling in SPELLINGS {
        assert_eq!(Domain::parse(spelling).unwrap().as_str(), "xn--mnchen-3ya.example", "{spelling}");
        let address = Address::parse(&format!("Jürgen@{spelling}")).unwrap();
        assert_eq!((address.as_str(), address.domain()), ("jürgen@xn--mnchen-3ya.example", "xn--mnchen-3ya.example"));
    }
    // Letters with marks of their own, and more than one script.
    assert_eq!(Domain::parse("उदाहरण.example").unwrap().as_str(), "xn--p1b6ci4b4b3a.example");
    assert_eq!(Domain::parse("हिन्दी.example").unwrap().as_str(), "xn--j2bd4cyah0f.example");
    assert_eq!(Domain::parse("faß.example").unwrap().as_str(), "xn--fa-hia.example");
    // What is no name of the kind stays what it was: refused, or as it came.
    assert_eq!(Domain::parse("xn--zzzzzz-.example"), None);
    assert_eq!(Domain::parse("xn--a_b.example").unwrap().as_str(), "xn--a_b.example");
    assert_eq!(Domain::parse(&format!("{}.example", "ü".repeat(70))), None);
    assert_eq!(Domain::parse("mün chen.example"), None);
    assert_eq!(Domain::parse("ü..example"), None);
}

#[test]
fn people_are_found_and_internal_in_every_spelling() {
    for (own, other) in SPELLINGS.iter().flat_map(|one| SPELLINGS.iter().map(move |other| (one, other))) {
        let inside = signature("in", json!({"recipients": "internal"}));
        let outside = signature("out", json!({"recipients": "external"}));
        let one = snapshot(tenant(own, other, vec![inside, outside]));
        for spelling in SPELLINGS {
            let ada = format!("ada@{spelling}");
            assert_eq!(one.person(&ada).map(Person::id), Some("ada"));
            assert!(one.is_internal(&ada));
            assert_eq!(gets(&one, &ada, &format!("Ada <ada@{other}>"), "bob@contoso.example"), "in", "{own} {other}");
            assert_eq!(gets(&one, &format!("ada@{other}"), &ada, &format!("x@{spelling}")), "in", "{own} {other}");
            assert_eq!(gets(&one, &ada, &ada, "x@xn--mnchen-2ya.example"), "out");
        }
    }
}

#[test]
fn the_first_address_is_the_primary_one_in_every_spelling() {
    let primary = signature("primary", json!({"senders": {"writes_as": ["primary"]}}));
    let behalf = signature("behalf", json!({"senders": {"writes_as": ["on_behalf"]}}));
    let one = snapshot(tenant("münchen.example", "xn--mnchen-3ya.example", vec![primary, behalf]));
    for spelling in SPELLINGS {
        let ada = format!("ada@{spelling}");
        assert_eq!(gets(&one, &ada, &ada, "bob@contoso.example"), "primary");
        for named in SPELLINGS {
            let head = format!("{ada}\nSender: ada@{named}");
            assert_eq!(gets(&one, &ada, &head, "bob@contoso.example"), "primary", "{spelling} {named}");
        }
    }
}

#[test]
fn a_permission_holds_in_every_spelling() {
    for given in SPELLINGS {
        let mut json = tenant("münchen.example", "münchen.example", vec![signature("s", json!({}))]);
        json["send_as"] =
            json!([{"people": ["bob"], "addresses": [format!("info@{given}")], "signature_of": "sender"}]);
        let one = snapshot(json);
        for spelling in SPELLINGS {
            let from = format!("info@{spelling}");
            assert_eq!(gets(&one, "bob@contoso.example", &from, "bob@contoso.example"), "s", "{given} {spelling}");
        }
    }
}

#[test]
fn patterns_match_both_spellings() {
    let to = |list: &str, pattern: &str| signature("s", json!({"recipients": {list: [pattern]}}));
    for (list, pattern, matches) in [
        ("domains", "münchen.example", true),
        ("domains", "XN--mnchen-3ya.example", true),
        ("domains", "MÜN*.example", true),
        ("domains", "m*nchen.example", true),
        ("domains", "xn--*.example", true),
        ("domains", "*.münchen.example", false),
        ("domains", "munchen.example", false),
        ("domains", "mu\u{308}nchen.example", true),
        ("addresses", "x@münchen.example", true),
        ("addresses", "*@xn--mnchen-3ya.*", true),
        ("addresses", "*@mün*", true),
        ("addresses", "*münchen.example", true),
        ("addresses", "y@münchen.example", false),
    ] {
        let one = snapshot(tenant("fabrikam.example", "fabrikam.example", vec![to(list, pattern)]));
        for spelling in SPELLINGS {
            let got = gets(&one, "ada@contoso.example", "ada@contoso.example", &format!("x@{spelling}"));
            assert_eq!(got, if matches { "s" } else { "no_signature" }, "{pattern} {spelling}");
        }
    }
    // Below it, and with letters before the `@`.
    let one = |pattern: &str, to_whom: &str| {
        let one = snapshot(tenant("fabrikam.example", "fabrikam.example", vec![to("addresses", pattern)]));
        gets(&one, "ada@contoso.example", "ada@contoso.example", to_whom)
    };
    assert_eq!(one("*@*.münchen.example", "a@mail.xn--mnchen-3ya.example"), "s");
    assert_eq!(one("jürgen@*", "Jürgen@b.example"), "s");
    assert_eq!(one("jürgen@xn--mnchen-3ya.example", "JÜRGEN@münchen.example"), "s");
    assert_eq!(one("ü.*", "ü.b@b.example"), "s");
    let by_sender = |key: &str, pattern: &str| signature("s", json!({"senders": {key: [pattern]}}));
    for (key, pattern) in [("domains", "münchen.*"), ("addresses", "ada@münchen.example")] {
        let one = snapshot(tenant("münchen.example", "münchen.example", vec![by_sender(key, pattern)]));
        for spelling in SPELLINGS {
            let ada = format!("ada@{spelling}");
            assert_eq!(gets(&one, &ada, &ada, "bob@contoso.example"), "s", "{pattern} {spelling}");
        }
    }
}

#[test]
fn a_file_with_one_domain_or_address_in_two_spellings_is_refused() {
    let mut json = tenant("münchen.example", "xn--mnchen-3ya.example", vec![]);
    assert!(TenantFile::parse(json.to_string().as_bytes()).is_ok());
    json["domains"] = json!(["contoso.example", "münchen.example", "xn--mnchen-3ya.example"]);
    json["people"][1]["addresses"] = json!(["bob@contoso.example", "ADA@MÜNCHEN.example"]);
    let problems = TenantFile::parse(json.to_string().as_bytes()).unwrap_err();
    let places: Vec<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(places, ["/domains/2", "/people/1/addresses/1"], "{problems:?}");
}

#[test]
fn what_fits_a_file_fits_in_every_spelling() {
    let mut file: TenantFile =
        serde_json::from_value(tenant("münchen.example", "xn--mnchen-3ya.example", vec![])).unwrap();
    file.people[1].addresses.push("bob@MÜNCHEN.example".to_owned());
    file.fit();
    assert_eq!(file.people[0].addresses.len() + file.people[1].addresses.len(), 4);
}

#[test]
fn a_region_knows_a_tenant_by_every_spelling() {
    let entry = |id: &str, domain: &str| {
        let mut json = tenant(domain, "contoso.example", vec![]);
        json["id"] = json!(id);
        json["domains"] = json!([domain, format!("{id}.example")]);
        json["people"] = json!([]);
        json["microsoft_tenant_id"] = Value::Null;
        let name = format!("mx.{domain}");
        json["peer"] = json!({"proof": "certificate", "name": name, "next_hop": {"host": "in.example"}});
        let edition = Edition::of(Revision(1));
        std::sync::Arc::new(Tenant::new(file(json), secrets(), edition, edition).unwrap())
    };
    let region = Region::new(vec![entry("one", "münchen.example")]).unwrap();
    for spelling in SPELLINGS {
        assert!(region.by_domain(spelling).is_some(), "{spelling}");
        assert!(region.by_certificate_name(&format!("mx.{spelling}")).is_some(), "{spelling}");
    }
    let two = vec![entry("one", "münchen.example"), entry("two", "xn--mnchen-3ya.example")];
    assert!(Region::new(two).is_err());
}
