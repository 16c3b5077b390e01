//! First message, reply or forward: by what begins the quoted text, else by the header.

use super::place::Found;
use super::{HeaderBlock, Kind};

/// `found` in each text of the message.
pub(super) fn of<'f>(found: impl IntoIterator<Item = &'f Found>, header: &HeaderBlock) -> Kind {
    let by_header = of_header(header);
    // Some programs write the same words above replies and forwards; what is an element is of one of them.
    let is_words = |marker: &str| ["plain.", "groupwise."].iter().any(|words| marker.starts_with(words));
    let is_in_doubt = |found: &Found| by_header == Kind::Forward && found.marker.is_some_and(is_words);
    let told = found.into_iter().filter(|found| !is_in_doubt(found)).find_map(|found| found.kind);
    told.unwrap_or(by_header)
}

/// A forward carries References as well, so its Subject comes first.
fn of_header(header: &HeaderBlock) -> Kind {
    let subject = header.text("Subject").unwrap_or_default();
    let prefix = prefix(&subject).unwrap_or_default();
    let finnish = || ["Content-Language", "Accept-Language"].iter().any(|name| begins_finnish(header, name));
    if FORWARD.contains(&prefix.as_str()) || prefix == VS && !finnish() {
        Kind::Forward
    } else if REPLY.contains(&prefix.as_str())
        || prefix == VS
        || header.count("In-Reply-To") + header.count("References") > 0
    {
        Kind::Reply
    } else {
        Kind::First
    }
}

/// A forward in Danish and Norwegian (videresendt), a reply in Finnish (vastaus).
const VS: &str = "vs";

/// What mail programs put before the Subject of a forward, in lower case.
const FORWARD: &[&str] = &[
    "fw",
    "fwd",
    "wg",
    "tr",
    "rv",
    "enc",
    "i",
    "vb",
    "vl",
    "doorst",
    "pd",
    "fs",
    "trs",
    "yml",
    "i\u{307}lt",
    "ilt",
    "tov\u{e1}bb\u{ed}t\u{e1}s",
    "\u{3c0}\u{3c1}\u{3b8}",
    "\u{5d4}\u{5d5}\u{5e2}\u{5d1}\u{5e8}",
    "\u{625}\u{639}\u{627}\u{62f}\u{629} \u{62a}\u{648}\u{62c}\u{64a}\u{647}",
    "\u{8f6c}\u{53d1}",
    "\u{8f49}\u{5bc4}",
    "\u{8ee2}\u{9001}",
    "\u{c804}\u{b2ec}",
];

/// Of a reply.
const REPLY: &[&str] = &[
    "re",
    "aw",
    "sv",
    "antw",
    "odp",
    "r",
    "ref",
    "res",
    "rif",
    "bls",
    "atb",
    "ynt",
    "v\u{e1}",
    "\u{3b1}\u{3c0}",
    "\u{3c3}\u{3c7}\u{3b5}\u{3c4}",
    "\u{5d4}\u{5e9}\u{5d1}",
    "\u{5ea}\u{5d2}\u{5d5}\u{5d1}\u{5d4}",
    "\u{631}\u{62f}",
    "\u{56de}\u{590d}",
    "\u{7b54}\u{590d}",
    "\u{56de}\u{8986}",
    "\u{7b54}\u{8986}",
    "\u{8fd4}\u{4fe1}",
    "\u{d68c}\u{c2e0}",
    "\u{b2f5}\u{c7a5}",
];

/// Longer ones are words of a sentence.
const LONGEST: usize = 32;

/// What stands before the first colon, in lower case: without what a gateway put before it in brackets, and without a
/// count behind it (`Re[2]:`).
fn prefix(subject: &str) -> Option<String> {
    let mut rest = subject.trim_start();
    while let Some((_, behind)) = rest.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
        rest = behind.trim_start();
    }
    let colon = rest.char_indices().take(LONGEST).find(|(_, one)| matches!(one, ':' | '\u{ff1a}'))?.0;
    let (before, _) = rest.split_at(colon);
    let is_count = |one: char| one.is_ascii_digit() || matches!(one, '[' | ']' | '(' | ')' | ' ');
    Some(before.trim_end_matches(is_count).to_lowercase())
}

fn begins_finnish(header: &HeaderBlock, name: &str) -> bool {
    header
        .unfolded(name)
        .is_some_and(|value| value.trim_start().get(..2).is_some_and(|word| word.eq_ignore_ascii_case("fi")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bytes::Bytes;

    use super::*;

    fn header(text: &str) -> HeaderBlock {
        HeaderBlock::parse(Bytes::from(format!("{text}\r\n\r\n")))
    }

    #[test]
    fn the_header_tells_by_the_subject_and_the_thread() {
        use Kind::{First, Forward, Reply};
        for (text, kind) in [
            ("Subject: Hello", First),
            ("Subject:", First),
            ("From: ada@contoso.example", First),
            ("Subject: Note: the office is closed", First),
            ("Subject: AW: Hello", Reply),
            ("Subject: RE: FW: Hello", Reply),
            ("Subject: FW: RE: Hello\r\nReferences: <a@b>", Forward),
            ("Subject: Re[2]: Hello", Reply),
            ("Subject: Fwd (2): Hello", Forward),
            ("Subject: [EXTERNAL] [list] FW: Hello", Forward),
            ("Subject: [EXTERNAL] Hello", First),
            ("Subject: Hello\r\nIn-Reply-To: <a@b>", Reply),
            ("Subject: =?utf-8?q?=E8=BD=AC=E5=8F=91=EF=BC=9A?= x\r\nReferences: <a@b>", Forward),
            ("Subject: =?utf-8?q?=C4=B0LT:?= x\r\nReferences: <a@b>", Forward),
            ("Subject: =?utf-8?b?zqDOoc6YOg==?= x", Forward),
            ("Subject: VL: Hei\r\nReferences: <a@b>", Forward),
            ("Subject: VS: Hei\r\nContent-Language: fi-FI", Reply),
            ("Subject: VS: Hei\r\nAccept-Language: fi-FI, en-US", Reply),
            ("Subject: VS: Hej\r\nContent-Language: da-DK\r\nReferences: <a@b>", Forward),
        ] {
            assert_eq!(of_header(&header(text)), kind, "{text}");
        }
    }

    #[test]
    fn what_begins_the_quote_comes_first_but_for_words_in_a_forward() {
        let found = |marker, kind| Found { offset: 0, marker: Some(marker), kind, words: Vec::new() };
        let (reply, forward) = (Some(Kind::Reply), Some(Kind::Forward));
        for (subject, marks, kind) in [
            ("FW: x", vec![found("plain.original_message", reply)], Kind::Forward),
            ("RE: x", vec![found("plain.original_message", reply)], Kind::Reply),
            ("x", vec![found("plain.original_message", reply)], Kind::Reply),
            ("FW: x", vec![found("outlook.hr_2003", None), found("plain.original_message", reply)], Kind::Forward),
            ("FW: x", vec![found("groupwise.angle_line", reply)], Kind::Forward),
            ("FW: x", vec![found("plain.on_wrote", reply)], Kind::Forward),
            ("FW: x", vec![found("thunderbird.moz_cite_prefix", reply)], Kind::Reply),
            ("RE: x", vec![found("plain.forwarded_message", forward)], Kind::Forward),
            ("FW: x", vec![found("plain.header_block", None)], Kind::Forward),
            ("x", vec![], Kind::First),
        ] {
            assert_eq!(of(&marks, &header(&format!("Subject: {subject}"))), kind, "{subject} {marks:?}");
        }
    }
}
