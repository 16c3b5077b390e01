//! Named places where a test makes the program fail; they are there with the feature `faults` alone, and the shipped
//! program has none.
//!
//! The variable `FAILPOINTS` names a folder. A file in it with the name of a point arms that point, and its content
//! says what happens: `abort` (the process dies), `panic`, `error` (the place does what it does on an error),
//! or `delay MILLISECONDS` (its thread stands still). The file is taken away as the point strikes: once, in whichever
//! process comes there first, so that one which is started anew does not die again. Without the file nothing happens.

/// `failpoint!("name")` may abort, panic or delay; `failpoint!("name", statement)` carries the statement out on `error`.
#[cfg(feature = "faults")]
macro_rules! failpoint {
    ($name:literal) => {
        $crate::failpoint::reached($name);
    };
    ($name:literal, $on_error:expr) => {
        if $crate::failpoint::reached($name) {
            $on_error;
        }
    };
}

#[cfg(not(feature = "faults"))]
macro_rules! failpoint {
    ($($point:tt)*) => {};
}

/// Does what the point of this name is armed with. True: the place is to do what it does on an error.
#[cfg(feature = "faults")]
pub fn reached(name: &str) -> bool {
    use std::path::PathBuf;
    use std::sync::LazyLock;
    use std::time::Duration;

    static FOLDER: LazyLock<Option<PathBuf>> = LazyLock::new(|| std::env::var_os("FAILPOINTS").map(PathBuf::from));
    let Some(file) = FOLDER.as_ref().map(|folder| folder.join(name)) else { return false };
    let Ok(action) = std::fs::read_to_string(&file) else { return false };
    // Of two threads that come here at the same time one takes it away.
    if std::fs::remove_file(&file).is_err() {
        return false;
    }
    match action.trim().split_once(' ').unwrap_or((action.trim(), "")) {
        ("abort", _) => std::process::abort(),
        ("delay", milliseconds) => {
            std::thread::sleep(Duration::from_millis(milliseconds.parse().unwrap_or_default()));
            false
        }
        ("error", _) => true,
        // A word that nobody knows must not pass for a fault that did no harm.
        _ => std::panic::panic_any(format!("failpoint {name}: {action}")),
    }
}
