//! Who is in the directory: users and groups, and the log of everything that changed.
//!
//! The first are generated from their number alone, so that 100,000 of them cost no memory; one that is changed is
//! kept. An id carries the number, so nothing has to be looked up. Removed objects keep their place, and members
//! theirs, so that a page means the same however much changes between two pages.

use serde_json::{Map, Value, json};

/// A user's properties as Graph names them.
pub type Properties = Map<String, Value>;

/// A user's or group's number, from 0.
pub type Number = usize;

/// Who is in the directory.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    pub(super) users: Vec<User>,
    pub(super) groups: Vec<Group>,
    pub(super) log: Vec<Logged>,
    /// Kept only where one has been set.
    pub(super) managers: std::collections::HashMap<Number, Number>,
}

#[derive(Debug, Clone)]
pub(super) enum User {
    /// By its number.
    Generated,
    Own(Properties),
    Removed(Removed),
}

/// How an object went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    /// May be brought back for 30 days.
    Soft,
    Hard,
}

#[derive(Debug, Clone)]
pub(super) struct Group {
    pub name: String,
    /// `None` is the place of one who left.
    pub members: Vec<Option<Member>>,
    pub removed: Option<Removed>,
}

/// Who is in a group directly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Member {
    User(Number),
    Group(Number),
    /// Something that is neither.
    Device(Number),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Logged {
    User(Number),
    Group(Number),
    Joined(Number, Member),
    Left(Number, Member),
    /// The second was the manager until then.
    Manager(Number, Option<Number>),
}

impl Directory {
    /// Users and nested groups, some of them in circles; the same for the same numbers.
    pub fn generated(users: usize, groups: usize) -> Directory {
        let mut directory = Directory { users: vec![User::Generated; users], ..Directory::default() };
        for number in 0..groups {
            let size = if number % 100 == 0 { 500 } else { 10 + dice(number, 0) % 40 };
            let people = (0..size).filter(|_| users > 0).map(|nth| Member::User(dice(number, nth + 1) % users.max(1)));
            let below = [number * 2 + 1, number * 2 + 2].into_iter().filter(|below| *below < groups);
            let circle = (number % 50 == 49).then_some(number / 50);
            let mut members: Vec<Member> = people.chain(below.chain(circle).map(Member::Group)).collect();
            members.sort_unstable();
            members.dedup();
            let members = members.into_iter().map(Some).collect();
            directory.groups.push(Group { name: format!("Group {number}"), members, removed: None });
        }
        directory
    }

    /// Adds a user; gives its number.
    pub fn add_user(&mut self, properties: Value) -> Number {
        self.users.push(User::Own(object(properties)));
        self.logged(Logged::User(self.users.len() - 1));
        self.users.len() - 1
    }

    /// Sets properties of a user; null clears one.
    pub fn set_user(&mut self, number: Number, properties: Value) {
        let mut own = self.user(number).unwrap_or_default();
        own.extend(object(properties));
        if let Some(user) = self.users.get_mut(number) {
            *user = User::Own(own);
        }
        self.logged(Logged::User(number));
    }

    /// Removes a user, from its groups too.
    pub fn remove_user(&mut self, number: Number, how: Removed) {
        if let Some(user) = self.users.get_mut(number) {
            *user = User::Removed(how);
        }
        self.logged(Logged::User(number));
        for group in 0..self.groups.len() {
            self.leave(group, Member::User(number));
        }
    }

    pub fn set_manager(&mut self, user: Number, manager: Option<Number>) {
        let before = match manager {
            Some(manager) => self.managers.insert(user, manager),
            None => self.managers.remove(&user),
        };
        self.logged(Logged::User(user));
        self.logged(Logged::Manager(user, before));
    }

    /// Adds a group without members; gives its number.
    pub fn add_group(&mut self, name: &str) -> Number {
        self.groups.push(Group { name: name.to_owned(), members: Vec::new(), removed: None });
        self.logged(Logged::Group(self.groups.len() - 1));
        self.groups.len() - 1
    }

    pub fn rename_group(&mut self, number: Number, name: &str) {
        if let Some(group) = self.groups.get_mut(number) {
            group.name = name.to_owned();
        }
        self.logged(Logged::Group(number));
    }

    pub fn remove_group(&mut self, number: Number, how: Removed) {
        if let Some(group) = self.groups.get_mut(number) {
            group.removed = Some(how);
        }
        self.logged(Logged::Group(number));
        for group in 0..self.groups.len() {
            self.leave(group, Member::Group(number));
        }
    }

    pub fn join(&mut self, number: Number, member: Member) {
        let Some(group) = self.groups.get_mut(number) else { return };
        if !group.members.contains(&Some(member)) {
            group.members.push(Some(member));
            self.logged(Logged::Joined(number, member));
        }
    }

    pub fn leave(&mut self, number: Number, member: Member) {
        let Some(group) = self.groups.get_mut(number) else { return };
        let Some(place) = group.members.iter_mut().find(|place| **place == Some(member)) else { return };
        *place = None;
        self.logged(Logged::Left(number, member));
    }

    /// How many users there are and were.
    pub fn user_count(&self) -> usize {
        self.users.len()
    }

    /// How many groups there are and were.
    pub fn group_count(&self) -> usize {
        self.groups.len()
    }

    /// A user's properties; `None` when it is removed or never was.
    pub fn user(&self, number: Number) -> Option<Properties> {
        match self.users.get(number)? {
            User::Generated => Some(generated(number)),
            User::Own(properties) => Some(properties.clone()),
            User::Removed(_) => None,
        }
    }

    /// Direct members of a group; `None` when it is removed or never was.
    pub fn members(&self, number: Number) -> Option<Vec<Member>> {
        let group = self.groups.get(number).filter(|group| group.removed.is_none())?;
        Some(group.members.iter().flatten().copied().collect())
    }

    /// A group's name; `None` when it is removed or never was.
    pub fn group_name(&self, number: Number) -> Option<&str> {
        self.groups.get(number).filter(|group| group.removed.is_none()).map(|group| group.name.as_str())
    }

    /// The users in a group and all groups below it, sorted.
    pub fn transitive(&self, number: Number) -> Option<Vec<Number>> {
        self.members(number)?;
        let (mut reached, mut waiting, mut users) =
            (std::collections::HashSet::from([number]), vec![number], Vec::new());
        while let Some(group) = waiting.pop() {
            for member in self.members(group).unwrap_or_default() {
                match member {
                    Member::User(user) => users.push(user),
                    Member::Group(below) if reached.insert(below) => waiting.push(below),
                    _ => {}
                }
            }
        }
        users.sort_unstable();
        users.dedup();
        Some(users)
    }

    fn logged(&mut self, entry: Logged) {
        self.log.push(entry);
    }
}

/// The id of a user.
pub fn user_id(number: Number) -> String {
    format!("{:08x}-0000-4000-8000-{number:012x}", mix(number) & 0xffff_ffff)
}

/// The id of a group.
pub fn group_id(number: Number) -> String {
    format!("{:08x}-0000-4000-9000-{number:012x}", mix(number) & 0xffff_ffff)
}

impl Member {
    pub fn id(self) -> String {
        match self {
            Member::User(number) => user_id(number),
            Member::Group(number) => group_id(number),
            Member::Device(number) => format!("00000000-0000-4000-a000-{number:012x}"),
        }
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            Member::User(_) => "#microsoft.graph.user",
            Member::Group(_) => "#microsoft.graph.group",
            Member::Device(_) => "#microsoft.graph.device",
        }
    }
}

/// The number of an id that [`user_id`] or [`group_id`] has made.
pub(super) fn number(id: &str) -> Option<Number> {
    Number::from_str_radix(id.rsplit_once('-')?.1, 16).ok()
}

/// A user as its number makes it: some without a phone or a title, one in a hundred a shared mailbox.
fn generated(number: Number) -> Properties {
    const FIRST: &[&str] = &["Ada", "Björn", "Chloé", "Dmitri", "Eszter", "Fatima", "Göran", "Hina", "İpek", "José"];
    const LAST: &[&str] =
        &["Vance", "O'Neil", "de Vries", "Šimić", "Nguyễn", "Müller", "Rossi", "Okafor", "Sato", "Łaski"];
    const PLACES: &[(&str, &str)] = &[("Utrecht", "NL"), ("Dublin", "IE"), ("Zürich", "CH"), ("Łódź", "PL")];
    let pick = |list: &[&'static str], salt| list.get(dice(number, salt) % list.len()).copied().unwrap_or_default();
    let (first, last) = (pick(FIRST, 1), pick(LAST, 2));
    let (city, country) = PLACES.get(number % PLACES.len()).copied().unwrap_or_default();
    let mail = format!("user{number}@contoso.example");
    let mut properties = object(json!({
        "userPrincipalName": mail, "mail": mail, "accountEnabled": number % 100 != 7, "userType": "Member",
        "proxyAddresses": [format!("SMTP:{mail}"), format!("smtp:alias{number}@contoso.example"), format!("x500:/o=c/cn={number}")],
        "displayName": format!("{first} {last}"), "givenName": first, "surname": last,
        "department": pick(&["Sales", "Legal", "Research", "Support"], 3), "companyName": "Contoso",
        "officeLocation": format!("{}.{:02}", number % 7, number % 40), "city": city, "country": country,
        "streetAddress": format!("Laan {}\r\nBuilding {}", number % 300, number % 9), "postalCode": format!("{:04}", number % 10_000),
        "onPremisesExtensionAttributes": {"extensionAttribute1": format!("cost {}", number % 50), "extensionAttribute2": null},
    }));
    if !number.is_multiple_of(5) {
        properties.insert("jobTitle".into(), pick(&["Engineer", "Counsel", "Buyer", "Director"], 4).into());
    }
    if !number.is_multiple_of(3) {
        properties.insert("businessPhones".into(), json!([format!("+31 30 555 {:04}", number % 10_000)]));
    }
    properties
}

fn object(value: Value) -> Properties {
    match value {
        Value::Object(properties) => properties,
        _ => Properties::default(),
    }
}

/// A number that looks like chance and is always the same.
fn dice(number: Number, salt: usize) -> usize {
    mix(number ^ mix(salt).rotate_left(17)) >> 33
}

/// The finaliser of splitmix64 (public domain).
fn mix(number: usize) -> usize {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
