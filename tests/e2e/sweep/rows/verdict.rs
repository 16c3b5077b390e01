//! Rows 44 to 54: behind the commit point, where only the next hop's answer counts, and replies that are none.

use standin::exchange::{At, Gate, Rule};
use standin::fault_proxy::{Act, Fault, Point, Way};

use super::opening::once;
use crate::bench::until;
use crate::sweep::case::{Case, Depth, Ledger};
use crate::sweep::row::{End, Kind, Row, Told, Twice, row};
use crate::sweep::stage::DEADLINE;

pub fn rows() -> Vec<Row> {
    vec![
        row(44, "the next hop dies before it has the message")
            .told(Told::Refusal(451, "4.4.2"))
            .script(|_| vec![Rule::at(At::EndOfMessage).times(1).disconnect()]),
        row(44, "the next hop dies when it has the message")
            .told(Told::Refusal(451, "4.4.2"))
            .twice(Twice::Possible)
            .script(|_| vec![Rule::at(At::EndOfMessage).times(1).disconnect_unsaid()]),
        row(45, "the end is 4xx").told(Told::Refusal(451, "4.7.500")).script(|_| {
            vec![Rule::at(At::EndOfMessage).times(1).reply("451 4.7.500 Server busy. Please try again later")]
        }),
        row(46, "the end is 5xx")
            .told(Told::Refusal(550, "5.6.0"))
            .end(End::Refused)
            .script(|_| vec![Rule::at(At::EndOfMessage).reply("550 5.6.0 Content refused")]),
        row(47, "the answer comes too late")
            .on(Kind::HastyWithNextHops)
            .told(Told::Refusal(451, "4.4.2"))
            .twice(Twice::UnlessLedger)
            .beside(|stage, scene| {
                Box::pin(async move {
                    let gate = Gate::new();
                    stage.bench.exchange.script(Rule::at(At::EndOfMessage).times(1).wait(&gate));
                    scene.allow(1);
                    scene.tried(1).await;
                    gate.open();
                    let late = |message: &standin::exchange::Record| {
                        message.accepted.iter().any(|one| one.text().contains(&scene.id))
                    };
                    stage.bench.exchange.wait_until(late).await.unwrap();
                })
            }),
        row(48, "the sender is gone when the answer comes")
            .on(Kind::Plain)
            .told(Told::Nothing)
            .twice(Twice::UnlessLedger)
            .sender(|_| vec![once(Way::ToClient, Point::inside(b"250 2.6.0", 0), Act::Reset)]),
        row(49, "our answer is lost on the way")
            .on(Kind::Plain)
            .impatient()
            .told(Told::Nothing)
            .twice(Twice::UnlessLedger)
            .sender(|_| vec![once(Way::ToClient, Point::inside(b"250 2.6.0", 0), Act::Swallow)]),
        row(50, "the flow is dropped while the answer is awaited")
            .on(Kind::Plain)
            .impatient()
            .told(Told::Nothing)
            .twice(Twice::UnlessLedger)
            .beside(|stage, scene| Box::pin(dropped_flow(stage, scene))),
        row(51, "half of our answer is lost")
            .on(Kind::Plain)
            .told(Told::Nothing)
            .twice(Twice::UnlessLedger)
            .sender(|_| vec![once(Way::ToClient, Point::inside(b"250 2.6.0", 2), Act::Cut)]),
        row(52, "TLS ends within our answer").told(Told::Nothing).twice(Twice::UnlessLedger).beside(|stage, scene| {
            Box::pin(async move {
                for (count, fault) in torn_answers(&scene.case).into_iter().enumerate() {
                    let gate = Gate::new();
                    stage.bench.exchange.script(Rule::at(At::EndOfMessage).times(1).wait(&gate));
                    scene.allow(count + 1);
                    assert!(gate.reached(1, DEADLINE).await, "the message did not come so far");
                    stage.sender.fault(fault);
                    gate.open();
                    scene.tried(count + 1).await;
                }
            })
        }),
        row(53, "MAIL is answered by what is none").told(Told::Later).script(|case| garbled(case, At::Mail)),
        row(53, "RCPT is answered by what is none").told(Told::Later).script(|case| garbled(case, At::Rcpt)),
        row(53, "the end is answered by what is none").told(Told::Later).script(|case| garbled(case, At::EndOfMessage)),
        row(53, "the answer is garbled on its way")
            .on(Kind::Plain)
            .told(Told::Later)
            .twice(Twice::Possible)
            .next_hop(|_| vec![once(Way::ToClient, Point::inside(b"250 2.6.0", 0), Act::Replace(b"2x0\0".to_vec()))]),
        row(54, "the next hop answers ahead of MAIL's end")
            .told(Told::Later)
            .script(|_| vec![Rule::at(At::Mail).times(1).ahead(b"250 2.1.5 OK\r\n250 2.6.0 Queued\r\n")]),
        row(54, "the next hop answers ahead of the content").told(Told::Later).script(|case| {
            let last = ["bob@example.org", "dora@example.org"][usize::from(case.recipients > 1)];
            vec![Rule::at(At::Rcpt).address(last).times(1).ahead(b"250 2.6.0 Queued\r\n")]
        }),
    ]
}

/// A load balancer forgets the flow in both directions; the keep-alive that prevents it is looked for first.
async fn dropped_flow(stage: &crate::sweep::stage::Stage, scene: &crate::sweep::scene::Scene) {
    let gate = Gate::new();
    stage.bench.exchange.script(Rule::at(At::EndOfMessage).times(1).wait(&gate));
    scene.allow(1);
    assert!(gate.reached(1, DEADLINE).await, "the message did not come so far");
    let port = stage.bench.appliance.listeners[0].port();
    let table = || std::fs::read_to_string("/proc/net/tcp").unwrap();
    // As long as octets wait for their acknowledgement another timer runs in its place.
    until("a keep-alive", || is_kept_alive(&table(), port).then_some(()), table);
    for way in [Way::ToServer, Way::ToClient] {
        stage.sender.fault(once(way, Point::Next(0), Act::Swallow));
    }
    gate.open();
    scene.tried(1).await;
    stage.sender.behave();
    // Nothing tells the appliance; what the keep-alive would do in its time, the end of the proxy does now.
    stage.sender.close().await.unwrap();
    stage.sender.open().await.unwrap();
}

/// Whether a connection from this port has a keep-alive timer, by the kernel's table (proc(5), timer 02).
fn is_kept_alive(table: &str, port: u16) -> bool {
    let local = format!(":{port:04X}");
    table.lines().any(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let is_ours = columns.get(1).is_some_and(|address| address.ends_with(&local));
        is_ours && columns.get(3) == Some(&"01") && columns.get(5).is_some_and(|timer| timer.starts_with("02:"))
    })
}

fn torn_answers(case: &Case) -> Vec<Fault> {
    let mut torn = vec![once(Way::ToClient, Point::Next(0), Act::Cut), once(Way::ToClient, Point::Next(9), Act::Reset)];
    if case.depth == Depth::Whole {
        torn.push(once(Way::ToClient, Point::Next(1), Act::HalfClose));
        torn.push(once(Way::ToClient, Point::Next(5), Act::Replace(b"\0\0\0\0".to_vec())));
    }
    if case.ledger == Ledger::On {
        // The second try is answered without the next hop.
        torn.truncate(1);
    }
    torn
}

fn garbled(case: &Case, at: At) -> Vec<Rule> {
    let mut answers: Vec<Vec<u8>> = vec![b"2xx fine\r\n".to_vec(), b"354 go on\r\n".to_vec()];
    if case.depth == Depth::Whole {
        answers.push(b"250 fine\0\r\n\0".to_vec());
        answers.push([b"250 ".as_slice(), &b"x".repeat(100_000), b"\r\n"].concat());
        answers.push(b"250-more\r\n".repeat(1_000));
        answers.push(b"250-one\r\n550 two\r\n".to_vec());
        answers.push(b"\r\n".to_vec());
    }
    answers.into_iter().map(|octets| Rule::at(at).times(1).raw(&octets).close()).collect()
}
