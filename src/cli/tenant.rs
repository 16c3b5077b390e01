//! `signet tenant`: the store's tenants. A running edge follows within a second.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use jiff::{SignedDuration, Timestamp};

use signet::config;
use signet::store::{Listed, SealKey, Store, StoreError, Version};
use signet::tenant::{Mode, Revision, TenantFile, TenantId};

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
    /// Takes tenant files, new or changed. One with a problem is refused whole.
    Import {
        /// Files; a folder means every `.json` file in it, by name.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Writes a tenant's file, to standard output or to FILE. It has no secrets in it.
    Export { tenant: String, file: Option<PathBuf> },
    /// Lists all tenants.
    List,
    /// Changes how far the service is switched on for a tenant.
    Mode {
        tenant: String,
        #[arg(value_enum)]
        mode: Word,
        /// Ids of people, for pilot.
        #[arg(long, value_delimiter = ',')]
        people: Vec<String>,
        /// Ids of groups, for pilot.
        #[arg(long, value_delimiter = ',')]
        groups: Vec<String>,
        /// A word in the Subject, for pilot.
        #[arg(long)]
        marker: Option<String>,
        /// When it ends, as 2026-12-01T09:00:00Z; then it is as before.
        #[arg(long, value_name = "TIME")]
        until: Option<Timestamp>,
        /// The same from now on, as 90m or 2h.
        #[arg(long = "for", value_name = "DURATION", conflicts_with = "until")]
        lasting: Option<SignedDuration>,
    },
    /// Sets the client certificate that the tenant's next hop knows us by.
    Certificate {
        tenant: String,
        /// PEM: the certificate, its chain after it.
        #[arg(long, value_name = "FILE")]
        chain: PathBuf,
        /// PEM: its key.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
    /// Sets how many days decision records are kept; 0 keeps none.
    Retention { tenant: String, days: u32 },
    /// Lists the versions of a signature, the newest first.
    History { tenant: String, signature: String },
    /// Makes a signature what it was at a version.
    Restore { tenant: String, signature: String, number: i64 },
    /// Lets a tenant leave: its mail is relayed unsigned, and it is removed when none has come for 30 days.
    Leave { tenant: String },
    /// Lets it stay after all.
    Stay { tenant: String },
    /// Says until when a tenant is subscribed, which the reading of its directory needs.
    Subscribe {
        tenant: String,
        /// As 2027-12-01T09:00:00Z; without it there is no end.
        #[arg(long, value_name = "TIME")]
        until: Option<Timestamp>,
    },
    /// Removes a tenant with its secrets, certificate and records, at once: mail that still comes is refused.
    Delete {
        tenant: String,
        /// Really.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Word {
    Observe,
    Pilot,
    Live,
    Bypass,
}

pub(super) fn perform(arguments: &Arguments, output: &mut impl Write) -> Result<(), Failure> {
    let file = &arguments.config.file;
    let settings = config::Store::load(file).map_err(|problems| Failure::configuration(file, &problems))?;
    with_store(&settings, async |store| arguments.action.perform(store, output).await)
}

/// Opens the store, does something with it and closes it.
pub(super) fn with_store<T>(
    settings: &config::Store,
    work: impl AsyncFnOnce(&Store) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::new)?;
    runtime.block_on(async {
        let key = SealKey::read(&settings.key_file).map_err(Failure::new)?;
        let store = Store::open(&settings.url, key).await.map_err(Failure::new)?.for_author(&author());
        let done = work(&store).await;
        store.close().await;
        done
    })
}

/// Who runs the command, for the history.
fn author() -> String {
    let user = std::env::var("SUDO_USER").or_else(|_| std::env::var("USER"));
    format!("command by {}", user.unwrap_or_else(|_| "nobody known".to_owned()))
}

impl Action {
    async fn perform(&self, store: &Store, output: &mut impl Write) -> Result<(), Failure> {
        match self {
            Action::Import { files } => import(store, files, output).await,
            Action::Export { tenant, file } => export(store, tenant, file.as_deref(), output).await,
            Action::List => list(store, output).await,
            Action::Mode { tenant, mode, people, groups, marker, until, lasting } => {
                let mode = compose(*mode, people, groups, marker)?;
                let until = ends(*until, *lasting, Timestamp::now())?;
                let changed = match until {
                    Some(until) => store.set_mode_until(&id(tenant)?, mode, until).await,
                    None => store.set_mode(&id(tenant)?, mode).await,
                };
                let Revision(revision) = changed.map_err(Failure::new)?;
                let until = until.map(|until| format!(", until {until:.0}")).unwrap_or_default();
                tell(output, &format!("{tenant}: revision {revision}{until}\n"))
            }
            Action::Certificate { tenant, chain, key } => {
                let (chain, key) = (read(chain)?, read(key)?);
                store.set_certificate(&id(tenant)?, &chain, &key).await.map_err(Failure::new)?;
                tell(output, &format!("{tenant}: certificate taken\n"))
            }
            Action::Retention { tenant, days } => {
                store.set_retention(&id(tenant)?, *days).await.map_err(Failure::new)?;
                tell(output, &format!("{tenant}: decision records are kept {days} days\n"))
            }
            Action::History { tenant, signature } => history(store, tenant, signature, output).await,
            Action::Restore { tenant, signature, number } => {
                let revision = store.restore(&id(tenant)?, signature, *number).await.map_err(Failure::new)?;
                tell(output, &format!("{tenant}: revision {}\n", revision.0))
            }
            Action::Leave { tenant } => {
                let now_ms = Timestamp::now().as_millisecond();
                let Revision(revision) = store.leave(&id(tenant)?, now_ms).await.map_err(Failure::new)?;
                tell(output, &format!("{tenant}: revision {revision}, relayed unsigned until no mail comes\n"))
            }
            Action::Stay { tenant } => {
                let now_ms = Timestamp::now().as_millisecond();
                let Revision(revision) = store.stay(&id(tenant)?, now_ms).await.map_err(Failure::new)?;
                tell(output, &format!("{tenant}: revision {revision}, it stays\n"))
            }
            Action::Subscribe { tenant, until } => {
                let ends_ms = until.map(Timestamp::as_millisecond);
                let now_ms = Timestamp::now().as_millisecond();
                store.subscribe(&id(tenant)?, ends_ms, now_ms).await.map_err(Failure::new)?;
                let until = until.map(|until| format!(" until {until:.0}")).unwrap_or_default();
                tell(output, &format!("{tenant}: subscribed{until}\n"))
            }
            Action::Delete { tenant, yes: false } => {
                Err(Failure::usage(format!("{tenant} would be gone with its secrets and records; say --yes")))
            }
            Action::Delete { tenant, yes: true } => {
                store.delete(&id(tenant)?).await.map_err(Failure::new)?;
                tell(output, &format!("{tenant}: deleted\n"))
            }
        }
    }
}

/// Each file by itself, some at a time; those without a problem are taken, and the rest is told at the end.
async fn import(store: &Store, files: &[PathBuf], output: &mut impl Write) -> Result<(), Failure> {
    let mut failures = Vec::new();
    let mut files = inside(files)?.into_iter().peekable();
    while files.peek().is_some() {
        let (mut paths, mut parsed, mut bytes) = (Vec::new(), Vec::new(), 0);
        while let Some(path) = files.next_if(|_| parsed.len() < AT_A_TIME && bytes < BYTES_AT_A_TIME) {
            let json = match read(&path) {
                Ok(json) => json,
                Err(failure) => {
                    failures.push(failure.text);
                    continue;
                }
            };
            bytes += json.len();
            match TenantFile::parse(&json) {
                Ok(file) => {
                    paths.push(path);
                    parsed.push(file);
                }
                Err(problems) => failures.extend(told(&path, &StoreError::Problems(problems))),
            }
        }
        for ((path, file), taken) in paths.iter().zip(&parsed).zip(store.import_all(&parsed).await) {
            match taken {
                Ok(revision) => tell(output, &format!("{}: revision {}\n", file.id.as_str(), revision.0))?,
                Err(error) => failures.extend(told(path, &error)),
            }
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(Failure::new(failures.join("\n"))) }
}

/// Line by line, each with the file.
fn told(path: &Path, error: &StoreError) -> Vec<String> {
    error.to_string().lines().map(|line| format!("{}: {line}", path.display())).collect()
}

/// The files, and those of the folders.
fn inside(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let failed = |error| Failure::new(format!("{}: {error}", path.display()));
        let entries = std::fs::read_dir(path).and_then(Iterator::collect::<std::io::Result<Vec<_>>>).map_err(failed)?;
        let mut found: Vec<PathBuf> = entries.iter().map(std::fs::DirEntry::path).collect();
        found.retain(|path| path.extension().is_some_and(|end| end == "json"));
        if found.is_empty() {
            return Err(Failure::new(format!("{}: no .json file in it", path.display())));
        }
        found.sort();
        files.append(&mut found);
    }
    Ok(files)
}

async fn export(store: &Store, tenant: &str, file: Option<&Path>, output: &mut impl Write) -> Result<(), Failure> {
    let exported = store.export(&id(tenant)?).await.map_err(Failure::new)?;
    let json = exported.ok_or_else(|| unknown(tenant))?.to_json();
    match file {
        Some(file) => std::fs::write(file, json).map_err(|error| Failure::new(format!("{}: {error}", file.display()))),
        None => tell(output, &json),
    }
}

async fn list(store: &Store, output: &mut impl Write) -> Result<(), Failure> {
    let mut text = String::new();
    for Listed { id, name, mode, domains, revision, certificate_not_after_ms } in
        store.list().await.map_err(Failure::new)?
    {
        let mode = match mode {
            Mode::Observe => "observe",
            Mode::Pilot { .. } => "pilot",
            Mode::Live => "live",
            Mode::Bypass => "bypass",
        };
        let certificate = certificate_not_after_ms
            .and_then(|end| Timestamp::from_millisecond(end).ok())
            .map_or("no certificate".to_owned(), |end| format!("certificate until {end:.0}"));
        let (id, domains) = (id.as_str(), domains.join(","));
        text.push_str(&format!("{id}\t{mode}\trevision {}\t{domains}\t{certificate}\t{name}\n", revision.0));
    }
    tell(output, &text)
}

async fn history(store: &Store, tenant: &str, signature: &str, output: &mut impl Write) -> Result<(), Failure> {
    let mut text = String::new();
    for Version { number, time_ms, author, signature } in
        store.history(&id(tenant)?, signature).await.map_err(Failure::new)?
    {
        let time = Timestamp::from_millisecond(time_ms).map_or_else(|_| String::new(), |time| format!("{time:.0}"));
        let name = signature.map_or("removed".to_owned(), |signature| signature.name);
        text.push_str(&format!("{number}\t{time}\t{author}\t{name}\n"));
    }
    tell(output, &text)
}

fn compose(word: Word, people: &[String], groups: &[String], marker: &Option<String>) -> Result<Mode, Failure> {
    let for_pilot = !people.is_empty() || !groups.is_empty() || marker.is_some();
    match (word, for_pilot) {
        (Word::Pilot, true) => {
            Ok(Mode::Pilot { people: people.to_vec(), groups: groups.to_vec(), marker: marker.clone() })
        }
        (Word::Pilot, false) => Err(Failure::usage("pilot for whom? Say --people, --groups or --marker")),
        (_, true) => Err(Failure::usage("--people, --groups and --marker go with pilot only")),
        (Word::Observe, false) => Ok(Mode::Observe),
        (Word::Live, false) => Ok(Mode::Live),
        (Word::Bypass, false) => Ok(Mode::Bypass),
    }
}

/// The instant at which a mode ends, if it does.
pub(super) fn ends(
    until: Option<Timestamp>,
    lasting: Option<SignedDuration>,
    now: Timestamp,
) -> Result<Option<Timestamp>, Failure> {
    let until = match (until, lasting) {
        (None, Some(lasting)) => Some(now.checked_add(lasting).map_err(Failure::usage)?),
        (until, _) => until,
    };
    match until {
        Some(until) if until <= now => Err(Failure::usage("the end of a mode must lie ahead")),
        until => Ok(until),
    }
}

pub(super) fn id(tenant: &str) -> Result<TenantId, Failure> {
    TenantId::parse(tenant).ok_or_else(|| unknown(tenant))
}

pub(super) fn unknown(tenant: &str) -> Failure {
    Failure::new(StoreError::UnknownTenant(tenant.to_owned()))
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| Failure::new(format!("{}: {error}", file.display())))
}

/// Files that become lasting together: so many, or so many octets and a file more.
const AT_A_TIME: usize = 64;
const BYTES_AT_A_TIME: usize = 4 << 20;
