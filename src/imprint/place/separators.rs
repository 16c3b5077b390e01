//! Lines by which an organisation's own systems introduce quoted text ("Please answer above this line").

use super::quote::fold;

/// Lines that begin quoted text wherever one begins with them, quote marks, case and runs of blanks apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Separators(Vec<String>);

impl Separators {
    /// How few and how many characters one has: a shorter one stands in any text.
    pub const CHARACTERS: std::ops::RangeInclusive<usize> = 4..=200;
    /// How many there may be, since every line is compared with each.
    pub const MOST: usize = 20;
    /// None.
    pub const NONE: &Separators = &Separators(Vec::new());

    /// Of lines as they are written; what is too short once folded is left out.
    pub fn new(lines: &[String]) -> Separators {
        let folded = lines.iter().take(Separators::MOST).map(|line| fold(line.trim()).trim().to_owned());
        Separators(folded.filter(|line| is_long_enough(line)).collect())
    }

    /// Whether a line could ever be found.
    pub fn may_have(line: &str) -> bool {
        is_long_enough(fold(line.trim()).trim()) && line.chars().count() <= *Separators::CHARACTERS.end()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a folded line begins with one of them.
    pub(super) fn begin(&self, line: &str) -> bool {
        self.0.iter().any(|one| line.starts_with(one.as_str()))
    }
}

fn is_long_enough(folded: &str) -> bool {
    folded.chars().count() >= *Separators::CHARACTERS.start() && !folded.starts_with('>')
}

#[cfg(test)]
mod tests {
    use super::super::{html, plain};
    use super::*;

    fn separators() -> Separators {
        Separators::new(&[
            "=== Ticket  Verlauf ===".to_owned(),
            "Antwort \u{fc}ber dieser Zeile".to_owned(),
            "-".to_owned(),
        ])
    }

    #[test]
    fn a_line_that_begins_with_one_begins_the_quoted_text() {
        for (text, marker) in [
            ("Yes\n\n=== TICKET VERLAUF === 4711\nHi\n", true),
            ("Yes\n\n> === Ticket\tVerlauf ===\n> Hi\n", true),
            ("Yes\n\nantwort \u{dc}ber dieser zeile\nHi\n", true),
            ("Yes, see === Ticket Verlauf ===\nHi\n", false),
            ("Yes\n\n- Hi\n", false),
        ] {
            let found = plain::find_besides(text, &separators()).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found.marker, marker.then_some("tenant.separator"), "{text}");
            assert_eq!(found.offset, if marker { 5 } else { text.len() }, "{text}");
            assert_ne!(plain::find(text).and_then(|found| found.marker), Some("tenant.separator"), "{text}");
        }
        let html = "<html><body><p>Yes</p><div><p>=== Ticket&nbsp;Verlauf ===</p><p>Hi</p></div></body></html>";
        let found = html::find_besides(html, &separators()).unwrap_or_else(|| panic!("no place"));
        assert_eq!((found.marker, found.offset), (Some("tenant.separator"), html.find("<div>").unwrap_or_default()));
        assert_eq!(html::find(html).and_then(|found| found.marker), None);
    }

    #[test]
    fn what_would_be_found_anywhere_is_none() {
        for (line, may) in [("=== Ticket ===", true), ("  ab ", false), ("> quoted", false), (&"x".repeat(201), false)]
        {
            assert_eq!(Separators::may_have(line), may, "{line}");
        }
    }
}
