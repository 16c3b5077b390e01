//! Whatever a directory holds: the HTML stays balanced and has no tag, attribute or target that the design did not
//! put there, the plain text no line or character of its own, and no stamp is larger than was said.
use proptest::prelude::*;

use super::*;

/// All block types, every attribute in text, link and alternative text.
fn tenant() -> Value {
    let mut tenant = contoso();
    let lines: Vec<Value> = Attribute::ALL
        .iter()
        .map(|attribute| {
            let word = attribute.word();
            json!(["L ", {"field": word, "link": [{"field": word}]}, " | ", {"field": word, "link":
                ["https://a.example/?q=", {"field": word}]}, ", ", {"field": word, "link": ["tel:", {"field": word}]}])
        })
        .collect();
    let alt = json!(["Alt ", {"field": "displayName"}]);
    tenant["signatures"][0]["images"] = json!("embedded");
    tenant["signatures"][0]["design"]["blocks"] = json!([
        {"type": "text", "lines": lines},
        {"type": "columns", "columns": [
            {"blocks": [{"type": "logo", "image": "logo", "width": 10, "alt": alt}]},
            {"blocks": [{"type": "banner", "image": "logo", "width": 10, "alt": alt, "link": [{"field": "extension1"}]}]}]},
        {"type": "social", "icons": [{"network": "linkedin", "link": [{"field": "extension1"}]}]},
        {"type": "disclaimer", "lines": [[{"field": "jobTitle"}]]},
        {"type": "if", "when": [{"is": "equals", "field": "city", "value": "York"}],
            "then": [{"type": "photo", "width": 40, "initials": "#111111"}], "otherwise": [
            {"type": "button", "text": [{"field": "custom.word"}], "link": ["https://a.example/", {"field": "city"}],
                "colour": "#111111"}]},
        {"type": "text", "lines": [["M ", {"field": "manager.displayName", "format": ["upper",
            {"replace": {"from": "a", "to": "<b>\u{202e}aaaaaaaa"}}]}],
            [{"field": "telephoneNumber", "format": [{"phone": {"style": "dots", "country": "44"}}, "title", "trim"]}]]},
        {"type": "qr", "size": 64, "code": {"vcard": {"organisation": "A;B"}}},
        {"type": "qr", "size": 64, "code": {"link": ["https://a.example/", {"field": "lastName"}]}},
        {"type": "html", "html": "<p onclick=x style='color:#111111;position:fixed' title='{{city}}'>Hi {{displayName}} \
            <b>{{manager.jobTitle}}</b> <a href=\"{{extension1}}\">l</a> <a href=\"https://a.example/?q={{city}}\">m</a>\
            <script>alert(1)</script><img src=\"image:logo\" alt=\"{{lastName}}\"></td></table></div>"}
    ]);
    tenant["signatures"][0]["design"]["direction"] = json!("auto");
    tenant["people"][0]["manager"] = json!("ada");
    tenant
}

fn with(attributes: &[(Attribute, String)]) -> Snapshot {
    let mut tenant = tenant();
    tenant["people"][0]["attributes"] =
        attributes.iter().map(|(a, value)| (a.word().to_owned(), json!(value))).collect();
    tenant["people"][0]["custom"]["word"] = json!(attributes[0].1);
    snapshot(tenant)
}

/// A start tag: its name, its attributes.
pub(super) type Tag = (String, Vec<(String, String)>);

/// Every start tag with its attributes, in order, and whether the tags are balanced.
pub(super) fn tags(html: &str) -> (Vec<Tag>, bool) {
    let mut found = Vec::new();
    let mut open = Vec::new();
    let mut balanced = true;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (tag, after) = rest[at + 1..].split_once('>').unwrap();
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            balanced &= open.pop() == Some(name.to_owned());
            continue;
        }
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut list = Vec::new();
        while let Some((key, value)) = attributes.trim_start().split_once("=\"") {
            let (value, after) = value.split_once('"').unwrap();
            list.push((key.to_owned(), value.to_owned()));
            attributes = after;
        }
        balanced &= attributes.trim().is_empty();
        if !matches!(name, "br" | "img") {
            open.push(name.to_owned());
        }
        found.push((name.to_owned(), list));
    }
    (found, balanced && open.is_empty())
}

/// What lol_html, an HTML parser of its own, sees as elements.
pub(super) fn elements(html: &str) -> Vec<String> {
    let seen = std::cell::RefCell::new(Vec::new());
    let handler = lol_html::element!("*", |element| {
        let names: Vec<String> = element.attributes().iter().map(|attribute| attribute.name()).collect();
        seen.borrow_mut().push(format!("{} {}", element.tag_name(), names.join(" ")));
        Ok(())
    });
    let settings = lol_html::RewriteStrSettings::new().append_element_content_handler(handler);
    lol_html::rewrite_str(html, settings).unwrap();
    seen.into_inner()
}

fn check(values: Vec<String>) -> Result<(), TestCaseError> {
    let attributes: Vec<_> = Attribute::ALL.iter().copied().zip(values).collect();
    let snapshot = with(&attributes);
    let stamp = stamp(&snapshot, "ada@contoso.example");
    let mut octets = 0;
    for piece in &stamp.pieces {
        prop_assert!(piece.html.is_ascii() && !piece.html.contains(|c: char| c.is_control()));
        let (found, balanced) = tags(&piece.html);
        prop_assert!(balanced, "{}", piece.html);
        let seen: Vec<String> = found
            .iter()
            .map(|(name, list)| {
                format!("{name} {}", list.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(" "))
            })
            .collect();
        prop_assert_eq!(&seen, &elements(&piece.html));
        for (name, list) in &found {
            prop_assert!(
                ["div", "table", "tr", "td", "a", "img", "br", "span", "p", "b"].contains(&name.as_str()),
                "{}",
                name
            );
            for (key, value) in list {
                let known = [
                    "class",
                    "role",
                    "cellpadding",
                    "cellspacing",
                    "border",
                    "style",
                    "align",
                    "valign",
                    "width",
                    "height",
                    "src",
                    "alt",
                    "href",
                    "target",
                    "title",
                    "bgcolor",
                    "dir",
                ];
                prop_assert!(known.contains(&key.as_str()), "{}", key);
                let target = ["https:", "http:", "mailto:", "tel:"].iter().any(|scheme| value.starts_with(scheme));
                prop_assert!(key != "style" || !value.contains("position"));
                prop_assert!(key != "href" || target, "{}", value);
                prop_assert!(key != "src" || value == "cid:logo" || value.starts_with("cid:qr+"));
            }
        }
        let hidden =
            |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
        prop_assert!(!piece.plain.contains(hidden), "{:?}", piece.plain);
        prop_assert!(!piece.plain.lines().any(|line| line == "-- " || line == "--"));
        octets += piece.html.len() * 4 / 3 + piece.plain.len() * 3;
        octets += piece.images.iter().map(|image| image.bytes.len() * 4 / 3).sum::<usize>();
    }
    prop_assert!(octets as u64 <= snapshot.largest_stamp_bytes());
    Ok(())
}

/// Pieces that break out of one context or another.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<script>alert(1)</script>"),
        Just("\"><img src=x onerror=a>"),
        Just("' onload='x"),
        Just("</div></table>"),
        Just("javascript:alert(1)"),
        Just("JaVa\tScRiPt:x"),
        Just("data:text/html,x"),
        Just("https://"),
        Just("//evil.example"),
        Just("https://good.example@evil.example/"),
        Just("&lt;b&gt;"),
        Just("&#60;"),
        Just("<!--"),
        Just("-->"),
        Just("]]>"),
        Just("\r\n"),
        Just("\n\n-- \n"),
        Just("\0"),
        Just("\u{202e}gpj"),
        Just("\u{2066}"),
        Just("\u{feff}"),
        Just("\u{85}"),
        Just("\u{1f600}"),
        Just("中"),
        Just("=3D"),
        Just("."),
        Just(" "),
        Just("+49 (0) 30"),
        Just("www.a.example"),
        Just("a@b")
    ]
    .prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![piece, any::<char>().prop_map(String::from), "[ -~]{0,9}"], 0..6)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_value_leaves_its_context(values in prop::collection::vec(hostile(), Attribute::ALL.len())) {
        check(values)?;
    }
}

#[test]
fn every_canary_in_every_attribute() {
    for canary in [
        "<b>canary</b>",
        "\" style=\"x",
        "javascript:alert(1)",
        "https://x.example/\"><script>",
        "\u{0}\u{1}\u{7f}\u{9f}",
        "\u{202a}\u{202e}\u{2066}\u{2069}",
        "a\r\nBcc: b@c.example",
        "</td></tr></table>",
        "vbscript:x",
        "https://a@b.example/",
        "",
        " ",
    ] {
        check(vec![canary.to_owned(); Attribute::ALL.len()]).unwrap();
    }
}

#[test]
fn a_number_is_dialled_without_what_stands_behind_it() {
    for (value, expected) in [
        ("+44 (0) 20 7946-0958", "tel:+442079460958"),
        ("+39 (0)6 6982 1234", "tel:+390669821234"),
        ("+353 1 677 9000 ext. 12", "tel:+35316779000;ext=12"),
        ("+353 1 677 9000 x12", "tel:+35316779000;ext=12"),
        ("+353 1 677 9000, Extension: 12", "tel:+35316779000;ext=12"),
        ("+353 1 677 9000 #12", "tel:+35316779000;ext=12"),
        ("+353 1 677 9000 mornings, 086 1 evenings", "tel:+35316779000"),
        ("+353 1 677 9000; +353 86 123 4567", "tel:+35316779000"),
        ("+353 1 677 9000 +353 86 123 4567", "tel:+35316779000"),
        ("+49 30 901820 / 821", "tel:+4930901820"),
        ("030/901820", "tel:030901820"),
        ("Tel. 030 901820", "tel:030901820"),
        ("ask Bob", ""),
    ] {
        let mut tenant = contoso();
        tenant["people"][0]["attributes"] = json!({"telephoneNumber": value});
        let field = json!({"field": "telephoneNumber"});
        tenant["signatures"][0]["design"]["blocks"] =
            json!([{"type": "text", "lines": [[{"text": "x", "link": ["tel:", field]}]]}]);
        let html = stamp(&snapshot(tenant), "ada@contoso.example").pieces[0].html.clone();
        let target = html.split_once("href=\"").map_or("", |(_, rest)| rest.split_once('"').unwrap().0);
        assert_eq!(target, expected, "{value}");
    }
}

#[test]
fn links_of_attributes_keep_to_safe_targets() {
    let table = [
        ("https://www.example.com/in/ada", Some("https://www.example.com/in/ada")),
        ("HTTP://a.example", Some("http://a.example")),
        ("www.example.com/a b", Some("https://www.example.com/a%20b")),
        ("example.com", Some("https://example.com")),
        ("mailto:a@b.example", Some("mailto:a@b.example")),
        ("https://a.example/?x=<y>&z=\"", Some("https://a.example/?x=%3Cy%3E&amp;z=%22")),
        ("https://münchen.example/", Some("https://m%C3%BCnchen.example/")),
        ("javascript:alert(1)", None),
        (" java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("//evil.example", None),
        ("https:evil.example", None),
        ("https://", None),
        ("https://good.example@evil.example/", None),
        ("https://good.example\\@evil.example/", None),
        ("https://good.example\\path", None),
        ("ada", None),
        ("ada@contoso.example", None),
        ("mailto:", None),
    ];
    for (value, expected) in table {
        let mut tenant = contoso();
        tenant["people"][0]["attributes"] = json!({"extension1": value});
        tenant["signatures"][0]["design"]["blocks"] =
            json!([{"type": "text", "lines": [[{"text": "x", "link": [{"field": "extension1"}]}]]}]);
        let html = stamp(&snapshot(tenant), "ada@contoso.example").pieces[0].html.clone();
        let target = html.split_once("href=\"").map(|(_, rest)| rest.split_once('"').unwrap().0.to_owned());
        assert_eq!(target.as_deref(), expected, "{value}");
    }
}
