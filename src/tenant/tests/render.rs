//! How designs are drawn: snapshots of HTML and plain text, empty attributes, images, the cache.
use super::*;

/// The signature of Ada's with these attributes and one signature of these blocks.
fn drawn(attributes: Value, blocks: Value) -> (String, String) {
    let mut tenant = contoso();
    tenant["people"][0]["attributes"] = attributes;
    tenant["signatures"][0]["design"]["blocks"] = blocks;
    let snapshot = snapshot(tenant);
    let ada = snapshot.person("ada@contoso.example").unwrap();
    let preview = snapshot.preview("standard", ada, Some("https://images.example"));
    preview.map(|preview| (inner(&preview.html), preview.plain)).unwrap_or_default()
}

/// The HTML within the marked element.
fn inner(html: &str) -> String {
    html.strip_suffix("</div>").unwrap()[r#"<div class="signet-1234567890123">"#.len()..].to_owned()
}

fn text(lines: Value) -> Value {
    json!([{"type": "text", "lines": lines}])
}

/// What a reader sees of the HTML of one text block: `/` for each line break.
fn words(html: &str) -> String {
    let mut out = String::new();
    for piece in html.replace("<br>", "/").split('<') {
        out.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
    }
    out
}

#[test]
fn each_attribute_is_shown_when_it_is_there_and_takes_label_and_line_along_when_it_is_not() {
    for attribute in Attribute::ALL {
        let word = attribute.word();
        let lines =
            json!([["First"], ["Label: ", {"field": word, "link": ["mailto:", {"field": word}]}, " (end)"], ["Last"]]);
        let (html, plain) = drawn(json!({word: "value"}), text(lines.clone()));
        assert_eq!(words(&html), "First/Label: value (end)/Last", "{word}");
        assert!(html.contains("href=\"mailto:value\""), "{word}");
        assert_eq!(plain, "First\nLabel: value (end)\nLast\n");
        let invisible = "\u{200b}\u{3164}\u{ad}\u{2800}\u{200d}\u{fe0f}\u{115f}\u{34f}";
        for empty in ["", " \t\n", "\u{202e}\u{0}", invisible] {
            let (html, plain) = drawn(json!({word: empty}), text(lines.clone()));
            assert_eq!(words(&html), "First/Last", "{word}");
            assert_eq!(plain, "First\nLast\n");
        }
        assert_eq!(drawn(json!({}), text(lines)).1, "First\nLast\n");
    }
}

#[test]
fn each_attribute_stands_in_links_and_alternative_texts() {
    for attribute in Attribute::ALL {
        let word = attribute.word();
        let field = json!({"field": word});
        let blocks = json!([
            {"type": "text", "lines": [[{"text": "Page", "link": ["https://a.example/?q=", field]}]]},
            {"type": "logo", "image": "logo", "width": 9, "alt": ["Of ", field]},
            {"type": "html", "html": format!("<a href=\"https://b.example/{{{{{word}}}}}\">b</a><img src=\"image:logo\" alt=\"{{{{{word}}}}}\">")}
        ]);
        let (html, _) = drawn(json!({word: "v 1"}), blocks.clone());
        for expected in
            ["href=\"https://a.example/?q=v%201\"", "alt=\"Of v 1\"", "href=\"https://b.example/v%201\"", "alt=\"v 1\""]
        {
            assert!(html.contains(expected), "{word}: {expected} in {html}");
        }
        let (html, _) = drawn(json!({}), blocks);
        assert!(html.contains("alt=\"Of\"") && html.contains("alt=\"\"") && !html.contains("href"), "{word}: {html}");
    }
}

#[test]
fn characters_that_join_letters_stay_and_alone_are_nothing() {
    let joined = "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}";
    let lines = json!([["L ", {"field": "city"}], ["end"]]);
    assert_eq!(drawn(json!({"city": joined}), text(lines.clone())).1, format!("L {joined}\nend\n"));
    let html = |value: &str| drawn(json!({"city": value}), json!([{"type": "html", "html": "<b>{{city}}</b>"}])).0;
    assert_eq!(html("\u{200b}\u{2800}"), "");
    assert!(html(joined).contains("&#8204;"));
}

#[test]
fn plain_text_says_the_target_of_a_link_unless_its_words_do() {
    for (words, link, expected) in [
        ("book", "https://book.example/ada", "book <https://book.example/ada>"),
        ("https://book.example/ada", "https://book.example/ada", "https://book.example/ada"),
        ("book.example/ada", "https://book.example/ada", "book.example/ada"),
        ("Book.Example", "https://book.example/", "Book.Example"),
        ("book.example", "https://book.example/ada", "book.example <https://book.example/ada>"),
        ("ada@a.example", "mailto:ada@a.example", "ada@a.example"),
        ("Write", "mailto:ada@a.example", "Write <mailto:ada@a.example>"),
        ("+44 (0) 20 7946 0958", "tel:+442079460958", "+44 (0) 20 7946 0958"),
        ("Call", "tel:+442079460958", "Call <tel:+442079460958>"),
    ] {
        let own = drawn(json!({}), text(json!([[{"text": words, "link": link}]]))).1;
        assert_eq!(own, format!("{expected}\n"));
        let html = format!("Go: <a href=\"{link}\">{words}</a>.");
        let raw = drawn(json!({}), json!([{"type": "html", "html": html}])).1;
        assert_eq!(raw, format!("Go: {expected}.\n"));
    }
    let raw = |html: &str| drawn(json!({}), json!([{"type": "html", "html": html}])).1;
    assert_eq!(raw("<a href=\"https://a.example/\">one<br>two</a>"), "one\ntwo <https://a.example/>\n");
    assert_eq!(raw("x <a href=\"https://a.example/\"><img src=\"image:logo\"></a>"), "x <https://a.example/>\n");
}

#[test]
fn labels_and_separators_go_with_their_field() {
    let (t, m, f) =
        (json!({"field": "telephoneNumber"}), json!({"field": "mobileNumber"}), json!({"field": "faxNumber"}));
    let phones = json!(["T ", t, " | M ", m, " | F ", f]);
    let name = json!({"field": "displayName"});
    let bracket = json!([name, " (", m, ") at Contoso"]);
    let own = json!([name, {"field": "mobileNumber", "before": " [", "after": "]"}]);
    let linked = json!([{"text": "Site", "link": "https://a.example/"}, " | ", m, " | ", f]);
    let (department, office) = (json!({"field": "department"}), json!({"field": "office"}));
    let two = json!([name, " (", department, ", room ", office, ") at Contoso"]);
    let inside = json!([name, " (", department, " [", office, "] floor)"]);
    let link_inside = json!([name, " (", department, ", ", {"text": "Site", "link": "https://a.example/"}, ")"]);
    let table = [
        (&phones, json!({"telephoneNumber": "1", "mobileNumber": "2", "faxNumber": "3"}), "T 1 | M 2 | F 3"),
        (&phones, json!({"mobileNumber": "2", "faxNumber": "3"}), "M 2 | F 3"),
        (&phones, json!({"telephoneNumber": "1", "faxNumber": "3"}), "T 1 | F 3"),
        (&phones, json!({"telephoneNumber": "1", "mobileNumber": "2"}), "T 1 | M 2"),
        (&phones, json!({"faxNumber": "3"}), "F 3"),
        (&phones, json!({}), ""),
        (&bracket, json!({"displayName": "A", "mobileNumber": "2"}), "A (2) at Contoso"),
        (&bracket, json!({"displayName": "A"}), "A at Contoso"),
        (&own, json!({"displayName": "A", "mobileNumber": "2"}), "A [2]"),
        (&own, json!({"displayName": "A"}), "A"),
        (&two, json!({"displayName": "A", "department": "D", "office": "O"}), "A (D, room O) at Contoso"),
        (&two, json!({"displayName": "A", "office": "O"}), "A (room O) at Contoso"),
        (&two, json!({"displayName": "A", "department": "D"}), "A (D) at Contoso"),
        (&two, json!({"displayName": "A"}), "A at Contoso"),
        (&two, json!({"office": "O"}), "(room O) at Contoso"),
        (&inside, json!({"displayName": "A", "office": "O"}), "A ([O] floor)"),
        (&inside, json!({"displayName": "A", "department": "D"}), "A (D floor)"),
        (&inside, json!({"displayName": "A"}), "A"),
        (&link_inside, json!({"displayName": "A"}), "A (Site)"),
        (&linked, json!({"mobileNumber": "2"}), "Site | 2"),
        (&linked, json!({"faxNumber": "3"}), "Site | 3"),
    ];
    for (line, attributes, expected) in table {
        let (html, _) = drawn(attributes.clone(), text(json!([line])));
        assert_eq!(words(&html), expected, "{attributes}");
    }
}

#[test]
fn a_street_keeps_its_lines_and_nothing_else_does() {
    let (html, plain) = drawn(
        json!({"streetAddress": "1 A St\r\nFloor 2\n3\r4", "city": "Lon\r\ndon"}),
        text(json!([["At ", {"field": "streetAddress"}], [{"field": "city"}]])),
    );
    assert_eq!(words(&html), "At 1 A St/Floor 2/3/4/Lon don");
    assert_eq!(plain, "At 1 A St\nFloor 2\n3\n4\nLon don\n");
}

#[test]
fn blocks_without_content_are_not_drawn() {
    let nothing = json!([
        {"type": "text", "lines": [[{"field": "city"}]]}, {"type": "divider"}, {"type": "spacer", "height": 4},
        {"type": "photo", "width": 40},
        {"type": "social", "icons": [{"network": "x"}, {"network": "github", "link": [{"field": "city"}]}]},
        {"type": "columns", "columns": [{"blocks": [{"type": "text", "lines": [["C ", {"field": "city"}]]}]}, {"blocks": []}]},
        {"type": "rows", "blocks": [{"type": "rows", "blocks": []}]}
    ]);
    assert_eq!(drawn(json!({}), nothing.clone()), (String::new(), String::new()));
    let (html, plain) = drawn(json!({"city": "York"}), nothing);
    assert_eq!(html.matches("York").count(), 2);
    assert!(html.matches("<tr>").count() == html.matches("</tr>").count());
    assert_eq!(plain, "York\n\nC York\n");
}

#[test]
fn a_signature_is_drawn_in_tables_with_inline_styles() {
    let (html, plain) = drawn(
        json!({"displayName": "Ada Vance", "emailAddress": "ada@contoso.example"}),
        json!([{"type": "columns", "gap": 8, "columns": [
            {"width": 48, "blocks": [{"type": "logo", "image": "logo", "alt": "Contoso", "width": 48, "height": 40}]},
            {"rule": "#dddddd", "vertical": "middle", "blocks": [{"type": "text", "style": {"size": 14}, "lines": [
                [{"field": "displayName", "style": {"weight": "bold", "colour": "#0b5cad"}}],
                [{"field": "emailAddress", "link": ["mailto:", {"field": "emailAddress"}]}]]}]}]}]),
    );
    let outer = "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" dir=\"ltr\" \
                 style=\"border-collapse:separate\">";
    let table = outer.replace(" dir=\"ltr\"", "");
    let font = "font-family:Arial, Helvetica, sans-serif;font-size:14px;line-height:19px;color:";
    let file = snapshot(contoso()).hosted_images().next().unwrap().file_name().to_owned();
    assert_eq!(
        html,
        format!(
            "{outer}<tr><td>{table}<tr>\
             <td valign=\"top\" width=\"48\" style=\"vertical-align:top;padding:0\">{table}<tr>\
             <td align=\"left\" style=\"text-align:left;padding:0\">\
             <img src=\"https://images.example/i/{file}\" width=\"48\" height=\"40\" border=\"0\" alt=\"Contoso\" \
             style=\"display:block;border:0;width:48px;height:40px\"></td></tr></table></td>\
             <td width=\"8\" style=\"width:8px;font-size:0\">&#160;</td>\
             <td valign=\"middle\" style=\"vertical-align:middle;padding:0;padding-left:8px;\
             border-left:1px solid #dddddd\">\
             {table}<tr><td align=\"left\" style=\"text-align:left;padding:0;{font}#333333;font-weight:normal\">\
             <span style=\"{font}#0b5cad;font-weight:bold\">Ada Vance</span><br>\
             <a href=\"mailto:ada@contoso.example\" target=\"_blank\" style=\"color:#333333;text-decoration:none\">\
             ada@contoso.example</a></td></tr></table></td></tr></table></td></tr></table>"
        )
    );
    assert_eq!(plain, "Ada Vance\nada@contoso.example\n");
}

#[test]
fn banners_icons_and_small_print() {
    let (html, plain) = drawn(
        json!({"extension1": "www.example.com/in/ada?a=1&b=2"}),
        json!([
            {"type": "banner", "image": "logo", "alt": "Our fair", "width": 60, "link": "https://contoso.example/fair"},
            {"type": "social", "size": 20, "icons": [{"network": "linkedin", "link": [{"field": "extension1"}]},
                {"network": "github", "link": "https://github.example/c", "image": "logo"}, {"network": "x"}]},
            {"type": "divider", "colour": "#123456", "thickness": 2}, {"type": "spacer", "height": 9},
            {"type": "disclaimer", "align": "centre", "lines": [["Small print."]]}
        ]),
    );
    assert!(
        html.contains("<a href=\"https://contoso.example/fair\" target=\"_blank\" style=\"text-decoration:none\"><img")
    );
    assert!(html.contains("href=\"https://www.example.com/in/ada?a=1&amp;b=2\""), "{html}");
    assert!(html.contains("bgcolor=\"#0a66c2\"") && html.contains(" title=\"LinkedIn\">in</a>"), "{html}");
    assert_eq!(html.matches("title=\"").count(), 1);
    assert!(html.contains("border-top:2px solid #123456"));
    assert!(html.contains("<td height=\"9\""));
    assert!(html.contains("text-align:center") && html.contains("font-size:10px"));
    assert_eq!(
        plain,
        "Our fair\nhttps://contoso.example/fair\nLinkedIn: https://www.example.com/in/ada?a=1&b=2\n\
         GitHub: https://github.example/c\n\nSmall print.\n"
    );
}

#[test]
fn plain_text_is_wrapped_and_never_ends_the_message() {
    let long = "word ".repeat(40);
    let (_, plain) = drawn(
        json!({"displayName": "--", "city": "-- ", "jobTitle": long, "office": "x".repeat(100)}),
        text(json!([[{"field": "displayName"}], [{"field": "city"}], [{"field": "jobTitle"}], [{"field": "office"}],
            [], ["see ", {"text": "our site", "link": "https://contoso.example/"}]])),
    );
    assert!(!plain.lines().any(|line| line.trim_end() == "--" || line.ends_with(' ')), "{plain}");
    assert!(plain.lines().filter(|line| line.contains(' ')).all(|line| line.chars().count() <= 78));
    assert!(plain.ends_with("\n\nsee our site <https://contoso.example/>\n"), "{plain}");
}

#[test]
fn pieces_stand_where_their_signature_says_and_images_travel_with_it() {
    let entry = |id: &str, place: &str, images: &str| {
        let mut entry = signature(id, json!({}));
        entry["place"] = json!(place);
        entry["images"] = json!(images);
        entry["then_continue"] = json!(true);
        entry["design"]["blocks"] = json!([{"type": "logo", "image": "logo", "width": 10}]);
        entry
    };
    let tenant = with_signatures(vec![
        entry("a", "top", "embedded"),
        entry("b", "reply", "hosted"),
        entry("c", "bottom", "hosted"),
    ]);
    let snapshot = snapshot(tenant);
    let stamp = stamp(&snapshot, "ada@contoso.example");
    use crate::imprint::Place::{Bottom, Reply, Top};
    assert_eq!(stamp.pieces.iter().map(|piece| piece.place).collect::<Vec<_>>(), [Top, Reply, Bottom]);
    let [embedded, hosted, _] = stamp.pieces.as_slice() else { panic!() };
    assert!(embedded.html.contains("src=\"cid:logo\""));
    assert_eq!((embedded.images[0].id.as_str(), embedded.images[0].file_name.as_str()), ("logo", "logo.png"));
    assert!(embedded.images[0].bytes.starts_with(b"\x89PNG"));
    assert!(hosted.images.is_empty() && hosted.html.contains("src=\"https://images.example/i/"));
    // Without an address to host them at, they travel too.
    let candidates = ask(&snapshot, "ada@contoso.example", &["x@fabrikam.example"]).unwrap();
    let Choice::Sign(signed) = candidates.choose(&snapshot, &body(Kind::First)).remove(0) else { panic!() };
    assert!(snapshot.stamp(&signed, None).pieces.iter().all(|piece| piece.images.len() == 1));
    // Rendered once, then kept.
    assert!(std::sync::Arc::ptr_eq(&stamp, &snapshot.stamp(&signed, Some("https://images.example"))));
}

#[test]
fn the_tenants_own_image_address_comes_first() {
    let mut tenant = contoso();
    tenant["image_base"] = json!("https://img.contoso.example/x/");
    tenant["signatures"][0]["design"]["blocks"] = json!([{"type": "logo", "image": "logo", "width": 10}]);
    let stamp = stamp(&snapshot(tenant), "ada@contoso.example");
    assert!(stamp.pieces[0].html.contains("src=\"https://img.contoso.example/x/i/"), "{}", stamp.pieces[0].html);
}

#[test]
fn a_signature_of_which_nothing_is_left_is_not_drawn() {
    assert_eq!(drawn(json!({}), text(json!([[{"field": "faxNumber"}]]))), Default::default());
}

#[test]
fn the_cache_stays_within_its_bound() {
    let mut tenant = contoso();
    let people: Vec<Value> = (0..400)
        .map(|at| {
            json!({"id": format!("p{at}"), "addresses": [format!("p{at}@contoso.example")],
            "attributes": {"displayName": format!("{at} {}", "x".repeat(4000))}})
        })
        .collect();
    tenant["people"].as_array_mut().unwrap().extend(people);
    let snapshot = snapshot(tenant);
    for at in 0..400 {
        let stamp = stamp(&snapshot, &format!("p{at}@contoso.example"));
        assert!(stamp.pieces[0].html.contains(&format!(">{at} xxx")));
        assert!(snapshot.stamps().bytes() <= 4 << 20);
    }
    assert!(snapshot.stamps().bytes() > 1 << 20);
}
