//! UTF-16 (RFC 2781) under the labels that senders give it: which way round the octets stand, or whether they are
//! UTF-16 at all.
//!
//! The byte order is that of the mark, else of the label, else what the text itself shows; readers disagree about a
//! bare `utf-16` (RFC 2781 section 4.3 says big, WHATWG little), so a text without mark has to show it. Nothing is
//! taken for granted that the text speaks against.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::imprint) enum Order {
    Little,
    Big,
}

/// What a label says of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    As(Order),
    Either,
}

/// `None` for the label of another charset.
pub(super) fn named(label: &str) -> Option<Named> {
    Some(match label {
        "utf-16le" | "utf16le" | "unicodefeff" => Named::As(Order::Little),
        "utf-16be" | "utf16be" | "unicodefffe" => Named::As(Order::Big),
        "utf-16" | "utf16" | "unicode" | "csunicode" | "ucs-2" | "ucs2" | "iso-10646-ucs-2" => Named::Either,
        _ => return None,
    })
}

/// The order of a text that is whole; `None` where there is a doubt.
pub(super) fn order(named: Named, octets: &[u8]) -> Option<Order> {
    let marked = match octets {
        [0xff, 0xfe, ..] => Some(Order::Little),
        [0xfe, 0xff, ..] => Some(Order::Big),
        _ => None,
    };
    let named = if let Named::As(order) = named { Some(order) } else { None };
    let shown = shown(octets);
    let order = marked.or(named).or(shown)?;
    let contradicted = shown.is_some_and(|shown| shown != order)
        // Some readers go by the mark, some by the label: the text decides.
        || shown.is_none() && named.is_some_and(|named| named != order);
    (!contradicted && !is_utf8(octets) && is_whole(octets, order)).then_some(order)
}

/// Is it UTF-8 or ASCII all the same? Programs put the name of their own strings on what they write in another charset.
/// Line ends in single octets prove it: in UTF-16 they would be letters that no language has together.
pub(super) fn is_misnamed(octets: &[u8]) -> bool {
    let has = |sought: &[u8]| memchr::memmem::find(octets, sought).is_some();
    has(b"\r\n") && (has(b" ") || has(b"<")) && !has(b"\x1b") && is_utf8(octets)
}

/// UTF-16 is hardly ever that: a short text without blanks and Latin letters can be.
fn is_utf8(octets: &[u8]) -> bool {
    memchr::memchr(0, octets).is_none() && std::str::from_utf8(octets).is_ok()
}

pub(super) fn encode(text: &str, order: Order) -> Vec<u8> {
    let written = match order {
        Order::Little => u16::to_le_bytes,
        Order::Big => u16::to_be_bytes,
    };
    text.encode_utf16().flat_map(written).collect()
}

fn units(octets: &[u8], order: Order) -> impl Iterator<Item = u16> {
    let read = match order {
        Order::Little => u16::from_le_bytes,
        Order::Big => u16::from_be_bytes,
    };
    octets.as_chunks::<2>().0.iter().map(move |unit| read(*unit))
}

/// The order in which there are line ends, blanks and tags; read the other way they are hardly ever written.
fn shown(octets: &[u8]) -> Option<Order> {
    let count = |order| units(octets, order).filter(|unit| matches!(unit, 0x0a | 0x0d | 0x20 | 0x3c | 0x3e)).count();
    let (little, big) = (count(Order::Little), count(Order::Big));
    if little > big * 4 {
        Some(Order::Little)
    } else if big > little * 4 {
        Some(Order::Big)
    } else {
        None
    }
}

/// No half of a character, and nothing that is none.
fn is_whole(octets: &[u8], order: Order) -> bool {
    octets.len().is_multiple_of(2)
        && char::decode_utf16(units(octets, order))
            .all(|one| one.is_ok_and(|one| !matches!(one, '\0' | '\u{fffe}' | '\u{ffff}')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_mark_label_and_text() {
        use Named::{As, Either};
        use Order::{Big, Little};
        let text = |text: &str, order| encode(text, order);
        for (name, octets, want) in [
            ("mark", text("\u{feff}a", Little), [Some(Little), None, Some(Little)]),
            ("mark", text("\u{feff}a", Big), [None, Some(Big), Some(Big)]),
            ("mark and text", text("\u{feff}a b", Little), [Some(Little); 3]),
            ("mark and text", text("\u{feff}a b", Big), [Some(Big); 3]),
            ("text", text("a\r\n", Little), [Some(Little), None, Some(Little)]),
            ("text", text("a\r\n", Big), [None, Some(Big), Some(Big)]),
            ("no sign", text("\u{4e00}\u{4e8c}", Little), [Some(Little), Some(Big), None]),
            ("letters of UTF-8", b"Hello!\r\n".to_vec(), [None; 3]),
            ("nothing", Vec::new(), [None; 3]),
            ("half", b"a\0\n\0b".to_vec(), [None; 3]),
            ("half a pair", b"\x3d\xd8\n\0".to_vec(), [None; 3]),
            ("a mark the other way in it", b"\xff\xfea\0\n\0\xfe\xff".to_vec(), [None; 3]),
            ("UTF-32", b"\xff\xfe\0\0a\0\0\0\n\0\0\0".to_vec(), [None; 3]),
        ] {
            let got = [As(Little), As(Big), Either].map(|named| order(named, &octets));
            assert_eq!(got, want, "{name}");
        }
    }

    #[test]
    fn only_lines_of_single_octets_show_a_wrong_name() {
        for (octets, want) in [
            (&b"Hello you\r\n"[..], true),
            ("Gr\u{fc}n <b>\r\n".as_bytes(), true),
            (b"Hello you", false),
            (b"\r\n", false),
            (b"Gr\xfcn it\r\n", false),
            (b"a b\r\0\n\0", false),
            (b"N0N1", false),
            (b"", false),
        ] {
            assert_eq!(is_misnamed(octets), want, "{octets:?}");
        }
    }
}
