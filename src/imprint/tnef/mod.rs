//! Transport Neutral Encapsulation Format (MS-OXTNEF): the body of a message between mailboxes of one organisation, and
//! the file `winmail.dat` elsewhere.
//!
//! A stream is read into ranges of its own octets, so that whatever is not changed is written again as it came, down to
//! checksums that are wrong and to what stands behind the last attribute. No count is believed before the octets that
//! it stands for are there.

pub mod attachment;
mod attributes;
pub(super) mod item_class;
mod properties;
pub mod rtf_compressed;

pub use attributes::{
    ATTACHMENT_PROPERTIES, Attribute, FRAME_BEFORE, FRAME_BEHIND, Level, MESSAGE_CLASS, MESSAGE_PROPERTIES,
    OEM_CODEPAGE, SIGNATURE_OCTETS, Stream, TEXT_BODY,
};
pub use properties::{Properties, Property};

/// Why a stream is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TnefError {
    #[error("it does not begin with the signature of TNEF")]
    NoSignature,
    #[error("it ends in the middle of something")]
    Truncated,
    #[error("there is a property of a type that MS-OXTNEF does not have")]
    UnknownType,
    #[error("it is longer than it may be")]
    TooLong,
    #[error("what is compressed is not compressed as MS-OXRTFCP says")]
    BadCompression,
}

/// The octets that come next.
struct Cursor<'a> {
    octets: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn new(octets: &'a [u8]) -> Cursor<'a> {
        Cursor { octets, at: 0 }
    }

    fn left(&self) -> usize {
        self.octets.len() - self.at
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], TnefError> {
        let rest = self.octets.get(self.at..).unwrap_or_default();
        let taken = rest.get(..count).ok_or(TnefError::Truncated)?;
        self.at += count;
        Ok(taken)
    }

    fn u8(&mut self) -> Result<u8, TnefError> {
        Ok(self.array::<1>()?[0])
    }

    fn u16(&mut self) -> Result<u16, TnefError> {
        self.array().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Result<u32, TnefError> {
        self.array().map(u32::from_le_bytes)
    }

    /// A length or a count.
    fn size(&mut self) -> Result<usize, TnefError> {
        usize::try_from(self.u32()?).map_err(|_| TnefError::Truncated)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], TnefError> {
        self.take(N)?.try_into().map_err(|_| TnefError::Truncated)
    }
}
