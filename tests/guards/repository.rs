//! The repository as the guards see it: its files by folder and ending, and how a guard reports.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Folders that are made by builds and belong to nobody.
const BUILT: &[&str] = &["target", "node_modules", "dist", ".git"];

/// The folder of the clone.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A path as it is written in messages and in docs: from the root, with `/`.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

pub fn read(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", shown(path)));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// All files below a folder of the repository with this ending, in order; none when there is no such folder.
pub fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type().unwrap().is_dir() {
                if !BUILT.contains(&name.as_str()) {
                    folders.push(entry.path());
                }
            } else if name.ends_with(ending) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

/// Every Rust file of the workspace.
pub fn rust_files() -> Vec<PathBuf> {
    ["src", "tests", "benches", "standin", "loadtest", "fuzz"].iter().flat_map(|folder| files(folder, ".rs")).collect()
}

/// What git keeps; in a tree without git (an unpacked archive) every file.
pub fn tracked() -> Vec<PathBuf> {
    let listed = Command::new("git").arg("-C").arg(root()).args(["ls-files", "-z"]).output();
    match listed {
        Ok(output) if output.status.success() && !output.stdout.is_empty() => String::from_utf8_lossy(&output.stdout)
            .split('\0')
            .filter(|path| !path.is_empty())
            .map(|path| root().join(path))
            .filter(|path| path.is_file())
            .collect(),
        _ => files(".", ""),
    }
}

/// Fails with all that was found, one a line.
pub fn none(faults: &[String], rule: &str) {
    assert!(faults.is_empty(), "{rule}\n  {}", faults.join("\n  "));
}
