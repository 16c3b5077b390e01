//! Mail between mailboxes of one organisation: the whole message is one stream of TNEF, in octets as they are
//! (MS-OXTNEF). Written without the engine's own writer, so that each is a check on the other.

use super::{Client, File, Letter, bodies};

/// The first octets of every stream.
const SIGNATURE: [u8; 4] = [0x78, 0x9F, 0x3E, 0x22];

impl Letter {
    /// The mail as Exchange hands it on to mailboxes of the same organisation: HTML and attachments in a stream.
    pub fn written_internally(&self, client: Client) -> Vec<u8> {
        let mut out = self.fields();
        out.push_str("Content-Type: application/ms-tnef; name=\"winmail.dat\"\r\n");
        out.push_str("Content-Transfer-Encoding: binary\r\nMIME-Version: 1.0\r\n\r\n");
        [out.into_bytes(), self.stream(client)].concat()
    }

    fn stream(&self, client: Client) -> Vec<u8> {
        let mut out = [&SIGNATURE[..], &[0xCC, 0x79]].concat();
        attribute(&mut out, 1, 0x0008_9006, &0x0001_0000_u32.to_le_bytes());
        attribute(&mut out, 1, 0x0006_9007, &[&1252_u32.to_le_bytes()[..], &[0; 4]].concat());
        attribute(&mut out, 1, 0x0007_8008, b"IPM.Note\0");
        let html = bodies::html(self, client);
        let subject: Vec<u8> = self.subject.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        let mut properties = 5_u32.to_le_bytes().to_vec();
        value(&mut properties, 0x0102, 0x007F, format!("<{}>\0", self.message_id).as_bytes());
        value(&mut properties, 0x001F, 0x0037, &subject);
        number(&mut properties, 0x3FDE, 65001);
        number(&mut properties, 0x1016, 3);
        value(&mut properties, 0x0102, 0x1013, html.as_bytes());
        attribute(&mut out, 1, 0x0006_9003, &properties);
        for file in &self.attachments {
            attachment(&mut out, file);
        }
        out
    }
}

/// Level, id, length, data and the sum of its octets.
fn attribute(out: &mut Vec<u8>, level: u8, id: u32, data: &[u8]) {
    let sum = data.iter().fold(0_u16, |sum, octet| sum.wrapping_add(u16::from(*octet)));
    out.push(level);
    out.extend(id.to_le_bytes());
    out.extend(length(data));
    out.extend_from_slice(data);
    out.extend(sum.to_le_bytes());
}

fn attachment(out: &mut Vec<u8>, file: &File) {
    attribute(out, 2, 0x0006_9002, &[&[1, 0][..], &[0xFF; 4], &[0; 8]].concat());
    attribute(out, 2, 0x0001_8010, format!("{}\0", file.name).as_bytes());
    attribute(out, 2, 0x0006_800F, &file.octets);
    let mut properties = 2_u32.to_le_bytes().to_vec();
    value(&mut properties, 0x001E, 0x370E, format!("{}\0", file.media_type).as_bytes());
    number(&mut properties, 0x3705, 1);
    attribute(out, 2, 0x0006_9005, &properties);
}

fn number(out: &mut Vec<u8>, id: u16, number: u32) {
    out.extend([3, 0]);
    out.extend(id.to_le_bytes());
    out.extend(number.to_le_bytes());
}

fn value(out: &mut Vec<u8>, kind: u16, id: u16, value: &[u8]) {
    out.extend(kind.to_le_bytes());
    out.extend(id.to_le_bytes());
    out.extend(1_u32.to_le_bytes());
    out.extend(length(value));
    out.extend_from_slice(value);
    out.resize(out.len() + value.len().wrapping_neg() % 4, 0);
}

fn length(octets: &[u8]) -> [u8; 4] {
    u32::try_from(octets.len()).unwrap_or(u32::MAX).to_le_bytes()
}
