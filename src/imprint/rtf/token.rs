//! The tokens of RTF (RTF specification 1.9.1): groups, control words and symbols, octets of text.

/// What stands between two places of the octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) what: What<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What<'a> {
    Open,
    Close,
    /// A backslash and letters, with the number that follows them.
    Word {
        name: &'a [u8],
        number: Option<i32>,
    },
    /// A backslash and anything but a letter.
    Symbol(u8),
    /// `\'hh`: one octet of the code page.
    Octet(u8),
    /// Octets that stand for themselves.
    Text(&'a [u8]),
}

/// The tokens one after the other. Line ends mean nothing and belong to none.
#[derive(Debug, Clone)]
pub(super) struct Tokens<'a> {
    octets: &'a [u8],
    at: usize,
}

/// Longer names are no words of RTF.
const NAME_OCTETS: usize = 32;

impl<'a> Tokens<'a> {
    pub(super) fn new(octets: &'a [u8]) -> Tokens<'a> {
        Tokens { octets, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.octets.get(self.at).copied()
    }

    /// Octets from here on, as far as they are wanted and at most `most`.
    fn take_while(&mut self, most: usize, wanted: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.octets.get(self.at..).unwrap_or_default();
        let length = rest.iter().take(most).position(|octet| !wanted(*octet)).unwrap_or(rest.len().min(most));
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn control(&mut self) -> What<'a> {
        let name = self.take_while(NAME_OCTETS, |octet| octet.is_ascii_alphabetic());
        if name.is_empty() {
            return self.symbol();
        }
        let number = self.number();
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        if name == b"bin" {
            // So many octets follow that are no RTF.
            let octets = number.and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
            self.at = self.at.saturating_add(octets).min(self.octets.len());
        }
        What::Word { name, number }
    }

    fn number(&mut self) -> Option<i32> {
        let start = self.at;
        let negative = self.peek() == Some(b'-');
        self.at += usize::from(negative);
        let digits = self.take_while(usize::MAX, |octet| octet.is_ascii_digit());
        if digits.is_empty() {
            self.at = start;
            return None;
        }
        let value =
            digits.iter().fold(0_i32, |value, digit| value.saturating_mul(10).saturating_add(i32::from(digit - b'0')));
        Some(if negative { -value } else { value })
    }

    fn symbol(&mut self) -> What<'a> {
        let symbol = self.peek().unwrap_or(b'\\');
        self.at = (self.at + 1).min(self.octets.len());
        match symbol {
            // An escaped line end begins a paragraph.
            b'\r' | b'\n' => What::Word { name: b"par", number: None },
            b'\'' => {
                let digit =
                    |at: usize| char::from(*self.octets.get(at)?).to_digit(16).and_then(|one| u8::try_from(one).ok());
                match (digit(self.at), digit(self.at + 1)) {
                    (Some(high), Some(low)) => {
                        self.at += 2;
                        What::Octet(high << 4 | low)
                    }
                    _ => What::Symbol(symbol),
                }
            }
            _ => What::Symbol(symbol),
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.take_while(usize::MAX, |octet| matches!(octet, b'\r' | b'\n' | 0));
        let start = self.at;
        let what = match self.peek()? {
            b'{' => {
                self.at += 1;
                What::Open
            }
            b'}' => {
                self.at += 1;
                What::Close
            }
            b'\\' => {
                self.at += 1;
                self.control()
            }
            _ => What::Text(
                self.take_while(usize::MAX, |octet| !matches!(octet, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0)),
            ),
        };
        Some(Token { start, end: self.at, what })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_symbols_octets_and_text() {
        let octets = b"{\\rtf1\\b-2 x\r\ny\\'e4\\'zz\\~\\*\\bin3 {}\\z\\\n}\\";
        let word = |name, number| What::Word { name, number };
        let found: Vec<What<'_>> = Tokens::new(octets).map(|token| token.what).collect();
        let want = [
            What::Open,
            word(&b"rtf"[..], Some(1)),
            word(b"b", Some(-2)),
            What::Text(b"x"),
            What::Text(b"y"),
            What::Octet(0xe4),
            What::Symbol(b'\''),
            What::Text(b"zz"),
            What::Symbol(b'~'),
            What::Symbol(b'*'),
            word(b"bin", Some(3)),
            What::Text(b"z"),
            word(b"par", None),
            What::Close,
            What::Symbol(b'\\'),
        ];
        assert_eq!(found, want);
    }
}
