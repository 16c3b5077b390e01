//! Our readers against those of the crate `smtp-proto`, where that is right.
//!
//! Known differences, which are ours on purpose: it takes lines that end in a bare LF, forgets quotes and address types,
//! refuses parameters that it does not know, and keeps enhanced codes in octets.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use bytes::{Bytes, BytesMut};
use proptest::prelude::*;
use smtp_proto::request::receiver::DataReceiver;
use smtp_proto::response::parser::ResponseReceiver;
use smtp_proto::{EhloResponse, Request};

use super::command::{self, Command, Fault};
use super::data::{DataReader, Step};
use super::lines::{Line, take_line};
use super::*;

fn theirs(line: &str) -> Option<Request<String>> {
    let line = format!("{line}\r\n");
    let mut octets = line.as_bytes().iter();
    Request::parse(&mut octets).ok().map(Request::into_owned)
}

fn size_of(mail: &Mail) -> usize {
    usize::try_from(mail.size().unwrap_or(0)).unwrap()
}

/// Both read the same out of a line that both take.
fn agree(ours: &Command, theirs: &Request<String>) -> bool {
    match (ours, theirs) {
        (Command::Hello { name, extended: true }, Request::Ehlo { host }) => name == host,
        (Command::Hello { name, extended: false }, Request::Helo { host }) => name == host,
        (Command::Mail(mail), Request::Mail { from }) => {
            let body = match mail.body() {
                Body::Binary => smtp_proto::MAIL_BODY_BINARYMIME,
                Body::EightBit => smtp_proto::MAIL_BODY_8BITMIME,
                Body::SevenBit => 0,
            };
            let bodies = smtp_proto::MAIL_BODY_BINARYMIME | smtp_proto::MAIL_BODY_8BITMIME;
            mail.path.as_str() == from.address
                && size_of(mail) == from.size
                && from.flags & bodies == body
                && mail.smtputf8() == (from.flags & smtp_proto::MAIL_SMTPUTF8 > 0)
        }
        (Command::Rcpt(rcpt), Request::Rcpt { to }) => rcpt.path.as_str() == to.address,
        (Command::Chunk { octets, last }, Request::Bdat { chunk_size, is_last }) => {
            usize::try_from(*octets).unwrap() == *chunk_size && last == is_last
        }
        (Command::StartTls, Request::StartTls)
        | (Command::Data, Request::Data)
        | (Command::Reset, Request::Rset)
        | (Command::Quit, Request::Quit)
        | (Command::Noop, Request::Noop { .. })
        | (Command::Verify, Request::Vrfy { .. })
        | (Command::Help, Request::Help { .. }) => true,
        _ => false,
    }
}

/// Commands as an honest peer gives them.
fn honest() -> impl Strategy<Value = String> {
    let address =
        "[a-z][a-z0-9.+_-]{0,8}[a-z0-9]@[a-z]{1,8}\\.example".prop_filter("dots", |text| !text.contains(".."));
    let parameters =
        proptest::sample::subsequence(vec!["SIZE=12345", "BODY=8BITMIME", "SMTPUTF8", "RET=HDRS", "ENVID=abc"], 0..=5)
            .prop_map(|words| words.iter().map(|word| format!(" {word}")).collect::<String>());
    prop_oneof![
        proptest::sample::select(vec![
            "DATA",
            "RSET",
            "QUIT",
            "NOOP",
            "STARTTLS",
            "data",
            "Noop x",
            "VRFY a",
            "HELP",
            "EHLO mx.example",
            "HELO [192.0.2.1]",
        ])
        .prop_map(str::to_owned),
        (address.clone(), parameters).prop_map(|(address, words)| format!("MAIL FROM:<{address}>{words}")),
        Just("MAIL FROM:<> BODY=BINARYMIME".to_owned()),
        address.prop_map(|address| format!("rcpt to:<{address}> NOTIFY=NEVER")),
        (0u64..1 << 60).prop_map(|octets| format!("BDAT {octets}")),
        (0u64..1 << 60).prop_map(|octets| format!("bdat {octets} Last")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn honest_commands_read_the_same(line in honest()) {
        let ours = command::parse(&Bytes::from(line.clone()));
        let theirs = theirs(&line);
        prop_assert!(theirs.is_some(), "{line}");
        prop_assert!(agree(ours.as_ref().unwrap(), theirs.as_ref().unwrap()), "{line}: {ours:?} {theirs:?}");
    }

    #[test]
    fn we_are_never_more_lenient(
        line in prop_oneof![
            "(MAIL FROM|RCPT TO):?[a@.<>\" ]{0,12}",
            "(MAIL FROM|RCPT TO):<[a@.\"]{0,8}>",
            "MAIL FROM:<[a@.\"]{0,8}> ?SIZE=[0-9]{0,4} ?",
            "BDAT [0-9 LASTx+-]{0,10}",
            "(DATA|RSET|QUIT|STARTTLS|BDAT|EHLO|MAIL|RCPT)[A-Z]{0,2} ?",
        ],
    ) {
        let ours = command::parse(&Bytes::from(line.clone()));
        let Ok(ours) = ours else { return Ok(()) };
        // A local part alone, and dots where RFC 5321 has none, are the next hop's to judge.
        let judged_later = |path: &Path| path.domain().is_none() || path.as_str().contains('"')
            || path.as_str().split(['.', '@']).any(str::is_empty);
        match &ours {
            Command::Mail(Mail { path, .. }) | Command::Rcpt(Rcpt { path, .. }) if judged_later(path) => return Ok(()),
            _ => {}
        }
        prop_assert!(theirs(&line).is_some_and(|theirs| agree(&ours, &theirs)), "{line}: {ours:?} {:?}", theirs(&line));
    }

    #[test]
    fn a_line_ends_where_theirs_ends_or_nowhere(octets in "(NOOP|DATA|QUIT|a| |\r|\n|\r\n|\0){0,12}") {
        let mut input = BytesMut::from(octets.as_bytes());
        while let Line::Whole(line) = take_line(&mut input, 1_000) {
            let before = octets.len() - input.len();
            let begin = before - line.len() - 2;
            let mut rest = octets.as_bytes()[begin..].iter();
            let _ = Request::parse(&mut rest);
            prop_assert_eq!(rest.as_slice().len(), input.len(), "{:?}", octets);
        }
    }

    #[test]
    fn data_ends_at_the_same_place(octets in "(a|\\.|\r\n|\r\n\\.|word){0,16}\r\n\\.\r\n(QUIT)?") {
        let mut input = BytesMut::from(octets.as_bytes());
        let mut reader = DataReader::new();
        let mut ours = Vec::new();
        loop {
            match reader.poll(&mut input, u64::MAX) {
                Step::Content(slice) => ours.extend_from_slice(&slice),
                Step::End => break,
                other => panic!("{other:?}"),
            }
        }
        // It sees neither the end nor a dot on the first line unless it has seen a line end before.
        let mut receiver = DataReceiver::new();
        let mut theirs = Vec::new();
        prop_assert!(!receiver.ingest(&mut b"\r\n".iter(), &mut theirs));
        let mut rest = octets.as_bytes().iter();
        prop_assert!(receiver.ingest(&mut rest, &mut theirs));
        prop_assert_eq!(rest.as_slice(), input.as_ref());
        prop_assert_eq!(&theirs[2.min(theirs.len())..], ours.as_slice());
    }

    #[test]
    fn replies_read_the_same(
        code in 200u16..560,
        class in 2u8..6,
        detail in 0u16..256,
        lines in proptest::collection::vec("[a-zA-Z ]{1,20}", 1..4),
    ) {
        let lines: Vec<Bytes> = lines.iter().map(|line| Bytes::from(format!("{class}.1.{detail} {line}"))).collect();
        let ours = Reply::from_lines(code, lines);
        let wire = ours.encode();
        let theirs = ResponseReceiver::default().parse(&mut wire.iter()).unwrap();
        prop_assert_eq!(theirs.code, code);
        if let Some((class, subject, detail)) = ours.enhanced() {
            let expected = [class, u8::try_from(subject).unwrap(), u8::try_from(detail).unwrap()];
            prop_assert_eq!(theirs.esc, expected);
        }
    }

    #[test]
    fn offers_read_the_same(
        flags in any::<[bool; 8]>(),
        size in proptest::option::of(1u64..1 << 40),
    ) {
        let offer = Extensions {
            pipelining: flags[0],
            dsn: flags[1],
            enhanced_status_codes: flags[2],
            starttls: flags[3],
            eight_bit_mime: flags[4],
            binary_mime: flags[5],
            chunking: flags[6],
            smtputf8: flags[7],
            size: size.map(Some),
            ..Extensions::default()
        };
        let lines: Vec<Bytes> = std::iter::once("mx.example".to_owned()).chain(offer.lines()).map(Bytes::from).collect();
        let wire = Reply::from_lines(250, lines).encode();
        let theirs = EhloResponse::parse(&mut wire.iter()).unwrap();
        let bits = [
            smtp_proto::EXT_PIPELINING,
            smtp_proto::EXT_DSN,
            smtp_proto::EXT_ENHANCED_STATUS_CODES,
            smtp_proto::EXT_START_TLS,
            smtp_proto::EXT_8BIT_MIME,
            smtp_proto::EXT_BINARY_MIME,
            smtp_proto::EXT_CHUNKING,
            smtp_proto::EXT_SMTP_UTF8,
        ];
        for (bit, flag) in bits.iter().zip(flags) {
            prop_assert_eq!(theirs.has_capability(*bit), flag);
        }
        prop_assert_eq!(theirs.size as u64, size.unwrap_or(0));
    }
}

#[test]
fn their_known_faults_are_not_ours() {
    // A bare LF ends a command there.
    assert!(Request::parse(&mut b"NOOP\n".iter()).is_ok());
    assert_eq!(take_line(&mut BytesMut::from(&b"NOOP\n"[..]), 100), Line::BareLineFeed);
    // Quotes are lost there.
    let Some(Request::Rcpt { to }) = theirs("RCPT TO:<\"a b\"@y.example>") else { panic!("not read") };
    assert_eq!(to.address, "a b@y.example");
    let ours = command::parse(&Bytes::from_static(b"RCPT TO:<\"a b\"@y.example>")).unwrap();
    assert_eq!(ours, Command::Rcpt(Rcpt::to(Path::parse("\"a b\"@y.example").unwrap())));
    // A size that overflows begins anew there.
    assert!(matches!(theirs("BDAT 1844674407370955161600000012"), Some(Request::Bdat { chunk_size: 0..=99, .. })));
    let overflow = command::parse(&Bytes::from_static(b"BDAT 1844674407370955161600000012"));
    assert_eq!(overflow, Err(Fault::ChunkOverflow));
}
