//! Recipients who get different signatures, through real sockets: each kind its own copy, and whatever becomes of one
//! of them, each recipient has one copy in the end.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use standin::exchange::{Accepted, At, Delivery, Framing, Gate, Outgoing, Recipient, Rule};

use crate::bench::{Bench, MARK, Plan, below_additions, end_code, from_exchange, outgoing, run};
use crate::faults::{environment, large_mail, mail};

/// Two of them get no signature, which is the largest group and goes first.
const ALL: [&str; 4] = ["bob@example.org", "dan@example.org", "carol@example.org", "eve@example.org"];
const SECOND: &str = "Warm greetings from";
const DEADLINE: Duration = Duration::from_secs(30);

/// One signature for Bob and another one for Carol.
fn picky(tenant: &mut Value) {
    let mut second = tenant["signatures"][0].clone();
    second["id"] = json!("second");
    second["design"]["blocks"][0]["lines"] = json!([[format!("{SECOND} "), {"field": "displayName"}]]);
    second["applies"] = json!({"recipients": {"addresses": ["carol@example.org"]}});
    tenant["signatures"][0]["applies"] = json!({"recipients": {"addresses": ["bob@example.org"]}});
    tenant["signatures"].as_array_mut().unwrap().push(second);
}

async fn bench(environment: Vec<(String, String)>) -> Bench {
    Bench::with(Plan { tenant: Box::new(picky), environment, ..Plan::default() }).await
}

fn to_all(mail: &[u8]) -> Outgoing {
    Outgoing { recipients: ALL.map(Recipient::new).to_vec(), ..outgoing(mail) }
}

async fn sent(bench: &Bench, message: &Outgoing) -> Delivery {
    let mut sender = bench.sender().await;
    let delivery = sender.send(message).await;
    sender.quit().await.unwrap();
    delivery
}

/// Which signature a copy has.
fn signature(copy: &Accepted) -> &'static str {
    let parsed = mail_parser::MessageParser::new().parse(&copy.content[..]).unwrap();
    let text = parsed.body_html(0).unwrap().into_owned();
    match (text.contains(MARK), text.contains(SECOND)) {
        (false, false) => "none",
        (true, false) => "first",
        (false, true) => "second",
        (true, true) => "both",
    }
}

/// For each recipient the signatures of its copies.
fn received(bench: &Bench) -> BTreeMap<String, Vec<&'static str>> {
    let mut by_recipient: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for copy in bench.exchange.accepted() {
        for address in copy.addresses() {
            by_recipient.entry(address.to_owned()).or_default().push(signature(&copy));
        }
    }
    by_recipient
}

/// Each recipient has its own copy, `times` times.
#[track_caller]
fn assert_everybody_has(bench: &Bench, times: usize) {
    let wanted = ALL.into_iter().zip(["first", "none", "second", "none"]);
    let wanted = wanted.map(|(address, signature)| (address.to_owned(), vec![signature; times])).collect();
    assert_eq!(received(bench), wanted);
}

#[test]
fn each_kind_of_recipients_gets_its_own_copy_and_all_see_the_same_header() {
    run(|| async {
        let bench = bench(Vec::new()).await;
        let framings = [Framing::Data, Framing::Chunks(usize::MAX), Framing::Chunks(700)];
        for (round, framing) in framings.into_iter().enumerate() {
            let written = if framing == Framing::Data { large_mail() } else { mail() };
            let delivery = sent(&bench, &to_all(&written).framing(framing)).await;
            assert_eq!(end_code(&delivery), 250, "{delivery:?}");
            let accepted = bench.exchange.accepted();
            let copies = &accepted[3 * round..];
            assert_eq!(copies.len(), 3, "{framing:?}");
            assert_eq!(copies[0].addresses(), ["dan@example.org", "eve@example.org"], "the most recipients first");
            assert!(below_additions(&copies[0].content) == from_exchange(&written), "it is as it came");
            for field in ["To", "Cc", "Subject", "Message-ID"] {
                assert!(copies.iter().all(|copy| copy.headers(field) == copies[0].headers(field)), "{field}");
            }
        }
        assert_everybody_has(&bench, framings.len());
    });
}

#[test]
fn whatever_becomes_of_the_second_leg_a_retry_delivers_only_the_rest() {
    run(|| async {
        let keys = environment(&[("COMMAND_SECONDS", "5"), ("VERDICT_SECONDS", "2")]);
        let mut bench = bench(keys).await;
        let gate = Gate::new();
        let rule = || Rule::at(At::EndOfMessage).address("carol@example.org").times(1);
        let failures = [
            ("it answers 4xx", rule().reply("452 4.2.2 full")),
            ("it closes", rule().disconnect()),
            ("it never replies, and then refuses", rule().wait(&gate).reply("451 4.3.0 not now")),
        ];
        for (round, (failure, rule)) in failures.into_iter().enumerate() {
            bench.exchange.script(rule);
            let message = to_all(&mail());
            let first = sent(&bench, &message).await;
            assert_eq!(end_code(&first), 451, "{failure}: {first:?}");
            gate.open();
            let had = received(&bench);
            assert_eq!(had.get("carol@example.org").map_or(0, Vec::len), round, "{failure}");
            assert_eq!(had["dan@example.org"].len(), round + 1, "{failure}");
            if round == 0 {
                // Nor does a restart between the two tries make a difference.
                bench.appliance.wait_for_event("Senders may not know that their messages were taken.").unwrap();
                bench.appliance.terminate().unwrap();
                assert!(bench.appliance.wait().unwrap().success());
                bench.appliance = bench.setup.start().unwrap();
            }
            let again = until_accepted(&bench, &message).await;
            assert_eq!(end_code(&again), 250, "{failure}: {again:?}");
            assert_everybody_has(&bench, round + 1);
        }
    });
}

/// Tries again, as Exchange does, while the answer of an earlier try is still awaited.
async fn until_accepted(bench: &Bench, message: &Outgoing) -> Delivery {
    let deadline = std::time::Instant::now() + DEADLINE;
    loop {
        let delivery = sent(bench, message).await;
        if end_code(&delivery) != 451 || std::time::Instant::now() > deadline {
            return delivery;
        }
    }
}

#[test]
fn a_leg_that_takes_nothing_keeps_every_copy_from_being_terminated() {
    run(|| async {
        let bench = bench(environment(&[("COMMAND_SECONDS", "2")])).await;
        // The first session of the receiver is the first leg's.
        bench.exchange.script(Rule::at(At::Content(100_000)).session(2).times(1).stop_reading());
        let message = to_all(&large_mail());
        let delivery = sent(&bench, &message).await;
        assert_eq!(end_code(&delivery), 451, "{delivery:?}");
        assert!(bench.exchange.accepted().is_empty());
        assert_eq!(end_code(&sent(&bench, &message).await), 250);
        assert_everybody_has(&bench, 1);
    });
}

#[test]
fn what_the_first_leg_is_refused_nobody_gets() {
    run(|| async {
        let bench = bench(Vec::new()).await;
        bench.exchange.script(Rule::at(At::EndOfMessage).address("dan@example.org").times(1).reply("554 5.6.0 No"));
        assert_eq!(end_code(&sent(&bench, &to_all(&mail())).await), 554);
        assert!(bench.exchange.accepted().is_empty());
    });
}

/// With one session for each tenant, legs that waited for each other's sessions would wait for ever.
#[test]
fn many_messages_at_once_do_not_wait_for_each_others_sessions() {
    run(|| async {
        let bench = bench(environment(&[("SESSIONS_PER_TENANT", "2")])).await;
        let mut senders = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (mut sender, message) = (bench.sender().await, to_all(&mail()));
            senders.spawn(async move { end_code(&sender.send(&message).await) });
        }
        while let Some(code) = senders.join_next().await {
            assert_eq!(code.unwrap(), 250);
        }
        assert_everybody_has(&bench, 8);
    });
}
