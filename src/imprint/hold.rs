//! The part of the message that was fed and has not gone out yet: slices of the input, in order, never copied.
//!
//! Positions are octets from the beginning of the message. Only `gather` may copy, where a range lies across two
//! slices and a reader wants it in one piece; what goes out are always the slices themselves.

use std::collections::VecDeque;
use std::ops::Range;

use bytes::Bytes;

use super::wiped::Wiped;

#[derive(Default)]
#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Hold {
    slices: VecDeque<Bytes>,
    start: u64,
    end: u64,
    cursor: Cursor,
}

/// How far the readers have come.
#[derive(Default, Clone, Copy)]
#[cfg_attr(test, derive(Debug))]
struct Cursor {
    slice: usize,
    offset: usize,
    position: u64,
}

impl Hold {
    pub(super) fn push(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.end += bytes.len() as u64;
            self.slices.push_back(bytes);
        }
    }

    /// The next slice to hand out.
    pub(super) fn pop(&mut self) -> Option<Bytes> {
        let slice = self.slices.pop_front()?;
        self.start += slice.len() as u64;
        Some(slice)
    }

    /// Octets held now.
    pub(super) fn octets(&self) -> usize {
        usize::try_from(self.end - self.start).unwrap_or(usize::MAX)
    }

    /// Where the readers are.
    pub(super) fn position(&self) -> u64 {
        self.cursor.position
    }

    /// What the readers have not seen of the slice they are in.
    pub(super) fn unread(&self) -> &[u8] {
        self.slices.get(self.cursor.slice).and_then(|slice| slice.get(self.cursor.offset..)).unwrap_or_default()
    }

    /// Moves the readers on, at most to the end of the slice they are in.
    pub(super) fn read(&mut self, octets: usize) {
        let Some(slice) = self.slices.get(self.cursor.slice) else { return };
        let octets = octets.min(slice.len() - self.cursor.offset);
        self.cursor.offset += octets;
        self.cursor.position += octets as u64;
        if self.cursor.offset == slice.len() {
            self.cursor.slice += 1;
            self.cursor.offset = 0;
        }
    }

    /// A range in one piece: a slice of the input where it lies in one, else a copy that is zeroed when dropped.
    /// What is no longer, or not yet, held is missing from it.
    pub(super) fn gather(&self, range: Range<u64>) -> Bytes {
        self.gatherer().gather(range)
    }

    /// For several ranges one after the other.
    pub(super) fn gatherer(&self) -> Gatherer<'_> {
        Gatherer { slices: &self.slices, slice: 0, at: self.start }
    }
}

/// Gathers ranges that come in order and do not overlap, in one pass over the slices however many there are.
pub(super) struct Gatherer<'a> {
    slices: &'a VecDeque<Bytes>,
    slice: usize,
    /// Where that slice begins.
    at: u64,
}

impl Gatherer<'_> {
    /// As [`Hold::gather`] does.
    pub(super) fn gather(&mut self, range: Range<u64>) -> Bytes {
        let mut copied = Wiped::default();
        while let Some(slice) = self.slices.get(self.slice) {
            let (at, next) = (self.at, self.at + slice.len() as u64);
            if range.start < next && range.end > at {
                let from = usize::try_from(range.start.saturating_sub(at)).unwrap_or(0);
                let to = usize::try_from(range.end.min(next) - at).unwrap_or(slice.len());
                if range.start >= at && range.end <= next {
                    return slice.slice(from..to);
                }
                copied.extend_from_slice(slice.get(from..to).unwrap_or_default());
            }
            if next >= range.end {
                break;
            }
            self.at = next;
            self.slice += 1;
        }
        copied.into_bytes()
    }
}
