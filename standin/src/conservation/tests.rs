//! The oracle finds what it is there for: each kind of harm is done between a sender and a receiver without any relay.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::exchange::{At, Receiver, ReceiverConfig, Recipient, Rule, SenderConfig};
use crate::fault_proxy::{Act, Fault, FaultProxy, Point, Way};

/// What a scenario asks for.
struct Case {
    name: &'static str,
    rules: Vec<Rule>,
    faults: Vec<Fault>,
    /// Whether what happened is noted as a fault, and when.
    noted: Noted,
    expected: Balance,
    /// How the findings begin, if any is to be.
    finding: Option<&'static str>,
}

#[derive(PartialEq)]
enum Noted {
    No,
    Before,
    Within,
}

fn outcome(delivered: usize, refused: usize, deferred: usize) -> Balance {
    Balance { sent: 2, delivered, refused, deferred, ..Balance::default() }
}

async fn carried_out(case: &Case) -> (Balance, Vec<String>) {
    let receiver = Receiver::start(ReceiverConfig::plain()).await.unwrap();
    let proxy = FaultProxy::start(receiver.address()).await.unwrap();
    case.rules.iter().for_each(|rule| receiver.script(rule.clone()));
    case.faults.iter().for_each(|fault| proxy.fault(fault.clone()));
    let book = Book::new();
    let mut mailer = Mailer::new(&book, &[proxy.address()], SenderConfig::plain());
    let mut message = Outgoing::new("a@b.example", &[], plain_mail("one", "a@b.example", 2_000));
    message.recipients = ["x@y.example", "z@y.example"].map(Recipient::new).to_vec();
    if case.noted == Noted::Before {
        book.incident("too early");
    }
    let within = case.noted == Noted::Within;
    let between = async |one: &Try| {
        if within {
            book.incident_at(case.name, one.ended);
        }
    };
    mailer.deliver(&message, between).await;
    mailer.quit().await;
    book.balance(&receiver.accepted())
}

fn cases() -> Vec<Case> {
    let case = |name, rules, noted, expected, finding| Case { name, rules, faults: vec![], noted, expected, finding };
    let end = || Rule::at(At::EndOfMessage);
    let unsaid = || vec![end().times(1).disconnect_unsaid()];
    let twice = |attributed| Balance { duplicates: 2, attributed, ..outcome(2, 0, 0) };
    let second = || Rule::at(At::Rcpt).address("z@y.example");
    vec![
        case("all is well", vec![], Noted::No, outcome(2, 0, 0), None),
        case("later", vec![end().times(2).reply("451 4.3.0 Later")], Noted::No, outcome(2, 0, 0), None),
        case("never", vec![end().reply("550 5.6.0 No")], Noted::No, outcome(0, 2, 0), None),
        case("given up", vec![end().reply("451 4.3.0 Later")], Noted::No, outcome(0, 0, 2), None),
        case("one refused", vec![second().reply("550 5.1.1 No")], Noted::No, outcome(1, 1, 0), None),
        case("one later", vec![second().times(1).reply("451 4.1.1 Wait")], Noted::No, outcome(2, 0, 0), None),
        case("taken, unsaid", unsaid(), Noted::Within, twice(2), None),
        case("taken, unsaid, without a fault", unsaid(), Noted::No, twice(0), Some("DUPLICATE")),
        case("taken, unsaid, the fault was earlier", unsaid(), Noted::Before, twice(0), Some("DUPLICATE")),
        case(
            "said, not taken",
            vec![end().raw(b"250 OK\r\n")],
            Noted::No,
            Balance { lost: 2, ..outcome(0, 0, 0) },
            Some("LOST"),
        ),
        Case {
            name: "taken, and bounced",
            rules: vec![end().times(1).reply("250 2.0.0 OK")],
            faults: vec![Fault::new(Way::ToClient, Point::inside(b"250 2.0.0 OK", 0), Act::Replace(b"550 5".to_vec()))],
            noted: Noted::No,
            expected: outcome(2, 0, 0),
            finding: Some("bounced"),
        },
        Case {
            name: "an octet is another",
            rules: vec![],
            faults: vec![Fault::new(Way::ToServer, Point::behind(b"Line 7 of"), Act::Replace(b"!".to_vec()))],
            noted: Noted::No,
            expected: outcome(2, 0, 0),
            finding: Some("DAMAGED"),
        },
    ]
}

#[tokio::test]
async fn every_harm_is_found_and_nothing_else() {
    for case in cases() {
        let (balance, findings) = carried_out(&case).await;
        assert_eq!(balance, case.expected, "{}: {findings:#?}", case.name);
        match case.finding {
            None => assert!(findings.is_empty(), "{}: {findings:#?}", case.name),
            Some(kind) => assert!(findings.iter().any(|one| one.contains(kind)), "{}: {findings:#?}", case.name),
        }
    }
}

#[tokio::test]
async fn mail_that_nobody_sent_is_found() {
    let receiver = Receiver::start(ReceiverConfig::plain()).await.unwrap();
    let other = Book::new();
    let mut mailer = Mailer::new(&other, &[receiver.address()], SenderConfig::plain());
    let message = Outgoing::new("a@b.example", &["x@y.example"], plain_mail("two", "a@b.example", 500));
    mailer.deliver(&message, async |_: &Try| {}).await;
    let (balance, findings) = Book::new().balance(&receiver.accepted());
    assert_eq!((balance, findings.len()), (Balance::default(), 1), "{findings:?}");
}
