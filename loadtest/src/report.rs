//! Results as Markdown, on the terminal and at the end of a file in `loadtest/results`: tables of rows, a list of the
//! aims with what was found, the date and the machine; never its name.
//!
//! Ratios are taken within one run only. What the machine did besides stands in each row, so that a disturbed figure
//! is seen as such.

use std::fmt::Write;
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::machine;
use crate::outcome::Percentiles;
use crate::scenario::Name;

/// One measurement of one contender.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub name: Name,
    pub messages: u64,
    pub took: Duration,
    /// Processor time of what is measured: of generator and sink for the floor, of the processes between them else.
    pub cost: Duration,
    pub latency: Percentiles,
    /// Peak of the processes' memory in octets.
    pub peak: Option<u64>,
    /// What the machine did besides, in percent of one processor.
    pub other_percent: f64,
}

/// What one run found.
#[derive(Debug, Default)]
pub struct Report {
    text: String,
    aims: Vec<Aim>,
    failures: Vec<String>,
}

#[derive(Debug)]
struct Aim {
    what: String,
    wanted: String,
    found: String,
    met: bool,
}

impl Row {
    /// Processor time a message in microseconds.
    pub fn microseconds(&self) -> f64 {
        self.cost.as_secs_f64() * 1e6 / self.messages.max(1) as f64
    }

    pub fn messages_per_second(&self) -> f64 {
        self.messages as f64 / self.took.as_secs_f64().max(1e-9)
    }
}

impl Report {
    pub fn title(&mut self, title: &str) {
        self.line(&format!("\n### {title}\n"));
    }

    /// A line of text or of a table.
    pub fn line(&mut self, line: &str) {
        println!("{line}");
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A table of the rows of one cell beside each other; `columns` names what stands before the contender.
    pub fn header(&mut self, columns: &[&str]) {
        let columns: String = columns.iter().map(|column| format!(" {column} |")).collect();
        let line = format!("|{columns} contender | {ROW_COLUMNS} |");
        let rule = format!("|{}", "---|".repeat(line.matches('|').count() - 1));
        self.line(&line);
        self.line(&rule);
    }

    /// The rows of one cell. `cell`: what stands before the contender, one word a column.
    pub fn rows(&mut self, cell: &[String], rows: &[Row]) {
        let cost = |name| rows.iter().find(|row| row.name == name).map(Row::microseconds);
        let [floor, postfix, haproxy] = [Name::Floor, Name::Postfix, Name::Haproxy].map(cost);
        let cell: String = cell.iter().map(|word| format!(" {word} |")).collect();
        for row in rows {
            let own = row.microseconds();
            let times = |other: Option<f64>, itself: Name| {
                let other = other.filter(|other| *other > 0.0 && row.name != itself);
                other.map_or("–".to_owned(), |other| format!("{:.2}", own / other))
            };
            let peak = row.peak.map_or("–".to_owned(), |octets| format!("{:.1}", mebibytes(octets)));
            self.line(&format!(
                "|{cell} {} | {:.0} | {own:.1} | {} | {} | {} | {} | {} | {} | {peak} | {:.0} |",
                row.name.word(),
                row.messages_per_second(),
                times(floor, Name::Floor),
                times(postfix, Name::Postfix),
                times(haproxy, Name::Haproxy),
                milliseconds(row.latency.p50),
                milliseconds(row.latency.p99),
                milliseconds(row.latency.p999),
                row.other_percent,
            ));
        }
    }

    /// An aim with an upper bound.
    pub fn at_most(&mut self, what: &str, found: f64, wanted: f64, unit: &str) {
        self.aim(what, "at most", found, wanted, unit, found <= wanted);
    }

    /// An aim with a lower bound.
    pub fn at_least(&mut self, what: &str, found: f64, wanted: f64, unit: &str) {
        self.aim(what, "at least", found, wanted, unit, found >= wanted);
    }

    fn aim(&mut self, what: &str, bound: &str, found: f64, wanted: f64, unit: &str, met: bool) {
        let wanted = format!("{bound} {wanted} {unit}");
        let found = if found < 10.0 { format!("{found:.2}") } else { format!("{found:.1}") };
        self.line(&format!("\n{what}: {found} {unit} ({wanted}: {})", if met { "met" } else { "missed" }));
        self.aims.push(Aim { what: what.to_owned(), wanted, found, met });
    }

    /// What could not be measured; the run goes on.
    pub fn failed(&mut self, what: &str, error: &io::Error) {
        progress(&format!("{what}: {error}"));
        // What a program said besides is for the terminal.
        let error = error.to_string();
        let first = error.lines().next().unwrap_or_default();
        self.line(&format!("\n**Not measured: {what}: {first}**"));
        self.failures.push(what.to_owned());
    }

    /// Prints the aims and appends all of it to a file of the results' folder; whether everything was measured.
    pub fn close(mut self, folder: &Path, name: &str) -> io::Result<bool> {
        if !self.aims.is_empty() {
            let mut table = String::from("\n### Aims\n\n| what | aim | found | |\n|---|---|---|---|");
            for aim in &self.aims {
                let met = if aim.met { "met" } else { "**missed**" };
                let _ = write!(table, "\n| {} | {} | {} | {met} |", aim.what, aim.wanted, aim.found);
            }
            self.line(&table);
        }
        for failure in &self.failures {
            eprintln!("loadtest: not measured: {failure}");
        }
        if folder != Path::new("-") {
            std::fs::create_dir_all(folder)?;
            let date = machine::date();
            let day = date.get(..10).unwrap_or_default();
            let path = folder.join(format!("{day}-{name}.md"));
            let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&path)?;
            let head = format!("\n## {date}\n\n{}\n", machine::machine());
            io::Write::write_all(&mut file, (head + &self.text).as_bytes())?;
            progress(&format!("written to {}", path.display()));
        }
        Ok(self.failures.is_empty())
    }
}

/// The row with the median cost.
pub fn median(rows: &[Row], name: Name) -> Option<Row> {
    let mut rows: Vec<&Row> = rows.iter().filter(|row| row.name == name).collect();
    rows.sort_by(|left, right| left.microseconds().total_cmp(&right.microseconds()));
    rows.get(rows.len() / 2).map(|row| **row)
}

/// Tells whoever waits what is being done.
pub fn progress(text: &str) {
    eprintln!("loadtest: {text}");
}

pub fn mebibytes(octets: u64) -> f64 {
    octets as f64 / f64::from(1 << 20)
}

pub fn milliseconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1e3)
}

/// `5 kB`, `75 kB`, `5 MB`.
pub fn size(octets: u64) -> String {
    if octets < 1_000_000 { format!("{} kB", octets / 1_000) } else { format!("{} MB", octets / 1_000_000) }
}

const ROW_COLUMNS: &str = "messages/s | CPU µs a message | × floor | × Postfix | × HAProxy | p50 ms | p99 ms | \
                           p99.9 ms | peak MiB | other CPU %";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn row(name: Name, microseconds: u64) -> Row {
        Row {
            name,
            messages: 1_000,
            took: Duration::from_secs(2),
            cost: Duration::from_micros(microseconds * 1_000),
            latency: Percentiles::default(),
            peak: None,
            other_percent: 0.0,
        }
    }

    #[test]
    fn ratios_are_taken_within_a_cell() {
        let mut report = Report::default();
        report.header(&["mail"]);
        report.rows(&["5 kB".to_owned()], &[row(Name::Floor, 40), row(Name::Signet, 100), row(Name::Postfix, 400)]);
        assert!(report.text.contains("| 5 kB | signet | 500 | 100.0 | 2.50 | 0.25 | – |"), "{}", report.text);
        assert!(report.text.contains("| 5 kB | floor | 500 | 40.0 | – | 0.10 | – |"), "{}", report.text);
        let columns: Vec<_> = report.text.lines().map(|line| line.matches('|').count()).collect();
        assert!(columns.windows(2).all(|pair| pair[0] == pair[1]), "{columns:?}");
    }

    #[test]
    fn the_median_is_by_cost() {
        let rows = [30, 10, 20].map(|cost| row(Name::Signet, cost));
        assert_eq!(median(&rows, Name::Signet).unwrap().microseconds(), 20.0);
        assert!(median(&rows, Name::Floor).is_none());
    }

    #[test]
    fn a_report_says_what_was_met_and_what_could_not_be_measured() {
        let folder = tempfile::tempdir().unwrap();
        let mut report = Report::default();
        report.at_most("a", 2.0, 3.0, "times");
        report.at_least("b", 90.0, 95.0, "%");
        assert!(report.close(folder.path(), "x").unwrap());
        let mut report = Report::default();
        report.failed("c", &io::Error::other("why"));
        assert!(!report.close(folder.path(), "x").unwrap());
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
        let text = std::fs::read_to_string(&files[0]).unwrap();
        assert_eq!(files.len(), 1);
        for wanted in ["| a | at most 3 times | 2.00 | met |", "| b | at least 95 % | 90.0 | **missed** |", "c: why"] {
            assert!(text.contains(wanted), "{text}");
        }
    }
}
