//! Pictures, photos, icons of networks and codes to scan.

use std::fmt::Write;

use super::super::escape::{push_attribute, push_html};
use super::super::{Source, image, merge, qr};
use super::{Content, Look, Page};
use crate::imprint::Image;
use crate::tenant::Attribute;
use crate::tenant::design::{Align, Icon, IconLook, Link, Network, Photo, Picture, Qr, Shape, Social};

/// The corners of something so many pixels high.
pub(super) fn radius(shape: Shape, height: u16) -> String {
    match shape {
        Shape::Square => "0".to_owned(),
        Shape::Rounded => "4px".to_owned(),
        Shape::Round => format!("{}px", height.div_ceil(2)),
    }
}

impl Page<'_> {
    pub(super) fn picture(&mut self, picture: &Picture) -> Content {
        let alt = merge::alt(&picture.alt, self.view);
        let link = picture.link.as_ref().and_then(|link| merge::link(link, self.view));
        let Some(source) = self.source_of(&picture.image) else { return Content::None };
        self.cell(picture.align, "");
        if let Some(link) = &link {
            self.open_link(link, "text-decoration:none", None);
        }
        self.image(&source, &alt, (picture.width, picture.height), picture.shape, picture.align);
        if link.is_some() {
            self.out.push_str("</a>");
        }
        self.out.push_str("</td>");
        Content::Some
    }

    pub(super) fn photo(&mut self, photo: &Photo) -> Content {
        let source = self.view.person().photo().and_then(|id| self.source_of(id));
        let height = photo.height.unwrap_or(photo.width);
        if let Some(source) = source {
            let alt = merge::alt(&photo.alt, self.view);
            self.cell(photo.align, "");
            self.image(&source, &alt, (photo.width, photo.height), photo.shape, photo.align);
            self.out.push_str("</td>");
            return Content::Some;
        }
        let (Some(colour), Some(initials)) = (&photo.initials, self.view.initials()) else { return Content::None };
        let mut paint = String::new();
        push_attribute(&mut paint, colour);
        self.open_cell(photo.align);
        self.open_table(Some(photo.width));
        let _ = write!(
            self.out,
            "<tr><td width=\"{0}\" height=\"{height}\" align=\"center\" valign=\"middle\" bgcolor=\"{paint}\" \
             style=\"width:{0}px;height:{height}px;text-align:center;background-color:{paint};border-radius:{1};\
             font-family:Arial, Helvetica, sans-serif;font-size:{2}px;line-height:{height}px;color:#ffffff;\
             font-weight:bold\">",
            photo.width,
            radius(photo.shape, height),
            height * 2 / 5
        );
        push_html(&mut self.out, &initials);
        self.out.push_str("</td></tr>");
        self.close_table();
        self.out.push_str("</td>");
        Content::Some
    }

    pub(super) fn social(&mut self, social: &Social, look: &Look) -> Content {
        let view = self.view;
        let shown = |link: &Option<Link>| link.as_ref().and_then(|link| merge::link(link, view));
        let icons: Vec<_> = social.icons.iter().filter_map(|icon| Some((icon, shown(&icon.link)?))).collect();
        if icons.is_empty() {
            return Content::None;
        }
        self.open_cell(social.align);
        self.open_table(None);
        self.out.push_str("<tr>");
        for (number, (icon, link)) in icons.iter().enumerate() {
            if number > 0 && social.gap > 0 {
                let gap = social.gap;
                let _ = write!(self.out, "<td width=\"{gap}\" style=\"width:{gap}px;font-size:0\">&#160;</td>");
            }
            self.icon(icon, link, social, look);
        }
        self.out.push_str("</tr>");
        self.close_table();
        self.out.push_str("</td>");
        Content::Some
    }

    fn icon(&mut self, icon: &Icon, link: &str, social: &Social, look: &Look) {
        let size = u16::from(social.size);
        if let Some(source) = icon.image.as_ref().and_then(|id| self.source_of(id)) {
            self.out.push_str("<td>");
            self.open_link(link, "text-decoration:none", None);
            self.image(&source, icon.network.title(), (size, Some(size)), social.shape, Align::Left);
            self.out.push_str("</a></td>");
            return;
        }
        if social.look == IconLook::Words {
            let colour = social.colour.as_ref().unwrap_or(&look.colour);
            self.cell(Align::Left, &look.css());
            self.open_link(link, &format!("color:{colour};text-decoration:none"), None);
            push_html(&mut self.out, icon.network.title());
            self.out.push_str("</a></td>");
            return;
        }
        self.drawn_icon(icon.network, link, social);
    }

    /// An icon of text and colour: it shows where pictures are blocked, and nothing has to be fetched.
    fn drawn_icon(&mut self, network: Network, link: &str, social: &Social) {
        let size = u16::from(social.size);
        let mut paint = String::new();
        push_attribute(&mut paint, social.colour.as_deref().unwrap_or(network.colour()));
        let corners = radius(social.shape, size);
        let _ = write!(
            self.out,
            "<td width=\"{size}\" height=\"{size}\" align=\"center\" valign=\"middle\" style=\"width:{size}px;\
             height:{size}px;text-align:center;border-radius:{corners};"
        );
        let (letters, line) = match social.look {
            IconLook::Outline => {
                let _ = write!(self.out, "border:1px solid {paint}\">");
                (paint.as_str(), size.saturating_sub(2))
            }
            IconLook::Filled | IconLook::Words => {
                let _ = write!(self.out, "background-color:{paint}\" bgcolor=\"{paint}\">");
                ("#ffffff", size)
            }
        };
        let glyph = network.glyph();
        let height = if glyph.len() > 2 && glyph.is_ascii() { size / 3 } else { size / 2 };
        let css = format!(
            "display:block;color:{letters};text-decoration:none;font-family:Arial, sans-serif;font-size:{height}px;\
             line-height:{line}px;font-weight:bold"
        );
        self.open_link(link, &css, Some(network.title()));
        push_html(&mut self.out, glyph);
        self.out.push_str("</a></td>");
    }

    pub(super) fn qr(&mut self, qr: &Qr) -> Content {
        let Some(png) = qr::draw(qr, self.view) else { return Content::None };
        let id = png.id();
        let alt = match merge::alt(&qr.alt, self.view) {
            alt if alt.is_empty() => self.view.plain_value(Attribute::DisplayName).unwrap_or_else(|| "QR".to_owned()),
            alt => alt,
        };
        self.cell(qr.align, "");
        self.image(&format!("cid:{id}"), &alt, (qr.size, Some(qr.size)), Shape::Square, qr.align);
        self.out.push_str("</td>");
        self.embed(Image {
            id,
            content_type: "image/png".to_owned(),
            file_name: "qr.png".to_owned(),
            bytes: png.bytes,
        });
        Content::Some
    }

    /// Where an image of the tenant is found, as it goes into `src`.
    pub(super) fn source_of(&mut self, id: &str) -> Option<String> {
        let picture = self.snapshot.image(id)?;
        let source = match self.source {
            Source::Hosted(base) => format!("{}/i/{}", base.trim_end_matches('/'), picture.file_name()),
            Source::Embedded => {
                self.embed(image(self.snapshot, id)?);
                format!("cid:{id}")
            }
        };
        let mut written = String::new();
        push_attribute(&mut written, &source);
        self.source_bytes += written.len();
        Some(source)
    }

    fn embed(&mut self, image: Image) {
        if !self.embedded.iter().any(|known| known.id == image.id) {
            self.embedded.push(image);
        }
    }

    fn image(&mut self, source: &str, alt: &str, (width, height): (u16, Option<u16>), shape: Shape, align: Align) {
        self.out.push_str("<img src=\"");
        push_attribute(&mut self.out, source);
        let _ = write!(self.out, "\" width=\"{width}\"");
        if let Some(height) = height {
            let _ = write!(self.out, " height=\"{height}\"");
        }
        self.out.push_str(" border=\"0\" alt=\"");
        push_attribute(&mut self.out, alt);
        let _ = write!(self.out, "\" style=\"display:block;border:0;width:{width}px;");
        match height {
            Some(height) => {
                let _ = write!(self.out, "height:{height}px");
            }
            None => self.out.push_str("height:auto"),
        }
        if shape != Shape::Square {
            let _ = write!(self.out, ";border-radius:{}", radius(shape, height.unwrap_or(width)));
        }
        // A block is not moved by the alignment of its cell, but by its margins.
        match self.flow.align(align) {
            "center" => self.out.push_str(";margin:0 auto"),
            "right" => self.out.push_str(";margin-left:auto"),
            _ => {}
        }
        self.out.push_str("\">");
    }
}
