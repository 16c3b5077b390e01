//! What everybody may use is bounded, for each tenant and each peer, and whoever is over the bound hears so in time.

use std::num::NonZero;
use std::time::Duration;

use standin::exchange::{At, Delivery, Gate, Rule};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::bench::{Bench, Plan, end_code, outgoing, run};
use crate::faults::{assert_refused, environment, large_mail, mail};

/// For everything that has to come.
const DEADLINE: Duration = Duration::from_secs(30);

#[test]
fn one_more_than_the_tenants_sessions_waits_its_time_and_is_451() {
    run(|| async {
        let keys = environment(&[("SESSIONS_PER_TENANT", "1"), ("LEASE_SECONDS", "1")]);
        let bench = Bench::with(Plan { environment: keys, ..Plan::default() }).await;
        let gate = Gate::new();
        bench.exchange.script(Rule::at(At::EndOfMessage).wait(&gate));
        // A session for each core, so one sender too many wherever they land.
        let senders = std::thread::available_parallelism().map_or(1, NonZero::get) + 1;
        let mut running = JoinSet::new();
        for _ in 0..senders {
            let mut sender = bench.sender().await;
            running.spawn(async move { sender.send(&outgoing(&mail())).await });
        }
        let first = running.join_next().await.unwrap().unwrap();
        assert_refused("one too many", &first, 451, "4.4.5");
        gate.open();
        let others: Vec<Delivery> = running.join_all().await;
        let taken = others.iter().filter(|delivery| end_code(delivery) == 250).count();
        assert!(taken > 0, "{others:?}");
        assert_eq!(bench.exchange.accepted().len(), taken);
        let busy = bench.metric("signet_next_hop_failed_total{fault=\"busy\"}").await;
        assert_eq!(busy as usize, senders - taken);
        bench.exchange.behave();
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250);
    });
}

#[test]
fn a_sender_that_leaves_takes_the_dialling_with_it() {
    run(|| async {
        let keys = environment(&[("HELLO_SECONDS", "300")]);
        let bench = Bench::with(Plan { environment: keys, ..Plan::default() }).await;
        let gate = Gate::new();
        bench.exchange.script(Rule::at(At::Greeting).times(1).wait(&gate));
        let mut sender = bench.sender().await;
        sender.wire().write(b"MAIL FROM:<ada@contoso.example>\r\n").await.unwrap();
        assert!(gate.reached(1, DEADLINE).await, "the next hop was not dialled");
        bench.until_metric("signet_next_hop_open_sessions", |open| open == 1.0).await;
        drop(sender);
        bench.until_metric("signet_next_hop_open_sessions", |open| open == 0.0).await;
        gate.open();
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250);
    });
}

/// What a newcomer from this address of loopback is told first.
async fn greeted(bench: &Bench, from: [u8; 4]) -> (TcpStream, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    let mut stream = socket.connect(bench.appliance.listeners[0]).await.unwrap();
    let mut greeting = vec![0; 512];
    let read = tokio::time::timeout(DEADLINE, stream.read(&mut greeting)).await.unwrap().unwrap();
    (stream, String::from_utf8_lossy(&greeting[..read]).into_owned())
}

#[test]
fn one_address_cannot_take_the_last_connection() {
    run(|| async {
        let environment = vec![("SIGNET_SMTP_MAX_CONNECTIONS".to_owned(), "16".to_owned())];
        let bench = Bench::with(Plan { environment, ..Plan::default() }).await;
        let mut held = Vec::new();
        for _ in 0..14 {
            let (stream, greeting) = greeted(&bench, [127, 0, 0, 1]).await;
            assert!(greeting.starts_with("220 "), "{greeting}");
            held.push(stream);
        }
        assert!(greeted(&bench, [127, 0, 0, 1]).await.1.starts_with("421 4.3.2 "));
        for machine in [2, 3] {
            let (stream, greeting) = greeted(&bench, [127, 0, 0, machine]).await;
            assert!(greeting.starts_with("220 "), "{greeting}");
            held.push(stream);
        }
        assert!(greeted(&bench, [127, 0, 0, 4]).await.1.starts_with("421 4.3.2 "));
        for cause in ["share", "too_many"] {
            let series = format!("signet_connection_refused_total{{cause=\"{cause}\"}}");
            assert_eq!(bench.metric(&series).await, 1.0, "{cause}");
        }
        drop(held);
        bench.until_metric("signet_connection_open_sessions", |open| open == 0.0).await;
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250);
    });
}

#[test]
fn one_tenant_cannot_take_all_the_memory() {
    run(|| async {
        let mut environment = environment(&[("SESSIONS_PER_TENANT", "100")]);
        for (key, bytes) in [("SMTP_BYTES_IN_FLIGHT", "1048576"), ("IMPRINT_HOLD_BYTES", "65536")] {
            environment.push((format!("SIGNET_{key}"), bytes.to_owned()));
        }
        let bench = Bench::with(Plan { environment, ..Plan::default() }).await;
        let mut begun = Vec::new();
        let refused = loop {
            let mut sender = bench.sender().await;
            let reply = sender.command("MAIL FROM:<ada@contoso.example>").await.unwrap();
            if reply.code != 250 {
                break reply;
            }
            begun.push(sender);
            assert!(begun.len() < 64, "nobody is refused");
        };
        assert_eq!((refused.code, refused.text().split(' ').next()), (452, Some("4.3.1")));
        // Half of it, at 16 KiB each.
        assert_eq!(begun.len(), 32);
        // Whoever else comes finds room.
        let mut other = bench.sender().await;
        assert_eq!(other.command("MAIL FROM:<>").await.unwrap().code, 250);
        // And the tenant again, as soon as some of its messages have ended; those that began go on.
        begun.truncate(8);
        let deadline = tokio::time::Instant::now() + DEADLINE;
        while end_code(&bench.sender().await.send(&outgoing(&mail())).await) != 250 {
            assert!(tokio::time::Instant::now() < deadline, "the memory does not come back");
        }
        // A message much larger than all of it streams through.
        let large = bench.sender().await.send(&outgoing(&large_mail())).await;
        assert_eq!(end_code(&large), 250, "{large:?}");
        begun.clear();
        assert_eq!(other.command("RSET").await.unwrap().code, 250);
        bench.until_metric("signet_message_in_flight_bytes", |octets| octets == 0.0).await;
    });
}
