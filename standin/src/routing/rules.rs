//! Mail flow rules, carried out on a message in their order.
//!
//! Rules see what those before them have changed. Conditions that Exchange has and Signet's rules do not use are not
//! here; what cannot be judged is an error, not a `no`.

use std::io;

use super::{Actions, Conditions, Exceptions, HeaderPatterns, Message, MessageType, Plan, RoutingRule};

/// Where the rules send a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// By the connector of this name.
    Connector(String),
    /// To its recipients.
    Out,
}

/// Who is inside, for the conditions on the sender.
pub trait Organisation {
    fn is_inside(&self, address: &str) -> bool;
    fn is_member(&self, address: &str, group: &str) -> bool;
}

impl Plan {
    /// Carries the rules out. They see what the rules before them have changed.
    pub fn apply(&self, message: &mut Message, organisation: &impl Organisation) -> io::Result<Route> {
        let mut route = Route::Out;
        for rule in &self.rules {
            if !rule.fits(message, organisation)? {
                continue;
            }
            let Actions { remove_header, set_header, route_to, stop } = &rule.actions;
            if let Some(name) = remove_header {
                message.remove_header(name);
            }
            if let Some(header) = set_header {
                message.set_header(&header.name, &header.value);
            }
            if let Some(connector) = route_to {
                route = Route::Connector(connector.clone());
            }
            if *stop {
                break;
            }
        }
        Ok(route)
    }
}

impl RoutingRule {
    fn fits(&self, message: &Message, organisation: &impl Organisation) -> io::Result<bool> {
        Ok(self.conditions.hold(message, organisation)? && !self.exceptions.one_holds(message)?)
    }
}

impl Conditions {
    fn hold(&self, message: &Message, organisation: &impl Organisation) -> io::Result<bool> {
        let Conditions { from_inside, from_member_of, header, message_type } = self;
        let inside = !from_inside || organisation.is_inside(&message.sender);
        let member = from_member_of.as_ref().is_none_or(|group| organisation.is_member(&message.sender, group));
        let typed = message_type.is_none_or(|wanted| is_type(message, wanted));
        let matched = header.as_ref().map_or(Ok(true), |header| header.matches(message))?;
        Ok(inside && member && typed && matched)
    }
}

impl Exceptions {
    fn one_holds(&self, message: &Message) -> io::Result<bool> {
        let Exceptions { header, header_words, null_sender, message_type, size_over } = self;
        let null = *null_sender && message.sender.is_empty();
        let typed = message_type.is_some_and(|unwanted| is_type(message, unwanted));
        let large = size_over.is_some_and(|limit| message.content.len() as u64 > limit);
        let words = header_words.as_ref().is_some_and(|header| {
            let values = message.headers(&header.name);
            // Exchange compares words without regard to case.
            let holds = |value: &String, word: &String| value.to_lowercase().contains(&word.to_lowercase());
            values.iter().any(|value| header.words.iter().any(|word| holds(value, word)))
        });
        let matched = header.as_ref().map_or(Ok(false), |header| header.matches(message))?;
        Ok(null || typed || large || words || matched)
    }
}

impl HeaderPatterns {
    fn matches(&self, message: &Message) -> io::Result<bool> {
        let patterns = self.patterns.iter().map(|text| Pattern::parse(text)).collect::<io::Result<Vec<_>>>()?;
        let values = message.headers(&self.name);
        Ok(values.iter().any(|value| patterns.iter().any(|pattern| pattern.is_in(value))))
    }
}

fn is_type(message: &Message, wanted: MessageType) -> bool {
    let holds = |name: &str, text: &str| message.headers(name).iter().any(|value| value.to_lowercase().contains(text));
    match wanted {
        MessageType::AutomaticReply => holds("Auto-Submitted", "auto-replied"),
        MessageType::Meeting => {
            holds("Content-Class", "calendarmessage")
                || holds("Content-Type", "text/calendar")
                || memchr::memmem::find(&message.content, b"\r\nContent-Type: text/calendar").is_some()
        }
    }
}

/// The part of Exchange's regular expressions that the rules need: letters as they are, `\S`, `\s`, `\d`, `\w`,
/// an escaped sign. Case does not count.
pub(super) struct Pattern(Vec<Atom>);

enum Atom {
    Letter(char),
    Class(fn(char) -> bool),
}

impl Pattern {
    pub(super) fn parse(text: &str) -> io::Result<Pattern> {
        let unknown = || io::Error::other(format!("the stand-in does not know the pattern {text:?}"));
        let mut atoms = Vec::new();
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            atoms.push(match letter {
                '\\' => match letters.next().ok_or_else(unknown)? {
                    'S' => Atom::Class(|c| !c.is_whitespace()),
                    's' => Atom::Class(char::is_whitespace),
                    'd' => Atom::Class(|c| c.is_ascii_digit()),
                    'w' => Atom::Class(|c| c.is_alphanumeric() || c == '_'),
                    sign if !sign.is_alphanumeric() => Atom::Letter(sign),
                    _ => return Err(unknown()),
                },
                '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return Err(unknown()),
                letter => Atom::Letter(letter.to_ascii_lowercase()),
            });
        }
        if atoms.is_empty() { Err(unknown()) } else { Ok(Pattern(atoms)) }
    }

    fn is_in(&self, value: &str) -> bool {
        let value: Vec<char> = value.chars().map(|c| c.to_ascii_lowercase()).collect();
        let fits = |(atom, c): (&Atom, &char)| match atom {
            Atom::Letter(letter) => letter == c,
            Atom::Class(class) => class(*c),
        };
        value.windows(self.0.len()).any(|window| self.0.iter().zip(window).all(fits))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn patterns_match_as_in_exchange() {
        let cases = [
            (r"\S", "x", true),
            (r"\S", " ", false),
            ("w=abc;", "v=1; w=ABC; h=x", true),
            ("w=abc;", "v=1; w=abcd;", false),
            (r"\d\.\d", "v 1.2", true),
            (r"\d\.\d", "v 1,2", false),
        ];
        for (pattern, value, expected) in cases {
            assert_eq!(Pattern::parse(pattern).unwrap().is_in(value), expected, "{pattern} in {value}");
        }
        for pattern in ["", "a.b", "(a)", r"\b", "a\\"] {
            assert!(Pattern::parse(pattern).is_err(), "{pattern}");
        }
    }
}
