//! Who is who in a region.
use std::collections::HashMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;

fn tenant(id: &str, domain: &str, microsoft: &str, peer: Value) -> Arc<Tenant> {
    entry(
        json!({"signet": 1, "id": id, "name": id, "microsoft_tenant_id": microsoft, "domains": [domain], "peer": peer}),
        1,
    )
}

fn entry(json: Value, revision: u64) -> Arc<Tenant> {
    let edition = Edition::of(Revision(revision));
    Arc::new(Tenant::new(file(json), secrets(), edition, edition).unwrap())
}

fn hop() -> Value {
    json!({"host": "mx.example", "port": 25})
}

#[test]
fn every_proof_leads_to_its_tenant() {
    let region = Region::new(vec![
        tenant(
            "a",
            "A.example",
            "AAAAAAAA-0000-4000-8000-000000000001",
            json!({"proof": "microsoft", "next_hop": hop()}),
        ),
        tenant(
            "b",
            "b.example",
            "bbbbbbbb-0000-4000-8000-000000000001",
            json!({"proof": "certificate", "name": "MX.b.example", "next_hop": hop()}),
        ),
        tenant(
            "c",
            "c.example",
            "cccccccc-0000-4000-8000-000000000001",
            json!({"proof": "network", "networks": ["10.0.0.0/8", "10.1.0.0/16", "2001:db8::/32"], "next_hop": hop()}),
        ),
        tenant(
            "d",
            "d.example",
            "dddddddd-0000-4000-8000-000000000001",
            json!({"proof": "network", "networks": ["11.1.0.0/16"], "next_hop": hop()}),
        ),
    ])
    .unwrap();
    let id = |found: Option<&Arc<Tenant>>| found.map(|tenant| tenant.id().as_str().to_owned());
    assert_eq!(region.len(), 4);
    assert_eq!(id(region.by_domain("a.EXAMPLE")).as_deref(), Some("a"));
    assert_eq!(id(region.by_domain("sub.a.example")), None);
    assert_eq!(id(region.by_microsoft_id("aaaaaaaa-0000-4000-8000-000000000001")).as_deref(), Some("a"));
    assert_eq!(id(region.by_certificate_name("mx.B.example")).as_deref(), Some("b"));
    assert_eq!(id(region.by_certificate_name("mx.a.example")), None);
    for (address, expected) in [
        ("10.0.0.1", Some("c")),
        ("10.1.2.3", Some("c")),
        ("11.1.2.3", Some("d")),
        ("::ffff:11.1.2.3", Some("d")),
        ("2001:db8::1", Some("c")),
        ("11.0.0.1", None),
        ("::1", None),
    ] {
        assert_eq!(id(region.by_network(address.parse().unwrap())).as_deref(), expected, "{address}");
    }
    assert_eq!(id(region.get(&TenantId::parse("d").unwrap())).as_deref(), Some("d"));
    assert!(Region::empty().is_empty());
}

/// What is needed of a tenant to relay its mail is all in the settings that are kept of it.
#[test]
fn an_entry_comes_back_from_its_settings() {
    let mut pilot = contoso();
    pilot["mode"] = json!("bypass");
    pilot["mode_ends"] = json!({"at": "2026-12-01T09:00:00Z", "then": {"pilot": {"people": ["ada"]}}});
    pilot["on_failure"] = json!("defer");
    let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    let mut one = entry(pilot, 3);
    for _ in 0..2 {
        assert!(one.bypasses(at("2026-12-01T08:59:59Z")) && !one.bypasses(at("2026-12-01T09:00:00Z")));
        assert_eq!((one.on_failure(), one.edition().revision), (OnFailure::Defer, Revision(3)));
        assert_eq!(Some(one.peer()), file(contoso()).peer.as_ref());
        assert_eq!(one.microsoft_tenant_id(), Some("bf24ff3e-0000-4000-8000-000000000001"));
        let domains: Vec<&str> = one.domains().iter().map(Domain::as_str).collect();
        assert_eq!(domains, ["contoso.example", "contoso.onmicrosoft.example"]);
        let kept = one.settings();
        one = Arc::new(Tenant::new(kept, secrets(), one.edition(), one.people_edition()).unwrap());
    }
    let mut none = secrets();
    none.stamp_keys.clear();
    let edition = Edition::default();
    assert!(Tenant::new(file(contoso()), none, edition, edition).is_err());
}

/// It has no place in a region, and everything but mail.
#[test]
fn a_tenant_that_is_not_connected_needs_neither_domain_nor_peer() {
    let bare = json!({"signet": 1, "id": "new", "name": "New", "domains": []});
    let new = file(bare.clone());
    assert_eq!(new.problems(), []);
    assert_eq!(serde_json::to_value(&new).unwrap().get("peer"), None, "what is left out stays so");
    let edition = Edition::default();
    let refused = Tenant::new(new, secrets(), edition, edition).unwrap_err();
    let places: Vec<&str> = refused.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(places, ["/domains", "/peer"]);
    let mut connected = bare;
    connected["peer"] = contoso()["peer"].clone();
    let problems = TenantFile::parse(connected.to_string().as_bytes()).unwrap_err();
    assert!(problems.iter().any(|problem| problem.place == "/domains"), "{problems:?}");
}

#[test]
fn snapshots_are_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<(Snapshot, Region, Candidates, Choice)>();
}

#[test]
fn what_two_tenants_claim_is_refused_with_its_place() {
    let guid = "aaaaaaaa-0000-4000-8000-000000000001";
    let network = || json!({"proof": "network", "networks": ["10.0.0.0/8"], "next_hop": hop()});
    let certificate = || json!({"proof": "certificate", "name": "mx.example", "next_hop": hop()});
    let other = "bbbbbbbb-0000-4000-8000-000000000001";
    let clash = |a, b| -> Vec<String> {
        Region::new(vec![a, b]).unwrap_err().into_iter().map(|problem| problem.place).collect()
    };
    assert_eq!(
        clash(tenant("a", "a.example", guid, network()), tenant("a", "a.example", guid, network())),
        ["/id", "/domains/0", "/microsoft_tenant_id", "/peer/networks/0"]
    );
    assert_eq!(
        clash(tenant("a", "a.example", guid, certificate()), tenant("b", "b.example", other, certificate())),
        ["/peer/name"]
    );
    let of = |networks: &[&str]| json!({"proof": "network", "networks": networks, "next_hop": hop()});
    let narrow = tenant("a", "a.example", guid, of(&["192.0.2.0/24", "10.1.0.0/16", "2001:db8:1::/48"]));
    let wide = || tenant("b", "b.example", other, of(&["10.0.0.0/8", "2001:db8::/32", "198.51.100.0/24"]));
    assert_eq!(clash(narrow.clone(), wide()), ["/peer/networks/1", "/peer/networks/2"]);
    assert_eq!(clash(wide(), narrow), ["/peer/networks/1", "/peer/networks/2"]);
}

#[test]
fn who_claims_what_is_anothers_is_left_as_it_was_and_nobody_else() {
    let guid = |number: usize| format!("aaaaaaaa-0000-4000-8000-00000000000{number}");
    let named = |name: &str| json!({"proof": "certificate", "name": name, "next_hop": hop()});
    let of = |id: &str, domain: &str, number| tenant(id, domain, &guid(number), named(&format!("mx.{id}.example")));
    let before = Region::new(vec![of("a", "a.example", 1), of("b", "b.example", 2), of("c", "c.example", 3)]).unwrap();
    let id = |id: &str| TenantId::parse(id).unwrap();
    let changes = HashMap::from([
        // It takes what b gives up in the same change, and d what c has.
        (id("a"), Some(of("a", "b.example", 1))),
        (id("b"), Some(of("b", "new.example", 2))),
        (id("d"), Some(of("d", "c.example", 4))),
        (id("e"), Some(of("e", "e.example", 5))),
    ]);
    assert!(before.changed(&changes).is_err());
    let (region, clashing) = before.changed_without_clashes(&changes);
    assert_eq!(clashing, [id("d")]);
    let owner = |domain: &str| region.by_domain(domain).map(|tenant| tenant.id().as_str().to_owned());
    let owners = ["a.example", "b.example", "new.example", "c.example", "e.example"].map(owner);
    assert_eq!(owners.map(Option::unwrap_or_default), ["", "a", "b", "c", "e"]);
    assert_eq!(region.len(), 4);
}

/// What a region says about everything that somebody could claim.
fn answers(region: &Region) -> Vec<Option<(String, u64)>> {
    let said = |found: Option<&Arc<Tenant>>| found.map(|it| (it.id().as_str().to_owned(), it.edition().revision.0));
    let mut answers = Vec::new();
    for number in 0..4 {
        answers.push(said(region.get(&TenantId::parse(&format!("t{number}")).unwrap())));
        answers.push(said(region.by_domain(&format!("d{number}.example"))));
        answers.push(said(region.by_microsoft_id(&format!("aaaaaaaa-0000-4000-8000-00000000000{number}"))));
        answers.push(said(region.by_certificate_name(&format!("mx{number}.example"))));
        answers.push(said(region.by_network([10, number, 0, 1].into())));
        answers.push(said(region.by_network([10, number, 128, 1].into())));
    }
    answers.push(Some((String::new(), region.len() as u64)));
    answers.push(Some((String::new(), region.tenants().count() as u64)));
    answers
}

/// A tenant of four that claims some of few names, so that claims meet, or nobody.
fn change() -> impl Strategy<Value = (usize, Option<Value>)> {
    let peer = prop_oneof![
        Just(json!({"proof": "microsoft", "next_hop": hop()})),
        (0..4).prop_map(|name| json!({"proof": "certificate", "name": format!("mx{name}.example"), "next_hop": hop()})),
        (0..4, prop::sample::select(vec![12, 16, 17])).prop_map(|(second, length)| {
            let second = if length == 12 { 0 } else { second };
            json!({"proof": "network", "networks": [format!("10.{second}.0.0/{length}")], "next_hop": hop()})
        }),
    ];
    let file = (0..4, 0..4, peer).prop_map(|(domain, microsoft, peer)| {
        json!({"signet": 1, "name": "t", "microsoft_tenant_id": format!("aaaaaaaa-0000-4000-8000-00000000000{microsoft}"),
            "domains": [format!("d{domain}.example")], "peer": peer})
    });
    (0_usize..4, prop::option::weighted(0.8, file))
}

proptest! {
    /// Tenant by tenant or all at once: the same index, or the same refusal.
    #[test]
    fn a_region_that_changed_is_the_region_that_is_made_of_the_result(
        batches in prop::collection::vec(prop::collection::vec(change(), 1..4), 1..12)
    ) {
        let (mut region, mut all) = (Region::empty(), HashMap::<TenantId, Arc<Tenant>>::new());
        for (revision, batch) in (1..).zip(batches) {
            let changes: HashMap<TenantId, Option<Arc<Tenant>>> = batch
                .into_iter()
                .map(|(number, file)| {
                    let id = format!("t{number}");
                    let tenant = file.map(|mut file| {
                        file["id"] = json!(id);
                        entry(file, revision)
                    });
                    (TenantId::parse(&id).unwrap(), tenant)
                })
                .collect();
            let mut next = all.clone();
            for (id, tenant) in &changes {
                match tenant {
                    Some(tenant) => next.insert(id.clone(), tenant.clone()),
                    None => next.remove(id),
                };
            }
            let made = Region::new(next.values().cloned().collect());
            let before = answers(&region);
            let changed = region.changed(&changes);
            prop_assert_eq!(answers(&region), before, "the region before was touched");
            prop_assert_eq!(changed.is_ok(), made.is_ok(), "{:?}", changed.err());
            if let (Ok(changed), Ok(made)) = (changed, made) {
                prop_assert_eq!(answers(&changed), answers(&made));
                (region, all) = (changed, next);
            }
        }
    }
}
