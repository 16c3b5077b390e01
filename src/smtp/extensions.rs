//! What a server offers in its answer to EHLO (RFC 5321 section 4.1.1.1 and the extensions named below).

use bytes::Bytes;

use super::ClientAttribute;
use super::envelope::number;

/// The offer of one side. As a server we write it, as a client we read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extensions {
    /// RFC 2920.
    pub pipelining: bool,
    /// RFC 1870: `None` not offered, `Some(None)` offered without a limit, `Some(Some(n))` a limit of n octets.
    pub size: Option<Option<u64>>,
    /// RFC 3461.
    pub dsn: bool,
    /// RFC 2034.
    pub enhanced_status_codes: bool,
    /// RFC 3207.
    pub starttls: bool,
    /// RFC 6152.
    pub eight_bit_mime: bool,
    /// RFC 3030.
    pub binary_mime: bool,
    /// RFC 3030.
    pub chunking: bool,
    /// RFC 6531.
    pub smtputf8: bool,
    /// Exchange's originator organisation, offered after TLS only.
    pub xoorg: bool,
    /// Postfix XFORWARD: the attributes offered, empty when it is not.
    pub xforward: Vec<ClientAttribute>,
}

impl Extensions {
    /// What a Microsoft peer is offered: the list of Exchange Online itself, so that nothing is converted down.
    /// `starttls` and `xoorg` are set by the server as TLS goes.
    pub fn for_microsoft(max_message_bytes: u64) -> Extensions {
        Extensions {
            pipelining: true,
            size: Some(Some(max_message_bytes)),
            dsn: true,
            enhanced_status_codes: true,
            starttls: true,
            eight_bit_mime: true,
            binary_mime: true,
            chunking: true,
            smtputf8: true,
            xoorg: true,
            xforward: Vec::new(),
        }
    }
}

impl Extensions {
    /// The lines of an EHLO answer behind the first, as a server writes them.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let size = self.size.map(|limit| match limit {
            Some(octets) => format!("SIZE {octets}"),
            None => "SIZE".to_owned(),
        });
        let attributes: Vec<_> = self.xforward.iter().map(|attribute| attribute.word()).collect();
        let xforward = (!attributes.is_empty()).then(|| format!("XFORWARD {}", attributes.join(" ")));
        let keyword = |offered: bool, keyword: &str| offered.then(|| keyword.to_owned());
        [
            keyword(self.pipelining, "PIPELINING"),
            size,
            keyword(self.dsn, "DSN"),
            keyword(self.enhanced_status_codes, "ENHANCEDSTATUSCODES"),
            keyword(self.starttls, "STARTTLS"),
            keyword(self.eight_bit_mime, "8BITMIME"),
            keyword(self.binary_mime, "BINARYMIME"),
            keyword(self.chunking, "CHUNKING"),
            keyword(self.smtputf8, "SMTPUTF8"),
            keyword(self.xoorg, "XOORG"),
            xforward,
        ]
        .into_iter()
        .flatten()
    }

    /// Reads the lines of an EHLO answer behind the first. Unknown keywords are passed over; a keyword is known in any case.
    pub fn parse(lines: &[Bytes]) -> Extensions {
        let mut offer = Extensions::default();
        for line in lines {
            let mut words = line.split(|octet| *octet == b' ').filter(|word| !word.is_empty());
            let keyword = words.next().map(<[u8]>::to_ascii_uppercase);
            match keyword.as_deref() {
                Some(b"PIPELINING") => offer.pipelining = true,
                // Zero says "no fixed limit" (RFC 1870 section 4); so does a number that cannot be read.
                Some(b"SIZE") => offer.size = Some(words.next().and_then(number).filter(|octets| *octets > 0)),
                Some(b"DSN") => offer.dsn = true,
                Some(b"ENHANCEDSTATUSCODES") => offer.enhanced_status_codes = true,
                Some(b"STARTTLS") => offer.starttls = true,
                Some(b"8BITMIME") => offer.eight_bit_mime = true,
                Some(b"BINARYMIME") => offer.binary_mime = true,
                Some(b"CHUNKING") => offer.chunking = true,
                Some(b"SMTPUTF8") => offer.smtputf8 = true,
                Some(b"XOORG") => offer.xoorg = true,
                Some(b"XFORWARD") => offer.xforward = words.filter_map(ClientAttribute::parse).collect(),
                _ => {}
            }
        }
        offer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_reads_as_it_was_written() {
        let xforward = vec![ClientAttribute::Name, ClientAttribute::Addr];
        for offer in [
            Extensions::default(),
            Extensions::for_microsoft(157_286_400),
            Extensions { size: Some(None), xforward, ..Extensions::default() },
        ] {
            let lines: Vec<Bytes> = offer.lines().map(Bytes::from).collect();
            assert_eq!(Extensions::parse(&lines), offer);
        }
    }

    #[test]
    fn lines_of_others() {
        for (line, expected) in [
            ("size 0", Extensions { size: Some(None), ..Extensions::default() }),
            ("SIZE many", Extensions { size: Some(None), ..Extensions::default() }),
            ("Chunking", Extensions { chunking: true, ..Extensions::default() }),
            ("8BITMIME trailing words", Extensions { eight_bit_mime: true, ..Extensions::default() }),
            (
                "xforward Name COLOUR source",
                Extensions { xforward: vec![ClientAttribute::Name, ClientAttribute::Source], ..Extensions::default() },
            ),
            ("XFORWARD", Extensions::default()),
            ("AUTH=LOGIN", Extensions::default()),
            ("X-EXPS GSSAPI", Extensions::default()),
            ("", Extensions::default()),
        ] {
            assert_eq!(Extensions::parse(&[line.into()]), expected, "{line}");
        }
    }
}
