//! What stands between the signatures: folders, layers, trials; and the end of a mode.
use super::*;

const OUT: &str = "x@fabrikam.example";

fn with(mut entry: Value, changes: &Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        entry[key] = value.clone();
    }
    entry
}

/// What a first message of Ada's to outside gets.
fn chosen(tenant: Value) -> String {
    choose(&snapshot(tenant), &[OUT], &body(Kind::First)).remove(0)
}

#[test]
fn each_layer_takes_its_first_that_applies_and_the_order_of_the_list_stays() {
    let entry = |id: &str, layer: &str, applies: Value| with(signature(id, applies), &json!({"layer": layer}));
    let further = |id: &str, layer: &str| with(entry(id, layer, json!({})), &json!({"then_continue": true}));
    let never = || json!({"recipients": "internal"});
    let table = [
        (
            vec![
                entry("s", "signature", json!({})),
                entry("b", "banner", json!({})),
                entry("d", "disclaimer", json!({})),
            ],
            "s+b+d",
        ),
        (vec![entry("b", "banner", json!({})), entry("s", "signature", json!({}))], "b+s"),
        (
            vec![
                entry("b1", "banner", never()),
                entry("s1", "signature", json!({})),
                entry("b2", "banner", json!({})),
                entry("s2", "signature", json!({})),
                entry("b3", "banner", json!({})),
            ],
            "s1+b2",
        ),
        (vec![entry("s", "signature", never()), entry("b", "banner", json!({}))], "b"),
        (
            vec![
                further("s1", "signature"),
                entry("b1", "banner", json!({})),
                entry("s2", "signature", json!({})),
                further("b2", "banner"),
            ],
            "s1+b1+s2",
        ),
        (vec![entry("s", "signature", never()), entry("d", "disclaimer", never())], "no_signature"),
    ];
    for (signatures, expected) in table {
        assert_eq!(chosen(with_signatures(signatures)), expected);
    }
    let many = |layer: &str| (0..12).map(|at| further(&format!("{layer}{at}"), layer)).collect::<Vec<_>>();
    let chosen = chosen(with_signatures([many("signature"), many("banner")].concat()));
    assert_eq!(chosen.matches("signature").count(), 8);
    assert_eq!(chosen.matches("banner").count(), 8);
}

#[test]
fn a_layer_that_is_signed_already_does_not_keep_the_others_back() {
    let one = snapshot(with_signatures(vec![signature("s", json!({}))]));
    let html = stamp(&one, "ada@contoso.example").pieces[0].html.clone();
    let word = html.strip_prefix("<div class=\"").unwrap()[.."signet-".len() + 13].to_owned();
    let signed = BodyFacts { signature_words: vec![word], ..body(Kind::Reply) };
    let banner = with(signature("b", json!({"already_signed": "sign"})), &json!({"layer": "banner"}));
    let tenant = with_signatures(vec![signature("s", json!({})), signature("s2", json!({})), banner]);
    assert_eq!(choose(&snapshot(tenant), &[OUT], &signed), ["b"]);
}

#[test]
fn the_keywords_of_what_is_used_are_taken_out_of_the_subject() {
    let looks_for = |id: &str, layer: &str, words: &[&str], removes: bool| {
        let applies = json!({"message": {"subject_contains": words}});
        with(signature(id, applies), &json!({"layer": layer, "remove_keyword": removes}))
    };
    let entries = vec![
        looks_for("never", "banner", &["[other]"], true),
        looks_for("banner", "banner", &["[Fair]", "[expo]"], true),
        looks_for("full", "signature", &["[fair]", "hello"], true),
        looks_for("legal", "disclaimer", &["fair"], false),
    ];
    let snapshot = snapshot(with_signatures(entries));
    let recipients = [OUT.to_owned()];
    let envelope = Envelope { sender: Some("ada@contoso.example"), recipients: &recipients, octets: None };
    let head = headers("From: ada@contoso.example\nSubject: [FAIR] Hello");
    let first = body(Kind::First);
    let candidates = snapshot.candidates(&envelope, &head, noon()).unwrap();
    let Choice::Sign(signed) = candidates.choose(&snapshot, &first).remove(0) else { panic!("left") };
    assert_eq!(snapshot.stamp(&signed, None).keywords, ["[Fair]", "[expo]", "hello"]);
    let question = Question { envelope, headers: &head, body: &first, recipient: 0, now: noon() };
    let told = snapshot.explain(&question);
    assert_eq!(told.taken_out, ["[Fair]", "hello"]);
    assert!(told.to_string().contains("\n  `[Fair]` is taken out of the subject.\n"), "{told}");
    // There must be one to remove, and not in an exception.
    for applies in [json!({}), json!({"except": {"message": {"subject_contains": ["[nosig]"]}}})] {
        let entry = with(signature("s", applies), &json!({"remove_keyword": true}));
        let problems = TenantFile::parse(with_signatures(vec![entry]).to_string().as_bytes()).unwrap_err();
        assert_eq!(problems[0].place, "/signatures/0/remove_keyword");
    }
}

#[test]
fn the_largest_stamp_has_one_of_each_layer() {
    let one = |layers: &[&str]| {
        let entries = layers.iter().map(|layer| with(signature(layer, json!({})), &json!({"layer": layer}))).collect();
        snapshot(with_signatures(entries)).largest_stamp_bytes()
    };
    let (signature, banner) = (one(&["signature"]), one(&["banner"]));
    assert_eq!(one(&["signature", "banner"]), signature + banner);
}

#[test]
fn folders_come_in_their_order_and_those_in_none_last() {
    let within =
        |id: &str, folder: &str| with(signature(id, json!({})), &json!({"folder": folder, "then_continue": true}));
    let free = |id: &str| with(signature(id, json!({})), &json!({"then_continue": true}));
    let mut tenant =
        with_signatures(vec![free("z"), within("b1", "b"), within("a1", "a"), within("b2", "b"), free("y")]);
    tenant["folders"] = json!([{"id": "a"}, {"id": "b", "name": "Second", "enabled": true}]);
    assert_eq!(chosen(tenant.clone()), "a1+b1+b2+z+y");
    tenant["folders"] = json!([{"id": "b"}, {"id": "a"}]);
    assert_eq!(chosen(tenant.clone()), "b1+b2+a1+z+y");
    // A folder that is switched off, and one signature of the other.
    tenant["folders"] = json!([{"id": "b", "enabled": false}, {"id": "a"}]);
    assert_eq!(chosen(tenant.clone()), "a1+z+y");
    tenant["signatures"][2]["enabled"] = json!(false);
    assert_eq!(chosen(tenant), "z+y");
}

#[test]
fn a_signature_on_trial_is_used_for_some_and_the_next_is_for_the_others() {
    let on_trial = |trial: Value| {
        snapshot(with_signatures(vec![
            with(signature("new", json!({})), &json!({"trial": trial})),
            signature("old", json!({})),
        ]))
    };
    let ask_as = |snapshot: &Snapshot, from: &str, subject: &str| {
        let recipients = [OUT.to_owned()];
        let envelope = Envelope { sender: Some(from), recipients: &recipients, octets: None };
        let head = headers(&format!("From: {from}\nSubject: {subject}"));
        ids(&snapshot.candidates(&envelope, &head, noon()).unwrap().choose(snapshot, &body(Kind::First))[0])
    };
    let (ada, bob) = ("ada@contoso.example", "bob@contoso.example");
    for (trial, from, subject, expected) in [
        (json!({"people": ["ada"]}), ada, "", "new"),
        (json!({"people": ["ada"]}), bob, "", "old"),
        (json!({"groups": ["sales"]}), ada, "", "new"),
        (json!({"groups": ["sales"]}), bob, "", "old"),
        (json!({"marker": "Tryout"}), bob, "a TRYOUT", "new"),
        (json!({"marker": "tryout"}), bob, "tryouts", "old"),
        (json!({"people": ["ada"], "marker": "tryout"}), ada, "", "new"),
    ] {
        assert_eq!(ask_as(&on_trial(trial.clone()), from, subject), expected, "{trial} {from} {subject}");
    }
}

#[test]
fn a_mode_ends_at_its_time() {
    let mut tenant = contoso();
    tenant["mode"] = json!("bypass");
    tenant["mode_ends"] = json!({"at": "2026-11-18T12:00:00Z", "then": {"pilot": {"people": ["ada"]}}});
    let snapshot = snapshot(tenant);
    let recipients = [OUT.to_owned()];
    for (from, at, expected) in [
        ("ada@contoso.example", "2026-11-18T11:59:59Z", Some(Reason::Bypass)),
        ("ada@contoso.example", "2026-11-18T12:00:00Z", None),
        ("bob@contoso.example", "2026-11-18T11:59:59Z", Some(Reason::Bypass)),
        ("bob@contoso.example", "2026-11-18T12:00:00Z", Some(Reason::NotInPilot)),
    ] {
        let envelope = Envelope { sender: Some(from), recipients: &recipients, octets: None };
        let asked = snapshot.candidates(&envelope, &headers(&format!("From: {from}")), at.parse().unwrap());
        assert_eq!(asked.err(), expected, "{from} {at}");
    }
    assert_eq!(*snapshot.mode("2026-11-18T11:59:59Z".parse().unwrap()), Mode::Bypass);
}

#[test]
fn what_is_switched_for_a_time_ends_in_what_was_before() {
    let mut file = file(contoso());
    let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    file.switch_to(Mode::Observe, None);
    assert_eq!((&file.mode, &file.mode_ends), (&Mode::Observe, &None));
    file.switch_to(Mode::Bypass, Some(at("2026-11-18T12:00:00Z")));
    // Longer, before it is over.
    file.switch_to(Mode::Bypass, Some(at("2026-11-18T13:00:00Z")));
    assert_eq!(file.mode_ends, Some(ModeEnds { at: "2026-11-18T13:00:00Z".to_owned(), then: Mode::Observe }));
    assert!(file.problems().is_empty());
    assert_eq!(file.mode_at(at("2026-11-18T12:59:59Z")), &Mode::Bypass);
    assert_eq!(file.mode_at(at("2026-11-18T13:00:00Z")), &Mode::Observe);
    file.switch_to(Mode::Live, None);
    assert_eq!((&file.mode, &file.mode_ends), (&Mode::Live, &None));
}
