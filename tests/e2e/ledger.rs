//! A sender that is cut off after the next hop took its message comes again: one copy with the ledger, two without,
//! and a message that is sent again on purpose, or only looks like one that was, is never swallowed.

use std::time::Duration;

use standin::exchange::{At, Delivery, Framing, Gate, Outgoing, Recipient, Rule};

use crate::bench::{Bench, Plan, end_code, mail_of, outgoing, run};
use crate::faults::{environment, mail};

/// For everything that has to come.
const DEADLINE: Duration = Duration::from_secs(30);
const REPEATED: &str = "signet_message_finished_total{outcome=\"repeated\",verdict=\"accepted\"}";

/// Sends it, and goes when the next hop has every octet and has not answered yet. Then the next hop takes it, as the
/// `number`th message that this edge finishes.
async fn cut_off(bench: &Bench, message: &Outgoing, number: usize) {
    let gate = Gate::new();
    bench.exchange.script(Rule::at(At::EndOfMessage).times(1).wait(&gate));
    go_before_the_verdict(bench, message, &gate).await;
    gate.open();
    bench.appliance.wait_for_events("Message finished.", number).unwrap();
}

async fn go_before_the_verdict(bench: &Bench, message: &Outgoing, gate: &Gate) {
    let (mut sender, message) = (bench.sender().await, message.clone());
    let waiting = tokio::spawn(async move { sender.send(&message).await });
    assert!(gate.reached(1, DEADLINE).await, "the message did not come so far");
    // The socket goes with its task.
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
}

/// Says it all at once, and more behind it than is taken from a socket before the answer (RFC 2920 section 3.1); then it
/// goes, and has heard nothing.
async fn run_ahead(bench: &Bench, message: &Outgoing, number: usize) {
    let gate = Gate::new();
    bench.exchange.script(Rule::at(At::EndOfMessage).times(1).wait(&gate));
    let mut sender = bench.sender().await;
    for line in ["MAIL FROM:<ada@contoso.example>", "RCPT TO:<bob@example.org>", "DATA"] {
        let reply = sender.command(line).await.unwrap();
        assert!(reply.code < 400, "{line}: {reply}");
    }
    // No line of the mail begins with a dot.
    sender.wire().write(&[&message.content[..], b".\r\n"].concat()).await.unwrap();
    let noops = format!("NOOP {}\r\n", "x".repeat(2_000)).repeat(60);
    sender.wire().write(noops.as_bytes()).await.unwrap();
    assert!(gate.reached(1, DEADLINE).await, "the message did not come so far");
    gate.open();
    bench.appliance.wait_for_events("Message finished.", number).unwrap();
    sender.wire().cut();
}

/// Sends it on a session of its own that ends with QUIT.
async fn sent(bench: &Bench, message: &Outgoing) -> Delivery {
    let mut sender = bench.sender().await;
    let delivery = sender.send(message).await;
    sender.quit().await.unwrap();
    delivery
}

fn to_three() -> Outgoing {
    let mut message = outgoing(&mail());
    message.recipients = ["a@example.org", "b@example.org", "c@example.org"].map(Recipient::new).to_vec();
    message
}

#[test]
fn a_retry_after_the_next_hops_250_makes_no_second_copy() {
    run(|| async {
        let bench = Bench::start().await;
        let framings = [Framing::Data, Framing::Chunks(usize::MAX), Framing::Chunks(700)];
        for (round, framing) in framings.into_iter().enumerate() {
            let message = to_three().framing(framing);
            cut_off(&bench, &message, 3 * round + 1).await;
            assert_eq!(bench.exchange.accepted().len(), 2 * round + 1, "{framing:?}");
            let retry = sent(&bench, &message).await;
            assert_eq!(end_code(&retry), 250, "{retry:?}");
            assert_eq!(bench.exchange.accepted().len(), 2 * round + 1, "a second copy: {framing:?}");
            // Its sender knows now: the same again is wanted.
            assert_eq!(end_code(&sent(&bench, &message).await), 250);
            assert_eq!(bench.exchange.accepted().len(), 2 * round + 2, "swallowed: {framing:?}");
        }
        assert_eq!((bench.metric(REPEATED).await, bench.metric("signet_ledger_answered_total").await), (3.0, 3.0));
    });
}

#[test]
fn what_was_said_before_our_answer_does_not_show_that_it_was_heard() {
    run(|| async {
        let bench = Bench::start().await;
        let message = outgoing(&mail());
        run_ahead(&bench, &message, 1).await;
        assert_eq!(end_code(&sent(&bench, &message).await), 250);
        assert_eq!(bench.exchange.accepted().len(), 1, "a second copy");
    });
}

#[test]
fn without_the_ledger_it_makes_one() {
    run(|| async {
        let environment = vec![("SIGNET_SMTP_LEDGER".to_owned(), "false".to_owned())];
        let bench = Bench::with(Plan { environment, ..Plan::default() }).await;
        let message = to_three();
        cut_off(&bench, &message, 1).await;
        assert_eq!(end_code(&sent(&bench, &message).await), 250);
        assert_eq!(bench.exchange.accepted().len(), 2);
    });
}

#[test]
fn a_retry_that_comes_before_the_verdict_waits_for_it() {
    run(|| async {
        let bench = Bench::start().await;
        let message = outgoing(&mail());
        let gate = Gate::new();
        bench.exchange.script(Rule::at(At::EndOfMessage).times(1).wait(&gate));
        go_before_the_verdict(&bench, &message, &gate).await;
        assert_eq!(end_code(&sent(&bench, &message).await), 451);
        gate.open();
        bench.appliance.wait_for_events("Message finished.", 2).unwrap();
        assert_eq!(end_code(&sent(&bench, &message).await), 250);
        assert_eq!(bench.exchange.accepted().len(), 1);
    });
}

#[test]
fn a_restart_between_the_two_tries_changes_nothing() {
    run(|| async {
        let mut bench = Bench::start().await;
        let message = to_three();
        cut_off(&bench, &message, 1).await;
        bench.appliance.wait_for_event("Senders may not know that their messages were taken.").unwrap();
        bench.appliance.terminate().unwrap();
        assert!(bench.appliance.wait().unwrap().success());
        bench.appliance = bench.setup.start().unwrap();
        assert_eq!(end_code(&sent(&bench, &message).await), 250);
        assert_eq!(bench.exchange.accepted().len(), 1);
        assert_eq!(end_code(&sent(&bench, &message).await), 250);
        assert_eq!(bench.exchange.accepted().len(), 2, "swallowed");
    });
}

#[test]
fn only_the_recipients_that_have_nothing_get_a_copy() {
    run(|| async {
        let bench = Bench::start().await;
        let all = to_three();
        let one = Outgoing { recipients: all.recipients[1..2].to_vec(), ..all.clone() };
        cut_off(&bench, &one, 1).await;
        let retry = sent(&bench, &all).await;
        assert_eq!((end_code(&retry), retry.recipients.len()), (250, 3), "{retry:?}");
        let copies: Vec<Vec<String>> = bench
            .exchange
            .accepted()
            .iter()
            .map(|copy| copy.addresses().iter().map(|one| (*one).to_owned()).collect())
            .collect();
        assert_eq!(copies, [vec!["b@example.org"], vec!["a@example.org", "c@example.org"]]);
    });
}

#[test]
fn another_message_of_the_same_name_is_delivered_at_its_second_try() {
    run(|| async {
        let bench = Bench::start().await;
        let first = mail_of("text/plain; charset=utf-8", b"One thousand.\r\n");
        let text = String::from_utf8(first.clone()).unwrap().replace("One", "Two");
        cut_off(&bench, &outgoing(&first), 1).await;
        let other = outgoing(text.as_bytes());
        assert_eq!(end_code(&sent(&bench, &other).await), 451);
        assert_eq!(end_code(&sent(&bench, &other).await), 250);
        let accepted = bench.exchange.accepted();
        assert_eq!(accepted.len(), 2);
        assert!(accepted[1].text().contains("Two thousand."));
    });
}

#[test]
fn the_same_message_twice_on_one_session_is_two_copies() {
    run(|| async {
        let bench = Bench::start().await;
        let message = outgoing(&mail());
        let mut sender = bench.sender().await;
        for count in 1..=3 {
            assert_eq!(end_code(&sender.send(&message).await), 250);
            assert_eq!(bench.exchange.accepted().len(), count);
        }
    });
}

#[test]
fn a_verdict_that_comes_after_our_451_is_known_to_the_retry() {
    run(|| async {
        let environment = environment(&[("VERDICT_SECONDS", "1")]);
        let bench = Bench::with(Plan { environment, ..Plan::default() }).await;
        let message = outgoing(&mail());
        let gate = Gate::new();
        bench.exchange.script(Rule::at(At::EndOfMessage).times(1).wait(&gate));
        assert_eq!(end_code(&sent(&bench, &message).await), 451);
        gate.open();
        bench.appliance.wait_for_event("Senders may not know that their messages were taken.").unwrap();
        assert_eq!(end_code(&sent(&bench, &message).await), 250);
        assert_eq!(bench.exchange.accepted().len(), 1);
    });
}
