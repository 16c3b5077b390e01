//! Compressed RTF (MS-OXRTFCP): a window of 4096 octets that begins with words of RTF, and references into it.

use std::ops::Range;

use super::{Cursor, TnefError};

/// `LZFu`.
const COMPRESSED: u32 = 0x7546_5A4C;
/// `MELA`: as it is.
const UNCOMPRESSED: u32 = 0x414C_454D;
/// Size, size when unpacked, type, checksum.
const HEAD_OCTETS: usize = 16;

/// What the window holds at first (MS-OXRTFCP section 2.1.2.1).
const FIRST: &[u8; 207] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor \
MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const WINDOW: usize = 4096;
const SHORTEST: usize = 2;
const LONGEST: usize = 17;
/// A reference and its bit of the control octet stand for no more octets than this for each of theirs.
const MOST_TIMES: usize = 8;
/// Further back nothing is referred to, so that the window still holds what is read while it is overwritten.
const FURTHEST: usize = WINDOW - LONGEST - 1;
/// So many places are looked at for the longest match.
const TRIES: usize = 24;

/// Unpacks a value of PidTagRtfCompressed. It becomes at most 8 times as long, whatever it says of its size.
///
/// # Errors
/// [`TnefError::Truncated`], [`TnefError::BadCompression`]; [`TnefError::TooLong`]: more than `most` octets.
pub fn unpack(value: &[u8], most: usize) -> Result<Vec<u8>, TnefError> {
    let mut cursor = Cursor::new(value);
    let packed = cursor.size()?;
    let size = cursor.size()?;
    let (kind, sum) = (cursor.u32()?, cursor.u32()?);
    if size > most {
        return Err(TnefError::TooLong);
    }
    // The size counts what stands behind it; something that fills up may follow.
    let octets = packed.checked_sub(HEAD_OCTETS - 4).ok_or(TnefError::BadCompression)?;
    let octets = cursor.take(octets)?;
    match kind {
        UNCOMPRESSED => octets.get(..size).map(<[u8]>::to_vec).ok_or(TnefError::Truncated),
        COMPRESSED if crc(octets) == sum => inflate(octets, size),
        _ => Err(TnefError::BadCompression),
    }
}

fn inflate(octets: &[u8], size: usize) -> Result<Vec<u8>, TnefError> {
    let mut cursor = Cursor::new(octets);
    // The window is the end of what was written.
    let mut written = Vec::with_capacity(FIRST.len() + size.min(octets.len().saturating_mul(MOST_TIMES)));
    written.extend_from_slice(FIRST);
    loop {
        let control = cursor.u8()?;
        for bit in 0..8 {
            if control >> bit & 1 == 0 {
                written.push(cursor.u8()?);
            } else {
                let reference = usize::from(u16::from_be_bytes(cursor.array()?));
                let (at, count) = (reference >> 4, (reference & 15) + SHORTEST);
                let back = (written.len() + WINDOW - at) % WINDOW;
                if back == 0 {
                    return match written.len() - FIRST.len() == size {
                        true => Ok(written.split_off(FIRST.len())),
                        false => Err(TnefError::BadCompression),
                    };
                }
                let from = written.len().checked_sub(back).ok_or(TnefError::BadCompression)?;
                for place in from..from + count {
                    written.push(written[place]);
                }
            }
            if written.len() - FIRST.len() > size {
                return Err(TnefError::BadCompression);
            }
        }
    }
}

/// Packs RTF, in time linear in its length.
///
/// # Errors
/// [`TnefError::TooLong`]: a size does not fit into its field.
pub fn pack(rtf: &[u8]) -> Result<Vec<u8>, TnefError> {
    pack_with(rtf, 0..0)
}

/// The same; the octets of `spelt` stand for themselves and are part of no reference, so that each makes it longer.
pub(in crate::imprint) fn pack_with(rtf: &[u8], spelt: Range<usize>) -> Result<Vec<u8>, TnefError> {
    let octets = deflate(rtf, spelt);
    let field = |size: usize| u32::try_from(size).map(u32::to_le_bytes).map_err(|_| TnefError::TooLong);
    let mut value = Vec::with_capacity(HEAD_OCTETS + octets.len());
    value.extend_from_slice(&field(octets.len() + HEAD_OCTETS - 4)?);
    value.extend_from_slice(&field(rtf.len())?);
    value.extend_from_slice(&COMPRESSED.to_le_bytes());
    value.extend_from_slice(&crc(&octets).to_le_bytes());
    value.extend_from_slice(&octets);
    Ok(value)
}

fn deflate(rtf: &[u8], spelt: Range<usize>) -> Vec<u8> {
    let text = [FIRST, rtf].concat();
    let mut matches = Matches::new(&text, FIRST.len() + spelt.start..FIRST.len() + spelt.end);
    (0..FIRST.len()).for_each(|at| matches.enter(at));
    let mut packed = Vec::with_capacity(rtf.len() / 2 + 8);
    let (mut at, mut control, mut bit) = (FIRST.len(), 0, 8);
    let mut is_over = false;
    while !is_over {
        if bit == 8 {
            (control, bit) = (packed.len(), 0);
            packed.push(0);
        }
        let found = matches.longest(at);
        is_over = at == text.len();
        let taken = match found {
            Some((from, count)) if !is_over => {
                packed[control] |= 1 << bit;
                packed.extend_from_slice(&reference(from, count));
                count
            }
            _ if is_over => {
                // The end is a reference to where the next octet would be written.
                packed[control] |= 1 << bit;
                packed.extend_from_slice(&reference(at, SHORTEST));
                0
            }
            _ => {
                packed.push(text[at]);
                1
            }
        };
        (at..at + taken).for_each(|place| matches.enter(place));
        (at, bit) = (at + taken, bit + 1);
    }
    packed
}

/// Twelve bits of a place in the window, four of how many octets.
fn reference(at: usize, count: usize) -> [u8; 2] {
    let (place, more) = (at % WINDOW, count - SHORTEST);
    // Both fit: of 4096 places, and of 16 counts.
    u16::try_from(place << 4 | more).unwrap_or_default().to_be_bytes()
}

/// Where the same three octets were before.
struct Matches<'a> {
    text: &'a [u8],
    /// Octets that no reference stands for.
    spelt: Range<usize>,
    /// The last place of each hash, and of each place the one before with the same hash.
    last: Vec<usize>,
    before: Vec<usize>,
}

const HASHES: usize = 1 << 13;
const NOWHERE: usize = usize::MAX;

impl<'a> Matches<'a> {
    fn new(text: &'a [u8], spelt: Range<usize>) -> Matches<'a> {
        Matches { text, spelt, last: vec![NOWHERE; HASHES], before: vec![NOWHERE; WINDOW] }
    }

    fn hash(&self, at: usize) -> Option<usize> {
        let three = self.text.get(at..at + 3)?;
        Some(three.iter().fold(0, |hash: usize, octet| (hash << 5 ^ hash >> 8 ^ usize::from(*octet)) % HASHES))
    }

    fn enter(&mut self, at: usize) {
        let Some(hash) = self.hash(at) else { return };
        self.before[at % WINDOW] = std::mem::replace(&mut self.last[hash], at);
    }

    fn longest(&self, at: usize) -> Option<(usize, usize)> {
        if self.spelt.contains(&at) {
            return None;
        }
        let room = if at < self.spelt.start { self.spelt.start - at } else { LONGEST };
        let mut place = self.last[self.hash(at)?];
        let mut best = None;
        for _ in 0..TRIES {
            if place == NOWHERE || at - place > FURTHEST {
                break;
            }
            let same = self.text[place..]
                .iter()
                .zip(&self.text[at..])
                .take(LONGEST.min(room))
                .take_while(|(one, other)| one == other);
            let count = same.count();
            if count >= SHORTEST && best.is_none_or(|(_, most)| count > most) {
                best = Some((place, count));
            }
            // An older place has a smaller number, or its slot was taken over.
            let older = self.before[place % WINDOW];
            if older == NOWHERE || older >= place {
                break;
            }
            place = older;
        }
        best
    }
}

/// CRC-32 that begins with zero and is not turned over at the end (MS-OXRTFCP section 2.1.3.2.1).
fn crc(octets: &[u8]) -> u32 {
    octets.iter().fold(0, |crc, octet| CRC[usize::from(octet ^ (crc & 0xFF) as u8)] ^ crc >> 8)
}

const CRC: [u32; 256] = {
    let mut table = [0; 256];
    let mut octet = 0;
    while octet < 256 {
        let (mut rest, mut bit) = (octet as u32, 0);
        while bit < 8 {
            rest = if rest & 1 == 0 { rest >> 1 } else { rest >> 1 ^ 0xEDB8_8320 };
            bit += 1;
        }
        table[octet] = rest;
        octet += 1;
    }
    table
};

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The examples of MS-OXRTFCP sections 3.1 and 3.2: RTF, and how it is packed there.
    const EXAMPLES: [(&[u8], &[u8]); 2] = [
        (
            b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
            &[
                0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00,
                0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0x00,
                0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
            ],
        ),
        (
            b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}",
            &[
                0x1a, 0, 0, 0, 0x1c, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xe2, 0xd4, 0x4b, 0x51, 0x41, 0x00, 0x04, 0x20,
                0x57, 0x58, 0x59, 0x5a, 0x0d, 0x6e, 0x7d, 0x01, 0x0e, 0xb0,
            ],
        ),
    ];

    #[test]
    fn the_examples_of_the_specification_are_unpacked() {
        for (rtf, packed) in EXAMPLES {
            assert_eq!(unpack(packed, 1000).as_deref(), Ok(rtf));
            // Something that fills up does no harm.
            assert_eq!(unpack(&[packed, &[0; 3]].concat(), 1000).as_deref(), Ok(rtf));
            assert_eq!(unpack(&pack(rtf).unwrap(), 1000).as_deref(), Ok(rtf));
        }
        assert_eq!(pack(EXAMPLES[1].0).unwrap(), EXAMPLES[1].1, "it is packed as well as there");
    }

    #[test]
    fn what_is_as_it_is_is_taken_so() {
        let value = |packed: u32, size: u32| {
            [&packed.to_le_bytes()[..], &size.to_le_bytes(), b"MELA", &[0; 4], b"{\\rtf1}"].concat()
        };
        assert_eq!(unpack(&value(19, 7), 100).as_deref(), Ok(&b"{\\rtf1}"[..]));
        assert_eq!(unpack(&value(19, 8), 100), Err(TnefError::Truncated));
        assert_eq!(unpack(&value(20, 7), 100), Err(TnefError::Truncated));
        assert_eq!(unpack(&value(11, 7), 100), Err(TnefError::BadCompression));
        assert_eq!(unpack(&value(19, 7), 6), Err(TnefError::TooLong));
    }

    #[test]
    fn what_is_broken_is_told() {
        let (_, packed) = EXAMPLES[0];
        for end in 0..packed.len() {
            assert_eq!(unpack(&packed[..end], 1000), Err(TnefError::Truncated), "{end}");
        }
        for place in 4..packed.len() {
            let mut broken = packed.to_vec();
            broken[place] ^= 0x40;
            assert!(unpack(&broken, 1000).is_err(), "{place}");
        }
        // It says that it becomes four gigabytes.
        let mut bomb = packed.to_vec();
        bomb[4..8].copy_from_slice(&[0xFF; 4]);
        assert_eq!(unpack(&bomb, usize::MAX), Err(TnefError::BadCompression));
    }

    #[test]
    fn what_comes_again_is_packed_small() {
        let rtf = b"\\pard\\plain\\f0\\fs20 The same again.\\par ".repeat(1000);
        let packed = pack(&rtf).unwrap();
        assert!(packed.len() < rtf.len() / 6, "{} of {}", packed.len(), rtf.len());
        assert_eq!(unpack(&packed, rtf.len()).unwrap(), rtf);
    }

    proptest! {
        #[test]
        fn whatever_is_packed_is_unpacked_as_it_was(
            words in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..9), 1..8),
            order in proptest::collection::vec(any::<prop::sample::Index>(), 0..3000),
        ) {
            let rtf: Vec<u8> = order.iter().flat_map(|index| index.get(&words).iter().copied()).collect();
            let packed = pack(&rtf).unwrap();
            prop_assert_eq!(unpack(&packed, rtf.len()), Ok(rtf));
        }

        #[test]
        fn no_octets_are_unpacked_beyond_what_they_may_be(
            octets in proptest::collection::vec(any::<u8>(), 0..100),
            size in 0..5000_u32,
        ) {
            let packed = u32::try_from(octets.len() + 12).unwrap();
            let value = [&packed.to_le_bytes()[..], &size.to_le_bytes(), b"LZFu", &crc(&octets).to_le_bytes(), &octets].concat();
            if let Ok(rtf) = unpack(&value, 5000) {
                prop_assert!(rtf.len() == size as usize && rtf.len() <= octets.len() * LONGEST);
            }
        }
    }
}
