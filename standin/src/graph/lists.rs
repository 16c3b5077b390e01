//! The lists: users and groups as delta queries give them, and the members of a group through all groups below it.
//!
//! Links are opaque to the client: base64 of what the next page needs. A round shows what there was when it began;
//! what changes meanwhile comes with its delta link. Members of a group come a few at a time, so that a large group
//! comes again on later pages, other groups between.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::people::{Directory, Logged, Member, Number, Removed, User, group_id, user_id};

/// How large pages are.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    /// Objects on a page.
    pub page: usize,
    /// Members with which a group comes at a time.
    pub members: usize,
}

impl Default for Sizes {
    fn default() -> Sizes {
        Sizes { page: 200, members: 100 }
    }
}

/// What a link stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    list: List,
    /// Links of an earlier generation are forgotten (410).
    pub generation: u32,
    /// The properties asked for.
    select: String,
    /// The log from here on; `None` for everything there is.
    since: Option<usize>,
    /// The log up to here; what comes later belongs to the next round.
    upto: usize,
    offset: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum List {
    Users,
    Groups,
    Transitive(Number),
}

/// A page, with the place of what comes next.
pub(super) struct Listed {
    pub items: Vec<Value>,
    pub next: After,
}

pub(super) enum After {
    Page(Place),
    Delta(Place),
    End,
}

impl Place {
    /// The beginning of a list.
    pub fn first(list: List, select: String, generation: u32, directory: &Directory) -> Place {
        Place { list, generation, select, since: None, upto: directory.log.len(), offset: 0 }
    }

    /// From the token of a link.
    pub fn read(token: &str) -> Option<Place> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token).ok()?).ok()
    }

    /// The token of a link.
    pub fn token(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    pub fn is_of(&self, list: List) -> bool {
        self.list == list
    }

    pub fn select(&self) -> &str {
        &self.select
    }

    /// Begins a round of changes: the log has grown since the link was given.
    pub fn begin(mut self, directory: &Directory) -> Place {
        self.upto = directory.log.len();
        self
    }

    /// The page at this place.
    pub fn page(&self, directory: &Directory, sizes: Sizes) -> Listed {
        let log = directory.log.get(self.since.unwrap_or(0)..self.upto).unwrap_or_default();
        let (items, more) = match (self.list, self.since) {
            (List::Users, None) => self.all_users(directory, sizes.page),
            (List::Users, Some(_)) => self.changed_users(directory, log, sizes.page),
            (List::Groups, None) => self.all_groups(directory, sizes),
            (List::Groups, Some(_)) => self.changed_groups(directory, log, sizes),
            (List::Transitive(group), _) => self.transitive(directory, group),
        };
        let next = match (more, self.list) {
            (Some(offset), _) => After::Page(Place { offset, ..self.clone() }),
            (None, List::Transitive(_)) => After::End,
            (None, _) => After::Delta(Place { since: Some(self.upto), offset: 0, ..self.clone() }),
        };
        Listed { items, next }
    }

    fn all_users(&self, directory: &Directory, size: usize) -> (Vec<Value>, Option<usize>) {
        let end = (self.offset + size).min(directory.users.len());
        let present = (self.offset..end).filter(|number| directory.user(*number).is_some());
        let items = present.map(|number| self.user(directory, number, Some(&[]))).collect();
        (items, (end < directory.users.len()).then_some(end))
    }

    fn changed_users(&self, directory: &Directory, log: &[Logged], size: usize) -> (Vec<Value>, Option<usize>) {
        let changed =
            log.iter().filter_map(|entry| if let Logged::User(number) = entry { Some(*number) } else { None });
        let (numbers, more) = slice(&distinct(changed), self.offset, size);
        (numbers.into_iter().map(|number| self.user(directory, number, Some(log))).collect(), more)
    }

    fn transitive(&self, directory: &Directory, group: Number) -> (Vec<Value>, Option<usize>) {
        let all = directory.transitive(group).unwrap_or_default();
        let (numbers, more) = slice(&all, self.offset, 999);
        (numbers.into_iter().map(|number| self.user(directory, number, None)).collect(), more)
    }

    /// `log`: what changed, for relations; empty for a full read; `None` where relations are not told.
    fn user(&self, directory: &Directory, number: Number, log: Option<&[Logged]>) -> Value {
        let Some(properties) = directory.user(number) else {
            let how = if let Some(User::Removed(how)) = directory.users.get(number) { *how } else { Removed::Hard };
            return removed(user_id(number), how);
        };
        let mut shown = Map::new();
        shown.insert("id".into(), user_id(number).into());
        for name in self.select.split(',').filter(|name| *name != "id") {
            if let Some(value) = properties.get(name) {
                shown.insert(name.to_owned(), value.clone());
            }
        }
        if let Some(log) = log.filter(|_| self.selects("manager")) {
            shown.extend(manager(directory, number, log).map(|entries| ("manager@delta".to_owned(), entries)));
        }
        Value::Object(shown)
    }

    /// First every group with its first members, then those that have more with their next, and so on.
    fn all_groups(&self, directory: &Directory, sizes: Sizes) -> (Vec<Value>, Option<usize>) {
        let chunks = |number: &Number| {
            let places = directory.groups.get(*number).map_or(0, |group| group.members.len());
            if self.selects("members") { places.div_ceil(sizes.members).max(1) } else { 1 }
        };
        let groups: Vec<(Number, usize)> =
            (0..directory.groups.len()).map(|number| (number, chunks(&number))).collect();
        let most = groups.iter().map(|(_, chunks)| *chunks).max().unwrap_or(0);
        let all = (0..most).flat_map(|nth| {
            groups.iter().filter(move |(_, chunks)| nth < *chunks).map(move |(number, _)| (*number, nth))
        });
        let mut here: Vec<(Number, usize)> = all.skip(self.offset).take(sizes.page + 1).collect();
        let more = here.len() > sizes.page;
        here.truncate(sizes.page);
        let items = here.into_iter().filter(|(number, _)| directory.group_name(*number).is_some());
        let items = items.map(|(number, nth)| {
            let places = directory.groups.get(number).map(|group| group.members.as_slice()).unwrap_or_default();
            let members = places.iter().skip(nth * sizes.members).take(sizes.members).flatten();
            self.group(directory, number, members.map(|member| entry(*member)).collect())
        });
        (items.collect(), more.then_some(self.offset + sizes.page))
    }

    fn changed_groups(&self, directory: &Directory, log: &[Logged], sizes: Sizes) -> (Vec<Value>, Option<usize>) {
        let mut changed: BTreeMap<Number, BTreeMap<Member, bool>> = BTreeMap::new();
        for logged in log {
            match *logged {
                Logged::Group(number) => drop(changed.entry(number).or_default()),
                Logged::Joined(number, member) => drop(changed.entry(number).or_default().insert(member, true)),
                Logged::Left(number, member) => drop(changed.entry(number).or_default().insert(member, false)),
                _ => {}
            }
        }
        let mut all = Vec::new();
        for (number, members) in changed {
            let entries: Vec<Value> =
                members.into_iter().map(|(member, joined)| if joined { entry(member) } else { left(member) }).collect();
            if entries.is_empty() {
                all.push((number, Vec::new()));
            }
            all.extend(entries.chunks(sizes.members).map(|chunk| (number, chunk.to_vec())));
        }
        let (here, more) = slice(&all, self.offset, sizes.page);
        (here.into_iter().map(|(number, entries)| self.group(directory, number, entries)).collect(), more)
    }

    fn group(&self, directory: &Directory, number: Number, members: Vec<Value>) -> Value {
        let Some(name) = directory.group_name(number) else {
            let how = directory.groups.get(number).and_then(|group| group.removed).unwrap_or(Removed::Hard);
            return removed(group_id(number), how);
        };
        let mut shown = json!({
            "id": group_id(number), "displayName": name, "mailEnabled": false, "securityEnabled": true,
            "groupTypes": [], "proxyAddresses": [],
        });
        if let Some(shown) = shown.as_object_mut().filter(|_| self.selects("members") && !members.is_empty()) {
            shown.insert("members@delta".into(), members.into());
        }
        shown
    }

    fn selects(&self, name: &str) -> bool {
        self.select.split(',').any(|selected| selected == name)
    }
}

fn manager(directory: &Directory, number: Number, log: &[Logged]) -> Option<Value> {
    let now = directory.managers.get(&number).map(|manager| entry(Member::User(*manager)));
    if log.is_empty() {
        return now.map(|now| json!([now]));
    }
    let before = log.iter().find_map(|entry| match entry {
        Logged::Manager(of, before) if *of == number => Some(*before),
        _ => None,
    })?;
    let gone = before.map(|before| left(Member::User(before)));
    Some(gone.into_iter().chain(now).collect())
}

fn entry(member: Member) -> Value {
    json!({"@odata.type": member.kind(), "id": member.id()})
}

fn left(member: Member) -> Value {
    json!({"@odata.type": member.kind(), "id": member.id(), "@removed": {"reason": "deleted"}})
}

fn removed(id: String, how: Removed) -> Value {
    json!({"id": id, "@removed": {"reason": if how == Removed::Soft { "changed" } else { "deleted" }}})
}

fn distinct(numbers: impl Iterator<Item = Number>) -> Vec<Number> {
    let mut seen = std::collections::HashSet::new();
    numbers.filter(|number| seen.insert(*number)).collect()
}

/// A part of the list, and where the next begins.
fn slice<T: Clone>(all: &[T], offset: usize, size: usize) -> (Vec<T>, Option<usize>) {
    let end = (offset + size).min(all.len());
    (all.get(offset..end).unwrap_or_default().to_vec(), (end < all.len()).then_some(end))
}
