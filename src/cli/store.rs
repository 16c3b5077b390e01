//! `signet store` and `signet key --add`: the store as a whole, and the keys that seal it.

use std::io::Write;
use std::path::Path;

use clap::{Args, Subcommand};

use signet::config;

use super::tenant::with_store;
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
    /// Seals every secret anew, with the last key of the key file. Interrupted, it is simply run again.
    RotateKey,
}

pub(super) fn perform(arguments: &Arguments, output: &mut impl Write) -> Result<(), Failure> {
    let file = &arguments.config.file;
    let settings = config::Store::load(file).map_err(|problems| Failure::configuration(file, &problems))?;
    match arguments.action {
        Action::RotateKey => with_store(&settings, async |store| {
            let done = store.rotate_key().await.map_err(Failure::new)?;
            let text = format!("{} secrets sealed anew; {} had the newest key before.\n", done.sealed, done.before);
            tell(output, &text)
        }),
    }
}

/// Adds a key to the file of the configuration.
pub(super) fn add_key(file: &Path, output: &mut impl Write) -> Result<(), Failure> {
    let key_file = config::Store::key_file(file).map_err(|problems| Failure::configuration(file, &problems))?;
    config::add_key(&key_file).map_err(Failure::new)?;
    let key_file = key_file.display();
    tell(
        output,
        &format!(
            "{key_file}: a key added. Copy the file to every edge of this store, then run `signet store rotate-key`.\n"
        ),
    )
}
