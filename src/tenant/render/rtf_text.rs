//! The parts of RTF below paragraphs: fonts and colours in their tables, the controls of a run, escaped text.

use std::fmt::Write;

use super::qr::rgb;
use crate::imprint::RichText;
use crate::tenant::design::{Frame, Style, Weight};

/// The font and colour tables of a document.
#[derive(Debug, Default)]
pub(super) struct Tables {
    fonts: Vec<String>,
    colours: Vec<[u8; 3]>,
}

/// How a run is written.
#[derive(Debug, Clone)]
pub(super) struct Voice {
    font: usize,
    /// Pixels.
    size: u8,
    colour: usize,
    bold: bool,
    italic: bool,
    underline: bool,
    shade: Option<usize>,
}

impl Tables {
    /// The number of a font, known by its first name.
    fn font(&mut self, names: &str) -> usize {
        let name = names.split(',').next().unwrap_or_default().trim();
        position(&mut self.fonts, name.to_owned())
    }

    /// The paragraphs that count into the tables.
    pub(super) fn around(self, paragraphs: String) -> RichText {
        RichText { fonts: self.fonts, colours: self.colours, paragraphs }
    }

    /// The number of a colour; 0 is that of the reader.
    pub(super) fn colour(&mut self, colour: [u8; 3]) -> usize {
        position(&mut self.colours, colour) + 1
    }
}

fn position<T: PartialEq>(list: &mut Vec<T>, wanted: T) -> usize {
    let found = list.iter().position(|known| *known == wanted);
    found.unwrap_or_else(|| {
        list.push(wanted);
        list.len() - 1
    })
}

impl Voice {
    pub(super) fn base(tables: &mut Tables) -> Voice {
        let (font, colour) = (tables.font("Arial"), tables.colour([0x33; 3]));
        Voice { font, size: 13, colour, bold: false, italic: false, underline: false, shade: None }
    }

    pub(super) fn with(&self, style: &Style, tables: &mut Tables) -> Voice {
        let mut voice = self.clone();
        if let Some(font) = &style.font {
            voice.font = tables.font(font);
        }
        if let Some(colour) = style.colour.as_deref().and_then(rgb) {
            voice.colour = tables.colour(colour);
        }
        voice.size = style.size.unwrap_or(voice.size);
        voice.bold = style.weight.map_or(voice.bold, |weight| weight == Weight::Bold);
        voice.italic = style.italic.unwrap_or(voice.italic);
        voice.underline = style.underline.unwrap_or(voice.underline);
        voice
    }

    /// On the background of a frame.
    pub(super) fn on(&self, frame: Option<&Frame>, tables: &mut Tables) -> Voice {
        let background = frame.and_then(|frame| frame.background.as_deref()).and_then(rgb);
        Voice { shade: background.map(|colour| tables.colour(colour)).or(self.shade), ..self.clone() }
    }

    /// Half points: 1.5 for each pixel.
    pub(super) fn controls(&self) -> String {
        let mut out = format!("\\f{}\\fs{}\\cf{}", self.font, u32::from(self.size) * 3 / 2, self.colour);
        for (on, control) in [(self.bold, "\\b"), (self.italic, "\\i"), (self.underline, "\\ul")] {
            if on {
                out.push_str(control);
            }
        }
        out
    }

    /// Of the paragraph: without it light letters would stand on white.
    pub(super) fn shading(&self) -> String {
        self.shade.map(|shade| format!("\\cbpat{shade}")).unwrap_or_default()
    }
}

/// The document around its paragraphs.
pub(super) fn bookends(rich: &RichText) -> String {
    let mut out = String::from("{\\rtf1\\ansi\\ansicpg1252\\uc1\\deff0{\\fonttbl");
    for (number, name) in rich.fonts.iter().enumerate() {
        let _ = write!(out, "{{\\f{number}\\fnil {name};}}");
    }
    out.push_str("}{\\colortbl;");
    for [red, green, blue] in &rich.colours {
        let _ = write!(out, "\\red{red}\\green{green}\\blue{blue};");
    }
    out.push_str("}\n");
    out.push_str(&rich.paragraphs);
    out.push('}');
    out
}

/// Text as RTF: what is not ASCII as UTF-16 in signed decimal, each followed by one character for old readers.
pub(super) fn push_text(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' | '{' | '}' => out.extend(['\\', c]),
            '\n' => out.push_str("\\line "),
            ' '..='~' => out.push(c),
            c if c.is_control() => {}
            c => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{}?", i16::from_be_bytes(unit.to_be_bytes()));
                }
            }
        }
    }
}
