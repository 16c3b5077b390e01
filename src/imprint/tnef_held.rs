//! How much of a stream of TNEF has to be held to read all its texts: what stands before its first attachment.
//!
//! In base64 that is counted in whole groups of four digits, up to the one in which the message's own attributes end. A
//! stream whose properties do not stand before its attachments is held whole: they may hold its text.

use super::hold::Hold;
use super::tnef::{FRAME_BEFORE, FRAME_BEHIND, MESSAGE_PROPERTIES, SIGNATURE_OCTETS};

/// A message has some twenty attributes.
const ATTRIBUTES: u32 = 1_000;

/// What is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// It has not come yet. Nor does it ever where a stream has no attachment, or has its properties behind one.
    Less,
    /// All up to here, in the message.
    Enough(u64),
    /// It is no stream as senders write it.
    Doubt,
}

/// How far a stream was looked through.
#[derive(Debug, Clone, Copy)]
pub(super) enum Progress {
    Binary(Binary),
    Base64(Base64),
}

/// In octets as they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Binary {
    start: u64,
    frames: Frames,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Base64 {
    /// Up to where digits were read, in the message.
    at: u64,
    /// Octets that were read.
    octets: u64,
    /// Bits of digits that are no whole group yet, and how many digits.
    group: u32,
    digits: u8,
    frame: [u8; FRAME_BEFORE],
    framed: usize,
    /// Where the group ends that the last attribute ends in, in the message.
    end: Option<u64>,
    /// Something else than a digit was read, or an attachment before the properties.
    over: bool,
    frames: Frames,
}

/// The attributes so far.
#[derive(Debug, Clone, Copy)]
struct Frames {
    /// Where the next one begins, in the stream.
    next: u64,
    left: u32,
    /// The properties of the message were among them.
    properties: bool,
}

impl Progress {
    /// The stream begins at `start`.
    pub(super) fn binary(start: u64) -> Progress {
        Progress::Binary(Binary { start, frames: Frames::new() })
    }

    /// The first digit of the stream stands at `start`, or behind it.
    pub(super) fn base64(start: u64) -> Progress {
        Progress::Base64(Base64 {
            at: start,
            octets: 0,
            group: 0,
            digits: 0,
            frame: [0; FRAME_BEFORE],
            framed: 0,
            end: None,
            over: false,
            frames: Frames::new(),
        })
    }

    /// The octets from `at` of the message on were read, which are still held.
    pub(super) fn more(&mut self, at: u64, octets: &[u8], hold: &Hold) -> Held {
        match self {
            Progress::Binary(binary) => binary.held(at + octets.len() as u64, hold),
            Progress::Base64(base64) => base64.more(at, octets),
        }
    }
}

impl Binary {
    fn held(&mut self, position: u64, hold: &Hold) -> Held {
        loop {
            let at = self.start + self.frames.next;
            if position < at + FRAME_BEFORE as u64 {
                return Held::Less;
            }
            match self.frames.read(&hold.gather(at..at + FRAME_BEFORE as u64)) {
                Frame::Message => {}
                Frame::Attachment if self.frames.properties => return Held::Enough(at),
                Frame::Attachment => return Held::Less,
                Frame::Doubt => return Held::Doubt,
            }
        }
    }
}

impl Base64 {
    fn more(&mut self, at: u64, octets: &[u8]) -> Held {
        let unread = self.at.checked_sub(at).and_then(|skipped| octets.get(usize::try_from(skipped).ok()?..));
        let Some(unread) = unread.filter(|_| !self.over) else { return Held::Less };
        for octet in unread.iter().copied() {
            self.at += 1;
            if matches!(octet, b' ' | b'\t' | b'\r' | b'\n') {
                continue;
            }
            let Some(digit) = digit(octet) else {
                self.over = true;
                return Held::Less;
            };
            (self.group, self.digits) = (self.group << 6 | digit, self.digits + 1);
            if self.digits < 4 {
                continue;
            }
            let [_, three @ ..] = self.group.to_be_bytes();
            (self.group, self.digits) = (0, 0);
            for octet in three {
                match self.octet(octet) {
                    Some(Frame::Message) => self.end = None,
                    Some(Frame::Attachment) if self.frames.properties => {
                        return self.end.map_or(Held::Doubt, Held::Enough);
                    }
                    Some(Frame::Attachment) => {
                        self.over = true;
                        return Held::Less;
                    }
                    Some(Frame::Doubt) => return Held::Doubt,
                    None => {}
                }
            }
            if self.end.is_none() && self.octets >= self.frames.next {
                self.end = Some(self.at);
            }
        }
        Held::Less
    }

    fn octet(&mut self, octet: u8) -> Option<Frame> {
        let (at, within) = (self.octets, self.octets >= self.frames.next);
        self.octets = at + 1;
        if !within {
            return None;
        }
        *self.frame.get_mut(self.framed)? = octet;
        self.framed += 1;
        if self.framed < FRAME_BEFORE {
            return None;
        }
        self.framed = 0;
        Some(self.frames.read(&self.frame))
    }
}

/// What an attribute belongs to.
enum Frame {
    Message,
    Attachment,
    Doubt,
}

impl Frames {
    fn new() -> Frames {
        Frames { next: SIGNATURE_OCTETS as u64, left: ATTRIBUTES, properties: false }
    }

    /// Of the octets before the data of the next attribute.
    fn read(&mut self, frame: &[u8]) -> Frame {
        let (Some((level, rest)), Some(length)) = (frame.split_first(), frame.last_chunk::<4>()) else {
            return Frame::Doubt;
        };
        if *level != 1 {
            return Frame::Attachment;
        }
        self.properties |= rest.starts_with(&MESSAGE_PROPERTIES.to_le_bytes());
        if self.left == 0 {
            return Frame::Doubt;
        }
        self.left -= 1;
        self.next += (FRAME_BEFORE + FRAME_BEHIND) as u64 + u64::from(u32::from_le_bytes(*length));
        Frame::Message
    }
}

/// RFC 4648 section 4.
fn digit(octet: u8) -> Option<u32> {
    let value = match octet {
        b'A'..=b'Z' => octet - b'A',
        b'a'..=b'z' => octet - b'a' + 26,
        b'0'..=b'9' => octet - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
