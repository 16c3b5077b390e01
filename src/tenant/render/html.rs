//! Draws a design as HTML that mail programs agree on: tables for layout, inline styles only, sizes as attributes
//! too (Outlook draws with Word), pictures as blocks, colours on every link.
//!
//! A block of which nothing is left draws nothing, not even its row.

use std::fmt::Write;

use super::Source;
use super::escape::{push_attribute, push_html};
use super::merge::{self, Run};
use crate::tenant::design::{
    Align, Block, Columns, Design, Divider, Link, Network, Picture, Social, Spacer, Style, Text, Vertical, Weight,
};
use crate::tenant::people::Person;
use crate::tenant::snapshot::Snapshot;

const TABLE: &str = "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
                     style=\"border-collapse:collapse\">";

/// The HTML and the ids of the images it refers to by `cid:`; `None` when nothing but spaces and lines is left.
pub(super) fn render(
    design: &Design,
    snapshot: &Snapshot,
    person: &Person,
    source: Source<'_>,
) -> Option<(String, Vec<String>)> {
    let mut page = Page { out: String::new(), snapshot, person, source, embedded: Vec::new() };
    let look = Look::base().with(&design.style);
    let content = page.blocks(&design.blocks, &look, 0);
    (content == Content::Some).then_some((page.out, page.embedded))
}

/// Whether a block drew something that a reader sees as content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    None,
    /// A line or a space.
    Decoration,
    Some,
}

/// A style with everything known.
#[derive(Debug, Clone)]
struct Look {
    font: String,
    size: u8,
    colour: String,
    weight: Weight,
    italic: bool,
}

struct Page<'a> {
    out: String,
    snapshot: &'a Snapshot,
    person: &'a Person,
    source: Source<'a>,
    embedded: Vec<String>,
}

impl Look {
    fn base() -> Look {
        let (font, colour) = ("Arial, Helvetica, sans-serif".to_owned(), "#333333".to_owned());
        Look { font, size: 13, colour, weight: Weight::Normal, italic: false }
    }

    fn small_print() -> Style {
        Style { size: Some(10), colour: Some("#767676".to_owned()), ..Style::default() }
    }

    fn with(&self, style: &Style) -> Look {
        Look {
            font: style.font.clone().unwrap_or_else(|| self.font.clone()),
            size: style.size.unwrap_or(self.size),
            colour: style.colour.clone().unwrap_or_else(|| self.colour.clone()),
            weight: style.weight.unwrap_or(self.weight),
            italic: style.italic.unwrap_or(self.italic),
        }
    }

    /// The declarations, for a cell; a span needs only what differs, but says all: clients inherit differently.
    fn css(&self) -> String {
        let line_height = u16::from(self.size) * 7 / 5;
        let weight = if self.weight == Weight::Bold { "bold" } else { "normal" };
        let slant = if self.italic { ";font-style:italic" } else { "" };
        format!(
            "font-family:{};font-size:{}px;line-height:{line_height}px;color:{};\
             font-weight:{weight}{slant}",
            self.font, self.size, self.colour
        )
    }
}

impl Page<'_> {
    /// A table with a row for each block that draws something.
    fn blocks(&mut self, blocks: &[Block], look: &Look, gap: u16) -> Content {
        let start = self.out.len();
        self.out.push_str(TABLE);
        let mut drawn = Content::None;
        for block in blocks {
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
            if drawn != Content::Some {
                drawn = content;
            }
        }
        self.out.push_str("</table>");
        if drawn == Content::None {
            self.out.truncate(start);
        }
        drawn
    }

    fn block(&mut self, block: &Block, look: &Look) -> Content {
        match block {
            Block::Text(text) => self.text(text, &look.with(&text.style)),
            Block::Disclaimer(text) => self.text(text, &look.with(&Look::small_print()).with(&text.style)),
            Block::Columns(columns) => self.columns(columns, look),
            Block::Rows(rows) => {
                self.out.push_str("<td>");
                let drawn = self.blocks(&rows.blocks, look, rows.gap);
                self.out.push_str("</td>");
                drawn
            }
            Block::Image(picture) | Block::Logo(picture) | Block::Banner(picture) => self.picture(picture),
            Block::Photo(photo) => {
                let Some(id) = self.person.photo() else { return Content::None };
                let alt = merge::alt(&photo.alt, self.person);
                self.cell(Align::Left, "");
                self.image(id, &alt, photo.width, photo.height);
                self.out.push_str("</td>");
                Content::Some
            }
            Block::Social(social) => self.social(social),
            Block::Divider(divider) => self.divider(divider),
            Block::Spacer(Spacer { height }) => {
                self.space(u16::from(*height));
                Content::Decoration
            }
        }
    }

    fn text(&mut self, text: &Text, look: &Look) -> Content {
        let lines = merge::lines(&text.lines, self.person);
        if lines.is_empty() {
            return Content::None;
        }
        self.cell(text.align, &look.css());
        for (number, runs) in lines.iter().enumerate() {
            if number > 0 {
                self.out.push_str("<br>");
            }
            for run in runs {
                self.run(run, look);
            }
        }
        self.out.push_str("</td>");
        Content::Some
    }

    fn run(&mut self, run: &Run<'_>, look: &Look) {
        let own = run.style.filter(|style| **style != Style::default()).map(|style| look.with(style));
        if let Some(link) = &run.link {
            let colour = own.as_ref().map_or(&look.colour, |own| &own.colour).clone();
            self.open_link(link, &format!("color:{colour};text-decoration:none"), None);
        }
        if let Some(own) = &own {
            self.out.push_str("<span style=\"");
            push_attribute(&mut self.out, &own.css());
            self.out.push_str("\">");
        }
        push_html(&mut self.out, &run.text);
        if own.is_some() {
            self.out.push_str("</span>");
        }
        if run.link.is_some() {
            self.out.push_str("</a>");
        }
    }

    fn columns(&mut self, columns: &Columns, look: &Look) -> Content {
        let start = self.out.len();
        let _ = write!(self.out, "<td>{TABLE}<tr>");
        let mut drawn = Content::None;
        for column in &columns.columns {
            let begin = self.out.len();
            let valign = match column.vertical {
                Vertical::Top => "top",
                Vertical::Middle => "middle",
                Vertical::Bottom => "bottom",
            };
            let _ = write!(self.out, "<td valign=\"{valign}\"");
            if let Some(width) = column.width {
                let _ = write!(self.out, " width=\"{width}\"");
            }
            let first = drawn == Content::None;
            let gap = if first { 0 } else { columns.gap };
            let _ = write!(self.out, " style=\"vertical-align:{valign};padding:0 0 0 {gap}px");
            if let Some(rule) = column.rule.as_ref().filter(|_| !first) {
                self.out.push_str(";border-left:1px solid ");
                push_attribute(&mut self.out, rule);
            }
            self.out.push_str("\">");
            let content = self.blocks(&column.blocks, look, 0);
            self.out.push_str("</td>");
            if content == Content::None {
                self.out.truncate(begin);
            } else if drawn != Content::Some {
                drawn = content;
            }
        }
        self.out.push_str("</tr></table></td>");
        if drawn == Content::None {
            self.out.truncate(start);
        }
        drawn
    }

    fn picture(&mut self, picture: &Picture) -> Content {
        let alt = merge::alt(&picture.alt, self.person);
        let link = picture.link.as_ref().and_then(|link| merge::link(link, self.person));
        self.cell(picture.align, "");
        if let Some(link) = &link {
            self.open_link(link, "text-decoration:none", None);
        }
        self.image(&picture.image, &alt, picture.width, picture.height);
        if link.is_some() {
            self.out.push_str("</a>");
        }
        self.out.push_str("</td>");
        Content::Some
    }

    fn social(&mut self, social: &Social) -> Content {
        let person = self.person;
        let shown = |link: &Option<Link>| link.as_ref().and_then(|link| merge::link(link, person));
        let icons: Vec<_> = social.icons.iter().filter_map(|icon| Some((icon, shown(&icon.link)?))).collect();
        if icons.is_empty() {
            return Content::None;
        }
        let size = social.size;
        let _ = write!(self.out, "<td>{TABLE}<tr>");
        for (number, (icon, link)) in icons.iter().enumerate() {
            if number > 0 {
                self.out.push_str("<td width=\"6\" style=\"width:6px;font-size:0\">&#160;</td>");
            }
            if let Some(image) = &icon.image {
                self.out.push_str("<td>");
                self.open_link(link, "text-decoration:none", None);
                self.image(image, icon.network.title(), u16::from(size), Some(u16::from(size)));
                self.out.push_str("</a></td>");
            } else {
                self.drawn_icon(icon.network, link, size, social.colour.as_deref());
            }
        }
        self.out.push_str("</tr></table></td>");
        Content::Some
    }

    /// An icon of text and colour: it shows where pictures are blocked, and nothing has to be fetched.
    fn drawn_icon(&mut self, network: Network, link: &str, size: u8, colour: Option<&str>) {
        let mut paint = String::new();
        push_attribute(&mut paint, colour.unwrap_or(network.colour()));
        let letters = size / 2;
        let _ = write!(
            self.out,
            "<td width=\"{size}\" height=\"{size}\" align=\"center\" valign=\"middle\" bgcolor=\"{paint}\" \
             style=\"width:{size}px;height:{size}px;background-color:{paint};border-radius:4px\">"
        );
        self.open_link(
            link,
            &format!(
                "display:block;color:#ffffff;text-decoration:none;font-family:Arial, sans-serif;font-size:{letters}px;\
                 line-height:{size}px;font-weight:bold"
            ),
            Some(network.title()),
        );
        push_html(&mut self.out, network.glyph());
        self.out.push_str("</a></td>");
    }

    fn divider(&mut self, divider: &Divider) -> Content {
        let _ = write!(self.out, "<td height=\"{0}\" style=\"border-top:{0}px solid ", divider.thickness);
        push_attribute(&mut self.out, &divider.colour);
        self.out.push_str(";font-size:0;line-height:0\">&#160;</td>");
        Content::Decoration
    }

    fn space(&mut self, height: u16) {
        let _ = write!(
            self.out,
            "<td height=\"{height}\" style=\"height:{height}px;font-size:0;line-height:0\">&#160;</td>"
        );
    }

    fn cell(&mut self, align: Align, css: &str) {
        let align = match align {
            Align::Left => "left",
            Align::Centre => "center",
            Align::Right => "right",
        };
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

    fn image(&mut self, id: &str, alt: &str, width: u16, height: Option<u16>) {
        let Some(picture) = self.snapshot.image(id) else { return };
        self.out.push_str("<img src=\"");
        match self.source {
            Source::Hosted(base) => {
                push_attribute(&mut self.out, base.trim_end_matches('/'));
                let _ = write!(self.out, "/i/{}", picture.file_name());
            }
            Source::Embedded => {
                let _ = write!(self.out, "cid:{id}");
                if !self.embedded.iter().any(|known| known == id) {
                    self.embedded.push(id.to_owned());
                }
            }
        }
        let _ = write!(self.out, "\" width=\"{width}\"");
        if let Some(height) = height {
            let _ = write!(self.out, " height=\"{height}\"");
        }
        self.out.push_str(" border=\"0\" alt=\"");
        push_attribute(&mut self.out, alt);
        let _ = write!(self.out, "\" style=\"display:block;border:0;width:{width}px;");
        match height {
            Some(height) => {
                let _ = write!(self.out, "height:{height}px\">");
            }
            None => self.out.push_str("height:auto\">"),
        }
    }
}
