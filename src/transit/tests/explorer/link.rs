//! One connection of the sender with the code that is explored: a [`Session`], and what a pump would hold beside it.

use std::collections::VecDeque;
use std::collections::hash_map::DefaultHasher;
use std::fmt::{self, Debug};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;

use super::super::{PICKY, Tenants, context, tenants, tenants_of, tenants_with_a_logo};
use super::next_hop::NextHop;
use super::plan::Plan;
use super::sabotage::Sabotage;
use crate::smtp::{ClientConfig, Extensions, ServerConfig, Tls};
use crate::tenant::Tenant;
use crate::transit::{Bounds, Context, Index, Ledger, Now, Opening, Proof, Sender, Session, SharedLedger};

/// What is the same in every state.
pub struct Fixed {
    pub tenants: Tenants,
    /// Of these only the first recipient gets a signature.
    pub picky: Tenants,
    /// The same two with a signature that carries a picture.
    pub logo: [Tenants; 2],
    pub context: Arc<Context>,
    pub context_with_ledger: Arc<Context>,
    pub server: Arc<ServerConfig>,
    pub client: Arc<ClientConfig>,
    pub begin: Instant,
}

pub fn fixed() -> &'static Fixed {
    static FIXED: OnceLock<Fixed> = OnceLock::new();
    FIXED.get_or_init(|| {
        let mut offer = Extensions::for_microsoft(1 << 20);
        offer.starttls = false;
        let mut client = ClientConfig::new("eu-a.signet.example", Tls::Off);
        client.late_verdict = Duration::from_secs(60);
        let with_ledger = Context { ledger: Some(new_ledger()), ..Context::clone(&context()) };
        Fixed {
            tenants: tenants(),
            picky: tenants_of("pass", PICKY),
            logo: [tenants_with_a_logo("pass", "{}"), tenants_with_a_logo("pass", PICKY)],
            context: context(),
            context_with_ledger: Arc::new(with_ledger),
            server: Arc::new(ServerConfig::new("eu-a.signet.example", offer, Tls::Off)),
            client: Arc::new(client),
            begin: Instant::now(),
        }
    })
}

/// The session and its two wires.
#[derive(Clone)]
pub struct Link {
    pub session: Session,
    plan: Plan,
    /// Stands for the state of the session.
    print: u64,
    pub instant: Instant,
    /// Read and not yet taken.
    pub input: BytesMut,
    pub from_sender: VecDeque<Bytes>,
    pub to_sender: Vec<u8>,
    /// Something of it was said since the session last came to rest.
    pub writing: bool,
    pub sender_gone: bool,
    pub closing: bool,
    pub gate: bool,
    pub leasing: bool,
    /// So many further legs wait for their sessions.
    pub leasing_further: usize,
    /// The tenant's rules are on their way.
    pub loading: Option<Arc<Tenant>>,
    pub draining: bool,
    /// Memory that the session waits for.
    pub owed: Option<Owed>,
    /// The connections with the next hop, by leg.
    pub legs: Vec<Option<Leg>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owed {
    Begin,
    Reserve(usize),
}

/// The connection with the next hop.
#[derive(Clone, Hash)]
pub struct Leg {
    pub next_hop: NextHop,
    pub to: Vec<u8>,
    pub from: VecDeque<Bytes>,
}

impl Link {
    pub fn new(ledger: Option<SharedLedger>, plan: Plan) -> Link {
        let Fixed { server, context, context_with_ledger, begin, .. } = fixed();
        let context = if ledger.is_some() { context_with_ledger } else { context };
        let sender = Sender {
            proof: Proof::Microsoft,
            hello: String::new(),
            address: std::net::Ipv4Addr::LOCALHOST.into(),
            tls: None,
        };
        let mut session = Session::new(server.clone(), context.clone(), sender, *begin);
        if let Some(ledger) = ledger {
            session.write_to(ledger);
        }
        Link {
            session,
            plan,
            print: 0,
            instant: *begin,
            input: BytesMut::new(),
            from_sender: VecDeque::new(),
            to_sender: Vec::new(),
            writing: false,
            sender_gone: false,
            closing: false,
            gate: false,
            leasing: false,
            leasing_further: 0,
            loading: None,
            draining: false,
            owed: None,
            legs: Vec::new(),
        }
    }

    pub fn leg(&self, number: usize) -> Option<&Leg> {
        self.legs.get(number)?.as_ref()
    }

    pub fn leg_mut(&mut self, number: usize) -> Option<&mut Leg> {
        self.legs.get_mut(number)?.as_mut()
    }

    pub fn take_leg(&mut self, number: usize) -> Option<Leg> {
        self.legs.get_mut(number)?.take()
    }

    /// The legs that there are, with their numbers.
    pub fn open_legs(&self) -> impl Iterator<Item = (usize, &Leg)> {
        self.legs.iter().enumerate().filter_map(|(number, leg)| Some((number, leg.as_ref()?)))
    }

    pub fn now(&self) -> Now {
        Now { instant: self.instant, wall: Timestamp::from_second(1_795_255_200).unwrap() }
    }

    fn tenants(&self) -> &'static Tenants {
        let Fixed { tenants, picky, logo: [logo, picky_logo], .. } = fixed();
        match (self.plan.copies, self.plan.picture) {
            (false, false) => tenants,
            (true, false) => picky,
            (false, true) => logo,
            (true, true) => picky_logo,
        }
    }

    pub fn opening(&self) -> Opening {
        // So little memory that a held message has to ask for more.
        Opening { region: self.tenants().region.clone(), index: Index::Fresh, salt: [9; 16], granted: 100 }
    }

    /// The tenant's rules come, or not in time.
    pub fn load(&mut self, come: bool) {
        let Some(tenant) = self.loading.take() else { return };
        let snapshot = self.tenants().snapshot(&tenant).filter(|_| come);
        let now = self.now();
        self.session.snapshot(snapshot, now);
    }

    /// What `Pump::poll_sender` does with what was said. All that the sender gave to its socket counts as there, since
    /// what is still on its way when our answer goes out cannot be told from what is said after it.
    pub fn write(&mut self, sabotage: Option<Sabotage>) {
        let unread = !self.input.is_empty() || !self.from_sender.is_empty();
        if std::mem::take(&mut self.writing) && (!unread || sabotage == Some(Sabotage::DeafToPipelining)) {
            self.session.answers_written();
        }
    }

    /// Takes the print of the session's state. Each part of it names all its fields by a pattern without `..` left
    /// over, so that a new one cannot be forgotten; what is left out is named there, and is the same in all states.
    pub fn take_print(&mut self) {
        self.print = print(&self.session.state());
    }

    pub fn hash(&self, state: &mut impl Hasher) {
        let Link { session: _, print, instant, input, from_sender, to_sender, writing, legs, .. } = self;
        (print, instant, &input[..], from_sender, to_sender, writing, legs, self.leasing_further).hash(state);
        (self.sender_gone, self.closing, self.gate, self.leasing, self.loading.is_some(), self.draining, self.owed)
            .hash(state);
    }
}

pub fn new_ledger() -> SharedLedger {
    Arc::new(Mutex::new(Ledger::new(Bounds::default())))
}

/// A digest of how a value shows itself.
pub fn print(value: &impl Debug) -> u64 {
    struct Digest(DefaultHasher);
    impl fmt::Write for Digest {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.write(text.as_bytes());
            Ok(())
        }
    }
    let mut digest = Digest(DefaultHasher::new());
    fmt::write(&mut digest, format_args!("{value:?}")).unwrap();
    digest.0.finish()
}
