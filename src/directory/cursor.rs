//! Where a sync goes on: for people and for groups the link of the next page, or the delta link for the next time.
//!
//! It is kept as JSON together with the last page (see [`Sink`](super::Sink)) and is opaque to who keeps it. Links
//! are Microsoft's, used as they came; they carry no secret, but are good for nothing without a token.

use serde::{Deserialize, Serialize};

/// Where a sync goes on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// What was asked for; another order begins anew.
    #[serde(default)]
    pub(super) order: String,
    #[serde(default)]
    pub(super) people: Reading,
    #[serde(default)]
    pub(super) groups: Reading,
}

/// How far one of the two lists is read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reading {
    /// Counts full reads; the mark of what is written.
    pub round: u64,
    pub feed: Feed,
}

/// Where in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Feed {
    /// Not begun.
    #[default]
    Start,
    /// In the midst of reading everything; a sweep ends it.
    Full(String),
    /// In the midst of reading what changed.
    Delta(String),
    /// Everything is read; from here what changes later is asked for.
    Done(String),
}

impl Cursor {
    /// Reads a kept cursor; nothing kept is the beginning.
    pub fn read(json: &str) -> Cursor {
        Cursor::parse(json).unwrap_or_default()
    }

    /// The same; `None` when it is none that this program has written. Then everything is to be read anew, with a
    /// mark that nothing bears ([`Cursor::anew`]).
    pub fn parse(json: &str) -> Option<Cursor> {
        if json.is_empty() { Some(Cursor::default()) } else { serde_json::from_str(json).ok() }
    }

    /// The beginning, for a store whose newest mark is this one.
    pub fn anew(newest: u64) -> Cursor {
        let begin = || Reading { round: newest, feed: Feed::Start };
        Cursor { order: String::new(), people: begin(), groups: begin() }
    }

    /// The text to keep.
    pub fn to_json(&self) -> String {
        // Writing text and numbers into a string cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was_kept() {
        let feeds = [Feed::Start, Feed::Full("a".into()), Feed::Delta("b".into()), Feed::Done("c".into())];
        for feed in feeds {
            let people = Reading { round: 7, feed: feed.clone() };
            let cursor = Cursor { order: "o".into(), people, groups: Reading { round: 8, feed } };
            assert_eq!(Cursor::read(&cursor.to_json()), cursor);
        }
        for unreadable in ["", "{", "[]", r#"{"people":{"round":-1}}"#, r#"{"people":{"half":1}}"#] {
            assert_eq!(Cursor::read(unreadable), Cursor::default(), "{unreadable}");
        }
    }
}
