//! The log on standard output, written by a thread of its own.
//!
//! A line goes into a bounded queue and the caller goes on; when the queue is full, because the reader of our output
//! has stopped or the disk behind it is full, the line is dropped and counted. A blocked or closed output never
//! holds up mail (faults 37 and 38).

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use tracing::Subscriber;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry, fmt, reload};

use crate::config::{Log, LogFormat, LogLevel};
use crate::metrics::metrics;

/// Lines that wait for the writer: about 2 MiB of them.
const QUEUE_LINES: usize = 4096;

/// How long a line may wait for others, and with how many it is written.
const GATHER: Duration = Duration::from_millis(5);
const GATHERED_LINES: usize = 512;

/// A line longer than this is cut; none of ours is.
const LINE_BYTES: usize = 16 * 1024;

/// The running log. [`flush`](Self::flush) it before the process ends.
#[derive(Debug, Clone)]
pub struct Lines {
    queue: SyncSender<Item>,
    /// `None` before a subscriber was made.
    level: Option<reload::Handle<Targets, Registry>>,
}

#[derive(Debug)]
enum Item {
    Line(Vec<u8>),
    /// Answered when everything before it is written.
    Flush(SyncSender<()>),
}

/// Sends every event to standard output from now on. A second call in one process changes nothing.
pub fn start(settings: Log) -> io::Result<Lines> {
    let mut lines = Lines::start(io::stdout())?;
    let (ours, level) = reload::Layer::new(ours(settings.level));
    // The only error is that a log runs already.
    drop(tracing::subscriber::set_global_default(subscriber(settings, lines.clone(), ours)));
    lines.level = Some(level);
    Ok(lines)
}

/// Only our own lines: those of other crates might quote what they work on.
fn ours(level: LogLevel) -> Targets {
    let level = match level {
        LogLevel::Error => tracing::Level::ERROR,
        LogLevel::Warn => tracing::Level::WARN,
        LogLevel::Info => tracing::Level::INFO,
        LogLevel::Debug => tracing::Level::DEBUG,
    };
    Targets::new().with_target("signet", level)
}

fn subscriber(
    settings: Log,
    lines: Lines,
    ours: reload::Layer<Targets, Registry>,
) -> Box<dyn Subscriber + Send + Sync> {
    let layer = fmt::layer().with_writer(lines).with_ansi(false).with_target(false);
    match settings.format {
        LogFormat::Json => {
            let layer = layer.json().flatten_event(true).with_current_span(false).with_span_list(false);
            Box::new(tracing_subscriber::registry().with(layer.with_filter(ours)))
        }
        LogFormat::Text => Box::new(tracing_subscriber::registry().with(layer.with_filter(ours))),
    }
}

impl Lines {
    fn start(output: impl Write + Send + 'static) -> io::Result<Lines> {
        let (sender, receiver) = sync_channel(QUEUE_LINES);
        std::thread::Builder::new().name("log".to_owned()).spawn(move || write_out(&receiver, output))?;
        Ok(Lines { queue: sender, level: None })
    }

    /// Waits until everything is written, but no longer than `patience`: a blocked output must not keep the
    /// process from ending. Says whether all was written.
    pub fn flush(&self, patience: Duration) -> bool {
        let (done, written) = sync_channel(1);
        self.queue.try_send(Item::Flush(done)).is_ok() && written.recv_timeout(patience).is_ok()
    }

    /// From now on the least important lines that are written.
    pub fn set_level(&self, level: LogLevel) {
        if let Some(handle) = &self.level {
            // The only error is that the log is gone.
            drop(handle.reload(ours(level)));
        }
    }
}

/// One write, and one waking of this thread, for all lines that come within a moment.
fn write_out(lines: &Receiver<Item>, mut output: impl Write) {
    let mut gathered = Vec::new();
    while let Ok(first) = lines.recv() {
        if matches!(first, Item::Line(_)) {
            std::thread::sleep(GATHER);
        }
        let (mut count, mut waiting) = (0, Vec::new());
        for item in std::iter::once(first).chain(lines.try_iter()).take(GATHERED_LINES) {
            match item {
                Item::Line(line) => {
                    gathered.extend_from_slice(&line);
                    count += 1;
                }
                Item::Flush(done) => waiting.push(done),
            }
        }
        if output.write_all(&gathered).and_then(|()| output.flush()).is_err() {
            metrics().log_dropped_lines_total.inc_by(count);
        }
        gathered.clear();
        for done in waiting {
            // Whoever asked may have run out of patience.
            let _ = done.try_send(());
        }
    }
}

/// One event's line: the formatter writes it whole, in one call.
#[derive(Debug)]
pub struct Line<'a>(&'a Lines);

impl Write for Line<'_> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let line = octets.get(..LINE_BYTES).unwrap_or(octets).to_vec();
        if self.0.queue.try_send(Item::Line(line)).is_err() {
            metrics().log_dropped_lines_total.inc();
        }
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(self)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::mpsc::{Sender, channel};
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::events::{ConnectionClosed, MessageFinished, Outcome, Stages, Verdict};
    use crate::imprint::Reason;

    /// An output that blocks until it is told to go on.
    struct Gate {
        open: Receiver<()>,
        written: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Gate {
        fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
            self.open.recv().ok();
            self.written.lock().unwrap().extend_from_slice(octets);
            Ok(octets.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn gate() -> (Sender<()>, Arc<Mutex<Vec<u8>>>, Lines) {
        let (opener, open) = channel();
        let written = Arc::new(Mutex::new(Vec::new()));
        let lines = Lines::start(Gate { open, written: Arc::clone(&written) }).unwrap();
        (opener, written, lines)
    }

    #[test]
    fn a_blocked_output_drops_and_counts_and_never_blocks() {
        let (opener, written, lines) = gate();
        let before = metrics().log_dropped_lines_total.get();
        for number in 0..QUEUE_LINES + 100 {
            writeln!(lines.make_writer(), "line {number}").unwrap();
        }
        // One line may be in the writer's hands already.
        assert!(metrics().log_dropped_lines_total.get() - before >= 99);
        assert!(!lines.flush(Duration::from_millis(1)));
        // Once the output moves again, what was queued comes out whole and in order.
        drop(opener);
        while !lines.flush(Duration::from_secs(10)) {}
        let text = String::from_utf8(written.lock().unwrap().clone()).unwrap();
        assert!(text.starts_with("line 0\nline 1\n") && text.lines().count() <= QUEUE_LINES + 1);
    }

    #[test]
    fn a_closed_output_is_counted_and_the_log_lives_on() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let lines = Lines::start(Closed).unwrap();
        let before = metrics().log_dropped_lines_total.get();
        lines.make_writer().write_all(b"one\n").unwrap();
        assert!(lines.flush(Duration::from_secs(60)));
        assert!(metrics().log_dropped_lines_total.get() > before);
    }

    #[test]
    fn a_message_is_one_line_of_its_own_fields_and_counted_once() {
        let (opener, written, lines) = gate();
        drop(opener);
        let settings = Log { format: LogFormat::Json, level: LogLevel::Info };
        let left = metrics().message_left_total.with_label_values(&["no_signature"]);
        let finished = metrics().message_finished_total.with_label_values(&["left", "accepted"]);
        let before = (left.get(), finished.get());
        let event = MessageFinished {
            id: uuid::Uuid::nil(),
            session: 7,
            site: "eu-a",
            tenant: Some("contoso"),
            kind: None,
            outcome: Outcome::Left,
            reason: Some(Reason::NoSignature),
            had_it: 0,
            copies: 1,
            recipients: 2,
            octets_in: 5000,
            octets_out: 5300,
            next_hop_code: Some(250),
            verdict: Verdict::Accepted,
            code: Some(250),
            stages: Stages { total: Duration::from_millis(12), ..Stages::default() },
        };
        tracing::subscriber::with_default(
            subscriber(settings, lines.clone(), reload::Layer::new(ours(settings.level)).0),
            || {
                event.emit();
                ConnectionClosed { session: 7 }.emit();
                tracing::error!(target: "other_crate", "Quotes what it works on.");
            },
        );
        assert!(lines.flush(Duration::from_secs(60)));
        let text = String::from_utf8(written.lock().unwrap().clone()).unwrap();
        let [line] = text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["timestamp"].is_string());
        line["timestamp"] = serde_json::Value::Null;
        let expected = serde_json::json!({
            "timestamp": null, "level": "INFO", "message": "Message finished.",
            "id": "00000000-0000-0000-0000-000000000000", "session": 7, "site": "eu-a", "tenant": "contoso",
            "outcome": "left", "reason": "no_signature", "recipients": 2, "had_it": 0, "copies": 1, "octets_in": 5000, "octets_out": 5300,
            "next_hop_code": 250, "verdict": "accepted", "code": 250, "envelope_ms": 0, "receive_ms": 0,
            "decide_ms": 0, "work_ms": 0, "verdict_ms": 0, "total_ms": 12,
        });
        assert_eq!(line, expected);
        assert_eq!((left.get(), finished.get()), (before.0 + 1, before.1 + 1));
    }
}
