//! Our own code fails at a place of its own choice: the process dies (row 56), it panics (row 32), it says so, or it
//! takes its time. Only the binary with failpoints can do that (`src/failpoint.rs`).

use crate::sweep::case::Shape;
use crate::sweep::row::{Row, Told, Twice, row};

/// What an `error` at a point comes to.
#[derive(Clone, Copy)]
enum OnError {
    /// The message waits: 451 4.3.0.
    Later,
    /// Another 4xx.
    As(u16, &'static str),
    /// The session is dropped.
    Gone,
    /// The message goes on, at most without its signature.
    GoesOn,
    /// The point knows none.
    None,
}

/// What a panic at a point comes to.
#[derive(Clone, Copy)]
enum OnPanic {
    /// The session ends; the sender tries again.
    Gone,
    /// It is contained; the message goes on.
    Contained,
    /// It is contained, but whose message it is was not known yet: 451 4.3.0.
    Later,
    /// The place is nobody's session: a panic there ends what serves all of a core, and the process starts anew
    /// (`tests/e2e/worker.rs`).
    None,
}

/// Every point up to the commit point, and those beside the mail path.
const POINTS: &[(&str, OnError, OnPanic)] = &[
    ("accepted", OnError::Gone, OnPanic::None),
    ("session", OnError::Gone, OnPanic::Gone),
    ("tls_established", OnError::Gone, OnPanic::Gone),
    ("memory", OnError::As(452, "4.3.1"), OnPanic::Gone),
    ("dial", OnError::As(451, "4.4.1"), OnPanic::Gone),
    ("leased", OnError::As(451, "4.4.5"), OnPanic::Gone),
    ("mail", OnError::Later, OnPanic::Gone),
    ("recipient", OnError::Later, OnPanic::Gone),
    ("mail_answered", OnError::None, OnPanic::Gone),
    ("headers", OnError::Later, OnPanic::Gone),
    ("candidates", OnError::GoesOn, OnPanic::Contained),
    ("decision", OnError::Later, OnPanic::Gone),
    ("choice", OnError::GoesOn, OnPanic::Contained),
    ("imprint", OnError::None, OnPanic::Later),
    ("release", OnError::Later, OnPanic::Gone),
    ("open_content", OnError::Later, OnPanic::Gone),
    ("slice", OnError::Later, OnPanic::Gone),
    ("gate", OnError::Later, OnPanic::Gone),
    ("commit", OnError::Later, OnPanic::Gone),
    ("committed", OnError::None, OnPanic::Gone),
];

/// Points behind the commit point: the next hop has the message, and what fails here may make it come twice.
const COMMITTED: &[&str] = &["answered", "verdict"];

/// Points beside the way of the mail: what fails there is nothing to it.
const BESIDE: &[&str] = &["give_back", "finished", "record", "record_written"];

pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for &(point, on_error, on_panic) in POINTS {
        rows.push(row(56, "the process dies").failpoint(point, "abort").told(Told::Nothing));
        let told = match on_panic {
            OnPanic::Gone => Some(Told::Nothing),
            OnPanic::Contained => Some(Told::Accepted),
            OnPanic::Later => Some(Told::Refusal(451, "4.3.0")),
            OnPanic::None => None,
        };
        if let Some(told) = told {
            rows.push(row(32, "a panic").failpoint(point, "panic").told(told).only(one_chunk));
        }
        let told = match on_error {
            OnError::Later => Some(Told::Refusal(451, "4.3.0")),
            OnError::As(code, enhanced) => Some(Told::Refusal(code, enhanced)),
            OnError::Gone => Some(Told::Nothing),
            OnError::GoesOn => Some(Told::Accepted),
            OnError::None => None,
        };
        if let Some(told) = told {
            rows.push(row(31, "an error").failpoint(point, "error").told(told).only(one_chunk));
        }
        rows.push(row(34, "a place takes its time").failpoint(point, "delay 20").only(one_chunk));
    }
    for point in COMMITTED {
        let dies = row(56, "the process dies behind the commit point").failpoint(point, "abort");
        rows.push(dies.told(Told::Nothing).twice(Twice::Possible));
        let panics = row(32, "a panic behind the commit point").failpoint(point, "panic").only(one_chunk);
        rows.push(panics.told(Told::Nothing).twice(Twice::Possible));
    }
    for point in BESIDE {
        // The writer of records is one task for all: a panic there ends it, and the process starts anew.
        if *point != "record_written" {
            rows.push(row(32, "a panic beside the mail").failpoint(point, "panic").only(one_chunk));
        }
        rows.push(row(31, "an error beside the mail").failpoint(point, "error").only(one_chunk));
    }
    let dies = row(56, "the process dies as it tells of the message").failpoint("finished", "abort");
    rows.push(dies.told(Told::Nothing).twice(Twice::Possible));
    rows.push(
        row(51, "half of our answer is written, and the process dies")
            .failpoint_at_the_end("half_written", "error")
            .told(Told::Nothing)
            .twice(Twice::Possible),
    );
    rows
}

fn one_chunk(shape: Shape) -> bool {
    shape == Shape::OneChunk
}
