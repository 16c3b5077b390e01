//! The mails that are sent: synthetic ones of a wanted size, after those of `standin::mails`, or files.
//!
//! Every copy has a Message-ID of its own and one of the tenant's senders. Large ones have an attachment of filler
//! between two marked lines, by which the sink can tell whether it came through unchanged.

use std::io;
use std::path::PathBuf;

use bytes::{Bytes, BytesMut};
use memchr::memmem;
use standin::exchange::ExchangeHeaders;
use standin::mails::{Client, File, Letter};

use crate::scenario::{Framing, Mail, Proof, Scenario};
use crate::template::{FILLER, ID, SENDER, Template, stuff};

/// GUID of the tenant under load.
pub const TENANT: &str = "5d0b1c3e-7f52-4a8e-9a61-0c6e8f1d2b47";
/// Its domain.
pub const DOMAIN: &str = "load.example";
/// What the first line of filler begins with and the last line ends with: between them nothing may change.
pub const BEGIN: &[u8] = b"BEGINLOADTESTFILLER";
pub const END: &[u8] = b"ENDLOADTESTFILLER";

/// The address of a sender of the tenant.
pub fn address(sender: &str) -> String {
    format!("p{sender}@{DOMAIN}")
}

/// The templates of a scenario, in the form in which its framing sends them.
pub fn templates(scenario: &Scenario) -> io::Result<Vec<Template>> {
    let wire = |message: Vec<u8>, times: u64| {
        let message = if scenario.framing == Framing::Data { stuff(&message) } else { message };
        Template::cut(&message, &filler(), times)
    };
    match &scenario.mail {
        Mail::Octets(octets) => {
            let (message, times) = synthetic(*octets, scenario.proof);
            Ok(vec![wire(message, times)])
        }
        Mail::Files(files) if !files.is_empty() => files.iter().map(|file| Ok(wire(read(file)?, 0))).collect(),
        Mail::Files(_) => Err(io::Error::other("no files")),
    }
}

/// A mail of about so many octets and how often its filler stands in it.
fn synthetic(octets: u64, proof: Proof) -> (Vec<u8>, u64) {
    let letter = || {
        let letter = Letter::reply().from("Ada Vance", &address(SENDER)).message_id(&format!("{ID}@{DOMAIN}"));
        if octets >= 50_000 { letter.longer(26).picture(File::picture(34_000)) } else { letter }
    };
    let block = filler().len() as u64;
    if octets > 1_000_000 {
        let mut file = File::pdf("report.pdf", 0);
        file.octets = MARK.to_vec();
        let message = around(letter().attach(file).written_in(Client::OutlookWeb), proof);
        let lines = [first_line(), FILLER.to_vec(), last_line()].concat();
        let message =
            replace(&message, format!("{}\r\n", standin::mails::base64_lines(MARK).trim()).as_bytes(), &lines);
        let rest = octets.saturating_sub(message.len() as u64);
        return (message, (rest + block / 2) / block);
    }
    // More of the writer's own text until the wanted size is there.
    let written = |paragraphs| around(letter().longer(paragraphs).written_in(Client::OutlookWeb), proof);
    let best = (0..60).map(written).min_by_key(|message| (message.len() as u64).abs_diff(octets));
    (best.unwrap_or_default(), 0)
}

fn around(message: Vec<u8>, proof: Proof) -> Vec<u8> {
    if proof == Proof::Microsoft { ExchangeHeaders::new(TENANT, DOMAIN).around(&message) } else { message }
}

/// About 64 KiB of base64, whole lines.
fn filler() -> Bytes {
    let noise = File::picture(57 * 840).octets;
    let text = standin::mails::base64_lines(noise.get(..57 * 840).unwrap_or_default());
    Bytes::from(text.into_bytes())
}

fn first_line() -> Vec<u8> {
    let mut line = BytesMut::from(BEGIN);
    line.resize(76, b'A');
    [&line[..], b"\r\n"].concat()
}

fn last_line() -> Vec<u8> {
    let mut line = vec![b'A'; 76_usize.saturating_sub(END.len())];
    line.extend_from_slice(END);
    [&line[..], b"\r\n"].concat()
}

/// A file, with CRLF line ends and a Message-ID of our own.
fn read(file: &PathBuf) -> io::Result<Vec<u8>> {
    let octets = std::fs::read(file).map_err(|error| io::Error::other(format!("{}: {error}", file.display())))?;
    let mut lines = Vec::with_capacity(octets.len() + octets.len() / 40);
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        let bare = line.strip_suffix(b"\n").map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        lines.extend_from_slice(bare.unwrap_or(line));
        lines.extend_from_slice(b"\r\n");
    }
    let head = memmem::find(&lines, b"\r\n\r\n").unwrap_or(lines.len());
    let field = lines.get(..head).and_then(find_message_id);
    let ours = format!("Message-ID: <{ID}@{DOMAIN}>\r\n");
    Ok(match field {
        Some(field) => {
            [lines.get(..field.start).unwrap_or_default(), ours.as_bytes(), lines.get(field.end..).unwrap_or_default()]
                .concat()
        }
        None => [ours.as_bytes(), &lines].concat(),
    })
}

/// Where the field lies, if it is on one line.
fn find_message_id(head: &[u8]) -> Option<std::ops::Range<usize>> {
    let mut start = 0;
    for line in head.split_inclusive(|octet| *octet == b'\n') {
        let end = start + line.len();
        if line.get(..11).is_some_and(|name| name.eq_ignore_ascii_case(b"Message-ID:")) && line.contains(&b'<') {
            return Some(start..end);
        }
        start = end;
    }
    None
}

fn replace(message: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    match memmem::find(message, from) {
        Some(at) => {
            let (before, after) = message.split_at(at);
            [before, to, after.get(from.len()..).unwrap_or_default()].concat()
        }
        None => message.to_vec(),
    }
}

const MARK: &[u8] = b"what is replaced by the filler";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::template::Segment;

    #[test]
    fn synthetic_mails_have_about_the_wanted_size() {
        for (wanted, tolerance) in [(5_500, 400), (75_000, 2_000), (5_000_000, 70_000), (150_000_000, 70_000)] {
            let (message, times) = synthetic(wanted, Proof::Network);
            let template = Template::cut(&message, &filler(), times);
            assert!(template.octets().abs_diff(wanted) < tolerance, "{wanted}: {}", template.octets());
            let slots = template.segments().iter().filter(|one| !matches!(one, Segment::Fixed(_))).count();
            assert_eq!(slots, if wanted > 1_000_000 { 3 } else { 2 });
        }
    }

    #[test]
    fn filler_is_whole_lines_of_base64() {
        let text = String::from_utf8([first_line(), filler().to_vec(), last_line()].concat()).unwrap();
        assert!(text.ends_with("\r\n") && text.lines().all(|line| line.len() == 76));
    }

    #[test]
    fn a_file_gets_our_message_id() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.eml");
        for (text, expected) in [
            (
                "From: a\nmessage-id: <x@y>\nTo: b\n\nc\n",
                format!("From: a\r\nMessage-ID: <{ID}@load.example>\r\nTo: b\r\n\r\nc\r\n"),
            ),
            ("From: a\r\n\r\nc", format!("Message-ID: <{ID}@load.example>\r\nFrom: a\r\n\r\nc\r\n")),
        ] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(String::from_utf8(read(&file).unwrap()).unwrap(), expected);
        }
    }
}
