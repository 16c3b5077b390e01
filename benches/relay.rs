//! A whole message through a session, from the sender's octets to those for the next hop and its answer: server, transit,
//! imprinter and client, without a socket. The octets go in as reads of 16 KiB and come out as slices.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use signet::imprint::{Fate, Limits};
use signet::smtp::{Client, ClientConfig, Event, Extensions, ServerConfig, Tls};
use signet::tenant::{Region, Snapshot};
use signet::transit::{Action, Context, Index, Now, Opening, Proof, Sender, Session};

use crate::case::{Case, ready};
use crate::{framing, mail};

pub fn cases() -> Vec<Case> {
    let by_verb = |verb: &'static str, session: fn(&[u8]) -> Vec<Bytes>| {
        mail::SIZES.map(|(name, octets)| {
            Case::new(format!("relay/{verb}/{name}"), move || {
                let message = mail::message(octets);
                let (bench, session) = (Bench::new(), session(&message));
                assert!(bench.relay(&session) > message.len());
                ready(move || {
                    black_box(bench.relay(black_box(&session)));
                })
            })
        })
    };
    [by_verb("data", framing::by_data), by_verb("bdat", framing::by_bdat)].into_iter().flatten().collect()
}

/// What all sessions share.
struct Bench {
    server: Arc<ServerConfig>,
    client: Arc<ClientConfig>,
    context: Arc<Context>,
    region: Arc<Region>,
    snapshot: Arc<Snapshot>,
    sender: Sender,
    now: Now,
}

impl Bench {
    fn new() -> Bench {
        let offer = Extensions { starttls: false, ..Extensions::for_microsoft(157_286_400) };
        let host_name = "eu-a.signet.example".to_owned();
        let tenant = mail::tenant();
        let proof = Proof::Tenant(tenant.id().clone());
        Bench {
            server: Arc::new(ServerConfig::new(host_name.clone(), offer, Tls::Off)),
            client: Arc::new(ClientConfig::new(host_name.clone(), Tls::Off)),
            context: Arc::new(Context {
                verdict_timeout: std::time::Duration::from_secs(540),
                host_name,
                site: "eu-a".to_owned(),
                image_base_url: None,
                limits: Limits::default(),
                bypass: Arc::default(),
                // The same message again and again would be known.
                ledger: None,
                guard: None,
            }),
            region: Arc::new(Region::new(vec![Arc::new(mail::entry())]).unwrap()),
            snapshot: Arc::new(tenant),
            sender: Sender { proof, hello: String::new(), address: [127, 0, 0, 1].into(), tls: None },
            now: Now { instant: Instant::now(), wall: Timestamp::from_second(1_800_000_000).unwrap() },
        }
    }

    /// Octets of the message that the next hop got.
    fn relay(&self, reads: &[Bytes]) -> usize {
        let now = self.now;
        let mut session = Session::new(self.server.clone(), self.context.clone(), self.sender.clone(), now.instant);
        let mut next_hop = NextHop::default();
        let mut input = BytesMut::new();
        self.carry_out(&mut session, &mut next_hop);
        for read in reads {
            input.extend_from_slice(read);
            while session.feed(&mut input, 0, now) {
                self.carry_out(&mut session, &mut next_hop);
            }
        }
        assert!(next_hop.signed && input.is_empty());
        next_hop.octets
    }

    fn carry_out(&self, session: &mut Session, next_hop: &mut NextHop) {
        let now = self.now;
        loop {
            while let Some(action) = session.poll_action(now) {
                match action {
                    Action::Begin => {
                        let region = self.region.clone();
                        session.begin(Opening { region, index: Index::Fresh, salt: [7; 16], granted: 1 << 24 }, now);
                    }
                    Action::Lease(..) => session.leased(Box::new(self.client()), false, None, now),
                    Action::Snapshot(_) => session.snapshot(Some(self.snapshot.clone()), now),
                    Action::Gate => session.gate_open(now),
                    Action::ToNextHop(_, octets) => next_hop.take(&octets),
                    Action::Finished(record) => next_hop.signed = record.fate == Some(Fate::Signed),
                    _ => {}
                }
            }
            if next_hop.answers.is_empty() {
                return;
            }
            session.feed_next_hop(0, &mut next_hop.answers, now);
        }
    }

    /// A session that is ready for MAIL.
    fn client(&self) -> Client {
        let mut client = Client::new(self.client.clone(), self.now.instant);
        for said in ["220 mx.example\r\n", "250-mx.example\r\n250-PIPELINING\r\n250-SIZE\r\n250 CHUNKING\r\n"] {
            client.feed(&mut BytesMut::from(said), self.now.instant);
            while client.poll_transmit().is_some() {}
        }
        assert_eq!(client.poll_event(), Some(Event::Ready));
        client
    }
}

/// Takes everything, and reads no more of it than its framing.
#[derive(Default)]
struct NextHop {
    answers: BytesMut,
    content: Content,
    octets: usize,
    signed: bool,
}

#[derive(Default)]
enum Content {
    #[default]
    None,
    /// To the dot.
    Data,
    /// So many octets more.
    Chunk(usize),
}

impl NextHop {
    fn take(&mut self, octets: &[u8]) {
        let mut rest = octets;
        while !rest.is_empty() {
            match self.content {
                Content::None => rest = self.command(rest),
                Content::Data => {
                    self.octets += rest.len();
                    if rest == b".\r\n" || rest.ends_with(b"\r\n.\r\n") {
                        self.end();
                    }
                    return;
                }
                Content::Chunk(left) => {
                    let taken = left.min(rest.len());
                    self.octets += taken;
                    rest = &rest[taken..];
                    self.content = Content::Chunk(left - taken);
                    if left == taken {
                        self.end();
                    }
                }
            }
        }
    }

    fn command<'a>(&mut self, octets: &'a [u8]) -> &'a [u8] {
        let end = octets.iter().position(|octet| *octet == b'\n').expect("a whole line") + 1;
        let (line, rest) = octets.split_at(end);
        if line == b"DATA\r\n" {
            self.answers.extend_from_slice(b"354 go\r\n");
            self.content = Content::Data;
        } else if let Some(size) = line.strip_prefix(b"BDAT ") {
            let size = std::str::from_utf8(size).unwrap().split_whitespace().next().unwrap();
            self.content = Content::Chunk(size.parse().unwrap());
        } else {
            self.answers.extend_from_slice(b"250 2.0.0 OK\r\n");
        }
        rest
    }

    fn end(&mut self) {
        self.content = Content::None;
        self.answers.extend_from_slice(b"250 2.0.0 OK\r\n");
    }
}
