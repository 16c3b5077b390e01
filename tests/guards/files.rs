//! The form of a source file: a head that says what it is, and a length that can be read in one sitting.

use super::repository::{files, none, read, rust_files, shown};

/// Aim at 400; a file that grows past this holds two ideas.
const MOST_LINES: usize = 450;

#[test]
fn every_file_says_what_it_is() {
    let faults: Vec<String> =
        rust_files().iter().filter(|path| !read(path).starts_with("//!")).map(|path| shown(path)).collect();
    none(&faults, "A Rust file does not begin with `//!`:");
}

#[test]
fn no_file_of_the_product_is_too_long() {
    let faults: Vec<String> = ["src", "standin/src", "loadtest/src"]
        .iter()
        .flat_map(|folder| files(folder, ".rs"))
        .map(|path| (read(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, path)| format!("{}: {lines} lines", shown(&path)))
        .collect();
    none(&faults, "Longer than 450 lines; would two ideas live better apart?");
}
