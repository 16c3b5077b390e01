//! The fault table, row by row, against the real binary: whatever breaks, nothing is lost, nothing is taken twice
//! without a fault in the window in which nobody could help it, and the sender hears the right answer.
//!
//! A row ([`row::Row`]) says what breaks, how that is provoked, and what is then expected. Each is carried out for
//! DATA, one BDAT and several, with one recipient and three, by a sender that tries again as Exchange Online does, and
//! judged by the next hop's own record ([`standin::conservation`]). `make test` runs one case of each row; `make faults`
//! runs all of them and prints the table.

mod case;
mod row;
mod rows;
mod scene;
mod stage;
mod table;

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use standin::conservation::Balance;

use crate::bench::run;
use case::{Case, Depth};
use row::{Kind, Row};
use stage::Stage;
use table::Table;

/// The rows of the table that are to be proven; the others belong to parts that do not exist yet.
fn wanted() -> Vec<u8> {
    (1..=38).chain(43..=56).chain([58, 59, 61, 62]).collect()
}

/// Carries out the rows that are played on one stage.
async fn carry_out(kind: Kind, rows: &[(usize, &Row)], depth: Depth, table: &mut Table) {
    for ledger in kind.ledgers(depth) {
        let mut stage = Stage::start(kind, ledger).await;
        for (index, row) in rows {
            for case in Case::of(*index, row, ledger, depth) {
                let began = Instant::now();
                let (balance, findings) = scene::play(&mut stage, row, &case).await;
                table.line(row, &case, began.elapsed(), balance, findings);
            }
        }
    }
}

/// Carries out the rows on those stages that `here` wants, on so many threads.
fn sweep(depth: Depth, threads: usize, here: impl Fn(Kind) -> bool) -> Balance {
    let rows = rows::all();
    let mut kinds: Vec<Kind> = rows.iter().map(|row| row.kind).filter(|kind| here(*kind)).collect();
    kinds.sort();
    kinds.dedup();
    // The last has the most rows.
    let kinds = Mutex::new(kinds);
    let next = || kinds.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let work = || {
        let mut table = Table::default();
        run(|| async {
            while let Some(kind) = next() {
                let of_kind: Vec<(usize, &Row)> = rows.iter().enumerate().filter(|(_, row)| row.kind == kind).collect();
                carry_out(kind, &of_kind, depth, &mut table).await;
            }
        });
        table
    };
    let mut whole = Table::default();
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        whole += work();
        others.into_iter().for_each(|other| whole += other.join().unwrap());
    });
    println!("{whole}");
    assert!(whole.findings.is_empty(), "{}", whole.findings.join("\n\n"));
    let total = whole.total();
    assert_eq!((total.lost, total.attributed), (0, total.duplicates));
    assert_eq!(total.sent, total.delivered + total.refused + total.deferred);
    total
}

#[test]
fn one_case_of_each_row_with_tls_at_both_ends() {
    let total = sweep(Depth::One, 1, |kind| kind == Kind::Usual);
    assert!(total.sent > 0);
}

#[test]
fn one_case_of_each_row_in_plain() {
    sweep(Depth::One, 1, |kind| kind == Kind::Plain);
}

#[test]
fn one_case_of_each_row_about_time() {
    sweep(Depth::One, 1, |kind| matches!(kind, Kind::HastyWithSenders | Kind::HastyWithNextHops));
}

#[test]
fn one_case_of_each_row_about_limits_and_names() {
    let others = [Kind::Usual, Kind::Plain, Kind::HastyWithSenders, Kind::HastyWithNextHops, Kind::Failpoints];
    sweep(Depth::One, 1, |kind| !others.contains(&kind));
}

/// Wants the binary with failpoints as well.
#[test]
#[ignore = "every row in every shape takes minutes: make faults"]
fn every_row_in_every_shape() {
    let total = sweep(Depth::Whole, 3, |_| true);
    assert!(total.sent > 0);
}

#[test]
fn every_row_is_in_the_table_or_proven_elsewhere() {
    let rows = rows::all();
    for number in wanted() {
        let here = rows.iter().any(|row| row.number == number);
        let elsewhere = rows::ELSEWHERE.iter().find(|(row, _)| *row == number);
        assert!(here || elsewhere.is_some(), "row {number} is nowhere");
    }
    for (number, proof) in rows::ELSEWHERE {
        let (file, test) = proof.split_once("::").unwrap();
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("row {number}: {file}: {error}"));
        assert!(text.contains(&format!("fn {test}(")), "row {number}: {file} has no test {test}");
    }
}
