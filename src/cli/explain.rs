//! `signet explain`: which signature each recipient of a message gets, and why, rule by rule.
//!
//! The same decision as on the mail path. The message is described by options or read from a file; nothing is sent
//! and nothing is written.

use std::io::Write;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use clap::{Args, ValueEnum};
use jiff::Timestamp;

use signet::config::{self, word_files};
use signet::imprint::StampKey;
use signet::store::Stored;
use signet::tenant::{
    self, ControlCharacter, Description, Envelope, Inquiry, Problem, Revision, Secrets, Snapshot, TenantFile,
};

use super::tenant::{id, unknown, with_store};
use super::{ConfigFile, Failure, tell};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A tenant of the store.
    #[arg(long, value_name = "ID", required_unless_present = "tenant_file", conflicts_with = "tenant_file")]
    tenant: Option<String>,
    /// A tenant file instead, imported or not. A mark in HTML is nobody's then.
    #[arg(long, value_name = "FILE")]
    tenant_file: Option<PathBuf>,
    /// Who sends: the address in From and in the envelope; with --message, that in the envelope alone.
    #[arg(long, value_name = "ADDRESS", required_unless_present = "message")]
    from: Option<String>,
    /// Who gets it.
    #[arg(long, value_name = "ADDRESS", required = true, value_delimiter = ',')]
    to: Vec<String>,
    /// A message from a file, instead of the following.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["subject", "kind", "format", "importance", "label", "attachment"])]
    message: Option<PathBuf>,
    /// Folder with words of one's own by which quoted text is found, where the edge has some.
    #[arg(long, value_name = "FOLDER")]
    words: Option<PathBuf>,
    #[arg(long, default_value = "")]
    subject: String,
    #[arg(long, value_enum, default_value_t = MessageKind::First)]
    kind: MessageKind,
    #[arg(long, value_enum, default_value_t = Format::Html)]
    format: Format,
    #[arg(long, value_enum)]
    importance: Option<Importance>,
    /// Name of its sensitivity label.
    #[arg(long, value_name = "NAME")]
    label: Option<String>,
    /// With an attachment.
    #[arg(long)]
    attachment: bool,
    /// Its size in octets; with --message, that of the file.
    #[arg(long, value_name = "OCTETS")]
    size: Option<u64>,
    /// When, as 2026-12-01T09:00:00Z; without it, now.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// As JSON, for scripts.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum MessageKind {
    First,
    Reply,
    Forward,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Html,
    Plain,
    Rtf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Importance {
    Low,
    Normal,
    High,
}

pub(super) fn perform(arguments: &Arguments, output: &mut impl Write) -> Result<(), Failure> {
    if let Some(folder) = &arguments.words {
        word_files(folder).map_err(|wrong| Failure::new(wrong.join("\n")))?.put_in_force();
    }
    let snapshot = snapshot(arguments)?;
    let (inquiry, octets) = match &arguments.message {
        Some(file) => read(file, arguments.size)?,
        None => (described(arguments)?, arguments.size),
    };
    let sender = arguments.from.clone().or_else(|| inquiry.headers.addresses("From").into_iter().next());
    let envelope = Envelope { sender: sender.as_deref(), recipients: &arguments.to, octets };
    let now = arguments.at.unwrap_or_else(Timestamp::now);
    let answer = inquiry.explain(&snapshot, envelope, now);
    if arguments.json {
        let json = serde_json::to_string_pretty(&answer).map_err(Failure::new)?;
        return tell(output, &format!("{json}\n"));
    }
    if let (Some(word), true) = (answer.left, answer.explanations.is_empty()) {
        return tell(output, &format!("Left as it came, whatever the rules say: {word}.\n"));
    }
    for explanation in &answer.explanations {
        tell(output, &explanation.to_string())?;
    }
    if answer.recipients_differ {
        tell(output, "Not all recipients get the same: each kind gets its own copy of the message.\n")?;
    }
    Ok(())
}

fn snapshot(arguments: &Arguments) -> Result<Snapshot, Failure> {
    let stored = match (&arguments.tenant, &arguments.tenant_file) {
        (_, Some(file)) => {
            let json = std::fs::read(file).map_err(|error| unreadable(file, &error))?;
            let parsed = TenantFile::parse(&json);
            let taken = parsed.and_then(|parsed| Snapshot::compile(parsed, no_secrets(), Revision(0)));
            return taken.map_err(|problems| several(file, &problems));
        }
        (Some(tenant), None) => {
            let file = &arguments.config.file;
            let settings = config::Store::load(file).map_err(|problems| Failure::configuration(file, &problems))?;
            with_store(&settings, async |store| {
                store.load(&id(tenant)?).await.map_err(Failure::new)?.ok_or_else(|| unknown(tenant))
            })?
        }
        (None, None) => return Err(Failure::usage("which tenant? Say --tenant or --tenant-file")),
    };
    let Stored { file, secrets, revision } = stored;
    let id = PathBuf::from(file.id.as_str());
    Snapshot::compile(file, secrets, revision).map_err(|problems| several(&id, &problems))
}

/// Of a file that no store knows. Nothing is made with them.
fn no_secrets() -> Secrets {
    let key = StampKey { id: "none".to_owned(), secret: [0; 32] };
    Secrets { stamp_keys: vec![key], loop_word: "none".to_owned(), trace_key: [0; 32] }
}

/// A message as the options describe it.
fn described(arguments: &Arguments) -> Result<Inquiry, Failure> {
    let Arguments { from, subject, kind, format, importance, label, attachment, .. } = arguments;
    let description = Description {
        from: from.clone().unwrap_or_default(),
        subject: subject.clone(),
        kind: match kind {
            MessageKind::First => tenant::MessageKind::First,
            MessageKind::Reply => tenant::MessageKind::Reply,
            MessageKind::Forward => tenant::MessageKind::Forward,
        },
        format: match format {
            Format::Html => tenant::Format::Html,
            Format::Plain => tenant::Format::Plain,
            Format::Rtf => tenant::Format::Rtf,
        },
        importance: importance.map(|importance| match importance {
            Importance::Low => tenant::Importance::Low,
            Importance::Normal => tenant::Importance::Normal,
            Importance::High => tenant::Importance::High,
        }),
        label: label.clone(),
        attachment: *attachment,
    };
    let wrong = |ControlCharacter(name)| Failure::usage(format!("--{name} has a control character in it"));
    Inquiry::described(&description).map_err(wrong)
}

/// A message from a file, and its size.
fn read(file: &Path, size: Option<u64>) -> Result<(Inquiry, Option<u64>), Failure> {
    let octets = std::fs::read(file).map_err(|error| unreadable(file, &error))?;
    let length = u64::try_from(octets.len()).ok();
    let inquiry = Inquiry::read(Bytes::from(octets));
    let inquiry = inquiry.ok_or_else(|| Failure::new(format!("{}: no message", file.display())))?;
    Ok((inquiry, size.or(length)))
}

fn several(file: &Path, problems: &[Problem]) -> Failure {
    let lines: Vec<String> = problems.iter().map(|problem| format!("{}: {problem}", file.display())).collect();
    Failure::new(lines.join("\n"))
}

fn unreadable(file: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", file.display()))
}
