//! A benchmark by name: what criterion times and callgrind counts is the same.

use crate::{framing, headers, imprinter, markers, relay, render};

/// One run. What it finds is checked when it is made, not each time.
pub type Run = Box<dyn FnMut()>;

/// One benchmark. What it needs is made only when it is to run.
pub struct Case {
    /// `group/what/size`.
    pub name: String,
    make: Box<dyn Fn() -> Run>,
}

impl Case {
    pub fn new(name: impl Into<String>, make: impl Fn() -> Run + 'static) -> Case {
        Case { name: name.into(), make: Box::new(make) }
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
    [framing::cases(), headers::cases(), markers::cases(), imprinter::cases(), render::cases(), relay::cases()]
        .into_iter()
        .flatten()
        .collect()
}
