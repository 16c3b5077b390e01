//! `signet directory`: which directories are read, consent, and how it goes. The reading itself is done by a running
//! process (`signet run`) of the role `all` or `console`; what is asked here is seen there within a second.

mod csv;

use std::io::Write;
use std::path::Path;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use signet::actors::{consent_link, take_consent};
use signet::config;
use signet::directory::{Application, Depth};
use signet::store::{DirectoryStatus, Store, SyncProgress, SyncResult};
use signet::tenant::DirectoryEntry;

use super::tenant::{id, with_store};
use super::{ConfigFile, Failure, tell};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Reads the tenant's directory from now on, in this way; what was said before counts no more.
    Connect {
        tenant: String,
        /// Only the members of this group, by its id, and of groups below it.
        #[arg(long, value_name = "GUID")]
        only_group: Option<String>,
        /// Reads managers, too.
        #[arg(long)]
        managers: bool,
        /// A further property of people and its name here, as extension_0123_costCentre=costCentre.
        #[arg(long, value_name = "PROPERTY=NAME", value_delimiter = ',')]
        extra: Vec<String>,
    },
    /// Prints the link by which an administrator of the organisation consents; or takes the answer.
    Consent {
        tenant: String,
        /// The address that the browser came back to.
        #[arg(long, value_name = "URL")]
        answer: Option<String>,
    },
    /// Reads the directory at once: what changed, or everything.
    Sync {
        tenant: String,
        #[arg(long)]
        full: bool,
    },
    /// Tells how it stands.
    Status {
        tenant: String,
        /// For scripts.
        #[arg(long)]
        json: bool,
    },
    /// Takes people from a CSV file, whose first row names the columns.
    Csv(csv::Csv),
    /// Puts the people of the CSV file before in the place of those in force; again, and it is undone.
    Rollback { tenant: String },
    /// Reads it no longer, and forgets its people and groups.
    Disconnect {
        tenant: String,
        /// Really.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) fn perform(arguments: &Arguments, output: &mut impl Write) -> Result<(), Failure> {
    let file = &arguments.config.file;
    let settings = config::Store::load(file).map_err(|problems| Failure::configuration(file, &problems))?;
    with_store(&settings, async |store| arguments.action.perform(store, file, output).await)
}

impl Action {
    async fn perform(&self, store: &Store, file: &Path, output: &mut impl Write) -> Result<(), Failure> {
        match self {
            Action::Connect { tenant, only_group, managers, extra } => {
                let extra = extra.iter().map(|one| property(one)).collect::<Result<_, _>>()?;
                let entry = DirectoryEntry { only_group: only_group.clone(), extra, managers: *managers };
                let revision = store.set_directory(&id(tenant)?, entry).await.map_err(Failure::new)?;
                tell(output, &format!("{tenant}: revision {}; its directory is read from now on\n", revision.0))
            }
            Action::Consent { tenant, answer: None } => {
                let link = consent_link(store, &application(file)?, &id(tenant)?).await.map_err(Failure::new)?;
                tell(output, &format!("{link}\n"))
            }
            Action::Consent { tenant, answer: Some(answer) } => {
                let query = answer.split_once('?').map_or(answer.as_str(), |(_, query)| query);
                take_consent(store, &application(file)?, &id(tenant)?, query).await.map_err(Failure::new)?;
                tell(output, &format!("{tenant}: Microsoft lets us read the directory; it is being read\n"))
            }
            Action::Sync { tenant, full } => {
                let depth = if *full { Depth::Everything } else { Depth::Changes };
                let asked = store.ask_for_sync(&id(tenant)?, depth).await.map_err(Failure::new)?;
                tell(output, &format!("{tenant}: begins {}\n", when(asked.begins_ms)))
            }
            Action::Status { tenant, json } => {
                let status = store.directory_status(&id(tenant)?).await.map_err(Failure::new)?;
                match (status, json) {
                    (status, true) => {
                        let text = serde_json::to_string(&status).map_err(Failure::new)?;
                        tell(output, &format!("{text}\n"))
                    }
                    (None, false) => tell(output, &format!("{tenant}: reads no directory\n")),
                    (Some(status), false) => tell(output, &shown(tenant, &status)),
                }
            }
            Action::Csv(csv) => csv.perform(store, output).await,
            Action::Rollback { tenant } => csv::rollback(store, &id(tenant)?, output).await,
            Action::Disconnect { tenant, yes: false } => {
                Err(Failure::usage(format!("{tenant}: the people of its directory would be gone; say --yes")))
            }
            Action::Disconnect { tenant, yes: true } => {
                let revision = store.disconnect_directory(&id(tenant)?).await.map_err(Failure::new)?;
                tell(output, &format!("{tenant}: revision {}; its directory is forgotten\n", revision.0))
            }
        }
    }
}

/// By the section `directory` of the configuration.
fn application(file: &Path) -> Result<Application, Failure> {
    let settings = config::Directory::load(file).map_err(|problems| Failure::configuration(file, &problems))?;
    let missing = || Failure::new("directory.client_id is not configured; without an application nothing is read");
    Application::read(&settings.ok_or_else(missing)?).map_err(Failure::new)
}

fn property(text: &str) -> Result<(String, String), Failure> {
    let pair = text.split_once('=').map(|(property, name)| (property.trim().to_owned(), name.trim().to_owned()));
    pair.ok_or_else(|| Failure::usage(format!("`{text}` is not PROPERTY=NAME")))
}

fn when(ms: i64) -> String {
    match Timestamp::from_millisecond(ms) {
        Ok(time) if time <= Timestamp::now() => "now".to_owned(),
        Ok(time) => format!("at {time:.0}"),
        Err(_) => "never".to_owned(),
    }
}

fn shown(tenant: &str, status: &DirectoryStatus) -> String {
    let DirectoryStatus { enabled, running, progress, result, failures, next_ms, granted_ms, people, groups } = status;
    let mut text = format!("{tenant}: {people} people and {groups} groups of the directory\n");
    if let Some(SyncResult { ended_ms, ended, text: said, photos, .. }) = result {
        let time = Timestamp::from_millisecond(*ended_ms).map_or_else(|_| String::new(), |time| format!("{time:.0}"));
        let word =
            serde_json::to_value(ended).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
        text.push_str(&format!("last: {time} {word}: {said}\n"));
        if *photos > 0 {
            text.push_str(&format!("photos that came or went: {photos}\n"));
        }
    }
    if *failures > 0 {
        text.push_str(&format!("failures in a row: {failures}\n"));
    }
    if granted_ms.is_none() {
        text.push_str("consent: Microsoft has given no token yet; `signet directory consent` prints the link\n");
    }
    text.push_str(&match (enabled, running, progress) {
        (false, ..) => "next: never, the tenant file has no `directory`\n".to_owned(),
        (true, false, _) => format!("next: {}\n", when(*next_ms)),
        (true, true, None) => "running: it has just begun\n".to_owned(),
        (true, true, Some(SyncProgress { stage, waiting_until_ms, done, .. })) => {
            let waiting = waiting_until_ms.map(|until| format!(", Microsoft lets us go on {}", when(until)));
            let stage = format!("{stage:?}").to_lowercase();
            format!("running: {stage}, {} pages, {} people{}\n", done.pages, done.people, waiting.unwrap_or_default())
        }
    });
    text
}
