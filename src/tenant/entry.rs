//! What an edge knows of every tenant of its region at any time: enough to prove a peer, to bind a message and to relay it.
//!
//! It is small, for a region has a hundred thousand of them. Who its people are and which signature they get is the
//! [`Snapshot`](super::Snapshot), which is there only while the tenant has mail under way. Made from settings that the
//! store has judged when it took them; what cannot be compiled is refused all the same.

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use super::file::{NextHop, OnFailure, Peer, Secrets};
use super::hash_keys::HashKeys;
use super::snapshot::is_loop_word;
use super::{Brand, Domain, Edition, Mode, ModeEnds, Problem, TenantFile, TenantId};
use crate::imprint::StampKey;
use crate::imprint::place::Separators;

/// One tenant in the index of its region.
pub struct Tenant {
    id: TenantId,
    edition: Edition,
    people: Edition,
    on_failure: OnFailure,
    peer: Peer,
    microsoft_tenant_id: Option<Box<str>>,
    domains: Box<[Domain]>,
    mode: Switch,
    mode_ends: Option<(Timestamp, Switch)>,
    /// As they were written.
    reply_separators: Box<[String]>,
    separators: Arc<Separators>,
    secrets: Secrets,
    /// Made at the first use: most tenants of a large region have no mail under way.
    hash_keys: OnceLock<Box<HashKeys>>,
}

/// What of a mode counts without the people whom it may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Switch {
    /// Nothing is signed, so nobody has to be known.
    Bypass,
    Other,
}

impl Switch {
    fn of(mode: &Mode) -> Switch {
        if *mode == Mode::Bypass { Switch::Bypass } else { Switch::Other }
    }

    fn as_mode(self) -> Mode {
        match self {
            Switch::Bypass => Mode::Bypass,
            Switch::Other => Mode::Live,
        }
    }
}

impl Tenant {
    /// Of the settings of a tenant; people, groups, images and signatures are not looked at.
    ///
    /// # Errors
    /// What keeps its mail from being proven or relayed.
    pub fn new(
        settings: TenantFile,
        secrets: Secrets,
        edition: Edition,
        people: Edition,
    ) -> Result<Tenant, Vec<Problem>> {
        let mut problems = Vec::new();
        if secrets.stamp_keys.is_empty() || !is_loop_word(&secrets.loop_word) {
            problems.push(Problem::at("", "the tenant has no stamp key, or no loop word of letters, digits, - and _"));
        }
        let domains: Box<[Domain]> = settings.domains.iter().filter_map(|text| Domain::parse(text)).collect();
        if domains.len() != settings.domains.len() || domains.is_empty() {
            problems.push(Problem::at("/domains", "at least one domain is needed, and nothing but domains"));
        }
        let ends = settings.mode_ends.map(|ends| (ends.at.parse::<Timestamp>(), Switch::of(&ends.then)));
        let mode_ends = match ends {
            Some((Ok(at), then)) => Some((at, then)),
            Some((Err(_), _)) => {
                problems.push(Problem::at("/mode_ends/at", "is no instant"));
                None
            }
            None => None,
        };
        let Some(peer) = settings.peer.filter(|_| problems.is_empty()) else {
            problems.push(Problem::at("/peer", "nobody hands mail in"));
            return Err(problems);
        };
        Ok(Tenant {
            id: settings.id,
            edition,
            people,
            on_failure: settings.on_failure,
            peer,
            microsoft_tenant_id: settings.microsoft_tenant_id.map(|id| id.to_ascii_lowercase().into()),
            domains,
            mode: Switch::of(&settings.mode),
            mode_ends,
            separators: Arc::new(Separators::new(&settings.reply_separators)),
            reply_separators: settings.reply_separators.into(),
            secrets,
            hash_keys: OnceLock::new(),
        })
    }

    pub fn id(&self) -> &TenantId {
        &self.id
    }

    /// Of the tenant as a whole.
    pub fn edition(&self) -> Edition {
        self.edition
    }

    /// Of its people, groups and memberships.
    pub fn people_edition(&self) -> Edition {
        self.people
    }

    pub fn on_failure(&self) -> OnFailure {
        self.on_failure
    }

    pub fn peer(&self) -> &Peer {
        &self.peer
    }

    pub fn next_hop(&self) -> &NextHop {
        self.peer.next_hop()
    }

    pub fn domains(&self) -> &[Domain] {
        &self.domains
    }

    /// In lower case.
    pub fn microsoft_tenant_id(&self) -> Option<&str> {
        self.microsoft_tenant_id.as_deref()
    }

    /// Whether everything is relayed unsigned at this time: nobody has to be known for that.
    pub fn bypasses(&self, now: Timestamp) -> bool {
        let mode = match self.mode_ends {
            Some((at, then)) if now >= at => then,
            _ => self.mode,
        };
        mode == Switch::Bypass
    }

    /// Lines that begin quoted text, besides those that begin it everywhere.
    pub fn separators(&self) -> &Arc<Separators> {
        &self.separators
    }

    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    pub fn stamp_keys(&self) -> &[StampKey] {
        &self.secrets.stamp_keys
    }

    pub fn loop_word(&self) -> &str {
        &self.secrets.loop_word
    }

    pub fn trace_key(&self) -> &[u8; 32] {
        &self.secrets.trace_key
    }

    /// The keys of the ledger's hashes. They outlive a revision: they depend on the trace key alone.
    pub fn hash_keys(&self) -> &HashKeys {
        self.hash_keys.get_or_init(|| Box::new(HashKeys::derive(&self.secrets.trace_key)))
    }

    /// Settings of which the same entry is made again; what it does not need is left out.
    pub fn settings(&self) -> TenantFile {
        let ends = |(at, then): (Timestamp, Switch)| ModeEnds { at: at.to_string(), then: then.as_mode() };
        TenantFile {
            signet: 1,
            id: self.id.clone(),
            name: String::new(),
            on_failure: self.on_failure,
            microsoft_tenant_id: self.microsoft_tenant_id.as_deref().map(str::to_owned),
            mode: self.mode.as_mode(),
            mode_ends: self.mode_ends.map(ends),
            domains: self.domains.iter().map(|domain| domain.as_str().to_owned()).collect(),
            peer: Some(self.peer.clone()),
            image_base: None,
            reply_separators: self.reply_separators.to_vec(),
            directory: None,
            groups: Vec::new(),
            people: Vec::new(),
            send_as: Vec::new(),
            images: Vec::new(),
            brand: Brand::default(),
            folders: Vec::new(),
            signatures: Vec::new(),
        }
    }
}

impl std::fmt::Debug for Tenant {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Tenant({}, revision {})", self.id, self.edition.revision)
    }
}
