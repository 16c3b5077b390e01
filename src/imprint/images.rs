//! Images carried inside the message (RFC 2387).
//!
//! One that the message carries already (`reuse`) is referred to where it is. The others stand directly after the root of
//! the related that holds the HTML, not before its close delimiter, which may never come. Without a related the HTML leaf
//! alone becomes one: a nested leaf by insertions only; the leaf that is the whole message by moving Content-Type and
//! Content-Transfer-Encoding, as they stand, into the first part of the new related.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::header_edit;
use super::leaf::Recoded;
use super::part::Part;
use super::reuse::Carried;
use super::script::Edit;
use super::stamp::{Image, Piece};
use super::walk::Walk;
use super::{Reason, content::Found};

/// The images of all pieces, under names that no other message uses.
pub(super) struct Embedded<'a> {
    images: Vec<&'a Image>,
    /// For each of them the name of the part that the message has already, if it has one.
    carried: Vec<Option<&'a str>>,
    salt: String,
}

/// Edits that stand before and after those of the leaf, where both are at the same place.
#[derive(Default)]
pub(super) struct Around {
    pub(super) before: Vec<Edit>,
    pub(super) after: Vec<Edit>,
}

impl<'a> Embedded<'a> {
    pub(super) fn new(pieces: &'a [Piece], carried: &'a Carried, salt: [u8; 16]) -> Embedded<'a> {
        let mut images: Vec<&Image> = Vec::new();
        for image in pieces.iter().filter(|piece| !piece.html.is_empty()).flat_map(|piece| &piece.images) {
            if !images.contains(&image) {
                images.push(image);
            }
        }
        let carried = images.iter().map(|image| carried.name(image)).collect();
        Embedded { images, carried, salt: format!("{:032x}", u128::from_be_bytes(salt)) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.images.is_empty()
    }

    /// The images and the names they go by in the message.
    pub(super) fn named(&self) -> impl Iterator<Item = (String, &'a Image)> {
        self.images.iter().enumerate().map(|(number, image)| (self.content_id(number), *image))
    }

    /// The HTML with each `cid:` of its images made unique.
    pub(super) fn rewrite<'h>(&self, html: &'h str) -> Cow<'h, str> {
        if self.images.is_empty() {
            return Cow::Borrowed(html);
        }
        let mut out = String::with_capacity(html.len() + 64);
        let mut rest = html;
        while let Some(at) = rest.find("cid:") {
            let (before, after) = rest.split_at(at + 4);
            out.push_str(before);
            let end = after.find(|one: char| one.is_whitespace() || "\"'()<>&;,".contains(one)).unwrap_or(after.len());
            let (name, tail) = after.split_at(end);
            match self.images.iter().position(|image| image.id == name) {
                Some(number) => match self.carried(number) {
                    Some(name) => out.push_str(name),
                    None => out.push_str(&self.content_id(number)),
                },
                None => out.push_str(name),
            }
            rest = tail;
        }
        out.push_str(rest);
        Cow::Owned(out)
    }

    /// The edits that put the images beside the leaf, those that the message has not, and the changes to its header.
    pub(super) fn edits(&self, leaf: usize, walk: &Walk, recoded: Recoded, line_end: &str) -> Result<Around, Reason> {
        let part = walk.parts.get(leaf).ok_or(Reason::MalformedMime)?;
        if self.carried.iter().all(Option::is_some) {
            return Ok(Around { before: header_edit::recode(part, recoded, line_end)?, after: Vec::new() });
        }
        let path = walk.path(leaf);
        let related = path.iter().zip(path.iter().skip(1)).rev().find_map(|(parent, child)| {
            let (parent, child) = (walk.parts.get(*parent)?, walk.parts.get(*child)?);
            let end = child.end.filter(|_| !child.glued)?;
            let Found::Value(boundary) = parent.content.media.parameter("boundary") else { return None };
            parent.content.is("multipart/related").then(|| (end, boundary.value.trim_end().to_owned()))
        });
        if let Some((end, boundary)) = related {
            let after = Edit::insert(end, self.parts(&boundary, line_end));
            return Ok(Around { before: header_edit::recode(part, recoded, line_end)?, after: vec![after] });
        }
        let end = part.end.filter(|_| !part.glued).ok_or(Reason::NoSafePlace)?;
        self.wrap(part, end, recoded, line_end)
    }

    /// What stands before and after the body of an HTML part with these fields, so that both are a part with the images.
    pub(super) fn related(&self, fields: &str, line_end: &str) -> (String, String) {
        let boundary = self.boundary("related");
        let field = format!("Content-Type: multipart/related; type=\"text/html\";{line_end}\tboundary=\"{boundary}\"");
        let head = format!("{field}{line_end}{line_end}--{boundary}{line_end}{fields}");
        (head, format!("{}{line_end}--{boundary}--", self.parts(&boundary, line_end)))
    }

    /// A boundary that no other message has.
    pub(super) fn boundary(&self, of: &str) -> String {
        format!("=_signet_{of}_{}", self.salt)
    }

    fn wrap(&self, part: &Part, end: u64, recoded: Recoded, line_end: &str) -> Result<Around, Reason> {
        // `=_` stands in no quoted-printable and no base64 text; the salt makes it unlikely in any other.
        let boundary = format!("=_signet_{}", self.salt);
        let field = format!(
            "Content-Type: multipart/related; type=\"text/html\";{line_end}\tboundary=\"{boundary}\"{line_end}"
        );
        let before = if part.parent.is_some() {
            let field = field + &header_edit::carries(part, recoded, line_end);
            let mut before = vec![Edit::insert(part.head.start, format!("{field}{line_end}--{boundary}{line_end}"))];
            before.extend(header_edit::recode(part, recoded, line_end)?);
            before
        } else {
            header_edit::moved_into_first_part(part, recoded, &field, &boundary, line_end)?
        };
        let last = if part.parent.is_some() { "" } else { line_end };
        let close = format!("{}{line_end}--{boundary}--{last}", self.parts(&boundary, line_end));
        Ok(Around { before, after: vec![Edit::insert(end, close)] })
    }

    /// One part for each image, the delimiter before each and no line end after the last.
    fn parts(&self, boundary: &str, line_end: &str) -> String {
        let mut out = String::new();
        let attached = self.images.iter().enumerate().filter(|(number, _)| self.carried(*number).is_none());
        for (number, image) in attached {
            let name = header_text(&image.file_name);
            let fields = [
                String::new(),
                format!("--{boundary}"),
                format!("Content-Type: {}; name=\"{name}\"", header_text(&image.content_type)),
                "Content-Transfer-Encoding: base64".to_owned(),
                format!("Content-ID: <{}>", self.content_id(number)),
                format!("Content-Disposition: inline; filename=\"{name}\""),
                String::new(),
            ];
            for field in fields {
                out.push_str(&field);
                out.push_str(line_end);
            }
            let digits = STANDARD.encode(&image.bytes);
            let mut rest = digits.as_str();
            while let Some((line, tail)) = rest.split_at_checked(76) {
                out.push_str(line);
                rest = tail;
                if !rest.is_empty() {
                    out.push_str(line_end);
                }
            }
            out.push_str(rest);
        }
        out
    }

    fn carried(&self, number: usize) -> Option<&str> {
        self.carried.get(number).copied().flatten()
    }

    fn content_id(&self, number: usize) -> String {
        format!("signet-image{number}.{}@signet", self.salt)
    }
}

/// Text that may stand in a quoted string: no line end, quote, backslash or octet above 7E.
pub(super) fn header_text(text: &str) -> String {
    text.chars().map(|one| if matches!(one, ' '..='~') && one != '"' && one != '\\' { one } else { '_' }).collect()
}
