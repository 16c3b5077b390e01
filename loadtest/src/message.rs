//! The mails that are sent: synthetic ones of a wanted size, after those of `standin::mails`, or files.
//!
//! Every copy has a Message-ID of its own and one of the tenant's senders. Large ones have an attachment of filler
//! between two marked lines, by which the sink can tell whether it came through unchanged.

use std::io;
use std::path::{Path, PathBuf};

use bytes::{Bytes, BytesMut};
use memchr::memmem;
use standin::exchange::ExchangeHeaders;
use standin::mails::{Client, File, Letter};

use crate::scenario::{Framing, Mail, Proof};
use crate::template::{Copy, FILLER, ID, SENDER, TENANT, Template, stuff};

/// What the first line of filler begins with and the last line ends with: between them nothing may change.
pub const BEGIN: &[u8] = b"BEGINLOADTESTFILLER";
pub const END: &[u8] = b"ENDLOADTESTFILLER";

/// The address of a person.
pub fn address(copy: Copy) -> String {
    format!("p{:08}@{}", copy.sender, domain(&format!("{:012}", copy.tenant)))
}

/// The domain of a tenant, by its number in 12 digits.
pub fn domain(tenant: &str) -> String {
    format!("t{tenant}.load.example")
}

/// The GUID of a tenant, by its number in 12 digits.
pub fn guid(tenant: &str) -> String {
    format!("5d0b1c3e-7f52-4a8e-9a61-{tenant}")
}

/// The templates of a mail, in the form in which the framing sends them; and the files they were made from.
pub fn templates(mail: &Mail, proof: Proof, framing: Framing) -> io::Result<Vec<Template>> {
    let wire = |message: Vec<u8>, times: u64| {
        let message = if framing == Framing::Data { stuff(&message) } else { message };
        Template::cut(&message, &filler(), times)
    };
    match mail {
        Mail::Octets(octets) => {
            let (message, times) = synthetic(*octets, proof);
            Ok(vec![wire(message, times)])
        }
        Mail::Files(files) => {
            let files = found(files)?;
            files.iter().map(|file| Ok(wire(around(read(file)?, proof), 0))).collect()
        }
    }
}

/// The files, and every `.eml` below the folders, by name.
pub fn found(paths: &[PathBuf]) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut left: Vec<PathBuf> = paths.to_vec();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            for entry in std::fs::read_dir(&path)? {
                let path = entry?.path();
                if path.is_dir() || path.extension().is_some_and(|end| end == "eml") {
                    left.push(path);
                }
            }
        } else {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        Err(io::Error::other("no mail to send: give files or folders of .eml files"))
    } else {
        Ok(files)
    }
}

/// A mail of about so many octets and how often its filler stands in it.
fn synthetic(octets: u64, proof: Proof) -> (Vec<u8>, u64) {
    let letter = || {
        let letter = Letter::reply().from("Ada Vance", &sender()).message_id(&format!("{ID}@{HOST}"));
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
    if proof != Proof::Microsoft {
        return message;
    }
    ExchangeHeaders::new(&guid(TENANT), &domain(TENANT)).around(&message)
}

fn sender() -> String {
    format!("p{SENDER}@{}", domain(TENANT))
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

/// A file, with CRLF line ends, a Message-ID of our own, from a person of the tenant.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    let octets = std::fs::read(file).map_err(|error| io::Error::other(format!("{}: {error}", file.display())))?;
    let mut lines = Vec::with_capacity(octets.len() + octets.len() / 40);
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        let bare = line.strip_suffix(b"\n").map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        lines.extend_from_slice(bare.unwrap_or(line));
        lines.extend_from_slice(b"\r\n");
    }
    let lines = with_field(lines, "From", &format!("From: \"Ada Vance\" <{}>\r\n", sender()));
    Ok(with_field(lines, "Message-ID", &format!("Message-ID: <{ID}@{HOST}>\r\n")))
}

/// The message with `field` in place of the one of that name, or on top if there is none.
fn with_field(message: Vec<u8>, name: &str, field: &str) -> Vec<u8> {
    let place = find_field(&message, name).unwrap_or(0..0);
    let (before, after) = (message.get(..place.start), message.get(place.end..));
    [before.unwrap_or_default(), field.as_bytes(), after.unwrap_or_default()].concat()
}

/// Where the first field of that name lies, folded lines with it.
fn find_field(message: &[u8], name: &str) -> Option<std::ops::Range<usize>> {
    let mut start = 0;
    let mut found: Option<std::ops::Range<usize>> = None;
    for line in message.split_inclusive(|octet| *octet == b'\n') {
        let end = start + line.len();
        let folded = line.first().is_some_and(|first| matches!(first, b' ' | b'\t'));
        match &mut found {
            Some(place) if folded => place.end = end,
            Some(_) => break,
            None if line == b"\r\n" => break,
            None => {
                let named = line.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name.as_bytes()));
                found = (named && line.get(name.len()) == Some(&b':')).then_some(start..end);
            }
        }
        start = end;
    }
    found
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

/// The right side of every Message-ID.
const HOST: &str = "load.example";
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
            assert_eq!(slots, if wanted > 1_000_000 { 4 } else { 3 });
        }
    }

    #[test]
    fn filler_is_whole_lines_of_base64() {
        let text = String::from_utf8([first_line(), filler().to_vec(), last_line()].concat()).unwrap();
        assert!(text.ends_with("\r\n") && text.lines().all(|line| line.len() == 76));
    }

    #[test]
    fn a_file_is_sent_from_a_person_of_the_tenant_with_a_message_id_of_our_own() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.eml");
        let from = format!("From: \"Ada Vance\" <p{SENDER}@t{TENANT}.load.example>\r\n");
        let id = format!("Message-ID: <{ID}@load.example>\r\n");
        for (text, expected) in [
            ("From: a\nmessage-id:\n <x@y>\nTo: b\n\nc\n", format!("{from}{id}To: b\r\n\r\nc\r\n")),
            ("From:\n a\nTo: b\r\n\r\nFrom: c", format!("{id}{from}To: b\r\n\r\nFrom: c\r\n")),
            ("\n\nc", format!("{id}{from}\r\n\r\nc\r\n")),
        ] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(String::from_utf8(read(&file).unwrap()).unwrap(), expected);
        }
    }

    #[test]
    fn folders_give_their_mails_by_name() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("below")).unwrap();
        for name in ["b.eml", "below/a.eml", "c.txt"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let names = found(&[folder.path().to_owned()]).unwrap();
        let names: Vec<_> = names.iter().map(|path| path.strip_prefix(folder.path()).unwrap()).collect();
        assert_eq!(names, [Path::new("b.eml"), Path::new("below/a.eml")]);
        assert!(found(&[]).is_err());
    }
}
