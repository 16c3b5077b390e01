//! The charset that an HTML text names itself, for one whose header names none (HTML standard section 13.2.3.2).
//!
//! It is believed where every octet is a character of it, and only to read: what is put in is written in ASCII, because
//! other readers may not believe it.

use encoding_rs::{DecoderResult, Encoding, ISO_2022_JP};
use memchr::{memchr, memchr_iter};

use crate::imprint::wiped::Wiped;

/// So far a text is searched. The standard says 1,024; Word writes more before it.
const LOOKED_AT: usize = 4096;

/// The charset, where the whole text is in it.
pub(super) fn told(octets: &[u8]) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label_no_replacement(label(octets)?)?;
    let has_ascii = encoding.is_ascii_compatible() || encoding == ISO_2022_JP;
    (has_ascii && is_in(encoding, octets)).then_some(encoding)
}

/// Whether every octet is of a character, read through a small buffer: the text is decoded later, if at all.
fn is_in(encoding: &'static Encoding, mut octets: &[u8]) -> bool {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = Wiped::new(vec![0; 8192]);
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(octets, &mut out, true);
        octets = octets.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => return true,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => return false,
        }
    }
}

fn label(octets: &[u8]) -> Option<&[u8]> {
    let head = octets.get(..LOOKED_AT.min(octets.len()))?;
    memchr_iter(b'<', head).find_map(|at| {
        let tag = head.get(at + 1..)?;
        let name = tag.get(..5).filter(|name| name[..4].eq_ignore_ascii_case(b"meta"))?;
        let inside = tag.get(..memchr(b'>', tag)?).filter(|_| name[4].is_ascii_whitespace() || name[4] == b'/')?;
        value(inside)
    })
}

/// What stands after `charset=`, in an attribute of its own or within `content`.
fn value(tag: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"charset";
    let at = tag.windows(NAME.len()).position(|word| word.eq_ignore_ascii_case(NAME))?;
    let rest = tag.get(at + NAME.len()..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or(rest.strip_prefix(b"'")).unwrap_or(rest).trim_ascii_start();
    let is_end = |octet: &u8| octet.is_ascii_whitespace() || matches!(octet, b'"' | b'\'' | b';' | b'/');
    let end = rest.iter().position(is_end).unwrap_or(rest.len());
    rest.get(..end).filter(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_charset_of_a_meta_element_is_found() {
        let cases: [(&str, Option<&str>); 12] = [
            ("<meta charset=koi8-r>", Some("koi8-r")),
            ("<html><head><META CHARSET = \"windows-1251\" />", Some("windows-1251")),
            ("<meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">", Some("gb2312")),
            ("<meta http-equiv='Content-Type' content='text/html;charset = iso-2022-jp'>", Some("iso-2022-jp")),
            ("<meta name=Generator content=\"Word 15\"><meta charset='big5'>", Some("big5")),
            ("<meta\tcharset=utf-8>", Some("utf-8")),
            ("<metadata charset=koi8-r>", None),
            ("<p>charset=koi8-r</p>", None),
            ("<meta charset=koi8-r", None),
            ("<meta charset=\"\">", None),
            ("<meta charset>", None),
            ("<", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(label(text.as_bytes()), wanted.map(str::as_bytes), "{text}");
        }
        let late = format!("{}<meta charset=koi8-r>", " ".repeat(LOOKED_AT));
        assert_eq!(label(late.as_bytes()), None);
    }

    #[test]
    fn it_is_believed_where_every_octet_is_of_it() {
        for (text, believed) in [
            (&b"<meta charset=windows-1251>\xcf\xf0"[..], true),
            (b"<meta charset=utf-8>\xcf\xf0", false),
            (b"<meta charset=utf-16>\xcf\xf0", false),
            (b"<meta charset=iso-2022-jp>\x1b$B$O\x1b(B", true),
            (b"<meta charset=iso-2022-kr>\x1b$)C", false),
            (b"<meta charset=utf-7>+AGE-", false),
            (b"<meta charset=x-none>\xcf", false),
            (&[&b"<meta charset=windows-1251>"[..], &[0xcf; 20_000]].concat(), true),
            (&[&b"<meta charset=shift_jis>"[..], &[b'a'; 20_000], b"\xff"].concat(), false),
        ] {
            assert_eq!(told(text).is_some(), believed, "{}", text.escape_ascii());
        }
    }
}
