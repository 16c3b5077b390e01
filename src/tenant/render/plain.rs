//! Writes a design as plain text.
//!
//! At most 78 columns where words allow it, lines ended by LF, no two empty lines in a row, and never a `-- ` line:
//! mail programs hide what follows it.

use super::merge::{self, Run};
use super::{View, phone, raw, raw_fill};
use crate::tenant::design::{Block, Design, Picture, Text};

const COLUMNS: usize = 78;

/// The text; empty when nothing of the design can be said in words.
pub(super) fn render(design: &Design, view: &View<'_>) -> String {
    let mut lines = Vec::new();
    blocks(&mut design.blocks.iter(), view, &mut lines);
    let mut out = String::new();
    for line in &lines {
        let empty = line.trim().is_empty();
        if empty && (out.is_empty() || out.ends_with("\n\n")) {
            continue;
        }
        wrap(line, &mut out);
    }
    out.truncate(out.trim_end().len());
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// Whether something of the design can be said in words.
pub(super) fn says_something(design: &Design, view: &View<'_>) -> bool {
    design.blocks.iter().any(|block| {
        let mut lines = Vec::new();
        blocks(&mut std::iter::once(block), view, &mut lines);
        lines.iter().any(|line| !line.trim().is_empty())
    })
}

fn blocks(blocks: &mut dyn Iterator<Item = &Block>, view: &View<'_>, lines: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Text(text_block) => text(text_block, view, lines),
            Block::Disclaimer(text_block) => {
                lines.push(String::new());
                text(text_block, view, lines);
            }
            Block::Columns(columns) => {
                columns.columns.iter().for_each(|c| self::blocks(&mut c.blocks.iter(), view, lines));
            }
            Block::Rows(rows) => self::blocks(&mut rows.blocks.iter(), view, lines),
            Block::Banner(banner) => picture(banner, view, lines),
            Block::Image(image) if image.link.is_some() => picture(image, view, lines),
            // A logo, a face or a code says nothing in words.
            Block::Image(_) | Block::Logo(_) | Block::Photo(_) | Block::Qr(_) => {}
            Block::Social(social) => lines.extend(social.icons.iter().filter_map(|icon| {
                let link = merge::link(icon.link.as_ref()?, view)?;
                Some(format!("{}: {link}", icon.network.title()))
            })),
            Block::Divider(_) | Block::Spacer(_) => lines.push(String::new()),
            Block::Button(button) => {
                let text = merge::alt(&button.text, view);
                let link = merge::link(&button.link, view).filter(|_| !text.is_empty());
                lines.extend(link.map(|link| format!("{text}: {link}")));
            }
            Block::Html(html) => lines.extend(raw_text(&html.html, view)),
            Block::If(choice) => self::blocks(&mut view.branches(choice), view, lines),
        }
    }
}

fn text(text: &Text, view: &View<'_>, lines: &mut Vec<String>) {
    for runs in merge::lines(&text.lines, view) {
        let line: String = runs.iter().map(words).collect();
        lines.extend(line.split('\n').map(str::to_owned));
    }
}

/// The words of a run, with the target of its link where the words do not say it.
fn words(run: &Run<'_>) -> String {
    let Some(link) = &run.link else { return run.text.clone() };
    with_target(&run.text, link)
}

/// Words and the target of their link, where they are not the target themselves: an address, a number, or a URL, with
/// or without its scheme.
fn with_target(words: &str, link: &str) -> String {
    let shown = words.trim();
    let url = |text: &str| text.trim_end_matches('/').to_ascii_lowercase();
    let says_itself = match link.split_once(':') {
        Some(("mailto", address)) => shown.contains('@') || shown == address,
        Some(("tel", _)) => shown.chars().filter(char::is_ascii_digit).count() >= phone::FEWEST_DIGITS,
        Some((_, rest)) => [link, rest.trim_start_matches('/')].iter().any(|link| url(link) == url(shown)),
        None => false,
    };
    match says_itself {
        true => words.to_owned(),
        false if shown.is_empty() => format!("<{link}>"),
        false => format!("{words} <{link}>"),
    }
}

fn picture(picture: &Picture, view: &View<'_>, lines: &mut Vec<String>) {
    let alt = merge::alt(&picture.alt, view);
    let link = picture.link.as_ref().and_then(|link| merge::link(link, view));
    if alt.is_empty() && link.is_none() {
        return;
    }
    lines.push(String::new());
    lines.extend((!alt.is_empty()).then_some(alt));
    lines.extend(link);
}

/// The words of HTML, a line for each block of it; the target of a link follows its words.
pub(super) fn raw_text(html: &str, view: &View<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    // The link that is open, and where its words begin in the line.
    let mut linked: Option<(Option<String>, usize)> = None;
    for node in raw::parse(html) {
        match node {
            raw::Node::Text(text) => line.push_str(&raw_fill::filled(&text, view)),
            raw::Node::Markup(tag) => match (tag.name, tag.closes) {
                ("br" | "p" | "div" | "tr" | "li" | "table" | "hr" | "h1" | "h2" | "h3" | "h4" | "blockquote", _) => {
                    lines.extend(Some(std::mem::take(&mut line)).filter(|line| !line.trim().is_empty()));
                    linked = linked.map(|(target, _)| (target, 0));
                }
                ("td", true) => line.push(' '),
                ("a", false) => {
                    linked = Some((tag.attribute("href").and_then(|text| raw_fill::target(text, view)), line.len()));
                }
                ("a", true) => {
                    if let Some((Some(target), start)) = linked.take() {
                        let words = line.split_off(start);
                        line.push_str(&with_target(&words, &target));
                    }
                }
                ("img", _) => line.push_str(&raw_fill::filled(tag.attribute("alt").unwrap_or_default(), view)),
                _ => {}
            },
        }
    }
    lines.extend(Some(line).filter(|line| !line.trim().is_empty()));
    lines
}

/// Appends a line, broken between words.
fn wrap(line: &str, out: &mut String) {
    let mut column = 0;
    let mut start = out.len();
    for word in line.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > COLUMNS {
            end_line(out, start);
            (column, start) = (0, out.len());
        }
        if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    end_line(out, start);
}

/// Ends the line that began at `start`. `--` alone would hide what follows from many readers (RFC 3676 section 4.3).
fn end_line(out: &mut String, start: usize) {
    if out.get(start..) == Some("--") {
        out.truncate(start);
        out.push_str("- -");
    }
    out.push('\n');
}
