//! `docs/requirements.csv` is honest: it has each of the 145 requirements once, and a row that claims to be done names
//! proofs that exist.
//!
//! A proof is `path/to/file.rs::test_function`, or a page, script or folder that ships. Several are separated by `; `.

use std::collections::BTreeSet;

use super::csv::records;
use super::repository::{none, read, root};

const HEADING: &[&str] = &["id", "title", "kind", "status", "proof", "note"];

/// The groups of ids and how many each has.
const GROUPS: &[(&str, usize)] = &[("M", 26), ("G", 11), ("D", 22), ("P", 37), ("U", 7), ("R", 24), ("O", 18)];

struct Row {
    id: String,
    kind: String,
    status: String,
    proofs: Vec<String>,
    note: String,
}

fn rows() -> Vec<Row> {
    let mut records = records(&read(&root().join("docs/requirements.csv"))).into_iter();
    assert_eq!(records.next().as_deref(), Some(HEADING.map_to_strings().as_slice()), "the heading");
    records
        .map(|record| {
            let [id, _, kind, status, proof, note] = <[String; 6]>::try_from(record).expect("six columns");
            let proofs = proof.split(';').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect();
            Row { id, kind, status, proofs, note }
        })
        .collect()
}

trait MapToStrings {
    fn map_to_strings(&self) -> Vec<String>;
}

impl MapToStrings for [&str] {
    fn map_to_strings(&self) -> Vec<String> {
        self.iter().map(|one| (*one).to_owned()).collect()
    }
}

#[test]
fn every_requirement_has_one_row() {
    let wanted: Vec<String> =
        GROUPS.iter().flat_map(|(group, count)| (1..=*count).map(move |number| format!("{group}{number}"))).collect();
    assert_eq!(wanted.len(), 145);
    let found: Vec<String> = rows().into_iter().map(|row| row.id).collect();
    let missing: Vec<_> = wanted.iter().filter(|id| !found.contains(id)).collect();
    let unknown: Vec<_> = found.iter().filter(|id| !wanted.contains(id)).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "missing {missing:?}, unknown {unknown:?}");
    assert_eq!(found.len(), found.iter().collect::<BTreeSet<_>>().len(), "an id stands twice");
}

#[test]
fn a_claim_names_a_proof_that_exists() {
    let mut faults = Vec::new();
    for row in rows() {
        match row.status.as_str() {
            "done" | "partial" if row.proofs.is_empty() => {
                faults.push(format!("{}: {} without a proof", row.id, row.status))
            }
            "partial" if row.note.is_empty() => faults.push(format!("{}: partial, but what is missing?", row.id)),
            "done" | "partial" | "open" => {}
            other => faults.push(format!("{}: status {other:?}", row.id)),
        }
        let is_test = |proof: &String| proof.contains("::");
        if row.status == "done" && row.kind.contains('A') && !row.proofs.iter().any(is_test) {
            faults.push(format!("{}: kind {} is shown by a test, and none is named", row.id, row.kind));
        }
        faults.extend(row.proofs.iter().filter_map(|proof| missing(proof).map(|why| format!("{}: {why}", row.id))));
    }
    none(&faults, "docs/requirements.csv claims what is not so:");
}

/// Why a proof does not hold: no such file, or no such test in it.
pub fn missing(proof: &str) -> Option<String> {
    let (file, test) = proof.split_once("::").map_or((proof, None), |(file, test)| (file, Some(test)));
    let path = root().join(file);
    let Some(test) = test else { return (!path.exists()).then(|| format!("there is no {file}")) };
    if !path.is_file() {
        return Some(format!("there is no {file}"));
    }
    // The name alone may be a prefix of another: what follows must be the list of arguments, or the end of the title.
    let wanted = if file.ends_with(".rs") { format!("fn {test}(") } else { format!("\"{test}\"") };
    let found = read(&path).contains(&wanted);
    (!found).then(|| format!("{file} has no test {test}"))
}
