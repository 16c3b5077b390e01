//! One command line read (RFC 5321 section 4.1.1, and RFC 1870, 3030, 3207, 3461, 6152, 6531 for the parameters).
//!
//! The verb is read in any case; arguments stay the octets that came. Lenient only where nothing hangs on it: blanks
//! after `FROM:` and at the end of the line. A size of BDAT that cannot be read is a fault of its own, since nobody
//! knows then how many octets follow.

use bytes::Bytes;
use memchr::memchr;

use super::envelope::{Mail, Parameter, Rcpt, number};
use super::path::Path;
use super::xforward::Forwarded;

/// A command with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    Hello { name: Bytes, extended: bool },
    StartTls,
    Mail(Mail),
    Rcpt(Rcpt),
    Data,
    Chunk { octets: u64, last: bool },
    Reset,
    Noop,
    Quit,
    Verify,
    Help,
    Forward(Forwarded),
}

/// Why a line is no command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// No verb that we know.
    Unknown,
    /// A verb of the RFCs that is never offered.
    NotImplemented,
    /// The arguments are wrong.
    Syntax,
    /// BDAT whose size cannot be read.
    ChunkSize,
    /// BDAT with more octets than can be counted.
    ChunkOverflow,
}

/// Reads one line, without its CRLF.
pub(super) fn parse(line: &Bytes) -> Result<Command, Fault> {
    let line = trim_end(line.clone());
    let (verb, rest) = cut(&line);
    let mut upper = [0u8; 8];
    let Some(word) = upper.get_mut(..verb.len()) else { return Err(Fault::Unknown) };
    word.copy_from_slice(&verb);
    word.make_ascii_uppercase();
    match &*word {
        b"EHLO" => hello(rest, true),
        b"HELO" => hello(rest, false),
        b"STARTTLS" => alone(&rest, Command::StartTls),
        b"MAIL" => mail(&rest).map(Command::Mail).ok_or(Fault::Syntax),
        b"RCPT" => rcpt(&rest).map(Command::Rcpt).ok_or(Fault::Syntax),
        b"DATA" => alone(&rest, Command::Data),
        b"BDAT" => chunk(&rest),
        b"RSET" => alone(&rest, Command::Reset),
        b"NOOP" => Ok(Command::Noop),
        b"QUIT" => alone(&rest, Command::Quit),
        b"VRFY" if rest.is_empty() => Err(Fault::Syntax),
        b"VRFY" => Ok(Command::Verify),
        b"HELP" => Ok(Command::Help),
        b"XFORWARD" => forward(&rest),
        b"EXPN" | b"AUTH" | b"TURN" | b"ETRN" | b"SEND" | b"SOML" | b"SAML" => Err(Fault::NotImplemented),
        _ => Err(Fault::Unknown),
    }
}

fn hello(name: Bytes, extended: bool) -> Result<Command, Fault> {
    // A domain or an address literal (RFC 5321 section 4.1.1.1); only what could do harm in a log or header is refused.
    if name.is_empty() || name.len() > 255 || !name.iter().all(u8::is_ascii_graphic) {
        return Err(Fault::Syntax);
    }
    Ok(Command::Hello { name, extended })
}

fn alone(rest: &Bytes, command: Command) -> Result<Command, Fault> {
    if rest.is_empty() { Ok(command) } else { Err(Fault::Syntax) }
}

fn mail(rest: &Bytes) -> Option<Mail> {
    let (path, parameters) = path_and_parameters(rest, b"FROM:")?;
    Some(Mail { path, parameters })
}

fn rcpt(rest: &Bytes) -> Option<Rcpt> {
    let (path, parameters) = path_and_parameters(rest, b"TO:")?;
    (!path.is_null()).then_some(Rcpt { path, parameters })
}

/// `FROM:<path>` and what follows.
fn path_and_parameters(rest: &Bytes, label: &[u8]) -> Option<(Path, Vec<Parameter>)> {
    let (before, _) = rest.split_at_checked(label.len())?;
    if !before.eq_ignore_ascii_case(label) {
        return None;
    }
    let rest = trim_start(rest.slice(label.len()..));
    if rest.first() != Some(&b'<') {
        return None;
    }
    let close = closing_bracket(&rest)?;
    let path = Path::parse(rest.slice(1..close))?;
    let after = rest.slice(close + 1..);
    if !matches!(after.first(), None | Some(b' ')) {
        return None;
    }
    Some((path, parameters(after)?))
}

/// The place of the `>` that closes the path; one inside quotes does not.
fn closing_bracket(rest: &[u8]) -> Option<usize> {
    let mut quoted = false;
    let mut escaped = false;
    for (place, octet) in rest.iter().copied().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(place),
            _ => {}
        }
    }
    None
}

/// `KEYWORD` or `KEYWORD=value`, parted by blanks; each keyword once (RFC 5321 section 4.1.2).
fn parameters(rest: Bytes) -> Option<Vec<Parameter>> {
    let mut found: Vec<Parameter> = Vec::new();
    let mut rest = trim_start(rest);
    while !rest.is_empty() {
        let (word, after) = cut(&rest);
        rest = after;
        let parameter = parameter(word)?;
        // Fewer than twenty keywords exist, and the server refuses any other; the bound keeps this loop linear.
        if found.len() >= MAX_PARAMETERS || found.iter().any(|one| one.keyword.eq_ignore_ascii_case(&parameter.keyword))
        {
            return None;
        }
        found.push(parameter);
    }
    Some(found)
}

fn parameter(word: Bytes) -> Option<Parameter> {
    let (keyword, value) = match memchr(b'=', &word) {
        Some(equals) => (word.slice(..equals), Some(word.slice(equals + 1..))),
        None => (word, None),
    };
    let good_keyword = keyword.first().is_some_and(u8::is_ascii_alphanumeric)
        && keyword.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-');
    // RFC 6531 section 3.3 lets values be UTF-8.
    let good_value = value.as_ref().is_none_or(|value| {
        !value.is_empty()
            && value.iter().all(|octet| *octet > b' ' && *octet != 0x7f)
            && std::str::from_utf8(value).is_ok()
    });
    (good_keyword && good_value).then_some(Parameter { keyword, value })
}

/// `BDAT 1000` or `BDAT 1000 LAST` (RFC 3030 section 2). Leading zeros are digits like others.
fn chunk(rest: &Bytes) -> Result<Command, Fault> {
    let (size, last) = cut(rest);
    let last = match last.as_ref() {
        b"" => false,
        word if word.eq_ignore_ascii_case(b"LAST") => true,
        _ => return Err(Fault::ChunkSize),
    };
    if size.is_empty() || !size.iter().all(u8::is_ascii_digit) {
        return Err(Fault::ChunkSize);
    }
    let octets = number(&size).ok_or(Fault::ChunkOverflow)?;
    Ok(Command::Chunk { octets, last })
}

/// `XFORWARD NAME=... ADDR=...`, as Postfix sends it.
fn forward(rest: &Bytes) -> Result<Command, Fault> {
    let attributes = parameters(rest.clone()).ok_or(Fault::Syntax)?;
    Forwarded::read(&attributes).map(Command::Forward).ok_or(Fault::Syntax)
}

/// The first word, and the rest without the blanks between.
fn cut(line: &Bytes) -> (Bytes, Bytes) {
    match memchr(b' ', line) {
        Some(blank) => (line.slice(..blank), trim_start(line.slice(blank..))),
        None => (line.clone(), Bytes::new()),
    }
}

fn trim_start(line: Bytes) -> Bytes {
    let blanks = line.iter().take_while(|octet| **octet == b' ').count();
    line.slice(blanks..)
}

fn trim_end(line: Bytes) -> Bytes {
    let blanks = line.iter().rev().take_while(|octet| **octet == b' ').count();
    line.slice(..line.len() - blanks)
}

const MAX_PARAMETERS: usize = 32;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn path(text: &'static str) -> Path {
        Path::parse(text).unwrap()
    }

    fn parameter(keyword: &'static str, value: Option<&'static str>) -> Parameter {
        Parameter { keyword: keyword.into(), value: value.map(Bytes::from) }
    }

    #[test]
    fn verbs() {
        for (line, expected) in [
            ("EHLO mx.example", Ok(Command::Hello { name: "mx.example".into(), extended: true })),
            ("helo [192.0.2.1]  ", Ok(Command::Hello { name: "[192.0.2.1]".into(), extended: false })),
            ("EHLO", Err(Fault::Syntax)),
            ("EHLO a b", Err(Fault::Syntax)),
            ("EHLO \u{e9}", Err(Fault::Syntax)),
            ("StartTLS", Ok(Command::StartTls)),
            ("STARTTLS now", Err(Fault::Syntax)),
            ("DATA", Ok(Command::Data)),
            ("DATA x", Err(Fault::Syntax)),
            ("RSET ", Ok(Command::Reset)),
            ("NOOP anything", Ok(Command::Noop)),
            ("QUIT", Ok(Command::Quit)),
            ("QUIT x", Err(Fault::Syntax)),
            ("VRFY a", Ok(Command::Verify)),
            ("VRFY", Err(Fault::Syntax)),
            ("HELP", Ok(Command::Help)),
            ("EXPN list", Err(Fault::NotImplemented)),
            ("AUTH PLAIN", Err(Fault::NotImplemented)),
            ("", Err(Fault::Unknown)),
            ("NOOPE", Err(Fault::Unknown)),
            ("STARTTLSSTARTTLS", Err(Fault::Unknown)),
            (" NOOP", Err(Fault::Unknown)),
            ("NOOP\tx", Err(Fault::Unknown)),
            (
                "XFORWARD NAME=mx.example ADDR=192.0.2.1",
                Ok(Command::Forward(
                    Forwarded::read(&[parameter("NAME", Some("mx.example")), parameter("ADDR", Some("192.0.2.1"))])
                        .unwrap(),
                )),
            ),
            ("XFORWARD", Err(Fault::Syntax)),
            ("XFORWARD NAME", Err(Fault::Syntax)),
            ("XFORWARD NAME=", Err(Fault::Syntax)),
            ("XFORWARD NAME=a name=b", Err(Fault::Syntax)),
            ("XFORWARD COLOUR=red", Err(Fault::Syntax)),
        ] {
            assert_eq!(parse(&Bytes::from(line)), expected, "{line}");
        }
    }

    #[test]
    fn mail_and_rcpt() {
        let mail = |path, parameters| Ok(Command::Mail(Mail { path, parameters }));
        let rcpt = |path, parameters| Ok(Command::Rcpt(Rcpt { path, parameters }));
        for (line, expected) in [
            ("MAIL FROM:<a@b.example>", mail(path("a@b.example"), vec![])),
            ("mail from: <a@b.example> ", mail(path("a@b.example"), vec![])),
            ("MAIL FROM:<>", mail(Path::null(), vec![])),
            (
                "MAIL FROM:<a@b.example>  SIZE=1  x-y=z=+3D SMTPUTF8",
                mail(
                    path("a@b.example"),
                    vec![parameter("SIZE", Some("1")), parameter("x-y", Some("z=+3D")), parameter("SMTPUTF8", None)],
                ),
            ),
            (
                "MAIL FROM:<\"a> b\"@c.example> BODY=7BIT",
                mail(path("\"a> b\"@c.example"), vec![parameter("BODY", Some("7BIT"))]),
            ),
            ("MAIL FROM:a@b.example", Err(Fault::Syntax)),
            ("MAIL FROM:<a@b.example", Err(Fault::Syntax)),
            ("MAIL FROM:<a@b.example>SIZE=1", Err(Fault::Syntax)),
            ("MAIL FROM:<a@b.example> SIZE=", Err(Fault::Syntax)),
            ("MAIL FROM:<a@b.example> =1", Err(Fault::Syntax)),
            ("MAIL FROM:<a@b.example> SIZE=1 size=2", Err(Fault::Syntax)),
            ("MAIL FROM:<a@b.example> X=\u{1}", Err(Fault::Syntax)),
            ("MAIL FROM <a@b.example>", Err(Fault::Syntax)),
            ("MAIL TO:<a@b.example>", Err(Fault::Syntax)),
            ("MAIL", Err(Fault::Syntax)),
            ("RCPT TO:<a@b.example> NOTIFY=NEVER", rcpt(path("a@b.example"), vec![parameter("NOTIFY", Some("NEVER"))])),
            ("RCPT TO:<Postmaster>", rcpt(path("Postmaster"), vec![])),
            ("RCPT TO:<@x.example:a@b.example>", rcpt(path("@x.example:a@b.example"), vec![])),
            ("RCPT TO:<>", Err(Fault::Syntax)),
        ] {
            assert_eq!(parse(&Bytes::from(line)), expected, "{line}");
        }
        let many: String = (0..40).map(|n| format!(" K{n}=1")).collect();
        assert_eq!(parse(&Bytes::from(format!("MAIL FROM:<>{many}"))), Err(Fault::Syntax));
    }

    #[test]
    fn chunk_sizes() {
        for (line, expected) in [
            ("BDAT 0", Ok((0, false))),
            ("BDAT 0 LAST", Ok((0, true))),
            ("bdat 10  last", Ok((10, true))),
            ("BDAT 0010", Ok((10, false))),
            ("BDAT 9223372036854775808", Ok((1 << 63, false))),
            ("BDAT 18446744073709551615", Ok((u64::MAX, false))),
            ("BDAT 18446744073709551616", Err(Fault::ChunkOverflow)),
            ("BDAT 99999999999999999999999999", Err(Fault::ChunkOverflow)),
            ("BDAT 000000000000000000000000000010", Ok((10, false))),
            ("BDAT", Err(Fault::ChunkSize)),
            ("BDAT -1", Err(Fault::ChunkSize)),
            ("BDAT +1", Err(Fault::ChunkSize)),
            ("BDAT 1e3", Err(Fault::ChunkSize)),
            ("BDAT 0x10", Err(Fault::ChunkSize)),
            ("BDAT 10 LASTLY", Err(Fault::ChunkSize)),
            ("BDAT 10 LAST LAST", Err(Fault::ChunkSize)),
            ("BDAT LAST", Err(Fault::ChunkSize)),
        ] {
            let expected = expected.map(|(octets, last)| Command::Chunk { octets, last });
            assert_eq!(parse(&Bytes::from(line)), expected, "{line}");
        }
    }
}
