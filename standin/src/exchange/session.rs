//! One session of the receiver up to the envelope: greeting, EHLO, STARTTLS, the relay check, and the rules that
//! bend its answers. Messages themselves are in `transaction`.
//! Octets that come in plain behind STARTTLS end the session (RFC 3207 section 4.2).

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio_rustls::TlsStream;

use super::receiver::{Shared, TlsOffer};
use super::script::{Act, At, Rule};
use super::transaction::Transaction;
use crate::tls::TlsFacts;
use crate::wire::{Command, Reply, Wire};

/// Serves one connection to its end.
pub(super) async fn run(wire: Wire, peer: SocketAddr, number: usize, shared: Arc<Shared>) {
    let mut session = Session {
        wire,
        peer,
        number,
        shared: shared.clone(),
        hello: None,
        tls: None,
        transaction: None,
        counts: HashMap::new(),
    };
    let ended = match session.converse().await {
        Ok(End::Quit) => "QUIT".to_owned(),
        Ok(End::Scripted) => "closed by a rule".to_owned(),
        Ok(End::Peer) => "closed by the peer".to_owned(),
        Err(error) => error.to_string(),
    };
    shared.note(number, |conversation| conversation.ended = Some(ended));
}

pub(super) struct Session {
    pub wire: Wire,
    peer: SocketAddr,
    pub number: usize,
    pub shared: Arc<Shared>,
    pub hello: Option<String>,
    pub tls: Option<TlsFacts>,
    pub transaction: Option<Transaction>,
    counts: HashMap<Point, usize>,
}

/// Why a session ends without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Quit,
    Scripted,
    Peer,
}

/// What the session does after an answer.
pub(super) type Next = io::Result<Option<End>>;

/// The answer at one point, as the rules made it.
pub(super) struct Answer {
    pub reply: Reply,
    octets: Vec<u8>,
    /// The peer is told nothing, or something that is no success: what the answer would do must not happen.
    pub void: bool,
    then: Then,
}

#[derive(PartialEq, Eq)]
enum Then {
    GoOn,
    CloseAfter,
    Disconnect,
    Break,
    StopReading,
}

/// [`At`] without its number, to count by.
type Point = std::mem::Discriminant<At>;

impl Session {
    async fn converse(&mut self) -> io::Result<End> {
        let greeting = format!("220 {} Microsoft ESMTP MAIL Service ready", self.shared.config.host_name);
        if let Some(end) = self.answer(At::Greeting, &[], Reply::of(&greeting)).await? {
            return Ok(end);
        }
        loop {
            let Some(line) = self.wire.read_line(COMMAND_LIMIT).await? else { return Ok(End::Peer) };
            let text = String::from_utf8_lossy(&line).into_owned();
            self.shared.note(self.number, |conversation| conversation.commands.push(text));
            if let Some(end) = self.command(Command::parse(&line)).await? {
                return Ok(end);
            }
        }
    }

    async fn command(&mut self, command: Command) -> Next {
        match command {
            Command::Ehlo(name) => self.greet(name, true).await,
            Command::Helo(name) => self.greet(name, false).await,
            Command::StartTls => self.start_tls().await,
            Command::Mail { path, parameters } => self.mail(path, parameters).await,
            Command::Rcpt { path, parameters } => self.recipient(path, parameters).await,
            Command::Data => self.data().await,
            Command::Bdat { octets, last } => self.chunk(octets, last).await,
            Command::Reset => {
                self.transaction = None;
                self.answer(At::Reset, &[], Reply::of("250 2.0.0 Resetting")).await
            }
            Command::Noop => self.answer(At::Noop, &[], Reply::of("250 2.0.0 OK")).await,
            Command::Quit => {
                let closing = Reply::of("221 2.0.0 Service closing transmission channel");
                let end = self.answer(At::Quit, &[], closing).await?;
                self.wire.close().await?;
                Ok(end.or(Some(End::Quit)))
            }
            Command::Malformed(_) => self.say(Reply::of("501 5.5.4 Invalid arguments")).await,
            Command::Unknown(_) => self.say(Reply::of("500 5.3.3 Unrecognized command")).await,
        }
    }

    async fn greet(&mut self, name: String, extended: bool) -> Next {
        let mut lines = vec![format!("{} Hello [{}]", self.shared.config.host_name, self.peer.ip())];
        if extended {
            lines.extend(self.shared.config.offer.lines(self.tls.is_some()).map(str::to_owned));
        }
        let answer = self.scripted(At::Hello, &[], Reply { code: 250, lines }).await;
        if answer.reply.is_success() && !answer.void {
            self.hello = Some(name);
            self.transaction = None;
        }
        self.speak(answer).await
    }

    async fn start_tls(&mut self) -> Next {
        let Some(config) = self.shared.tls.clone().filter(|_| self.shared.config.offer.has("STARTTLS")) else {
            return self.say(Reply::of("500 5.3.3 Unrecognized command")).await;
        };
        if self.tls.is_some() {
            return self.say(Reply::of("503 5.5.2 Only one STARTTLS command can be issued per session")).await;
        }
        // RFC 3207 section 4.2: what came with the command in plain must not be taken for what comes under TLS.
        if !self.wire.ahead().is_empty() {
            self.say(Reply::of("501 5.5.4 Octets after STARTTLS")).await?;
            return Ok(Some(End::Peer));
        }
        let answer = self.scripted(At::StartTls, &[], Reply::of("220 2.0.0 SMTP server ready")).await;
        let ready = answer.reply.code == 220 && !answer.void;
        let end = self.speak(answer).await?;
        if end.is_some() || !ready {
            return Ok(end);
        }
        self.wire.accept_tls(config).await?;
        let facts = match self.wire.tls() {
            Some(TlsStream::Server(stream)) => TlsFacts::of_server(stream.get_ref().1, &self.shared.roots),
            _ => return Err(io::Error::other("no TLS after the handshake")),
        };
        self.tls = Some(facts.clone());
        self.shared.note(self.number, |conversation| conversation.tls = Some(facts));
        (self.hello, self.transaction) = (None, None);
        Ok(None)
    }

    /// The connector whose certificate name the peer has shown.
    pub(super) fn tenant(&self) -> Option<String> {
        let facts = self.tls.as_ref().filter(|facts| facts.peer_trusted.is_ok())?;
        let shown = |name: &str| facts.peer_names.iter().any(|known| known.eq_ignore_ascii_case(name));
        let connectors = &self.shared.config.connectors;
        connectors.iter().find(|connector| shown(&connector.certificate_name)).map(|found| found.tenant.clone())
    }

    /// The refusal of a peer that is no tenant's, if this is the point to say it.
    pub(super) fn denied(&self, at: At) -> Option<Reply> {
        let config = &self.shared.config;
        if at == At::Mail && config.tls == TlsOffer::Required && self.tls.is_none() {
            return Some(Reply::of("451 5.7.3 STARTTLS is required to send mail"));
        }
        let asked = !config.connectors.is_empty() && config.deny_at == at;
        (asked && self.tenant().is_none()).then(|| Reply::of("550 5.7.64 TenantAttribution; Relay Access Denied SMTP"))
    }

    /// Answers without asking the rules: protocol errors.
    pub(super) async fn say(&mut self, reply: Reply) -> Next {
        let octets = reply.encode();
        self.speak(Answer { reply, octets, void: false, then: Then::GoOn }).await
    }

    /// The usual answer, bent by the rules, said.
    pub(super) async fn answer(&mut self, at: At, addresses: &[&str], usual: Reply) -> Next {
        let answer = self.scripted(at, addresses, usual).await;
        self.speak(answer).await
    }

    /// Finds the rule for this point and carries out its waits; the rest is in the answer.
    pub(super) async fn scripted(&mut self, at: At, addresses: &[&str], usual: Reply) -> Answer {
        let nth = self.counts.entry(std::mem::discriminant(&at)).or_default();
        *nth += 1;
        let acts = take_rule(&mut self.shared.rules(), at, self.number, *nth, addresses);
        let octets = usual.encode();
        let mut answer = Answer { reply: usual, octets, void: false, then: Then::GoOn };
        for act in acts {
            match act {
                Act::Wait(gate) => gate.pass().await,
                Act::Delay(time) => tokio::time::sleep(time).await,
                Act::Reply(reply) => {
                    answer.octets = reply.encode();
                    if reply.code == 421 {
                        answer.then = Then::CloseAfter;
                    }
                    answer.reply = reply;
                }
                Act::Raw(octets) => (answer.octets, answer.void) = (octets, true),
                Act::Ahead(octets) => answer.octets.extend_from_slice(&octets),
                Act::CloseAfter => answer.then = Then::CloseAfter,
                Act::Disconnect => (answer.then, answer.void) = (Then::Disconnect, true),
                Act::Break => (answer.then, answer.void) = (Then::Break, true),
                Act::DisconnectUnsaid => answer.then = Then::Disconnect,
                Act::StopReading => (answer.then, answer.void) = (Then::StopReading, true),
            }
        }
        answer
    }

    /// Says an answer and does what belongs to it.
    pub(super) async fn speak(&mut self, answer: Answer) -> Next {
        match answer.then {
            Then::Disconnect => {
                self.wire.cut();
                return Ok(Some(End::Scripted));
            }
            Then::Break => {
                self.wire.reset()?;
                return Ok(Some(End::Scripted));
            }
            Then::StopReading => return std::future::pending().await,
            Then::GoOn | Then::CloseAfter => {}
        }
        let code = answer.reply.code;
        if code > 0 {
            self.shared.note(self.number, |conversation| conversation.answers.push(code));
        }
        self.wire.write(&answer.octets).await?;
        if answer.then == Then::CloseAfter {
            self.wire.close().await?;
            return Ok(Some(End::Scripted));
        }
        Ok(None)
    }

    /// What the rules want once the content of a message grew from `before` to `now` octets: something written
    /// there and then, a wait, or an end.
    pub(super) async fn content_grew(&mut self, before: u64, now: u64) -> Next {
        let at = {
            let rules = self.shared.rules();
            let crossed = |rule: &&Rule| {
                matches!(rule.at, At::Content(n) if n.max(1) > before && n <= now)
                    && rule.fits(rule.at, self.number, rule.nth.unwrap_or_default(), &[])
            };
            rules.iter().find(crossed).map(|rule| rule.at)
        };
        let Some(at) = at else { return Ok(None) };
        let answer = self.scripted(at, &[], Reply { code: 0, lines: Vec::new() }).await;
        self.speak(answer).await
    }
}

fn take_rule(rules: &mut [Rule], at: At, session: usize, nth: usize, addresses: &[&str]) -> Vec<Act> {
    let Some(rule) = rules.iter_mut().find(|rule| rule.fits(at, session, nth, addresses)) else { return Vec::new() };
    if rule.times != usize::MAX {
        rule.times -= 1;
    }
    rule.acts.clone()
}

const COMMAND_LIMIT: usize = 8 * 1024;
