//! Bodies that travel as TNEF: the whole message between mailboxes of one organisation, or a part beside plain text.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::super::tnef::rtf_compressed::{pack, unpack};
use super::super::tnef::{
    ATTACHMENT_PROPERTIES, Level, MESSAGE_CLASS, MESSAGE_PROPERTIES, Properties, Stream, TEXT_BODY,
};
use super::*;
use crate::imprint::RichText;

const HTML: u16 = 0x1013;
const RTF: u16 = 0x1009;
const PLAIN: u16 = 0x1000;
const CODE_PAGE: u16 = 0x3FDE;

/// Octets of a list of properties: type, id, value.
fn properties(all: &[(u16, u16, &[u8])]) -> Vec<u8> {
    let size = |octets: &[u8]| u32::try_from(octets.len()).unwrap().to_le_bytes();
    let mut out = u32::try_from(all.len()).unwrap().to_le_bytes().to_vec();
    for (kind, id, value) in all {
        out.extend(kind.to_le_bytes());
        out.extend(id.to_le_bytes());
        if *kind != 3 {
            out.extend(1_u32.to_le_bytes());
            out.extend(size(value));
        }
        out.extend_from_slice(value);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

/// A stream of attributes: level, id, data.
fn stream(attributes: &[(u8, u32, &[u8])]) -> Vec<u8> {
    let mut out = vec![0x78, 0x9F, 0x3E, 0x22, 1, 0];
    for (level, id, data) in attributes {
        out.push(*level);
        out.extend(id.to_le_bytes());
        out.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        out.extend_from_slice(data);
        let sum: u32 = data.iter().map(|octet| u32::from(*octet)).sum();
        out.extend_from_slice(&sum.to_le_bytes()[..2]);
    }
    out
}

/// A mail with these properties, a class, a recipient table of somebody else's making and a file.
fn mail(all: &[(u16, u16, &[u8])], file: &[u8]) -> Vec<u8> {
    stream(&[
        (1, 0x0008_9006, &[0, 0, 1, 0]),
        (1, 0x0006_9007, &[0xE4, 4, 0, 0, 0, 0, 0, 0]),
        (1, MESSAGE_CLASS, b"IPM.Note\0"),
        (1, MESSAGE_PROPERTIES, &properties(all)),
        (1, 0x0006_9004, b"\x00\x0a\r\n--b\r\n"),
        (2, 0x0006_9002, &[0; 14]),
        (2, 0x0006_800F, file),
    ])
}

/// Seeds for the fuzz targets.
pub(super) fn mail_of_rtf(rtf: &[u8]) -> Vec<u8> {
    mail(&[(0x0102, RTF, &pack(rtf).unwrap())], b"file")
}

pub(super) fn mail_of_html() -> Vec<u8> {
    mail(&[(3, CODE_PAGE, &page(1252)), (0x0102, HTML, &latin(REPLY)), (0x001F, PLAIN, b"H\0i\0\0\0")], b"file")
}

/// A whole message that is a stream with this value as its body in compressed RTF.
pub(super) fn message_of(compressed: &[u8]) -> Vec<u8> {
    binary(&mail(&[(0x0102, RTF, compressed)], b"file"))
}

/// A whole message that is a stream of these attributes.
pub(super) fn message_with(attributes: &[(u8, u32, &[u8])]) -> Vec<u8> {
    binary(&stream(attributes))
}

const HEAD: &str =
    "Subject: x\r\nContent-Type: application/ms-tnef; name=\"winmail.dat\"\r\nContent-Transfer-Encoding: ";

fn binary(stream: &[u8]) -> Vec<u8> {
    [HEAD.as_bytes(), b"binary\r\n\r\n", stream].concat()
}

fn in_base64(stream: &[u8]) -> String {
    STANDARD.encode(stream).as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line) + "\r\n").collect()
}

fn beside_text(text: &str, stream: &[u8]) -> Vec<u8> {
    let part = |head: &str, body: &str| format!("--b\r\nContent-Type: {head}\r\n\r\n{body}\r\n");
    let tnef = in_base64(stream);
    let head = "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
    let kind = "application/ms-tnef; name=\"winmail.dat\"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64";
    format!("{head}{}{}--b--\r\n", part("text/plain", text), part(kind, tnef.trim_end())).into_bytes()
}

/// The stream of a message that was made here.
fn stream_of(message: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(message);
    if text.contains(": binary\r\n") {
        let at = message.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        return message[at..].to_vec();
    }
    let body = text.rsplit("base64\r\n\r\n").next().unwrap().split("--b--").next().unwrap();
    STANDARD.decode(body.replace(['\r', '\n'], "")).unwrap()
}

fn value(stream: &[u8], id: u16) -> Vec<u8> {
    let read = Stream::read(stream).unwrap();
    let data = read.data(read.of_message(MESSAGE_PROPERTIES).unwrap());
    Properties::read(data).unwrap().only(id).unwrap().to_vec()
}

fn text(stream: &[u8], id: u16) -> String {
    let value = value(stream, id);
    let value = if id == RTF { unpack(&value, 1 << 20).unwrap() } else { value };
    String::from_utf8_lossy(&value).into_owned()
}

/// Everything but the properties of the message, and each property but these.
fn rest(stream: &[u8], but: &[u16]) -> Vec<(u32, Vec<u8>)> {
    let read = Stream::read(stream).unwrap();
    let others = read.attributes().iter().filter(|one| one.id != MESSAGE_PROPERTIES);
    let data = read.data(read.of_message(MESSAGE_PROPERTIES).unwrap());
    let all = Properties::read(data).unwrap();
    let kept = all.all().iter().filter(|one| !but.contains(&one.id));
    let others = others.map(|one| (one.id, read.data(one).to_vec()));
    others.chain(kept.map(|one| (u32::from(one.id), all.only(one.id).unwrap().to_vec()))).collect()
}

const REPLY: &str = "<html><body><p>caf\u{e9}</p><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\">\
    <b>From:</b> Bob<br><b>Sent:</b> Monday<br></div></body></html>";

fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|one| u8::try_from(u32::from(one)).unwrap()).collect()
}

fn page(number: u32) -> [u8; 4] {
    number.to_le_bytes()
}

#[test]
fn html_is_signed_above_the_quoted_text_however_the_stream_is_fed() {
    let (html, code_page) = (latin(REPLY), page(1252));
    let before = mail(
        &[(3, CODE_PAGE, &code_page), (0x0102, HTML, &html), (0x001F, 0x0037, b"S\0\0\0"), (0x0102, 0x007F, b"<1@x>")],
        &b"file\r\n--b\0".repeat(40),
    );
    for message in [binary(&before), beside_text("", &before)] {
        let run = run_split(&message, &Stamp::new(vec![piece("<p>\u{fc}\u{20ac}</p>", "SIG")]));
        assert_eq!(run.outcome.fate, Fate::Signed);
        let part = run.outcome.parts.last().unwrap();
        assert_eq!((part.content_type.as_str(), part.marker), ("application/ms-tnef", Some("outlook.appendonsend")));
        let after = stream_of(&run.out);
        let (one, two) = REPLY.split_at(REPLY.find("<div id=\"app").unwrap());
        // 80 is the euro sign of the code page.
        let want = [latin(one), b"\r\n<p>\xfc\x80</p>\r\n".to_vec(), latin(two)].concat();
        assert_eq!(value(&after, HTML), want, "{}", String::from_utf8_lossy(&value(&after, HTML)));
        assert_eq!(rest(&after, &[HTML]), rest(&before, &[HTML]));
    }
}

#[test]
fn a_file_of_any_size_passes_behind_the_text() {
    let code_page = page(65001);
    let before = mail(&[(3, CODE_PAGE, &code_page), (0x0102, HTML, b"<p>Hello</p>")], &vec![b'\n'; 200_000]);
    let limits = Limits { hold_bytes: 2_000, ..Limits::default() };
    let run = run_with(&binary(&before), &stamp(), Fed::Whole, limits);
    assert_eq!(run.outcome.fate, Fate::Signed);
    assert_eq!(rest(&stream_of(&run.out), &[HTML]), rest(&before, &[HTML]));
    let slices: Vec<usize> = run.slices.iter().map(Bytes::len).collect();
    assert!(slices.iter().any(|octets| *octets > 190_000), "the file is the slice it came in: {slices:?}");
}

/// Its digits stay as they are, behind whatever the text is written in.
#[test]
fn a_file_of_any_size_passes_behind_the_text_in_base64() {
    let (utf8, file) = (page(65001), vec![b'\n'; 200_000]);
    let wide: Vec<u8> = "Hello\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let rtf = pack(b"{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>}Hello}").unwrap();
    let limits = Limits { hold_bytes: 4_000, ..Limits::default() };
    for more in 0..6 {
        let subject = vec![b'x'; more];
        let texts: [&[(u16, u16, &[u8])]; 4] = [
            &[(3, CODE_PAGE, &utf8), (0x0102, HTML, b"<p>Hello</p>")],
            &[(0x001F, PLAIN, &wide)],
            &[(0x0102, RTF, &rtf)],
            &[(0x0102, RTF, &rtf), (0x001F, PLAIN, &wide)],
        ];
        for (kind, text) in texts.into_iter().enumerate() {
            let before = mail(&[&[(0x001E, 0x0037, &subject[..])][..], text].concat(), &file);
            for (message, width) in [
                (beside_text("Hello", &before), 76),
                ([HEAD.as_bytes(), b"base64\r\n\r\n", in_base64(&before).as_bytes()].concat(), 76),
                ([HEAD.as_bytes(), b"base64\r\n\r\n", STANDARD.encode(&before).as_bytes()].concat(), usize::MAX),
            ] {
                let run = run_with(&message, &stamp(), Fed::Whole, limits);
                let at = format!("{kind} {more} {width}");
                assert_eq!(run.outcome.fate, Fate::Signed, "{at}");
                let after = stream_of(&run.out);
                assert_eq!(rest(&after, &[HTML, PLAIN, RTF]), rest(&before, &[HTML, PLAIN, RTF]), "{at}");
                for (_, id, old) in text.iter().filter(|(kind, ..)| *kind != 3) {
                    assert!(tnef::text(&after, *id).replace('\0', "").contains("SIG"), "{at}: {old:?}");
                }
                let lines = run.out.split(|octet| *octet == b'\n').map(|line| line.trim_ascii_end().len());
                assert!(lines.skip_while(|length| *length > 0).all(|length| length <= width), "{at}");
                let longest = run.slices.iter().map(Bytes::len).max();
                assert!(longest > Some(260_000), "the digits of the file are the slice they came in: {longest:?}");
            }
        }
    }
    // Of a stream without a text before it the rest has to be seen: another text may follow.
    let before = mail(&[(3, CODE_PAGE, &utf8), (0x0102, HTML, b"<p>Hello</p>")], &file);
    let alone = String::from_utf8(beside_text("", &before)).unwrap();
    let alone = alone.replace("--b\r\nContent-Type: text/plain\r\n\r\n\r\n", "");
    assert_eq!(run_with(alone.as_bytes(), &stamp(), Fed::Whole, limits).outcome.fate, Fate::Left(Reason::HoldTooLarge));
}

/// No program writes so, and the text behind the file is one all the same.
#[test]
fn properties_behind_a_file_are_waited_for() {
    let utf8 = page(65001);
    let text = properties(&[(3, CODE_PAGE, &utf8), (0x0102, HTML, b"<p>Hello</p>")]);
    let file: [(u8, u32, &[u8]); 2] = [(2, 0x0006_9002, &[0; 14]), (2, 0x0006_800F, b"file")];
    let behind =
        |class: &[u8]| stream(&[&file[..], &[(1, MESSAGE_CLASS, class), (1, MESSAGE_PROPERTIES, &text)]].concat());
    let whole = |stream: &[u8]| [HEAD.as_bytes(), b"base64\r\n\r\n", in_base64(stream).as_bytes()].concat();
    let mail = behind(b"IPM.Note\0");
    for (message, parts) in [(beside_text("Hello", &mail), 2), (whole(&mail), 1), (binary(&mail), 1)] {
        let run = run_split(&message, &stamp());
        assert_eq!((run.outcome.fate, run.outcome.parts.len()), (Fate::Signed, parts));
        assert!(tnef::text(&stream_of(&run.out), HTML).contains("SIG"));
    }
    let protected = behind(b"IPM.Note.SMIME\0");
    for message in [beside_text("Hello", &protected), whole(&protected), binary(&protected)] {
        assert_left(&message, Reason::Encrypted);
    }
}

/// As where both stand alone: the first text is the body, with what says it again.
#[test]
fn a_text_behind_the_stream_that_says_the_first_again_is_passed_over() {
    let utf8 = page(65001);
    let text = properties(&[(3, CODE_PAGE, &utf8), (0x0102, HTML, b"<p>Hello</p>")]);
    for file in [&[][..], &[(2, 0x0006_9002, &[0; 14][..]), (2, 0x0006_800F, b"file")]] {
        let before = stream(&[&[(1, MESSAGE_PROPERTIES, &text[..])], file].concat());
        let message = String::from_utf8(beside_text("Hello", &before)).unwrap();
        let message = message.replace("--b--", "--b\r\nContent-Type: text/html\r\n\r\n<p>More</p>\r\n--b--");
        let run = run_split(message.as_bytes(), &stamp());
        assert_eq!((run.outcome.fate, run.outcome.parts.len()), (Fate::Signed, 2), "{}", file.len());
        assert!(run.text().contains("<p>More</p>\r\n--b--"), "{}", run.text());
    }
}

#[test]
fn all_texts_get_it_or_none() {
    let rtf = pack(b"{\\rtf1\\ansi\\ansicpg1252\\fromtext{\\fonttbl{\\f0 x;}}Hello\\par\r\nOn 1 May 2024, Bob wrote:\\par\r\n> Hi\\par}");
    let wide: Vec<u8> =
        "Hello\r\nOn 1 May 2024, Bob wrote:\r\n> Hi\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let before = mail(&[(0x001F, PLAIN, &wide), (0x0102, RTF, &rtf.unwrap())], b"file");
    let message = beside_text("Hello\r\n\r\nOn 1 May 2024, Bob wrote:\r\n> Hi", &before);
    let stamp = Stamp::new(vec![piece("<p>SIG</p>", "SIG \u{fc}\u{1f600}")]);
    let run = run(&message, &stamp);
    assert_eq!(run.outcome.fate, Fate::Signed);
    assert_eq!(run.outcome.parts.len(), 2);
    let after = stream_of(&run.out);
    let read: Vec<u16> = value(&after, PLAIN).as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    let want = "Hello\r\n\r\nSIG \u{fc}\u{1f600}\r\n\r\nOn 1 May 2024, Bob wrote:\r\n> Hi\0";
    // Blanks behind the signature make the stream as long as the digits behind it need it to be.
    let read: Vec<String> =
        String::from_utf16(&read).unwrap().split("\r\n").map(|line| line.trim_end_matches(' ').to_owned()).collect();
    assert_eq!(read.join("\r\n"), want);
    let rtf = text(&after, RTF);
    assert!(rtf.contains("Hello\\par\r\n{\\uc1 \\par\nSIG \\u252?\\u-10179?\\u-8704?\\par\n\\par\n}On 1 May"), "{rtf}");
    assert!(run.text().contains("Hello\r\n\r\nSIG"), "{}", run.text());
    assert_eq!(rest(&after, &[PLAIN, RTF]), rest(&before, &[PLAIN, RTF]));
    // One that cannot be changed keeps the signature out of all.
    let before = mail(&[(0x001F, PLAIN, &wide), (0x0102, RTF, b"damaged rich text")], b"file");
    assert_left(&beside_text("Hello", &before), Reason::Tnef);
    let page = page(1200);
    let before = mail(&[(3, CODE_PAGE, &page), (0x0102, HTML, b"<p>Hello</p>")], b"file");
    assert_left(&binary(&before), Reason::BadCharset);
}

#[test]
fn the_text_of_old_streams_is_signed_in_its_code_page() {
    let message = |page: u32, text: &[u8]| {
        binary(&stream(&[(1, 0x0006_9007, &[page.to_le_bytes(), [0; 4]].concat()), (1, TEXT_BODY, text)]))
    };
    let stamp = Stamp::new(vec![piece("", "Zo\u{eb}")]);
    let run = run_split(&message(1252, b"Hello\r\n\0"), &stamp);
    let after = stream_of(&run.out);
    let read = Stream::read(&after).unwrap();
    assert_eq!(read.data(read.of_message(TEXT_BODY).unwrap()), b"Hello\r\n\r\nZo\xeb\r\n\0");
    assert_eq!(super::run(&message(932, b"Hello\r\n\0"), &stamp).outcome.fate, Fate::Left(Reason::BadCharset));
}

#[test]
fn html_in_rich_text_is_signed_as_html() {
    let rtf = pack(
        b"{\\rtf1\\ansi\\ansicpg1252\\fromhtml1{\\fonttbl{\\f0 x;}}{\\*\\htmltag64 <body>}{\\*\\htmltag64 <p>}Hello\
          {\\*\\htmltag72 </p>}\\htmlrtf\\par\\htmlrtf0 {\\*\\htmltag64 <div id=\"appendonsend\">}{\\*\\htmltag72 </div>}\
          {\\*\\htmltag64 <hr><div id=\"divRplyFwdMsg\">}From: Bob{\\*\\htmltag72 </div>}\
          {\\*\\htmltag64 </body>}}",
    );
    let before = mail(&[(0x0102, RTF, &rtf.unwrap())], b"file");
    let run = run_split(&binary(&before), &stamp());
    assert_eq!(run.facts.map(|facts| (facts.html, facts.plain, facts.rich)), Some((true, false, false)));
    assert_eq!(run.outcome.parts[0].marker, Some("outlook.appendonsend"));
    let rtf = text(&stream_of(&run.out), RTF);
    let want = "\\htmlrtf0 {\\*\\htmltag64 \\par <p>SIG</p>\\par }\\htmlrtf {\\uc1\\pard\\plain SIG\\par}\\htmlrtf0 {\\*\\htmltag64 <div id=\"appendonsend";
    assert!(rtf.contains(want), "{rtf}");
}

/// RTF carries ASCII; the letters of a signature become references there, as they do in a charset without them.
#[test]
fn letters_of_the_signature_are_references_in_rich_text() {
    let rtf = pack(b"{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>}Hello}");
    let before = mail(&[(0x0102, RTF, &rtf.unwrap())], b"file");
    let run = run_split(&binary(&before), &Stamp::new(vec![piece("<p>Zo\u{eb}</p>", "Zo\u{eb}")]));
    assert_eq!(run.outcome.fate, Fate::Signed);
    let rtf = text(&stream_of(&run.out), RTF);
    assert!(rtf.contains("<p>Zo&#235;</p>") && rtf.contains("Zo\\u235?"), "{rtf}");
}

/// Plain text in RTF has nothing for HTML alone (MS-OXRTFEX section 2.1.3): readers differ about what it shows.
#[test]
fn plain_text_in_rich_text_with_html_in_it_is_left() {
    let rtf = pack(b"{\\rtf1\\ansi\\fromtext{\\fonttbl{\\f0 x;}}\\htmlrtf {\\htmlrtf0 Hello}}").unwrap();
    assert_left(&binary(&mail(&[(0x0102, RTF, &rtf)], b"file")), Reason::Tnef);
}

#[test]
fn rich_text_gets_paragraphs_with_fonts_and_colours_of_their_own() {
    let rtf = pack(
        b"{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}{\\colortbl;\\red1;}\\pard Hello\\par\r\n\
          -----Original Message-----\\par {\\b From:} Bob\\par {\\b Sent:} Monday\\par {\\b To:} Ada\\par {\\b Subject:} x\\par Hi\\par }",
    );
    let before = mail(&[(0x0102, RTF, &rtf.unwrap())], b"file");
    let rich = RichText {
        fonts: vec!["Georgia".to_owned()],
        colours: vec![[9, 8, 7]],
        paragraphs: "\\pard{\\f0\\fs20\\cf1 SIG}\\par\n".to_owned(),
    };
    let stamp = Stamp::new(vec![Piece { rich: Some(rich), ..piece("<p>SIG</p>", "SIG") }]);
    let run = run_split(&binary(&before), &stamp);
    assert_eq!(run.facts.map(|facts| (facts.html, facts.plain, facts.rich)), Some((false, false, true)));
    let signed = text(&stream_of(&run.out), RTF);
    let put =
        "Hello\\par\r\n{\\uc1\\pard\\plain \\par\n\\pard{\\f1\\fs20\\cf2 SIG}\\par\n\\pard\\plain\\par\n}-----Original";
    assert!(signed.contains(put), "{signed}");
    assert!(
        signed.contains("{\\f0 Arial;}{\\f1\\fnil Georgia;}}{\\colortbl;\\red1;\\red9\\green8\\blue7;}"),
        "{signed}"
    );
    // Without paragraphs of its own a signature is plain text there.
    let plain = text(&stream_of(&super::run(&binary(&before), &super::stamp()).out), RTF);
    assert!(plain.contains("Hello\\par\r\n{\\uc1 \\par\nSIG\\par\n\\par\n}-----Original"), "{plain}");
}

#[test]
fn pictures_are_hidden_attachments() {
    let code_page = page(65001);
    let mut picture = piece("<p><img src=\"cid:logo\">SIG</p>", "SIG");
    picture.images.push(logo());
    let stamp = Stamp::new(vec![picture]);
    for file in [&b"file"[..], b""] {
        let mut before = mail(&[(3, CODE_PAGE, &code_page), (0x0102, HTML, b"<p>Hello</p>")], file);
        if file.is_empty() {
            // No attachment at all.
            before.truncate(before.len() - 11 - 14 - 11);
        }
        let run = run_split(&binary(&before), &stamp);
        let after = stream_of(&run.out);
        let (old, new) = (Stream::read(&before).unwrap(), Stream::read(&after).unwrap());
        assert_eq!(new.attributes().len(), old.attributes().len() + 4);
        let first = new.attributes().iter().position(|one| one.level == Level::Attachment).unwrap();
        let [_, _, data, properties] = &new.attributes()[first..first + 4] else { panic!() };
        assert_eq!((new.data(data), properties.id), (&logo().bytes[..], ATTACHMENT_PROPERTIES));
        let id = Properties::read(new.data(properties)).unwrap().only(0x3712).unwrap().to_vec();
        let id = String::from_utf8(id).unwrap();
        let html = text(&after, HTML);
        assert!(html.contains(&format!("<img src=\"cid:{}\"", id.trim_end_matches('\0'))), "{html} {id}");
        let files = |stream: &Stream<'_>| {
            let rest = stream.attributes().iter().filter(|one| one.level == Level::Attachment).rev().take(2);
            rest.map(|one| stream.data(one).to_vec()).collect::<Vec<_>>()
        };
        assert!(file.is_empty() || files(&new) == files(&old));
    }
}

#[test]
fn what_is_no_mail_or_in_doubt_is_left() {
    let code_page = page(65001);
    let html: [(u16, u16, &[u8]); 2] = [(3, CODE_PAGE, &code_page), (0x0102, HTML, b"<p>Hello</p>")];
    let of_class =
        |class: &[u8]| binary(&stream(&[(1, MESSAGE_CLASS, class), (1, MESSAGE_PROPERTIES, &properties(&html))]));
    let twice = [html[0], html[1], html[1]];
    let (sound, body) = (mail(&html, b"file"), in_base64(&mail(&html, b"file")));
    let parts = |others: &str| {
        let tnef = "Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n";
        let others = others.replace("TNEF", &format!("{tnef}{}", body.replace('\r', "").trim_end()));
        crlf(&format!("Content-Type: multipart/mixed; boundary=b\n\n{others}--b--\n"))
    };
    for (message, reason) in [
        (of_class(b"IPM.Note.SMIME.MultipartSigned\0"), Reason::Signed),
        (of_class(b"IPM.Schedule.Meeting.Request\0"), Reason::Calendar),
        (of_class(b"REPORT.IPM.Note.NDR\0"), Reason::Report),
        (binary(&mail(&twice, b"file")), Reason::Tnef),
        (binary(&sound[..40]), Reason::NoTextBody),
        (binary(b"not TNEF"), Reason::Tnef),
        (binary(&stream(&[(1, MESSAGE_PROPERTIES, b"\xff\xff\xff\xff\x02\x01")])), Reason::Tnef),
        (binary(&stream(&vec![(1_u8, 0x0001_8009_u32, &b""[..]); 2_000])), Reason::Tnef),
        ([HEAD.as_bytes(), b"8bit\r\n\r\n", &sound].concat(), Reason::Tnef),
        ([HEAD.as_bytes(), b"quoted-printable\r\n\r\n", &sound].concat(), Reason::Tnef),
        (parts("--b\nContent-Type: text/html\n\n<p>Hello</p>\n--b\nTNEF\n"), Reason::Tnef),
        (parts("--b\nTNEF\n--b\nTNEF\n"), Reason::Tnef),
        (parts("--b\nTNEF\n--b\nContent-Type: text/plain\n\nHello\n"), Reason::Tnef),
    ] {
        assert_left(&message, reason);
    }
    // A stream without a text says nothing again.
    let file_only = beside_text("Hello", &stream(&[(2, 0x0006_9002, &[0; 14]), (2, 0x0006_800F, b"file")]));
    let run = run(&file_only, &stamp());
    assert_eq!((run.outcome.fate, run.outcome.parts.len()), (Fate::Signed, 1));
    assert_eq!(stream_of(&run.out), stream_of(&file_only));
    let alone = super::run(&parts("--b\nTNEF\n--b\nContent-Type: image/png\n\nx\n"), &stamp());
    assert_eq!(alone.outcome.fate, Fate::Signed);
}
