//! Finds the end of the header block as it arrives: the first empty line, CRLF or LF.
//!
//! A block over its limit is cut before the line that passed it, wherever the slices end. A line over its own limit is
//! told of, but the block goes on to its end: the fields that prove the tenant may stand below it.

use memchr::memchr;

use super::Reason;
use super::hold::Hold;
use super::imprinter::Limits;

#[derive(Default)]
#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct HeadScan {
    line_start: u64,
    /// The last octet of the line so far.
    last: u8,
    /// A line was over its limit.
    too_long: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    More,
    /// The block ends here. With a reason it is not whole, or nothing to work with.
    Block {
        end: u64,
        reason: Option<Reason>,
    },
}

impl HeadScan {
    pub(super) fn scan(&mut self, hold: &mut Hold, limits: &Limits, ended: bool) -> Found {
        loop {
            let unread = hold.unread();
            if unread.is_empty() {
                return match ended {
                    true => Found::Block { end: hold.position(), reason: Some(Reason::MalformedHeader) },
                    false => Found::More,
                };
            }
            let newline = memchr(b'\n', unread);
            let read = newline.map_or(unread.len(), |at| at + 1);
            let before = unread.get(..newline.unwrap_or(read)).and_then(<[u8]>::last).copied().unwrap_or(self.last);
            let end = hold.position() + read as u64;
            let length = end - self.line_start;
            self.too_long |= length > limits.header_line_bytes as u64;
            if end > limits.header_block_bytes as u64 {
                return Found::Block { end: self.line_start, reason: Some(Reason::HeaderTooLarge) };
            }
            hold.read(read);
            if newline.is_none() {
                self.last = before;
                continue;
            }
            if length == 1 || (length == 2 && before == b'\r') {
                return Found::Block { end, reason: self.too_long.then_some(Reason::HeaderTooLarge) };
            }
            (self.line_start, self.last) = (end, 0);
        }
    }
}
