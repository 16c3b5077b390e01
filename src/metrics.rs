//! Every metric, in one place: `signet_<area>_<thing>_<unit>`, counters end in `_total`.
//!
//! Never a tenant, an address or a message id as a label; each label's values are a list known when the program is
//! built, and the series of such lists stand at 0 from the start, so that an alert sees the first failure. Only
//! `events` counts; gauges are set by those who own the thing. `process_*` are those of the Prometheus client.

use std::sync::LazyLock;

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder, core::Collector,
};

use crate::events::{Stages, words};
use crate::imprint::Reason;

macro_rules! metrics {
    ($($name:ident: $kind:ty $([$($label:literal),+])?, $help:literal;)*) => {
        /// All metrics of the process.
        pub struct Metrics {
            registry: Registry,
            $(#[doc = $help] pub $name: $kind,)*
        }

        /// Every name as it stands in `/metrics`, for guards of dashboards and alerts.
        pub const NAMES: &[&str] = &[$(concat!("signet_", stringify!($name)),)*];

        impl Metrics {
            fn new() -> Result<Metrics, prometheus::Error> {
                let registry = Registry::new();
                $(let $name = <$kind as Make>::make(
                    &registry, concat!("signet_", stringify!($name)), $help, &[$($($label),+)?],
                )?;)*
                let process = prometheus::process_collector::ProcessCollector::for_self();
                registry.register(Box::new(process))?;
                Ok(Metrics { registry, $($name,)* })
            }
        }
    };
}

metrics! {
    connection_accepted_total: IntCounterVec["proof"], "Connections taken, by the listener's proof.";
    connection_refused_total: IntCounterVec["cause"], "Connections refused before a greeting, by cause.";
    connection_open_sessions: IntGauge, "Senders connected now.";
    tls_failed_total: IntCounterVec["side"], "TLS handshakes that failed, towards the sender or the next hop.";
    tenant_unproven_total: IntCounterVec["cause"], "Messages refused because no tenant was proven, by cause.";
    message_finished_total: IntCounterVec["outcome", "verdict"], "Messages by what became of them and what the sender was told.";
    message_left_total: IntCounterVec["reason"], "Messages relayed unsigned, by reason.";
    message_signed_total: IntCounterVec["kind"], "Messages signed, by kind.";
    message_received_bytes_total: IntCounter, "Octets of finished messages as they came.";
    message_sent_bytes_total: IntCounter, "Octets of finished messages as they went out.";
    message_stage_seconds: HistogramVec["stage"], "Time of a message in each stage.";
    message_bytes: Histogram, "Size of finished messages as they came.";
    message_in_flight_bytes: IntGauge, "Message octets held in memory now, of the budget smtp.bytes_in_flight.";
    next_hop_failed_total: IntCounterVec["fault"], "Failures of next hops, by fault.";
    next_hop_reply_total: IntCounterVec["class"], "Next hops' answers to the end of a message, by class.";
    next_hop_open_sessions: IntGauge, "Sessions to next hops open now, idle ones too.";
    health_event_total: IntCounterVec["about"], "Answers of next hops that are about us, not about the message.";
    health_open_warnings: IntGauge, "Things that a human should look at and that keep no mail away, now.";
    health_state_up: IntGauge, "1 while this node is up, 0 while it drains or is down.";
    snapshot_read_total: IntCounter, "Tenants whose entry in the index was read from the store because they changed.";
    snapshot_published_total: IntCounter, "Indices of all tenants published.";
    snapshot_refused_total: IntCounter, "Revisions of tenants that did not compile; what was known of the tenant stays.";
    snapshot_asked_total: IntCounterVec["answer"], "Messages that asked for their tenant's rules and people, by where they were: in memory, loaded in time, or missing.";
    snapshot_load_seconds: HistogramVec["source"], "Loads of a tenant's rules and people, by where from.";
    snapshot_loaded_tenants: IntGauge, "Tenants whose rules and people are in memory now.";
    snapshot_loaded_bytes: IntGauge, "Memory that they take, about, of the budget cache.memory_bytes.";
    snapshot_evicted_total: IntCounter, "Tenants whose rules and people left the memory because there was no room.";
    copy_written_total: IntCounterVec["part"], "Sealed copies written to this machine's disk, of the index or of a tenant.";
    copy_failed_total: IntCounter, "Sealed copies that could not be written.";
    copy_refused_total: IntCounter, "Sealed copies that did not open, or were not what this program wrote.";
    copy_evicted_total: IntCounter, "Tenants whose sealed copies left because there was no room.";
    copy_kept_bytes: IntGauge, "Sealed copies of tenants on this machine's disk, of the bound cache.disk_bytes.";
    snapshot_checked_timestamp_seconds: IntGauge, "When the store was last asked for new revisions, unix time; after a start without it, when the copy was made.";
    tenant_known_tenants: IntGauge, "Tenants in the index.";
    store_failed_total: IntCounter, "Failed requests to the store.";
    decision_written_total: IntCounter, "Decision records written.";
    decision_dropped_total: IntCounterVec["cause"], "Decision records lost, by cause; mail is not touched by that.";
    config_reload_total: IntCounterVec["result"], "Configurations read again while running, by what became of them.";
    directory_read_total: IntCounterVec["result"], "Readings of tenants' directories, by how they ended.";
    directory_page_total: IntCounter, "Pages of directories that were read and kept.";
    directory_running_tenants: IntGauge, "Tenants whose directories are being read now.";
    ledger_known_entries: IntGauge, "Messages in the ledger: at their next hops, and not yet known to be known to their senders.";
    ledger_doubted_total: IntCounter, "Messages taken by a next hop whose sender was cut off before it had our answer.";
    ledger_answered_total: IntCounter, "Retries answered from the ledger, wholly or for some recipients.";
    ledger_dropped_total: IntCounterVec["cause"], "Entries of the ledger lost, by cause; a retry of such a message makes a second copy.";
    log_dropped_lines_total: IntCounter, "Log lines lost because standard output was blocked or closed.";
    certificate_expires_timestamp_seconds: IntGaugeVec["listener"], "End of life of the certificate of a listener, of two the first that ends, by its number in the configuration or `console`, unix time.";
    tls_probe_up: IntGaugeVec["listener"], "Whether the last look at our own TLS port found a certificate for its name that has not ended, and nothing old spoken: 1, else 0.";
    tls_probe_timestamp_seconds: IntGaugeVec["listener"], "When our own TLS port was looked at last, unix time.";
    process_panic_total: IntCounter, "Panics caught or fatal to one task.";
    process_worker_died_total: IntCounter, "Workers that a signal or a panic ended since their parent began.";
    api_answered_total: IntCounterVec["result"], "Requests to the API, by whether they were done, refused (4xx), or failed (5xx).";
    letter_tried_total: IntCounterVec["result"], "Mails of the console's own handed to the relay, by whether it took them (sent), will be asked again (again), or not (lost).";
    drain_started_total: IntCounter, "Drains begun.";
}

static METRICS: LazyLock<Metrics> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "names and labels are constants; a test registers them all")]
    let metrics = Metrics::new().expect("constant names make metrics");
    metrics.begin();
    metrics
});

/// The metrics of the process.
pub fn metrics() -> &'static Metrics {
    &METRICS
}

impl Metrics {
    /// The text that Prometheus reads.
    pub fn render(&self) -> String {
        TextEncoder::new().encode_to_string(&self.registry.gather()).unwrap_or_default()
    }

    /// Lets the series of every bounded label stand at 0.
    fn begin(&self) {
        for reason in Reason::ALL {
            self.message_left_total.with_label_values(&[reason.word()]);
        }
        for (counter, all) in [
            (&self.connection_refused_total, words::Refused::WORDS),
            (&self.tls_failed_total, words::Side::WORDS),
            (&self.tenant_unproven_total, words::Unproven::WORDS),
            (&self.next_hop_failed_total, words::NextHopFault::WORDS),
            (&self.health_event_total, words::AboutUs::WORDS),
            (&self.decision_dropped_total, words::Dropped::WORDS),
            (&self.config_reload_total, words::Reload::WORDS),
            (&self.snapshot_asked_total, words::SnapshotAnswer::WORDS),
            (&self.copy_written_total, words::CopyPart::WORDS),
            (&self.ledger_dropped_total, words::Dropped::WORDS),
            (&self.directory_read_total, words::Synced::WORDS),
            (&self.api_answered_total, &["done", "refused", "failed"]),
            (&self.letter_tried_total, &["sent", "again", "lost"]),
            (&self.connection_accepted_total, &["microsoft", "certificate", "network"]),
            (&self.message_signed_total, &["first", "reply", "forward"]),
            (&self.next_hop_reply_total, &["2xx", "4xx", "5xx", "other"]),
        ] {
            for word in all {
                counter.with_label_values(&[word]);
            }
        }
        for (stage, _) in Stages::default().words() {
            self.message_stage_seconds.with_label_values(&[stage]);
        }
        for source in words::SnapshotSource::WORDS {
            self.snapshot_load_seconds.with_label_values(&[source]);
        }
        for outcome in words::Outcome::WORDS {
            for verdict in words::Verdict::WORDS {
                self.message_finished_total.with_label_values(&[outcome, verdict]);
            }
        }
    }
}

/// Makes and registers one metric of a kind.
trait Make: Sized {
    fn make(registry: &Registry, name: &str, help: &str, labels: &[&str]) -> Result<Self, prometheus::Error>;
}

fn register<T: Collector + Clone + 'static>(registry: &Registry, metric: T) -> Result<T, prometheus::Error> {
    registry.register(Box::new(metric.clone()))?;
    Ok(metric)
}

macro_rules! make {
    ($kind:ty, |$name:ident, $help:ident, $labels:ident| $new:expr) => {
        impl Make for $kind {
            fn make(
                registry: &Registry,
                $name: &str,
                $help: &str,
                $labels: &[&str],
            ) -> Result<Self, prometheus::Error> {
                register(registry, $new?)
            }
        }
    };
}

make!(IntCounter, |name, help, _labels| IntCounter::new(name, help));
make!(IntGauge, |name, help, _labels| IntGauge::new(name, help));
make!(IntCounterVec, |name, help, labels| IntCounterVec::new(Opts::new(name, help), labels));
make!(IntGaugeVec, |name, help, labels| IntGaugeVec::new(Opts::new(name, help), labels));
make!(Histogram, |name, help, _labels| Histogram::with_opts(HistogramOpts::new(name, help).buckets(BYTES.to_vec())));
make!(HistogramVec, |name, help, labels| HistogramVec::new(
    HistogramOpts::new(name, help).buckets(SECONDS.to_vec()),
    labels
));

/// From our own work on a small message to the longest wait for a verdict.
const SECONDS: [f64; 14] = [0.0001, 0.0005, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 180.0, 600.0];

/// From a note to the largest message.
const BYTES: [f64; 9] = [4e3, 16e3, 64e3, 256e3, 1e6, 4e6, 16e6, 64e6, 160e6];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_has_a_unit_and_no_tenant() {
        const UNITS: [&str; 9] =
            ["_total", "_bytes", "_seconds", "_sessions", "_lines", "_tenants", "_warnings", "_entries", "_up"];
        let text = metrics().render();
        for name in NAMES {
            assert!(UNITS.iter().any(|unit| name.ends_with(unit)), "{name} has no unit");
            let shown = ["{", " ", "_bucket{"].iter().any(|end| text.contains(&format!("\n{name}{end}")));
            // Only the listeners' numbers are not known before they are there.
            let of_listeners = name.starts_with("signet_certificate_expires") || name.starts_with("signet_tls_probe");
            assert!(shown || of_listeners, "{name} is not shown");
        }
        assert!(!text.contains("tenant=") && text.contains("process_resident_memory_bytes"));
    }
}
