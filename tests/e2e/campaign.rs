//! Continuous load from several senders, who try again as Exchange Online does, while workers and whole edges are
//! killed, edges leave one after the other, and configuration and certificates are reloaded. The balance is the
//! receiver's own: nothing lost; taken twice only where a kill struck between the last octet and our answer.
//!
//! `make test` runs a few of each; `make faults` the whole campaign, which prints its figures and its seed.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use standin::appliance::{Appliance, HOST_NAME};
use standin::certificates::Request;
use standin::conservation::{Balance, Book, Mailer, Try, plain_mail};
use standin::exchange::Fate;
use tokio::net::{TcpSocket, TcpStream};

use crate::bench::{Bench, outgoing, run};

/// Senders at the same time.
const SENDERS: usize = 4;

/// The load, and what it met.
struct Load {
    bench: Bench,
    book: Book,
    stop: Arc<AtomicBool>,
    met: Arc<Met>,
    senders: Vec<JoinHandle<()>>,
    random: Random,
    seed: u64,
    /// Held so that nobody else gets the port while no edge has it.
    _port: TcpSocket,
}

/// Tries that did not settle their message.
#[derive(Debug, Default)]
struct Met {
    /// Told 421 before any content: the sender goes elsewhere or comes back, and nobody notices.
    closing: AtomicUsize,
    /// No connection.
    unreachable: AtomicUsize,
    /// Anything else: what ran was cut or refused.
    failed: AtomicUsize,
}

impl Met {
    fn note(&self, one: &Try) {
        let said_421 = one.fates.iter().all(|fate| matches!(fate, Fate::Deferred(Some(reply)) if reply.code == 421));
        let lost = one.delivery.lost.as_deref().unwrap_or_default();
        let counter = match one.written {
            None if said_421 || lost.contains("421 4.3.2") => &self.closing,
            // As the mailer tells of a session that was never there.
            None if lost.starts_with("127.0.0.1:") => &self.unreachable,
            _ => &self.failed,
        };
        if counter.fetch_add(1, Ordering::Relaxed) == 0 {
            eprintln!("first of its kind: {one:?}");
        }
    }

    fn counts(&self) -> [usize; 3] {
        [&self.closing, &self.unreachable, &self.failed].map(|count| count.load(Ordering::Relaxed))
    }
}

/// Xorshift; the seed is printed, and SIGNET_SEED gives another.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        for (left, by) in [(true, 13), (false, 7), (true, 17)] {
            self.0 ^= if left { self.0 << by } else { self.0 >> by };
        }
        self.0 % bound
    }
}

impl Load {
    async fn start() -> Load {
        let port = TcpSocket::new_v4().unwrap();
        port.set_reuseaddr(true).unwrap();
        port.set_reuseport(true).unwrap();
        port.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let address = port.local_addr().unwrap();
        let mut bench = Bench::start().await;
        let text = std::fs::read_to_string(bench.setup.config()).unwrap();
        let listener = "[[listener]]\naddress = \"127.0.0.1:0\"";
        assert!(text.contains(listener));
        let text = text.replace(listener, &format!("[[listener]]\naddress = \"{address}\""));
        std::fs::write(bench.setup.config(), text).unwrap();
        bench.appliance = bench.setup.start().unwrap();
        assert_eq!(bench.appliance.listeners, [address]);
        let seed = std::env::var("SIGNET_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64 | 1);
        eprintln!("SIGNET_SEED={seed}");
        let (book, stop, met) = (Book::new(), Arc::new(AtomicBool::new(false)), Arc::new(Met::default()));
        let senders = (0..SENDERS).map(|number| {
            let mut mailer = Mailer::new(&book, &[address], bench.sender_config());
            mailer.tries = 1000;
            let (stop, met) = (stop.clone(), met.clone());
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(send(number, mailer, address, &stop, &met));
            })
        });
        let senders = senders.collect();
        Load { bench, book, stop, met, senders, random: Random(seed), seed, _port: port }
    }

    /// Until mail has gone through again, and then some moment later.
    async fn goes_on(&mut self) {
        let more = 1 + self.random.below(12) as usize;
        let before = self.bench.exchange.accepted().len();
        self.bench.exchange.wait_until(|record| record.accepted.len() >= before + more).await.unwrap();
        // A moment that no event marks: what is struck at it is left to chance.
        tokio::time::sleep(Duration::from_micros(self.random.below(20_000))).await;
    }

    /// Lets every message be settled, and draws the balance. Nothing may be lost.
    async fn end(self, what: &str, began: Instant) -> (Balance, [usize; 3]) {
        self.stop.store(true, Ordering::Relaxed);
        let senders = self.senders;
        let ended = tokio::task::spawn_blocking(|| senders.into_iter().all(|sender| sender.join().is_ok()));
        assert!(ended.await.unwrap(), "a sender gave up");
        let (balance, findings) = self.book.balance(&self.bench.exchange.accepted());
        let met = self.met.counts();
        println!(
            "{what}: {balance}; tries told 421 {}, without a connection {}, failed {}; {} s, seed {}",
            met[0],
            met[1],
            met[2],
            began.elapsed().as_secs(),
            self.seed
        );
        assert!(findings.is_empty(), "seed {}: {findings:#?}", self.seed);
        assert_eq!((balance.lost, balance.refused, balance.deferred), (0, 0, 0));
        (balance, met)
    }
}

/// One mail after the other, each until it is settled.
async fn send(number: usize, mut mailer: Mailer, address: SocketAddr, stop: &AtomicBool, met: &Met) {
    for count in 0.. {
        let octets = 2_000 + count % 40 * 2_000;
        let mail = plain_mail(&format!("campaign-{number}-{count}"), "ada@contoso.example", octets);
        let again = async |one: &Try| {
            met.note(one);
            reachable(address).await;
        };
        mailer.deliver(&outgoing(&mail), again).await;
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    mailer.quit().await;
}

async fn reachable(address: SocketAddr) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while TcpStream::connect(address).await.is_err() {
        assert!(Instant::now() < deadline, "no edge comes back");
        // Between two looks.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Kills: mostly of the worker, every tenth of parent and worker.
async fn kills(count: usize) {
    let began = Instant::now();
    let mut load = Load::start().await;
    let mut starts = 1;
    for number in 1..=count {
        load.goes_on().await;
        // The signal takes a moment to be sent, and whatever happens between both ends of it may be its doing.
        let before = Instant::now();
        if number % 10 == 0 {
            load.bench.appliance.kill().unwrap();
        } else {
            load.bench.appliance.signal_worker("KILL").unwrap();
        }
        let took = before.elapsed();
        for step in 0..=100 {
            load.book.incident_at("SIGKILL", before + took * step / 100);
        }
        if number % 10 == 0 {
            load.bench.appliance = load.bench.setup.start().unwrap();
            starts = 1;
        } else {
            starts += 1;
            load.bench.appliance.wait_for_start(starts).unwrap();
        }
    }
    load.goes_on().await;
    let (balance, _) = load.end(&format!("{count} kills"), began).await;
    assert_eq!(balance.duplicates, balance.attributed);
}

/// Drains: the next edge is there before the one before it leaves.
async fn drains(count: usize) {
    let began = Instant::now();
    let mut load = Load::start().await;
    for _ in 0..count {
        load.goes_on().await;
        let next = load.bench.setup.start().unwrap();
        let leaving = std::mem::replace(&mut load.bench.appliance, next);
        leave(leaving).await;
    }
    load.goes_on().await;
    let (balance, met) = load.end(&format!("{count} drains"), began).await;
    assert_eq!((balance.duplicates, met[2]), (0, 0), "a drain was noticed");
}

async fn leave(appliance: Appliance) {
    appliance.terminate().unwrap();
    let log = tokio::task::spawn_blocking(move || {
        appliance.wait_for_event("Drain finished.").map(|event| (event["cut"].clone(), appliance.wait()))
    });
    let (cut, status) = log.await.unwrap().unwrap();
    assert_eq!(cut, 0);
    assert!(status.unwrap().success());
}

/// Reloads: new certificates, new limits, and every third time something that is wrong.
async fn reloads(count: usize) {
    let began = Instant::now();
    let mut load = Load::start().await;
    let config = std::fs::read_to_string(load.bench.setup.config()).unwrap();
    let folder = load.bench.setup.folder.clone();
    let (mut done, mut refused) = (0, 0);
    for number in 0..count {
        load.goes_on().await;
        let recipients = format!("[smtp]\nmax_recipients = {}", 100 + number);
        std::fs::write(load.bench.setup.config(), config.replace("[smtp]", &recipients)).unwrap();
        let authority = &load.bench.setup.authority;
        authority.issue(Request::server(HOST_NAME)).unwrap().write(&folder, "smtp").unwrap();
        let event = if number % 3 == 2 {
            std::fs::write(folder.join("smtp.key"), "not a key").unwrap();
            refused += 1;
            ("Configuration not reloaded.", refused)
        } else {
            done += 1;
            ("Configuration reloaded.", done)
        };
        load.bench.appliance.reload().unwrap();
        load.bench.appliance.wait_for_events(event.0, event.1).unwrap();
    }
    load.goes_on().await;
    let (balance, met) = load.end(&format!("{count} reloads ({refused} of them refused)"), began).await;
    assert_eq!((balance.duplicates, met), (0, [0; 3]), "a reload was noticed");
}

#[test]
fn kills_lose_nothing() {
    run(|| kills(2));
}

#[test]
fn a_drain_fails_nothing() {
    run(|| drains(1));
}

#[test]
fn reloads_fail_nothing() {
    run(|| reloads(3));
}

#[test]
#[ignore = "minutes; make faults"]
fn fifty_kills_lose_nothing() {
    run(|| kills(50));
}

#[test]
#[ignore = "minutes; make faults"]
fn twenty_drains_fail_nothing() {
    run(|| drains(20));
}

#[test]
#[ignore = "minutes; make faults"]
fn fifty_reloads_fail_nothing() {
    run(|| reloads(50));
}
