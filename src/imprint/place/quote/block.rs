//! Blocks of header fields above a quoted message: `From:`, `Sent:`, `To:`, `Subject:` in any of the languages known.
//!
//! One label is a sentence or an agenda; two or more of one language, one of them with an address, a subject or a time
//! of sending, are a block. English labels count with those of every language, as some programs translate only a few.

use super::super::words::{self, ENGLISH, LANGUAGES, Role};
use super::{Hit, Line};

/// Lines that may stand between two labels: folded addresses, one empty line.
const GAP: usize = 2;

/// Whether the first line of the window is the first of a block.
pub(super) fn find(window: &[Line]) -> Option<Hit> {
    let first = window.first()?;
    label(&first.text)?;
    let mut seen = [0u8; LANGUAGES];
    let mut address = false;
    let mut gap = 0;
    for line in window {
        match label(&line.text) {
            Some((languages, value)) => {
                gap = 0;
                for (language, role) in languages {
                    if let Some(roles) = seen.get_mut(*language) {
                        *roles |= bit(*role);
                    }
                }
                address |= value.contains('@');
            }
            None if gap == GAP => break,
            None => {
                gap += 1;
                address |= line.text.contains('@');
            }
        }
        if proven(&seen, address) {
            return Some(Hit { marker: "plain.header_block", kind: None });
        }
    }
    None
}

fn proven(seen: &[u8; LANGUAGES], address: bool) -> bool {
    let english = seen.get(ENGLISH).copied().unwrap_or_default();
    seen.iter().any(|roles| {
        let has = |role: Role| (roles | english) & bit(role) != 0;
        let when = has(Role::Date) || has(Role::Sent);
        let others = u8::from(when) + u8::from(has(Role::To)) + u8::from(has(Role::Subject));
        if has(Role::From) {
            others >= 1 && (address || has(Role::Subject)) || has(Role::Sent) && has(Role::To)
        } else {
            others == 3
        }
    })
}

fn bit(role: Role) -> u8 {
    1 << (role as u8)
}

/// The meanings of the label that a line begins with, and what follows it.
fn label(text: &str) -> Option<(&'static [(words::Language, Role)], &str)> {
    let text = text.trim_start_matches(['*', ' ', '|', '\u{2022}']);
    let colon = text.char_indices().take(32).find(|(_, c)| *c == ':')?.0;
    let (name, value) = text.split_at_checked(colon)?;
    let name = name.trim_end_matches(['*', ' ']);
    let meanings = words::all().labels.get(name)?;
    Some((meanings, value.get(1..)?))
}
