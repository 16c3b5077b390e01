//! The life of the process, from its start to its orderly end, and what ends it otherwise: what it follows while it
//! runs, how it stands, how it leaves.
//!
//! Each is logged once and counted once, as everything here.

use std::net::SocketAddr;
use std::time::Duration;

use super::{Reload, ReloadCause, milliseconds};
use crate::metrics::metrics;

/// The process is ready to take mail.
#[derive(Debug)]
pub struct Started<'a> {
    pub site: &'a str,
    /// As bound: with the real ports.
    pub listeners: &'a [SocketAddr],
    pub tenants: usize,
}

impl Started<'_> {
    pub fn emit(&self) {
        let version = env!("CARGO_PKG_VERSION");
        let Started { site, listeners, tenants } = self;
        let pid = std::process::id();
        tracing::info!(version, pid, site, ?listeners, tenants, "Started.");
    }
}

/// Probes and metrics answer.
#[derive(Debug)]
pub struct OpsStarted {
    /// As bound: with the real port.
    pub address: SocketAddr,
}

impl OpsStarted {
    pub fn emit(&self) {
        tracing::info!(address = %self.address, "Ops listener started.");
    }
}

/// The API answers.
#[derive(Debug)]
pub struct ApiStarted {
    /// As bound: with the real port.
    pub address: SocketAddr,
}

impl ApiStarted {
    pub fn emit(&self) {
        tracing::info!(address = %self.address, "API listener started.");
    }
}

/// One of our own TLS ports was looked at as a stranger sees it.
#[derive(Debug)]
pub struct OwnTlsSeen<'a> {
    /// Its number in the configuration, or `console`.
    pub listener: &'a str,
    pub is_sound: bool,
    /// Of the certificate.
    pub issuer: &'a str,
    /// Empty while it is sound.
    pub wrong: &'a str,
    pub now_ms: i64,
}

impl OwnTlsSeen<'_> {
    pub fn emit(&self) {
        let OwnTlsSeen { listener, is_sound, issuer, wrong, now_ms } = self;
        match is_sound {
            true => tracing::info!(listener, issuer, "TLS looked at."),
            false => tracing::error!(listener, issuer, cause = wrong, "TLS is not as it should be."),
        }
        metrics().tls_probe_up.with_label_values(&[listener]).set(i64::from(*is_sound));
        metrics().tls_probe_timestamp_seconds.with_label_values(&[listener]).set(now_ms / 1000);
    }
}

/// The operator has switched signing off for the whole region, or on again.
#[derive(Debug)]
pub struct RegionBypassed {
    pub is_on: bool,
}

impl RegionBypassed {
    pub fn emit(&self) {
        match self.is_on {
            true => tracing::warn!("Region bypassed: nothing is signed."),
            false => tracing::info!("Region signs again."),
        }
    }
}

/// A request to the API was answered.
#[derive(Debug)]
pub struct ApiAnswered<'a> {
    pub method: &'a str,
    /// The route, not the path: that may hold an address.
    pub route: &'a str,
    pub status: u16,
    /// The id of the token, or of the account.
    pub caller: Option<&'a str>,
    pub took: Duration,
}

impl ApiAnswered<'_> {
    pub fn emit(&self) {
        let class = match self.status {
            0..400 => "done",
            400..500 => "refused",
            _ => "failed",
        };
        metrics().api_answered_total.with_label_values(&[class]).inc();
        let ApiAnswered { method, route, status, caller, took } = self;
        tracing::debug!(method, route, status, caller, milliseconds = milliseconds(*took), "API answered.");
    }
}

/// The relay took a mail of the console's own.
#[derive(Debug)]
pub struct LetterSent;

impl LetterSent {
    pub fn emit(&self) {
        metrics().letter_tried_total.with_label_values(&["sent"]).inc();
        tracing::debug!("Letter sent.");
    }
}

/// The relay did not take a mail of the console's own.
#[derive(Debug)]
pub struct LetterRefused<'a> {
    /// Without the address.
    pub cause: &'a str,
    /// It will be tried again.
    pub again: bool,
}

impl LetterRefused<'_> {
    pub fn emit(&self) {
        let LetterRefused { cause, again } = self;
        metrics().letter_tried_total.with_label_values(&[if *again { "again" } else { "lost" }]).inc();
        tracing::warn!(cause, again, "Letter refused.");
    }
}

/// The system may write our memory to its swap space, mail with it. A human should take that away.
#[derive(Debug)]
pub struct MemoryMaySwap;

impl MemoryMaySwap {
    pub fn emit(&self) {
        tracing::warn!(
            "Memory may be swapped to disk: allow the process to lock it (ulimit -l unlimited) or turn swap off."
        );
    }
}

/// The node became up, draining or down.
#[derive(Debug)]
pub struct HealthChanged<'a> {
    /// `up`, `draining` or `down`.
    pub state: &'static str,
    pub reasons: &'a [String],
}

impl HealthChanged<'_> {
    pub fn emit(&self) {
        metrics().health_state_up.set(i64::from(self.state == "up"));
        let HealthChanged { state, reasons } = self;
        match *state {
            "down" => tracing::error!(state, ?reasons, "Health changed."),
            _ => tracing::info!(state, ?reasons, "Health changed."),
        }
    }
}

/// A configuration, or files it names, were read again and count for every new session.
#[derive(Debug)]
pub struct ConfigurationReloaded {
    pub cause: ReloadCause,
}

impl ConfigurationReloaded {
    pub fn emit(&self) {
        metrics().config_reload_total.with_label_values(&[Reload::Done.word()]).inc();
        tracing::info!(cause = self.cause.word(), "Configuration reloaded.");
    }
}

/// What was read again cannot be put in force; what was stays, and a human should look.
#[derive(Debug)]
pub struct ConfigurationRefused<'a> {
    pub cause: ReloadCause,
    /// All of them, as `signet check` tells them.
    pub problems: &'a [String],
}

impl ConfigurationRefused<'_> {
    pub fn emit(&self) {
        metrics().config_reload_total.with_label_values(&[Reload::Refused.word()]).inc();
        tracing::error!(cause = self.cause.word(), problems = ?self.problems, "Configuration not reloaded.");
    }
}

/// This node begins to leave.
#[derive(Debug)]
pub struct DrainStarted {
    pub sessions: u64,
}

impl DrainStarted {
    pub fn emit(&self) {
        metrics().drain_started_total.inc();
        tracing::info!(sessions = self.sessions, "Drain started.");
    }
}

/// This node has left, or gave up waiting.
#[derive(Debug)]
pub struct DrainFinished {
    /// Sessions that were cut; 0 in a good drain.
    pub cut: u64,
    pub took: Duration,
}

impl DrainFinished {
    pub fn emit(&self) {
        let took_ms = milliseconds(self.took);
        match self.cut {
            0 => tracing::info!(cut = self.cut, took_ms, "Drain finished."),
            _ => tracing::error!(cut = self.cut, took_ms, "Drain finished."),
        }
    }
}

/// The worker before this one was ended by a signal or a panic. What it was working on will pass unparsed, where that can be the
/// cause.
#[derive(Debug)]
pub struct WorkerDied {
    /// Since the parent began.
    pub count: u64,
    /// Of the last death.
    pub signal: u32,
    /// Messages under suspicion.
    pub suspects: u32,
}

impl WorkerDied {
    pub fn emit(&self) {
        metrics().process_worker_died_total.inc_by(self.count);
        let WorkerDied { count, signal, suspects } = self;
        tracing::error!(count, signal, suspects, "Worker died.");
    }
}

/// A panic, told by its place alone: its text may quote what was being worked on.
#[derive(Debug)]
pub struct Panicked<'a> {
    /// `file:line:column` of our source.
    pub place: &'a str,
}

impl Panicked<'_> {
    pub fn emit(&self) {
        metrics().process_panic_total.inc();
        tracing::error!(place = self.place, "Panicked.");
    }
}

/// A panic has ended what serves a whole core, or the writer of records.
#[derive(Debug)]
pub struct Broken;

impl Broken {
    pub fn emit(&self) {
        tracing::error!("A part of the process is gone; it drains and is started again.");
    }
}
