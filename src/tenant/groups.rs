//! The groups of a tenant, no larger than they are written: who is in which, and which are in which.
//!
//! No group has a list of everybody in the groups below it: with groups in groups that is people times groups. What is
//! kept is a number for each membership and each nesting. Groups that are in one another are one circle (a group alone
//! is one, too), and circles are numbered such that an outer one comes before those inside it. So what is asked of many
//! groups at once is answered by one walk over the numbers, without recursion (`roster.rs`).

use std::collections::HashMap;
use std::mem::size_of;

use super::GroupEntry;

/// Who is in which group.
#[derive(Debug)]
pub(super) struct Groups {
    /// For each group its circle.
    circles: HashMap<Box<str>, u32>,
    /// For each person the circles that it is a member of, itself and not by another group.
    of_person: Lists,
    /// For each circle those right inside it; their numbers are greater.
    inside: Lists,
}

/// Lists of numbers, one after the other.
#[derive(Debug)]
struct Lists {
    /// Where each of them ends.
    ends: Box<[u32]>,
    items: Box<[u32]>,
}

impl Groups {
    /// `number_of`: the number of a person by id. Who or what is named and is not there is passed over.
    pub(super) fn new(groups: &[GroupEntry], people: usize, number_of: impl Fn(&str) -> Option<u32>) -> Groups {
        let numbers: HashMap<&str, u32> = groups.iter().map(|group| group.id.as_str()).zip(0..).collect();
        let mut nested = Vec::new();
        for (outer, group) in (0..).zip(groups) {
            nested.extend(group.groups.iter().filter_map(|id| Some((outer, *numbers.get(id.as_str())?))));
        }
        let outward = Lists::new(groups.len(), nested.iter().map(|(outer, inner)| (*inner, *outer)).collect());
        let inward = Lists::new(groups.len(), nested.clone());
        let (circle_of, circles) = circles(&inward, &outward);
        let circle = |group: u32| circle_of.get(index(group)).copied().unwrap_or_default();
        let inside = nested.into_iter().map(|(outer, inner)| (circle(outer), circle(inner)));
        let mut members = Vec::new();
        for (group, number) in groups.iter().zip(0..) {
            members.extend(group.members.iter().filter_map(|id| Some((number_of(id)?, circle(number)))));
        }
        Groups {
            circles: groups.iter().map(|group| group.id.as_str().into()).zip((0..).map(circle)).collect(),
            of_person: Lists::new(people, members),
            inside: Lists::new(circles, inside.filter(|(outer, inner)| outer != inner).collect()),
        }
    }

    pub(super) fn circle(&self, group: &str) -> Option<u32> {
        self.circles.get(group).copied()
    }

    /// The circles that a person is a member of, itself and not by another group.
    pub(super) fn of_person(&self, person: u32) -> &[u32] {
        self.of_person.list(person)
    }

    /// For each circle the marks of all circles that it is in, its own among them.
    pub(super) fn spread(&self, marks: impl IntoIterator<Item = (u32, u64)>) -> Box<[u64]> {
        let mut spread = vec![0; self.inside.ends.len()];
        for (circle, mark) in marks {
            add(&mut spread, circle, mark);
        }
        // Whatever a circle is in has been here before it.
        for circle in 0..u32::try_from(spread.len()).unwrap_or(u32::MAX) {
            let marks = spread.get(index(circle)).copied().unwrap_or_default();
            if marks != 0 {
                self.inside.list(circle).iter().for_each(|inner| add(&mut spread, *inner, marks));
            }
        }
        spread.into()
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let names: usize = self.circles.keys().map(|id| id.len()).sum();
        names + self.circles.capacity() * GROUP_BYTES + self.numbers() * size_of::<u32>()
    }

    /// How many numbers are kept.
    pub(super) fn numbers(&self) -> usize {
        [&self.of_person, &self.inside].map(|lists| lists.ends.len() + lists.items.len()).iter().sum()
    }
}

impl Lists {
    /// `items`: each with the number of its list; what stands twice is kept once.
    fn new(lists: usize, mut items: Vec<(u32, u32)>) -> Lists {
        items.sort_unstable();
        items.dedup();
        let mut ends = vec![0; lists];
        for (at, (list, _)) in (1..).zip(&items) {
            if let Some(end) = ends.get_mut(index(*list)) {
                *end = at;
            }
        }
        // A list without items ends where the one before it does.
        let mut end = 0;
        for own in &mut ends {
            end = end.max(*own);
            *own = end;
        }
        Lists { ends: ends.into(), items: items.into_iter().map(|(_, item)| item).collect() }
    }

    fn list(&self, number: u32) -> &[u32] {
        let end = |number: u32| self.ends.get(index(number)).map(|end| index(*end));
        let begin = number.checked_sub(1).map_or(Some(0), end);
        begin.zip(end(number)).and_then(|(begin, end)| self.items.get(begin..end)).unwrap_or_default()
    }
}

/// For each group the number of its circle, and how many circles there are (Kosaraju): when a walk inward left a group
/// last of all, whoever is reached outward from it is in one circle with it; and so on with those that remain.
fn circles(inward: &Lists, outward: &Lists) -> (Vec<u32>, usize) {
    let mut circle_of: Vec<Option<u32>> = vec![None; inward.ends.len()];
    let mut circles = 0;
    for start in left(inward).into_iter().rev() {
        let (mut waiting, before) = (vec![start], circles);
        while let Some(group) = waiting.pop() {
            if let Some(circle @ None) = circle_of.get_mut(index(group)) {
                *circle = Some(before);
                circles = before + 1;
                waiting.extend(outward.list(group));
            }
        }
    }
    (circle_of.into_iter().map(Option::unwrap_or_default).collect(), index(circles))
}

/// All groups in the order in which a walk inward, depth first, leaves them for good.
fn left(inward: &Lists) -> Vec<u32> {
    let mut seen = vec![false; inward.ends.len()];
    let mut first = |group: u32| seen.get_mut(index(group)).is_some_and(|seen| !std::mem::replace(seen, true));
    let mut left = Vec::with_capacity(inward.ends.len());
    for start in (0..).take(inward.ends.len()) {
        let mut path = Vec::new();
        if first(start) {
            path.push((start, inward.list(start).iter()));
        }
        while let Some((group, inside)) = path.last_mut() {
            match inside.next() {
                Some(inner) if first(*inner) => path.push((*inner, inward.list(*inner).iter())),
                Some(_) => {}
                None => {
                    left.push(*group);
                    path.pop();
                }
            }
        }
    }
    left
}

fn add(marks: &mut [u64], circle: u32, mark: u64) {
    if let Some(marks) = marks.get_mut(index(circle)) {
        *marks |= mark;
    }
}

/// A number as a place in memory; one beyond it is a place where nothing is.
pub(super) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// What a group costs beside its name: its entry in the index, and where its name is noted.
const GROUP_BYTES: usize = 48;
