//! The outer layer (MS-OXTNEF section 2.1.3): attributes one after the other, of the message and of its attachments.

use std::ops::Range;

use super::{Cursor, TnefError};

const SIGNATURE: u32 = 0x223E_9F78;
/// The signature and a key.
pub const SIGNATURE_OCTETS: usize = 6;
/// Level, id and length stand before the data,
pub const FRAME_BEFORE: usize = 9;
/// the checksum behind it.
pub const FRAME_BEHIND: usize = 2;

/// attBody: the text in the code page of the stream.
pub const TEXT_BODY: u32 = 0x0002_800C;
/// attOemCodepage: the code page of texts that are not Unicode.
pub const OEM_CODEPAGE: u32 = 0x0006_9007;
/// attMessageClass: what kind of item it is.
pub const MESSAGE_CLASS: u32 = 0x0007_8008;
/// attMsgProps: the properties of the message.
pub const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
/// attAttachment: the properties of an attachment.
pub const ATTACHMENT_PROPERTIES: u32 = 0x0006_9005;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Message,
    Attachment,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    pub level: Level,
    /// Type in the upper half, name in the lower one.
    pub id: u32,
    /// Where its data lies in the stream.
    pub data: Range<usize>,
}

/// A stream, read into its attributes.
#[derive(Debug, Clone)]
pub struct Stream<'a> {
    octets: &'a [u8],
    attributes: Vec<Attribute>,
}

impl<'a> Stream<'a> {
    /// Reads as far as there are attributes. What follows belongs to nobody, and stays: line ends, rubbish, and an
    /// attribute that is cut off.
    ///
    /// # Errors
    /// [`TnefError::NoSignature`].
    pub fn read(octets: &'a [u8]) -> Result<Stream<'a>, TnefError> {
        let mut cursor = Cursor::new(octets);
        let is_tnef = cursor.u32() == Ok(SIGNATURE) && cursor.u16().is_ok();
        if !is_tnef {
            return Err(TnefError::NoSignature);
        }
        let mut attributes = Vec::new();
        while let Ok(attribute) = attribute(&mut cursor) {
            attributes.push(attribute);
        }
        Ok(Stream { octets, attributes })
    }

    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    pub fn data(&self, attribute: &Attribute) -> &'a [u8] {
        self.octets.get(attribute.data.clone()).unwrap_or_default()
    }

    /// The first attribute of the message with this id.
    pub fn of_message(&self, id: u32) -> Option<&Attribute> {
        self.attributes.iter().find(|one| one.level == Level::Message && one.id == id)
    }

    /// Where attachments can be put before all others: after what is known of the message.
    pub fn attachments_at(&self) -> usize {
        let first = self.attributes.iter().find(|one| one.level == Level::Attachment);
        match (first, self.attributes.last()) {
            (Some(first), _) => first.data.start - FRAME_BEFORE,
            (None, Some(last)) => last.data.end + FRAME_BEHIND,
            (None, None) => SIGNATURE_OCTETS,
        }
    }

    /// The stream with other data in some attributes, by their places in [`Stream::attributes`]. Each of those gets the
    /// right length and checksum; all other octets are as they came.
    ///
    /// # Errors
    /// [`TnefError::TooLong`]: a length does not fit into its field.
    pub fn with(&self, changes: &[(usize, &[u8])]) -> Result<Vec<u8>, TnefError> {
        let more: usize = changes.iter().map(|(_, data)| data.len()).sum();
        let mut written = Vec::with_capacity(self.octets.len() + more);
        let mut from = 0;
        for (place, attribute) in self.attributes.iter().enumerate() {
            let Some((_, data)) = changes.iter().find(|(changed, _)| *changed == place) else { continue };
            // Level and id stand before the length and stay.
            written.extend_from_slice(&self.octets[from..attribute.data.start - 4]);
            write_data(&mut written, data)?;
            from = attribute.data.end + 2;
        }
        written.extend_from_slice(&self.octets[from..]);
        Ok(written)
    }
}

/// A whole attribute.
pub(super) fn write(out: &mut Vec<u8>, level: u8, id: u32, data: &[u8]) -> Result<(), TnefError> {
    out.push(level);
    out.extend_from_slice(&id.to_le_bytes());
    write_data(out, data)
}

/// The length, the data, the checksum.
fn write_data(out: &mut Vec<u8>, data: &[u8]) -> Result<(), TnefError> {
    let length = u32::try_from(data.len()).map_err(|_| TnefError::TooLong)?;
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(data);
    out.extend_from_slice(&checksum(data).to_le_bytes());
    Ok(())
}

fn attribute(cursor: &mut Cursor<'_>) -> Result<Attribute, TnefError> {
    let begun = cursor.at;
    let read = |cursor: &mut Cursor<'_>| {
        let level = match cursor.u8()? {
            1 => Level::Message,
            2 => Level::Attachment,
            _ => return Err(TnefError::UnknownType),
        };
        let id = cursor.u32()?;
        let length = cursor.size()?;
        let start = cursor.at;
        cursor.take(length)?;
        let data = start..cursor.at;
        cursor.u16()?;
        Ok(Attribute { level, id, data })
    };
    read(cursor).inspect_err(|_| cursor.at = begun)
}

/// The sum of all octets (MS-OXTNEF section 2.1.3.1).
fn checksum(data: &[u8]) -> u16 {
    data.iter().fold(0, |sum, octet| sum.wrapping_add(u16::from(*octet)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A stream of attributes, as senders write it.
    pub(in crate::imprint::tnef) fn stream(attributes: &[(u8, u32, &[u8])]) -> Vec<u8> {
        let mut octets = SIGNATURE.to_le_bytes().to_vec();
        octets.extend_from_slice(&[7, 0]);
        attributes.iter().for_each(|(level, id, data)| write(&mut octets, *level, *id, data).unwrap());
        octets
    }

    const ALL: [(u8, u32, &[u8]); 4] = [
        (1, OEM_CODEPAGE, &[0xE4, 4, 0, 0, 0, 0, 0, 0]),
        (1, TEXT_BODY, b"Hi\0"),
        (2, 0x0006_8010, b""),
        (2, 0x0006_800F, b"x"),
    ];

    #[test]
    fn attributes_are_read_to_the_last_whole_one() {
        let whole = stream(&ALL);
        let cut = stream(&ALL[..3]).len();
        for end in cut..whole.len() {
            assert_eq!(Stream::read(&whole[..end]).unwrap().attributes().len(), 3, "{end}");
        }
        for rest in [&b"\r\n"[..], b"\x01\x01", b"\x03rubbish of seventeen octets"] {
            let read = [&whole, rest].concat();
            let read = Stream::read(&read).unwrap();
            let found: Vec<_> = read.attributes().iter().map(|one| (one.id, read.data(one))).collect();
            assert_eq!(found, ALL.map(|(_, id, data)| (id, data)), "{rest:?}");
        }
        let read = Stream::read(&whole).unwrap();
        assert_eq!(read.of_message(TEXT_BODY).map(|one| read.data(one)), Some(&b"Hi\0"[..]));
        assert_eq!(read.of_message(0x0006_800F), None, "that is an attachment's");
    }

    #[test]
    fn what_is_no_stream_is_told() {
        for octets in [&b""[..], b"\x78\x9F\x3E\x22", b"\x78\x9F\x3E\x23\x01\x00", b"PK\x03\x04rest"] {
            assert_eq!(Stream::read(octets).map(|_| ()), Err(TnefError::NoSignature), "{octets:?}");
        }
        // A length beyond the end asks for no memory.
        let bomb = [&stream(&[])[..], &[1, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3]].concat();
        let read = Stream::read(&bomb).unwrap();
        assert_eq!(read.attributes(), []);
        assert_eq!(read.with(&[]).unwrap(), bomb);
    }

    #[test]
    fn a_changed_attribute_is_right_and_the_others_are_as_they_came() {
        let mut octets = stream(&ALL);
        octets.extend_from_slice(b"\r\n");
        // Of the text: wrong, as some senders write it.
        let wrong = octets.windows(5).position(|window| window == b"Hi\0\xB1\0").unwrap() + 3;
        octets[wrong] = 9;
        let read = Stream::read(&octets).unwrap();
        assert_eq!(read.with(&[]).unwrap(), octets);
        let written = read.with(&[(3, b"longer")]).unwrap();
        assert_eq!(written[..wrong + 2], octets[..wrong + 2], "the wrong checksum too");
        let again = Stream::read(&written).unwrap();
        assert_eq!(again.attachments_at(), again.attributes()[1].data.end + FRAME_BEHIND);
        let last = again.attributes().last().unwrap();
        assert_eq!(again.data(last), b"longer");
        assert_eq!(written[last.data.end..], [&checksum(b"longer").to_le_bytes()[..], b"\r\n"].concat());
        let both = read.with(&[(3, b""), (1, b"Hello\0")]).unwrap();
        let data = Stream::read(&both).unwrap();
        let data: Vec<_> = data.attributes().iter().map(|one| data.data(one)).collect();
        assert_eq!(data, [ALL[0].2, b"Hello\0", b"", b""]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_of_any_octets(rest in proptest::collection::vec(any::<u8>(), 0..200)) {
            let octets = [&stream(&[])[..], &rest].concat();
            let read = Stream::read(&octets).unwrap();
            prop_assert!(read.attributes().len() <= rest.len() / (FRAME_BEFORE + FRAME_BEHIND));
            prop_assert!(read.attributes().iter().all(|one| one.data.end <= octets.len()));
            prop_assert_eq!(read.with(&[]).unwrap(), octets);
        }
    }
}
