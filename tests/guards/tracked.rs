//! What is kept in the repository works on any machine: no path of a certain machine, no package source but the public
//! ones, no secret, no binary that nobody could read.

use super::repository::{none, read, root, shown, tracked};

/// Written in two pieces, so that this file does not name them itself.
const PATHS_OF_A_MACHINE: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/."), concat!("/ho", "me/")];

const MOST_OCTETS: u64 = 1024 * 1024;

#[test]
fn no_file_names_a_certain_machine_or_holds_a_secret() {
    let mut faults = Vec::new();
    for path in tracked() {
        let text = read(&path);
        for word in PATHS_OF_A_MACHINE.iter().filter(|word| text.contains(**word)) {
            faults.push(format!("{}: {word}", shown(&path)));
        }
        if holds_a_key(&text) {
            faults.push(format!("{}: a private key", shown(&path)));
        }
    }
    none(&faults, "A tracked file names a path of one machine, or holds a key:");
}

/// A PEM heading alone is no key, the line of base64 after it is.
fn holds_a_key(text: &str) -> bool {
    text.split("PRIVATE KEY-----").skip(1).filter_map(|after| after.trim_start().lines().next()).any(|line| {
        line.len() >= 48 && line.chars().all(|letter| letter.is_ascii_alphanumeric() || "+/=".contains(letter))
    })
}

#[test]
fn a_key_is_told_from_its_heading() {
    let heading = "-----BEGIN EC PRIVATE KEY-----\n";
    assert!(holds_a_key(&format!("{heading}{}\n", "MHcC".repeat(16))));
    assert!(!holds_a_key(&format!("{heading}…\n-----END EC PRIVATE KEY-----\n")));
}

#[test]
fn packages_come_from_the_public_registries() {
    let lock = read(&root().join("Cargo.lock"));
    let sources: Vec<String> = lock
        .lines()
        .filter(|line| line.starts_with("source = "))
        .filter(|line| *line != r#"source = "registry+https://github.com/rust-lang/crates.io-index""#)
        .map(str::to_owned)
        .collect();
    none(&sources, "Cargo.lock: a crate from elsewhere than crates.io:");
    for path in tracked().iter().filter(|path| path.ends_with("package-lock.json")) {
        let elsewhere: Vec<String> = read(path)
            .lines()
            .filter(|line| line.trim_start().starts_with("\"resolved\":"))
            .filter(|line| !line.contains("\"https://registry.npmjs.org/"))
            .map(str::to_owned)
            .collect();
        none(&elsewhere, "package-lock.json: a package from elsewhere than the npm registry:");
    }
}

#[test]
fn no_tracked_file_is_large() {
    let large: Vec<String> = tracked()
        .iter()
        .map(|path| (path, path.metadata().map_or(0, |data| data.len())))
        .filter(|(_, octets)| *octets > MOST_OCTETS)
        .map(|(path, octets)| format!("{}: {octets} octets", shown(path)))
        .collect();
    none(&large, "Larger than 1 MiB:");
}
