//! The configuration followed while the process runs: on SIGHUP, and by looking at the files.
//!
//! The configuration file and every certificate, key and root it names are read again twice a minute and compared by
//! content: file notifications miss the way Kubernetes swaps a whole folder. A change is taken up once it has stood
//! still for a moment, so that a half-written pair is not judged. Everything is checked and made anew first; what is
//! then put in force counts for new sessions, and those that run keep what they began with. Whatever is wrong with
//! the new files leaves all of it as it was, is told at once and whole, and is tried again until it is right.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use sha2::{Digest, Sha256};

use super::expiry::Expiry;
use super::process::Process;
use super::settings::{Lasting, Settings};
use super::tenants::{Tenants, Trust};
use crate::config::Config;
use crate::events::{self, health::Health, log::Lines};

/// Keeps the settings what the files say.
pub struct Reload {
    file: PathBuf,
    process: Process,
    tenants: Addr<Tenants>,
    health: Arc<Health>,
    log: Lines,
    expiry: Expiry,
    /// The files as they were when they were last taken up or refused.
    seen: Content,
    /// What was wrong with them, as it was told.
    refused: Option<Vec<String>>,
}

/// A digest of all files.
type Content = [u8; 32];

impl Reload {
    pub fn new(file: PathBuf, process: Process, tenants: Addr<Tenants>, health: Arc<Health>, log: Lines) -> Reload {
        let mut expiry = Expiry::default();
        let settings = process.settings.load_full();
        expiry.tell(&settings.certificates, &health);
        let seen = content(&file, &settings.config);
        Reload { file, process, tenants, health, log, expiry, seen, refused: None }
    }

    /// Somebody asked for it: told of in any case.
    pub async fn asked(&mut self) {
        self.seen = self.content();
        self.refused = None;
        self.take_up(events::ReloadCause::Signal).await;
    }

    /// Looks whether a file has changed, and how long the certificates still live.
    pub async fn look(&mut self) {
        self.expiry.tell(&self.process.settings.load().certificates, &self.health);
        let content = self.content();
        if content != self.seen {
            self.seen = self.stands_still(content).await;
            self.take_up(events::ReloadCause::Files).await;
        } else if self.refused.is_some() {
            // What was wrong may have been a file that only the refused configuration names.
            self.take_up(events::ReloadCause::Files).await;
        }
    }

    fn content(&self) -> Content {
        content(&self.file, &self.process.settings.load().config)
    }

    /// The content once it was the same twice in a row.
    async fn stands_still(&self, mut content: Content) -> Content {
        for _ in 0..MOVES {
            tokio::time::sleep(STILL).await;
            let now = self.content();
            if std::mem::replace(&mut content, now) == now {
                break;
            }
        }
        content
    }

    async fn take_up(&mut self, cause: events::ReloadCause) {
        match self.make() {
            Ok(settings) => {
                self.put_in_force(settings).await;
                self.refused = None;
                self.health.warning("configuration", None);
                events::ConfigurationReloaded { cause }.emit();
            }
            Err(problems) => {
                // The same again is not told again.
                if self.refused.as_ref() != Some(&problems) {
                    events::ConfigurationRefused { cause, problems: &problems }.emit();
                    let text = format!("the new one is not in force: {}", problems.join("; "));
                    self.health.warning("configuration", Some(text));
                    self.refused = Some(problems);
                }
            }
        }
    }

    /// The settings that the files ask for, or everything that is wrong with them.
    fn make(&self) -> Result<Settings, Vec<String>> {
        let before = self.process.settings.load_full();
        let told = |problems: crate::config::Problems| problems.0.iter().map(ToString::to_string).collect::<Vec<_>>();
        let config = Config::load(&self.file).map_err(told)?;
        before.config.may_become(&config).map_err(told)?;
        let context = &before.context;
        let lasting =
            Lasting { guard: context.guard.clone(), ledger: context.ledger.clone(), bypass: context.bypass.clone() };
        Settings::make(config, Some(&before), lasting).map_err(|error| vec![error.to_string()])
    }

    async fn put_in_force(&mut self, settings: Settings) {
        let before = self.process.settings.load_full();
        if before.next_hop_roots.roots != settings.next_hop_roots.roots {
            // First, so that no session is opened under the new number with the old roots. Without an answer the tenants'
            // actor is gone, and with it every other change.
            let _ = self.tenants.send(Trust(settings.next_hop_roots.clone())).timeout(TRUST).await;
        }
        self.process.resize(&settings.config);
        self.log.set_level(settings.config.log.level);
        self.process.settings.store(Arc::new(settings));
        let settings = self.process.settings.load_full();
        self.expiry.tell(&settings.certificates, &self.health);
        self.seen = self.content();
    }
}

/// What the files hold now; one that cannot be read counts as well.
fn content(file: &std::path::Path, config: &Config) -> Content {
    let mut digest = Sha256::new();
    for path in std::iter::once(file.to_owned()).chain(config.files()) {
        match std::fs::read(&path) {
            Ok(octets) => digest.update(Sha256::digest(&octets)),
            Err(error) => digest.update(error.kind().to_string()),
        }
    }
    digest.finalize().into()
}

/// How long a change must have stood still.
const STILL: Duration = Duration::from_secs(1);
/// Files that change for ever are taken as they are in the end.
const MOVES: usize = 10;
/// New roots are given to every tenant's TLS: a second for 100,000 of them.
const TRUST: Duration = Duration::from_secs(60);
