//! The client against scripts. Each script is played whole and with everything the next hop says cut at each octet: what
//! goes out and what the owner is told must be the same.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod content;
mod envelope;
mod opening;
mod random;
mod times;
mod xforward;

use super::*;
use crate::smtp::Tls;

/// One line of a script.
#[derive(Clone)]
pub(super) enum Do<'a> {
    /// The next hop says this.
    Hear(&'a str),
    /// The owner does this.
    Act(fn(&mut Client, Instant)),
    /// All this has gone out since the last line.
    Sent(&'a str),
    /// All this was told since the last line.
    Told(&'a [&'a str]),
}

/// A session, and what came of it.
pub(super) struct Talk {
    pub(super) client: Client,
    pub(super) input: BytesMut,
    pub(super) now: Instant,
}

impl Talk {
    pub(super) fn new(tls: Tls) -> Talk {
        let now = Instant::now();
        let client = Client::new(Arc::new(ClientConfig::new("signet.example", tls)), now);
        Talk { client, input: BytesMut::new(), now }
    }

    /// A session on loopback that is ready, with an offer.
    pub(super) fn ready(offer: &str) -> Talk {
        let mut talk = Talk::new(Tls::Off);
        talk.hear(b"220 mx.example\r\n");
        talk.hear(format!("250-mx.example\r\n{offer}250 HELP\r\n").as_bytes());
        assert_eq!(talk.told(), ["ready"]);
        talk.sent();
        talk
    }

    pub(super) fn hear(&mut self, octets: &[u8]) {
        self.input.extend_from_slice(octets);
        self.client.feed(&mut self.input, self.now);
    }

    pub(super) fn sent(&mut self) -> String {
        let mut all = Vec::new();
        while let Some(octets) = self.client.poll_transmit() {
            assert!(!octets.is_empty());
            all.extend_from_slice(&octets);
        }
        String::from_utf8(all).unwrap()
    }

    pub(super) fn told(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        while let Some(event) = self.client.poll_event() {
            all.push(match event {
                Event::UpgradeTls => "tls".to_owned(),
                Event::Ready => "ready".to_owned(),
                Event::Late => "late".to_owned(),
                Event::Reply(asked, reply) => format!("{asked:?} {} {}", reply.code(), reply.text()),
                Event::Failed(error) => match error {
                    ClientError::Greeting(reply) => format!("failed Greeting {}", reply.code()),
                    ClientError::Hello(reply) => format!("failed Hello {}", reply.code()),
                    ClientError::StartTls(reply) => format!("failed StartTls {}", reply.code()),
                    ClientError::Closing(reply) => format!("failed Closing {}", reply.code()),
                    other => format!("failed {other:?}"),
                },
            });
        }
        all
    }
}

/// Plays a script in every way there is.
pub(super) fn play(name: &str, make: impl Fn() -> Talk, script: &[Do<'_>]) {
    let longest = script.iter().map(|line| if let Do::Hear(text) = line { text.len() } else { 0 }).max().unwrap_or(0);
    for cut in 0..=longest {
        let mut talk = make();
        for (number, line) in script.iter().enumerate() {
            let place = format!("{name}, line {number}, cut {cut}");
            match line {
                Do::Hear(text) if cut == 0 => text.as_bytes().chunks(1).for_each(|octet| talk.hear(octet)),
                Do::Hear(text) => {
                    let (one, two) = text.as_bytes().split_at(cut.min(text.len()));
                    talk.hear(one);
                    talk.hear(two);
                }
                Do::Act(act) => act(&mut talk.client, talk.now),
                Do::Sent(text) => assert_eq!(talk.sent(), *text, "{place}"),
                Do::Told(told) => assert_eq!(talk.told(), *told, "{place}"),
            }
        }
        assert_eq!(talk.told(), [""; 0], "{name}: nothing else was told, cut {cut}");
        assert_eq!(talk.sent(), "", "{name}: nothing else was sent, cut {cut}");
    }
}

pub(super) fn mail(path: &'static str) -> Mail {
    Mail::from(Path::parse(path).unwrap())
}

pub(super) fn rcpt(path: &'static str) -> Rcpt {
    Rcpt::to(Path::parse(path).unwrap())
}

pub(super) const PIPELINING: &str = "250-PIPELINING\r\n250-CHUNKING\r\n";
pub(super) const LOCK_STEP: &str = "250-CHUNKING\r\n";
