//! The condition of this node: up, draining or down, with reasons.
//!
//! Those who notice something tell it here; probes and the balancer read it. A store that is gone is no fault: mail
//! goes on without it (fault 40), only the age of the snapshot grows. Every change of state is an event. What a human
//! should look at, but keeps no mail away, is a warning: it shows beside the state and does not change it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::HealthChanged;
use crate::metrics::metrics;

/// What a balancer makes of this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Up,
    /// Leaves on purpose; what runs is finished.
    Draining,
    Down,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            State::Up => "up",
            State::Draining => "draining",
            State::Down => "down",
        }
    }
}

/// The condition of this node. Begins as down, reason `starting`.
#[derive(Debug)]
pub struct Health {
    site: String,
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    started: bool,
    draining: bool,
    /// By a short name.
    faults: BTreeMap<&'static str, String>,
    /// By a short name.
    warnings: BTreeMap<&'static str, String>,
    /// End of life by number of the listener, unix time in milliseconds.
    certificates: BTreeMap<usize, i64>,
    tenants: usize,
    checked: Option<Instant>,
    /// What was told last.
    told: State,
}

/// The condition at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub state: State,
    pub reasons: Vec<String>,
    pub warnings: Vec<String>,
    pub site: String,
    pub tenants: usize,
    /// Seconds since the store was last asked for changes, by this process or the one that made its copy; `None`: never.
    pub snapshot_age_seconds: Option<u64>,
    /// Days left by number of the listener.
    pub certificate_days: BTreeMap<usize, i64>,
}

impl Health {
    pub fn new(site: &str) -> Health {
        let known = Known {
            started: false,
            draining: false,
            faults: BTreeMap::new(),
            warnings: BTreeMap::new(),
            certificates: BTreeMap::new(),
            tenants: 0,
            checked: None,
            told: State::Down,
        };
        Health { site: site.to_owned(), known: Mutex::new(known) }
    }

    /// All listeners are open and a snapshot is there.
    pub fn started(&self) {
        self.change(|known| known.started = true);
    }

    /// This node leaves. There is no way back but a new process.
    pub fn drain(&self) {
        self.change(|known| known.draining = true);
    }

    /// Something is wrong that must keep mail away from this node, or is not any more (`None`).
    pub fn fault(&self, name: &'static str, text: Option<String>) {
        self.change(|known| match text {
            Some(text) => drop(known.faults.insert(name, text)),
            None => drop(known.faults.remove(name)),
        });
    }

    /// Something that a human should look at, or need not any more (`None`).
    pub fn warning(&self, name: &'static str, text: Option<String>) {
        self.change(|known| match text {
            Some(text) => drop(known.warnings.insert(name, text)),
            None => drop(known.warnings.remove(name)),
        });
    }

    /// Until when the certificates of the listeners live (number of the listener, unix time in milliseconds); of
    /// several of one listener the one that ends first counts.
    pub fn certificates(&self, ends: impl IntoIterator<Item = (usize, i64)>) {
        let mut certificates = BTreeMap::new();
        for (listener, end) in ends {
            let known = certificates.entry(listener).or_insert(end);
            *known = end.min(*known);
        }
        let gauge = &metrics().certificate_expires_timestamp_seconds;
        for (listener, end) in &certificates {
            gauge.with_label_values(&[listener.to_string().as_str()]).set(end.div_euclid(1000));
        }
        self.change(|known| known.certificates = certificates);
    }

    /// The store answered, and this many tenants are known.
    pub fn snapshot_checked(&self, tenants: usize) {
        metrics().snapshot_checked_timestamp_seconds.set(now_ms().div_euclid(1000));
        self.change(|known| {
            known.tenants = tenants;
            known.checked = Some(Instant::now());
        });
    }

    /// What is known of so many tenants comes from a copy of this time (unix, in milliseconds).
    pub fn snapshot_copied(&self, time_ms: i64, tenants: usize) {
        metrics().snapshot_checked_timestamp_seconds.set(time_ms.div_euclid(1000));
        let age = Duration::from_millis(u64::try_from(now_ms().saturating_sub(time_ms)).unwrap_or_default());
        self.change(|known| {
            known.tenants = tenants;
            known.checked = Instant::now().checked_sub(age);
        });
    }

    pub fn state(&self) -> State {
        self.report().state
    }

    pub fn report(&self) -> Report {
        self.report_at(now_ms())
    }

    fn report_at(&self, now_ms: i64) -> Report {
        let mut known = self.lock();
        let (state, reasons) = known.judge(now_ms);
        known.tell(state, &reasons);
        Report {
            state,
            reasons,
            warnings: known.warnings(now_ms),
            site: self.site.clone(),
            tenants: known.tenants,
            snapshot_age_seconds: known.checked.map(|checked| checked.elapsed().as_secs()),
            certificate_days: known
                .certificates
                .iter()
                .map(|(listener, end)| (*listener, days(*end, now_ms)))
                .collect(),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        let mut known = self.lock();
        change(&mut known);
        let (state, reasons) = known.judge(now_ms());
        metrics().health_open_warnings.set(i64::try_from(known.warnings(now_ms()).len()).unwrap_or(i64::MAX));
        known.tell(state, &reasons);
    }

    /// What is known stays true whoever panicked beside it.
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn judge(&self, now_ms: i64) -> (State, Vec<String>) {
        let mut reasons: Vec<String> = self.faults.iter().map(|(name, text)| format!("{name}: {text}")).collect();
        if !self.started {
            reasons.push("starting".to_owned());
        }
        let expired = self.certificates.iter().filter(|(_, end)| **end <= now_ms);
        reasons.extend(expired.map(|(listener, _)| format!("certificate: that of listener {listener} has expired")));
        match (self.draining, reasons.is_empty()) {
            (true, _) => {
                reasons.insert(0, "draining".to_owned());
                (State::Draining, reasons)
            }
            (false, true) => (State::Up, reasons),
            (false, false) => (State::Down, reasons),
        }
    }

    fn warnings(&self, now_ms: i64) -> Vec<String> {
        let named = self.warnings.iter().map(|(name, text)| format!("{name}: {text}"));
        let ending = self.certificates.iter().filter_map(|(listener, end)| {
            let days = days(*end, now_ms);
            let soon = *end > now_ms && days < super::CertificateExpires::NOTICE_DAYS;
            soon.then(|| format!("certificate: that of listener {listener} ends in {days} days"))
        });
        let age = self.checked.map(|checked| checked.elapsed()).filter(|age| *age >= STALE);
        let stale = age.map(|age| {
            let seconds = age.as_secs();
            format!(
                "store: not reached for {seconds} s; mail goes on by what was known then, changes and new tenants wait"
            )
        });
        named.chain(ending).chain(stale).collect()
    }

    fn tell(&mut self, state: State, reasons: &[String]) {
        if self.told != state {
            self.told = state;
            HealthChanged { state: state.word(), reasons }.emit();
        }
    }
}

/// How long nothing may be heard of the store before a human should know.
const STALE: Duration = Duration::from_secs(60);

fn days(not_after_ms: i64, now_ms: i64) -> i64 {
    not_after_ms.saturating_sub(now_ms).div_euclid(86_400_000)
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draining_wins_over_down_and_down_over_up() {
        let health = Health::new("eu-a");
        assert_eq!(health.report().reasons, ["starting"]);
        health.started();
        assert_eq!(health.state(), State::Up);
        health.fault("listener", Some("0.0.0.0:25 is taken".to_owned()));
        assert_eq!(
            (health.state(), health.report().reasons),
            (State::Down, vec!["listener: 0.0.0.0:25 is taken".to_owned()])
        );
        health.drain();
        assert_eq!(health.state(), State::Draining);
        health.fault("listener", None);
        assert_eq!((health.state(), health.report().reasons), (State::Draining, vec!["draining".to_owned()]));
    }

    #[test]
    fn an_expired_certificate_takes_the_node_out() {
        let health = Health::new("eu-a");
        health.started();
        let end = now_ms() + 10 * 86_400_000;
        health.certificates([(1, end)]);
        assert_eq!((health.report_at(end - 1).state, health.report_at(end - 1).certificate_days[&1]), (State::Up, 0));
        assert_eq!(health.report_at(end).state, State::Down);
        health.certificates([(1, end + 1), (1, end + 2)]);
        assert_eq!(health.report_at(end).state, State::Up);
    }

    #[test]
    fn a_warning_is_shown_and_keeps_no_mail_away() {
        let health = Health::new("eu-a");
        health.started();
        health.warning("configuration", Some("the new one is not in force".to_owned()));
        let report = health.report();
        assert_eq!((report.state, report.reasons.len()), (State::Up, 0));
        assert_eq!(report.warnings, ["configuration: the new one is not in force"]);
        health.warning("configuration", None);
        assert!(health.report().warnings.is_empty());
    }

    #[test]
    fn a_store_that_is_gone_is_no_fault() {
        let health = Health::new("eu-a");
        health.started();
        assert_eq!(health.report().snapshot_age_seconds, None);
        health.snapshot_checked(3);
        assert_eq!(
            (health.state(), health.report().tenants, health.report().snapshot_age_seconds),
            (State::Up, 3, Some(0))
        );
    }
}
