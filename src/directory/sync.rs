//! One run: people, then groups, each from where the cursor says, a page at a time.
//!
//! Of each list everything is read at first, and what changed from then on (Graph's delta queries). When Microsoft
//! has forgotten where we were (410), or something else is asked for than last time, everything is read anew and what
//! was not seen is swept away at the end. A run may be stopped at any moment: the sink has changes and cursor of the
//! last page, or neither. In memory is one page.
//!
//! Limited to one group, its members through all groups below it are read in full each time, since Graph tells no
//! changes of those.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use xxhash_rust::xxh3::xxh3_128;

use super::cursor::{Feed, Reading};
use super::page::{Next, Page};
use super::{Batch, Change, Cursor, DirectoryError, Graph, NotKept, Sink, group, user};

/// Most pages of one list in one run: at 100 people a page twenty times the largest tenant.
const PAGES: u64 = 100_000;

/// How often a list may begin anew in one run.
const RESTARTS: u32 = 2;

/// What is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Order {
    pub scope: Scope,
    /// Directory extensions and other properties of people, by Graph's names, and what each is called here
    /// ([`Person::custom`](super::Person::custom)).
    pub extra: BTreeMap<String, String>,
    /// Who reports to whom, too; not where the scope is a group.
    pub managers: Managers,
}

/// Whose people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Scope {
    /// Everybody.
    #[default]
    Everybody,
    /// The members of one group, by its id, and of all groups below it.
    Group(String),
}

/// Whether managers are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Managers {
    #[default]
    Leave,
    Read,
}

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// What changed since the last time.
    #[default]
    Changes,
    /// Everything, from the beginning.
    Everything,
}

/// How far a run is, for who watches it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    pub stage: Stage,
    /// The wait that Microsoft has asked for, while it lasts.
    pub waiting: Option<Duration>,
    pub done: Summary,
}

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    #[default]
    People,
    Groups,
    Photos,
}

/// What a run has read; removals by a sweep are counted by the sink alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Summary {
    pub pages: u64,
    /// People written.
    pub people: u64,
    /// People told to be gone.
    pub gone: u64,
    /// Times a group was written.
    pub groups: u64,
    /// Memberships that began or ended.
    pub memberships: u64,
    /// Objects that could not be understood and were left out.
    pub odd: u64,
    /// Times a list was read in full.
    pub full: u32,
}

/// Reads people and groups from where the cursor says.
///
/// # Errors
/// See [`DirectoryError`]; what was read before is kept.
pub async fn sync<S: Sink>(
    graph: &Graph,
    order: &Order,
    depth: Depth,
    cursor: Cursor,
    sink: &mut S,
    progress: &watch::Sender<Progress>,
) -> Result<Summary, DirectoryError> {
    order.check()?;
    let cursor = order.begin(depth, cursor, &graph.source());
    let mut run = Run { graph, order, sink, progress, cursor, done: Summary::default() };
    run.walk(List::People).await?;
    run.walk(List::Groups).await?;
    Ok(run.done)
}

/// The link is good for nothing any more. One that Graph gave itself and now finds wrong is as good as forgotten.
fn is_forgotten(error: &DirectoryError, given: bool) -> bool {
    match error {
        DirectoryError::Resync => true,
        DirectoryError::Refused { status: 400 | 404, .. } => given,
        _ => false,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    People,
    Groups,
}

struct Run<'a, S> {
    graph: &'a Graph,
    order: &'a Order,
    sink: &'a mut S,
    progress: &'a watch::Sender<Progress>,
    cursor: Cursor,
    done: Summary,
}

impl<S: Sink> Run<'_, S> {
    async fn walk(&mut self, list: List) -> Result<(), DirectoryError> {
        self.progress.send_modify(|progress| progress.stage = list.stage());
        let mut restarts = 0;
        // Digests of links, for a list that leads back to where it has been has no end.
        let mut read = HashSet::new();
        for _ in 0..PAGES {
            let first = self.first(list);
            let (link, full) = self.place(list, &first);
            let progress = self.progress;
            let waiting = |wait| progress.send_modify(|progress| progress.waiting = Some(wait));
            let body = match self.graph.get(&link, &waiting).await {
                Ok(body) => body,
                Err(error) if restarts < RESTARTS && is_forgotten(&error, link != first) => {
                    restarts += 1;
                    self.reading(list).feed = Feed::Start;
                    read.clear();
                    continue;
                }
                Err(DirectoryError::Refused { status: 404, .. })
                    if list == List::People && self.order.scope != Scope::Everybody =>
                {
                    return Err(DirectoryError::ScopeGone);
                }
                Err(error) => return Err(error),
            };
            let page = Page::read(&body)?;
            read.insert(xxh3_128(link.as_bytes()));
            if let Next::Page(next) = &page.next
                && read.contains(&xxh3_128(next.as_bytes()))
            {
                return Err(DirectoryError::Unreadable("a page is followed by one that was read before".into()));
            }
            if self.page(list, full, page).await? == Next::End {
                return Ok(());
            }
        }
        Err(DirectoryError::Unreadable("the list has no end".into()))
    }

    /// The link to read, and whether it belongs to a full read, which begins here if none is under way.
    fn place(&mut self, list: List, first: &str) -> (String, bool) {
        let reading = self.reading(list);
        match &reading.feed {
            Feed::Full(link) => (link.clone(), true),
            Feed::Delta(link) | Feed::Done(link) => (link.clone(), false),
            Feed::Start => {
                reading.round += 1;
                reading.feed = Feed::Full(first.to_owned());
                self.done.full += 1;
                (first.to_owned(), true)
            }
        }
    }

    /// Keeps one page; gives [`Next::End`] when the list is read.
    async fn page(&mut self, list: List, full: bool, page: Page) -> Result<Next, DirectoryError> {
        if let Next::Page(next) | Next::Delta(next) = &page.next {
            // Before it is kept: a link that cannot be followed would stop every run to come.
            self.graph.endpoints().checked(next)?;
        }
        let mut changes = self.changes(list, full, &page);
        let whole = list == List::People && self.order.scope != Scope::Everybody;
        let reading = self.reading(list);
        let next = match page.next {
            Next::Page(link) => {
                reading.feed = if full { Feed::Full(link.clone()) } else { Feed::Delta(link.clone()) };
                Next::Page(link)
            }
            Next::Delta(link) => {
                reading.feed = Feed::Done(link);
                Next::End
            }
            Next::End if whole => {
                reading.feed = Feed::Start;
                Next::End
            }
            Next::End => {
                return Err(DirectoryError::Unreadable("a list of changes names no place to go on from".into()));
            }
        };
        if full && next == Next::End {
            changes.push(if list == List::People { Change::SweepPeople } else { Change::SweepGroups });
        }
        let batch = Batch { round: reading.round, changes, cursor: self.cursor.clone() };
        self.sink.keep(batch).await.map_err(|NotKept(why)| DirectoryError::NotKept(why))?;
        self.done.pages += 1;
        let done = self.done.clone();
        self.progress.send_modify(|progress| {
            progress.waiting = None;
            progress.done = done;
        });
        Ok(next)
    }

    fn changes(&mut self, list: List, full: bool, page: &Page) -> Vec<Change> {
        let mut changes = Vec::with_capacity(page.items.len() + 1);
        for item in &page.items {
            let understood = match list {
                List::People => self.person(item, full, &mut changes),
                List::Groups => group::changes(item, &mut changes),
            };
            self.done.odd += u64::from(!understood);
        }
        for change in &changes {
            match change {
                Change::Person(_) => self.done.people += 1,
                Change::PersonGone { .. } => self.done.gone += 1,
                Change::Group(_) => self.done.groups += 1,
                Change::Members { joined, left, .. } => {
                    self.done.memberships += u64::try_from(joined.len() + left.len()).unwrap_or_default();
                }
                _ => {}
            }
        }
        changes
    }

    fn person(&self, item: &serde_json::Value, full: bool, changes: &mut Vec<Change>) -> bool {
        let Some(change) = user::change(item, &self.order.extra) else { return false };
        let id = match &change {
            Change::Person(person) => Some(person.id.clone()),
            _ => None,
        };
        changes.push(change);
        if let Some(person) = id {
            // In a full read silence means that there is none, or that nobody asks any more; later that nothing
            // changed.
            let read = self.order.reads_managers();
            let told = user::manager(item).filter(|_| read).or(full.then_some(None));
            changes.extend(told.map(|manager| Change::Manager { person, manager }));
        }
        true
    }

    fn first(&self, list: List) -> String {
        let endpoints = self.graph.endpoints();
        match (list, &self.order.scope) {
            (List::Groups, _) => endpoints.graph(&format!("groups/delta?$select={}", group::SELECT)),
            (List::People, Scope::Everybody) => {
                endpoints.graph(&format!("users/delta?$select={}", self.order.properties()))
            }
            (List::People, Scope::Group(id)) => endpoints.graph(&format!(
                "groups/{id}/transitiveMembers/microsoft.graph.user?$select={}&$top=999&$count=true",
                self.order.properties()
            )),
        }
    }

    fn reading(&mut self, list: List) -> &mut Reading {
        match list {
            List::People => &mut self.cursor.people,
            List::Groups => &mut self.cursor.groups,
        }
    }
}

impl List {
    fn stage(self) -> Stage {
        match self {
            List::People => Stage::People,
            List::Groups => Stage::Groups,
        }
    }
}

impl Order {
    /// Everything that stands in a request is made of harmless characters.
    fn check(&self) -> Result<(), DirectoryError> {
        let group = if let Scope::Group(id) = &self.scope { Some(id) } else { None };
        let fits = |name: &str, most: usize| {
            (1..=most).contains(&name.len())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        };
        // Names of our own are no longer than those of the tenant file.
        let own = self.extra.values().map(|name| (name, 64));
        let mut names = group.into_iter().chain(self.extra.keys()).map(|name| (name, 128)).chain(own);
        match names.find(|(name, most)| !fits(name, *most)).map(|(name, _)| name) {
            Some(name) => Err(DirectoryError::Name(name.clone())),
            None => Ok(()),
        }
    }

    /// The cursor to begin from: anew, if something else is asked for than last time.
    fn begin(&self, depth: Depth, mut cursor: Cursor, source: &str) -> Cursor {
        let key = self.key(source);
        let anew = cursor.order != key;
        for reading in [&mut cursor.people, &mut cursor.groups] {
            if anew || depth == Depth::Everything {
                // The count goes on, so that what earlier rounds wrote can be told from what this one writes.
                reading.feed = Feed::Start;
            }
        }
        cursor.order = key;
        cursor
    }

    /// Only a list of changes tells managers.
    fn reads_managers(&self) -> bool {
        self.managers == Managers::Read && self.scope == Scope::Everybody
    }

    fn properties(&self) -> String {
        let mut properties = user::SELECT.to_owned();
        let managers = self.reads_managers().then_some("manager");
        for name in self.extra.keys().map(String::as_str).chain(managers) {
            properties.push(',');
            properties.push_str(name);
        }
        properties
    }

    fn key(&self, source: &str) -> String {
        let scope = if let Scope::Group(id) = &self.scope { id } else { "" };
        let names: Vec<&str> = self.extra.values().map(String::as_str).collect();
        format!("{source} {scope} {} {}", self.properties(), names.join(","))
    }
}
