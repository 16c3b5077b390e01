//! Load for Signet: a generator, a sink, and what the process between them costs.
//!
//! Every run measures the floor too, the generator straight into the sink: what receiving and sending once costs on
//! this machine at this moment. Ratios to that floor hold on any machine; absolute figures do not. `loadtest
//! memory` shows that the memory of a message does not grow with its size. The SMTP codec is its own.

mod appliance;
mod client;
mod generator;
mod memory;
mod message;
mod process;
mod report;
mod run;
mod scenario;
mod sink;
mod template;
mod verify;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Generates mail, takes it in again, and measures what lies between")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs scenarios: floor and Signet, in turns, in one run.
    Run {
        /// Files of `loadtest/scenarios`.
        #[arg(required = true)]
        scenarios: Vec<PathBuf>,
        #[command(flatten)]
        signet: Signet,
        /// Measure what already listens here instead of starting Signet; it must hand on to --sink.
        #[arg(long, requires = "sink")]
        target: Option<SocketAddr>,
        /// Address for the sink to listen on; a free port of loopback if not given.
        #[arg(long)]
        sink: Option<SocketAddr>,
        /// Process of --target, for its processor time and memory.
        #[arg(long)]
        pid: Option<u32>,
        /// Exit 1 when a ratio is above the scenario's gate.
        #[arg(long)]
        gate: bool,
    },
    /// Passes one mail of 150 MB and compares the peak of Signet's memory with its idle figure.
    Memory {
        #[command(flatten)]
        signet: Signet,
        /// Octets of the mail.
        #[arg(long, default_value_t = 150_000_000)]
        octets: u64,
        /// Allowed growth of the peak, in MiB.
        #[arg(long, default_value_t = 16)]
        allowed_mebibytes: u64,
    },
}

#[derive(Args, Clone)]
pub struct Signet {
    /// The program under test.
    #[arg(long, default_value = "target/release/signet")]
    signet: PathBuf,
    /// Folder where results are appended; `-`: nowhere.
    #[arg(long, default_value = "loadtest/results")]
    results: PathBuf,
}

fn main() -> ExitCode {
    match command(Arguments::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("loadtest: {error}");
            ExitCode::FAILURE
        }
    }
}

fn command(command: Command) -> io::Result<bool> {
    match command {
        Command::Run { scenarios, signet, target, sink, pid, gate } => {
            let between = match target {
                Some(address) => run::Between::Running { address, pid },
                None => run::Between::Started,
            };
            let mut passed = true;
            for file in &scenarios {
                let scenario = scenario::Scenario::read(file)?;
                passed &= run::run(&scenario, &between, sink, &signet)?;
            }
            Ok(passed || !gate)
        }
        Command::Memory { signet, octets, allowed_mebibytes } => memory::run(&signet, octets, allowed_mebibytes),
    }
}
