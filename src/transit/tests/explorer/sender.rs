//! The sender of the model: an honest client (RFC 5321 section 4.5.4.1) that tries again what was not answered by a
//! success or a refusal for good, and believes every success it is told.

use std::collections::VecDeque;

use bytes::Bytes;

use super::plan::{Framing, Plan, pieces};

/// What the sender knows of one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    Pending,
    /// It was told that the message was taken.
    Taken,
    /// It was told that it never will be.
    Bounced,
}

/// A reply that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Due {
    Greeting,
    Hello,
    Mail,
    Rcpt,
    Data,
    Chunk,
    End,
    Reset,
    Quit,
}

/// One sender with one message.
#[derive(Debug, Clone, Hash)]
pub struct Sender {
    plan: Plan,
    pub fates: Vec<Fate>,
    pub tries: usize,
    pub due: VecDeque<Due>,
    /// Octets of a reply that is not whole.
    heard: Vec<u8>,
    /// Recipients of this try that were not asked for, that wait for their answer, that were accepted.
    unasked: VecDeque<usize>,
    asked: VecDeque<usize>,
    accepted: Vec<usize>,
    /// The try is over, and a transaction may be left open.
    over: bool,
    open: bool,
    chunks: usize,
    /// Between two tries on an open connection.
    pub choosing: bool,
}

/// What came of a reply.
#[derive(Debug, Default)]
pub struct Heard {
    pub say: Vec<Bytes>,
    /// A new transaction begins.
    pub begins: bool,
    /// The message was taken for these, in these words.
    pub told: Option<(Vec<usize>, String)>,
    pub bounced: bool,
    /// It closes the connection.
    pub leaves: bool,
}

impl Sender {
    pub fn new(plan: Plan) -> Sender {
        Sender {
            plan,
            fates: vec![Fate::Pending; plan.recipients],
            tries: 0,
            due: VecDeque::new(),
            heard: Vec::new(),
            unasked: VecDeque::new(),
            asked: VecDeque::new(),
            accepted: Vec::new(),
            over: false,
            open: false,
            chunks: 0,
            choosing: false,
        }
    }

    pub fn is_satisfied(&self) -> bool {
        !self.fates.contains(&Fate::Pending)
    }

    pub fn connect(&mut self) {
        self.due = VecDeque::from([Due::Greeting]);
    }

    /// The connection is over; what was not answered is tried again.
    pub fn disconnected(&mut self) {
        let Sender { plan, fates, tries, .. } = self;
        *self = Sender { fates: std::mem::take(fates), tries: *tries, ..Sender::new(*plan) };
    }

    /// Another try on the same connection.
    pub fn try_again(&mut self) -> Heard {
        let mut heard = Heard::default();
        self.choosing = false;
        if std::mem::take(&mut self.open) {
            self.say(&mut heard, Due::Reset, "RSET");
        } else {
            self.begin(&mut heard);
        }
        heard
    }

    /// Takes octets of the connection.
    pub fn hear(&mut self, octets: &[u8]) -> Result<Heard, String> {
        let mut heard = Heard::default();
        self.heard.extend_from_slice(octets);
        while let Some((code, text)) = self.reply()? {
            match self.due.pop_front() {
                Some(Due::Quit) if code == 221 => heard.leaves = true,
                // Whatever it answers, the connection closes and nothing is known of the try.
                _ if code == 421 => heard.leaves = true,
                None => return Err(format!("a reply nobody asked for: {text}")),
                Some(due) => self.take(due, code, &text, &mut heard)?,
            }
            if heard.leaves {
                break;
            }
        }
        Ok(heard)
    }

    fn reply(&mut self) -> Result<Option<(u16, String)>, String> {
        let mut at = 0;
        while let Some(length) = self.heard[at..].windows(2).position(|two| two == b"\r\n") {
            let line = &self.heard[at..at + length];
            let code = line.get(..3).and_then(|code| std::str::from_utf8(code).ok()?.parse().ok());
            let code: u16 = code.ok_or_else(|| format!("no reply: {:?}", String::from_utf8_lossy(line)))?;
            let last = line.get(3) != Some(&b'-');
            at += length + 2;
            if last {
                let text = String::from_utf8_lossy(&self.heard[..at]).into_owned();
                self.heard.drain(..at);
                return Ok(Some((code, text)));
            }
        }
        Ok(None)
    }

    fn take(&mut self, due: Due, code: u16, text: &str, heard: &mut Heard) -> Result<(), String> {
        let good = (200..300).contains(&code);
        match due {
            Due::Greeting if code == 220 => self.say(heard, Due::Hello, "EHLO sender.example"),
            Due::Hello | Due::Reset if good => self.begin(heard),
            Due::Greeting | Due::Hello | Due::Reset => heard.leaves = true,
            Due::Mail if good => self.open = true,
            Due::Mail => {
                self.over = true;
                let all: Vec<usize> = self.asked.iter().chain(&self.unasked).copied().collect();
                self.settle(&all, code, heard);
            }
            Due::Rcpt => {
                let index = self.asked.pop_front().ok_or("an answer to no RCPT")?;
                match (self.over, good) {
                    (true, _) => {}
                    (false, true) => self.accepted.push(index),
                    (false, false) => self.settle(&[index], code, heard),
                }
            }
            Due::Data if code == 354 && self.accepted.is_empty() => return Err("354 without a recipient".to_owned()),
            Due::Data if code == 354 => {
                self.due.push_back(Due::End);
                heard.say.extend(pieces(self.plan).iter().map(|piece| stuffed(piece)));
                heard.say.push(Bytes::from(".\r\n"));
                self.quit_ahead(heard);
            }
            Due::Chunk if good => self.say_chunk(heard),
            Due::End if good => {
                self.accepted.iter().for_each(|&index| self.fates[index] = Fate::Taken);
                heard.told = Some((self.accepted.clone(), text.to_owned()));
                (self.over, self.open) = (true, false);
            }
            Due::Data | Due::Chunk | Due::End => {
                // A refused DATA leaves no transaction here, but elsewhere it may.
                (self.over, self.open) = (true, due == Due::Data);
                self.settle(&self.accepted.clone(), code, heard);
            }
            Due::Quit => return Err(format!("a reply nobody asked for: {text}")),
        }
        self.go_on(heard);
        Ok(())
    }

    /// What comes next when no reply is due.
    fn go_on(&mut self, heard: &mut Heard) {
        if heard.leaves || !self.due.is_empty() {
            return;
        }
        if !self.over
            && let Some(index) = self.unasked.pop_front()
        {
            self.say_rcpt(index, heard);
        } else if !self.over && !self.accepted.is_empty() {
            match self.plan.framing {
                Framing::Data => self.say(heard, Due::Data, "DATA"),
                _ => self.say_chunk(heard),
            }
        } else if self.is_satisfied() {
            self.say(heard, Due::Quit, "QUIT");
        } else {
            self.choosing = true;
        }
    }

    fn begin(&mut self, heard: &mut Heard) {
        self.tries += 1;
        heard.begins = true;
        (self.over, self.open, self.chunks) = (false, false, 0);
        self.accepted.clear();
        self.asked.clear();
        let pending = self.fates.iter().enumerate().filter(|(_, fate)| **fate == Fate::Pending);
        self.unasked = pending.map(|(index, _)| index).collect();
        let path = if self.plan.deferred { "" } else { "ada@contoso.example" };
        let body = if self.plan.framing == Framing::Binary { " BODY=BINARYMIME" } else { "" };
        self.say(heard, Due::Mail, &format!("MAIL FROM:<{path}>{body}"));
        if self.plan.pipelining.of_sender() {
            while let Some(index) = self.unasked.pop_front() {
                self.say_rcpt(index, heard);
            }
            if self.plan.framing == Framing::Data {
                self.say(heard, Due::Data, "DATA");
            }
        }
    }

    fn say_rcpt(&mut self, index: usize, heard: &mut Heard) {
        self.asked.push_back(index);
        self.say(heard, Due::Rcpt, &format!("RCPT TO:<{index}@example.org>"));
    }

    fn say_chunk(&mut self, heard: &mut Heard) {
        let pieces = pieces(self.plan);
        let (octets, last) = match (self.plan.framing, self.chunks) {
            (Framing::Last, _) => (pieces.concat(), true),
            (Framing::ManyThenEmpty, 3) => (Vec::new(), true),
            (framing, chunk) => (pieces[chunk].to_vec(), chunk == 2 && framing != Framing::ManyThenEmpty),
        };
        self.chunks += 1;
        let (word, due) = if last { (" LAST", Due::End) } else { ("", Due::Chunk) };
        self.say(heard, due, &format!("BDAT {}{word}", octets.len()));
        // In two, so that a chunk is cut as well.
        let (first, second) = octets.split_at(octets.len() / 2);
        heard
            .say
            .extend([first, second].iter().filter(|half| !half.is_empty()).map(|half| Bytes::copy_from_slice(half)));
        if last {
            self.quit_ahead(heard);
        }
    }

    fn quit_ahead(&mut self, heard: &mut Heard) {
        if self.plan.quits_ahead {
            self.say(heard, Due::Quit, "QUIT");
        }
    }

    fn say(&mut self, heard: &mut Heard, due: Due, line: &str) {
        self.due.push_back(due);
        heard.say.push(Bytes::from(format!("{line}\r\n")));
    }

    fn settle(&mut self, recipients: &[usize], code: u16, heard: &mut Heard) {
        if code >= 500 {
            recipients.iter().for_each(|&index| self.fates[index] = Fate::Bounced);
            heard.bounced |= !recipients.is_empty();
        }
    }
}

/// Dots doubled, the obvious way. Each piece begins a line.
fn stuffed(piece: &[u8]) -> Bytes {
    let lines = piece.split_inclusive(|octet| *octet == b'\n');
    let dots = |line: &[u8]| if line.starts_with(b".") { [b".", line].concat() } else { line.to_vec() };
    Bytes::from(lines.flat_map(dots).collect::<Vec<u8>>())
}
