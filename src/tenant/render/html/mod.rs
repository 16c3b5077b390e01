//! Draws a design as HTML that mail programs agree on: tables for layout, inline styles only, sizes and colours as
//! attributes too (Outlook draws with Word), pictures as blocks, a colour on every link and on every background, so that
//! programs which turn colours dark turn both of a pair.
//!
//! A block of which nothing is left draws nothing, not even its row.

mod frame;
mod look;
mod picture;
mod text;

use std::fmt::Write;

use super::direction::Flow;
use super::escape::push_attribute;
use super::{Source, View, raw, raw_fill};
use crate::imprint::Image;
use crate::tenant::design::{Align, Block, Design, Html, Spacer};
use crate::tenant::snapshot::Snapshot;
use look::Look;

/// A design as HTML.
pub(super) struct Drawing {
    pub html: String,
    /// Those that the HTML refers to by `cid:`.
    pub images: Vec<Image>,
    /// Octets of the HTML that say where pictures are found.
    pub source_bytes: usize,
}

/// `None` when nothing but spaces and lines is left.
pub(super) fn render(design: &Design, snapshot: &Snapshot, view: &View<'_>, source: Source<'_>) -> Option<Drawing> {
    let mut page = Page::new(design, snapshot, view, source);
    page.design(design).then_some(Drawing { html: page.out, images: page.embedded, source_bytes: page.source_bytes })
}

/// Whether there is something to draw; no more is drawn than tells it.
pub(super) fn shows(design: &Design, snapshot: &Snapshot, view: &View<'_>) -> bool {
    let mut page = Page { until_content: true, ..Page::new(design, snapshot, view, Source::Hosted("")) };
    page.design(design)
}

/// Whether a block drew something that a reader sees as content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    None,
    /// A line or a space.
    Decoration,
    Some,
}

impl Content {
    /// Of this and what was drawn before.
    fn and(self, before: Content) -> Content {
        match (self, before) {
            (Content::Some, _) | (_, Content::Some) => Content::Some,
            (Content::Decoration, _) | (_, Content::Decoration) => Content::Decoration,
            (Content::None, Content::None) => Content::None,
        }
    }
}

struct Page<'a> {
    out: String,
    snapshot: &'a Snapshot,
    view: &'a View<'a>,
    source: Source<'a>,
    flow: Flow,
    /// Tables that are open.
    depth: usize,
    embedded: Vec<Image>,
    source_bytes: usize,
    /// The first content ends the drawing.
    until_content: bool,
}

impl<'a> Page<'a> {
    fn new(design: &Design, snapshot: &'a Snapshot, view: &'a View<'a>, source: Source<'a>) -> Page<'a> {
        Page {
            out: String::new(),
            snapshot,
            view,
            source,
            flow: view.flow(design.direction),
            depth: 0,
            embedded: Vec::new(),
            source_bytes: 0,
            until_content: false,
        }
    }
}

impl Page<'_> {
    /// Whether there is content in it.
    fn design(&mut self, design: &Design) -> bool {
        let look = Look::base().with(&design.style);
        self.blocks(&design.blocks, &look, 0) == Content::Some
    }

    /// Whether nothing more is to be drawn.
    fn is_over(&self, drawn: Content) -> bool {
        self.until_content && drawn == Content::Some
    }

    /// A table with a row for each block that draws something.
    fn blocks(&mut self, blocks: &[Block], look: &Look, gap: u16) -> Content {
        let start = self.out.len();
        self.open_table(None);
        let drawn = self.rows(&mut blocks.iter(), look, gap, Content::None);
        self.close_table();
        if drawn == Content::None {
            self.out.truncate(start);
        }
        drawn
    }

    /// The rows of a table that is open.
    fn rows(&mut self, blocks: &mut dyn Iterator<Item = &Block>, look: &Look, gap: u16, before: Content) -> Content {
        let mut drawn = before;
        for block in blocks {
            if self.is_over(drawn) {
                break;
            }
            if let Block::If(choice) = block {
                // Its blocks are rows of this table, as if they stood in its place.
                drawn = self.rows(&mut self.view.branches(choice), look, gap, drawn);
                continue;
            }
            let row = self.out.len();
            self.out.push_str("<tr>");
            if gap > 0 && drawn != Content::None {
                // A row of its own: padding between rows is lost in Outlook.
                self.space(gap);
                self.out.push_str("</tr><tr>");
            }
            let content = self.block(block, look);
            if content == Content::None {
                self.out.truncate(row);
                continue;
            }
            self.out.push_str("</tr>");
            drawn = content.and(drawn);
        }
        drawn
    }

    fn block(&mut self, block: &Block, look: &Look) -> Content {
        match block {
            Block::Text(text) => self.text(text, &look.with(&text.style)),
            Block::Disclaimer(text) => self.text(text, &look.with(&Look::small_print()).with(&text.style)),
            Block::Columns(columns) => self.columns(columns, look),
            Block::Rows(rows) => self.framed_rows(rows, look),
            Block::Image(picture) | Block::Logo(picture) | Block::Banner(picture) => self.picture(picture),
            Block::Photo(photo) => self.photo(photo),
            Block::Social(social) => self.social(social, look),
            Block::Divider(divider) => self.divider(divider),
            Block::Spacer(Spacer { height }) => {
                self.space(u16::from(*height));
                Content::Decoration
            }
            Block::Button(button) => self.button(button, look),
            Block::Qr(qr) => self.qr(qr),
            Block::Html(html) => self.raw(html, look),
            // Drawn with the rows around it.
            Block::If(_) => Content::None,
        }
    }

    fn raw(&mut self, html: &Html, look: &Look) -> Content {
        let start = self.out.len();
        self.cell(Align::Left, &look.css());
        let begun = self.out.len();
        let fragment = raw::parse(&html.html);
        for node in &fragment {
            match node {
                raw::Node::Markup(piece) => self.raw_piece(piece),
                raw::Node::Text(text) => raw_fill::push_text(&mut self.out, text, self.view),
            }
        }
        let empty = !raw_fill::says_something(self.out.get(begun..).unwrap_or_default());
        self.out.push_str("</td>");
        if empty {
            self.out.truncate(start);
            return Content::None;
        }
        Content::Some
    }

    fn raw_piece(&mut self, piece: &raw::Tag) {
        let mut picture = None;
        if let Some(id) = piece.picture() {
            // A picture that is not there draws nothing.
            let Some(source) = self.source_of(id) else { return };
            picture = Some(source);
        }
        raw_fill::push_tag(&mut self.out, piece, picture.as_deref(), self.view);
    }

    fn open_table(&mut self, width: Option<u16>) {
        self.out.push_str("<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"");
        // The message around it may read the other way. Outlook asks each table.
        if self.depth == 0 || self.flow == Flow::Rtl {
            let _ = write!(self.out, " dir=\"{}\"", self.flow.word());
        }
        if let Some(width) = width {
            let _ = write!(self.out, " width=\"{width}\" style=\"border-collapse:separate;width:{width}px\">");
        } else {
            self.out.push_str(" style=\"border-collapse:separate\">");
        }
        self.depth += 1;
    }

    fn close_table(&mut self) {
        self.out.push_str("</table>");
        self.depth = self.depth.saturating_sub(1);
    }

    fn cell(&mut self, align: Align, css: &str) {
        let align = self.flow.align(align);
        let _ = write!(self.out, "<td align=\"{align}\" style=\"text-align:{align};padding:0");
        if !css.is_empty() {
            self.out.push(';');
            push_attribute(&mut self.out, css);
        }
        self.out.push_str("\">");
    }

    fn open_link(&mut self, url: &str, css: &str, title: Option<&str>) {
        self.out.push_str("<a href=\"");
        push_attribute(&mut self.out, url);
        self.out.push_str("\" target=\"_blank\" style=\"");
        push_attribute(&mut self.out, css);
        if let Some(title) = title {
            self.out.push_str("\" title=\"");
            push_attribute(&mut self.out, title);
        }
        self.out.push_str("\">");
    }
}
