//! One way of one connection: octets in, octets out, and the faults that lie on the way.
//!
//! All octets that came are kept, as only a test may do: a pattern is found wherever reads cut it.

use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::fault::{Act, Point, Way};
use super::{Shared, Struck};

/// How a connection ends before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    Cut,
    Reset,
}

pub(super) struct Lane<'a> {
    way: Way,
    connection: usize,
    shared: &'a Arc<Shared>,
    /// Everything that came this way.
    came: Vec<u8>,
    forwarded: usize,
    /// Faults known here: where each began to look, `None` once it has struck.
    known: HashMap<usize, Option<usize>>,
    /// What takes the place of the next octets.
    instead: Vec<u8>,
    singly: bool,
}

impl<'a> Lane<'a> {
    pub fn new(way: Way, connection: usize, shared: &'a Arc<Shared>) -> Lane<'a> {
        let (came, known, instead) = (Vec::new(), HashMap::new(), Vec::new());
        Lane { way, connection, shared, came, forwarded: 0, known, instead, singly: false }
    }

    /// Carries octets until the end of the stream.
    pub async fn run(
        mut self,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
    ) -> Result<(), Broken> {
        let mut buffer = vec![0; 16 * 1024];
        let mut ended = false;
        loop {
            while let Some((at, act)) = self.next_fault() {
                self.forward(at, &mut to).await?;
                self.note(&act);
                if !self.perform(act, &mut to).await? {
                    return self.swallow(from).await;
                }
            }
            let held = if ended { 0 } else { self.held_back() };
            self.forward(self.came.len() - held, &mut to).await?;
            if ended {
                // The peer may be gone by now; the other way will tell.
                let _ = to.shutdown().await;
                return Ok(());
            }
            let count = from.read(&mut buffer).await.map_err(|_| Broken::Reset)?;
            ended = count == 0;
            self.came.extend(buffer.iter().take(count));
        }
    }

    /// Does what a fault asks for; `false`: this way is over, what comes is thrown away.
    async fn perform(&mut self, act: Act, to: &mut (impl AsyncWrite + Unpin)) -> Result<bool, Broken> {
        match act {
            Act::Delay(time) => tokio::time::sleep(time).await,
            Act::Wait(gate) => gate.pass().await,
            Act::Cut => return Err(Broken::Cut),
            Act::Reset => return Err(Broken::Reset),
            Act::HalfClose => {
                to.shutdown().await.map_err(|_| Broken::Reset)?;
                return Ok(false);
            }
            Act::Swallow => return Ok(false),
            Act::StopReading => pending().await,
            Act::Insert(octets) => to.write_all(&octets).await.map_err(|_| Broken::Reset)?,
            Act::Replace(octets) => self.instead = octets,
            Act::Split => self.singly = true,
        }
        Ok(true)
    }

    /// Reads on and keeps the connection as long as the peer does.
    async fn swallow(self, mut from: impl AsyncRead + Unpin) -> Result<(), Broken> {
        let mut buffer = vec![0; 16 * 1024];
        while from.read(&mut buffer).await.map_err(|_| Broken::Reset)? > 0 {}
        Ok(())
    }

    /// Hands on what came, up to this place.
    async fn forward(&mut self, until: usize, to: &mut (impl AsyncWrite + Unpin)) -> Result<(), Broken> {
        let mut octets = self.came.get(self.forwarded..until).unwrap_or_default().to_vec();
        let replaced = self.instead.len().min(octets.len());
        octets.iter_mut().zip(self.instead.drain(..replaced)).for_each(|(octet, other)| *octet = other);
        self.forwarded = until.max(self.forwarded);
        let piece = if self.singly { 1 } else { usize::MAX };
        for piece in octets.chunks(piece) {
            to.write_all(piece).await.map_err(|_| Broken::Reset)?;
        }
        Ok(())
    }

    /// The next fault that strikes among what came and was not handed on, and where.
    fn next_fault(&mut self) -> Option<(usize, Act)> {
        let mut faults = self.shared.faults();
        let mut first: Option<(usize, usize)> = None;
        for (index, (id, fault)) in faults.iter().enumerate() {
            if !fault.fits(self.way, self.connection) {
                continue;
            }
            let Some(from) = *self.known.entry(*id).or_insert(Some(self.forwarded)) else { continue };
            let at = match &fault.point {
                Point::After(octets) => usize::try_from(*octets).ok(),
                // With nothing new yet it strikes when something comes.
                Point::Next(_) if self.forwarded == self.came.len() => None,
                Point::Next(octets) => usize::try_from(*octets).ok().map(|octets| from + octets),
                Point::In { pattern, octets, nth } => {
                    let came = self.came.get(from..).unwrap_or_default();
                    let found = memchr::memmem::find_iter(came, pattern).nth(nth.saturating_sub(1));
                    found.map(|at| from + at + octets)
                }
            };
            let here = at.filter(|at| (self.forwarded..=self.came.len()).contains(at));
            if let Some(at) = here.filter(|at| first.is_none_or(|(before, _)| *at < before)) {
                first = Some((at, index));
            }
        }
        let (at, index) = first?;
        let (id, fault) = faults.get_mut(index)?;
        if fault.times != usize::MAX {
            fault.times -= 1;
        }
        self.known.insert(*id, None);
        Some((at, fault.act.clone()))
    }

    /// Octets at the end that may turn out to lie behind the point of a fault.
    fn held_back(&self) -> usize {
        let faults = self.shared.faults();
        let of_fault = |point: &Point| match point {
            Point::After(_) | Point::Next(_) => 0,
            Point::In { pattern, octets, .. } => {
                let begun = (octets + 1..pattern.len()).rev();
                let begun = begun.filter_map(|length| Some((length, pattern.get(..length)?)));
                begun.into_iter().find(|(_, start)| self.came.ends_with(start)).map_or(0, |(length, _)| length - octets)
            }
        };
        let open = |id: &usize| !matches!(self.known.get(id), Some(None));
        let fitting = faults.iter().filter(|(id, fault)| fault.fits(self.way, self.connection) && open(id));
        let held = fitting.map(|(_, fault)| of_fault(&fault.point)).max().unwrap_or(0);
        held.min(self.came.len() - self.forwarded)
    }

    fn note(&self, act: &Act) {
        self.shared.note(Struck {
            connection: self.connection,
            way: self.way,
            forwarded: self.forwarded as u64,
            act: act.clone(),
            at: Instant::now(),
        });
    }
}
