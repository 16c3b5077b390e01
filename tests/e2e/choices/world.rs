//! The tenants with their rules, the edge that reads them from a store, and the store as the test reads it itself.

use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use signet::imprint::{BodyFacts, HeaderBlock, Imprinter, Limits, Reason, Step};
use signet::store::{SealKey, Store};
use signet::tenant::{Envelope, Question, Snapshot, TenantFile, TenantId};
use sqlx::{AnyConnection, Connection};
use standin::appliance::{Appliance, HOST_NAME, Listener, Setup};
use standin::certificates::Request;
use standin::exchange::{Receiver, ReceiverConfig, SenderConfig};
use tempfile::TempDir;

use super::letters::Sent;
use super::rows;
use crate::oracle::generate::{Dice, Times, mark, tenant};
use crate::oracle::in_time;

pub struct World {
    pub appliance: Appliance,
    pub exchange: Receiver,
    pub tenants: Vec<Tenant>,
    pub times: Times,
    pub now: String,
    setup: Setup,
    /// Dropped last.
    folder: TempDir,
}

/// One tenant as the store has it.
pub struct Tenant {
    pub id: String,
    pub rows: Value,
    snapshot: Snapshot,
}

/// What `explain` says about one recipient of a message, in short.
#[derive(Debug, PartialEq, Eq)]
pub struct Explained {
    pub answer: String,
    pub taken_out: Vec<String>,
}

impl World {
    /// `store`: the address of a database, else it is a file.
    pub async fn start(tenants: usize, store: Option<&str>) -> World {
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup::new(folder.path(), &[Listener::Microsoft], "").unwrap();
        if let Some(url) = store {
            setup.keep_store_at(url).unwrap();
        }
        let identity = setup.authority.issue(Request::server("mail.protection.outlook.com")).unwrap();
        let config = ReceiverConfig::exchange_online(identity, setup.authority.roots().unwrap());
        let exchange = Receiver::start(config).await.unwrap();
        let now = Timestamp::now();
        let times = around(now);
        let files = (0..tenants).map(|number| {
            let path = folder.path().join(format!("t{number:02}.json"));
            std::fs::write(&path, file(number, exchange.port(), &times, now).to_string()).unwrap();
            path.display().to_string()
        });
        let files: Vec<String> = files.collect();
        let arguments = ["tenant", "import"].into_iter().chain(files.iter().map(String::as_str));
        setup.signet(&arguments.collect::<Vec<_>>()).unwrap();
        let appliance = setup.start().unwrap();
        let file = format!("sqlite:{}", folder.path().join("signet.db").display());
        let tenants = read(store.unwrap_or(&file), &setup, tenants).await;
        World { appliance, exchange, tenants, times, now: text(now), setup, folder }
    }

    /// How Exchange Online connects.
    pub fn sender_config(&self) -> SenderConfig {
        let identity = self.setup.microsoft().unwrap();
        SenderConfig::exchange_online(HOST_NAME, self.setup.authority.roots().unwrap(), Some(&identity)).unwrap()
    }

    /// For each recipient.
    pub fn explained(&self, sent: &Sent) -> Vec<Explained> {
        let (headers, body) = seen(&sent.content);
        let letter = &sent.letter;
        let envelope = Envelope { sender: letter.mail_from.as_deref(), recipients: &letter.to, octets: letter.octets };
        let (headers, body, now) = (&headers, &body, letter.now.parse().unwrap());
        let snapshot = &self.tenants[sent.tenant].snapshot;
        let explain = |recipient| {
            let told = snapshot.explain(&Question { envelope, headers, body, recipient, now });
            Explained { answer: told.left.map_or(told.signatures.join("+"), str::to_owned), taken_out: told.taken_out }
        };
        (0..letter.to.len()).map(explain).collect()
    }

    /// The same by the command.
    pub fn explained_by_the_program(&self, sent: &Sent) -> Vec<Explained> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let path = self.folder.path().join(format!("explain-{}.eml", NUMBER.fetch_add(1, Ordering::Relaxed)));
        std::fs::write(&path, &sent.content).unwrap();
        let (tenant, letter, file) = (&self.tenants[sent.tenant].id, &sent.letter, path.display().to_string());
        let (from, to) = (letter.mail_from.as_deref().unwrap(), letter.to.join(","));
        let asked =
            ["explain", "--tenant", tenant, "--from", from, "--to", &to, "--message", &file, "--at", &letter.now];
        let said = self.setup.signet(&[&asked[..], &["--json"]].concat()).unwrap();
        let said: Value = serde_json::from_str(&said).unwrap();
        let words = |list: &Value| -> Vec<String> {
            list.as_array().into_iter().flatten().map(|word| word.as_str().unwrap().to_owned()).collect()
        };
        let one = |told: &Value| {
            let left = told["left"].as_str().map(str::to_owned);
            let answer = left.unwrap_or_else(|| words(&told["signatures"]).join("+"));
            Explained { answer, taken_out: words(&told["taken_out"]) }
        };
        let each = said["explanations"].as_array().unwrap();
        // And of the message as a whole: what some copy of it gets.
        let mut whole: Vec<String> = each.iter().flat_map(|told| words(&told["signatures"])).collect();
        whole.sort_unstable();
        whole.dedup();
        let mut of_all = words(&said["signatures"]);
        of_all.sort_unstable();
        assert_eq!((of_all, said["left"].is_null()), (whole.clone(), !whole.is_empty()), "{said:#}");
        each.iter().map(one).collect()
    }
}

/// The generated names are all of Contoso; each tenant has its own.
pub fn of(number: usize, text: &str) -> String {
    text.replace("contoso", &format!("t{number:02}")).replace("CONTOSO", &format!("T{number:02}"))
}

pub fn microsoft_id(number: usize) -> String {
    format!("bf24ff3e-ad0a-4c79-a44a-0000000000{number:02}")
}

/// Times of schedules around now: begun and not, over and not.
fn around(now: Timestamp) -> Times {
    let at = |hours: i64| text(now + hours.hours());
    let date = |hours: i64| at(hours)[..16].to_owned();
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let hours = [("09:00", "17:30"), ("22:00", "06:00"), ("00:00", "00:00"), ("03:15", "15:15"), ("15:15", "03:15")];
    Times {
        now: vec![at(-1), at(30)],
        from: vec![date(-240), date(-100)[..10].to_owned(), date(60)],
        until: vec![date(-60), date(90), date(240)[..10].to_owned()],
        days: days.map(str::to_owned).to_vec(),
        hours: hours.map(|(from, until)| (from.to_owned(), until.to_owned())).to_vec(),
    }
}

fn text(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A tenant whose schedules can be, and say the same for as long as the test may take.
fn file(number: usize, port: u16, times: &Times, now: Timestamp) -> Value {
    let mut dice = Dice(1000 + number as u64);
    loop {
        let mut json: Value = serde_json::from_str(&of(number, &tenant(&mut dice, times).to_string())).unwrap();
        json["microsoft_tenant_id"] = json!(microsoft_id(number));
        json["peer"]["next_hop"] = json!({"host": "127.0.0.1", "port": port, "name": "mail.protection.outlook.com"});
        if let Some((mode, signatures)) = sure(number) {
            json["mode"] = mode;
            json.as_object_mut().unwrap().remove("mode_ends");
            if let Some(signatures) = signatures {
                json["signatures"] = signatures;
            }
        }
        let lasts = json["signatures"].as_array().unwrap().iter().all(|entry| {
            let schedule = &entry["applies"]["schedule"];
            let holds = |minute: i64| in_time(schedule, &text(now + minute.minutes()));
            schedule.is_null() || (-2..60).all(|minute| holds(minute) == holds(0))
        });
        if lasts && TenantFile::parse(json.to_string().as_bytes()).is_ok() {
            return json;
        }
    }
}

/// What is drawn hangs on the time of day, by the schedules. So the first tenants have what must come in any case: each mode
/// that keeps signatures out, and one of three signatures for everybody.
fn sure(number: usize) -> Option<(Value, Option<Value>)> {
    let every = |id: &str| {
        let blocks = json!([{"type": "text", "lines": [[mark(id)]]}]);
        json!({"id": id, "name": id, "enabled": true, "place": "reply", "images": "hosted", "then_continue": true,
            "applies": {}, "design": {"version": 1, "blocks": blocks}})
    };
    match number {
        0 => Some((json!("bypass"), None)),
        1 => Some((json!("observe"), None)),
        2 => Some((json!({"pilot": {"people": ["bob"]}}), None)),
        3 => Some((json!("live"), Some(["s0", "s1", "s2"].map(every).into_iter().collect()))),
        _ => None,
    }
}

async fn read(url: &str, setup: &Setup, tenants: usize) -> Vec<Tenant> {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await.unwrap();
    if url.starts_with("postgres") {
        sqlx::query("SELECT set_config('signet.tenant', '*', false)").execute(&mut connection).await.unwrap();
    }
    let key = SealKey::read(&setup.folder.join("signet.key")).unwrap();
    let store = Store::open(url, key).await.unwrap();
    let mut read = Vec::new();
    for number in 0..tenants {
        let id = format!("t{number:02}");
        let stored = store.load(&TenantId::parse(&id).unwrap()).await.unwrap().unwrap();
        let snapshot = Snapshot::compile(stored.file, stored.secrets, stored.revision).unwrap();
        let rows = rows::tenant(&mut connection, &id).await.unwrap();
        read.push(Tenant { id, rows, snapshot });
    }
    read
}

/// What the engine sees of a message.
fn seen(content: &[u8]) -> (HeaderBlock, BodyFacts) {
    let mut imprinter = Imprinter::new(Limits::default(), [0; 16]);
    imprinter.feed(Bytes::copy_from_slice(content));
    imprinter.end();
    let mut head = None;
    loop {
        match imprinter.poll() {
            Step::Headers(block) => {
                head = Some(block);
                imprinter.go_on();
            }
            Step::Body(facts) => return (head.unwrap(), facts),
            step => panic!("{step:?} {:?}", Reason::NoTextBody),
        }
    }
}
