//! Golden mails: every `tests/fixtures/<client>/<case>/in.eml` is decoded and the place compared with `want`.
//!
//! `want` says by part what decoded text follows the place (first occurrence; empty for the end), the marker and the
//! kind. Every HTML place is also proven by an oracle: lol_html rewrites the text around the same offset, and the open
//! elements there must all bear a block.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mail_parser::MessageParser;

use super::{Ends, Found, Kind, html, plain};

#[test]
fn every_mail_has_its_place() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for folder in folders() {
        let message = fs::read(folder.join("in.eml")).unwrap();
        let want = fs::read_to_string(folder.join("want")).unwrap();
        let message = MessageParser::default().parse(&message).unwrap();
        for (format, text) in
            [("html", first(&message.html_body, &message)), ("plain", first(&message.text_body, &message))]
        {
            let Some(follows) = wanted(&want, format) else { continue };
            let text = text.unwrap_or_else(|| panic!("no {format} in {}", folder.display()));
            let found = if format == "html" { html::find(&text) } else { plain::find(&text) };
            checked += 1;
            if let Err(problem) = compare(&text, found.as_ref(), &want, format, &follows) {
                wrong.push(format!("{} {format}: {problem}", name(&folder)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {checked}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(checked >= 250, "only {checked} parts were checked");
}

/// The rows of the issue's table: answers, forwards and threads of each, in two languages at least.
#[test]
fn each_client_named_by_the_issue_has_mails_of_each_kind_in_two_languages() {
    let clients = [
        "outlook-2003",
        "outlook-2007",
        "outlook-2010",
        "outlook-2016",
        "outlook-web",
        "outlook-new",
        "outlook-ios",
        "outlook-android",
        "outlook-mac",
        "outlook-mac-2011",
        "hotmail",
        "windows-mail",
        "aol",
        "gmail",
        "yahoo",
        "thunderbird",
        "apple-mail",
        "apple-ios",
        "samsung",
        "proton",
        "tutanota",
        "zoho",
        "skiff",
        "gmx",
        "spark",
        "mailspring",
        "zimbra",
        "qq",
        "netease",
        "mail-ru",
        "yandex",
        "notes",
        "groupwise",
        "ticket",
        "generic",
    ];
    for client in clients {
        for kind in ["reply", "forward", "nested"] {
            let prefix = format!("{client}/{kind}");
            let of_it = folders().into_iter().map(|folder| name(&folder)).filter(|name| name.starts_with(&prefix));
            let languages: BTreeSet<_> = of_it.map(|name| language(&name)).collect();
            assert!(languages.len() >= 2, "{prefix} has {languages:?}");
        }
    }
}

/// What a mail's name ends in, if that is a language; else it is in the one that its client is mostly used in.
fn language(name: &str) -> &'static str {
    let known = ["chinese", "english", "french", "german", "italian", "japanese", "spanish", "swedish"];
    let last = name.rsplit('-').next();
    known.into_iter().find(|language| last == Some(*language)).unwrap_or("its own")
}

#[test]
fn every_html_place_of_the_golden_mails_bears_a_block() {
    for folder in folders() {
        let message = fs::read(folder.join("in.eml")).unwrap();
        let message = MessageParser::default().parse(&message).unwrap();
        let Some(text) = first(&message.html_body, &message) else { continue };
        if wanted(&fs::read_to_string(folder.join("want")).unwrap(), "html").is_none() {
            continue;
        }
        let found = html::find(&text).unwrap();
        let Ends { top, bottom } = html::ends(&text);
        for offset in [found.offset, top, bottom] {
            let open = open_elements(&text, offset);
            let bad = open
                .iter()
                .find(|name| ["p", "a", "table", "tr", "tbody", "span", "b", "head", "style"].contains(&name.as_str()));
            assert!(bad.is_none(), "{}: {open:?} are open at {offset}", name(&folder));
        }
    }
}

/// The names of the elements that lol_html holds open at a byte of the text.
fn open_elements(text: &str, offset: usize) -> Vec<String> {
    use lol_html::{ElementContentHandlers, HtmlRewriter, Settings, element, end_tag};
    use std::{cell::RefCell, rc::Rc};

    let open: Rc<RefCell<Vec<String>>> = Rc::default();
    let outer = Rc::clone(&open);
    let handler: (_, ElementContentHandlers<'_, _>) = element!("*", move |element| {
        if element.can_have_content() {
            let name = element.tag_name();
            outer.borrow_mut().push(name.clone());
            let inner = Rc::clone(&outer);
            if let Some(handlers) = element.end_tag_handlers() {
                handlers.push(end_tag!(move |_| {
                    let mut open = inner.borrow_mut();
                    if let Some(at) = open.iter().rposition(|open| *open == name) {
                        open.truncate(at);
                    }
                    Ok(())
                }));
            }
        }
        Ok(())
    });
    let settings = Settings::new().append_element_content_handler(handler);
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    rewriter.write(&text.as_bytes()[..offset]).unwrap();
    open.take()
}

fn compare(text: &str, found: Option<&Found>, want: &str, format: &str, follows: &str) -> Result<(), String> {
    let found = found.ok_or("nothing was found")?;
    let offset = if follows.is_empty() { text.len() } else { text.find(follows).ok_or("the fixture is wrong")? };
    if found.offset != offset {
        let there: String = text[found.offset..].chars().take(60).collect();
        return Err(format!("at {} and not {offset}, before {there:?} ({:?})", found.offset, found.marker));
    }
    let marker = wanted(want, &format!("{format}-marker"));
    if marker.as_deref() != Some(found.marker.unwrap_or("-")) {
        return Err(format!("marker {:?} and not {marker:?}", found.marker));
    }
    let kind = match found.kind {
        Some(Kind::Reply) => "reply",
        Some(Kind::Forward) => "forward",
        Some(Kind::First) | None => "-",
    };
    match wanted(want, &format!("{format}-kind")) {
        Some(wanted) if wanted == kind => Ok(()),
        wanted => Err(format!("kind {kind} and not {wanted:?}")),
    }
}

fn wanted(want: &str, key: &str) -> Option<String> {
    let line = want.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    let line = line.strip_prefix(' ').unwrap_or(line);
    Some(line.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t"))
}

fn first(parts: &[u32], message: &mail_parser::Message<'_>) -> Option<String> {
    let part = message.parts.get(usize::try_from(*parts.first()?).unwrap())?;
    part.text_contents().map(str::to_owned)
}

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut found = Vec::new();
    for client in fs::read_dir(root).unwrap() {
        for case in fs::read_dir(client.unwrap().path()).unwrap() {
            let case = case.unwrap().path();
            if case.join("want").exists() {
                found.push(case);
            }
        }
    }
    found.sort();
    found
}

fn name(folder: &Path) -> String {
    let case = folder.file_name().unwrap().to_string_lossy().into_owned();
    format!("{}/{case}", folder.parent().unwrap().file_name().unwrap().to_string_lossy())
}
