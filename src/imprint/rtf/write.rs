//! What is put into a body in RTF: wrapped HTML, lines of plain text, paragraphs with their fonts and colours.
//!
//! Everything is ASCII and a group of its own, so that neither the code page nor the formatting around it matters.

use std::fmt::Write;

use super::super::stamp::RichText;
use super::Spot;
use super::read::TableEnds;
use super::token::{Tokens, What};

/// HTML inside RTF (MS-OXRTFEX section 2.1.3), line ends as CRLF; `seen` is what readers of the RTF alone see of it.
pub fn wrapped(html: &str, seen: &str, spot: Spot) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8 + seen.len() + 64);
    if let Spot::InTag(_) = spot {
        push_markup(&mut out, html);
        return out;
    }
    out.push_str("{\\*\\htmltag64 ");
    push_markup(&mut out, html);
    out.push_str("}\\htmlrtf {\\uc1\\pard\\plain ");
    push_lines(&mut out, seen);
    out.push_str("\\par}\\htmlrtf0 ");
    out
}

/// Plain text inside RTF, each LF a paragraph.
pub fn lines(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len() + plain.len() / 8 + 16);
    out.push_str("{\\uc1 ");
    push_lines(&mut out, plain);
    out.push('}');
    out
}

/// Markup stands for itself but for what is RTF.
fn push_markup(out: &mut String, html: &str) {
    for one in html.chars() {
        match one {
            '\\' | '{' | '}' => out.extend(['\\', one]),
            '\n' => out.push_str("\\par "),
            '\r' => {}
            '\t' | ' '..='~' => out.push(one),
            one => {
                let _ = write!(out, "&#{};", u32::from(one));
            }
        }
    }
}

fn push_lines(out: &mut String, plain: &str) {
    for one in plain.chars() {
        match one {
            '\\' | '{' | '}' => out.extend(['\\', one]),
            '\n' => out.push_str("\\par\n"),
            '\t' => out.push_str("\\tab "),
            ' '..='~' => out.push(one),
            one if one.is_control() => {}
            one => {
                let mut units = [0; 2];
                for unit in one.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{}?", i16::from_be_bytes(unit.to_be_bytes()));
                }
            }
        }
    }
}

/// Fonts and colours that are added to those a body has. Without such a table in it, its own ones are used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tables {
    next_font: Option<i32>,
    next_colour: Option<i32>,
    /// What goes to the end of the font table.
    pub fonts: String,
    /// What goes to the end of the colour table.
    pub colours: String,
}

/// Words that have the number of a colour.
const COLOURED: [&[u8]; 4] = [b"cf", b"cbpat", b"clcbpat", b"brdrcf"];

impl Tables {
    pub fn new(ends: TableEnds) -> Tables {
        // Some programs count fonts of their own from 31,500 on; a number has sixteen bits.
        let next = |end: Option<(usize, i32)>| end.map(|(_, next)| next).filter(|next| *next < 32_000);
        Tables { next_font: next(ends.fonts), next_colour: next(ends.colours), ..Tables::default() }
    }

    /// The paragraphs as a group, their fonts and colours counted as in the body. `after_text`: text stands on the line
    /// before; `blank_before`, `blank_after`: an empty line is wanted.
    pub fn adopt(&mut self, piece: &RichText, after_text: bool, blank_before: bool, blank_after: bool) -> String {
        let (font, colour) = (self.next_font, self.next_colour);
        for (number, name) in (0..).zip(&piece.fonts) {
            if let Some(font) = font {
                let number = font.saturating_add(number);
                let _ = write!(self.fonts, "{{\\f{number}\\fnil {name};}}");
                self.next_font = Some(number.saturating_add(1));
            }
        }
        for [red, green, blue] in &piece.colours {
            if let Some(next) = self.next_colour {
                let _ = write!(self.colours, "\\red{red}\\green{green}\\blue{blue};");
                self.next_colour = Some(next.saturating_add(1));
            }
        }
        let mut out = String::with_capacity(piece.paragraphs.len() + 64);
        if after_text {
            out.push_str("\\par");
        }
        out.push_str("{\\uc1\\pard\\plain ");
        if blank_before {
            out.push_str("\\par\n");
        }
        push_counted(&mut out, &piece.paragraphs, font, colour);
        if blank_after {
            out.push_str("\\pard\\plain\\par\n");
        }
        out.push('}');
        out
    }
}

/// The paragraphs with other numbers of fonts and colours; without the words where there is no table.
fn push_counted(out: &mut String, paragraphs: &str, font: Option<i32>, colour: Option<i32>) {
    let mut written = 0;
    for token in Tokens::new(paragraphs.as_bytes()) {
        let What::Word { name, number: Some(number) } = token.what else { continue };
        let counted = match name {
            b"f" => font.map(|first| first.saturating_add(number)),
            _ if COLOURED.contains(&name) && number > 0 => colour.map(|first| first.saturating_add(number - 1)),
            _ if COLOURED.contains(&name) => Some(0),
            _ => continue,
        };
        out.push_str(paragraphs.get(written..token.start).unwrap_or_default());
        if let Some(counted) = counted {
            let _ = write!(out, "\\{}{counted}", String::from_utf8_lossy(name));
        }
        // What ended the number ends the new one, or the word before it.
        written = token.start + 1 + name.len() + digits(paragraphs, token.start + 1 + name.len());
    }
    out.push_str(paragraphs.get(written..).unwrap_or_default());
}

fn digits(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    rest.iter().take_while(|octet| octet.is_ascii_digit() || **octet == b'-').count()
}
