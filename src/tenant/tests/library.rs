//! The library: every template for every kind of person, in every format.
//!
//! `make templates` draws the contact sheet: the ignored test here writes the pages, a browser takes the pictures.
use super::*;
use crate::tenant::library::{Template, portraits, templates};
use base64::{Engine, engine::general_purpose::STANDARD};

/// Who signs: all facts, few, none, right to left, long ones, hostile ones.
fn people() -> Value {
    let hostile = "\"><img src=x onerror=alert(1)></td></table>{\\rtf1}\u{202e}\r\n-- \r\n";
    let everything = |value: &dyn Fn(&str) -> String| -> Value {
        Attribute::ALL.iter().map(|attribute| (attribute.word().to_owned(), json!(value(attribute.word())))).collect()
    };
    let custom = [
        "pronouns",
        "linkedin",
        "github",
        "booking",
        "hours",
        "languages",
        "degree",
        "timezone",
        "clerks",
        "assistant",
        "assistantPhone",
        "district",
    ];
    let own = |value: &dyn Fn(&str) -> String| -> Value {
        custom.iter().map(|name| ((*name).to_owned(), json!(value(name)))).collect()
    };
    json!([
        {"id": "full", "addresses": ["full@contoso.example"], "manager": "boss", "photo": "portrait-ada",
         "attributes": {"displayName": "Ada Vance", "firstName": "Ada", "lastName": "Vance", "jobTitle": "Head of Partnerships",
            "department": "Customer Success", "emailAddress": "ada.vance@contoso.example", "telephoneNumber": "+44 20 7946 0958",
            "mobileNumber": "+44 7700 900123", "faxNumber": "+44 20 7946 0959", "office": "4.12",
            "streetAddress": "12 Harbour Street\nFloor 3", "city": "London", "state": "Greater London",
            "postalCode": "EC1A 1AA", "country": "United Kingdom"},
         "custom": {"pronouns": "she/her", "linkedin": "https://www.linkedin.com/in/example", "github": "adavance",
            "booking": "https://book.example/ada", "hours": "Tue and Thu, 14:00 to 16:00", "languages": "English, French",
            "degree": "MD", "timezone": "Europe/London", "clerks": "+44 20 7946 0111", "assistant": "Noor Haddad",
            "assistantPhone": "+44 20 7946 0960", "district": "District North"}},
        {"id": "boss", "addresses": ["boss@contoso.example"], "photo": "portrait-sam",
         "attributes": {"displayName": "Sam Okafor", "firstName": "Sam", "lastName": "Okafor", "jobTitle": "Director",
            "emailAddress": "sam@contoso.example", "mobileNumber": "+44 7700 900456"}},
        {"id": "sparse", "addresses": ["sparse@contoso.example"],
         "attributes": {"displayName": "Jo Lindqvist", "emailAddress": "jo@contoso.example"}},
        {"id": "empty", "addresses": ["empty@contoso.example"]},
        {"id": "rtl", "addresses": ["rtl@contoso.example"], "photo": "portrait-sam",
         "attributes": {"displayName": "\u{644}\u{64a}\u{644}\u{649} \u{62d}\u{62f}\u{627}\u{62f}", "firstName": "\u{644}\u{64a}\u{644}\u{649}",
            "lastName": "\u{62d}\u{62f}\u{627}\u{62f}", "jobTitle": "\u{645}\u{62f}\u{64a}\u{631}\u{629} \u{627}\u{644}\u{645}\u{628}\u{64a}\u{639}\u{627}\u{62a}",
            "department": "\u{62e}\u{62f}\u{645}\u{629} \u{627}\u{644}\u{639}\u{645}\u{644}\u{627}\u{621}", "emailAddress": "layla@contoso.example",
            "telephoneNumber": "+971 4 555 0100", "mobileNumber": "+971 50 555 0101", "city": "\u{62f}\u{628}\u{64a}"},
         "custom": {"booking": "https://book.example/layla", "linkedin": "https://www.linkedin.com/in/example"}},
        {"id": "long", "addresses": ["long@contoso.example"], "photo": "portrait-ada",
         "attributes": {"displayName": "Maximiliane Konstantina von Hohenstein-Wittelsbach", "firstName": "Maximiliane Konstantina",
            "lastName": "von Hohenstein-Wittelsbach", "jobTitle": "Senior Vice President for Strategic Partnerships and International Alliances",
            "department": "Department of Intercontinental Customer Relations and Quality Assurance",
            "emailAddress": "maximiliane.konstantina.von.hohenstein-wittelsbach@subsidiary.contoso.example",
            "telephoneNumber": "+49 (0) 89 5555 0100 200 ext. 4711", "mobileNumber": "+49 170 555 0100 23",
            "office": "Building C, wing 7, room 4.128", "streetAddress": "Hermann-von-Helmholtz-Promenade 128\nEntrance in the second courtyard",
            "city": "Garmisch-Partenkirchen", "postalCode": "82467", "country": "Germany"},
         "custom": {"pronouns": "she/her", "hours": "Monday to Thursday, 09:00 to 12:30 and 14:00 to 17:45", "booking": "https://book.example/m"}},
        {"id": "hostile", "addresses": ["hostile@contoso.example"], "attributes": everything(&|_| hostile.to_owned()),
         "custom": own(&|_| format!("javascript:{hostile}")), "manager": "hostile"}
    ])
}

const IDS: [&str; 7] = ["full", "boss", "sparse", "empty", "rtl", "long", "hostile"];

/// A tenant of these people with this template, switched on.
fn tenant(template: &Template) -> Snapshot {
    let parsed = TenantFile::parse(tenant_json(template).to_string().as_bytes());
    let file = parsed.unwrap_or_else(|problems| panic!("{}: {problems:?}", template.id));
    Snapshot::compile(file, secrets(), Revision(1)).unwrap()
}

fn tenant_json(template: &Template) -> Value {
    let mut tenant = contoso();
    tenant["groups"] = json!([]);
    tenant["people"] = people();
    let images = template.images().into_iter().chain(portraits()).map(|image| json!(image));
    tenant["images"] = images.collect();
    let mut signature = json!(template.signature());
    signature["enabled"] = json!(true);
    tenant["signatures"] = json!([signature]);
    tenant
}

fn drawn(snapshot: &Snapshot, template: &Template, id: &str) -> Option<Preview> {
    let person = snapshot.person(&format!("{id}@contoso.example")).unwrap();
    snapshot.preview(&template.id, person, Some("https://images.example"))
}

#[test]
fn the_library_is_large_and_every_file_of_it_ships() {
    let shipped = templates();
    assert!(shipped.len() >= 24, "{}", shipped.len());
    let mut ids: Vec<&str> = shipped.iter().map(|template| template.id.as_str()).collect();
    ids.sort_unstable();
    let folder = |name: &str| -> std::path::PathBuf {
        [env!("CARGO_MANIFEST_DIR"), "src/tenant/library", name].iter().collect()
    };
    let names = |name: &str, ending: &str| {
        let entries = std::fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> =
            entries.filter_map(|name| name.to_str()?.strip_suffix(ending).map(str::to_owned)).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(ids, names("templates", ".json"));
    assert_eq!(names("pictures", ".png"), names("pictures", ".svg"));
    for template in &shipped {
        assert!(template.description.len() > 40 && !template.categories.is_empty(), "{}", template.id);
        assert_eq!(template.images().len(), template.pictures.len(), "{}", template.id);
        let used = serde_json::to_string(&template.design).unwrap();
        for picture in &template.pictures {
            assert!(used.contains(&format!("\"image\":\"{picture}\"")), "{}: {picture}", template.id);
        }
    }
}

#[test]
fn every_template_is_sound_for_every_person() {
    for template in templates() {
        let snapshot = tenant(&template);
        for id in IDS {
            let place = format!("{} for {id}", template.id);
            let Some(Preview { html, plain, rtf, images }) = drawn(&snapshot, &template, id) else {
                assert!(id == "empty", "{place}: nothing is left");
                continue;
            };
            check_html(&html, &images, &place);
            visible(&html).iter().for_each(|line| check_line(line, &place));
            if !matches!(id, "long" | "hostile") {
                // Long lines of plain text are broken wherever words end.
                plain.lines().for_each(|line| check_line(line, &place));
            }
            assert!(!plain.contains("\n\n\n") && !plain.starts_with('\n'), "{place}: {plain}");
            let fits = |line: &str| line.chars().count() <= 78 || !line.contains(' ');
            assert!(plain.lines().all(fits), "{place}: {plain}");
            check_rtf(&rtf, &place);
            if id == "full" {
                assert!(html.contains("Ada") || html.contains("ada") || html.contains("ADA"), "{place}");
                assert!(plain.to_lowercase().contains("ada") && rtf.to_lowercase().contains("ada"), "{place}");
            }
        }
        let largest = snapshot.largest_stamp_bytes();
        for id in IDS {
            let octets = drawn(&snapshot, &template, id).map_or(0, |preview| preview.html.len() + preview.plain.len());
            assert!(octets as u64 <= largest);
        }
    }
}

#[test]
fn what_was_exported_and_imported_is_drawn_the_same() {
    for template in templates() {
        let json = tenant_json(&template);
        let file = TenantFile::parse(json.to_string().as_bytes()).unwrap();
        let exported = file.to_json();
        let again = TenantFile::parse(exported.as_bytes()).unwrap();
        let compile = |file| Snapshot::compile(file, secrets(), Revision(1)).unwrap();
        let (before, after) = (compile(file), compile(again));
        for id in IDS {
            assert_eq!(drawn(&before, &template, id), drawn(&after, &template, id), "{} for {id}", template.id);
        }
        assert!(drawn(&before, &template, "full").is_some());
    }
}

/// The HTML parses to the elements that were written, balanced; pictures are ours; no cell is without content.
fn check_html(html: &str, images: &[crate::imprint::Image], place: &str) {
    assert!(html.is_ascii() && !html.contains(|c: char| c.is_control()), "{place}");
    let (tags, balanced) = safety::tags(html);
    assert!(balanced, "{place}: {html}");
    let seen: Vec<String> = tags
        .iter()
        .map(|(name, list)| {
            format!("{name} {}", list.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(" "))
        })
        .collect();
    assert_eq!(seen, safety::elements(html), "{place}");
    for (name, attributes) in &tags {
        for (key, value) in attributes {
            match key.as_str() {
                "src" => assert!(
                    value.starts_with("https://images.example/i/")
                        || images.iter().any(|image| *value == format!("cid:{}", image.id)),
                    "{place}: {value}"
                ),
                "href" => assert!(
                    ["https://", "mailto:", "tel:"].iter().any(|scheme| value.starts_with(scheme)),
                    "{place}: {value}"
                ),
                _ => assert!(!key.starts_with("on"), "{place}: {name} {key}"),
            }
        }
    }
    // Pictures aside, nothing that is opened is closed without content.
    let bare =
        html.split("<img ").map(|piece| piece.split_once('>').map_or(piece, |(_, rest)| rest)).collect::<String>();
    for empty in ["<tr></tr>", "<br></td>", "<br><br>", "\"><br>", "\"></span>"] {
        assert!(!bare.contains(empty), "{place}: {empty} in {html}");
    }
}

/// What a reader sees, line by line.
fn visible(html: &str) -> Vec<String> {
    let mut text = String::new();
    for piece in html.replace("<br>", "\n").replace("</td>", "\n</td>").split('<') {
        text.push_str(piece.split_once('>').map_or(piece, |(_, words)| words));
    }
    let text =
        text.replace("&#160;", " ").replace("&amp;", "&").replace("&#183;", "\u{b7}").replace("&#8226;", "\u{2022}");
    text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// No label without its value, no separator without a neighbour.
fn check_line(line: &str, place: &str) {
    let line = line.trim();
    let dangling = ['|', '\u{b7}', '\u{2022}', ',', ':', ';', '/', '\u{60c}', '\u{2013}'];
    // A link of plain text ends a line as it likes; hostile values bring signs of their own.
    if line.contains("://") || line.contains("onerror") || line.contains("&#") {
        return;
    }
    assert!(!line.ends_with(dangling), "{place}: `{line}`");
    assert!(!line.starts_with(dangling), "{place}: `{line}`");
    assert!(!line.contains("()") && !line.contains("| |") && !line.contains(", ,"), "{place}: `{line}`");
    let labels = ["T", "M", "E", "W", "Room", "Direct", "Mobile", "Phone", "Mail", "Visit", "Telephone", "Clerks"];
    // The fact sheet has its labels in a column of their own, each row under a condition.
    assert!(!labels.contains(&line) || place.starts_with("fact-sheet"), "{place}: `{line}` stands alone");
}

fn check_rtf(rtf: &str, place: &str) {
    assert!(rtf.is_ascii() && rtf.starts_with("{\\rtf1\\ansi") && rtf.ends_with('}'), "{place}");
    let (mut depth, mut escaped) = (0i32, false);
    for c in rtf.chars() {
        depth += match c {
            '{' if !escaped => 1,
            '}' if !escaped => -1,
            _ => 0,
        };
        escaped = c == '\\' && !escaped;
        assert!(depth >= 0, "{place}");
    }
    assert_eq!(depth, 0, "{place}");
}

/// Letters stand out from what is behind them, and do so still when a mail program has turned both dark.
#[test]
fn every_colour_can_be_read() {
    for template in templates() {
        let base = template.design.style.colour.clone().unwrap_or("#333333".to_owned());
        contrast(&json!(template.design.blocks), &base, "#ffffff", &template.id);
    }
}

fn contrast(value: &Value, colour: &str, background: &str, place: &str) {
    match value {
        Value::Array(list) => list.iter().for_each(|one| contrast(one, colour, background, place)),
        Value::Object(map) => {
            let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
            let is = |kind: &str| map.get("type").and_then(Value::as_str) == Some(kind);
            let behind =
                text(map.get("frame").and_then(|frame| frame.get("background"))).unwrap_or(background.to_owned());
            let own = text(map.get("style").and_then(|style| style.get("colour"))).unwrap_or(colour.to_owned());
            if map.contains_key("field") || map.contains_key("text") && !is("button") || map.contains_key("lines") {
                let ratio = ratio(&own, &behind);
                // Single signs such as a bullet are ornaments.
                let ornament = text(map.get("text")).is_some_and(|words| words.trim().chars().count() <= 1);
                assert!(ratio >= 4.5 || ornament, "{place}: {own} on {behind} is {ratio:.1} to 1 in {value}");
            }
            if is("button") && map.get("outline").is_none() {
                let field = text(map.get("colour")).unwrap();
                let words =
                    text(map.get("style").and_then(|style| style.get("colour"))).unwrap_or("#ffffff".to_owned());
                assert!(ratio(&words, &field) >= 4.5, "{place}: {words} on {field}");
            }
            map.values().for_each(|one| contrast(one, &own, &behind, place));
        }
        _ => {}
    }
}

/// WCAG 2.2, contrast ratio.
fn ratio(one: &str, other: &str) -> f64 {
    let luminance = |colour: &str| {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    };
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Writes `target/contact-sheet/*.html`: all templates for one person, and each for all people. Reads the folder, so
/// that a design can be worked on without a build.
#[test]
#[ignore = "make templates"]
fn contact_sheet() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = root.join("target/contact-sheet");
    std::fs::create_dir_all(&out).unwrap();
    let mut all: Vec<Template> = templates();
    for template in &mut all {
        let file = root.join(format!("src/tenant/library/templates/{}.json", template.id));
        *template = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    }
    let mut sheets: Vec<(&str, String)> = vec![("full", String::new()), ("people", String::new())];
    for template in &all {
        let snapshot = tenant(template);
        let shown = |id: &str| match drawn(&snapshot, template, id) {
            Some(preview) => with_pictures(&preview, &snapshot),
            None => "<i>nothing</i>".to_owned(),
        };
        sheets[0].1.push_str(&format!("<div class=one><h3>{}</h3>{}</div>", template.name, shown("full")));
        let row: String = ["sparse", "empty", "rtl", "long"]
            .map(|id| format!("<div class=one><h3>{id}</h3>{}</div>", shown(id)))
            .concat();
        sheets[1].1.push_str(&format!("<h2>{}</h2>{row}", template.name));
    }
    for (name, body) in sheets {
        let page = format!(
            "<!doctype html><meta charset=utf-8><style>body{{margin:24px;background:#fff;columns:2;column-gap:40px}}\
             h2,h3{{font:12px sans-serif;color:#888;margin:0 0 8px}}h2{{font-weight:bold;color:#555}}\
             .one{{break-inside:avoid;border-bottom:1px solid #eee;padding:18px 0}}</style>{body}"
        );
        std::fs::write(out.join(format!("{name}.html")), page).unwrap();
    }
}

/// The HTML with every picture inside it.
fn with_pictures(preview: &Preview, snapshot: &Snapshot) -> String {
    let mut html = preview.html.clone();
    for image in snapshot.hosted_images() {
        let data = format!("data:image/png;base64,{}", STANDARD.encode(image.bytes()));
        html = html.replace(&format!("https://images.example/i/{}", image.file_name()), &data);
    }
    for image in &preview.images {
        let data = format!("data:image/png;base64,{}", STANDARD.encode(&image.bytes));
        html = html.replace(&format!("cid:{}", image.id), &data);
    }
    html
}
