//! Blocks beyond text and pictures, formats, own facts, the manager's, overrides, right-to-left, RTF; and what is
//! refused.
use super::*;
use fast_qr::{ECL, QRBuilder};

/// Ada with these keys of her own, managed by Bob, and a signature of these blocks.
fn tenant(ada: Value, blocks: Value) -> Value {
    let mut tenant = contoso();
    for (key, value) in ada.as_object().unwrap() {
        tenant["people"][0][key] = value.clone();
    }
    tenant["people"][0]["manager"] = json!("bob");
    tenant["people"][1]["attributes"] = json!({"displayName": "Bob Stone", "jobTitle": "Head of Sales"});
    tenant["signatures"][0]["design"]["blocks"] = blocks;
    tenant
}

fn preview_of(tenant: Value) -> Option<Preview> {
    let snapshot = snapshot(tenant);
    snapshot.preview("standard", snapshot.person("ada@contoso.example").unwrap(), Some("https://images.example"))
}

fn preview(ada: Value, blocks: Value) -> Preview {
    preview_of(tenant(ada, blocks)).unwrap()
}

fn lines(lines: Value) -> Value {
    json!([{"type": "text", "lines": lines}])
}

#[test]
fn own_facts_and_the_managers_are_shown_and_hidden_as_attributes_are() {
    let blocks = lines(json!([
        [{"field": "displayName"}, {"field": "custom.pronouns", "before": " (", "after": ")"}],
        ["Reports to ", {"field": "manager.displayName"}, ", ", {"field": "manager.jobTitle"}],
        ["Manager's pronouns: ", {"field": "manager.custom.pronouns"}]
    ]));
    let shown = preview(json!({"custom": {"pronouns": "she/her"}}), blocks.clone());
    assert_eq!(shown.plain, "Ada Vance (she/her)\nReports to Bob Stone, Head of Sales\n");
    let mut without = tenant(json!({}), blocks);
    without["people"][0]["manager"] = json!("somebody-else");
    assert_eq!(preview_of(without).unwrap().plain, "Ada Vance\n");
}

#[test]
fn an_override_beats_the_directory_and_an_empty_one_hides() {
    let ada = json!({"custom": {"pronouns": "she/her"},
        "overrides": {"jobTitle": "Captain", "department": "", "custom.pronouns": " ", "city": "York"}});
    let fields =
        ["displayName", "jobTitle", "department", "custom.pronouns", "city"].map(|name| json!([{"field": name}]));
    assert_eq!(preview(ada.clone(), lines(json!(fields))).plain, "Ada Vance\nCaptain\nYork\n");
    // Conditions of signatures see the same value.
    let mut tenant = tenant(ada, lines(json!([["x"]])));
    tenant["signatures"][0]["applies"] =
        json!({"senders": {"attributes": [{"is": "equals", "field": "jobTitle", "value": "captain"}]}});
    assert_eq!(choose(&snapshot(tenant), &["x@fabrikam.example"], &body(Kind::First)), ["standard"]);
}

#[test]
fn formats_work_in_texts_links_and_alternative_texts() {
    let phone = json!([{"phone": {"style": "international", "country": "44"}}]);
    let shown = preview(
        json!({"attributes": {"displayName": "ADA  VANCE", "telephoneNumber": "020 7946 0001", "lastName": "Vance"}}),
        json!([
            {"type": "text", "lines": [
                [{"field": "displayName", "format": ["trim", "title"]}],
                [{"field": "telephoneNumber", "format": phone, "link": ["tel:", {"field": "telephoneNumber", "format": phone}]}],
                [{"text": "Page", "link": ["https://a.example/", {"field": "lastName", "format": ["lower"]}]}]]},
            {"type": "image", "image": "logo", "width": 9, "alt": [{"field": "lastName", "format": ["upper"]}]}
        ]),
    );
    assert_eq!(shown.plain, "Ada Vance\n+44 20 7946 0001\nPage <https://a.example/vance>\n");
    assert!(
        shown.html.contains("href=\"tel:+442079460001\"") && shown.html.contains("alt=\"VANCE\""),
        "{}",
        shown.html
    );
}

#[test]
fn blocks_stand_or_fall_by_an_attribute() {
    let ask = |test: Value| {
        let text = |word: &str| json!([{"type": "text", "lines": [[word]]}]);
        let block = json!([{"type": "if", "when": test, "then": text("yes"), "otherwise": text("no")}]);
        preview(json!({}), block).plain.trim().to_owned()
    };
    for (test, expected) in [
        (json!([{"is": "equals", "field": "department", "value": "sales"}]), "yes"),
        (json!([{"is": "equals", "field": "department", "value": "sale"}]), "no"),
        (json!([{"is": "contains", "field": "jobTitle", "value": "GINE"}]), "yes"),
        (json!([{"is": "starts_with", "field": "manager.displayName", "value": "bob"}]), "yes"),
        (json!([{"is": "ends_with", "field": "jobTitle", "value": "NEER"}]), "yes"),
        (json!([{"is": "ends_with", "field": "jobTitle", "value": "engi"}]), "no"),
        (json!([{"is": "matches", "field": "manager.displayName", "value": "^b.b"}]), "yes"),
        (json!([{"is": "matches", "field": "custom.word", "value": "."}]), "no"),
        (json!([{"is": "empty", "field": "city"}]), "yes"),
        (json!([{"is": "not_empty", "field": "city"}]), "no"),
        (json!([{"is": "empty", "field": "city"}, {"is": "equals", "field": "department", "value": "x"}]), "no"),
    ] {
        assert_eq!(ask(test.clone()), expected, "{test}");
    }
    // Rows of the table around it, with the gap of that table, and nothing at all when no branch is left.
    let inner = json!({"type": "if", "when": [{"is": "not_empty", "field": "city"}], "then": [{"type": "text", "lines": [["x"]]}]});
    let one = json!({"type": "text", "lines": [["one"]]});
    let html = |blocks: Value| preview(json!({}), blocks).html;
    assert_eq!(
        html(json!([{"type": "rows", "gap": 7, "blocks": [one, inner]}])),
        html(json!([{"type": "rows", "gap": 7, "blocks": [one]}]))
    );
    assert!(preview_of(tenant(json!({}), json!([inner]))).is_none());
}

#[test]
fn a_button_is_a_cell_and_is_hidden_without_its_link() {
    let button = |link: Value| {
        json!([{"type": "text", "lines": [["x"]]},
            {"type": "button", "text": ["Meet ", {"field": "displayName"}], "link": link, "colour": "#0b5cad", "shape": "rounded"}])
    };
    let shown = preview(json!({}), button(json!("https://a.example/book")));
    assert!(shown.html.contains("background-color:#0b5cad;border-radius:4px\" bgcolor=\"#0b5cad\""), "{}", shown.html);
    assert_eq!(shown.plain, "x\nMeet Ada Vance: https://a.example/book\n");
    assert!(shown.rtf.contains("HYPERLINK \"https://a.example/book\""));
    assert_eq!(preview(json!({}), button(json!([{"field": "extension1"}]))).plain, "x\n");
}

#[test]
fn a_photo_becomes_initials_where_there_is_none() {
    let blocks = json!([{"type": "photo", "width": 40, "shape": "round", "initials": "#123456"}]);
    let html = preview(json!({}), blocks.clone()).html;
    assert!(html.contains(">AV</td>") && html.contains("border-radius:20px"), "{html}");
    let html = preview(json!({"photo": "logo"}), blocks).html;
    assert!(html.contains("<img ") && !html.contains("AV"), "{html}");
}

/// The squares of a PNG of two colours made here, one a module.
fn squares(png: &[u8]) -> Vec<Vec<bool>> {
    let side = u32::from_be_bytes(png[16..20].try_into().unwrap()) as usize;
    let at = png.windows(4).position(|window| window == b"IDAT").unwrap();
    let length = u32::from_be_bytes(png[at - 4..at].try_into().unwrap()) as usize;
    let rows = miniz_oxide::inflate::decompress_to_vec_zlib(&png[at + 4..at + 4 + length]).unwrap();
    let pixel = |x: usize, y: usize| rows[y * (side.div_ceil(8) + 1) + 1 + x / 8] & (0x80 >> (x % 8)) != 0;
    let scale = (0..side).find(|at| pixel(*at, *at)).unwrap() / 4;
    (0..side / scale).map(|y| (0..side / scale).map(|x| pixel(x * scale, y * scale)).collect()).collect()
}

#[test]
fn a_code_says_the_persons_card() {
    let ada = json!({"attributes": {"displayName": "Ada Vance", "firstName": "Ada", "lastName": "Vance; O'Hara",
        "telephoneNumber": "+44 20 7946 0001", "streetAddress": "1 A St\nFloor 2", "city": "London"}});
    let shown = preview(ada, json!([{"type": "qr", "code": {"vcard": {"organisation": "Contoso, Ltd"}}, "size": 96}]));
    let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Vance\\; O'Hara;Ada;;;\r\nFN:Ada Vance\r\nORG:Contoso\\, Ltd\r\n\
                TEL;TYPE=WORK,VOICE:+44 20 7946 0001\r\nADR;TYPE=WORK:;;1 A St\\nFloor 2;London;;;\r\nEND:VCARD\r\n";
    let expected = QRBuilder::new(card).ecl(ECL::M).build().unwrap();
    let image = &shown.images[0];
    assert!(shown.html.contains(&format!("src=\"cid:{}\" width=\"96\" height=\"96\"", image.id)), "{}", shown.html);
    let drawn = squares(&image.bytes);
    assert_eq!(drawn.len(), expected.size + 8);
    for (y, row) in drawn.iter().enumerate() {
        for (x, dark) in row.iter().enumerate() {
            let inside = (4..4 + expected.size).contains(&x) && (4..4 + expected.size).contains(&y);
            assert_eq!(*dark, inside && expected[y - 4][x - 4].value(), "{x} {y}");
        }
    }
    assert!(shown.rtf.contains("\\pict\\pngblip\\picwgoal1440\\pichgoal1440"));
}

#[test]
fn html_of_the_file_is_cut_down_to_what_does_no_harm() {
    let table = [
        (
            "<p class=x id=y style=\"color:#111111;position:absolute;margin:-5px\">a</p>",
            "<p style=\"color:#111111\">a</p>",
        ),
        ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c"),
        ("a<script>x</script>b<STYLE>p{}</style>c<!-- d --><iframe src=x>e</iframe>", "abc"),
        ("<form action=x><input value=y>Name</form>", "Name"),
        ("</td></tr></table></div>end", "end"),
        ("<td>loose</td><tr><td>row", "looserow"),
        ("<table><tr><td>1<td>2<tr><td>3</table>4", "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>4"),
        ("<table><tr><td></table></td>x", "<table><tr><td></td></tr></table>x"),
        ("<a href=\"javascript:x\">a</a>", "<a target=\"_blank\">a</a>"),
        (
            "<a href='https://b.example/?x=1&amp;y=2' onclick=\"z\">a</a>",
            "<a href=\"https://b.example/?x=1&amp;y=2\" target=\"_blank\">a</a>",
        ),
        (
            "<a href=\"mailto:{{emailAddress}}\">{{ displayName }}</a>",
            "<a href=\"mailto:a%2Bb@c.example\" target=\"_blank\">&lt;Ada&gt; &amp; Co</a>",
        ),
        (
            "<img src=\"image:logo\" onerror=x width=9 height=\"1e9\">",
            "<img src=\"https://images.example/i/FILE\" width=\"9\">",
        ),
        ("<img src=\"http://t.example/x.gif\">x<img src=data:x>", "x"),
        (
            "<div style=\"background:url(x);color:rgb(1,2,3);width:expression(1)\">x</div>",
            "<div style=\"color:rgb(1,2,3)\">x</div>",
        ),
        ("a &lt;b&gt; &uuml; &bogus; &#8364; < c", "a &lt;b&gt; &#252; &amp;bogus; &#8364; &lt; c"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        (
            "<a title=\"x\" title='\"><b>' href=https://a.example>y",
            "<a title=\"x\" href=\"https://a.example\" target=\"_blank\">y</a>",
        ),
        ("<<b>>x", "&lt;<b>&gt;x</b>"),
        ("<b", ""),
    ];
    let file = snapshot(contoso()).hosted_images().next().unwrap().file_name().to_owned();
    let ada = json!({"attributes": {"displayName": "<Ada> & Co", "emailAddress": "a+b@c.example"}});
    for (html, expected) in table {
        let blocks = json!([{"type": "text", "lines": [["-"]]}, {"type": "html", "html": html}]);
        let drawn = preview(ada.clone(), blocks).html;
        let cells: Vec<&str> = drawn.rsplitn(2, "font-weight:normal\">").collect();
        let own = cells[0].strip_suffix("</td></tr></table></div>").unwrap();
        let own = if expected.is_empty() { "" } else { own };
        assert_eq!(own, expected.replace("FILE", &file), "{html}");
    }
    let plain = preview(
        ada,
        json!([{"type": "html", "html": "<table><tr><td>a</td><td>b</td></tr></table><p>See \
        <a href=\"https://x.example/\">our site</a></p>"}]),
    )
    .plain;
    assert_eq!(plain, "a b\nSee our site <https://x.example/>\n");
}

#[test]
fn right_to_left_mirrors_the_design_and_keeps_numbers_readable() {
    let mut tenant = tenant(
        json!({"attributes": {"displayName": "\u{5e2}\u{5d3}\u{5d4}", "telephoneNumber": "+972 3 555 0100"}}),
        json!([{"type": "columns", "gap": 8, "columns": [
            {"blocks": [{"type": "logo", "image": "logo", "width": 10}]},
            {"rule": "#dddddd", "blocks": [{"type": "text", "lines": [[{"field": "displayName"}], [{"field": "telephoneNumber"}]]}]}]},
            {"type": "rows", "frame": {"bar": {"side": "left", "colour": "#111111", "thickness": 3}}, "blocks": [
                {"type": "text", "align": "right", "lines": [["x"]]}]}]),
    );
    for direction in ["rtl", "auto"] {
        tenant["signatures"][0]["design"]["direction"] = json!(direction);
        let Preview { html, rtf, .. } = preview_of(tenant.clone()).unwrap();
        assert_eq!(html.matches("<table").count(), html.matches(" dir=\"rtl\"").count());
        assert!(html.contains("padding-right:8px;border-right:1px solid #dddddd"), "{html}");
        assert!(html.contains("border-right:3px solid #111111") && html.contains("<td align=\"left\""), "{html}");
        assert!(html.contains("<span dir=\"ltr\">+972 3 555 0100</span>"), "{html}");
        assert!(rtf.contains("\\rtlrow") && rtf.contains("\\rtlpar\\qr") && rtf.contains("\\u1506?"), "{rtf}");
    }
    // The blank behind a label in the other script stays between the two.
    let mut labelled = tenant.clone();
    labelled["signatures"][0]["design"]["blocks"] = lines(json!([["T ", {"field": "telephoneNumber"}]]));
    let html = preview_of(labelled).unwrap().html;
    assert!(html.contains("<span dir=\"ltr\">T</span> <span dir=\"ltr\">+972"), "{html}");
    // A name in the other script is set apart in a design that reads left to right.
    tenant["signatures"][0]["design"]["direction"] = json!("ltr");
    assert!(preview_of(tenant).unwrap().html.contains("<span dir=\"rtl\">&#1506;&#1491;&#1492;</span>"));
}

#[test]
fn rtf_is_balanced_and_escaped() {
    let ada =
        json!({"attributes": {"displayName": "A{b}\\c\u{1f600}\u{fc}", "streetAddress": "1\n2", "city": "\\par\\'41"}});
    let rtf = preview(
        ada,
        json!([{"type": "columns", "columns": [
            {"width": 50, "blocks": [{"type": "logo", "image": "logo", "width": 10}]},
            {"frame": {"background": "#112233"}, "blocks": [{"type": "text", "style": {"colour": "#ffffff", "weight": "bold"},
                "lines": [[{"field": "displayName"}], [{"field": "streetAddress"}], [{"field": "city"}]]}]}]},
            {"type": "divider"}, {"type": "text", "lines": [[{"text": "Site", "link": "https://a.example/"}]]}]),
    )
    .rtf;
    assert!(rtf.starts_with("{\\rtf1\\ansi") && rtf.is_ascii());
    let mut depth = 0i32;
    let mut escaped = false;
    for c in rtf.chars() {
        match c {
            '{' if !escaped => depth += 1,
            '}' if !escaped => depth -= 1,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        assert!(depth >= 0);
    }
    assert_eq!(depth, 0);
    assert!(rtf.contains("A\\{b\\}\\\\c\\u-10179?\\u-8704?\\u252?") && rtf.contains("1\\line 2"), "{rtf}");
    assert!(
        rtf.contains("\\\\par\\\\'41") && rtf.contains("\\clcbpat") && rtf.contains("{\\field{\\*\\fldinst"),
        "{rtf}"
    );
}

#[test]
fn the_bound_holds_for_every_branch_and_format() {
    let many = "<".repeat(256);
    let tenant = tenant(
        json!({"custom": {"word": "aaaa"}}),
        json!([{"type": "text", "lines": [[{"field": "custom.word", "format": [{"replace": {"from": "a", "to": many}}]}]]},
            {"type": "if", "when": [{"is": "empty", "field": "displayName"}],
                "then": [{"type": "text", "lines": [["t".repeat(3000)]]}],
                "otherwise": [{"type": "text", "lines": [["o".repeat(3000)]]}]},
            {"type": "qr", "size": 100, "code": {"vcard": {}}}]),
    );
    let snapshot = snapshot(tenant);
    let octets = |stamp: &Stamp| {
        stamp
            .pieces
            .iter()
            .map(|piece| {
                piece.html.len() + piece.plain.len() + piece.images.iter().map(|image| image.bytes.len()).sum::<usize>()
            })
            .sum::<usize>() as u64
    };
    let most = snapshot.largest_stamp_bytes();
    assert!(octets(&stamp(&snapshot, "ada@contoso.example")) <= most);
    assert!(octets(&stamp(&snapshot, "bob@contoso.example")) + 3000 <= most);
}

#[test]
fn what_cannot_be_drawn_is_refused_with_its_place() {
    let field = |format: Value| json!([{"type": "text", "lines": [[{"field": "city", "format": format}]]}]);
    let table = [
        (field(json!([{"phone": {"style": "dots", "country": "+44"}}])), "/0/lines/0/0/format/0/phone/country"),
        (field(json!([{"replace": {"from": ""}}])), "/0/lines/0/0/format/0/replace"),
        (field(json!([{"date": {"pattern": "%Q!"}}])), "/0/lines/0/0/format/0/date/pattern"),
        (field(json!(vec!["trim"; 9])), "/0/lines/0/0/format"),
        (json!([{"type": "if", "when": [], "then": []}]), "/0/when"),
        (json!([{"type": "if", "when": [{"is": "contains", "field": "city", "value": " "}]}]), "/0/when/0/value"),
        (
            json!([{"type": "if", "when": [{"is": "empty", "field": "city"}], "then": [{"type": "divider", "colour": "x"}]}]),
            "/0/then/0/colour",
        ),
        (json!([{"type": "if", "when": [{"is": "matches", "field": "city", "value": "("}]}]), "/0/when/0/value"),
        (json!([{"type": "html", "html": "{{jobtitle}}"}]), "/0/html"),
        (json!([{"type": "html", "html": "<img src=image:none>"}]), "/0/html"),
        (json!([{"type": "qr", "size": 20, "code": {"vcard": {}}}]), "/0/size"),
        (json!([{"type": "qr", "size": 90, "code": {"link": "javascript:x"}}]), "/0/code/link"),
        (json!([{"type": "button", "text": "x", "link": "x:y", "colour": "#112233"}]), "/0/link"),
        (json!([{"type": "rows", "blocks": [], "frame": {"background": "red", "padding": 99}}]), "/0/frame/background"),
        (json!([{"type": "photo", "width": 9, "initials": "blue"}]), "/0/initials"),
        (json!([{"type": "text", "lines": [], "style": {"leading": 20}}]), "/0/style/leading"),
    ];
    for (blocks, place) in table {
        let json = tenant(json!({}), blocks).to_string();
        let problems = TenantFile::parse(json.as_bytes()).unwrap_err();
        let place = format!("/signatures/0/design/blocks{place}");
        assert!(problems.iter().any(|problem| problem.place == place), "{place}: {problems:?}");
    }
    for (ada, place) in [
        (json!({"custom": {"a b": "x"}}), "/people/0/custom/a b"),
        (json!({"overrides": {"manager.city": "x"}}), "/people/0/overrides/manager.city"),
        (json!({"overrides": {"custom.x": "x".repeat(5000)}}), "/people/0/overrides/custom.x"),
    ] {
        let problems = TenantFile::parse(tenant(ada, json!([])).to_string().as_bytes()).unwrap_err();
        assert!(problems.iter().any(|problem| problem.place == place), "{place}: {problems:?}");
    }
    // Expressions of designs and of conditions are counted together.
    let many = |designs: usize, conditions: usize| {
        let tests = |field: &str, count: usize| -> Value {
            (0..count).map(|at| json!({"is": "matches", "field": field, "value": format!("x{at}")})).collect()
        };
        let mut tenant = tenant(json!({}), json!([{"type": "if", "when": tests("custom.a", designs)}]));
        tenant["signatures"][0]["applies"] = json!({"except": {"senders": {"attributes": tests("city", conditions)}}});
        TenantFile::parse(tenant.to_string().as_bytes())
    };
    assert!(many(20, 30).is_ok());
    let problems = many(20, 31).unwrap_err();
    assert_eq!(problems[0].to_string(), "/signatures: 51 regular expressions; at most 50 are allowed");
    let unknown = tenant(json!({"overrides": {"shoeSize": "x"}}), json!([])).to_string();
    assert!(TenantFile::parse(unknown.as_bytes()).unwrap_err()[0].message.contains("shoeSize"));
}
