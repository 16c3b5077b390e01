//! One part of a message, as far as it was seen: where it stands and what its header says.

use std::ops::Range;

use super::HeaderBlock;
use super::content::Content;

/// One part, the message itself being the first.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Part {
    pub(super) parent: Option<usize>,
    /// Place among its siblings, from 1.
    pub(super) number: usize,
    pub(super) header: HeaderBlock,
    pub(super) content: Content,
    /// The header, its empty line included, in the message.
    pub(super) head: Range<u64>,
    /// Where the body ends: before the line end that belongs to the next delimiter. Unknown until that was seen.
    pub(super) end: Option<u64>,
    /// The body is empty and the delimiter stands directly after the empty line of the header.
    pub(super) glued: bool,
}

impl Part {
    /// The body, as far as it is known to end.
    pub(super) fn body(&self) -> Option<Range<u64>> {
        self.end.map(|end| self.head.end..end)
    }
}
