//! Results as a table, on the terminal and at the end of a file in `loadtest/results`, with date and machine.
//!
//! One row a contender, its median by processor time; the ratio to the floor is taken within one run only. What the
//! machine did besides stands in the row, so that a disturbed figure is seen as such.

use std::fmt::Write;
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::process;

/// One measurement of one contender.
#[derive(Debug, Clone)]
pub struct Row {
    pub contender: &'static str,
    pub messages: u64,
    pub took: Duration,
    /// Processor time of what is measured: of generator and sink for the floor, of the process between them else.
    pub cost: Duration,
    pub p50: Duration,
    pub p99: Duration,
    pub p999: Duration,
    /// Peak of the process's memory in octets.
    pub peak: Option<u64>,
    /// What the machine did besides, in percent of one processor.
    pub other_percent: f64,
}

impl Row {
    /// Processor time a message in microseconds.
    pub fn microseconds(&self) -> f64 {
        self.cost.as_secs_f64() * 1e6 / self.messages.max(1) as f64
    }
}

/// The row with the median cost.
pub fn median<'a>(rows: &'a [Row], contender: &str) -> Option<&'a Row> {
    let mut rows: Vec<&Row> = rows.iter().filter(|row| row.contender == contender).collect();
    rows.sort_by(|left, right| left.microseconds().total_cmp(&right.microseconds()));
    rows.get(rows.len() / 2).copied()
}

/// Medians of all contenders with their ratio to the floor.
pub fn table(title: &str, rows: &[Row]) -> String {
    let mut text = format!("\n### {title}\n\n{}; {}\n\n", process::date(), process::machine());
    text.push_str("| contender | CPU µs a message | times the floor | messages/s | p50 ms | p99 ms | p99.9 ms | peak MiB | other CPU % |\n|---|---|---|---|---|---|---|---|---|\n");
    let floor = median(rows, "floor").map(Row::microseconds);
    let mut names: Vec<&str> = rows.iter().map(|row| row.contender).collect();
    names.sort_unstable();
    names.dedup();
    for row in names.iter().filter_map(|name| median(rows, name)) {
        let ratio = floor
            .filter(|floor| *floor > 0.0)
            .map_or("–".to_owned(), |floor| format!("{:.2}", row.microseconds() / floor));
        let peak = row.peak.map_or("–".to_owned(), |octets| format!("{:.1}", mebibytes(octets)));
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        let _ = writeln!(
            text,
            "| {} | {:.1} | {ratio} | {:.0} | {:.2} | {:.2} | {:.2} | {peak} | {:.0} |",
            row.contender,
            row.microseconds(),
            row.messages as f64 / row.took.as_secs_f64().max(1e-9),
            milliseconds(row.p50),
            milliseconds(row.p99),
            milliseconds(row.p999),
            row.other_percent,
        );
    }
    text
}

/// Prints a text and appends it to a file of the results' folder, if there is to be one.
pub fn publish(folder: &Path, file: &str, text: &str) -> io::Result<()> {
    print!("{text}");
    if folder == Path::new("-") {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    let mut results = std::fs::OpenOptions::new().create(true).append(true).open(folder.join(file))?;
    io::Write::write_all(&mut results, text.as_bytes())
}

pub fn mebibytes(octets: u64) -> f64 {
    octets as f64 / f64::from(1 << 20)
}
