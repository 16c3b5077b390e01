//! Blocks of header fields above a quoted message: `From:`, `Sent:`, `To:`, `Subject:` in any of the languages known.
//!
//! One label is a sentence or an agenda; two or more of one language, one of them with an address, a subject or a time
//! of sending, are a block. English labels count with those of every language, as some programs translate only a few. A
//! sender's address alone counts where quoted lines or something in angle brackets stand below it.

use super::super::words::{self, ENGLISH, MOST_LANGUAGES, Role};
use super::{Hit, Line};

/// Lines that may stand between two labels: folded addresses, one empty line.
const GAP: usize = 2;

/// Whether the first line of the window is the first of a block.
pub(super) fn find(window: &[Line]) -> Option<Hit> {
    let first = window.first()?;
    let (meanings, value) = label(&first.text)?;
    let lone = meanings.iter().any(|(_, role)| *role == Role::From) && is_address(value);
    if lone && below_empty_line(window).is_some_and(|next| next.quoted || next.text.starts_with('<')) {
        return Some(Hit::new("plain.from_line", None));
    }
    let mut seen = [0u8; MOST_LANGUAGES];
    let mut address = false;
    let mut sender = false;
    let mut gap = 0;
    let mut open = false;
    for line in window {
        match label(&line.text) {
            Some((languages, value)) => {
                gap = 0;
                // No block has two senders: the first label stood in the text above it.
                if languages.iter().all(|(_, role)| *role == Role::From) && std::mem::replace(&mut sender, true) {
                    return None;
                }
                for (language, role) in languages {
                    if let Some(roles) = seen.get_mut(*language) {
                        *roles |= bit(*role);
                    }
                }
                address |= value.contains('@');
                open = is_open(value);
            }
            None if gap == GAP => break,
            None => {
                gap += 1;
                // An address that was folded into a line of its own.
                address |= line.text.contains('@') && (open || line.text.starts_with(['<', '[', '(']));
                open &= !line.text.contains('@');
            }
        }
        if proven(&seen, address) {
            return Some(Hit::new("plain.header_block", None));
        }
    }
    None
}

/// The line below the first, where an empty one stands between them.
fn below_empty_line(window: &[Line]) -> Option<&Line> {
    let below = window.iter().skip(1).position(|line| !line.blank).filter(|empty| (1..=GAP).contains(empty))?;
    window.get(below + 1)
}

/// The value of a field goes on in the next line.
fn is_open(value: &str) -> bool {
    let value = value.trim_end();
    let unclosed =
        [('<', '>'), ('[', ']'), ('(', ')')].iter().any(|(open, close)| value.rfind(*open) > value.rfind(*close));
    value.is_empty() || value.ends_with([',', ';', ':']) || unclosed
}

/// One address and nothing else.
fn is_address(value: &str) -> bool {
    let value = value.trim().trim_matches(['<', '>']);
    let parts = value.split_once('@');
    parts.is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !domain.contains('@') && !value.contains([' ', ','])
    })
}

/// Whether fields follow at once whose labels are in no language known here: three short labels, one value with an
/// address. Only below a banner; alone it would be any list.
pub(super) fn of_any_language(window: &[Line]) -> bool {
    let fields = window.iter().take(6).filter(|line| !line.blank).map_while(|line| {
        let (label, value) = line.text.split_once(':')?;
        (label.chars().count() <= 24 && !value.trim().is_empty()).then_some(value)
    });
    let (count, addresses) =
        fields.fold((0, 0), |(count, addresses), value| (count + 1, addresses + usize::from(value.contains('@'))));
    count >= 3 && addresses >= 1
}

fn proven(seen: &[u8; MOST_LANGUAGES], address: bool) -> bool {
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
