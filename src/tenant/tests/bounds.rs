//! How large designs may be, and how large what they draw: one tenant's file costs no other tenant memory or time.
use super::*;

const OUT: &str = "x@fabrikam.example";

/// Most octets of a piece in one format.
const PIECE: usize = 256 << 10;

/// Bob as he is, Ada with every attribute as long as the file may have it, and a signature of these blocks.
fn tenant(blocks: Value) -> Value {
    let mut tenant = contoso();
    tenant["people"][0]["attributes"] = json!({"displayName": "Ada", "city": "\u{1f600}".repeat(4096)});
    tenant["people"][1]["attributes"]["city"] = json!("York");
    tenant["signatures"][0]["design"]["blocks"] = blocks;
    tenant
}

#[test]
fn what_would_be_drawn_too_large_is_not_drawn_and_others_sign_as_before() {
    let field = json!({"field": "city"});
    let mut long_link = vec![field.clone(); 300];
    long_link.insert(0, json!("https://a.example/"));
    for blocks in [
        json!([{"type": "html", "html": "{{city}}".repeat(900)}]),
        json!([{"type": "html", "html": format!("<a href=\"https://a.example/{0}\" title=\"{0}\">x</a>", "{{city}}".repeat(400))}]),
        json!([{"type": "text", "lines": [vec![field.clone(); 900]]}]),
        json!([{"type": "text", "lines": [["x"], [{"text": "y", "link": "https://a.example/"}, {"field": "city", "link": long_link}]]}]),
        json!([{"type": "logo", "image": "logo", "width": 9, "alt": vec![field.clone(); 900]}]),
        json!([{"type": "text", "lines": [vec![json!({"field": "city", "format":
            [{"replace": {"from": "\u{1f600}", "to": "\u{1f601}".repeat(256)}}, "upper"]}); 400]]}]),
    ] {
        let snapshot = snapshot(tenant(blocks.clone()));
        assert_eq!(choose(&snapshot, &[OUT], &body(Kind::First)), ["signature_too_large"], "{blocks:.99}");
        let ada = snapshot.person("ada@contoso.example").unwrap();
        assert!(snapshot.preview("standard", ada, None).is_none());
        let bobs = stamp(&snapshot, "bob@contoso.example");
        let octets = bobs.pieces[0].html.len() + bobs.pieces[0].plain.len();
        assert!((20..PIECE).contains(&octets) && octets as u64 <= snapshot.largest_stamp_bytes());
        assert!(snapshot.largest_stamp_bytes() < 8 << 20, "{}", snapshot.largest_stamp_bytes());
    }
}

#[test]
fn markup_without_values_keeps_to_the_same_bound() {
    let many = json!({"type": "html", "html": "é".repeat(32_000)});
    assert_eq!(choose(&snapshot(tenant(json!([many]))), &[OUT], &body(Kind::First)), ["standard"]);
    assert_eq!(choose(&snapshot(tenant(json!([many, many]))), &[OUT], &body(Kind::First)), ["signature_too_large"]);
}

#[test]
fn the_largest_stamp_is_never_less_than_one_that_is_drawn() {
    for length in [1, 40, 300, 600, 4000] {
        let mut tenant = tenant(json!([{"type": "text", "lines": [vec![json!({"field": "city"}); 60]]}]));
        tenant["people"][0]["attributes"]["city"] = json!("<".repeat(length));
        let snapshot = snapshot(tenant);
        let drawn = snapshot.preview("standard", snapshot.person("ada@contoso.example").unwrap(), None);
        let octets = drawn.as_ref().map_or(0, |drawn| drawn.html.len() * 4 / 3 + drawn.plain.len() * 4);
        assert!(octets as u64 <= snapshot.largest_stamp_bytes(), "{length}: {octets}");
        assert_eq!(drawn.is_none(), length == 4000);
    }
}

#[test]
fn a_design_without_measure_is_refused() {
    let text = |lines: Value| json!([{"type": "text", "lines": lines}]);
    let code = json!({"type": "qr", "size": 64, "code": {"vcard": {}}});
    let icon = json!({"network": "x", "link": "https://a.example/"});
    for (blocks, expected) in [
        (json!([{"type": "html", "html": "{{city}}".repeat(8191)}]), "8192 parts; at most 1000 are allowed"),
        (json!(vec![json!({"type": "divider"}); 1001]), "1001 parts"),
        (json!([{"type": "columns", "columns": vec![json!({"blocks": []}); 1001]}]), "1002 parts"),
        (json!([{"type": "social", "icons": vec![icon; 1001]}]), "1002 parts"),
        (text(json!(vec![json!([]); 1001])), "1002 parts"),
        (text(json!([vec!["x"; 1001]])), "1003 parts"),
        (text(json!([[{"text": "x", "link": vec![""; 1001]}]])), "1004 parts"),
        (
            json!([{"type": "button", "text": vec![""; 1001], "link": "https://a.example/", "colour": "#111111"}]),
            "1002 parts",
        ),
        (
            json!([{"type": "if", "when": [{"is": "empty", "field": "city"}], "otherwise": vec![json!({"type": "divider"}); 1001]}]),
            "1003 parts",
        ),
        (text(json!(vec![json!(["x".repeat(4096)]); 33])), "135168 octets of text; at most 131072 are allowed"),
        (json!(vec![json!({"type": "html", "html": "x".repeat(65_536)}); 3]), "196608 octets of text"),
        (json!(vec![code; 5]), "5 codes; at most 4 are allowed"),
    ] {
        let problems = file_problems(&tenant(blocks));
        assert!(
            problems.iter().any(|line| line.starts_with("/signatures/0/design/blocks: ") && line.contains(expected)),
            "{expected}: {problems:?}"
        );
    }
}

#[test]
fn the_pictures_of_a_design_fit_a_message() {
    let pictures = |count: usize| {
        let octets = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, PNG).unwrap();
        let large =
            base64::Engine::encode(&base64::engine::general_purpose::STANDARD, [octets, vec![0; 1_000_000]].concat());
        let ids = (0..count).map(|at| format!("p{at}"));
        let blocks: Vec<Value> = ids.clone().map(|id| json!({"type": "image", "image": id, "width": 9})).collect();
        // The same picture again is no other picture.
        let mut tenant = tenant(Value::Array([blocks.clone(), blocks].concat()));
        tenant["images"] = ids.map(|id| json!({"id": id, "type": "image/png", "base64": large})).collect();
        file_problems(&tenant)
    };
    assert_eq!(pictures(4), Vec::<String>::new());
    let problems = pictures(5);
    assert!(
        problems.len() == 1 && problems[0].contains(" octets of pictures; at most 4194304 are allowed"),
        "{problems:?}"
    );
}

fn file_problems(tenant: &Value) -> Vec<String> {
    let parsed = TenantFile::parse(tenant.to_string().as_bytes());
    parsed.err().unwrap_or_default().iter().map(ToString::to_string).collect()
}
