//! The shapes in which a fault is carried out: how the content is framed, how many recipients there are, whether the
//! ledger is on.

use std::fmt;

use standin::exchange::{Framing, Outgoing, Recipient};

use super::row::Row;

/// How much of the table is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// One case of each row, another shape for each.
    One,
    /// Every shape, and every octet where a row says so.
    Whole,
}

/// How the content comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Data,
    OneChunk,
    Chunks,
}

/// Whether the ledger of settled recipients is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ledger {
    Off,
    On,
}

/// One run of a row.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub shape: Shape,
    pub recipients: usize,
    pub ledger: Ledger,
    pub depth: Depth,
}

impl Case {
    /// The cases of the row at this place of the table.
    pub fn of(index: usize, row: &Row, ledger: Ledger, depth: Depth) -> Vec<Case> {
        let shapes = [Shape::Data, Shape::OneChunk, Shape::Chunks];
        let each = shapes.iter().flat_map(|shape| [1, 3].map(|count| (*shape, count)));
        let fitting = each.filter(|(shape, _)| row.fits(*shape));
        let cases: Vec<Case> = fitting.map(|(shape, recipients)| Case { shape, recipients, ledger, depth }).collect();
        match depth {
            Depth::Whole => cases,
            Depth::One => cases.get(index % cases.len()).copied().into_iter().collect(),
        }
    }

    /// A message in this shape.
    pub fn shaped(&self, mut message: Outgoing) -> Outgoing {
        let octets = message.content.len();
        message.framing = match self.shape {
            Shape::Data => Framing::Data,
            Shape::OneChunk => Framing::Chunks(usize::MAX),
            Shape::Chunks => Framing::Chunks(octets / 4 + 1),
        };
        let addresses = ["bob@example.org", "carl@example.org", "dora@example.org"];
        message.recipients = addresses.iter().take(self.recipients).map(|address| Recipient::new(address)).collect();
        message
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shape = match self.shape {
            Shape::Data => "DATA",
            Shape::OneChunk => "1 BDAT",
            Shape::Chunks => "n BDAT",
        };
        let ledger = match self.ledger {
            Ledger::Off => "off",
            Ledger::On => "on",
        };
        write!(f, "{shape:<6} {} ledger {ledger:<3}", self.recipients)
    }
}
