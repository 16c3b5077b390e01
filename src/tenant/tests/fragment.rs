//! HTML of the file's own, read by a builder of trees as browsers have one: whatever it holds, what it opens it ends, and
//! it ends nothing else.
use super::*;
use proptest::prelude::*;
use scraper::{ElementRef, Html, Selector};

/// What the renderer makes of the fragment, with a cell, a table and a message around it, as a tree.
fn tree(fragment: &str) -> (String, Html) {
    let mut tenant = contoso();
    tenant["signatures"][0]["design"]["blocks"] =
        json!([{"type": "text", "lines": [["-"]]}, {"type": "html", "html": fragment}]);
    let snapshot = snapshot(tenant);
    let drawn = snapshot.preview("standard", snapshot.person("ada@contoso.example").unwrap(), None).unwrap().html;
    let page = format!(
        "<!DOCTYPE html><body><table><tr><td id=host>{drawn}<i id=end></i></td><td id=after></td></tr></table>\
         <p id=reply></p></body>"
    );
    (drawn, Html::parse_document(&page))
}

fn one<'a>(tree: &'a Html, selector: &str) -> ElementRef<'a> {
    let found: Vec<_> = tree.select(&Selector::parse(selector).unwrap()).collect();
    assert_eq!(found.len(), 1, "{selector}");
    found[0]
}

/// The id of the element that holds this one.
fn parent(element: ElementRef<'_>) -> String {
    let parent = element.parent().and_then(ElementRef::wrap).unwrap();
    parent.value().id().unwrap_or(parent.value().name()).to_owned()
}

/// Whether the tree has the places around the fragment where they were, and all of the fragment between them.
fn stays_in_place(fragment: &str) -> bool {
    let (drawn, tree) = tree(fragment);
    let own = one(&tree, "[class^=signet-]");
    let tables = one(&tree, "body > table").select(&Selector::parse("table").unwrap()).count();
    let sound = parent(one(&tree, "#end")) == "host"
        && parent(own) == "host"
        && one(&tree, "#host")
            .next_sibling()
            .and_then(ElementRef::wrap)
            .is_some_and(|next| next.value().id() == Some("after"))
        && parent(one(&tree, "#reply")) == "body"
        && own.next_sibling().and_then(ElementRef::wrap).is_some_and(|next| next.value().id() == Some("end"))
        && tables == drawn.matches("<table").count();
    if !sound {
        eprintln!("{fragment}\n{drawn}\n{}", tree.html());
    }
    sound
}

#[test]
fn a_table_in_a_table_stays_in_its_place() {
    for fragment in [
        "<table><tr><td>A</td></tr><table><tr><td>B</td></tr></table>",
        "<table><table><table>x",
        "<table><tr><table><tr><td>x</table></table></table>",
        "<table><b><table><tr><td>x</td></tr></table></b></table>",
        "<table><tr><td><div><table><tr><td>x</table></div></td></tr></table>",
        "<table><tbody><p><table><tr><td>x",
        "<ul><li><table><li><tr><td></ul></table>",
    ] {
        assert!(stays_in_place(fragment), "{fragment}");
    }
    // One inside a cell is drawn inside it.
    let (_, nested) = tree("<table><tr><td><table id=x title=inner><tr><td>x</td></tr></table></td></tr></table>");
    assert_eq!(parent(one(&nested, "table[title=inner]")), "td");
}

fn piece() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "table",
        "tbody",
        "tr",
        "td",
        "p",
        "div",
        "b",
        "a",
        "i",
        "font",
        "ul",
        "li",
        "h1",
        "span",
        "center",
        "blockquote",
        "hr",
        "br",
        "script",
        "form",
        "thead",
        "caption",
        "select",
        "svg",
        "style",
    ]);
    prop_oneof![
        4 => (prop::sample::select(vec!["table", "tr", "td", "tbody"]), any::<bool>())
            .prop_map(|(name, closes)| format!("<{}{name}>", if closes { "/" } else { "" })),
        4 => (name, any::<bool>()).prop_map(|(name, closes)| format!("<{}{name}>", if closes { "/" } else { "" })),
        1 => prop::sample::select(vec!["x", "<", "&lt;", "<!--", "-->", "<!x>", "<b/", "<td x='", "\">", " "]).prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_fragment_leaves_its_place(pieces in prop::collection::vec(piece(), 0..24)) {
        prop_assert!(stays_in_place(&pieces.concat()));
    }
}
