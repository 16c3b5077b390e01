//! A body that travels as TNEF: each of its texts looked through, and the stream with pieces in all of them.
//!
//! The whole message of a mail between mailboxes of one organisation is such a stream, in octets as they are; elsewhere
//! it is a part, mostly in base64. Either is held up to its first attachment and no further (`tnef_held`). All its texts
//! are changed or none; every attribute and property beside them stays octet for octet.

use std::ops::Range;

use bytes::Bytes;

use super::charset::Octets;
use super::content::Encoding;
use super::images::{Embedded, header_text};
use super::part::Part;
use super::place::Found;
use super::rich::Rich;
use super::splice::{Placed, is_joined, spliced};
use super::stamp::Piece;
use super::text::{self, Format, Reading, Text, line_end_of};
use super::tnef::{self, Properties, Stream, attachment, item_class, rtf_compressed};
use super::transfer::{self, Replacement};
use super::wiped::Wiped;
use super::{Quoted, Reason, Seen, compose::Flow, rtf::code_page};

/// PidTagBody.
const PLAIN: u16 = 0x1000;
/// PidTagRtfCompressed.
const RTF: u16 = 0x1009;
/// PidTagHtml.
const HTML: u16 = 0x1013;
/// PidTagInternetCodepage, of the HTML.
const HTML_CODE_PAGE: u16 = 0x3FDE;
/// PidTagMessageCodepage, of texts that are not Unicode.
const TEXT_CODE_PAGE: u16 = 0x3FFD;
/// PtypString8: in a code page.
const NARROW: u16 = 0x001E;
/// PtypString: UTF-16.
const WIDE: u16 = 0x001F;

/// Most octets of RTF that a body is unpacked to.
const RTF_OCTETS: usize = 8 << 20;

/// Characters that fill a text up behind the signature. Properties grow by fours, of which one of three in a row is a
/// multiple of three; more for what packing adds.
const FILLS: [usize; 7] = [0, 4, 8, 12, 16, 20, 24];

#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct TnefLeaf {
    pub(super) part: usize,
    /// What was held of the body, in the message.
    body: Range<u64>,
    encoded: Bytes,
    octets: Bytes,
    encoding: Encoding,
    physical: &'static str,
    bodies: Vec<Body>,
    /// More of the stream follows, in digits of base64 that stay as they are.
    open: bool,
}

/// One text of the stream.
#[cfg_attr(test, derive(Clone, Debug))]
struct Body {
    slot: Slot,
    kind: Written,
    /// What ends the value: zeros.
    tail: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    /// attBody, by its place among the attributes.
    Attribute(usize),
    Property(u16),
}

#[cfg_attr(test, derive(Clone, Debug))]
enum Written {
    Text(Text),
    /// UTF-16, read into UTF-8.
    Wide(Text),
    Rich(Rich),
}

/// The change to the body, in the message.
pub(super) struct Edited {
    pub(super) range: Range<u64>,
    pub(super) octets: Bytes,
    pub(super) marker: Option<&'static str>,
}

impl TnefLeaf {
    /// `encoded` is the body as far as it is held; `whole`, where nothing of it follows.
    pub(super) fn read(
        index: usize,
        part: &Part,
        (encoded, whole): (Bytes, bool),
        reading: Reading<'_>,
    ) -> Result<TnefLeaf, Reason> {
        let start = part.head.end;
        let encoding = part.content.encoding;
        let octets = match transfer::decode(encoding, &encoded)? {
            Some(octets) => octets.into_bytes(),
            None => encoded.clone(),
        };
        let bodies = bodies(&octets, reading)?;
        Ok(TnefLeaf {
            part: index,
            body: start..start + encoded.len() as u64,
            physical: line_end_of(&encoded).unwrap_or(reading.line_end),
            encoded,
            octets,
            encoding,
            bodies,
            open: !whole && !encoding.is_identity(),
        })
    }

    pub(super) fn has_text(&self) -> bool {
        !self.bodies.is_empty()
    }

    /// What stands where in each of the texts.
    pub(super) fn bodies(&self) -> impl Iterator<Item = (Format, &Found)> {
        self.bodies.iter().map(|body| (body.format(), body.found()))
    }

    /// What the text says that most readers show: HTML where there is some.
    pub(super) fn seen(&self, quoted: Quoted) -> Option<Seen> {
        let shown = self.bodies.iter().find(|body| body.format() == Format::Html).or(self.bodies.first())?;
        match &shown.kind {
            Written::Text(text) | Written::Wide(text) => Some(text.seen(quoted)),
            Written::Rich(rich) => Some(Seen::of(rich.format, &rich.text()?, &rich.found, quoted)),
        }
    }

    /// Octets held beside the input.
    pub(super) fn own_bytes(&self) -> usize {
        let decoded = if self.encoding.is_identity() { 0 } else { self.octets.len() };
        decoded + self.bodies.iter().map(Body::own_bytes).sum::<usize>()
    }

    /// Puts the pieces into all texts; `None` where there is nothing for any of them.
    pub(super) fn edit(&self, pieces: &[Piece], images: &Embedded<'_>) -> Result<Option<Edited>, Reason> {
        let Some(octets) = self.signed(pieces, images)? else { return Ok(None) };
        let one = match self.encoding {
            Encoding::Base64 if self.open => {
                transfer::base64::rewrite_open(&self.encoded, &self.octets, &octets, self.physical)
            }
            Encoding::Base64 => transfer::base64::rewrite(&self.encoded, &self.octets, &octets, self.physical),
            _ => difference(&self.octets, &octets),
        };
        let changed = Wiped::new(spliced(&self.encoded, std::slice::from_ref(&one)));
        let decoded = transfer::decode(self.encoding, &changed)?;
        if decoded.as_deref().unwrap_or(&changed) != &*octets {
            return Err(Reason::CheckFailed);
        }
        let place = |at: usize| self.body.start + at as u64;
        Ok(Some(Edited {
            range: place(one.range.start)..place(one.range.end),
            octets: Wiped::new(one.octets).into_bytes(),
            marker: self.bodies.iter().find_map(|body| body.found().marker),
        }))
    }

    /// The stream as far as it is held, with the pieces; `None` where there is nothing for any text. Where digits of
    /// base64 follow that stay as they are, it grows by a multiple of three octets.
    fn signed(&self, pieces: &[Piece], images: &Embedded<'_>) -> Result<Option<Wiped>, Reason> {
        let mut edited = Vec::with_capacity(self.bodies.len());
        for body in &self.bodies {
            let pieces: Vec<&Piece> = pieces.iter().filter(|piece| body.format().has_something_in(piece)).collect();
            if !pieces.is_empty() {
                edited.push((body, body.edit(&pieces, images, 0)?, pieces));
            }
        }
        // Where blanks show least, and cost least to be put in again.
        let cost = |(_, (body, ..)): &(usize, &(&Body, Wiped, Vec<&Piece>))| {
            (matches!(body.kind, Written::Rich(_)), body.format() != Format::Html)
        };
        let Some((filled, _)) = edited.iter().enumerate().min_by_key(cost) else { return Ok(None) };
        let pictures = self.bodies.iter().any(|body| body.format() == Format::Html).then_some(images);
        for fill in FILLS {
            if let Some((body, value, pieces)) = edited.get_mut(filled).filter(|_| fill > 0) {
                *value = body.edit(pieces, images, fill)?;
            }
            let values: Vec<(Slot, &[u8])> = edited.iter().map(|(body, value, _)| (body.slot, &**value)).collect();
            let octets = self.with(&values, pictures)?;
            if !self.open || octets.len() % 3 == self.octets.len() % 3 {
                return Ok(Some(octets));
            }
        }
        Err(Reason::NoSafePlace)
    }

    /// The stream with other values for its texts, and the images as hidden attachments; read again and compared.
    fn with(&self, values: &[(Slot, &[u8])], images: Option<&Embedded<'_>>) -> Result<Wiped, Reason> {
        let stream = Stream::read(&self.octets).map_err(|_| Reason::Tnef)?;
        let place = |id| stream.attributes().iter().position(|one| stream.of_message(id) == Some(one));
        let own = |slot: &Slot| if let Slot::Property(id) = slot { Some(*id) } else { None };
        let properties: Vec<(u16, &[u8])> =
            values.iter().filter_map(|(slot, value)| Some((own(slot)?, *value))).collect();
        let mut written = None;
        if !properties.is_empty() {
            let at = place(tnef::MESSAGE_PROPERTIES).ok_or(Reason::Tnef)?;
            let data = stream.attributes().get(at).map(|one| stream.data(one)).unwrap_or_default();
            let data = Properties::read(data).ok().and_then(|read| read.with(&properties)).ok_or(Reason::Tnef)?;
            written = Some((at, Wiped::new(data)));
        }
        let mut changes: Vec<(usize, &[u8])> = written.iter().map(|(at, data)| (*at, &**data)).collect();
        changes.extend(values.iter().filter_map(|(slot, value)| match slot {
            Slot::Attribute(at) => Some((*at, *value)),
            Slot::Property(_) => None,
        }));
        let mut octets = Wiped::new(stream.with(&changes).map_err(|_| Reason::Tnef)?);
        if !is_same_but(&stream, &octets, &changes) {
            return Err(Reason::CheckFailed);
        }
        let mut pictures = Vec::new();
        for (content_id, image) in images.into_iter().flat_map(Embedded::named) {
            let picture = attachment::Picture {
                content_id: &content_id,
                file_name: &header_text(&image.file_name),
                content_type: &header_text(&image.content_type),
                octets: &image.bytes,
            };
            pictures.extend(attachment::hidden(&picture).map_err(|_| Reason::Tnef)?);
        }
        if !pictures.is_empty() {
            let at = Stream::read(&octets).map_err(|_| Reason::CheckFailed)?.attachments_at();
            octets = Wiped::new(spliced(&octets, &[Replacement { range: at..at, octets: pictures }]));
        }
        Ok(octets)
    }
}

/// Does `octets` have the attributes of the stream, but for those that were changed?
fn is_same_but(stream: &Stream<'_>, octets: &[u8], changes: &[(usize, &[u8])]) -> bool {
    let Ok(again) = Stream::read(octets) else { return false };
    again.attributes().len() == stream.attributes().len()
        && again.attributes().iter().zip(stream.attributes()).enumerate().all(|(at, (new, old))| {
            let changed = changes.iter().find(|(place, _)| *place == at).map(|(_, data)| *data);
            new.id == old.id && new.level == old.level && again.data(new) == changed.unwrap_or(stream.data(old))
        })
}

/// What differs, without what is the same before and behind it.
fn difference(old: &[u8], new: &[u8]) -> Replacement {
    let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let most = old.len().min(new.len()) - start;
    let same = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(old, new)| old == new).count();
    Replacement {
        range: start..old.len() - same,
        octets: new.get(start..new.len() - same).unwrap_or_default().to_vec(),
    }
}

impl Body {
    fn format(&self) -> Format {
        match &self.kind {
            Written::Text(text) | Written::Wide(text) => text.format,
            Written::Rich(rich) => rich.format,
        }
    }

    fn found(&self) -> &Found {
        match &self.kind {
            Written::Text(text) | Written::Wide(text) => &text.found,
            Written::Rich(rich) => &rich.found,
        }
    }

    fn own_bytes(&self) -> usize {
        match &self.kind {
            Written::Text(text) | Written::Wide(text) => text.own_bytes(),
            Written::Rich(rich) => rich.own_bytes(),
        }
    }

    /// The value with the pieces in it, filled up by so many characters that nobody sees.
    fn edit(&self, pieces: &[&Piece], images: &Embedded<'_>, fill: usize) -> Result<Wiped, Reason> {
        let mut value = match &self.kind {
            Written::Text(text) => edit_text(text, pieces, images, fill)?,
            Written::Wide(text) => {
                let octets = edit_text(text, pieces, images, fill)?;
                let text = std::str::from_utf8(&octets).map_err(|_| Reason::CheckFailed)?;
                Wiped::new(text.encode_utf16().flat_map(u16::to_le_bytes).collect())
            }
            Written::Rich(rich) => {
                let order = text::in_order(pieces, rich.found.offset, || rich.ends())?;
                packed(rich.edit(&order, images, fill)?)?
            }
        };
        value.extend_from_slice(&vec![0; self.tail]);
        Ok(value)
    }
}

/// Compressed RTF, read again and compared.
fn packed((rtf, fill): (Wiped, Range<usize>)) -> Result<Wiped, Reason> {
    let packed = Wiped::new(rtf_compressed::pack_with(&rtf, fill).map_err(|_| Reason::Tnef)?);
    let again = rtf_compressed::unpack(&packed, rtf.len()).map(Wiped::new);
    let same = again.map_err(|_| Reason::CheckFailed)?[..] == rtf[..];
    if same { Ok(packed) } else { Err(Reason::CheckFailed) }
}

fn edit_text(text: &Text, pieces: &[&Piece], images: &Embedded<'_>, fill: usize) -> Result<Wiped, Reason> {
    let order = text::in_order(pieces, text.found.offset, || text.ends())?;
    let placed: Vec<Placed> = order
        .into_iter()
        .map(|(at, piece)| Placed {
            at,
            text: match text.format {
                Format::Html => images.rewrite(&piece.html).into_owned(),
                _ => piece.plain.clone(),
            },
        })
        .collect();
    let mut composed = text.compose(&placed)?;
    composed.fill_up(fill);
    let insertions = text.encode(&composed, Octets::Any).ok_or(Reason::BadCharset)?;
    let replacements: Vec<Replacement> =
        insertions.iter().map(|one| Replacement { range: one.at..one.at, octets: one.octets.clone() }).collect();
    let octets = Wiped::new(spliced(text.octets(), &replacements));
    let same = is_joined(&octets, text.octets(), &insertions)
        && (text.stands_for_itself(&insertions) || text.reads_as_joined(&octets, &insertions));
    if same { Ok(octets) } else { Err(Reason::CheckFailed) }
}

/// The texts of a stream, in its order.
fn bodies(octets: &Bytes, reading: Reading<'_>) -> Result<Vec<Body>, Reason> {
    let stream = Stream::read(octets).map_err(|_| Reason::Tnef)?;
    let properties = match stream.of_message(tnef::MESSAGE_PROPERTIES) {
        Some(attribute) => Some(Properties::read(stream.data(attribute)).map_err(|_| Reason::Tnef)?),
        None => None,
    };
    if let Some(reason) = item_class::reason(&stream, properties.as_ref()) {
        return Err(reason);
    }
    let oem = stream.of_message(tnef::OEM_CODEPAGE).and_then(|one| stream.data(one).first_chunk::<4>());
    let oem = oem.map(|number| u32::from_le_bytes(*number));
    let mut bodies = Vec::new();
    for (at, attribute) in stream.attributes().iter().enumerate() {
        if stream.of_message(tnef::TEXT_BODY) == Some(attribute) {
            let kind = (NARROW, oem, Format::Plain);
            bodies.extend(text_body(Slot::Attribute(at), octets, stream.data(attribute), kind, reading)?);
        }
    }
    for property in properties.iter().flat_map(|read| read.all().iter().map(move |one| (read, one))) {
        let (read, property) = property;
        let pages = match property.id {
            HTML => (read.number(HTML_CODE_PAGE), Format::Html),
            PLAIN => (read.number(TEXT_CODE_PAGE).or(oem), Format::Plain),
            RTF => (None, Format::Rich),
            _ => continue,
        };
        // The first one counts, and a body with several values is none.
        let value = read.only(property.id).ok_or(Reason::Tnef)?;
        let slot = Slot::Property(property.id);
        if bodies.iter().any(|body| body.slot == slot) {
            return Err(Reason::Tnef);
        }
        if pages.1 != Format::Rich {
            bodies.extend(text_body(slot, octets, value, (property.kind, pages.0, pages.1), reading)?);
        } else if !value.is_empty() {
            let rtf = rtf_compressed::unpack(value, RTF_OCTETS).map_err(|_| Reason::Tnef)?;
            bodies.push(Body { slot, kind: Written::Rich(Rich::read(Wiped::new(rtf), reading.separators)?), tail: 0 });
        }
    }
    Ok(bodies)
}

/// A text of a property type, a code page and a format; `None` where it has nothing in it.
fn text_body(
    slot: Slot,
    octets: &Bytes,
    value: &[u8],
    (kind, page, format): (u16, Option<u32>, Format),
    reading: Reading<'_>,
) -> Result<Option<Body>, Reason> {
    let unit = if kind == WIDE { 2 } else { 1 };
    let length =
        value.chunks(unit).rposition(|one| one.iter().any(|octet| *octet != 0)).map_or(0, |last| (last + 1) * unit);
    let shown = value.get(..length).ok_or(Reason::Tnef)?;
    if shown.is_empty() {
        return Ok(None);
    }
    let flow = (format, Flow::Fixed);
    let kind = if kind == WIDE {
        let units: Vec<u16> = shown.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
        let text = String::from_utf16(&units).map_err(|_| Reason::BadCharset)?;
        let text = Wiped::new(text.into_bytes()).into_bytes();
        Written::Wide(Text::read(text, None, Some("utf-8"), flow, reading)?)
    } else {
        let label = page.and_then(code_page::label);
        if page.is_some() && label.is_none() {
            return Err(Reason::BadCharset);
        }
        Written::Text(Text::read(octets.slice_ref(shown), None, label, flow, reading)?)
    };
    Ok(Some(Body { slot, kind, tail: value.len() - length }))
}
