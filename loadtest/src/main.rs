//! Load for Signet: a generator, a sink, contenders, and what the processes between them cost.
//!
//! Every run measures the floor too, the generator straight into the sink: what receiving and sending once costs on
//! this machine at this moment. Ratios to that floor hold on any machine; absolute figures do not. The SMTP codec is
//! its own, on both sides.

mod appliance;
mod certificates;
mod client;
mod database;
mod directory;
mod generator;
mod haproxy;
mod hostile;
mod intake;
mod integrity;
mod latency;
mod machine;
mod matrix;
mod memory;
mod message;
mod next_hop;
mod outcome;
mod postfix;
mod process;
mod region;
mod report;
mod scale;
mod scenario;
mod sink;
mod stage;
mod template;
mod tenants;
mod verify;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, Parser, Subcommand};

use report::Report;
use scenario::{Mail, Scenario};

#[derive(Parser)]
#[command(about = "Generates mail, takes it in again, and measures what lies between")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs scenarios.
    Run {
        /// Files of `loadtest/scenarios`.
        #[arg(required = true)]
        scenarios: Vec<PathBuf>,
        /// In scenarios of one cell, send these .eml files (or those in these folders) instead.
        #[arg(long)]
        mails: Vec<PathBuf>,
        #[command(flatten)]
        signet: Signet,
    },
    /// Passes one mail of 150 MB and compares the peak of Signet's memory with its idle figure.
    Memory {
        #[command(flatten)]
        signet: Signet,
        /// Octets of the mail.
        #[arg(long, default_value_t = 150_000_000)]
        octets: u64,
        /// Allowed growth of the peak, in MiB.
        #[arg(long, default_value_t = 16.0)]
        allowed_mebibytes: f64,
    },
}

#[derive(Args, Clone)]
struct Signet {
    /// The program under test.
    #[arg(long, default_value = "target/release/signet")]
    signet: PathBuf,
    /// Folder where results are appended; `-`: nowhere.
    #[arg(long, default_value = "loadtest/results")]
    results: PathBuf,
    /// The results' file is called after the day and this.
    #[arg(long, default_value = "load")]
    name: String,
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

/// Whether everything could be measured.
fn command(command: Command) -> io::Result<bool> {
    let mut report = Report::default();
    match command {
        Command::Run { scenarios, mails, signet } => {
            let read = |file: &PathBuf| Ok((file.clone(), Scenario::read(file)?));
            let scenarios: Vec<(PathBuf, Scenario)> = scenarios.iter().map(read).collect::<io::Result<_>>()?;
            for (file, mut scenario) in scenarios {
                if let (Scenario::Cell(cell), false) = (&mut scenario, mails.is_empty()) {
                    cell.mail = Mail::Files(mails.clone());
                }
                let began = Instant::now();
                if let Err(error) = run(&scenario, &signet.signet, &mut report) {
                    report.failed(&file.display().to_string(), &error);
                }
                report::progress(&format!("{}: {:.0} s", file.display(), began.elapsed().as_secs_f64()));
            }
            report.close(&signet.results, &signet.name)
        }
        Command::Memory { signet, octets, allowed_mebibytes } => {
            memory::one_mail(octets, allowed_mebibytes, &signet.signet, &mut report)?;
            report.close(&signet.results, "memory")
        }
    }
}

fn run(scenario: &Scenario, signet: &Path, report: &mut Report) -> io::Result<()> {
    match scenario {
        Scenario::OneMail(one) => memory::one_mail(one.octets, one.aim_mebibytes, signet, report),
        Scenario::Matrix(matrix) => matrix::run(matrix, signet, report),
        Scenario::Cell(cell) => matrix::cell(cell, signet, report),
        Scenario::Idle(idle) => memory::idle(idle, signet, report),
        Scenario::InFlight(in_flight) => memory::in_flight(in_flight, signet, report),
        Scenario::HalfLoad(half) => latency::run(half, signet, report),
        Scenario::SlowNextHop(slow) => next_hop::run(slow, signet, report),
        Scenario::SlowSenders(slow) => hostile::slow_senders(slow, signet, report),
        Scenario::Flood(flood) => hostile::flood(flood, signet, report),
        Scenario::Scale(scale) => scale::run(scale, signet, report),
        Scenario::Directory(directory) => directory::run(directory, signet, report),
        Scenario::Region(region) => region::run(region, signet, report),
    }
}
