//! What `make faults` prints: a line for each row and shape, and the totals.

use std::fmt;
use std::ops::AddAssign;
use std::time::Duration;

use standin::conservation::Balance;

use super::case::Case;
use super::row::Row;

/// Everything carried out so far. Lines are printed as they come.
#[derive(Default)]
pub struct Table {
    cases: usize,
    /// What went otherwise than the rows say.
    pub findings: Vec<String>,
    total: Balance,
}

impl Table {
    /// One case of a row, and how long it took.
    pub fn line(&mut self, row: &Row, case: &Case, took: Duration, balance: Balance, findings: Vec<String>) {
        if self.cases == 0 {
            println!("{HEADING}");
        }
        self.cases += 1;
        self.total += balance;
        let Balance { sent, delivered, refused, deferred, lost, duplicates, attributed } = balance;
        let word = if findings.is_empty() { "" } else { " <-" };
        println!(
            "{:>3} {:<60} {case} | {sent:>4} {delivered:>9} {refused:>7} {deferred:>8} {lost:>4} {duplicates:>10} \
             {attributed:>10} {:>6}{word}",
            row.number,
            row.title(),
            took.as_millis()
        );
        let here = findings.into_iter().map(|one| format!("row {} ({}), {case}: {one}", row.number, row.title()));
        self.findings.extend(here);
    }

    pub fn total(&self) -> Balance {
        self.total
    }
}

/// What another thread carried out.
impl AddAssign for Table {
    fn add_assign(&mut self, other: Table) {
        self.cases += other.cases;
        self.findings.extend(other.findings);
        self.total += other.total;
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cases: {}", self.cases, self.total)
    }
}

const HEADING: &str = "row fault                                                        framing recipients ledger | sent \
                       delivered refused deferred lost duplicates attributed     ms";
