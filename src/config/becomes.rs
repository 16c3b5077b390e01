//! What of a new configuration a running process can take up, and the files to look at for a change.
//!
//! A new one is taken up whole or not at all: with one key that only a new process can follow, all of it waits.

use std::path::PathBuf;

use super::{Config, Problem, Problems, Proof, Security};

impl Config {
    /// Whether a process that runs with `self` can go on with `next`.
    ///
    /// # Errors
    /// Every key that has changed and needs a restart.
    pub fn may_become(&self, next: &Config) -> Result<(), Problems> {
        let mut problems = Vec::new();
        let mut fixed = |key: &str, now: String, then: String| {
            if now != then {
                let message = format!("{then:?} needs a restart; the running process has {now:?}, and keeps it");
                problems.push(Problem { line: None, key: key.to_owned(), message, variable: None });
            }
        };
        fixed("role", format!("{:?}", self.role).to_lowercase(), format!("{:?}", next.role).to_lowercase());
        fixed("site", self.site.clone(), next.site.clone());
        fixed("smtp.ledger", self.smtp.ledger.to_string(), next.smtp.ledger.to_string());
        let key_file = |config: &Config| config.store.key_file.display().to_string();
        fixed("store.key_file", key_file(self), key_file(next));
        let folder = |config: &Config| format!("{:?}", config.cache.folder);
        fixed("cache.folder", folder(self), folder(next));
        fixed("cache.disk_bytes", self.cache.disk_bytes.to_string(), next.cache.disk_bytes.to_string());
        let count = |config: &Config| format!("{} listeners", config.listeners.len());
        fixed("listener", count(self), count(next));
        for (number, (now, then)) in self.listeners.iter().zip(&next.listeners).enumerate() {
            fixed(&format!("listener.{number}.address"), now.address.to_string(), then.address.to_string());
        }
        fixed("ops.address", self.ops.address.to_string(), next.ops.address.to_string());
        let format = |config: &Config| format!("{:?}", config.log.format).to_lowercase();
        fixed("log.format", format(self), format(next));
        // What its certificate holds may change: the API follows the files.
        let console = |config: &Config| match &config.console {
            Some(console) => format!("{console:?}"),
            None => String::new(),
        };
        if console(self) != console(next) {
            let message = "needs a restart; the running process keeps its API as it is".to_owned();
            problems.push(Problem { line: None, key: "console".to_owned(), message, variable: None });
        }
        if self.imprint.words != next.imprint.words {
            let message = "needs a restart; the running process keeps the words it has".to_owned();
            problems.push(Problem { line: None, key: "imprint.words_folder".to_owned(), message, variable: None });
        }
        if self.store.url != next.store.url {
            // Without the addresses: there may be passwords in them.
            let message = "needs a restart; the running process keeps its store".to_owned();
            problems.push(Problem { line: None, key: "store.url".to_owned(), message, variable: None });
        }
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }

    /// Every file whose content counts and may be followed: certificates, keys, roots.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = self.next_hop.roots.iter().cloned().collect();
        if let Some(directory) = &self.directory {
            files.extend([directory.pair.certificate.clone(), directory.pair.key.clone()]);
            files.extend(directory.roots.iter().cloned());
        }
        for listener in &self.listeners {
            if let Security::Tls(pairs) = &listener.security {
                files.extend(pairs.iter().flat_map(|pair| [pair.certificate.clone(), pair.key.clone()]));
            }
            match &listener.proof {
                Proof::Microsoft { client_roots, .. } | Proof::Certificate { client_roots } => {
                    files.extend(client_roots.iter().cloned());
                }
                Proof::Network => {}
            }
        }
        files
    }
}
