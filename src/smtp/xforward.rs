//! What a peer tells about the client behind it: Postfix's XFORWARD (XFORWARD_README), read and said again.
//!
//! It is for the log of the next hop and nothing else: no proof, no decision and no header field of ours is made from
//! it. Values are kept decoded and go out encoded anew, so that none can break a line; `[UNAVAILABLE]` and
//! `[TEMPUNAVAIL]` are values like others, and what was not said is not made up.
//! Refused are attributes that do not exist, bad xtext, and values beyond 255 octets.

use bytes::Bytes;

use super::{Parameter, xtext};

/// One thing that can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAttribute {
    /// Its host name.
    Name,
    /// Its address; `IPV6:` stands before one of IPv6.
    Addr,
    /// Its TCP port.
    Port,
    /// `SMTP` or `ESMTP`.
    Proto,
    /// What it called itself in HELO or EHLO.
    Helo,
    /// The peer's own name for the message.
    Ident,
    /// `LOCAL` or `REMOTE`.
    Source,
}

impl ClientAttribute {
    /// All of them, as we offer them.
    pub const ALL: [ClientAttribute; 7] = [
        ClientAttribute::Name,
        ClientAttribute::Addr,
        ClientAttribute::Port,
        ClientAttribute::Proto,
        ClientAttribute::Helo,
        ClientAttribute::Ident,
        ClientAttribute::Source,
    ];

    /// As it stands in EHLO and XFORWARD.
    pub fn word(self) -> &'static str {
        match self {
            ClientAttribute::Name => "NAME",
            ClientAttribute::Addr => "ADDR",
            ClientAttribute::Port => "PORT",
            ClientAttribute::Proto => "PROTO",
            ClientAttribute::Helo => "HELO",
            ClientAttribute::Ident => "IDENT",
            ClientAttribute::Source => "SOURCE",
        }
    }

    /// In any case; `None` for one that we do not know.
    pub(super) fn parse(word: &[u8]) -> Option<ClientAttribute> {
        ClientAttribute::ALL.into_iter().find(|attribute| word.eq_ignore_ascii_case(attribute.word().as_bytes()))
    }
}

/// What was told for one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forwarded(Vec<(ClientAttribute, Bytes)>);

impl Forwarded {
    /// Nothing was told.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was told of this: the peer's word only, any octets.
    pub fn value(&self, attribute: ClientAttribute) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| *known == attribute).map(|(_, value)| value.as_ref())
    }

    /// The arguments of one XFORWARD.
    pub(super) fn read(parameters: &[Parameter]) -> Option<Forwarded> {
        let read = |parameter: &Parameter| {
            let attribute = ClientAttribute::parse(&parameter.keyword)?;
            let value = xtext::decode(parameter.value.as_deref()?)?;
            (value.len() <= MAX_VALUE_OCTETS).then(|| (attribute, Bytes::from(value)))
        };
        let all = parameters.iter().map(read).collect::<Option<Vec<_>>>()?;
        (!all.is_empty()).then_some(Forwarded(all))
    }

    /// Whether nothing but these was told.
    pub(super) fn is_within(&self, offered: &[ClientAttribute]) -> bool {
        self.0.iter().all(|(attribute, _)| offered.contains(attribute))
    }

    /// Attributes may come in several commands; the last word on each counts.
    pub(super) fn update(&mut self, later: Forwarded) {
        self.0.retain(|(old, _)| later.value(*old).is_none());
        self.0.extend(later.0);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The commands that tell it to a next hop with this offer: as few as fit lines of 512 octets. A value that alone
    /// does not fit is left out.
    pub(super) fn commands(&self, offered: &[ClientAttribute]) -> Vec<Bytes> {
        let mut commands = Vec::new();
        let mut line = VERB.to_vec();
        for (attribute, value) in self.0.iter().filter(|(attribute, _)| offered.contains(attribute)) {
            let mut argument = format!(" {}=", attribute.word()).into_bytes();
            xtext::encode(value, &mut argument);
            if VERB.len() + argument.len() + LINE_END.len() > LINE_OCTETS {
                continue;
            }
            if line.len() + argument.len() + LINE_END.len() > LINE_OCTETS {
                commands.push(ended(std::mem::replace(&mut line, VERB.to_vec())));
            }
            line.extend(argument);
        }
        if line.len() > VERB.len() {
            commands.push(ended(line));
        }
        commands
    }
}

fn ended(mut line: Vec<u8>) -> Bytes {
    line.extend_from_slice(LINE_END);
    Bytes::from(line)
}

const VERB: &[u8] = b"XFORWARD";
const LINE_END: &[u8] = b"\r\n";
/// Decoded.
const MAX_VALUE_OCTETS: usize = 255;
/// The shortest line that every server takes (RFC 5321 section 4.5.3.1.4).
const LINE_OCTETS: usize = 512;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn forwarded(words: &str) -> Option<Forwarded> {
        let parameter = |word: &str| {
            let (keyword, value) = word.split_once('=').unwrap_or((word, ""));
            let value = word.contains('=').then(|| Bytes::from(value.to_owned()));
            Parameter { keyword: Bytes::from(keyword.to_owned()), value }
        };
        Forwarded::read(&words.split_whitespace().map(parameter).collect::<Vec<_>>())
    }

    fn said(forwarded: &Forwarded, offered: &[ClientAttribute]) -> Vec<String> {
        let commands = forwarded.commands(offered);
        assert!(commands.iter().all(|line| line.len() <= 512 && line.ends_with(b"\r\n")));
        commands.iter().map(|line| String::from_utf8(line.to_vec()).unwrap().trim_end().to_owned()).collect()
    }

    #[test]
    fn what_is_read_is_said_again() {
        let whole =
            "NAME=mx.example ADDR=IPV6:2001:db8::1 PORT=[UNAVAILABLE] PROTO=ESMTP HELO=a+2Bb IDENT=4XyZ SOURCE=REMOTE";
        let all = forwarded(whole).unwrap();
        assert_eq!(all.value(ClientAttribute::Helo), Some(&b"a+b"[..]));
        assert_eq!(all.value(ClientAttribute::Port), Some(&b"[UNAVAILABLE]"[..]));
        assert_eq!(said(&all, &ClientAttribute::ALL), [format!("XFORWARD {whole}")]);
        let some = [ClientAttribute::Addr, ClientAttribute::Name];
        assert_eq!(said(&all, &some), ["XFORWARD NAME=mx.example ADDR=IPV6:2001:db8::1"]);
        assert_eq!(said(&all, &[]), [""; 0]);
        assert_eq!(said(&Forwarded::default(), &ClientAttribute::ALL), [""; 0]);
        assert_eq!(said(&forwarded("name=[TEMPUNAVAIL]").unwrap(), &some), ["XFORWARD NAME=[TEMPUNAVAIL]"]);
    }

    #[test]
    fn what_is_refused() {
        let long = format!("HELO={}", "a".repeat(256));
        for words in ["", "NAME", "COLOUR=red", "NAME=a+", "NAME=a+0G", "NAME=a LOGIN=b", long.as_str()] {
            assert_eq!(forwarded(words), None, "{words}");
        }
        assert!(forwarded(&format!("HELO={}", "+61".repeat(255))).is_some());
    }

    #[test]
    fn no_value_breaks_a_line_and_no_line_is_too_long() {
        let all = forwarded("NAME=a+0D+0AQUIT+00 HELO=+FF+20+3D").unwrap();
        assert_eq!(said(&all, &ClientAttribute::ALL), ["XFORWARD NAME=a+0D+0AQUIT+00 HELO=+FF+20+3D"]);
        let long = |letter: &str| letter.repeat(255);
        let all = forwarded(&format!("NAME={} HELO={} IDENT=x ADDR={}", long("n"), long("h"), long("+01"))).unwrap();
        let lines = said(&all, &ClientAttribute::ALL);
        assert_eq!(lines, [format!("XFORWARD NAME={}", long("n")), format!("XFORWARD HELO={} IDENT=x", long("h"))]);
    }

    #[test]
    fn the_last_word_counts() {
        let mut all = forwarded("NAME=old ADDR=192.0.2.1").unwrap();
        all.update(forwarded("name=new SOURCE=LOCAL").unwrap());
        assert_eq!(said(&all, &ClientAttribute::ALL), ["XFORWARD ADDR=192.0.2.1 NAME=new SOURCE=LOCAL"]);
        assert!(!all.is_within(&[ClientAttribute::Addr, ClientAttribute::Name]));
        all.clear();
        assert!(all.is_empty() && all.is_within(&[]));
    }
}
