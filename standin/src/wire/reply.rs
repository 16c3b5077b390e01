//! A reply (RFC 5321 section 4.2): one code, one or more lines of text.
//!
//! Written with every line's code; read strictly: three digits, one code throughout, limits on length and count. What
//! is none of a reply's lines is an error that shows it.

use std::fmt;
use std::io;

use super::Wire;

/// What a server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub code: u16,
    /// The text of each line, after the code and its separator.
    pub lines: Vec<String>,
}

impl Reply {
    /// `Reply::of("451 4.7.500 Server busy")`; further lines after `\n`, without their code. A text that does not
    /// begin with three digits becomes a 500, so that the mistake shows.
    pub fn of(text: &str) -> Reply {
        let code = text.get(..3).and_then(|digits| digits.parse().ok()).unwrap_or(500);
        let rest = text.get(3..).unwrap_or_default();
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        Reply { code, lines: rest.split('\n').map(str::to_owned).collect() }
    }

    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.code)
    }

    pub fn is_temporary(&self) -> bool {
        (400..500).contains(&self.code)
    }

    pub fn is_permanent(&self) -> bool {
        (500..600).contains(&self.code)
    }

    /// All lines, joined by a space.
    pub fn text(&self) -> String {
        self.lines.join(" ")
    }

    /// The wire form.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = String::new();
        for (index, line) in self.lines.iter().enumerate() {
            let separator = if index + 1 == self.lines.len() { ' ' } else { '-' };
            out.push_str(&format!("{:03}{separator}{line}\r\n", self.code));
        }
        out.into_bytes()
    }

    /// Reads one whole reply. An end of the stream, a line that is none of a reply's or a code that changes within
    /// one are errors.
    pub async fn read(wire: &mut Wire) -> io::Result<Reply> {
        let mut lines = Vec::new();
        let mut first = None;
        loop {
            let line = wire.read_line(LINE_LIMIT).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
            let (code, last, text) = parse_line(&line).ok_or_else(|| garbled(&line))?;
            if *first.get_or_insert(code) != code || lines.len() > LINES_LIMIT {
                return Err(garbled(&line));
            }
            lines.push(text);
            if last {
                return Ok(Reply { code, lines });
            }
        }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03} {}", self.code, self.text())
    }
}

fn parse_line(line: &[u8]) -> Option<(u16, bool, String)> {
    let digits = line.get(..3)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let code = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let last = match line.get(3) {
        None | Some(b' ') => true,
        Some(b'-') => false,
        Some(_) => return None,
    };
    Some((code, last, String::from_utf8_lossy(line.get(4..).unwrap_or_default()).into_owned()))
}

fn garbled(line: &[u8]) -> io::Error {
    io::Error::other(format!("not a reply: {:?}", String::from_utf8_lossy(line)))
}

const LINE_LIMIT: usize = 64 * 1024;
const LINES_LIMIT: usize = 200;
