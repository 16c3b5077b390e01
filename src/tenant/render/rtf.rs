//! Writes a design as RTF (RTF specification 1.9.1): paragraphs for a body, or a document of its own.
//!
//! Text is ASCII, everything else `\u` escapes. Columns on the first level become a table row, deeper ones follow each
//! other: programs that read RTF disagree on nested tables. Pictures are carried where RTF has a form for them (PNG and
//! JPEG).

use std::fmt::Write;

use super::direction::{self, Flow};
use super::merge::{self, Run};
use super::qr::rgb;
use super::rtf_text::{Tables, Voice, bookends, push_text};
use super::{PIECE_BYTES, View, plain, qr};
use crate::imprint::RichText;
use crate::tenant::design::{Align, Block, Button, Columns, Design, Divider, Picture, Style, Text, Weight};
use crate::tenant::snapshot::Snapshot;

/// Twips in a pixel of 1/96 inch.
const TWIPS: u32 = 15;

/// Most octets of all pictures. Each is written as often as it is shown.
const PICTURE_BYTES: usize = 8 << 20;

/// A document with its pictures; empty when nothing of the design is left.
pub(super) fn document(design: &Design, snapshot: &Snapshot, view: &View<'_>) -> String {
    let rich = render(design, snapshot, view, PICTURE_BYTES);
    if rich.paragraphs.is_empty() { String::new() } else { bookends(&rich) }
}

/// Paragraphs for the body of a message; pictures are named in words where they lead somewhere. `None` when they would
/// be larger than a piece may be.
pub(super) fn paragraphs(design: &Design, snapshot: &Snapshot, view: &View<'_>) -> Option<RichText> {
    let rich = render(design, snapshot, view, 0);
    (rich.paragraphs.len() <= PIECE_BYTES).then_some(rich)
}

fn render(design: &Design, snapshot: &Snapshot, view: &View<'_>, room: usize) -> RichText {
    let flow = view.flow(design.direction);
    let mut page = Page { out: String::new(), tables: Tables::default(), snapshot, view, flow, cell: false, room };
    let voice = Voice::base(&mut page.tables).with(&design.style, &mut page.tables);
    page.blocks(&mut design.blocks.iter(), &voice, 0);
    page.tables.around(page.out)
}

struct Page<'a> {
    out: String,
    tables: Tables,
    snapshot: &'a Snapshot,
    view: &'a View<'a>,
    flow: Flow,
    /// Inside a table row.
    cell: bool,
    /// Octets that pictures may still have.
    room: usize,
}

impl Page<'_> {
    fn blocks(&mut self, blocks: &mut dyn Iterator<Item = &Block>, voice: &Voice, depth: usize) {
        for block in blocks {
            match block {
                Block::Text(text) => {
                    let voice = voice.with(&text.style, &mut self.tables);
                    self.text(text, &voice);
                }
                Block::Disclaimer(text) => {
                    let small = Style { size: Some(10), colour: Some("#767676".to_owned()), ..Style::default() };
                    let voice = voice.with(&small, &mut self.tables).with(&text.style, &mut self.tables);
                    self.text(text, &voice);
                }
                Block::Columns(columns) if depth == 0 => self.columns(columns, voice),
                Block::Columns(columns) => {
                    for column in &columns.columns {
                        let voice = voice.on(column.frame.as_ref(), &mut self.tables);
                        self.blocks(&mut column.blocks.iter(), &voice, depth + 1);
                    }
                }
                Block::Rows(rows) => {
                    let voice = voice.on(rows.frame.as_ref(), &mut self.tables);
                    self.blocks(&mut rows.blocks.iter(), &voice, depth + usize::from(rows.frame.is_some()));
                }
                Block::Image(picture) | Block::Logo(picture) | Block::Banner(picture) => self.picture(picture, voice),
                Block::Photo(photo) => {
                    if let Some(id) = self.view.person().photo() {
                        let (id, start) = (id.to_owned(), self.out.len());
                        self.begin(photo.align, voice);
                        if self.image(&id, photo.width, photo.height) {
                            self.out.push_str("\\par\n");
                        } else {
                            self.out.truncate(start);
                        }
                    }
                }
                Block::Social(social) => {
                    let view = self.view;
                    let links: Vec<Run<'_>> = social
                        .icons
                        .iter()
                        .filter_map(|icon| {
                            let link = merge::link(icon.link.as_ref()?, view)?;
                            Some(Run { text: icon.network.title().to_owned(), style: None, link: Some(link) })
                        })
                        .collect();
                    self.row_of_links(links, social.align, voice);
                }
                Block::Divider(divider) => self.divider(divider, voice),
                Block::Spacer(spacer) => {
                    let _ =
                        writeln!(self.out, "\\pard{}\\fs{}\\par", self.paragraph(), u32::from(spacer.height) * 3 / 2);
                }
                Block::Button(button) => self.button(button, voice),
                Block::Qr(qr) => self.qr(qr, voice),
                Block::Html(html) => {
                    for line in plain::raw_text(&html.html, self.view) {
                        self.begin(Align::Left, voice);
                        self.run(&Run { text: line, style: None, link: None }, voice);
                        self.out.push_str("\\par\n");
                    }
                }
                Block::If(choice) => self.blocks(&mut self.view.branches(choice), voice, depth),
            }
        }
    }

    fn text(&mut self, text: &Text, voice: &Voice) {
        for line in merge::lines(&text.lines, self.view) {
            self.begin(text.align, voice);
            for run in &line {
                self.run(run, voice);
            }
            self.out.push_str("\\par\n");
        }
    }

    fn row_of_links(&mut self, links: Vec<Run<'_>>, align: Align, voice: &Voice) {
        if links.is_empty() {
            return;
        }
        self.begin(align, voice);
        for (number, run) in links.iter().enumerate() {
            if number > 0 {
                self.out.push_str(" | ");
            }
            self.run(run, voice);
        }
        self.out.push_str("\\par\n");
    }

    fn run(&mut self, run: &Run<'_>, voice: &Voice) {
        let own = run.style.map(|style| voice.with(style, &mut self.tables));
        let voice = own.as_ref().unwrap_or(voice);
        if let Some(link) = &run.link {
            // A URL is ASCII, without quotes, braces and backslashes.
            let _ = write!(self.out, "{{\\field{{\\*\\fldinst{{HYPERLINK \"{link}\"}}}}{{\\fldrslt");
        }
        self.out.push('{');
        self.out.push_str(&voice.controls());
        if direction::of(&run.text).unwrap_or(self.flow) == Flow::Rtl {
            self.out.push_str("\\rtlch");
        }
        self.out.push(' ');
        push_text(&mut self.out, &run.text);
        self.out.push('}');
        if run.link.is_some() {
            self.out.push_str("}}");
        }
    }

    fn button(&mut self, button: &Button, voice: &Voice) {
        let (Some(link), text) = (merge::link(&button.link, self.view), merge::alt(&button.text, self.view)) else {
            return;
        };
        if text.is_empty() {
            return;
        }
        let style = Style { colour: Some(button.colour.clone()), weight: Some(Weight::Bold), ..Style::default() };
        self.begin(button.align, voice);
        self.run(&Run { text, style: Some(&style), link: Some(link) }, voice);
        self.out.push_str("\\par\n");
    }

    /// One row, its columns as wide as they say, the rest of 600 pixels shared.
    fn columns(&mut self, columns: &Columns, voice: &Voice) {
        let mut cells = Vec::new();
        for column in &columns.columns {
            let voice = voice.on(column.frame.as_ref(), &mut self.tables);
            let outer = std::mem::take(&mut self.out);
            self.cell = true;
            self.blocks(&mut column.blocks.iter(), &voice, 1);
            self.cell = false;
            let inner = std::mem::replace(&mut self.out, outer);
            if !inner.is_empty() {
                cells.push((column, inner));
            }
        }
        if cells.is_empty() {
            return;
        }
        let known: u32 = cells.iter().filter_map(|(column, _)| column.width).map(u32::from).sum();
        let open = cells.iter().filter(|(column, _)| column.width.is_none()).count().max(1);
        let share = 600u32.saturating_sub(known) / u32::try_from(open).unwrap_or(1);
        self.out.push_str("\\trowd\\trgaph");
        let _ = write!(self.out, "{}", u32::from(columns.gap) * TWIPS / 2);
        if self.flow == Flow::Rtl {
            self.out.push_str("\\rtlrow");
        }
        let mut right = 0;
        for (column, _) in &cells {
            right += (column.width.map_or(share.max(60), u32::from) + u32::from(columns.gap)) * TWIPS;
            let shade = column.frame.as_ref().and_then(|frame| frame.background.as_deref()).and_then(rgb);
            if let Some(shade) = shade {
                let _ = write!(self.out, "\\clcbpat{}", self.tables.colour(shade));
            }
            let _ = write!(self.out, "\\cellx{right}");
        }
        self.out.push('\n');
        for (_, inner) in &cells {
            // The last paragraph of a cell is ended by the cell.
            self.out.push_str(inner.strip_suffix("\\par\n").unwrap_or(inner));
            self.out.push_str("\\cell\n");
        }
        self.out.push_str("\\row\n");
    }

    fn divider(&mut self, divider: &Divider, voice: &Voice) {
        let colour = self.tables.colour(rgb(&divider.colour).unwrap_or([208; 3]));
        let width = u32::from(divider.thickness) * TWIPS;
        self.begin(Align::Left, voice);
        let _ = writeln!(self.out, "\\brdrb\\brdrs\\brdrw{width}\\brdrcf{colour}\\fs4\\par");
    }

    fn picture(&mut self, picture: &Picture, voice: &Voice) {
        let alt = merge::alt(&picture.alt, self.view);
        let link = picture.link.as_ref().and_then(|link| merge::link(link, self.view));
        let start = self.out.len();
        self.begin(picture.align, voice);
        if !self.image(&picture.image, picture.width, picture.height) {
            self.out.truncate(start);
            if alt.is_empty() || link.is_none() {
                return;
            }
            self.begin(picture.align, voice);
            self.run(&Run { text: alt, style: None, link }, voice);
        }
        self.out.push_str("\\par\n");
    }

    fn qr(&mut self, qr: &crate::tenant::design::Qr, voice: &Voice) {
        let Some(png) = qr::draw(qr, self.view).filter(|png| self.takes(png.bytes.len())) else { return };
        self.begin(qr.align, voice);
        self.hex("pngblip", &png.bytes, qr.size, qr.size);
        self.out.push_str("\\par\n");
    }

    /// Whether there is room for a picture.
    fn takes(&mut self, octets: usize) -> bool {
        let left = self.room.checked_sub(octets);
        self.room = left.unwrap_or(self.room);
        left.is_some()
    }

    /// Whether the image could be written.
    fn image(&mut self, id: &str, width: u16, height: Option<u16>) -> bool {
        let Some(picture) = self.snapshot.image(id) else { return false };
        let kind = match picture.content_type() {
            "image/png" => "pngblip",
            "image/jpeg" => "jpegblip",
            _ => return false,
        };
        let bytes = picture.bytes().clone();
        if !self.takes(bytes.len()) {
            return false;
        }
        let natural = png_size(&bytes).filter(|(across, _)| *across > 0);
        let height = height.or_else(|| {
            let (across, down) = natural?;
            u16::try_from(u32::from(width) * down / across).ok()
        });
        self.hex(kind, &bytes, width, height.unwrap_or(width));
        true
    }

    fn hex(&mut self, kind: &str, bytes: &[u8], width: u16, height: u16) {
        let (width, height) = (u32::from(width) * TWIPS, u32::from(height) * TWIPS);
        let _ = writeln!(self.out, "{{\\pict\\{kind}\\picwgoal{width}\\pichgoal{height}");
        for line in bytes.chunks(64) {
            for octet in line {
                let _ = write!(self.out, "{octet:02x}");
            }
            self.out.push('\n');
        }
        self.out.push('}');
    }

    fn begin(&mut self, align: Align, voice: &Voice) {
        let align = match self.flow.align(align) {
            "right" => "\\qr",
            "center" => "\\qc",
            _ => "\\ql",
        };
        let paragraph = self.paragraph();
        let _ = write!(self.out, "\\pard{paragraph}{align}{}", voice.shading());
    }

    fn paragraph(&self) -> &'static str {
        match (self.cell, self.flow) {
            (false, Flow::Ltr) => "\\ltrpar",
            (false, Flow::Rtl) => "\\rtlpar",
            (true, Flow::Ltr) => "\\intbl\\ltrpar",
            (true, Flow::Rtl) => "\\intbl\\rtlpar",
        }
    }
}

/// Width and height that a PNG says of itself.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let head = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(8..16)?;
    let number = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
    Some((number(0)?, number(4)?))
}
