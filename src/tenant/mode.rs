//! How far the service is switched on for a tenant, until when, and who takes part in a pilot or a trial.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TenantFile;
use super::crowd::{Crowd, Named};
use super::people::Person;
use super::roster::Roster;

/// How far the service is switched on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Mode {
    /// Decides and records; the message is not touched.
    Observe,
    /// Signs for some people only. Any of the three is enough.
    Pilot {
        /// Ids of people.
        #[serde(default)]
        people: Vec<String>,
        /// Ids of groups.
        #[serde(default)]
        groups: Vec<String>,
        /// A word; a message with it in the Subject takes part.
        #[serde(default)]
        marker: Option<String>,
    },
    /// Signs for all.
    #[default]
    Live,
    /// Relays everything unsigned, at once.
    Bypass,
}

/// The end of a mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModeEnds {
    /// An instant, `2026-12-01T09:00:00Z`.
    pub at: String,
    /// The mode from then on.
    pub then: Mode,
}

/// A mode in force.
#[derive(Debug)]
pub(super) struct Stance {
    pub mode: Mode,
    /// Who takes part, where not everybody does.
    pub pilot: Option<Participants>,
}

/// The mode of a tenant by the time.
#[derive(Debug)]
pub(super) struct Stances {
    now: Stance,
    then: Option<(Timestamp, Stance)>,
}

/// Some people, and everybody who writes a word into the Subject.
#[derive(Debug)]
pub(super) struct Participants {
    crowd: Crowd,
    /// In lower case.
    marker: Option<String>,
}

/// By what somebody takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Named(Named<'a>),
    Marker(&'a str),
}

impl TenantFile {
    /// The mode in force at this time.
    pub fn mode_at(&self, now: Timestamp) -> &Mode {
        match &self.mode_ends {
            Some(ends) if ends.at.parse::<Timestamp>().is_ok_and(|at| now >= at) => &ends.then,
            _ => &self.mode,
        }
    }

    /// Changes the mode, for good or for a time. What is for a time ends in what was before it; of several, one after
    /// the other, in what was before the first.
    pub fn switch_to(&mut self, mode: Mode, until: Option<Timestamp>) {
        let before = std::mem::replace(&mut self.mode, mode);
        let before = self.mode_ends.take().map_or(before, |ends| ends.then);
        self.mode_ends = until.map(|at| ModeEnds { at: at.to_string(), then: before });
    }
}

impl Stances {
    /// An end that cannot be read was refused with the file.
    pub(super) fn new(mode: Mode, ends: Option<ModeEnds>, roster: &Roster<'_>) -> Stances {
        let then = ends.and_then(|ends| Some((ends.at.parse().ok()?, Stance::new(ends.then, roster))));
        Stances { now: Stance::new(mode, roster), then }
    }

    pub(super) fn at(&self, now: Timestamp) -> &Stance {
        match &self.then {
            Some((at, then)) if now >= *at => then,
            _ => &self.now,
        }
    }
}

impl Stance {
    fn new(mode: Mode, roster: &Roster<'_>) -> Stance {
        let pilot = match &mode {
            Mode::Pilot { people: ids, groups, marker } => Some(Participants::new(ids, groups, marker, roster)),
            Mode::Observe | Mode::Live | Mode::Bypass => None,
        };
        Stance { mode, pilot }
    }
}

impl Participants {
    pub(super) fn new(ids: &[String], groups: &[String], marker: &Option<String>, roster: &Roster<'_>) -> Participants {
        let marker = marker.as_ref().map(|marker| marker.to_lowercase());
        Participants { crowd: Crowd::new(ids, groups, roster), marker }
    }

    /// `subject` is asked for only where it matters; in lower case.
    pub(super) fn find<'s>(&self, person: &Person, subject: impl FnOnce() -> &'s str) -> Option<Part<'_>> {
        if let Some(named) = self.crowd.find(person) {
            return Some(Part::Named(named));
        }
        let marker = self.marker.as_deref()?;
        has_word(subject(), marker).then_some(Part::Marker(marker))
    }
}

/// Whether `text` has `word` standing for itself, not inside a longer one. Both are in lower case.
fn has_word(text: &str, word: &str) -> bool {
    let alone = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (text.get(..at), text.get(at + word.len()..));
        alone(before.and_then(|text| text.chars().next_back())) && alone(after.and_then(|text| text.chars().next()))
    })
}
