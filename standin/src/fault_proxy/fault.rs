//! What a test asks of the proxy: a way, a point in its octets, and what happens there.

use std::time::Duration;

use crate::exchange::Gate;

/// A direction of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// From whoever connected to the target.
    ToServer,
    ToClient,
}

/// A place among the octets of one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Point {
    /// When so many octets were handed on; 0: before anything.
    After(u64),
    /// So many octets behind the last that had been handed on when the fault was asked for; 0: before the next one.
    Next(u64),
    /// So many octets into the n-th occurrence (from 1) of a pattern, counted from when the fault was asked for.
    In { pattern: Vec<u8>, octets: usize, nth: usize },
}

impl Point {
    /// Right behind the first occurrence.
    pub fn behind(pattern: &[u8]) -> Point {
        Point::inside(pattern, pattern.len())
    }

    /// So many octets into the first occurrence. Octets that may be its rest are kept back until that is clear, so no
    /// pause of the peer's should fall in between.
    pub fn inside(pattern: &[u8], octets: usize) -> Point {
        Point::In { pattern: pattern.to_vec(), octets: octets.min(pattern.len()), nth: 1 }
    }
}

/// What happens at a point.
#[derive(Debug, Clone)]
pub enum Act {
    /// Nothing for so long.
    Delay(Duration),
    /// Nothing until the gate is opened.
    Wait(Gate),
    /// FIN to both, at once.
    Cut,
    /// RST to both.
    Reset,
    /// FIN onward in this way; the other way goes on.
    HalfClose,
    /// From here on everything of this way is read and thrown away; both connections stay.
    Swallow,
    /// From here on nothing of this way is read: its sender runs into a closed window.
    StopReading,
    /// These octets come in addition.
    Insert(Vec<u8>),
    /// These octets come in the place of the next ones.
    Replace(Vec<u8>),
    /// From here on each octet is a segment of its own.
    Split,
}

/// One fault, asked for. It strikes at most once on each connection.
#[derive(Debug, Clone)]
pub struct Fault {
    pub(super) way: Way,
    pub(super) point: Point,
    pub(super) act: Act,
    pub(super) connection: Option<usize>,
    pub(super) times: usize,
}

impl Fault {
    /// On every connection.
    pub fn new(way: Way, point: Point, act: Act) -> Fault {
        Fault { way, point, act, connection: None, times: usize::MAX }
    }

    /// Only on the n-th connection of the proxy, counted from 1.
    pub fn connection(mut self, number: usize) -> Fault {
        self.connection = Some(number);
        self
    }

    /// At most so often over all connections; then the fault is spent.
    pub fn times(mut self, times: usize) -> Fault {
        self.times = times;
        self
    }

    pub(super) fn fits(&self, way: Way, connection: usize) -> bool {
        self.times > 0 && self.way == way && self.connection.is_none_or(|number| number == connection)
    }
}
