//! A picture of the text, as the attributes of a hidden attachment (MS-OXTNEF section 2.1.3.3, MS-OXCMSG section 2.2.2).

use super::TnefError;
use super::attributes::write;

const ATTACHMENT: u8 = 2;
/// attAttachRendData, with which every attachment begins.
const RENDERING: u32 = 0x0006_9002;
/// attAttachTitle.
const TITLE: u32 = 0x0001_8010;
/// attAttachData.
const DATA: u32 = 0x0006_800F;

/// What an HTML body refers to by `cid:`.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    /// Without angle brackets, ASCII.
    pub content_id: &'a str,
    /// ASCII, as are the names of its type.
    pub file_name: &'a str,
    pub content_type: &'a str,
    pub octets: &'a [u8],
}

/// The attributes of the attachment, as they stand in a stream.
///
/// # Errors
/// [`TnefError::TooLong`].
pub fn hidden(picture: &Picture<'_>) -> Result<Vec<u8>, TnefError> {
    let mut out = Vec::with_capacity(picture.octets.len() + 512);
    write(&mut out, ATTACHMENT, RENDERING, &rendering())?;
    write(&mut out, ATTACHMENT, TITLE, &ended(picture.file_name))?;
    write(&mut out, ATTACHMENT, DATA, picture.octets)?;
    write(&mut out, ATTACHMENT, super::ATTACHMENT_PROPERTIES, &properties(picture)?)?;
    Ok(out)
}

/// A file, shown nowhere among the text.
fn rendering() -> Vec<u8> {
    let mut data = vec![1, 0];
    data.extend_from_slice(&u32::MAX.to_le_bytes());
    data.extend_from_slice(&[0; 8]);
    data
}

fn ended(text: &str) -> Vec<u8> {
    [text.as_bytes(), &[0]].concat()
}

fn properties(picture: &Picture<'_>) -> Result<Vec<u8>, TnefError> {
    // PidTagAttachMethod: by value. PidTagRenderingPosition: none. PidTagAttachFlags: in the text.
    let numbers: [(u16, u32); 3] = [(0x3705, 1), (0x370B, u32::MAX), (0x3714, 4)];
    // PidTagAttachLongFilename, PidTagAttachMimeTag, PidTagAttachContentId.
    let texts = [(0x3707_u16, picture.file_name), (0x370E, picture.content_type), (0x3712, picture.content_id)];
    let mut data = 7_u32.to_le_bytes().to_vec();
    for (id, number) in numbers {
        data.extend_from_slice(&[3, 0]);
        data.extend_from_slice(&id.to_le_bytes());
        data.extend_from_slice(&number.to_le_bytes());
    }
    for (id, text) in texts {
        let text = ended(text);
        data.extend_from_slice(&[0x1E, 0]);
        data.extend_from_slice(&id.to_le_bytes());
        data.extend_from_slice(&1_u32.to_le_bytes());
        data.extend_from_slice(&u32::try_from(text.len()).map_err(|_| TnefError::TooLong)?.to_le_bytes());
        data.extend_from_slice(&text);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    // PidTagAttachmentHidden.
    data.extend_from_slice(&[0x0B, 0, 0xFE, 0x7F, 1, 0, 0, 0]);
    Ok(data)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::attributes::tests::stream;
    use super::super::{ATTACHMENT_PROPERTIES, Level, Properties, Stream};
    use super::*;

    #[test]
    fn it_reads_as_an_attachment_that_is_not_shown() {
        let picture =
            Picture { content_id: "a@b", file_name: "logo.png", content_type: "image/png", octets: &[1, 2, 3] };
        let octets = [stream(&[]), hidden(&picture).unwrap()].concat();
        let read = Stream::read(&octets).unwrap();
        assert!(read.attributes().iter().all(|one| one.level == Level::Attachment));
        let ids: Vec<u32> = read.attributes().iter().map(|one| one.id).collect();
        assert_eq!(ids, [RENDERING, TITLE, DATA, ATTACHMENT_PROPERTIES]);
        assert_eq!(read.data(&read.attributes()[2]), [1, 2, 3]);
        let properties = Properties::read(read.data(&read.attributes()[3])).unwrap();
        assert_eq!(properties.all().len(), 7);
        assert_eq!(properties.only(0x3712), Some(&b"a@b\0"[..]));
        assert_eq!(properties.only(0x3707), Some(&b"logo.png\0"[..]));
        let numbers = [0x3705, 0x370B, 0x3714, 0x7FFE].map(|id| properties.number(id));
        assert_eq!(numbers, [Some(1), Some(u32::MAX), Some(4), Some(1)]);
    }
}
