//! How large a design may be, whoever signs with it: the time and memory of a drawing are bounded by it and by what
//! values may be shown (`render/view.rs`). A hundred times what any signature needs, and no burden on other tenants.

use std::collections::HashSet;

use super::Check;
use crate::tenant::design::{Alt, Block, Code, Design, Link, Part, Picture, Qr, Social, Span};
use crate::tenant::render::references;

/// Most blocks, columns, icons, lines, tests, and pieces of lines, links and alternative texts, together.
const PARTS: usize = 1000;

/// Most octets of all texts, links and HTML, together.
const TEXT_BYTES: usize = 131_072;

/// Most codes to scan: each is a picture drawn for one person.
const CODES: usize = 4;

/// Most octets of all pictures, each counted once.
const PICTURE_BYTES: usize = 4 << 20;

/// What a design holds.
#[derive(Debug, Default)]
struct Extent<'a> {
    parts: usize,
    text_bytes: usize,
    codes: usize,
    pictures: HashSet<&'a str>,
    /// Those of HTML.
    named: HashSet<String>,
}

impl Check<'_> {
    pub(super) fn extent(&mut self, place: &str, design: &Design) {
        let mut extent = Extent::default();
        extent.blocks(&design.blocks);
        let pictures = extent.pictures.iter().copied();
        let named = extent.named.iter().map(String::as_str).filter(|id| !extent.pictures.contains(id));
        let picture_bytes: usize = pictures.chain(named).filter_map(|id| self.images.get(id)).sum();
        for (found, most, what) in [
            (extent.parts, PARTS, "parts"),
            (extent.text_bytes, TEXT_BYTES, "octets of text"),
            (extent.codes, CODES, "codes"),
            (picture_bytes, PICTURE_BYTES, "octets of pictures"),
        ] {
            if found > most {
                self.say(place.to_owned(), format!("{found} {what}; at most {most} are allowed"));
            }
        }
    }
}

impl<'a> Extent<'a> {
    fn blocks(&mut self, blocks: &'a [Block]) {
        self.parts += blocks.len();
        blocks.iter().for_each(|block| self.block(block));
    }

    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Text(text) | Block::Disclaimer(text) => {
                self.parts += text.lines.len();
                text.lines.iter().flatten().for_each(|span| self.span(span));
            }
            Block::Columns(columns) => {
                self.parts += columns.columns.len();
                columns.columns.iter().for_each(|column| self.blocks(&column.blocks));
            }
            Block::Rows(rows) => self.blocks(&rows.blocks),
            Block::Image(picture) | Block::Logo(picture) | Block::Banner(picture) => self.picture(picture),
            Block::Photo(photo) => self.alt(&photo.alt),
            Block::Social(social) => self.social(social),
            Block::Divider(_) | Block::Spacer(_) => {}
            Block::Button(button) => {
                self.alt(&button.text);
                self.link(Some(&button.link));
            }
            Block::Qr(qr) => self.qr(qr),
            Block::Html(html) => {
                let found = references(&html.html);
                self.text_bytes += html.html.len();
                self.parts += found.fields;
                self.named.extend(found.pictures);
            }
            Block::If(choice) => {
                self.parts += choice.when.len();
                self.blocks(&choice.then);
                self.blocks(&choice.otherwise);
            }
        }
    }

    fn span(&mut self, span: &'a Span) {
        self.parts += 1;
        let link = match span {
            Span::Words(text) => {
                self.text_bytes += text.len();
                None
            }
            Span::Field(field) => {
                self.text_bytes += field.before.len() + field.after.len();
                field.link.as_ref()
            }
            Span::Styled(styled) => {
                self.text_bytes += styled.text.len();
                styled.link.as_ref()
            }
        };
        self.link(link);
    }

    fn picture(&mut self, picture: &'a Picture) {
        self.pictures.insert(&picture.image);
        self.alt(&picture.alt);
        self.link(picture.link.as_ref());
    }

    fn social(&mut self, social: &'a Social) {
        self.parts += social.icons.len();
        for icon in &social.icons {
            self.link(icon.link.as_ref());
            self.pictures.extend(icon.image.as_deref());
        }
    }

    fn qr(&mut self, qr: &'a Qr) {
        self.codes += 1;
        self.alt(&qr.alt);
        if let Code::Link(link) = &qr.code {
            self.link(Some(link));
        }
    }

    fn alt(&mut self, alt: &'a Alt) {
        match alt {
            Alt::Fixed(text) => self.text_bytes += text.len(),
            Alt::Parts(parts) => self.list(parts),
        }
    }

    fn link(&mut self, link: Option<&'a Link>) {
        match link {
            Some(Link::Fixed(text)) => self.text_bytes += text.len(),
            Some(Link::Parts(parts)) => self.list(parts),
            None => {}
        }
    }

    fn list(&mut self, parts: &'a [Part]) {
        self.parts += parts.len();
        for part in parts {
            if let Part::Words(text) = part {
                self.text_bytes += text.len();
            }
        }
    }
}
