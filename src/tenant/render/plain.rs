//! Writes a design as plain text.
//!
//! At most 78 columns where words allow it, lines ended by LF, no two empty lines in a row, and never a `-- ` line:
//! mail programs hide what follows it.

use super::merge::{self, Run};
use crate::tenant::Person;
use crate::tenant::design::{Block, Design, Picture, Text};

const COLUMNS: usize = 78;

/// The text; empty when nothing of the design can be said in words.
pub(super) fn render(design: &Design, person: &Person) -> String {
    let mut lines = Vec::new();
    blocks(&design.blocks, person, &mut lines);
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

fn blocks(blocks: &[Block], person: &Person, lines: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Text(text_block) => text(text_block, person, lines),
            Block::Disclaimer(text_block) => {
                lines.push(String::new());
                text(text_block, person, lines);
            }
            Block::Columns(columns) => columns.columns.iter().for_each(|c| self::blocks(&c.blocks, person, lines)),
            Block::Rows(rows) => self::blocks(&rows.blocks, person, lines),
            Block::Banner(banner) => picture(banner, person, lines),
            Block::Image(image) if image.link.is_some() => picture(image, person, lines),
            // A logo or a face says nothing in words.
            Block::Image(_) | Block::Logo(_) | Block::Photo(_) => {}
            Block::Social(social) => lines.extend(social.icons.iter().filter_map(|icon| {
                let link = merge::link(icon.link.as_ref()?, person)?;
                Some(format!("{}: {link}", icon.network.title()))
            })),
            Block::Divider(_) | Block::Spacer(_) => lines.push(String::new()),
        }
    }
}

fn text(text: &Text, person: &Person, lines: &mut Vec<String>) {
    for runs in merge::lines(&text.lines, person) {
        let line: String = runs.iter().map(words).collect();
        lines.extend(line.split('\n').map(str::to_owned));
    }
}

/// The words of a run, with the target of its link where the words do not say it.
fn words(run: &Run<'_>) -> String {
    let Some(link) = &run.link else { return run.text.clone() };
    let says_itself = link.starts_with("mailto:") || link.starts_with("tel:") || link.contains(run.text.trim());
    if says_itself { run.text.clone() } else { format!("{} <{link}>", run.text) }
}

fn picture(picture: &Picture, person: &Person, lines: &mut Vec<String>) {
    let alt = merge::alt(&picture.alt, person);
    let link = picture.link.as_ref().and_then(|link| merge::link(link, person));
    if alt.is_empty() && link.is_none() {
        return;
    }
    lines.push(String::new());
    lines.extend((!alt.is_empty()).then_some(alt));
    lines.extend(link);
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
