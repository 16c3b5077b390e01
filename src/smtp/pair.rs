//! Our server against our client, with a virtual clock and octets that arrive in random pieces at random times.
//!
//! Whatever the seed: both sides agree about every message, its recipients, its octets and its verdict; a connection cut
//! anywhere never makes the sender believe more than the receiver said. A failing seed is printed; `SIGNET_SEED=n`
//! plays that one alone.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};

use super::seeds::{Random, for_seeds};
use super::*;

mod script;

use script::{offered, script};

/// One message as one side saw it to its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Seen {
    /// What was told of the client behind the sender, as far as it was offered.
    client: Forwarded,
    from: String,
    accepted: Vec<String>,
    content: Vec<u8>,
    verdict: u16,
}

/// What the sender does next.
#[derive(Debug)]
enum Step {
    Forward(Forwarded),
    Mail(Mail),
    Rcpt(Rcpt),
    /// Until nothing is outstanding.
    Wait,
    /// Content may follow, if a recipient was accepted; else this message is given up.
    Gate,
    Data,
    Chunk(u64, bool),
    Body(Bytes),
    EndOfData,
    Reset,
    Quit,
}

struct Sender {
    client: Client,
    input: BytesMut,
    steps: VecDeque<Step>,
    current: Seen,
    recipients: VecDeque<String>,
    finished: Vec<Seen>,
    over: Option<Result<(), ClientError>>,
}

struct Receiver {
    server: Server,
    input: BytesMut,
    questions: VecDeque<Action>,
    current: Option<Seen>,
    finished: Vec<Seen>,
    closed: bool,
}

struct Pair {
    random: Random,
    now: Instant,
    sender: Sender,
    receiver: Receiver,
    to_server: VecDeque<u8>,
    to_client: VecDeque<u8>,
}

#[test]
fn both_sides_agree() {
    for_seeds(0..400, |seed| {
        let mut pair = Pair::new(seed);
        pair.run(None);
        let (sender, receiver) = (&pair.sender, &pair.receiver);
        assert_eq!(sender.over, Some(Ok(())));
        assert!(receiver.closed);
        assert_eq!(sender.finished, receiver.finished);
        assert!(pair.to_client.is_empty() && pair.to_server.is_empty());
    });
}

#[test]
fn a_cut_never_makes_a_success() {
    for_seeds(0..400, |seed| {
        let mut pair = Pair::new(seed);
        let cut = pair.random.below(400);
        pair.run(Some(cut));
        let (sender, receiver) = (&pair.sender, &pair.receiver);
        // The receiver may know one verdict more than the sender: the one on its way when the connection was cut.
        let known = receiver.finished.get(..sender.finished.len()).expect("the sender knows no more than the receiver");
        assert_eq!(sender.finished, known);
        assert!(receiver.finished.len() <= sender.finished.len() + 1);
        assert!(receiver.current.is_none(), "an open transaction was reset");
    });
}

impl Pair {
    fn new(seed: u64) -> Pair {
        let mut random = Random(seed);
        let now = Instant::now();
        let tls = if random.below(2) == 0 { Tls::Required } else { Tls::Off };
        let mut offer = Extensions::for_microsoft(1 << 20);
        offer.pipelining = random.below(3) > 0;
        offer.xforward = ClientAttribute::ALL.into_iter().filter(|_| random.below(3) > 0).collect();
        let mut config = ServerConfig::new("signet.example", offer, tls);
        config.limits.pipelined = 1 + random.below(4) as usize;
        let server = Server::new(Arc::new(config), now);
        let client = Client::new(Arc::new(ClientConfig::new("mx.example", tls)), now);
        let steps = script(&mut random);
        Pair {
            random,
            now,
            sender: Sender {
                client,
                input: BytesMut::new(),
                steps,
                current: Seen::default(),
                recipients: VecDeque::new(),
                finished: Vec::new(),
                over: None,
            },
            receiver: Receiver {
                server,
                input: BytesMut::new(),
                questions: VecDeque::new(),
                current: None,
                finished: Vec::new(),
                closed: false,
            },
            to_server: VecDeque::new(),
            to_client: VecDeque::new(),
        }
    }

    /// Plays until the sender is done; with `cut` the connection is cut after so many turns.
    fn run(&mut self, cut: Option<u64>) {
        for turn in 0..100_000 {
            if cut == Some(turn) {
                self.sender.client.closed_by_peer(self.now);
                self.receiver.server.closed_by_peer(self.now);
                self.act();
                return;
            }
            if self.sender.over.is_some() && self.receiver.closed && self.to_client.is_empty() {
                return;
            }
            self.now += Duration::from_millis(self.random.below(20));
            self.sender.client.handle_timeout(self.now);
            self.receiver.server.handle_timeout(self.now);
            match self.random.below(4) {
                0 => self.deliver_to_server(),
                1 => self.deliver_to_client(),
                2 => self.answer(),
                _ => self.step(),
            }
            self.act();
        }
        panic!("the session never ends");
    }

    fn deliver_to_server(&mut self) {
        if !self.receiver.server.wants_input() {
            return;
        }
        let size = self.random.size(self.to_server.len());
        self.receiver.input.extend(self.to_server.drain(..size));
        self.receiver.server.feed(&mut self.receiver.input, self.now);
    }

    fn deliver_to_client(&mut self) {
        let size = self.random.size(self.to_client.len());
        self.sender.input.extend(self.to_client.drain(..size));
        self.sender.client.feed(&mut self.sender.input, self.now);
    }

    /// The receiver's owner answers its oldest question.
    fn answer(&mut self) {
        let Some(question) = self.receiver.questions.pop_front() else { return };
        let refusal = if self.random.below(2) == 0 { Reply::try_later() } else { Reply::relay_denied() };
        let refuse = self.random.below(5) == 0;
        let receiver = &mut self.receiver;
        let reply = match &question {
            Action::Data => Reply::go_ahead(),
            // A refused chunk or DATA would leave the sender's script; the tables have those.
            Action::ChunkTaken => Reply::chunk_taken(0),
            _ if refuse => refusal,
            _ => Reply::ok(),
        };
        match &question {
            Action::Mail(mail) if reply.is_success() => {
                let client = receiver.server.forwarded().clone();
                receiver.current = Some(Seen { client, from: mail.path.as_str().into_owned(), ..Seen::default() });
            }
            Action::Rcpt(rcpt) if reply.is_success() => {
                // Without a sender the server says 503 for it.
                if let Some(current) = &mut receiver.current {
                    current.accepted.push(rcpt.path.as_str().into_owned());
                }
            }
            Action::EndOfMessage => {
                let current = receiver.current.take().unwrap();
                receiver.finished.push(Seen { verdict: reply.code(), ..current });
            }
            _ => {}
        }
        receiver.server.answer(reply, self.now);
        receiver.server.feed(&mut receiver.input, self.now);
    }

    /// The sender does its next step, if it may.
    fn step(&mut self) {
        let sender = &mut self.sender;
        let waiting = sender.client.awaiting() > 0;
        let ready = sender.client.extensions().size.is_some() && sender.over.is_none() && sender.is_ready();
        match sender.steps.front() {
            None => return,
            Some(_) if !ready => return,
            Some(Step::Wait | Step::Gate) if waiting => return,
            Some(_) => {}
        }
        let client = &mut sender.client;
        match sender.steps.pop_front().unwrap() {
            Step::Forward(forwarded) => {
                sender.current = Seen { client: offered(&forwarded, client.extensions()), ..Seen::default() };
                client.forward(&forwarded, self.now);
            }
            Step::Mail(mail) => {
                sender.current.from = mail.path.as_str().into_owned();
                client.mail(&mail, self.now);
            }
            Step::Rcpt(rcpt) => {
                sender.recipients.push_back(rcpt.path.as_str().into_owned());
                client.rcpt(&rcpt, self.now);
            }
            Step::Wait => {}
            Step::Gate if sender.current.accepted.is_empty() => {
                while !matches!(sender.steps.front(), Some(Step::Forward(_) | Step::Quit) | None) {
                    sender.steps.pop_front();
                }
                sender.steps.push_front(Step::Wait);
                client.reset(self.now);
            }
            Step::Gate => {}
            Step::Data => client.data(self.now),
            Step::Chunk(octets, last) => client.chunk(octets, last, self.now),
            Step::Body(bytes) => {
                sender.current.content.extend_from_slice(&bytes);
                client.body(bytes).unwrap();
            }
            Step::EndOfData => client.end_of_data(self.now),
            Step::Reset => client.reset(self.now),
            Step::Quit => client.quit(self.now),
        }
    }

    /// Carries out what both sides say.
    fn act(&mut self) {
        while let Some(event) = self.sender.client.poll_event() {
            if event == Event::UpgradeTls {
                assert!(self.to_client.is_empty() && self.sender.input.is_empty());
                self.receiver.server.tls_established(self.now);
                self.sender.client.tls_established(self.now);
            } else {
                self.sender.hear(event);
            }
        }
        while let Some(octets) = self.sender.client.poll_transmit() {
            self.to_server.extend(octets);
        }
        while let Some(action) = self.receiver.server.poll_action() {
            match action {
                Action::Write(octets) => self.to_client.extend(octets),
                Action::Body(octets) => self.receiver.current.as_mut().unwrap().content.extend_from_slice(&octets),
                Action::Reset(_) => {
                    self.receiver.questions.clear();
                    self.receiver.current = None;
                }
                Action::Close => self.receiver.closed = true,
                Action::Hello { name, .. } => assert_eq!(name, "mx.example"),
                Action::Chunk { .. } | Action::UpgradeTls => {}
                question => self.receiver.questions.push_back(question),
            }
        }
    }
}

impl Sender {
    fn is_ready(&self) -> bool {
        self.client.is_idle()
            || self.client.awaiting() > 0
            || !self.current.client.is_empty()
            || !self.current.from.is_empty()
            || !self.finished.is_empty()
    }

    fn hear(&mut self, event: Event) {
        match event {
            Event::Ready | Event::UpgradeTls | Event::Late => {}
            Event::Failed(error) => self.over = Some(Err(error)),
            Event::Reply(Asked::Rcpt, reply) => {
                let recipient = self.recipients.pop_front().unwrap();
                if reply.is_success() {
                    self.current.accepted.push(recipient);
                }
            }
            Event::Reply(Asked::EndOfMessage, reply) => {
                let current = std::mem::take(&mut self.current);
                self.finished.push(Seen { verdict: reply.code(), ..current });
            }
            Event::Reply(Asked::Quit, reply) => {
                assert_eq!(reply.code(), 221);
                self.over = Some(Ok(()));
            }
            Event::Reply(Asked::Data, reply) => assert_eq!(reply.code(), 354),
            Event::Reply(Asked::Chunk | Asked::Reset, reply) => assert_eq!(reply.code(), 250),
            Event::Reply(Asked::Mail, reply) => assert_ne!(reply.code(), 503),
            Event::Reply(Asked::Forward, reply) => panic!("told of {reply:?}"),
        }
    }
}
