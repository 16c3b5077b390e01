//! A benchmark by name: what criterion times and callgrind counts is the same.

use crate::{framing, headers, imprinter, markers, people, relay, render, whole};

/// One run. What it finds is checked when it is made, not each time.
pub type Run = Box<dyn FnMut()>;

/// One benchmark. What it needs is made only when it is to run.
pub struct Case {
    /// `group/what/size`.
    pub name: String,
    /// It is shown beside others by its time, or what it needs takes too long to make where instructions are counted.
    #[allow(dead_code, reason = "criterion's binary runs them all")]
    pub timed_only: bool,
    make: Box<dyn Fn() -> Run>,
}

impl Case {
    pub fn new(name: impl Into<String>, make: impl Fn() -> Run + 'static) -> Case {
        Case { name: name.into(), timed_only: false, make: Box::new(make) }
    }

    pub fn timed_only(self) -> Case {
        Case { timed_only: true, ..self }
    }

    pub fn make(&self) -> Run {
        (self.make)()
    }
}

pub fn ready(run: impl FnMut() + 'static) -> Run {
    Box::new(run)
}

/// All of them.
pub fn all() -> Vec<Case> {
    let cases = [
        framing::cases(),
        headers::cases(),
        markers::cases(),
        imprinter::cases(),
        render::cases(),
        people::cases(),
        relay::cases(),
        whole::cases(),
    ];
    cases.into_iter().flatten().collect()
}
