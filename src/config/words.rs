//! The operator's own words of quoted text: files in a folder, `LANGUAGE.txt`, as they are in `src/imprint/place/words/`.

use std::path::Path;

use crate::imprint::place::WordFiles;

/// Reads every `*.txt` in the folder.
///
/// # Errors
/// What cannot be read, and everything that is wrong with what was read.
pub fn word_files(folder: &Path) -> Result<WordFiles, Vec<String>> {
    let unreadable = |path: &Path, error: std::io::Error| format!("{} cannot be read: {error}", path.display());
    let entries = std::fs::read_dir(folder).map_err(|error| vec![unreadable(folder, error)])?;
    let (mut files, mut wrong) = (Vec::new(), Vec::new());
    for entry in entries {
        let path = match entry {
            Ok(entry) => entry.path(),
            Err(error) => {
                wrong.push(unreadable(folder, error));
                continue;
            }
        };
        let name = path.file_stem().and_then(|name| name.to_str()).map(str::to_owned);
        let (Some(name), Some("txt")) = (name, path.extension().and_then(|extension| extension.to_str())) else {
            continue;
        };
        match std::fs::read_to_string(&path) {
            Ok(text) => files.push((name, text)),
            Err(error) => wrong.push(unreadable(&path, error)),
        }
    }
    files.sort();
    match WordFiles::new(files) {
        Ok(files) if wrong.is_empty() => Ok(files),
        Ok(_) => Err(wrong),
        Err(more) => Err(wrong.into_iter().chain(more).collect()),
    }
}
