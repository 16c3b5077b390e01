//! `docs/asvs.csv` is honest: a rule of OWASP ASVS 5.0.0 that is said to be covered names tests that exist, and what is not
//! covered says why.

use std::collections::BTreeSet;

use super::csv::records;
use super::repository::{none, read, root};
use super::requirements::missing;

const HEADING: &[&str] = &["id", "level", "rule", "status", "tests", "note"];

#[test]
fn a_rule_that_is_covered_names_a_test_that_exists() {
    let mut rows = records(&read(&root().join("docs/asvs.csv"))).into_iter();
    assert_eq!(rows.next().as_deref(), Some(&*HEADING.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>()));
    let (mut faults, mut ids) = (Vec::new(), BTreeSet::new());
    for row in rows {
        let [id, level, rule, status, tests, note] = <[String; 6]>::try_from(row).expect("six columns");
        let tests: Vec<&str> = tests.split(';').map(str::trim).filter(|one| !one.is_empty()).collect();
        let is_wrong = match status.as_str() {
            "covered" => tests.is_empty() || !tests.iter().all(|test| test.contains("::")),
            "partial" => note.is_empty(),
            "open" | "other" => !tests.is_empty() || note.is_empty(),
            _ => true,
        };
        if is_wrong || rule.is_empty() || !["1", "2", "3"].contains(&level.as_str()) {
            faults.push(format!("{id}: {status} with {} tests and the note {note:?}", tests.len()));
        }
        faults.extend(tests.iter().filter_map(|test| missing(test)).map(|why| format!("{id}: {why}")));
        if !ids.insert(id.clone()) {
            faults.push(format!("{id} stands twice"));
        }
    }
    none(
        &faults,
        "docs/asvs.csv claims what is not so (covered: tests; partial and open: a note; other: not by tests):",
    );
    assert!(ids.len() >= 80, "{} rules", ids.len());
}
