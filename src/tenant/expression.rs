//! Regular expressions in conditions and designs, within bounds: linear in the text (no look-around, no back-references), small when
//! compiled, and compared without case.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most octets of an expression as it is written.
const WRITTEN_BYTES: usize = 512;

/// Most octets of a compiled expression: a class of all letters fits several times, a bomb of repetitions does not.
const COMPILED_BYTES: usize = 128 << 10;

/// Most octets of a text that is looked at. The work is what was compiled times the text: with these bounds all
/// expressions of a tenant together take less than the time a message may be held for.
const TEXT_BYTES: usize = 512;

/// Most expressions of one tenant.
pub(super) const MOST: usize = 50;

/// An expression as it stands in the tenant file, compiled when it is first asked.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Expression {
    text: String,
    /// `None` for one that cannot be read; it is refused with its file.
    compiled: OnceLock<Option<Regex>>,
}

impl Expression {
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn check(&self) -> Result<(), String> {
        compile(&self.text).map(drop)
    }

    /// Whether the text has a match. A text that is too long has none.
    pub(super) fn is_match(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| compile(&self.text).ok());
        text.len() <= TEXT_BYTES && compiled.as_ref().is_some_and(|compiled| compiled.is_match(text))
    }
}

impl From<String> for Expression {
    fn from(text: String) -> Expression {
        Expression { text, compiled: OnceLock::new() }
    }
}

impl From<Expression> for String {
    fn from(expression: Expression) -> String {
        expression.text
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Expression) -> bool {
        self.text == other.text
    }
}

impl Eq for Expression {}

fn compile(text: &str) -> Result<Regex, String> {
    if text.len() > WRITTEN_BYTES {
        return Err(format!("is longer than {WRITTEN_BYTES} octets"));
    }
    let built = RegexBuilder::new(text)
        .case_insensitive(true)
        .size_limit(COMPILED_BYTES)
        .dfa_size_limit(COMPILED_BYTES)
        .nest_limit(32)
        .build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => {
            "is too large when it is compiled; repeat less, or name fewer letters".to_owned()
        }
        // Several lines that draw the place; the last says what is wrong.
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            format!("is no regular expression: {}", last.strip_prefix("error: ").unwrap_or(last))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_linear_or_too_large_is_refused() {
        for (text, complaint) in [
            ("(", "is no regular expression: unclosed group"),
            (r"(a)\1", "is no regular expression: backreferences are not supported"),
            ("(?=a)", "is no regular expression: look-around"),
            (r"\w{50}{50}", "is too large"),
            ("((((a{9}){9}){9}){9}){9}", "is too large"),
            (&"a".repeat(513), "is longer than 512 octets"),
            (&format!("{}{}", "(".repeat(100), ")".repeat(100)), "is no regular expression: exceed"),
        ] {
            let said = compile(text).err().unwrap_or_default();
            assert!(said.starts_with(complaint), "{text}: {said}");
        }
    }

    #[test]
    fn expressions_look_without_case_anywhere_in_the_text() {
        for (text, subject, expected) in [
            ("^(sales|support)$", "Support", true),
            ("^(sales|support)$", "Sales EU", false),
            (r"\bvp\b", "Regional VP, Sales", true),
            (r"^\w+ \w+$", "Zoë Müller", true),
            ("ü", "MÜLLER", true),
            (r"\p{Greek}", "Σ", true),
        ] {
            assert_eq!(Expression::from(text.to_owned()).is_match(subject), expected, "{text} on {subject}");
        }
        let (longest, too_long) = ("a".repeat(512), "a".repeat(513));
        let one = Expression::from("a".to_owned());
        assert!(one.is_match(&longest) && !one.is_match(&too_long));
    }
}
