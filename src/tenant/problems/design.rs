//! Checks of block trees: depth and number of blocks, sizes, colours, fonts, links, and images that exist.
//!
//! The renderer relies on them: it recurses as deep as a design goes and writes colours and fonts into styles.

use super::{Check, DEPTH, TEXT_CHARS};
use crate::tenant::design::{Alt, Block, Design, Line, Link, Part, Picture, Social, Span, Style};
use crate::tenant::render::{checked_url, has_allowed_scheme};

/// Widest picture or column, in pixels.
const WIDEST: u16 = 1200;

/// Most blocks of one design.
const BLOCKS: usize = 500;

impl Check<'_> {
    pub(super) fn design(&mut self, place: &str, design: &Design) {
        if design.version != 1 {
            self.say(format!("{place}/version"), format!("version {} is not known; 1 is", design.version));
        }
        self.style(&format!("{place}/style"), &design.style);
        let mut left = BLOCKS;
        self.blocks(&format!("{place}/blocks"), &design.blocks, 1, &mut left);
        if left == 0 {
            self.say(format!("{place}/blocks"), format!("more than {BLOCKS} blocks"));
        }
    }

    /// Goes no deeper than [`DEPTH`], whatever it is given.
    fn blocks(&mut self, place: &str, blocks: &[Block], depth: usize, left: &mut usize) {
        if depth > DEPTH {
            return self.say(place.to_owned(), format!("more than {DEPTH} levels of blocks"));
        }
        for (at, block) in blocks.iter().enumerate() {
            *left = left.saturating_sub(1);
            self.block(&format!("{place}/{at}"), block, depth, left);
        }
    }

    fn block(&mut self, place: &str, block: &Block, depth: usize, left: &mut usize) {
        match block {
            Block::Text(text) | Block::Disclaimer(text) => {
                self.style(&format!("{place}/style"), &text.style);
                for (at, line) in text.lines.iter().enumerate() {
                    self.line(&format!("{place}/lines/{at}"), line);
                }
            }
            Block::Columns(columns) => {
                self.pixels(&format!("{place}/gap"), columns.gap, 0, 200);
                for (at, column) in columns.columns.iter().enumerate() {
                    let place = format!("{place}/columns/{at}");
                    if let Some(width) = column.width {
                        self.pixels(&format!("{place}/width"), width, 1, WIDEST);
                    }
                    if let Some(colour) = &column.rule {
                        self.colour(format!("{place}/rule"), colour);
                    }
                    self.blocks(&format!("{place}/blocks"), &column.blocks, depth + 1, left);
                }
            }
            Block::Rows(rows) => {
                self.pixels(&format!("{place}/gap"), rows.gap, 0, 200);
                self.blocks(&format!("{place}/blocks"), &rows.blocks, depth + 1, left);
            }
            Block::Image(picture) | Block::Logo(picture) | Block::Banner(picture) => self.picture(place, picture),
            Block::Photo(photo) => {
                self.size(place, photo.width, photo.height);
                self.alt(&format!("{place}/alt"), &photo.alt);
            }
            Block::Social(social) => self.social(place, social),
            Block::Divider(divider) => {
                self.colour(format!("{place}/colour"), &divider.colour);
                self.pixels(&format!("{place}/thickness"), u16::from(divider.thickness), 1, 10);
            }
            Block::Spacer(spacer) => self.pixels(&format!("{place}/height"), u16::from(spacer.height), 1, 200),
        }
    }

    fn line(&mut self, place: &str, line: &Line) {
        for (at, span) in line.iter().enumerate() {
            let place = format!("{place}/{at}");
            let (texts, style, link): (&[&String], _, _) = match span {
                Span::Words(text) => (&[text], None, None),
                Span::Field(field) => (&[&field.before, &field.after], Some(&field.style), field.link.as_ref()),
                Span::Styled(styled) => (&[&styled.text], Some(&styled.style), styled.link.as_ref()),
            };
            if texts.iter().any(|text| text.chars().count() > TEXT_CHARS) {
                self.say(place.clone(), format!("longer than {TEXT_CHARS} characters"));
            }
            if let Some(style) = style {
                self.style(&format!("{place}/style"), style);
            }
            if let Some(link) = link {
                self.link(format!("{place}/link"), link);
            }
        }
    }

    fn picture(&mut self, place: &str, picture: &Picture) {
        self.image(format!("{place}/image"), &picture.image);
        self.size(place, picture.width, picture.height);
        self.alt(&format!("{place}/alt"), &picture.alt);
        if let Some(link) = &picture.link {
            self.link(format!("{place}/link"), link);
        }
    }

    fn social(&mut self, place: &str, social: &Social) {
        self.pixels(&format!("{place}/size"), u16::from(social.size), 16, 64);
        if let Some(colour) = &social.colour {
            self.colour(format!("{place}/colour"), colour);
        }
        for (at, icon) in social.icons.iter().enumerate() {
            if let Some(link) = &icon.link {
                self.link(format!("{place}/icons/{at}/link"), link);
            }
            if let Some(image) = &icon.image {
                self.image(format!("{place}/icons/{at}/image"), image);
            }
        }
    }

    fn size(&mut self, place: &str, width: u16, height: Option<u16>) {
        self.pixels(&format!("{place}/width"), width, 1, WIDEST);
        if let Some(height) = height {
            self.pixels(&format!("{place}/height"), height, 1, WIDEST);
        }
    }

    fn pixels(&mut self, place: &str, value: u16, least: u16, most: u16) {
        if !(least..=most).contains(&value) {
            self.say(place.to_owned(), format!("{value} pixels; {least} to {most} are allowed"));
        }
    }

    fn style(&mut self, place: &str, style: &Style) {
        if let Some(font) = &style.font
            && !is_font(font)
        {
            self.say(format!("{place}/font"), "names of letters, digits, blanks and hyphens, separated by commas");
        }
        if let Some(size) = style.size {
            self.pixels(&format!("{place}/size"), u16::from(size), 6, 72);
        }
        if let Some(colour) = &style.colour {
            self.colour(format!("{place}/colour"), colour);
        }
    }

    fn colour(&mut self, place: String, colour: &str) {
        let digits = colour.strip_prefix('#').unwrap_or_default();
        if digits.len() != 6 || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
            self.say(place, format!("`{colour}` is not a colour like #1a2b3c"));
        }
    }

    fn alt(&mut self, place: &str, alt: &Alt) {
        let length = match alt {
            Alt::Fixed(text) => text.chars().count(),
            Alt::Parts(parts) => parts.iter().map(words).map(|text| text.chars().count()).sum(),
        };
        if length > TEXT_CHARS {
            self.say(place.to_owned(), format!("longer than {TEXT_CHARS} characters"));
        }
    }

    fn link(&mut self, place: String, link: &Link) {
        let wrong = match link {
            Link::Fixed(text) => checked_url(text).is_none() || text.len() > TEXT_CHARS,
            Link::Parts(parts) => match parts.first() {
                None => true,
                // The attribute brings its own scheme, and is judged when it is filled in.
                Some(Part::Field(_)) => false,
                Some(Part::Words(text)) => {
                    !has_allowed_scheme(text) || parts.iter().any(|p| words(p).len() > TEXT_CHARS)
                }
            },
        };
        if wrong {
            self.say(place, "a link begins with https:, http:, mailto: or tel:");
        }
    }
}

fn words(part: &Part) -> &str {
    match part {
        Part::Words(text) => text,
        Part::Field(_) => "",
    }
}

fn is_font(font: &str) -> bool {
    font.len() <= 200
        && font.split(',').all(|name| {
            let name = name.trim();
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'))
        })
}
