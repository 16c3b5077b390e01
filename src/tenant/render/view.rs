//! What a design sees of a person: the cleaned, formatted value of each fact, and which branches are drawn.
//!
//! A view is either of one person, or of nobody in particular: the largest that anybody could have, for the bound on
//! the growth of a message. The largest view draws every branch and widens each value as far as its filters could.
//!
//! What a view gives is bounded: all values together are at most [`ROOM`] octets. Beyond it a person's view gives nothing
//! more, and what was drawn is thrown away; the largest gives the shortest values, so that everything else is drawn.

use std::cell::Cell;

use super::direction::{self, Flow};
use super::escape::{Breaks, clean, is_visible, weight};
use super::filter;
use crate::tenant::design::{Direction, Filter, If};
use crate::tenant::people::Person;
use crate::tenant::snapshot::Snapshot;
use crate::tenant::{Attribute, Block, Fact, FactName, Whose};

/// Most octets of all values in one drawing, as they may stand in HTML.
const ROOM: usize = 256 << 10;

/// A person as designs see it, for one drawing.
#[derive(Debug)]
pub(in crate::tenant) struct View<'a> {
    person: &'a Person,
    manager: Option<&'a Person>,
    extent: Extent,
    /// What is left of [`ROOM`], `None` when a value did not fit.
    room: Cell<Option<usize>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Own,
    Largest,
}

impl<'a> View<'a> {
    pub(in crate::tenant) fn of(snapshot: &'a Snapshot, person: &'a Person) -> View<'a> {
        View::new(person, snapshot.people().manager(person), Extent::Own)
    }

    /// Of a person who is as long as the longest in everything, as its own manager.
    pub(in crate::tenant) fn largest(person: &'a Person) -> View<'a> {
        View::new(person, Some(person), Extent::Largest)
    }

    fn new(person: &'a Person, manager: Option<&'a Person>, extent: Extent) -> View<'a> {
        View { person, manager, extent, room: Cell::new(Some(ROOM)) }
    }

    /// The same for another drawing.
    pub(super) fn anew(&self) -> View<'a> {
        View::new(self.person, self.manager, self.extent)
    }

    /// Whether a value did not fit.
    pub(in crate::tenant) fn is_overfull(&self) -> bool {
        self.room.get().is_none()
    }

    /// Whether so much of the room is left that it will be for a value more or less.
    pub(in crate::tenant) fn is_roomy(&self) -> bool {
        self.room.get().is_some_and(|room| room >= ROOM / 2)
    }

    pub(super) fn person(&self) -> &'a Person {
        self.person
    }

    pub(super) fn is_largest(&self) -> bool {
        self.extent == Extent::Largest
    }

    /// The value as it is shown, `None` when nothing is left of it.
    pub(super) fn value(&self, fact: &Fact, filters: &[Filter]) -> Option<String> {
        let keeps_lines = fact.name == FactName::Attribute(Attribute::StreetAddress);
        let breaks = if keeps_lines { Breaks::Keep } else { Breaks::Blank };
        let room = match self.room.get() {
            None if self.is_largest() => return Some("0".to_owned()),
            room => room?,
        };
        let mut value = clean(self.raw(fact)?, breaks);
        let read = value.len();
        if self.is_largest() {
            value = filter::widest(value, filters);
        } else if !filters.is_empty() {
            value = clean(&filter::apply(value, filters), breaks);
        }
        self.room.set(room.checked_sub(weight(&value).max(read)));
        is_visible(&value).then_some(value)
    }

    /// A value of the person's own without formats.
    pub(super) fn plain_value(&self, attribute: Attribute) -> Option<String> {
        self.value(&attribute.into(), &[])
    }

    fn raw(&self, fact: &Fact) -> Option<&'a str> {
        match fact.whose {
            Whose::Person => self.person.own(&fact.name),
            Whose::Manager => self.manager?.own(&fact.name),
        }
    }

    /// The blocks that are drawn.
    pub(super) fn branches<'d>(&self, choice: &'d If) -> impl Iterator<Item = &'d Block> + use<'d> {
        let holds = choice.when.iter().all(|test| test.holds(self.value(test.field(), &[]).as_deref()));
        let empty: &[Block] = &[];
        let (then, otherwise) = match (self.extent, holds) {
            (Extent::Largest, _) => (choice.then.as_slice(), choice.otherwise.as_slice()),
            (Extent::Own, true) => (choice.then.as_slice(), empty),
            (Extent::Own, false) => (empty, choice.otherwise.as_slice()),
        };
        then.iter().chain(otherwise)
    }

    /// Which way the design reads for this person.
    pub(super) fn flow(&self, direction: Direction) -> Flow {
        match direction {
            Direction::Ltr => Flow::Ltr,
            Direction::Rtl => Flow::Rtl,
            // The longer way of the two is the mirrored one.
            Direction::Auto if self.is_largest() => Flow::Rtl,
            Direction::Auto => {
                let name = self.plain_value(Attribute::DisplayName).unwrap_or_default();
                direction::of(&name).unwrap_or(Flow::Ltr)
            }
        }
    }

    /// Up to two capitals: of first and last name, else of the first and last word of the display name.
    pub(super) fn initials(&self) -> Option<String> {
        if self.is_largest() {
            return Some("\u{1f600}\u{1f600}".repeat(3));
        }
        let first = |text: String| text.chars().find(|c| c.is_alphanumeric());
        let both = (self.plain_value(Attribute::FirstName), self.plain_value(Attribute::LastName));
        let (one, other) = match both {
            (Some(name), Some(surname)) => (first(name), first(surname)),
            _ => {
                let name = self.plain_value(Attribute::DisplayName)?;
                let mut words = name.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
                let (one, other) = (words.next(), words.next_back());
                (one.map(str::to_owned).and_then(first), other.map(str::to_owned).and_then(first))
            }
        };
        let text: String = [one, other].into_iter().flatten().flat_map(char::to_uppercase).collect();
        (!text.is_empty()).then_some(text)
    }
}
