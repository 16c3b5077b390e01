//! Checks of block trees: depth of blocks, sizes, colours, fonts, links, and images that exist.
//!
//! The renderer relies on them: it recurses as deep as a design goes and writes colours and fonts into styles.

use super::{Check, DEPTH, TEXT_CHARS};
use crate::tenant::design::{
    Alt, Block, Button, Code, Column, Design, Divider, Filter, Frame, If, Line, Link, Part, Photo, Picture, Qr, Rows,
    Social, Span, Style,
};
use crate::tenant::render::{checked_url, has_allowed_scheme, is_date_pattern, references};

/// Widest picture or column, in pixels.
const WIDEST: u16 = 1200;

/// Most octets of one block of HTML.
const HTML_BYTES: usize = 65_536;

/// What a list of fonts is.
pub(super) const FONT_LETTERS: &str = "names of letters, digits, blanks and hyphens, separated by commas";

/// Most steps of one format.
const FILTERS: usize = 8;

impl Check<'_> {
    pub(super) fn design(&mut self, place: &str, design: &Design) {
        if design.version != 1 {
            self.say(format!("{place}/version"), format!("version {} is not known; 1 is", design.version));
        }
        self.style(&format!("{place}/style"), &design.style);
        self.blocks(&format!("{place}/blocks"), &design.blocks, 1);
        self.extent(&format!("{place}/blocks"), design);
    }

    /// Goes no deeper than [`DEPTH`], whatever it is given.
    fn blocks(&mut self, place: &str, blocks: &[Block], depth: usize) {
        if depth > DEPTH {
            return self.say(place.to_owned(), format!("more than {DEPTH} levels of blocks"));
        }
        for (at, block) in blocks.iter().enumerate() {
            self.block(&format!("{place}/{at}"), block, depth);
        }
    }

    fn block(&mut self, place: &str, block: &Block, depth: usize) {
        match block {
            Block::Text(text) | Block::Disclaimer(text) => {
                self.style(&format!("{place}/style"), &text.style);
                for (at, line) in text.lines.iter().enumerate() {
                    self.line(&format!("{place}/lines/{at}"), line);
                }
            }
            Block::Columns(columns) => {
                self.pixels(&format!("{place}/gap"), columns.gap, 0, 200);
                self.width(place, columns.width);
                for (at, column) in columns.columns.iter().enumerate() {
                    self.column(&format!("{place}/columns/{at}"), column, depth);
                }
            }
            Block::Rows(rows) => self.rows(place, rows, depth),
            Block::Image(picture) | Block::Logo(picture) | Block::Banner(picture) => self.picture(place, picture),
            Block::Photo(photo) => self.photo(place, photo),
            Block::Social(social) => self.social(place, social),
            Block::Divider(divider) => self.divider(place, divider),
            Block::Spacer(spacer) => self.pixels(&format!("{place}/height"), u16::from(spacer.height), 1, 200),
            Block::Button(button) => self.button(place, button),
            Block::Qr(qr) => self.qr(place, qr),
            Block::Html(html) => self.html(&format!("{place}/html"), &html.html),
            Block::If(choice) => self.choice(place, choice, depth),
        }
    }

    fn column(&mut self, place: &str, column: &Column, depth: usize) {
        self.width(place, column.width);
        if let Some(colour) = &column.rule {
            self.colour(format!("{place}/rule"), colour);
        }
        self.frame(place, column.frame.as_ref());
        self.blocks(&format!("{place}/blocks"), &column.blocks, depth + 1);
    }

    fn rows(&mut self, place: &str, rows: &Rows, depth: usize) {
        self.pixels(&format!("{place}/gap"), rows.gap, 0, 200);
        self.width(place, rows.width);
        self.frame(place, rows.frame.as_ref());
        self.blocks(&format!("{place}/blocks"), &rows.blocks, depth + 1);
    }

    fn choice(&mut self, place: &str, choice: &If, depth: usize) {
        if choice.when.is_empty() {
            self.say(format!("{place}/when"), "at least one test is needed");
        }
        for (at, test) in choice.when.iter().enumerate() {
            self.fact_test(&format!("{place}/when/{at}"), test);
        }
        self.blocks(&format!("{place}/then"), &choice.then, depth + 1);
        self.blocks(&format!("{place}/otherwise"), &choice.otherwise, depth + 1);
    }

    fn frame(&mut self, place: &str, frame: Option<&Frame>) {
        let Some(frame) = frame else { return };
        for (key, colour) in [("background", &frame.background), ("border", &frame.border)] {
            if let Some(colour) = colour {
                self.colour(format!("{place}/frame/{key}"), colour);
            }
        }
        self.pixels(&format!("{place}/frame/radius"), u16::from(frame.radius), 0, 40);
        self.pixels(&format!("{place}/frame/padding"), u16::from(frame.padding), 0, 60);
        self.pixels(&format!("{place}/frame/sides"), u16::from(frame.sides.unwrap_or_default()), 0, 60);
        if let Some(bar) = &frame.bar {
            self.colour(format!("{place}/frame/bar/colour"), &bar.colour);
            self.pixels(&format!("{place}/frame/bar/thickness"), u16::from(bar.thickness), 1, 12);
        }
    }

    fn divider(&mut self, place: &str, divider: &Divider) {
        self.colour(format!("{place}/colour"), &divider.colour);
        self.pixels(&format!("{place}/thickness"), u16::from(divider.thickness), 1, 10);
        self.width(place, divider.width);
    }

    fn photo(&mut self, place: &str, photo: &Photo) {
        self.size(place, photo.width, photo.height);
        self.alt(&format!("{place}/alt"), &photo.alt);
        if let Some(colour) = &photo.initials {
            self.colour(format!("{place}/initials"), colour);
        }
    }

    fn button(&mut self, place: &str, button: &Button) {
        self.alt(&format!("{place}/text"), &button.text);
        self.link(format!("{place}/link"), &button.link);
        self.colour(format!("{place}/colour"), &button.colour);
        self.style(&format!("{place}/style"), &button.style);
    }

    fn qr(&mut self, place: &str, qr: &Qr) {
        self.pixels(&format!("{place}/size"), qr.size, 48, 300);
        self.alt(&format!("{place}/alt"), &qr.alt);
        if let Some(colour) = &qr.colour {
            self.colour(format!("{place}/colour"), colour);
        }
        match &qr.code {
            Code::Vcard { organisation } if organisation.chars().count() > 200 => {
                self.say(format!("{place}/code/vcard/organisation"), "longer than 200 characters");
            }
            Code::Vcard { .. } => {}
            Code::Link(link) => self.link(format!("{place}/code/link"), link),
        }
    }

    fn html(&mut self, place: &str, html: &str) {
        if html.len() > HTML_BYTES {
            return self.say(place.to_owned(), format!("longer than {HTML_BYTES} octets"));
        }
        let found = references(html);
        for name in found.unknown {
            self.say(place.to_owned(), format!("there is no attribute `{name}`"));
        }
        for id in found.pictures {
            self.image(place.to_owned(), &id);
        }
    }

    fn filters(&mut self, place: &str, filters: &[Filter]) {
        if filters.len() > FILTERS {
            self.say(place.to_owned(), format!("more than {FILTERS} steps"));
        }
        for (at, filter) in filters.iter().enumerate() {
            let wrong = match filter {
                Filter::Upper | Filter::Lower | Filter::Title | Filter::Trim => continue,
                Filter::Phone(format) => format
                    .country
                    .as_deref()
                    .is_some_and(|code| {
                        !(1..=3).contains(&code.len())
                            || code.starts_with('0')
                            || !code.chars().all(|c| c.is_ascii_digit())
                    })
                    .then(|| {
                        ("phone/country", "a calling code is one to three digits, without `+` or `00`".to_owned())
                    }),
                Filter::Replace(replace) => {
                    (replace.from.is_empty() || replace.from.chars().count() > 256 || replace.to.chars().count() > 256)
                        .then(|| ("replace", "`from` is empty, or a text is longer than 256 characters".to_owned()))
                }
                Filter::Date(format) => (format.pattern.len() > 64 || !is_date_pattern(&format.pattern))
                    .then(|| ("date/pattern", format!("`{}` is not a pattern such as %d.%m.%Y", format.pattern))),
            };
            if let Some((key, message)) = wrong {
                self.say(format!("{place}/{at}/{key}"), message);
            }
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
            if let Span::Field(field) = span {
                self.filters(&format!("{place}/format"), &field.format);
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

    fn width(&mut self, place: &str, width: Option<u16>) {
        if let Some(width) = width {
            self.pixels(&format!("{place}/width"), width, 1, WIDEST);
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
            self.say(format!("{place}/font"), FONT_LETTERS);
        }
        if let Some(size) = style.size {
            self.pixels(&format!("{place}/size"), u16::from(size), 6, 72);
        }
        if let Some(colour) = &style.colour {
            self.colour(format!("{place}/colour"), colour);
        }
        self.pixels(&format!("{place}/tracking"), u16::from(style.tracking.unwrap_or_default()), 0, 8);
        if let Some(leading) = style.leading.filter(|leading| !(100..=250).contains(leading)) {
            self.say(format!("{place}/leading"), format!("{leading} percent; 100 to 250 are allowed"));
        }
    }

    pub(super) fn colour(&mut self, place: String, colour: &str) {
        let digits = colour.strip_prefix('#').unwrap_or_default();
        if digits.len() != 6 || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
            self.say(place, format!("`{colour}` is not a colour like #1a2b3c"));
        }
    }

    fn parts(&mut self, place: &str, parts: &[Part]) {
        for (at, part) in parts.iter().enumerate() {
            if let Part::Field(field) = part {
                self.filters(&format!("{place}/{at}/format"), &field.format);
            }
        }
    }

    fn alt(&mut self, place: &str, alt: &Alt) {
        if let Alt::Parts(parts) = alt {
            self.parts(place, parts);
        }
        let length = match alt {
            Alt::Fixed(text) => text.chars().count(),
            Alt::Parts(parts) => parts.iter().map(words).map(|text| text.chars().count()).sum(),
        };
        if length > TEXT_CHARS {
            self.say(place.to_owned(), format!("longer than {TEXT_CHARS} characters"));
        }
    }

    fn link(&mut self, place: String, link: &Link) {
        if let Link::Parts(parts) = link {
            self.parts(&place, parts);
        }
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

pub(in crate::tenant) fn is_font(font: &str) -> bool {
    font.len() <= 200
        && font.split(',').all(|name| {
            let name = name.trim();
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'))
        })
}
