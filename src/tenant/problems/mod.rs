//! What is wrong with a tenant file, everything at once, each with its place as a JSON pointer (RFC 6901).
//!
//! A file without problems compiles. Whatever a file refers to must exist, be used under one name only, and fit the
//! bounds below; nothing is repaired in silence.

mod brand;
mod design;
mod directory;
mod extent;
mod named;
mod signature;

pub(super) use design::is_font;

use std::collections::{HashMap, HashSet};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::attribute::{Whose, is_custom_name};
use super::file::{ImageEntry, NextHop, Peer, PersonEntry, TenantFile};
use super::identity::{Address, Domain, is_id};
use crate::imprint::place::Separators;

/// Most levels of blocks inside each other.
pub(super) const DEPTH: usize = 8;

/// Most octets of an image, decoded.
const IMAGE_BYTES: usize = 1 << 20;

/// Most octets of the address of hosted images: it stands before each of them.
const IMAGE_BASE_BYTES: usize = 500;

/// Most characters of an attribute, a text or a link.
const TEXT_CHARS: usize = 4096;

/// The end of the names in Exchange Online's own certificate, which tells no organisation from another.
const SHARED_BY_MICROSOFT: &str = "protection.outlook.com";

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// JSON pointer into the tenant file; empty for the whole of it.
    pub place: String,
    /// What is wrong, for the administrator.
    pub message: String,
}

impl Problem {
    pub fn at(place: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem { place: place.into(), message: message.into() }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = if self.place.is_empty() { "/" } else { &self.place };
        write!(out, "{place}: {}", self.message)
    }
}

/// Everything that is wrong.
pub(super) fn of(file: &TenantFile) -> Vec<Problem> {
    let mut check = found(Check::new(file), file);
    check.brand(&file.brand);
    check.problems
}

/// Everything that is wrong but for people and groups who are named and not there, and but for the brand, of which no
/// mail is made.
pub(super) fn whoever_is_gone(file: &TenantFile) -> Vec<Problem> {
    found(Check { open: true, ..Check::new(file) }, file).problems
}

fn found<'a>(mut check: Check<'a>, file: &'a TenantFile) -> Check<'a> {
    check.head(file);
    check.directory(file);
    check.separators(file);
    check.peer(file);
    check.people(file);
    check.groups(file);
    check.send_as(&file.send_as);
    check.images(&file.images);
    check.modes(file);
    check.signatures(file);
    check
}

/// What is known of the file while it is checked.
struct Check<'a> {
    problems: Vec<Problem>,
    domains: HashSet<String>,
    people: HashSet<&'a str>,
    groups: HashSet<&'a str>,
    /// Every image, with its octets.
    images: HashMap<&'a str, usize>,
    /// People and groups may be named that the file does not have: a directory may know them, and forget them at any time.
    open: bool,
    /// Every address of a person, in lower case, with the person's place.
    addresses: HashMap<String, usize>,
    /// How many regular expressions were met.
    expressions: usize,
    /// Groups that conditions of one part of the file name.
    named: HashSet<String>,
}

impl<'a> Check<'a> {
    fn new(file: &'a TenantFile) -> Check<'a> {
        Check {
            problems: Vec::new(),
            domains: file.domains.iter().map(|domain| Domain::normal(domain).into_owned()).collect(),
            people: file.people.iter().map(|person| person.id.as_str()).collect(),
            groups: file.groups.iter().map(|group| group.id.as_str()).collect(),
            images: file.images.iter().map(|image| (image.id.as_str(), image.base64.len() / 4 * 3)).collect(),
            open: file.directory.is_some(),
            addresses: HashMap::new(),
            expressions: 0,
            named: HashSet::new(),
        }
    }

    fn say(&mut self, place: String, message: impl Into<String>) {
        self.problems.push(Problem { place, message: message.into() });
    }

    fn head(&mut self, file: &TenantFile) {
        if file.signet != 1 {
            self.say("/signet".into(), format!("version {} is not known; this program reads version 1", file.signet));
        }
        if file.name.trim().is_empty() || file.name.chars().any(char::is_control) {
            self.say("/name".into(), "a name is needed, without control characters");
        }
        if file.domains.is_empty() && file.peer.is_some() {
            self.say("/domains".into(), "at least one domain is needed");
        }
        let mut seen = HashSet::new();
        for (at, domain) in file.domains.iter().enumerate() {
            if Domain::parse(domain).is_none() {
                self.say(format!("/domains/{at}"), format!("`{domain}` is not a domain"));
            } else if !seen.insert(Domain::normal(domain)) {
                self.say(format!("/domains/{at}"), format!("`{domain}` stands twice"));
            }
        }
        if let Some(id) = &file.microsoft_tenant_id
            && !is_guid(id)
        {
            self.say("/microsoft_tenant_id".into(), format!("`{id}` is not a GUID"));
        }
        if let Some(base) = &file.image_base
            && (!base.starts_with("https://") || super::render::checked_url(base).as_deref() != Some(base.as_str()))
        {
            self.say("/image_base".into(), "must be an https:// address");
        } else if file.image_base.as_ref().is_some_and(|base| base.len() > IMAGE_BASE_BYTES) {
            self.say("/image_base".into(), format!("longer than {IMAGE_BASE_BYTES} octets"));
        }
    }

    fn separators(&mut self, file: &TenantFile) {
        let (fewest, most) = (Separators::CHARACTERS.start(), Separators::CHARACTERS.end());
        if file.reply_separators.len() > Separators::MOST {
            self.say("/reply_separators".into(), format!("more than {}", Separators::MOST));
        }
        for (at, line) in file.reply_separators.iter().enumerate() {
            if !Separators::may_have(line) || line.chars().any(char::is_control) {
                let what = format!("one line of {fewest} to {most} characters is needed, not beginning with `>`");
                self.say(format!("/reply_separators/{at}"), what);
            }
        }
    }

    fn peer(&mut self, file: &TenantFile) {
        let Some(peer) = &file.peer else { return };
        match peer {
            Peer::Microsoft { .. } if file.microsoft_tenant_id.is_none() => {
                self.say("/microsoft_tenant_id".into(), "needed to prove this tenant behind Microsoft 365");
            }
            Peer::Certificate { name, .. } if Domain::parse(name).is_none() => {
                self.say("/peer/name".into(), format!("`{name}` is not a DNS name"));
            }
            Peer::Certificate { name, .. } if name.to_ascii_lowercase().ends_with(SHARED_BY_MICROSOFT) => {
                self.say("/peer/name".into(), "every organisation in Microsoft 365 sends with this certificate");
            }
            Peer::Network { networks, .. } => {
                if networks.is_empty() {
                    self.say("/peer/networks".into(), "at least one network is needed");
                }
                for (at, network) in networks.iter().enumerate() {
                    if network.prefix_len() == 0 {
                        self.say(format!("/peer/networks/{at}"), "the whole Internet is no proof of anybody");
                    } else if network.network().to_canonical().is_ipv4() && network.addr().is_ipv6() {
                        self.say(format!("/peer/networks/{at}"), "write a network of IPv4 as such");
                    } else if networks.iter().take(at).any(|other| other.trunc() == network.trunc()) {
                        self.say(format!("/peer/networks/{at}"), format!("`{network}` stands twice"));
                    }
                }
            }
            _ => {}
        }
        let NextHop { host, port, name, plaintext } = peer.next_hop();
        let address: Option<std::net::IpAddr> = host.parse().ok();
        if address.is_none() && Domain::parse(host).is_none() {
            self.say("/peer/next_hop/host".into(), format!("`{host}` is neither a DNS name nor an address"));
        }
        if *port == 0 {
            self.say("/peer/next_hop/port".into(), "0 is not a port");
        }
        if let Some(name) = name
            && Domain::parse(name).is_none()
        {
            self.say("/peer/next_hop/name".into(), format!("`{name}` is not a DNS name"));
        }
        if *plaintext && !address.is_some_and(|address| address.is_loopback()) {
            self.say("/peer/next_hop/plaintext".into(), "only a loopback address may be reached without TLS");
        }
        if *plaintext && matches!(peer, Peer::Microsoft { .. }) {
            self.say("/peer/next_hop/plaintext".into(), "Microsoft 365 is reached over TLS only");
        }
    }

    fn people(&mut self, file: &'a TenantFile) {
        self.ids("/people", file.people.iter().map(|person| person.id.as_str()));
        for (at, person) in file.people.iter().enumerate() {
            if person.addresses.is_empty() {
                self.say(format!("/people/{at}/addresses"), "at least one address is needed");
            }
            for (nth, text) in person.addresses.iter().enumerate() {
                self.address(at, nth, text);
            }
            self.facts(at, person);
            if let Some(photo) = &person.photo {
                self.image(format!("/people/{at}/photo"), photo);
            }
        }
    }

    fn facts(&mut self, at: usize, person: &PersonEntry) {
        let attributes = person.attributes.iter().map(|(name, value)| ("attributes", name.word().to_owned(), value));
        let custom = person.custom.iter().map(|(name, value)| ("custom", name.clone(), value));
        let overrides = person.overrides.iter().map(|(fact, value)| ("overrides", fact.to_string(), value));
        for (list, name, value) in attributes.chain(custom).chain(overrides) {
            if value.chars().count() > TEXT_CHARS {
                let message = format!("longer than {TEXT_CHARS} characters");
                self.say(format!("/people/{at}/{list}/{name}"), message);
            }
        }
        for name in person.custom.keys().filter(|name| !is_custom_name(name)) {
            let message = format!("`{name}` is not 1 to 64 letters, digits, - and _");
            self.say(format!("/people/{at}/custom/{name}"), message);
        }
        for fact in person.overrides.keys().filter(|fact| fact.whose == Whose::Manager) {
            let message = "the manager's own entry is the place to override it";
            self.say(format!("/people/{at}/overrides/{fact}"), message);
        }
    }

    fn address(&mut self, person: usize, nth: usize, text: &str) {
        let place = || format!("/people/{person}/addresses/{nth}");
        let Some(address) = Address::parse(text) else {
            return self.say(place(), format!("`{text}` is not an address"));
        };
        if !self.domains.contains(address.domain()) {
            self.say(place(), format!("`{}` is not a domain of this tenant", address.domain()));
        }
        if let Some(other) = self.addresses.insert(address.as_str().to_owned(), person) {
            self.say(place(), format!("`{address}` belongs to /people/{other} already"));
        }
    }

    fn groups(&mut self, file: &'a TenantFile) {
        self.ids("/groups", file.groups.iter().map(|group| group.id.as_str()));
        for (at, group) in file.groups.iter().enumerate() {
            self.people_exist(&format!("/groups/{at}/members"), &group.members);
            self.groups_exist(&format!("/groups/{at}/groups"), &group.groups);
            self.each_once(&format!("/groups/{at}/members"), &group.members);
            self.each_once(&format!("/groups/{at}/groups"), &group.groups);
        }
    }

    fn each_once(&mut self, list: &str, names: &[String]) {
        let mut seen = HashSet::with_capacity(names.len());
        for (at, name) in names.iter().enumerate().filter(|(_, name)| !seen.insert(name.as_str())) {
            self.problems.push(Problem::at(format!("{list}/{at}"), format!("`{name}` stands twice")));
        }
    }

    fn images(&mut self, images: &'a [ImageEntry]) {
        self.ids("/images", images.iter().map(|image| image.id.as_str()));
        for (at, image) in images.iter().enumerate() {
            let place = format!("/images/{at}/base64");
            match STANDARD.decode(&image.base64) {
                Err(error) => self.say(place, format!("not base64: {error}")),
                Ok(octets) if octets.len() > IMAGE_BYTES => {
                    self.say(place, format!("{} octets; at most {IMAGE_BYTES} are allowed", octets.len()));
                }
                Ok(octets) if !image.content_type.begins(&octets) => {
                    self.say(place, format!("not a picture of type {}", image.content_type.content_type()));
                }
                Ok(_) => {}
            }
        }
    }

    /// Ids of one list: well formed and each once.
    fn ids<'b>(&mut self, list: &str, ids: impl Iterator<Item = &'b str>) {
        let mut seen = HashSet::new();
        for (at, id) in ids.enumerate() {
            if !is_id(id) {
                self.say(format!("{list}/{at}/id"), format!("`{id}` is not 1 to 64 letters, digits, - _ or ."));
            } else if !seen.insert(id) {
                self.say(format!("{list}/{at}/id"), format!("`{id}` stands twice"));
            }
        }
    }

    fn image(&mut self, place: String, id: &str) {
        if !self.images.contains_key(id) {
            self.say(place, format!("there is no image `{id}`"));
        }
    }
}

fn is_guid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == lengths.len()
        && parts
            .iter()
            .zip(lengths)
            .all(|(part, length)| part.len() == length && part.chars().all(|c| c.is_ascii_hexdigit()))
}
