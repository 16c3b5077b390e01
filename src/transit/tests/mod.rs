//! Whole messages through [`Transit`], with a scripted next hop and a clock of their own.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod binding;
mod contract;
mod explorer;
mod framing;
mod guard;
mod ledger;
mod legs;
mod pictures;
mod rules;
mod tenants;
mod waits;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use jiff::Timestamp;

use super::*;
use crate::imprint;
use crate::smtp::{Asked, Cause, ClientError, Extensions, Mail, Parameter, Path, Rcpt, Reply};
use crate::tenant::{Got, Share, TenantId};

pub use tenants::{
    CONTOSO, FABRIKAM, LOGO, PICKY, Tenants, region, tenants, tenants_of, tenants_with, tenants_with_a_logo,
};

/// A message as a test describes it.
pub struct Letter {
    pub proof: Proof,
    pub mail_from: &'static str,
    pub parameters: &'static [(&'static str, &'static str)],
    pub recipients: &'static [&'static str],
    pub headers: String,
    pub body: String,
    pub chunks: Chunks,
    pub guard: Option<Arc<dyn Guard>>,
    /// The tenant's rules and people do not come until the test gives them.
    pub rules_stay_away: bool,
}

/// How the sender frames the content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chunks {
    Data,
    OneLast,
    /// Pieces of this many octets, the last of them with LAST.
    Many(usize),
    /// The same, ended by `BDAT 0 LAST`.
    ManyThenEmpty(usize),
}

impl Letter {
    /// An ordinary one from Ada of Contoso to Bob, by Exchange Online.
    pub fn new() -> Letter {
        Letter {
            proof: Proof::Microsoft,
            mail_from: "ada@contoso.example",
            parameters: &[],
            recipients: &["bob@example.org"],
            headers: microsoft_headers(CONTOSO, "contoso.example", "Ada <ada@contoso.example>"),
            body: "Hello Bob\r\n".to_owned(),
            chunks: Chunks::Data,
            guard: None,
            rules_stay_away: false,
        }
    }

    pub fn octets(&self) -> Vec<u8> {
        format!("{}\r\n{}", self.headers, self.body).into_bytes()
    }
}

pub fn microsoft_headers(tenant: &str, organisation: &str, from: &str) -> String {
    format!(
        "From: {from}\r\nTo: bob@example.org\r\nSubject: Plans\r\nMessage-ID: <1@contoso.example>\r\n\
         Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         x-originatororg: {organisation}\r\nX-MS-Exchange-CrossTenant-AuthAs: Internal\r\n\
         X-MS-Exchange-CrossTenant-id: {tenant}\r\n"
    )
}

/// The next hop as a test describes it.
pub struct NextHop {
    pub extensions: Extensions,
    /// Replies in place of the usual ones: verb, how many of it go well before, reply.
    pub refuses: Vec<(Asked, usize, Reply)>,
    /// It takes its time: nothing is answered.
    pub silent: bool,
    /// What it says on a leg after the first in place of the usual; `None`: nothing.
    pub further: Vec<(usize, Asked, Option<Reply>)>,
    /// Sessions for further legs cannot be had.
    pub further_refused: bool,
    /// It does not answer the whole message on the first leg.
    pub silent_at_the_end: bool,
}

impl Default for NextHop {
    fn default() -> NextHop {
        let extensions = Extensions { starttls: false, xoorg: false, ..Extensions::for_microsoft(157_286_400) };
        NextHop {
            extensions,
            refuses: Vec::new(),
            silent: false,
            further: Vec::new(),
            further_refused: false,
            silent_at_the_end: false,
        }
    }
}

impl NextHop {
    pub fn refusing(asked: Asked, reply: Reply) -> NextHop {
        NextHop { refuses: vec![(asked, 0, reply)], ..NextHop::default() }
    }

    fn reply(&mut self, asked: Asked) -> Reply {
        if let Some(place) = self.refuses.iter().position(|(verb, _, _)| *verb == asked) {
            let (_, before, _) = &mut self.refuses[place];
            if *before == 0 {
                return self.refuses.remove(place).2;
            }
            *before -= 1;
        }
        match asked {
            Asked::Data => Reply::go_ahead(),
            _ => Reply::new(250, "2.6.0", "taken by the next hop"),
        }
    }
}

/// What came of a message.
#[derive(Default)]
pub struct Story {
    /// Every answer to the sender, with what it answers.
    pub answers: Vec<(&'static str, Reply)>,
    /// What the next hop was told, in words; on a leg after the first its number stands before them.
    pub told: Vec<String>,
    /// The content it was given since the last lease.
    pub content: Vec<u8>,
    /// The same for the legs after the first.
    pub further: Vec<Vec<u8>>,
    pub leased: Vec<String>,
    pub committed: bool,
    pub aborted: bool,
    pub health: Vec<Health>,
    pub failed: Option<ClientError>,
    pub unproven: Option<Unproven>,
    pub record: Option<Record>,
    /// The ledger said that everybody has it.
    pub repeated: bool,
    /// The answer is awaited by nobody but this page.
    pub left_behind: Option<Page>,
}

impl Story {
    pub fn answer(&self, to: &str) -> u16 {
        self.answers.iter().rev().find(|(verb, _)| *verb == to).map(|(_, reply)| reply.code()).unwrap_or(0)
    }

    pub fn fate(&self) -> String {
        match self.record.as_ref().and_then(|record| record.fate) {
            Some(imprint::Fate::Signed) => "signed".to_owned(),
            Some(imprint::Fate::Left(reason)) => reason.word().to_owned(),
            None => "none".to_owned(),
        }
    }

    /// Who got what by the record: what, and the places of the recipients.
    pub fn shares(&self) -> Vec<String> {
        let shown = |share: &Share| {
            let got = match &share.got {
                Got::Signed(ids) => ids.join("+"),
                Got::Left { reason, .. } => reason.word().to_owned(),
                Got::Repeated => "repeated".to_owned(),
            };
            let places: Vec<String> = share.recipients.iter().map(usize::to_string).collect();
            format!("{got}: {}", places.join(" "))
        };
        self.record.iter().flat_map(|record| &record.shares).map(shown).collect()
    }
}

/// Drives one message through, the next hop answering at once.
pub struct Drive {
    pub transit: Transit,
    pub next_hop: NextHop,
    pub story: Story,
    /// The sender's session with the ledger, if there is one.
    pub page: Option<Page>,
    /// The sender is gone when the gate is looked at.
    pub gate_stays_shut: bool,
    /// Rules and people are asked for and do not come.
    pub rules_stay_away: bool,
    tenants: Tenants,
    asked: VecDeque<&'static str>,
    now: Now,
}

pub fn context() -> Arc<Context> {
    Arc::new(Context {
        verdict_timeout: std::time::Duration::from_secs(540),
        host_name: "eu-a.signet.example".to_owned(),
        site: "eu-a".to_owned(),
        image_base_url: None,
        limits: imprint::Limits::default(),
        guard: None,
        bypass: Arc::default(),
        ledger: None,
    })
}

pub fn mail(letter: &Letter) -> Mail {
    let mut mail = Mail::from(Path::parse(letter.mail_from.as_bytes()).unwrap());
    mail.parameters = letter
        .parameters
        .iter()
        .map(|(keyword, value)| Parameter {
            keyword: Bytes::from_static(keyword.as_bytes()),
            value: (!value.is_empty()).then(|| Bytes::from_static(value.as_bytes())),
        })
        .collect();
    mail
}

impl Drive {
    pub fn begin(letter: &Letter, next_hop: NextHop, index: Index) -> Drive {
        Drive::begin_in(tenants(), letter, next_hop, index)
    }

    pub fn begin_in(tenants: Tenants, letter: &Letter, next_hop: NextHop, index: Index) -> Drive {
        Drive::begin_with(tenants, letter, next_hop, index, None)
    }

    pub fn begin_with(tenants: Tenants, letter: &Letter, next_hop: NextHop, index: Index, page: Option<Page>) -> Drive {
        let now = Now { instant: Instant::now(), wall: Timestamp::from_second(1_795_255_200).unwrap() };
        let sender = Sender {
            proof: letter.proof.clone(),
            hello: "sender.example".to_owned(),
            address: std::net::Ipv4Addr::LOCALHOST.into(),
            tls: None,
        };
        let ledger = page.as_ref().map(Page::ledger);
        let context = Arc::new(Context { ledger, guard: letter.guard.clone(), ..Arc::unwrap_or_clone(context()) });
        let region = tenants.region.clone();
        let transit = Transit::new(context, Arc::new(sender), region, index, [9; 16], mail(letter), now);
        let mut drive = Drive {
            transit,
            next_hop,
            story: Story::default(),
            page,
            gate_stays_shut: false,
            rules_stay_away: letter.rules_stay_away,
            tenants,
            asked: VecDeque::from(["MAIL"]),
            now,
        };
        drive.perform();
        drive
    }

    pub fn tell(&mut self, input: Input) {
        let verb = match &input {
            Input::Rcpt(_) => Some("RCPT"),
            Input::Data => Some("DATA"),
            Input::ChunkTaken => Some("BDAT"),
            Input::EndOfMessage => Some("end"),
            Input::Reset(_) => {
                self.asked.clear();
                None
            }
            _ => None,
        };
        self.asked.extend(verb);
        self.transit.handle(input, self.now);
        self.perform();
    }

    fn perform(&mut self) {
        while let Some(output) = self.transit.poll_output() {
            match output {
                Output::Answer(reply) => {
                    let verb = self.asked.pop_front().expect("an answer without a question");
                    if verb == "end" && reply.is_success() {
                        assert!(self.story.committed || self.story.repeated, "a success before the commit point");
                        assert!(reply.text().contains("taken by the next hop"), "a success of our own making");
                    }
                    self.story.answers.push((verb, reply));
                }
                Output::Lease(tenant, _) => {
                    self.story.leased.push(tenant.id().as_str().to_owned());
                    self.story.content.clear();
                    self.story.aborted = false;
                    let extensions = self.next_hop.extensions.clone();
                    let lease = Lease { extensions, reused: false, attribution_refused_since: None };
                    self.transit.handle(Input::Leased(lease), self.now);
                }
                Output::LeaseFurther(_, further) if self.next_hop.further_refused => {
                    self.story.told.push(format!("{further} refused"));
                    self.transit.handle(Input::LeaseRefused(Refusal::Busy), self.now);
                }
                Output::LeaseFurther(_, further) => {
                    self.story.further = vec![Vec::new(); further];
                    let extensions = self.next_hop.extensions.clone();
                    let lease = Lease { extensions, reused: false, attribution_refused_since: None };
                    self.transit.handle(Input::FurtherLeased(vec![lease; further]), self.now);
                }
                Output::Snapshot(_) if self.rules_stay_away => {}
                Output::Snapshot(tenant) => {
                    let snapshot = self.tenants.snapshot(&tenant);
                    self.transit.handle(Input::Snapshot(snapshot), self.now);
                }
                Output::Tell(leg, command) => self.told(leg, command),
                Output::Release(leg) => self.note(leg, "release"),
                Output::LeaveBehind(leg) => self.story.left_behind = self.page.as_mut().unwrap().split_off(leg),
                Output::Abort(0) => self.story.aborted = true,
                Output::Abort(leg) => self.note(leg, "abort"),
                Output::Gate if self.gate_stays_shut => {}
                Output::Gate => self.transit.handle(Input::GateOpen, self.now),
                Output::Recall(fingerprint) => {
                    let known = self.page.as_ref().unwrap().recall(fingerprint, self.now);
                    self.transit.handle(Input::Recalled(known), self.now);
                }
                Output::Note(note) => {
                    self.story.repeated |= matches!(note, Note::Repeated(_));
                    self.page.as_mut().unwrap().note(note, self.now);
                }
                Output::Health(health, _) => self.story.health.push(health),
                Output::NextHopFailed(error) => self.story.failed = Some(error),
                Output::Unproven(unproven) => self.story.unproven = Some(unproven),
                Output::Finished(record) => {
                    assert!(self.story.record.is_none(), "a message finishes once");
                    self.story.record = Some(*record);
                }
            }
        }
    }

    fn note(&mut self, leg: usize, word: &str) {
        self.story.told.push(if leg == 0 { word.to_owned() } else { format!("{leg} {word}") });
    }

    fn told(&mut self, leg: usize, command: Command) {
        let (word, asked) = match command {
            Command::Mail(_) => ("MAIL".to_owned(), Some(Asked::Mail)),
            Command::Rcpt(rcpt) => (format!("RCPT {}", rcpt.path.as_str()), Some(Asked::Rcpt)),
            Command::Reset => ("RSET".to_owned(), Some(Asked::Reset)),
            Command::Data => ("DATA".to_owned(), Some(Asked::Data)),
            Command::Chunk { octets, last } => {
                (format!("BDAT {octets}{}", if last { " LAST" } else { "" }), (!last).then_some(Asked::Chunk))
            }
            Command::Body(bytes) if leg == 0 => return self.story.content.extend_from_slice(&bytes),
            Command::Body(bytes) => return self.story.further[leg - 1].extend_from_slice(&bytes),
            Command::EndOfData { .. } => ("end".to_owned(), Some(Asked::EndOfMessage)),
        };
        self.story.committed |= word == "end";
        self.note(leg, &word);
        let silent = self.next_hop.silent || self.next_hop.silent_at_the_end && word == "end" && leg == 0;
        let Some(asked) = asked.filter(|_| !silent) else { return };
        let own = self.next_hop.further.iter().find(|(at, verb, _)| *at == leg && *verb == asked && leg > 0);
        let reply = match own {
            Some((_, _, reply)) => reply.clone(),
            None => Some(self.next_hop.reply(asked)),
        };
        if let Some(reply) = reply {
            self.transit.handle(Input::NextHop(leg, asked, reply), self.now);
        }
    }
}

/// One message, whole.
pub fn deliver(letter: &Letter, next_hop: NextHop) -> Story {
    deliver_with(letter, next_hop, Index::Fresh)
}

pub fn deliver_with(letter: &Letter, next_hop: NextHop, index: Index) -> Story {
    let mut drive = Drive::begin(letter, next_hop, index);
    if drive.story.answer("MAIL") != 250 {
        return drive.story;
    }
    for recipient in letter.recipients {
        drive.tell(Input::Rcpt(Rcpt::to(Path::parse(recipient.as_bytes()).unwrap())));
    }
    if !drive.story.answers.iter().any(|(verb, reply)| *verb == "RCPT" && reply.is_success()) {
        return drive.story;
    }
    send_content(&mut drive, letter);
    drive.story
}

pub fn send_content(drive: &mut Drive, letter: &Letter) {
    let octets = Bytes::from(letter.octets());
    let size = match letter.chunks {
        Chunks::Data => {
            drive.tell(Input::Data);
            if drive.story.answer("DATA") != 354 {
                return;
            }
            // In pieces, as a socket gives them.
            for piece in octets.chunks(61) {
                drive.tell(Input::Body(octets.slice_ref(piece)));
            }
            return drive.tell(Input::EndOfMessage);
        }
        Chunks::OneLast => octets.len(),
        Chunks::Many(size) | Chunks::ManyThenEmpty(size) => size,
    };
    let pieces: Vec<&[u8]> = octets.chunks(size).collect();
    let empty_end = matches!(letter.chunks, Chunks::ManyThenEmpty(_));
    for (number, piece) in pieces.iter().enumerate() {
        let last = number + 1 == pieces.len() && !empty_end;
        drive.tell(Input::Chunk { octets: piece.len() as u64, last });
        drive.tell(Input::Body(octets.slice_ref(piece)));
        drive.tell(if last { Input::EndOfMessage } else { Input::ChunkTaken });
        if !last && drive.story.answer("BDAT") != 250 {
            return;
        }
    }
    if empty_end {
        drive.tell(Input::Chunk { octets: 0, last: true });
        drive.tell(Input::EndOfMessage);
    }
}

pub fn tenant_of(name: &str) -> Proof {
    Proof::Tenant(TenantId::parse(name).unwrap())
}
