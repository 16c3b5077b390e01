//! The command line: parses it, does one thing, and ends with 0 (done), 1 (failed), 2 (usage) or 64 (configuration).
//!
//! What was asked for goes to standard output, everything else to standard error.

mod account;
mod audit;
mod bypass;
mod connect;
mod directory;
mod drain;
mod explain;
mod harden;
mod health;
mod imprint;
mod parent;
mod run;
mod store;
mod tenant;
mod token;

use std::fmt::Display;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use signet::config::{Config, Problems, Store, create_key_file};

/// Stamps e-mail signatures in transit between Microsoft 365 and itself, and stores no mail.
#[derive(Debug, Parser)]
#[command(name = "signet", version, propagate_version = true)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Takes mail until it is told to stop (SIGTERM).
    Run(run::Arguments),
    /// Checks a configuration and starts nothing.
    Check {
        /// The configuration.
        #[arg(default_value = DEFAULT_FILE)]
        file: PathBuf,
    },
    /// Makes the key file that seals the store, or adds a key to it.
    Key {
        /// Adds a new key, for `signet store rotate-key`; the old ones stay.
        #[arg(long)]
        add: bool,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Puts a signature into one message, from standard input to standard output.
    Imprint(imprint::Arguments),
    /// Works on the store as a whole.
    Store(store::Arguments),
    /// Imports, exports and changes tenants.
    Tenant(tenant::Arguments),
    /// Reads the directories of tenants from Microsoft Entra.
    Directory(directory::Arguments),
    /// Switches signing off for the whole region: mail goes on, unsigned.
    Bypass(bypass::Arguments),
    /// Puts people into the teams of tenants, who sign in to the console.
    Account(account::Arguments),
    /// Examines the audit trail, and lets old acts go.
    Audit(audit::Arguments),
    /// Makes, lists and ends tokens of the API.
    Token(token::Arguments),
    /// Tells which signature each recipient of a message gets, and why.
    Explain(explain::Arguments),
    /// Prints the PowerShell that connects a tenant's Microsoft 365.
    Connect(connect::Arguments),
    /// Asks a running edge whether it is ready.
    Health(ConfigFile),
    /// Lets a running edge leave in order, as SIGTERM does.
    Drain(drain::Arguments),
    /// Prints the JSON Schema of the tenant file.
    Schema,
    /// Prints the OpenAPI document of the API.
    Openapi,
}

/// Where the configuration lies.
#[derive(Debug, Args)]
struct ConfigFile {
    /// The configuration.
    #[arg(id = "config", long = "config", value_name = "FILE", default_value = DEFAULT_FILE, global = true)]
    file: PathBuf,
}

const DEFAULT_FILE: &str = "signet.toml";

/// What there is to tell, and the exit code.
#[derive(Debug, PartialEq, Eq)]
struct Failure {
    code: u8,
    text: String,
}

const FAILED: u8 = 1;
const USAGE: u8 = 2;
/// A code of its own, so that a supervisor can leave the program alone until a human has been there.
const CONFIGURATION: u8 = 64;

impl Failure {
    fn new(cause: impl Display) -> Failure {
        Failure { code: FAILED, text: cause.to_string() }
    }

    fn usage(cause: impl Display) -> Failure {
        Failure { code: USAGE, text: cause.to_string() }
    }

    /// Every problem on a line of its own, with the file before it.
    fn configuration(file: &Path, Problems(problems): &Problems) -> Failure {
        let lines: Vec<String> = problems.iter().map(|problem| format!("{}: {problem}", file.display())).collect();
        Failure { code: CONFIGURATION, text: lines.join("\n") }
    }
}

/// Parses the arguments of the process and does what they say.
pub fn main() -> ExitCode {
    // Clap tells what is wrong with the arguments itself, and ends with 2; help and version with 0.
    let program = Program::parse();
    harden::process();
    // Not locked: the log of a running edge writes there from a thread of its own.
    match program.command.perform(&mut io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { code, text }) => {
            if !text.is_empty() {
                // Nobody may be left to read it.
                drop(writeln!(io::stderr(), "{text}"));
            }
            ExitCode::from(code)
        }
    }
}

impl Command {
    fn perform(self, output: &mut impl Write) -> Result<(), Failure> {
        match self {
            Command::Run(arguments) => run::run(&arguments),
            Command::Check { file } => check(&file, output),
            Command::Key { add: false, config } => make_key(&config.file, output),
            Command::Key { add: true, config } => store::add_key(&config.file, output),
            Command::Imprint(arguments) => imprint::perform(&arguments, &mut io::stdin().lock(), output),
            Command::Store(arguments) => store::perform(&arguments, output),
            Command::Tenant(arguments) => tenant::perform(&arguments, output),
            Command::Directory(arguments) => directory::perform(&arguments, output),
            Command::Bypass(arguments) => bypass::perform(&arguments, output),
            Command::Account(arguments) => account::perform(&arguments, output),
            Command::Audit(arguments) => audit::perform(&arguments, output),
            Command::Token(arguments) => token::perform(&arguments, output),
            Command::Explain(arguments) => explain::perform(&arguments, output),
            Command::Connect(arguments) => connect::perform(&arguments, output),
            Command::Health(config) => health::perform(&config.file, output),
            Command::Drain(arguments) => drain::perform(&arguments, output),
            Command::Schema => tell(output, &signet::tenant::schema()),
            Command::Openapi => tell(output, &signet::web::api::document()),
        }
    }
}

fn check(file: &Path, output: &mut impl Write) -> Result<(), Failure> {
    let config = Config::load(file).map_err(|problems| Failure::configuration(file, &problems))?;
    let count = config.listeners.len();
    let word = if count == 1 { "listener" } else { "listeners" };
    tell(output, &format!("{}: no problem found; site {}, {count} {word}.\n", file.display(), config.site))
}

fn make_key(file: &Path, output: &mut impl Write) -> Result<(), Failure> {
    let key_file = Store::key_file(file).map_err(|problems| Failure::configuration(file, &problems))?;
    create_key_file(&key_file).map_err(Failure::new)?;
    let key_file = key_file.display();
    tell(output, &format!("{key_file}: made. Keep a copy elsewhere; without it the store cannot be read.\n"))
}

fn tell(output: &mut impl Write, text: &str) -> Result<(), Failure> {
    output.write_all(text.as_bytes()).and_then(|()| output.flush()).map_err(Failure::new)
}

#[cfg(test)]
mod tests;
