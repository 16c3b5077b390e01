//! A command line (RFC 5321 section 4.1.1) cut into verb, path and parameters. What does not parse is answered
//! with 501 by the session, never repaired.
//! Verbs and parameter keywords are taken in any case; numbers are digits only, without a sign.

/// A command as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Ehlo(String),
    Helo(String),
    StartTls,
    Mail {
        path: String,
        parameters: Vec<Parameter>,
    },
    Rcpt {
        path: String,
        parameters: Vec<Parameter>,
    },
    Data,
    Bdat {
        octets: u64,
        last: bool,
    },
    Reset,
    Noop,
    Quit,
    /// The verb is known, the rest is not.
    Malformed(String),
    Unknown(String),
}

/// `KEYWORD=value` or `KEYWORD`, verbatim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    pub keyword: String,
    pub value: Option<String>,
}

impl Command {
    pub fn parse(line: &[u8]) -> Command {
        let Ok(line) = std::str::from_utf8(line) else { return Command::Unknown(String::from_utf8_lossy(line).into()) };
        if line.contains(['\r', '\n', '\0']) {
            return Command::Malformed(line.to_owned());
        }
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let malformed = || Command::Malformed(line.to_owned());
        let bare = |command: Command| if rest.is_empty() { command } else { malformed() };
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" if !rest.trim().is_empty() => Command::Ehlo(rest.trim().to_owned()),
            "HELO" if !rest.trim().is_empty() => Command::Helo(rest.trim().to_owned()),
            "STARTTLS" => bare(Command::StartTls),
            "DATA" => bare(Command::Data),
            "RSET" => bare(Command::Reset),
            "QUIT" => bare(Command::Quit),
            "NOOP" => Command::Noop,
            "MAIL" => match address_and_parameters(rest, "FROM:") {
                Some((path, parameters)) => Command::Mail { path, parameters },
                None => malformed(),
            },
            "RCPT" => match address_and_parameters(rest, "TO:") {
                Some((path, parameters)) if !path.is_empty() => Command::Rcpt { path, parameters },
                _ => malformed(),
            },
            "BDAT" => parse_bdat(rest).unwrap_or_else(malformed),
            _ => Command::Unknown(verb.to_owned()),
        }
    }
}

/// What stands between `<` and `>`, and what follows. Quoted strings may hold `>` (RFC 5321 section 4.1.2).
pub fn parse_path(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('<')?;
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '>' if !quoted => return Some((inner.get(..at)?.to_owned(), inner.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}

fn address_and_parameters(rest: &str, prefix: &str) -> Option<(String, Vec<Parameter>)> {
    let head = rest.get(..prefix.len())?;
    if !head.eq_ignore_ascii_case(prefix) {
        return None;
    }
    let (path, tail) = parse_path(rest.get(prefix.len()..)?)?;
    if !tail.is_empty() && !tail.starts_with(' ') {
        return None;
    }
    let parameter = |word: &str| match word.split_once('=') {
        Some((keyword, value)) => Parameter { keyword: keyword.to_owned(), value: Some(value.to_owned()) },
        None => Parameter { keyword: word.to_owned(), value: None },
    };
    Some((path, tail.split_ascii_whitespace().map(parameter).collect()))
}

fn parse_bdat(rest: &str) -> Option<Command> {
    let (digits, last) = match rest.split_once(' ') {
        Some((digits, word)) if word.eq_ignore_ascii_case("LAST") => (digits, true),
        Some(_) => return None,
        None => (rest, false),
    };
    let plain = !digits.is_empty() && digits.bytes().all(|octet| octet.is_ascii_digit());
    Some(Command::Bdat { octets: digits.parse().ok().filter(|_| plain)?, last })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_parse() {
        let mail = |path: &str, parameters: &[(&str, Option<&str>)]| Command::Mail {
            path: path.to_owned(),
            parameters: parameters
                .iter()
                .map(|(keyword, value)| Parameter { keyword: (*keyword).into(), value: value.map(Into::into) })
                .collect(),
        };
        let cases: Vec<(&str, Command)> = vec![
            ("EHLO a.example", Command::Ehlo("a.example".into())),
            ("MAIL FROM:<>", mail("", &[])),
            (
                "mail from:<a@b.example> SIZE=12 SMTPUTF8",
                mail("a@b.example", &[("SIZE", Some("12")), ("SMTPUTF8", None)]),
            ),
            ("MAIL FROM:<\"a>b\"@c.example>", mail("\"a>b\"@c.example", &[])),
            ("MAIL FROM:a@b.example", Command::Malformed("MAIL FROM:a@b.example".into())),
            ("MAIL FROM:<a@b.example>SIZE=1", Command::Malformed("MAIL FROM:<a@b.example>SIZE=1".into())),
            ("RCPT TO:<>", Command::Malformed("RCPT TO:<>".into())),
            ("BDAT 10", Command::Bdat { octets: 10, last: false }),
            ("BDAT 0 LAST", Command::Bdat { octets: 0, last: true }),
            ("BDAT -1", Command::Malformed("BDAT -1".into())),
            ("BDAT +1", Command::Malformed("BDAT +1".into())),
            ("BDAT 1e3 LAST", Command::Malformed("BDAT 1e3 LAST".into())),
            ("BDAT 10 LAST x", Command::Malformed("BDAT 10 LAST x".into())),
            ("DATA now", Command::Malformed("DATA now".into())),
            ("NOOP\nQUIT", Command::Malformed("NOOP\nQUIT".into())),
            ("XEXCH50 1 2", Command::Unknown("XEXCH50".into())),
        ];
        for (line, expected) in cases {
            assert_eq!(Command::parse(line.as_bytes()), expected, "{line}");
        }
    }
}
