//! Instructions of the hot paths, counted by callgrind and compared with those in `instructions.json`.
//!
//! Without arguments every case runs once under `valgrind --tool=callgrind`, warmed up, and only [`measured`] counts; a
//! table shows recorded, now and the ratio, and more than 5 % above the record is a failure. `--record` writes the file
//! anew. Then every scanner works on a text and on one twice as long (`doubling.rs`): more than 10 % above the double is
//! a failure, whatever the compiler and the processor. Counts hang on the compiler and on what the processor offers
//! (memchr and the C library choose at run time), so where either is another than recorded the first table is shown and
//! nothing fails; and this is no part of `make test`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod case;
mod company;
mod doubling;
mod framing;
mod headers;
mod imprinter;
mod mail;
mod markers;
mod people;
mod relay;
mod render;
mod whole;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use serde::{Deserialize, Serialize};

use crate::case::{Case, Run};

/// What `instructions.json` holds.
#[derive(Serialize, Deserialize)]
struct Recorded {
    /// How the figures were made.
    command: String,
    #[serde(flatten)]
    place: Place,
    /// Instructions of one run, by case.
    instructions: BTreeMap<String, u64>,
}

/// What the figures depend on besides the code.
#[derive(Serialize, Deserialize, PartialEq, Eq)]
struct Place {
    toolchain: String,
    valgrind: String,
    /// Extensions that memchr and the C library look for.
    processor: Vec<String>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--case", name] => run_one(name),
        [.., "--record"] | ["--record", ..] => record(),
        _ => {
            let (steady, linear) = (compare(), doubled());
            if steady && linear { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
    }
}

/// Runs one case, for callgrind.
fn run_one(name: &str) -> ExitCode {
    let cases: Vec<Case> = case::all().into_iter().chain(doubling::cases()).collect();
    let case = cases.iter().find(|case| case.name == name).expect("a case of this name");
    let mut run = case.make();
    // What is read or built once in a process is not the message's.
    run();
    run();
    for _ in 0..RUNS {
        measured(&mut run);
    }
    ExitCode::SUCCESS
}

/// Callgrind counts what happens in here.
#[inline(never)]
fn measured(run: &mut Run) {
    run();
    std::hint::black_box(run);
}

fn record() -> ExitCode {
    let instructions = counted().iter().map(|case| (case.name.clone(), count(case))).collect();
    let command = "make bench ARGS=--record".to_owned();
    let recorded = Recorded { command, place: here(), instructions };
    std::fs::write(file(), serde_json::to_string_pretty(&recorded).unwrap() + "\n").unwrap();
    println!("Recorded {} cases in {}.", recorded.instructions.len(), file().display());
    ExitCode::SUCCESS
}

/// Prints what each scanner takes for a text and for one twice as long. False when one takes much more than the double.
fn doubled() -> bool {
    println!("\n{:<36}{:>14}{:>14}{:>8}", "instructions", "100 kB", "200 kB", "ratio");
    let counts: BTreeMap<String, u64> = doubling::cases().iter().map(|case| (case.name.clone(), count(case))).collect();
    let [(one, _), (two, _)] = doubling::SIZES;
    let mut more = Vec::new();
    for (name, once) in &counts {
        let Some(scanner) = name.strip_suffix(one) else { continue };
        let twice = counts[&format!("{scanner}{two}")];
        let ratio = twice as f64 / *once as f64;
        let scanner = scanner.trim_end_matches('/');
        println!("{scanner:<36}{once:>14}{twice:>14}{ratio:>8.3}");
        if ratio > 2.0 * (1.0 + OVER_DOUBLE) {
            more.push(scanner);
        }
    }
    if !more.is_empty() {
        eprintln!("More than {:.0} % above the double: {}", OVER_DOUBLE * 100.0, more.join(", "));
    }
    more.is_empty()
}

/// Prints recorded and counted instructions. False when some are well above the record.
fn compare() -> bool {
    // Before the first record everything is new.
    let recorded: Option<Recorded> = std::fs::read(file()).ok().map(|text| serde_json::from_slice(&text).unwrap());
    let comparable = recorded.as_ref().is_some_and(|recorded| recorded.place == here());
    let recorded = recorded.map(|recorded| recorded.instructions).unwrap_or_default();
    println!("{:<28}{:>14}{:>14}{:>8}", "instructions", "recorded", "now", "ratio");
    let mut worse = Vec::new();
    for case in counted() {
        let now = count(&case);
        let Some(before) = recorded.get(&case.name).copied() else {
            println!("{:<28}{:>14}{now:>14}", case.name, "-");
            continue;
        };
        let ratio = now as f64 / before as f64;
        println!("{:<28}{before:>14}{now:>14}{ratio:>8.3}", case.name);
        if ratio > 1.0 + TOLERANCE {
            worse.push(case.name.clone());
        }
    }
    if !comparable {
        println!("Not recorded, or with another compiler, valgrind or processor: the ratios say little.");
        return true;
    }
    if worse.is_empty() {
        return true;
    }
    eprintln!("More than {:.0} % above the record: {}", TOLERANCE * 100.0, worse.join(", "));
    false
}

fn counted() -> Vec<Case> {
    case::all().into_iter().filter(|case| !case.timed_only).collect()
}

/// Instructions of one run.
fn count(case: &Case) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*instructions::measured*"])
        .arg(std::env::current_exe().unwrap())
        .args(["--case", &case.name])
        .output()
        .expect("valgrind is missing: run tools/setup-tests.sh valgrind");
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse::<u64>().ok());
    match collected.filter(|instructions| *instructions > 0 && output.status.success()) {
        Some(instructions) => instructions / RUNS,
        None => panic!("{} was not counted: {}\n{said}", case.name, output.status),
    }
}

fn here() -> Place {
    let said = |program: &str| {
        let output = Command::new(program).arg("--version").output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    let information = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let flags = information.lines().find_map(|line| line.strip_prefix("flags")).unwrap_or_default();
    let has = |extension: &&str| flags.split_whitespace().any(|flag| flag == *extension);
    let processor = EXTENSIONS.iter().filter(|extension| has(extension)).map(|one| (*one).to_owned()).collect();
    Place { toolchain: said("rustc"), valgrind: said("valgrind"), processor }
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.json")
}

const RUNS: u64 = 3;
const TOLERANCE: f64 = 0.05;

/// How much more than the double twice as much may take.
const OVER_DOUBLE: f64 = 0.1;
const EXTENSIONS: &[&str] = &["sse4_2", "avx", "avx2", "bmi2", "erms", "fsrm"];
