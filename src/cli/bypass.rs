//! `signet bypass`: the operator's switch for the whole region. Mail goes on, unsigned, on every edge.

use std::io::Write;

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};

use signet::config;
use signet::store::{Bypass, Store};

use super::tenant::{ends, with_store};
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
    /// Relays everything of every tenant unsigned.
    On {
        /// When it ends by itself, as 2026-12-01T09:00:00Z.
        #[arg(long, value_name = "TIME")]
        until: Option<Timestamp>,
        /// The same from now on, as 90m or 2h.
        #[arg(long = "for", value_name = "DURATION", conflicts_with = "until")]
        lasting: Option<SignedDuration>,
        /// Why, for the audit trail and for who looks at /healthz.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Signs again.
    Off {
        /// Why, for the audit trail.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Tells whether it is on.
    Status,
}

pub(super) fn perform(arguments: &Arguments, output: &mut impl Write) -> Result<(), Failure> {
    let file = &arguments.config.file;
    let settings = config::Store::load(file).map_err(|problems| Failure::configuration(file, &problems))?;
    with_store(&settings, async |store| arguments.action.perform(store, output).await)
}

impl Action {
    async fn perform(&self, store: &Store, output: &mut impl Write) -> Result<(), Failure> {
        let because = |reason: &Option<String>| match reason {
            Some(reason) => store.because(reason),
            None => store.clone(),
        };
        let bypass = match self {
            Action::On { until, lasting, reason } => {
                let until = ends(*until, *lasting, Timestamp::now())?.map(Timestamp::as_millisecond);
                Some(because(reason).begin_bypass(until).await.map_err(Failure::new)?)
            }
            Action::Off { reason } => {
                because(reason).end_bypass().await.map_err(Failure::new)?;
                None
            }
            Action::Status => store.bypass().await.map_err(Failure::new)?,
        };
        tell(output, &told(bypass.as_ref()))
    }
}

fn told(bypass: Option<&Bypass>) -> String {
    let Some(Bypass { since_ms, until_ms, author, reason }) = bypass else { return "off\n".to_owned() };
    let time = |ms: i64| Timestamp::from_millisecond(ms).map_or_else(|_| String::new(), |time| format!("{time:.0}"));
    let until = until_ms.map_or("until it is ended".to_owned(), |end| format!("until {}", time(end)));
    let reason = reason.as_deref().unwrap_or("no reason given");
    format!("on\tsince {}\t{until}\t{author}\t{reason}\n", time(*since_ms))
}
