//! Each charset: what is put in is there, and the text around it reads as before.

#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::*;
use crate::imprint::fuzz;

#[test]
fn a_position_in_the_text_is_one_in_the_octets() {
    let text = "Gr\u{fc}\u{df}e \u{65e5}\u{672c}\r\nzwei \u{434}\u{430}\r\n";
    for label in ["utf-8", "gb18030", "shift_jis", "big5", "euc-jp", "euc-kr", "iso-2022-jp", "koi8-r", "windows-1252"]
    {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        let (octets, ..) = encoding.encode(text);
        let charset = Charset::of(Some(label), &octets).unwrap();
        let decoded = charset.decode(&octets);
        let seen = decoded.text.as_deref().unwrap_or_else(|| std::str::from_utf8(&octets).unwrap());
        for (at, _) in seen.char_indices().filter(|(_, one)| *one == '\r') {
            let place = charset.position(&octets, at).unwrap();
            assert_eq!(octets[place], b'\r', "{label} {at}");
        }
    }
}

fn octets_of(label: &str, text: &str) -> Option<Vec<u8>> {
    match label {
        "utf-16le" => Some(utf16::encode(text, utf16::Order::Little)),
        "utf-16" | "utf-16be" => Some(utf16::encode(text, utf16::Order::Big)),
        "utf-7" => Some(utf7::encode(text)),
        label => {
            let (octets, _, unmappable) = Encoding::for_label(label.as_bytes())?.encode(text);
            (!unmappable).then(|| octets.into_owned())
        }
    }
}

proptest! {
    #[test]
    fn the_text_afterwards_is_the_text_before_and_the_piece(
        text in "([a-z <+~-]|\r\n|[\u{e9}\u{44f}\u{3042}\u{65e5}\u{4e00}\u{a0d}\u{1f600}]){0,30}",
        piece in "\r\n[a-z+~\\\\\u{e9}\u{44f}\u{65e5}\u{d0a}\u{1f600}-]{0,20}\r\n",
        label in prop::sample::select(&fuzz::CHARSETS[..]),
        place in any::<prop::sample::Index>(),
    ) {
        let Some(octets) = octets_of(label, &text) else { return Ok(()) };
        let Ok(charset) = Charset::of(Some(label), &octets) else { return Ok(()) };
        let shown = |octets: &[u8]| {
            let decoded = charset.decode(octets);
            assert!(!decoded.lossy || !charset.is_certain());
            decoded.text.as_deref().map_or_else(|| String::from_utf8(octets.to_vec()).unwrap(), str::to_owned)
        };
        prop_assert_eq!(&shown(&octets), &text);
        let place = text.floor_char_boundary(place.index(text.len() + 1));
        let Some(at) = charset.position(&octets, place) else {
            prop_assert!(matches!(label, "utf-7" | "iso-2022-jp"));
            return Ok(());
        };
        let want = [&text[..place], &piece, &text[place..]].concat();
        let put = |piece: &[u8]| shown(&[&octets[..at], piece, &octets[at..]].concat());
        if let Some(piece) = charset.encode_plain(&piece, Octets::Any) {
            prop_assert_eq!(put(&piece), &*want);
        }
        let html = put(&charset.encode_html(&piece, Octets::Any));
        let references = piece.chars().map(|one| (one, format!("&#{};", u32::from(one))));
        let html = references.fold(html, |html, (one, reference)| html.replace(&reference, &one.to_string()));
        prop_assert_eq!(html, want);
    }
}

#[test]
fn what_does_not_fit_becomes_a_reference_in_html_and_nothing_in_plain_text() {
    let (html, plain) = (Charset::encode_html, Charset::encode_plain);
    for (label, text, want) in [
        ("iso-8859-1", "\u{fc}\u{20ac}", &b"\xfc&#8364;"[..]),
        ("windows-1252", "\u{fc}\u{20ac}", b"\xfc\x80"),
        ("us-ascii", "\u{fc}", b"&#252;"),
        ("utf-8", "\u{fc}", b"\xc3\xbc"),
        ("gb2312", "\u{4e2d}\u{9555}", b"\xd6\xd0&#38229;"),
        ("gbk", "\u{9555}\u{20ac}", b"\xe9F&#8364;"),
        ("big5", "\u{4f60}\u{20ac}\u{fc}", b"\xa7A&#8364;&#252;"),
        ("shift_jis", "\u{8868}\u{2460}", b"\x95\\&#9312;"),
        ("x-unknown", "\u{fc}", b"&#252;"),
        ("iso-2022-jp", "\u{65e5}", b"&#26085;"),
    ] {
        let charset = Charset::of(Some(label), b"old").unwrap();
        assert_eq!(html(charset, text, Octets::Any), want, "{label}");
        assert!(html(charset, text, Octets::Ascii).is_ascii());
        let fits = !want.contains(&b'&') || label == "iso-2022-jp";
        assert_eq!(plain(charset, text, Octets::Any).is_some(), fits, "{label}");
    }
    for label in ["utf-16", "utf-7", "utf-16le", "utf-32", "hz-gb-2312", "iso-2022-kr", "iso-2022-cn"] {
        assert!(Charset::of(Some(label), b"\x1b$)C x").is_err(), "{label}");
    }
}
