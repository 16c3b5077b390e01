//! Octets with others put in, and the proof that nothing else changed.
//!
//! Promises: what [`is_joined`] or [`puts_in`] accepts is the old octets and the insertions, in order; what
//! [`check_lines`] accepts travels over SMTP (RFC 5322 section 2.1.1) and begins no part (RFC 2046 section 5.1.1).
//! Nothing is decoded here.

use super::Reason;
use super::transfer::{Insertion, Replacement};

/// A piece and where it goes.
pub(super) struct Placed {
    pub(super) at: usize,
    pub(super) text: String,
}

/// Pieces that go to the same place, together.
pub(super) fn together(placed: &[Placed]) -> Vec<(usize, Vec<&str>)> {
    let mut out: Vec<(usize, Vec<&str>)> = Vec::new();
    for one in placed {
        match out.last_mut() {
            Some((at, pieces)) if *at == one.at => pieces.push(&one.text),
            _ => out.push((one.at, vec![&one.text])),
        }
    }
    out
}

/// Is `octets` the old ones with the insertions and nothing else?
pub(super) fn is_joined(octets: &[u8], old: &[u8], insertions: &[Insertion]) -> bool {
    let (mut octets, mut old, mut at) = (octets, old, 0);
    for one in insertions {
        let Some((before, after)) = old.split_at_checked(one.at - at) else { return false };
        let rest = octets.strip_prefix(before).and_then(|rest| rest.strip_prefix(one.octets.as_slice()));
        let Some(rest) = rest else { return false };
        (octets, old, at) = (rest, after, one.at);
    }
    octets == old
}

/// Do the replacements, octet for octet, put in the insertions and nothing else, each within `length`?
pub(super) fn puts_in(replacements: &[Replacement], insertions: &[Insertion], length: usize) -> bool {
    let same = |(replacement, insertion): (&Replacement, &Insertion)| {
        replacement.range == (insertion.at..insertion.at) && replacement.octets == insertion.octets
    };
    replacements.len() == insertions.len()
        && replacements.iter().zip(insertions).all(same)
        && insertions.is_sorted_by_key(|one| one.at)
        && insertions.iter().all(|one| one.at <= length)
}

/// The octets with the replacements made.
pub(super) fn spliced(octets: &[u8], replacements: &[Replacement]) -> Vec<u8> {
    let more: usize = replacements.iter().map(|one| one.octets.len()).sum();
    let mut out = Vec::with_capacity(octets.len() + more);
    let mut at = 0;
    for one in replacements {
        out.extend_from_slice(octets.get(at..one.range.start).unwrap_or_default());
        out.extend_from_slice(&one.octets);
        at = one.range.end;
    }
    out.extend_from_slice(octets.get(at..).unwrap_or_default());
    out
}

/// No line of ours may be longer than a relay takes (RFC 5322 section 2.1.1) or be read as a delimiter.
pub(super) fn check_lines(octets: &[u8], boundaries: &[Vec<u8>]) -> Result<(), Reason> {
    const LONGEST: usize = 998;
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', octets).chain([octets.len()]) {
        let line = octets.get(start..end).unwrap_or_default();
        start = end + 1;
        let delimiter =
            line.strip_prefix(b"--").is_some_and(|rest| boundaries.iter().any(|boundary| rest.starts_with(boundary)));
        if line.len() > LONGEST || delimiter {
            return Err(Reason::CheckFailed);
        }
    }
    Ok(())
}
