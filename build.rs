//! The console's built files become part of the program (`src/web/console.rs`). Where it was not built, which needs
//! node, the program is built all the same and says so.

use std::{fs, io};

const FOLDER: &str = "console/dist";
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><title>Signet</title><p>The console was not built with this \
                         program: run <code>make console</code> and build again.</p></html>\n";

fn main() -> io::Result<()> {
    // A program for development reads the files when it runs.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo:rerun-if-changed={FOLDER}");
    } else {
        println!("cargo:rerun-if-changed=build.rs");
    }
    fs::create_dir_all(FOLDER)?;
    let page = format!("{FOLDER}/index.html");
    if !fs::exists(&page)? {
        fs::write(page, NOT_BUILT)?;
    }
    Ok(())
}
