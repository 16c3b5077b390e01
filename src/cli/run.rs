//! `signet run`: a parent and its worker (`parent.rs`); in the worker configuration, log, hardening, probes; then the edge, until it has drained.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use signet::actors::{Beside, Start, StartError};
use signet::config::Config;
use signet::events::health::Health;
use signet::events::{ApiStarted, OpsStarted, log};
use signet::net::poison::Poison;
use signet::web;

use super::parent::{self, Role};
use super::{ConfigFile, Failure, harden};

/// Begins the API when the process has its store; it ends with what is given.
fn serve_api(start: web::api::Start) -> Beside {
    Box::new(move |store| {
        let address = start.console.address;
        let api = web::api::start(start, Some(store)).map_err(|error| format!("console.address {address}: {error}"))?;
        ApiStarted { address: api.address() }.emit();
        Ok(Box::new(api))
    })
}

/// A blocked log must not keep a process from ending.
const LAST_LINES: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    config: ConfigFile,
    /// One process alone: nobody starts it again, or knows on which message it died.
    #[arg(long)]
    single: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.single {
        return take_mail(&arguments.config.file, None);
    }
    match parent::split()? {
        Role::Worker(poison) => take_mail(&arguments.config.file, Some(poison)),
        // The worker has said why.
        Role::Parent(end) if end.code() > 0 => Err(Failure { code: end.code(), text: String::new() }),
        Role::Parent(_) => Ok(()),
    }
}

fn take_mail(file: &Path, poison: Option<Poison>) -> Result<(), Failure> {
    // Everything is checked before a port is bound.
    let config = Config::load(file).map_err(|problems| Failure::configuration(file, &problems))?;
    // No message has been read, so that these are the first.
    config.imprint.words.clone().put_in_force();
    let lines = log::start(config.log).map_err(Failure::new)?;
    harden::hide_panics();
    harden::raise_descriptors();
    harden::lock_memory();
    // The only error is that a provider is there already.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    harden::draw_randomness();
    let health = Arc::new(Health::new(&config.site));
    let ops = web::start(config.ops.address, Arc::clone(&health))
        .map_err(|error| Failure::new(format!("ops.address {}: {error}", config.ops.address)))?;
    OpsStarted { address: ops.address() }.emit();
    let api = config.console.clone().map(|console| {
        serve_api(web::api::Start {
            console,
            store: config.store.clone(),
            image_base: config.images.base_url.clone(),
            directory: config.directory.clone(),
            mail: config.mail.clone(),
            next_hop: config.next_hop.clone(),
            edge: web::api::OfEdge {
                host_name: config.smtp.host_name.clone(),
                max_message_bytes: config.smtp.max_message_bytes,
            },
        })
    });
    let start = Start { file: file.to_owned(), config, health, log: lines.clone(), poison, beside: api };
    let ended = signet::actors::run(start).map_err(|error| match error {
        StartError::Broken => Failure { code: parent::PANICKED, text: error.to_string() },
        error => Failure::new(error),
    });
    drop(ops);
    lines.flush(LAST_LINES);
    ended
}
