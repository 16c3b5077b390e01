//! A keyword taken out of the Subject: that, and nothing else of the message.
use proptest::prelude::*;

use super::*;
use crate::imprint::HeaderBlock;

fn message(subject: &str) -> Vec<u8> {
    crlf(&format!(
        "From: ada@contoso.example\nSubject:{subject}\nMessage-ID: <1@contoso.example>\nX-Subject: [x] stays\n\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=us-ascii\n\nSubject: [x] stays\n"
    ))
}

fn looking_for(keywords: &[&str]) -> Stamp {
    Stamp { keywords: keywords.iter().map(|&keyword| keyword.to_owned()).collect(), ..stamp() }
}

/// The message goes out as one would that had been written with the other Subject.
fn assert_becomes(subject: &str, keywords: &[&str], expected: &str) {
    let out = run(&message(subject), &looking_for(keywords));
    assert_eq!(out.outcome.fate, Fate::Signed);
    assert_eq!(out.text(), run(&message(expected), &stamp()).text(), "{subject:?} {keywords:?}");
}

#[test]
fn the_keyword_goes_and_everything_else_stays() {
    for (subject, expected) in [
        (" [x] Hello", " Hello"),
        (" Hello [x]", " Hello"),
        (" Hello [X] world", " Hello world"),
        (" Hello[x]world", " Helloworld"),
        ("[x] Hello", "Hello"),
        (" [x]", ""),
        ("\n [x]", ""),
        (" [x] ", ""),
        // Once.
        (" [x] Hello [x]", " Hello [x]"),
        // Folds.
        (" Hello\n [x] world", " Hello\n world"),
        (" Hello\n [x]\n\tworld", " Hello\n world"),
        (" Hello\n [x]", " Hello"),
        ("\n [x] Hello", "\n Hello"),
        (" [x]\n Hello\n  world", " Hello\n  world"),
        (" two  blanks  [x]  here", " two  blanks  here"),
        // Raw UTF-8.
        (" [x] Gr\u{fc}\u{df}e", " Gr\u{fc}\u{df}e"),
        // In Q and in B, alone in its word, and beside others.
        (" =?utf-8?Q?[x]_Gr=c3=BC=C3=9Fe_?=", " =?utf-8?Q?Gr=c3=BC=C3=9Fe_?="),
        (" =?UTF-8*de?q?Gr=C3=BC=C3=9Fe=20=5Bx=5D?=", " =?UTF-8*de?q?Gr=C3=BC=C3=9Fe?="),
        (" =?iso-8859-1?Q?Gr=FC=DFe_[x]_zur=FCck?=", " =?iso-8859-1?Q?Gr=FC=DFe_zur=FCck?="),
        (" =?utf-8?B?W3hdIEdyw7zDn2U=?=", " =?utf-8?B?R3LDvMOfZQ==?="),
        (" =?utf-8?Q?[x]?= Hello", " Hello"),
        (" =?utf-8?Q?=C3=BC?=\n =?utf-8?Q?[x]?=\n =?utf-8?B?w7w=?=", " =?utf-8?Q?=C3=BC?=\n =?utf-8?B?w7w=?="),
        (" =?utf-8?Q?[x]?= =?utf-8?Q?=C3=BC?=", " =?utf-8?Q?=C3=BC?="),
        (" =?utf-8?Q?=C3=BC?= [x]", " =?utf-8?Q?=C3=BC?="),
        (" [x] =?utf-8?Q?=C3=BC?=", " =?utf-8?Q?=C3=BC?="),
        (" A [x] =?utf-8?Q?=C3=BC?=", " A =?utf-8?Q?=C3=BC?="),
        // Begun in one word and ended in the next, and from words into plain text.
        (" =?utf-8?Q?=C3=BC_[?=\n =?utf-8?Q?x]_a?=", " =?utf-8?Q?=C3=BC_?=\n =?utf-8?Q?a?="),
        // The blank between two encoded words would not show.
        (" =?utf-8?Q?=C3=BC?= [x] =?utf-8?Q?=C3=BC?=", " =?utf-8?Q?=C3=BC?= =?us-ascii?Q?_?= =?utf-8?Q?=C3=BC?="),
        // A charset with states.
        (" =?iso-2022-jp?B?GyRCJDMbKEJbeF0bJEIkcxsoQg==?=", " =?iso-2022-jp?B?GyRCJDMkcxsoQg==?="),
    ] {
        assert_becomes(subject, &["[x]"], expected);
    }
}

#[test]
fn letters_match_as_they_do_in_the_rule() {
    for (subject, keyword, expected) in [
        (" OFFER of the day", "offer", " of the day"),
        (" =?utf-8?Q?ANGEBOT_F=C3=9CR?= Ada", "f\u{fc}r", " =?utf-8?Q?ANGEBOT?= Ada"),
        (" =?utf-8?B?w4RyZ2Vy?= here", "\u{e4}RGER", " here"),
        // In capitals the dot is there, in lower case it is a character of its own.
        (" \u{130}X y", "\u{130}x", " y"),
        // Japanese in the midst of its states.
        (" =?iso-2022-jp?B?GyRCJDMkcyRLGyhC?=", "\u{3093}", " =?iso-2022-jp?B?GyRCJDMkSxsoQg==?="),
    ] {
        assert_becomes(subject, &[keyword], expected);
    }
    assert_becomes(" [a] b [c] d", &["[c]", "[A]", "[e]"], " b d");
    assert_becomes(" same [x] [x]", &["[x]", "[x]"], " same");
}

#[test]
fn what_cannot_be_changed_without_a_doubt_stays() {
    for subject in [
        " Hello",
        "",
        // Half of a character.
        " \u{130}",
        // Octets that are none of the charset, cut in the word itself.
        " =?utf-8?B?/1t4XSA=?=",
        // A charset nobody knows, and a word with blanks in it.
        " =?x-none?Q?[x]?=",
        " [x] and =?x-none?Q?=C3=BC?=",
        " [x] \u{fffd}=?utf-8?Q?=C3=BC?=",
    ] {
        assert_becomes(subject, &["[x]", "i"], subject);
    }
    let mut raw = message(" [x] ?");
    let at = raw.iter().position(|octet| *octet == b'?').unwrap();
    raw[at] = 0xff;
    let out = run(&raw, &looking_for(&["[x]"])).out;
    assert!(out.windows(5).any(|five| five == b"[x] \xff"));
    assert_becomes(" [x] twice\nSubject: [x]", &["[x]"], " [x] twice\nSubject: [x]");
    let long = format!(" [x] {}", "=?a?Q?".repeat(2000));
    assert_becomes(&long, &["[x]"], &long);
    assert_becomes(" [x] Hello", &[""], " [x] Hello");
}

#[test]
fn a_message_that_is_left_keeps_its_subject() {
    let encrypted = crlf("Subject: [x] Hello\nContent-Type: application/pkcs7-mime\n\nx\n");
    let out = run(&encrypted, &looking_for(&["[x]"])).out;
    assert_eq!(out.strip_prefix(TOP.as_bytes()), Some(&encrypted[..]));
}

#[test]
fn wherever_the_slices_end() {
    run_split(&message(" Hello =?utf-8?Q?[x]_Gr=C3=BC=C3=9Fe?="), &looking_for(&["[x]"]));
}

/// One piece of a Subject, written in some way.
fn written(text: &str, way: u8) -> String {
    use base64::Engine;
    let q = |text: &str| text.bytes().map(|octet| format!("={octet:02X}")).collect::<String>();
    match way {
        0 => text.to_owned(),
        1 => format!("=?utf-8?Q?{}?=", q(text)),
        2 => format!("=?utf-8?B?{}?=", base64::engine::general_purpose::STANDARD.encode(text)),
        _ => format!("=?us-ascii?q?{}?=", text.replace(' ', "_")),
    }
}

proptest! {
    #[test]
    fn any_subject_reads_like_itself_without_the_keyword(
        pieces in prop::collection::vec(("(a|B|kEy|ke|y| kEY |b c){1,3}", 0u8..4, prop::sample::select(vec![" ", "\n ", "\n\t ", "  "])), 0..6)
    ) {
        let subject: String = pieces.iter().map(|(text, way, blank)| blank.to_string() + &written(text, *way)).collect();
        let subject = if pieces.iter().any(|(text, ..)| text.trim().is_empty()) { " a".to_owned() } else { subject };
        let before = message(&subject);
        let out = run(&before, &looking_for(&["key"])).out;
        let kept = run(&before, &stamp()).out;
        let text = |octets: &[u8]| HeaderBlock::parse(Bytes::copy_from_slice(octets)).text("Subject").unwrap_or_default();
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (old, new) = (text(&kept), text(&out));
        if let Some(at) = old.to_lowercase().find("key") {
            let without = old[..at].to_owned() + &old[at + 3..];
            let stays = out == kept;
            // What stands between may be a blank less, where the keyword was glued to its neighbours.
            prop_assert!(stays || squeezed(&new) == squeezed(&without) , "{subject:?}: {new:?} of {old:?}");
        } else {
            prop_assert_eq!(&out, &kept);
        }
        // All but the Subject is as it was.
        let rest = |octets: &[u8]| {
            let whole = String::from_utf8_lossy(octets).into_owned();
            let (head, behind) = whole.split_once("\r\nMessage-ID").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
            (head.split_once("Subject:").unwrap().0.to_owned(), behind)
        };
        prop_assert_eq!(rest(&out), rest(&kept));
    }
}
