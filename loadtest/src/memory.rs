//! Proof that a message streams: one mail of 150 MB passes, and the peak of Signet's memory stays within a few MiB
//! of what it had when idle. Done by DATA and by BDAT, in plain and under TLS; its attachment must arrive unchanged.
//! The idle figure is that of a fresh process before its first mail, the strictest there is.

use std::fmt::Write;
use std::io;
use std::time::Duration;

use standin::tls;

use crate::Signet;
use crate::appliance::{Appliance, Certificates, EDGE, Setup};
use crate::client::Target;
use crate::generator::{self, Load};
use crate::message;
use crate::process;
use crate::report::{self, mebibytes};
use crate::scenario::{Framing, Mail, Proof, Scenario};
use crate::sink::{Look, Sink};
use crate::verify;

/// Runs it; whether every peak was within the allowance.
pub fn run(signet: &Signet, octets: u64, allowed_mebibytes: u64) -> io::Result<bool> {
    let mut text = format!("\n### One mail of {octets} octets\n\n{}; {}\n\n", process::date(), process::machine());
    text.push_str("| way | idle MiB | peak MiB | growth MiB | allowed MiB |\n|---|---|---|---|---|\n");
    let mut passed = true;
    let ways = [
        ("plain, DATA", Proof::Network, Framing::Data),
        ("plain, BDAT", Proof::Network, Framing::Bdat),
        ("TLS, DATA", Proof::Microsoft, Framing::Data),
        ("TLS, BDAT", Proof::Microsoft, Framing::Bdat),
    ];
    for (name, proof, framing) in ways {
        let (idle, peak) = pass(signet, octets, proof, framing)?;
        let growth = peak.saturating_sub(idle);
        passed &= growth <= allowed_mebibytes << 20;
        let _ = writeln!(
            text,
            "| {name} | {:.1} | {:.1} | {:.1} | {allowed_mebibytes} |",
            mebibytes(idle),
            mebibytes(peak),
            mebibytes(growth)
        );
    }
    report::publish(&signet.results, "memory.md", &text)?;
    println!("{}", if passed { "passed" } else { "NOT passed" });
    Ok(passed)
}

/// Memory of a fresh Signet when idle, and its peak while the mail passed.
fn pass(signet: &Signet, octets: u64, proof: Proof, framing: Framing) -> io::Result<(u64, u64)> {
    let certificates = Certificates::make(proof)?;
    let server =
        if proof.uses_tls() { Some(tls::server_config(std::slice::from_ref(&certificates.sink))?) } else { None };
    let sink = Sink::start(None, server, Duration::ZERO)?;
    let appliance = Appliance::start(&Setup {
        program: &signet.signet,
        proof,
        people: 1,
        connections: 1,
        certificates: &certificates,
        sink: sink.address,
    })?;
    let client = if proof.uses_tls() {
        let config = tls::client_config(certificates.authority.roots()?, Some(&certificates.generator))?;
        Some((config, EDGE.to_owned()))
    } else {
        None
    };
    let scenario = scenario(octets, proof, framing);
    let templates = message::templates(&scenario)?;
    let expected = templates.first().and_then(verify::digest);
    let process = appliance.process();
    let idle = process.resident()?;
    process.reset_peak()?;
    sink.look(Look::Digest);
    let target =
        Target { address: appliance.address, tls: client, framing, recipient: "bob@fabrikam.example".to_owned() };
    let outcome = generator::run(&Load {
        target,
        templates,
        connections: 1,
        messages: 1,
        messages_per_second: None,
        messages_per_connection: None,
        people: 1,
        first_id: 1,
    })?;
    let peak = process.peak()?;
    let digests = sink.seen().digests;
    if outcome.accepted != 1 || sink.messages() != 1 {
        let failure = outcome.failure.unwrap_or_default();
        return Err(io::Error::other(format!(
            "the mail was not accepted: {failure}\nsignet said: {}",
            appliance.log()
        )));
    }
    if digests.first() != expected.as_ref() {
        return Err(io::Error::other("the attachment was changed"));
    }
    if sink.octets() < octets - octets / 100 {
        return Err(io::Error::other(format!("only {} octets arrived", sink.octets())));
    }
    Ok((idle, peak))
}

fn scenario(octets: u64, proof: Proof, framing: Framing) -> Scenario {
    Scenario {
        name: String::new(),
        mail: Mail::Octets(octets),
        connections: 1,
        messages: 1,
        warm_up: 0,
        messages_per_second: None,
        messages_per_connection: None,
        framing,
        proof,
        people: 1,
        sink_delay_milliseconds: 0,
        repeats: 1,
        gate: None,
    }
}
