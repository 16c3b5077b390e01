//! What is to be put into a message: the finished text of banner, signature and disclaimer. Made by
//! `tenant::render`, consumed by the [`Imprinter`](super::Imprinter).

use bytes::Bytes;

/// Everything that one variant of a message gets, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stamp {
    pub pieces: Vec<Piece>,
    /// Texts that are taken out of the Subject, once each, found without case.
    pub keywords: Vec<String>,
    /// A message that is plain text gets HTML beside it, so that the signature is seen as it was drawn.
    pub plain_becomes_html: bool,
}

impl Stamp {
    /// A stamp that leaves the Subject as it is.
    pub fn new(pieces: Vec<Piece>) -> Stamp {
        Stamp { pieces, keywords: Vec::new(), plain_becomes_html: false }
    }
}

/// One signature, banner or disclaimer, in each format a body may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub place: Place,
    /// A self-contained HTML fragment, tags balanced, its outermost element the one marked
    /// `class="signet-<13 base32>"`. Embedded images are referred to as `cid:<Image::id>`.
    pub html: String,
    /// Plain text, lines ended by LF, no line of it longer than 78 characters where it can be helped.
    pub plain: String,
    /// For a body of rich text; where there is none, such a body gets the plain text.
    pub rich: Option<RichText>,
    /// Images the HTML refers to by `cid:`; empty when they are hosted.
    pub images: Vec<Image>,
}

/// Paragraphs of RTF, and the tables they count into. All of it is ASCII.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct RichText {
    /// Names; the first is `\f0`.
    pub fonts: Vec<String>,
    /// Red, green, blue; the first is `\cf1`, since 0 is the colour of the reader.
    pub colours: Vec<[u8; 3]>,
    /// Whole ones: the last ends with `\par` or `\row`.
    pub paragraphs: String,
}

/// Where a piece goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Under the newest text, above the quoted reply; at the end where there is none.
    Reply,
    /// Before everything the author wrote.
    Top,
    /// After everything, the quoted reply included.
    Bottom,
}

/// An image carried inside the message.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Image {
    /// The name the HTML uses after `cid:`; made unique for each message by the imprinter.
    pub id: String,
    /// For example `image/png`.
    pub content_type: String,
    pub file_name: String,
    pub bytes: Bytes,
}
