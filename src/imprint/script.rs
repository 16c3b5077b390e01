//! The edit script: which ranges of the input are replaced, and the gate that proves that all others went out.
//!
//! Every octet of the input is either handed out as the slice it came in, once and in order, or lies in a range that
//! was declared at the decision. Nothing can be declared later.

use std::collections::VecDeque;
use std::ops::Range;

use bytes::Bytes;

/// Replaces a range of the message; an empty range inserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) range: Range<u64>,
    pub(super) octets: Bytes,
}

impl Edit {
    pub(super) fn new(range: Range<u64>, octets: impl Into<Bytes>) -> Edit {
        Edit { range, octets: octets.into() }
    }

    pub(super) fn insert(at: u64, octets: impl Into<Bytes>) -> Edit {
        Edit::new(at..at, octets)
    }
}

#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Script {
    edits: VecDeque<Edit>,
    /// The end of the replaced range that is being left out.
    skip_to: u64,
    /// Octets of the input handed out or left out so far.
    position: u64,
    octets_out: u64,
    growth: i64,
    /// What the ranges handed out add up to; the gate compares it with what came in.
    kept: u64,
    dropped: u64,
}

impl Script {
    /// `None` when two edits overlap or one runs backwards. Edits at the same place keep their order.
    pub(super) fn new(mut edits: Vec<Edit>) -> Option<Script> {
        edits.sort_by_key(|edit| edit.range.start);
        let mut end = 0;
        let mut growth = 0_i64;
        for edit in &edits {
            if edit.range.start < end || edit.range.end < edit.range.start {
                return None;
            }
            end = edit.range.end;
            growth += i64::try_from(edit.octets.len()).ok()? - i64::try_from(edit.range.end - edit.range.start).ok()?;
        }
        Some(Script { edits: edits.into(), skip_to: 0, position: 0, octets_out: 0, growth, kept: 0, dropped: 0 })
    }

    /// Octets out minus octets in.
    pub(super) fn growth(&self) -> i64 {
        self.growth
    }

    pub(super) fn octets_out(&self) -> u64 {
        self.octets_out
    }

    /// Takes the next slice of the input and adds what goes out for it.
    pub(super) fn pass(&mut self, mut slice: Bytes, out: &mut impl FnMut(Bytes)) {
        while !slice.is_empty() {
            let length = slice.len() as u64;
            if self.skip_to > self.position {
                let skipped = (self.skip_to - self.position).min(length);
                drop(split(&mut slice, skipped));
                self.position += skipped;
                self.dropped += skipped;
                continue;
            }
            let until = self.edits.front().map_or(u64::MAX, |edit| edit.range.start);
            if until <= self.position {
                self.apply(out);
                continue;
            }
            let passed = split(&mut slice, (until - self.position).min(length));
            self.position += passed.len() as u64;
            self.kept += passed.len() as u64;
            self.emit(passed, out);
        }
    }

    /// The input is whole: adds what stands after its last octet.
    pub(super) fn finish(&mut self, out: &mut impl FnMut(Bytes)) {
        while self.edits.front().is_some_and(|edit| edit.range.start <= self.position) {
            self.apply(out);
        }
    }

    /// The commit gate: every octet that came was handed out or declared replaced, and what went out adds up.
    pub(super) fn covers(&self, octets_in: u64) -> bool {
        let expected = i64::try_from(octets_in).ok().and_then(|octets| octets.checked_add(self.growth));
        self.edits.is_empty()
            && self.position == octets_in
            && self.skip_to <= octets_in
            && self.kept + self.dropped == octets_in
            && expected == i64::try_from(self.octets_out).ok()
    }

    fn apply(&mut self, out: &mut impl FnMut(Bytes)) {
        if let Some(edit) = self.edits.pop_front() {
            self.skip_to = self.skip_to.max(edit.range.end);
            self.emit(edit.octets, out);
        }
    }

    fn emit(&mut self, octets: Bytes, out: &mut impl FnMut(Bytes)) {
        if !octets.is_empty() {
            self.octets_out += octets.len() as u64;
            out(octets);
        }
    }
}

fn split(slice: &mut Bytes, octets: u64) -> Bytes {
    slice.split_to(usize::try_from(octets).unwrap_or(usize::MAX).min(slice.len()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn run(edits: Vec<Edit>, slices: &[&'static str]) -> (String, bool) {
        let mut script = Script::new(edits).unwrap();
        let mut text = String::new();
        let mut out = |slice: Bytes| text.push_str(std::str::from_utf8(&slice).unwrap());
        for slice in slices {
            script.pass(Bytes::from_static(slice.as_bytes()), &mut out);
        }
        script.finish(&mut out);
        let octets = slices.iter().map(|slice| slice.len() as u64).sum();
        (text, script.covers(octets))
    }

    #[test]
    fn edits_are_applied_once_wherever_the_slices_end() {
        let edits = || {
            vec![
                Edit::new(2..4, "XY!"),
                Edit::insert(0, "<"),
                Edit::insert(4, "+"),
                Edit::insert(6, ">"),
                Edit::new(4..5, ""),
            ]
        };
        for slices in [&["abcdef"][..], &["a", "b", "c", "d", "e", "f"], &["abc", "def"], &["ab", "cd", "ef"]] {
            assert_eq!(run(edits(), slices), ("<abXY!+f>".to_owned(), true), "{slices:?}");
        }
    }

    #[test]
    fn the_gate_stays_shut_when_the_input_was_shorter_than_the_edits() {
        assert!(!run(vec![Edit::new(2..4, "")], &["abc"]).1);
        assert!(!run(vec![Edit::insert(9, "x")], &["abc"]).1);
        assert!(Script::new(vec![Edit::new(0..3, ""), Edit::new(2..4, "")]).is_none());
    }
}
