//! `signet explain`: which signature each recipient of a message gets, and why, rule by rule.
//!
//! The same decision as on the mail path. The message is described by options or read from a file; nothing is sent
//! and nothing is written.

use std::io::Write;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use clap::{Args, ValueEnum};
use jiff::Timestamp;

use signet::config;
use signet::imprint::{BodyFacts, Fate, HeaderBlock, Imprinter, Kind, Limits, Reason, StampKey, Step};
use signet::store::Stored;
use signet::tenant::{Envelope, Explanation, Problem, Question, Revision, Secrets, Snapshot, TenantFile};

use super::tenant::{id, unknown, with_store};
use super::{ConfigFile, Failure, tell};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A tenant of the store.
    #[arg(long, value_name = "ID", required_unless_present = "tenant_file", conflicts_with = "tenant_file")]
    tenant: Option<String>,
    /// A tenant file instead, imported or not. Whether a text is signed already is not known then.
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

/// What there is to know of a message.
struct Message {
    headers: HeaderBlock,
    body: Result<BodyFacts, Reason>,
    octets: Option<u64>,
}

pub(super) fn perform(arguments: &Arguments, output: &mut impl Write) -> Result<(), Failure> {
    let snapshot = snapshot(arguments)?;
    let message = match &arguments.message {
        Some(file) => read(file, arguments.size)?,
        None => described(arguments)?,
    };
    let body = match &message.body {
        Ok(body) => body,
        Err(reason) => {
            return tell(output, &format!("Left as it came, whatever the rules say: {}.\n", reason.word()));
        }
    };
    let sender = arguments.from.clone().or_else(|| message.headers.addresses("From").into_iter().next());
    let envelope = Envelope { sender: sender.as_deref(), recipients: &arguments.to, octets: message.octets };
    let now = arguments.at.unwrap_or_else(Timestamp::now);
    let headers = &message.headers;
    let explain = |recipient| snapshot.explain(&Question { envelope, headers, body, recipient, now });
    let explanations: Vec<Explanation> = (0..arguments.to.len()).map(explain).collect();
    if arguments.json {
        let json = serde_json::to_string_pretty(&explanations).map_err(Failure::new)?;
        return tell(output, &format!("{json}\n"));
    }
    for explanation in &explanations {
        tell(output, &explanation.to_string())?;
    }
    let mut answers = explanations.iter().map(|one| (&one.signatures, one.left));
    let first = answers.next();
    if answers.any(|other| Some(other) != first) {
        tell(output, "The recipients would get different signatures; such a message is left as it came.\n")?;
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
fn described(arguments: &Arguments) -> Result<Message, Failure> {
    let Arguments { from, subject, kind, format, importance, label, attachment, size, .. } = arguments;
    let mut head = String::new();
    let mut field = |name: &str, value: &str| {
        if value.chars().any(char::is_control) {
            return Err(Failure::usage(format!("{name} has a control character in it")));
        }
        head.push_str(&format!("{name}: {value}\r\n"));
        Ok(())
    };
    field("From", from.as_deref().unwrap_or_default())?;
    field("Subject", subject)?;
    if let Some(importance) = importance {
        let word = match importance {
            Importance::Low => "low",
            Importance::Normal => "normal",
            Importance::High => "high",
        };
        field("Importance", word)?;
    }
    if let Some(label) = label {
        field("msip_labels", &format!("MSIP_Label_0_Enabled=true; MSIP_Label_0_Name={label}"))?;
    }
    field("X-MS-Has-Attach", if *attachment { "yes" } else { "" })?;
    if *format == Format::Rtf {
        field("X-MS-TNEF-Correlator", "<explain>")?;
    }
    head.push_str("\r\n");
    let kind = match kind {
        MessageKind::First => Kind::First,
        MessageKind::Reply => Kind::Reply,
        MessageKind::Forward => Kind::Forward,
    };
    let body = BodyFacts { kind, html: *format == Format::Html, plain: true, signature_words: Vec::new() };
    Ok(Message { headers: HeaderBlock::parse(Bytes::from(head)), body: Ok(body), octets: *size })
}

/// A message from a file, seen as the engine sees it.
fn read(file: &Path, size: Option<u64>) -> Result<Message, Failure> {
    let octets = std::fs::read(file).map_err(|error| unreadable(file, &error))?;
    let length = u64::try_from(octets.len()).ok();
    let mut imprinter = Imprinter::new(Limits::default(), [0; 16]);
    imprinter.feed(Bytes::from(octets));
    imprinter.end();
    let (mut headers, mut body) = (None, None);
    loop {
        match imprinter.poll() {
            Step::Headers(block) => {
                headers = Some(block);
                imprinter.go_on();
            }
            Step::Body(facts) => {
                body = Some(facts);
                imprinter.leave(Reason::Observe);
            }
            Step::Output(_) => {}
            // Everything was fed: it asks for nothing more, and if it did this would be its end.
            Step::NeedInput => imprinter.leave(Reason::Fault),
            Step::Done(outcome) => {
                let reason = match outcome.fate {
                    Fate::Left(reason) => reason,
                    Fate::Signed => Reason::Fault,
                };
                let headers = headers.ok_or_else(|| Failure::new(format!("{}: no message", file.display())))?;
                return Ok(Message { headers, body: body.ok_or(reason), octets: size.or(length) });
            }
        }
    }
}

fn several(file: &Path, problems: &[Problem]) -> Failure {
    let lines: Vec<String> = problems.iter().map(|problem| format!("{}: {problem}", file.display())).collect();
    Failure::new(lines.join("\n"))
}

fn unreadable(file: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", file.display()))
}
