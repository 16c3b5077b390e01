//! `signet drain`: lets the edge that runs with the same configuration leave in order, as SIGTERM does.
//!
//! The edge's own probe says which process it is, and the signal goes there: who may send one is the operating
//! system's decision, and the port of the probes stays one that changes nothing. So the command works where the edge
//! runs, inside its container, as its user or as root.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use signet::config::Ops;

use super::{ConfigFile, Failure, health, tell};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    config: ConfigFile,
    /// Comes back only when the edge has left.
    #[arg(long)]
    wait: bool,
}

pub(super) fn perform(arguments: &Arguments, output: &mut impl Write) -> Result<(), Failure> {
    let file = &arguments.config.file;
    let ops = Ops::load(file).map_err(|problems| Failure::configuration(file, &problems))?;
    let (_, body) = health::ask(ops.address, "/healthz")?;
    let pid = process(&body)?;
    // SAFETY: the call takes and gives plain numbers.
    if unsafe { libc::kill(pid, libc::SIGTERM) } != 0 {
        return Err(Failure::new(format!("process {pid}: {}", std::io::Error::last_os_error())));
    }
    let draining = || match health::ask(ops.address, "/readyz") {
        Ok((_, state)) => state.trim() == "draining",
        // It had nothing to wait for.
        Err(_) => true,
    };
    until(Instant::now() + HEARS, draining)?;
    if arguments.wait {
        until(Instant::now() + LEAVES, || has_ended(pid))?;
        return tell(output, &format!("process {pid} has left\n"));
    }
    tell(output, &format!("process {pid} is draining\n"))
}

/// The process that the probe names, once it is clear that it is one of ours and on this machine.
fn process(healthz: &str) -> Result<i32, Failure> {
    let body: serde_json::Value = serde_json::from_str(healthz).map_err(|_| Failure::new("no edge answers there"))?;
    let pid = body["pid"].as_i64().and_then(|pid| i32::try_from(pid).ok()).filter(|pid| *pid > 0);
    let pid = pid.ok_or_else(|| Failure::new("no edge answers there"))?;
    let name = std::fs::read_to_string(place(pid).join("comm")).unwrap_or_default();
    match name.starts_with("signet") {
        true => Ok(pid),
        false => Err(Failure::new(format!("process {pid} is not here: run the command where the edge runs"))),
    }
}

fn place(pid: i32) -> PathBuf {
    Path::new("/proc").join(pid.to_string())
}

/// Gone, or only waiting for its parent to notice.
fn has_ended(pid: i32) -> bool {
    let status = std::fs::read_to_string(place(pid).join("status")).unwrap_or_default();
    !status.lines().any(|line| line.starts_with("State:") && !line.contains('Z'))
}

fn until(deadline: Instant, is_so: impl Fn() -> bool) -> Result<(), Failure> {
    while !is_so() {
        if Instant::now() >= deadline {
            return Err(Failure::new("the edge does not do as it is told; its log says why"));
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
    Ok(())
}

/// How long the edge may take to begin.
const HEARS: Duration = Duration::from_secs(10);
/// The longest hard stop, and the longest wait for a verdict after it.
const LEAVES: Duration = Duration::from_secs(3600 + 600);
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);
