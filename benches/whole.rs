//! A whole mail signed, beside what moving it once takes and what reading it into parts and writing it anew takes: one
//! run shows the ratios.
//!
//! The mails are quoted-printable alternatives with a logo, and the same with an attachment. `engine` is the imprinter as
//! the edge drives it, in slices of 16 KiB. `memcpy` moves the octets to a buffer that is there. `rebuild` is mail-parser
//! and mail-builder: every part decoded, the signature put before both texts (nothing is searched for, nothing checked),
//! every part encoded.

use std::hint::black_box;

use mail_builder::MessageBuilder;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::MimePart;
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};
use signet::imprint::Stamp;

use crate::case::{Case, Run, ready};
use crate::{imprinter, mail};

pub fn cases() -> Vec<Case> {
    let ways: [(&str, Way); 3] = [("engine", engine), ("memcpy", moved), ("rebuild", rebuilt)];
    let sizes = mail::SIZES.into_iter().filter(|(size, _)| *size != "5kB");
    sizes
        .flat_map(|(size, octets)| {
            ways.map(|(name, way)| {
                Case::new(format!("whole/{name}/{size}"), move || way(mail::reply(octets))).timed_only()
            })
        })
        .collect()
}

/// What is done with a message.
type Way = fn(Vec<u8>) -> Run;

fn engine(message: Vec<u8>) -> Run {
    imprinter::case(&message, Some(imprinter::stamp()))
}

fn moved(message: Vec<u8>) -> Run {
    let mut buffer = vec![0; message.len()];
    ready(move || {
        buffer.copy_from_slice(black_box(&message));
        black_box(&mut buffer);
    })
}

fn rebuilt(message: Vec<u8>) -> Run {
    let stamp = imprinter::stamp();
    let again = rebuild(&message, &stamp);
    let (before, after) = (MessageParser::new().parse(&message).unwrap(), MessageParser::new().parse(&again).unwrap());
    assert_eq!(before.parts.len(), after.parts.len());
    for (before, after) in before.parts.iter().zip(&after.parts) {
        match (&before.body, &after.body) {
            (PartType::Text(before), PartType::Text(after)) | (PartType::Html(before), PartType::Html(after)) => {
                assert!(after.ends_with(before.trim_end()) || after.trim_end().ends_with(before.trim_end()));
                assert!(after.len() > before.len());
            }
            (PartType::Multipart(_), PartType::Multipart(_)) => {}
            _ => assert_eq!(before.contents(), after.contents()),
        }
    }
    ready(move || {
        black_box(rebuild(black_box(&message), &stamp));
    })
}

fn rebuild(octets: &[u8], stamp: &Stamp) -> Vec<u8> {
    let message = MessageParser::new().parse(octets).unwrap();
    let mut builder = MessageBuilder::new();
    for (name, value) in message.headers_raw() {
        if !name.starts_with("Content-") {
            builder = builder.header(name, Raw::new(value.trim()));
        }
    }
    builder.body(part(&message, 0, stamp)).write_to_vec().unwrap()
}

fn part<'m>(message: &'m Message<'_>, index: u32, stamp: &Stamp) -> MimePart<'m> {
    let read = message.part(index).unwrap();
    let kind = read.content_type().unwrap();
    let mut content_type = ContentType::new(format!("{}/{}", kind.c_type, kind.c_subtype.as_deref().unwrap()));
    // The boundary is made anew.
    for one in kind.attributes.iter().flatten().filter(|one| one.name != "boundary") {
        content_type = content_type.attribute(&*one.name, &*one.value);
    }
    let sign = &stamp.pieces[0];
    let mut written = match &read.body {
        PartType::Text(text) => MimePart::new(content_type, sign.plain.clone() + text),
        PartType::Html(text) => MimePart::new(content_type, sign.html.clone() + text),
        PartType::Binary(octets) | PartType::InlineBinary(octets) => MimePart::new(content_type, &**octets),
        PartType::Multipart(parts) => {
            MimePart::new(content_type, parts.iter().map(|index| part(message, *index, stamp)).collect::<Vec<_>>())
        }
        PartType::Message(_) => unreachable!("none in these mails"),
    };
    if let Some(name) = read.attachment_name().filter(|_| read.content_disposition().is_some()) {
        written = written.attachment(name);
    }
    if let Some(id) = read.content_id() {
        written = written.cid(id);
    }
    written
}
