//! A path of the envelope (RFC 5321 section 4.1.2), word for word: quoted local parts and source routes stay.
//!
//! What parsed holds no control character, no bracket and no blank that a next hop could read as the end of the path,
//! and only one `@` that could be the one before the domain. Whether such an address exists is not judged.

use std::borrow::Cow;

use bytes::Bytes;

/// What stands between `<` and `>`, word for word; empty for the null path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Path(Bytes);

impl Path {
    /// Takes the octets between the angle brackets. `None` when they are no path (RFC 5321 section 4.1.2): control
    /// characters, blanks or angle brackets outside quotes, an open quote, two `@`, nothing before or after it, not UTF-8.
    pub fn parse(octets: impl Into<Bytes>) -> Option<Path> {
        let octets = octets.into();
        if octets.is_empty() {
            return Some(Path(octets));
        }
        std::str::from_utf8(&octets).ok()?;
        match domain_at(&octets)? {
            Some(at) if at == 0 || at + 1 == octets.len() => None,
            None if octets.starts_with(b"@") => None,
            _ => Some(Path(octets)),
        }
    }

    /// The null path `<>` of bounces.
    pub fn null() -> Path {
        Path(Bytes::new())
    }

    /// Whether this is `<>`.
    pub fn is_null(&self) -> bool {
        self.0.is_empty()
    }

    /// The octets between the angle brackets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The same as text.
    pub fn as_str(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// The domain: what follows the unquoted `@`, as it was written. `None` for the null path and for a
    /// local part alone.
    pub fn domain(&self) -> Option<&str> {
        let at = domain_at(&self.0)??;
        std::str::from_utf8(self.0.get(at + 1..)?).ok().filter(|domain| !domain.is_empty())
    }

    /// Whether SMTPUTF8 is not needed for this path.
    pub fn is_ascii(&self) -> bool {
        self.0.is_ascii()
    }
}

/// The place of the `@` before the domain. Outer `None`: octets that are no path. Only one `@` stands unquoted behind the
/// source route, and quotes stand only where RFC 5321 has them (a whole word of the local part): a next hop that reads
/// them otherwise would see another domain, or other brackets.
fn domain_at(octets: &[u8]) -> Option<Option<usize>> {
    let mut at = None;
    let mut routed = octets.first() == Some(&b'@');
    let mut quote = Quote::Outside;
    let mut before = b'.';
    for (place, octet) in octets.iter().copied().enumerate() {
        if octet < b' ' || octet == 0x7f {
            return None;
        }
        quote = match (quote, octet) {
            (Quote::Escaped, _) => Quote::Inside,
            (Quote::Inside, b'\\') => Quote::Escaped,
            (Quote::Inside, b'"') => Quote::Closed,
            (Quote::Inside, _) => Quote::Inside,
            (Quote::Closed, octet) if !matches!(octet, b'.' | b'@') => return None,
            (Quote::Outside, b'"') if matches!(before, b'.' | b':') && at.is_none() => Quote::Inside,
            (_, b'"' | b' ' | b'<' | b'>' | b'\\') => return None,
            (_, b'@') if at.is_some() || (!routed && before == b':') => return None,
            (_, b'@') => {
                at = Some(place);
                Quote::Outside
            }
            (_, b',' | b':') if routed => {
                // The next hop of a source route, or its end (RFC 5321 appendix C).
                at = None;
                routed = octet == b',';
                Quote::Outside
            }
            _ => Quote::Outside,
        };
        before = octet;
    }
    (!routed && matches!(quote, Quote::Outside | Quote::Closed)).then_some(at)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    Outside,
    Inside,
    Escaped,
    Closed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for (text, domain) in [
            ("a@b.example", Some(Some("b.example"))),
            ("", Some(None)),
            ("Postmaster", Some(None)),
            ("\"a b\"@y.example", Some(Some("y.example"))),
            ("\"a@b>\"@y.example", Some(Some("y.example"))),
            ("\"a\\\"@b\"@y.example", Some(Some("y.example"))),
            ("a@b@c.example", None),
            ("@b.example@c.example", None),
            ("@b.example,c@d.example", None),
            ("@b.example:c@d@e.example", None),
            ("@b.example:", None),
            ("@b.example:@c.example", None),
            ("@b.example:\"a b\"@c.example", Some(Some("c.example"))),
            ("IMCEAEX-_O=ORG_OU=X+20Y@b.example", Some(Some("b.example"))),
            ("a..b.@c.example", Some(Some("c.example"))),
            ("@hop.example,@b.example:user@c.example", Some(Some("c.example"))),
            ("user%b@c.example", Some(Some("c.example"))),
            ("\"\"@y.example", Some(Some("y.example"))),
            ("a@[192.0.2.1]", Some(Some("[192.0.2.1]"))),
            ("jürgen@bücher.example", Some(Some("bücher.example"))),
            ("a b@c.example", None),
            ("a<b@c.example", None),
            ("a>b@c.example", None),
            ("a@", None),
            ("@", None),
            ("@b.example", None),
            ("\"a@b.example", None),
            ("a\\", None),
            ("a\\>b@c.example", None),
            ("a\"b c\"@d.example", None),
            ("\"a\"b@d.example", None),
            ("a@\"b\"", None),
            ("\"a\".\"b c\"@d.example", Some(Some("d.example"))),
            ("a\0@b.example", None),
            ("a\r@b.example", None),
            ("a\t@b.example", None),
            ("a@b\x7f.example", None),
        ] {
            let path = Path::parse(text.to_owned());
            assert_eq!(path.as_ref().map(Path::domain), domain, "{text}");
            if let Some(path) = path {
                assert_eq!(path.as_bytes(), text.as_bytes());
                assert_eq!(path.as_str(), text);
                assert_eq!(path.is_null(), text.is_empty());
            }
        }
        assert_eq!(Path::parse(Bytes::from_static(b"\xff@b.example")), None, "not UTF-8");
    }
}
