//! A signature of which nothing would be drawn for the sender is passed over, and the next has its turn.
use super::*;

const OUT: &str = "x@fabrikam.example";

/// A signature of these blocks for everybody.
fn of_blocks(id: &str, blocks: Value) -> Value {
    let mut entry = signature(id, json!({}));
    entry["design"]["blocks"] = blocks;
    entry
}

fn photo() -> Value {
    json!([{"type": "photo", "width": 40}])
}

/// Ada has a photo or not; Bob has none.
fn tenant(signatures: Vec<Value>, photo: bool) -> Value {
    let mut tenant = with_signatures(signatures);
    if photo {
        tenant["people"][0]["photo"] = json!("logo");
    }
    tenant
}

fn plain_text() -> BodyFacts {
    BodyFacts { html: false, ..body(Kind::First) }
}

/// What was found last about a signature.
fn last_note(tenant: Value, body: &BodyFacts, rule: usize) -> (Value, String) {
    let recipients = [OUT.to_owned()];
    let envelope = Envelope { sender: Some("ada@contoso.example"), recipients: &recipients, octets: None };
    let head = headers("From: ada@contoso.example\nSubject: [Fair] Hello");
    let told = snapshot(tenant).explain(&Question { envelope, headers: &head, body, recipient: 0, now: noon() });
    let note = told.rules[rule].notes.last().unwrap();
    assert_eq!(note.holds, told.rules[rule].used, "{told}");
    (serde_json::to_value(note.section).unwrap(), note.why.clone())
}

#[test]
fn what_draws_nothing_does_not_take_the_turn() {
    let empty_for_ada = [
        photo(),
        json!([]),
        json!([{"type": "divider"}, {"type": "spacer", "height": 4}]),
        json!([{"type": "text", "lines": [[{"field": "city"}, " only"]]}]),
        json!([{"type": "columns", "columns": [{"blocks": [{"type": "divider"}]}, {"blocks": photo()}]}]),
        json!([{"type": "rows", "blocks": photo()}]),
        json!([{"type": "social", "icons": [{"network": "x", "link": [{"field": "city"}]}]}]),
        json!([{"type": "button", "text": "Book", "link": [{"field": "city"}], "colour": "#111111"}]),
        json!([{"type": "html", "html": "<p>{{city}}</p>"}]),
        json!([{"type": "if", "when": [{"is": "not_empty", "field": "city"}], "then": [{"type": "text", "lines": [["x"]]}]}]),
    ];
    for blocks in empty_for_ada {
        let first = of_blocks("first", blocks.clone());
        let tenant = tenant(vec![first.clone(), signature("second", json!({}))], false);
        let one = snapshot(tenant.clone());
        assert_eq!(choose(&one, &[OUT], &body(Kind::First)), ["second"], "{blocks}");
        assert!(!stamp(&one, "ada@contoso.example").pieces.is_empty());
        let (section, why) = last_note(tenant, &body(Kind::First), 0);
        assert_eq!((section, why.as_str()), (json!("design"), "nothing of its design is left for this sender"));
        let alone = snapshot(with_signatures(vec![first]));
        assert_eq!(choose(&alone, &[OUT], &body(Kind::First)), ["no_signature"], "{blocks}");
    }
}

/// The keyword of one that is not used stays in the Subject, and one that nothing is left of is none of a chain.
#[test]
fn what_draws_nothing_is_not_used_in_any_way() {
    let mut first = of_blocks("first", photo());
    first["applies"] = json!({"message": {"subject_contains": ["[fair]"]}});
    first["remove_keyword"] = json!(true);
    let one = snapshot(tenant(vec![first, signature("second", json!({}))], false));
    let recipients = [OUT.to_owned()];
    let envelope = Envelope { sender: Some("ada@contoso.example"), recipients: &recipients, octets: None };
    let head = headers("From: ada@contoso.example\nSubject: [Fair] Hello");
    let candidates = one.candidates(&envelope, &head, noon()).unwrap();
    let Choice::Sign(signed) = candidates.choose(&one, &body(Kind::First)).remove(0) else { panic!("left") };
    assert_eq!((signed.signature_ids().count(), one.stamp(&signed, None).keywords.len()), (1, 0));
}

#[test]
fn each_sender_is_asked_about_for_itself() {
    let entries = || vec![of_blocks("face", photo()), signature("words", json!({}))];
    let one = snapshot(tenant(entries(), true));
    assert_eq!(choose(&one, &[OUT], &body(Kind::First)), ["face"]);
    let bobs = ask(&one, "bob@contoso.example", &[OUT]).unwrap().choose(&one, &body(Kind::First));
    assert_eq!(bobs.iter().map(ids).collect::<Vec<_>>(), ["words"]);
}

/// A face says nothing in words: in a message without HTML it would sign nothing.
#[test]
fn in_plain_text_a_picture_does_not_take_the_turn() {
    let entries = || vec![of_blocks("face", photo()), signature("words", json!({}))];
    let with_photo = tenant(entries(), true);
    assert_eq!(choose(&snapshot(with_photo.clone()), &[OUT], &plain_text()), ["words"]);
    let (section, why) = last_note(with_photo, &plain_text(), 0);
    assert_eq!((section, why.as_str()), (json!("design"), "nothing of its design can be said in plain text"));
    // Words that come after what says nothing count.
    let mut both = photo();
    both.as_array_mut().unwrap().push(json!({"type": "columns", "columns": [{"blocks": [{"type": "divider"},
        {"type": "text", "lines": [["x"]]}]}]}));
    let tenant = tenant(vec![of_blocks("both", both)], true);
    assert_eq!(choose(&snapshot(tenant), &[OUT], &plain_text()), ["both"]);
}

/// What is not drawn was not there before either: the one that is there decides.
#[test]
fn a_signed_text_counts_for_those_that_are_drawn() {
    let one = snapshot(with_signatures(vec![signature("s", json!({}))]));
    let html = stamp(&one, "ada@contoso.example").pieces[0].html.clone();
    let word = html.strip_prefix("<div class=\"").unwrap()[.."signet-".len() + 13].to_owned();
    let signed = BodyFacts { signature_words: vec![word], ..body(Kind::Reply) };
    let again = signature("again", json!({"already_signed": "sign"}));
    let entries = vec![of_blocks("face", photo()), again];
    assert_eq!(choose(&snapshot(with_signatures(entries)), &[OUT], &signed), ["again"]);
}

#[test]
fn what_would_be_too_large_is_passed_over_with_its_own_reason() {
    let large = || of_blocks("large", json!([{"type": "text", "lines": [vec![json!({"field": "city"}); 900]]}]));
    let long = |signatures: Vec<Value>| {
        let mut tenant = with_signatures(signatures);
        tenant["people"][0]["attributes"]["city"] = json!("\u{1f600}".repeat(4096));
        tenant["people"][1]["attributes"]["city"] = json!("York");
        tenant
    };
    let alone = snapshot(long(vec![large()]));
    assert_eq!(choose(&alone, &[OUT], &body(Kind::First)), ["signature_too_large"]);
    let bobs = ask(&alone, "bob@contoso.example", &[OUT]).unwrap().choose(&alone, &body(Kind::First));
    assert_eq!(bobs.iter().map(ids).collect::<Vec<_>>(), ["large"]);
    let followed = long(vec![large(), signature("small", json!({}))]);
    assert_eq!(choose(&snapshot(followed.clone()), &[OUT], &body(Kind::First)), ["small"]);
    let (section, why) = last_note(followed, &body(Kind::First), 0);
    let expected = "what would be drawn for this sender is larger than 262144 octets";
    assert_eq!((section, why.as_str()), (json!("design"), expected));
    let recipients = [OUT.to_owned()];
    let envelope = Envelope { sender: Some("ada@contoso.example"), recipients: &recipients, octets: None };
    let head = headers("From: ada@contoso.example");
    let facts = body(Kind::First);
    let told = alone.explain(&Question { envelope, headers: &head, body: &facts, recipient: 0, now: noon() });
    assert_eq!(told.summary, "Left as it came: the signature would be too large for this sender.");
}

/// Where pictures are found is the edge's affair: a long address of its images makes no signature too large.
#[test]
fn what_is_chosen_is_drawn_wherever_pictures_are_found() {
    let words = json!({"type": "html", "html": "é".repeat(32_000)});
    let mut drawn = Vec::new();
    for (count, letters) in [(0, 0), (300, 0), (1000, 0), (2500, 1000), (1000, 22_000)] {
        let pictures = json!({"type": "html", "html": "<img src=image:logo>".repeat(count) + &"é".repeat(letters)});
        let one = snapshot(tenant(vec![of_blocks("s", json!([words, pictures]))], false));
        let candidates = ask(&one, "ada@contoso.example", &[OUT]).unwrap();
        let choice = candidates.choose(&one, &body(Kind::First)).remove(0);
        if let Choice::Sign(signed) = &choice {
            let long = format!("https://{}example", "images.".repeat(20));
            for base in [None, Some(long.as_str())] {
                assert_eq!(one.stamp(signed, base).pieces.len(), 1, "{count} {base:?}");
            }
        }
        drawn.push(ids(&choice));
    }
    assert_eq!(drawn, ["s", "s", "s", "s", "signature_too_large"]);
}
