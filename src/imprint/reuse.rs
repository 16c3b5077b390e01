//! Images that the message carries already are referred to, not attached again.
//!
//! In a reply the picture of an earlier signature lies as an inline part in the related whose root is the text to be
//! signed (RFC 2387). Where its octets, decoded, are those of an image of the stamp, the new HTML names its Content-ID
//! (RFC 2392); the part itself stays as it came. Only direct children of that related count, shown inline, of the
//! same type, with one Content-ID that no other part seen has.
//!
//! They come after the text, so the release waits for the end of the related, or for a limit. A fault in the
//! structure ends the search with nothing found, because readers may differ about what these parts are: the message is
//! signed as it would have been without a look. A stream of TNEF has pictures of its own kind and is not looked through.

use std::collections::{BTreeSet, HashMap, HashSet};

use bytes::Bytes;

use super::content::{Disposition, Encoding};
use super::group::Group;
use super::hold::{Gatherer, Hold};
use super::part::Part;
use super::text::Format;
use super::walk::{Event, Walk};
use super::{HeaderBlock, Image, Stamp, transfer, unfold};

/// An image as it is compared: its type in lower case, and its octets.
type Key = (String, Bytes);

/// What the message carries of the images, and the names by which HTML refers to it, after `cid:`.
#[derive(Default)]
pub(super) struct Carried(HashMap<Key, String>);

impl Carried {
    pub(super) fn name(&self, image: &Image) -> Option<&str> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&key(image)).map(String::as_str)
    }
}

/// The wait for the parts of a related. The edits are made when it is over: until then they would be memory that nobody
/// counts.
#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Search {
    pub(super) stamps: Vec<Option<Stamp>>,
    related: usize,
    /// Nothing is read behind this octet of the message.
    until: u64,
    /// Nor behind the head of this part.
    parts: usize,
}

/// What the search needs, or has found.
pub(super) enum Looked {
    More,
    Over(Carried),
}

/// The related in which images of the stamps may lie, if there is one.
pub(super) fn related_of(stamps: &[Option<Stamp>], walk: &Walk, group: &Group) -> Option<usize> {
    let html = group.leaf(Format::Html)?;
    images(stamps).next()?;
    let related = |at: &usize| walk.parts.get(*at).is_some_and(|part| part.content.is("multipart/related"));
    walk.upwards(html.part).skip(1).find(related)
}

impl Search {
    /// From the place on to which `walk` has come.
    pub(super) fn new(stamps: Vec<Option<Stamp>>, related: usize, walk: &Walk, until: u64) -> Search {
        Search { stamps, related, until, parts: walk.parts.len() + PARTS }
    }

    /// Goes on through what was fed.
    pub(super) fn look(&self, walk: &mut Walk, hold: &mut Hold, ended: bool) -> Looked {
        loop {
            while let Some(event) = walk.event() {
                if matches!(event, Event::Fault(_)) {
                    return Looked::Over(Carried::default());
                }
            }
            let room = self.until.saturating_sub(hold.position());
            if !walk.is_open(self.related) || room == 0 || walk.parts.len() >= self.parts {
                return Looked::Over(self.carried(walk, hold));
            }
            let unread = hold.unread();
            if unread.is_empty() {
                if !ended {
                    return Looked::More;
                }
                walk.finish();
                continue;
            }
            let room = usize::try_from(room).unwrap_or(usize::MAX).min(unread.len());
            let read = walk.scan(unread.get(..room).unwrap_or_default());
            hold.read(read);
        }
    }

    /// Of several parts with the same octets the first. Each is read once, whatever the number of images.
    fn carried(&self, walk: &Walk, hold: &Hold) -> Carried {
        let wanted: HashSet<Key> = images(&self.stamps).map(key).collect();
        let lengths: BTreeSet<usize> = wanted.iter().map(|(_, octets)| octets.len()).collect();
        let names = Names::of(walk);
        let mut gatherer = hold.gatherer();
        let mut found = HashMap::new();
        for part in walk.parts.iter().filter(|part| part.parent == Some(self.related) && is_inline_image(part)) {
            let Some(name) = names.only(&part.header) else { continue };
            let Some(octets) = octets(part, &lengths, &mut gatherer) else { continue };
            if let Some(image) = wanted.get(&(part.content.media.essence.clone(), octets)) {
                found.entry(image.clone()).or_insert(name);
            }
        }
        Carried(found)
    }
}

/// The images that HTML of the stamps shows.
fn images(stamps: &[Option<Stamp>]) -> impl Iterator<Item = &Image> {
    let pieces = stamps.iter().flatten().flat_map(|stamp| &stamp.pieces).filter(|piece| !piece.html.is_empty());
    pieces.flat_map(|piece| &piece.images).filter(|image| !image.bytes.is_empty())
}

fn key(image: &Image) -> Key {
    let essence = image.content_type.split(';').next().unwrap_or_default();
    (essence.trim().to_ascii_lowercase(), image.bytes.clone())
}

/// A picture that a reader shows in the text, whoever reads its header.
fn is_inline_image(part: &Part) -> bool {
    let (header, content) = (&part.header, &part.content);
    content.media.essence.starts_with("image/")
        && content.disposition != Disposition::Attachment
        && !content.doubled
        && header.count("Content-Disposition") <= 1
        && header.well_formed()
        && header.unbroken()
}

/// The decoded octets, where there may be as many as one of the images has.
fn octets(part: &Part, lengths: &BTreeSet<usize>, gatherer: &mut Gatherer<'_>) -> Option<Bytes> {
    let body = part.body()?;
    let length = usize::try_from(body.end.checked_sub(body.start)?).ok()?;
    let encoding = part.content.encoding;
    let fits = match encoding {
        Encoding::SevenBit | Encoding::EightBit | Encoding::Binary => lengths.contains(&length),
        // Encoded octets are not fewer than decoded ones.
        Encoding::QuotedPrintable | Encoding::Base64 => lengths.first().is_some_and(|least| *least <= length),
        Encoding::Unknown => false,
    };
    if !fits {
        return None;
    }
    let encoded = gatherer.gather(body);
    if encoding == Encoding::Base64 {
        let digits = encoded.iter().filter(|octet| !octet.is_ascii_whitespace() && **octet != b'=').count();
        // RFC 2045 section 6.8: six bits each.
        if !lengths.contains(&(digits / 4 * 3 + digits % 4 * 3 / 4)) {
            return None;
        }
    }
    match transfer::decode(encoding, &encoded).ok()? {
        Some(decoded) => Some(decoded.into_bytes()),
        None => Some(encoded),
    }
}

/// How often each Content-ID stands in the parts that were seen; some readers compare them without case.
struct Names(HashMap<String, usize>);

impl Names {
    fn of(walk: &Walk) -> Names {
        let mut names = HashMap::new();
        for value in walk.parts.iter().flat_map(|part| part.header.all("Content-ID")) {
            *names.entry(bare(&unfold(value))).or_insert(0) += 1;
        }
        Names(names)
    }

    /// The name by which the part with this header, and no other, is referred to.
    fn only(&self, header: &HeaderBlock) -> Option<String> {
        let value = unfold(header.only("Content-ID")?);
        let id = value.strip_prefix('<')?.strip_suffix('>')?;
        if self.0.get(&bare(&value)) == Some(&1) { reference(id) } else { None }
    }
}

fn bare(id: &str) -> String {
    id.trim_matches(['<', '>', ' ', '\t']).to_ascii_lowercase()
}

/// A Content-ID as a `cid:` URL has it (RFC 2392 section 2). `None` for one that is no `left@right` or single word, and
/// for one that could be read otherwise in HTML: quotes, brackets, `&`, blanks, anything but ASCII.
fn reference(id: &str) -> Option<String> {
    let words = id.split('@');
    // An encoded word is a Content-ID that a gateway made something else of.
    if id.len() > ID_BYTES || words.clone().count() > 2 || words.clone().any(str::is_empty) || id.contains("=?") {
        return None;
    }
    let mut out = String::with_capacity(id.len());
    for one in id.chars() {
        match one {
            'a'..='z' | 'A'..='Z' | '0'..='9' => out.push(one),
            '-' | '.' | '_' | '~' | '@' | '$' | '+' | '!' | '*' | '=' => out.push(one),
            // The other characters of an atom (RFC 5322 section 3.2.3) that no URL has as they are.
            '%' | '#' | '?' | '/' | '^' | '{' | '|' | '}' => out.push_str(&format!("%{:02X}", u32::from(one))),
            _ => return None,
        }
    }
    Some(out)
}

/// So many parts more are looked at. Long threads have a few dozen pictures.
const PARTS: usize = 64;

/// Longer Content-IDs are left alone: a line of text has 998 octets (RFC 5322 section 2.1.1).
const ID_BYTES: usize = 200;

#[cfg(test)]
mod tests {
    use super::reference;

    #[test]
    fn a_content_id_is_referred_to_where_every_reader_finds_it() {
        let long = "a".repeat(201);
        for (id, wanted) in [
            ("image001.png@01DB2C3F.4E5A6B70", Some("image001.png@01DB2C3F.4E5A6B70")),
            ("ii_lq1x2y3z0", Some("ii_lq1x2y3z0")),
            ("part1.$a+b=c!*~-@x.example", Some("part1.$a+b=c!*~-@x.example")),
            ("100%/a?b#c@x", Some("100%25%2Fa%3Fb%23c@x")),
            ("{a|b}^@x", Some("%7Ba%7Cb%7D%5E@x")),
            ("", None),
            ("@x", None),
            ("a@", None),
            ("a@b@c", None),
            ("a b@x", None),
            ("a\"b@x", None),
            ("a'b@x", None),
            ("a&b@x", None),
            ("a<b@x", None),
            ("a`b@x", None),
            ("a(b)@x", None),
            ("a;b@x", None),
            ("a\u{e9}@x", None),
            ("=?utf-8?Q?a?=", None),
            (&long, None),
        ] {
            assert_eq!(reference(id).as_deref(), wanted, "{id}");
        }
    }
}
