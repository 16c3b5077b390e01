//! Everything that can go wrong towards the next hop, and what the sender hears of it. Nothing is ever lost: 250 is
//! said only when the next hop said it; nothing bounces for a fault that is not the message's.

use std::time::Duration;

use serde_json::json;
use standin::certificates::{Identity, Request};
use standin::exchange::{At, Cut, Delivery, Framing, Gate, Offer, Recipient, Rule, TlsOffer};
use standin::mails::{Client, File, Letter};
use standin::wire::Reply;

use crate::bench::{Bench, Plan, end_code, outgoing, run};

/// For everything that has to come.
const DEADLINE: Duration = Duration::from_secs(30);

pub fn mail() -> Vec<u8> {
    Letter::reply().from("Ada Vance", "ada@contoso.example").written_in(Client::OutlookWeb)
}

pub fn large_mail() -> Vec<u8> {
    let letter = Letter::first().from("Ada Vance", "ada@contoso.example");
    letter.attach(File::pdf("large.pdf", 12_000_000)).written_in(Client::OutlookWeb)
}

pub fn environment(keys: &[(&str, &str)]) -> Vec<(String, String)> {
    keys.iter().map(|(key, value)| (format!("SIGNET_NEXT_HOP_{key}"), (*value).to_owned())).collect()
}

/// The first answer that is no success, wherever it stands.
pub fn refusal(delivery: &Delivery) -> Option<&Reply> {
    let replies = delivery.mail.iter().chain(&delivery.recipients);
    let replies = replies.chain(delivery.data.iter().filter(|reply| reply.code != 354));
    replies.chain(&delivery.chunks).chain(&delivery.end).find(|reply| !reply.is_success())
}

/// Code and enhanced code of the refusal.
#[track_caller]
pub fn assert_refused(name: &str, delivery: &Delivery, code: u16, enhanced: &str) {
    let reply = refusal(delivery).unwrap_or_else(|| panic!("{name}: {delivery:?}"));
    assert_eq!((reply.code, reply.text().split(' ').next()), (code, Some(enhanced)), "{name}: {delivery:?}");
    assert!(!delivery.is_accepted(), "{name}: {delivery:?}");
}

#[test]
fn a_next_hop_that_is_down_is_451() {
    run(|| async {
        let bench = Bench::start().await;
        bench.exchange.stop();
        let mut sender = bench.sender().await;
        for _ in 0..2 {
            assert_refused("down", &sender.send(&outgoing(&mail())).await, 451, "4.4.1");
        }
        assert_eq!(bench.metric("signet_next_hop_failed_total{fault=\"unreachable\"}").await, 2.0);
    });
}

#[test]
fn tls_is_never_left_out_and_the_name_must_fit() {
    run(|| async {
        let without = Plan {
            exchange: Box::new(|mut config| {
                config.tls = TlsOffer::Off;
                config.offer(Offer::exchange_online().without("STARTTLS"))
            }),
            ..Plan::default()
        };
        let wrong_name = Plan {
            tenant: Box::new(|tenant| tenant["peer"]["next_hop"]["name"] = json!("mail.other.example")),
            ..Plan::default()
        };
        let stranger = Plan {
            exchange: Box::new(|mut config| {
                let name = "mail.protection.outlook.com";
                config.identities = vec![Identity::self_signed(Request::server(name)).unwrap()];
                config
            }),
            ..Plan::default()
        };
        for (name, plan) in [("no STARTTLS", without), ("the wrong name", wrong_name), ("no authority", stranger)] {
            let bench = Bench::with(plan).await;
            let delivery = bench.sender().await.send(&outgoing(&mail())).await;
            assert_refused(name, &delivery, 451, "4.7.5");
            let commands: Vec<String> =
                bench.exchange.record().conversations.into_iter().flat_map(|one| one.commands).collect();
            assert!(!commands.iter().any(|command| command.starts_with("MAIL")), "{name}: {commands:?}");
        }
        let bench = Bench::start().await;
        bench.exchange.script(Rule::at(At::StartTls).times(1).reply("454 4.7.0 TLS not available"));
        let mut sender = bench.sender().await;
        assert_refused("TLS not available", &sender.send(&outgoing(&mail())).await, 451, "4.7.5");
        bench.exchange.script(Rule::at(At::StartTls).times(1).ahead(b"250 injected\r\n"));
        assert_eq!(refusal(&sender.send(&outgoing(&mail())).await).unwrap().code, 451);
        assert_eq!(end_code(&sender.send(&outgoing(&mail())).await), 250);
    });
}

#[test]
fn a_greeting_or_hello_that_is_refused_never_bounces() {
    run(|| async {
        let bench = Bench::start().await;
        let mut sender = bench.sender().await;
        for (at, reply) in [
            (At::Greeting, "554 5.3.2 Go away"),
            (At::Greeting, "421 4.3.2 Busy"),
            (At::Hello, "550 5.7.1 Who are you"),
            (At::Hello, "451 4.7.0 Greylisted"),
        ] {
            bench.exchange.script(Rule::at(at).times(1).reply(reply));
            let delivery = sender.send(&outgoing(&mail())).await;
            assert_eq!(refusal(&delivery).map(|reply| reply.code), Some(451), "{reply}: {delivery:?}");
        }
        for octets in
            [&b"\r\n"[..], b"SSH-2.0-OpenSSH_9.2\r\n", b"220 \0\0\0\r\n220", b"HTTP/1.1 400 Bad Request\r\n\r\n"]
        {
            bench.exchange.script(Rule::at(At::Greeting).times(1).raw(octets).close());
            let delivery = sender.send(&outgoing(&mail())).await;
            assert_eq!(refusal(&delivery).map(|reply| reply.code), Some(451), "{octets:?}: {delivery:?}");
        }
        assert_eq!(end_code(&sender.send(&outgoing(&mail())).await), 250);
    });
}

#[test]
fn each_recipient_hears_its_own_answer() {
    run(|| async {
        let bench = Bench::start().await;
        let mut sender = bench.sender().await;
        let mut message = outgoing(&mail());
        message.recipients = ["a@example.org", "b@example.org", "c@example.org"].map(Recipient::new).to_vec();
        bench.exchange.script(Rule::at(At::Rcpt).address("b@example.org").times(1).reply("550 5.1.1 No such user"));
        let delivery = sender.send(&message).await;
        let codes: Vec<u16> = delivery.recipients.iter().map(|reply| reply.code).collect();
        assert_eq!((codes, end_code(&delivery)), (vec![250, 550, 250], 250), "{delivery:?}");
        assert_eq!(delivery.recipients[1].text(), "5.1.1 No such user");
        assert_eq!(bench.exchange.accepted()[0].addresses(), ["a@example.org", "c@example.org"]);
        // All of them.
        bench.exchange.script(Rule::at(At::Rcpt).times(3).reply("452 4.2.2 Mailbox full"));
        for framing in [Framing::Data, Framing::Chunks(usize::MAX)] {
            let delivery = sender.send(&message.clone().framing(framing)).await;
            assert!(!delivery.is_accepted(), "{delivery:?}");
            bench.exchange.script(Rule::at(At::Rcpt).times(3).reply("452 4.2.2 Mailbox full"));
        }
        assert_eq!(bench.exchange.accepted().len(), 1);
    });
}

#[test]
fn a_421_among_the_recipients_voids_them_all() {
    run(|| async {
        let bench = Bench::start().await;
        let mut message = outgoing(&mail());
        message.recipients = ["a@example.org", "b@example.org", "c@example.org"].map(Recipient::new).to_vec();
        for framing in [Framing::Data, Framing::Chunks(usize::MAX), Framing::Chunks(1_000)] {
            bench.exchange.script(Rule::at(At::Rcpt).nth(2).times(1).reply("421 4.3.2 Service not available"));
            let mut sender = bench.sender().await;
            let delivery = sender.send(&message.clone().framing(framing)).await;
            assert_refused("421", &delivery, 451, "4.3.2");
            assert!(delivery.recipients[1..].iter().all(|reply| reply.code == 451), "{delivery:?}");
            assert!(bench.exchange.accepted().is_empty());
            bench.exchange.behave();
        }
        assert_eq!(end_code(&bench.sender().await.send(&message).await), 250);
    });
}

#[test]
fn a_next_hop_that_is_gone_is_never_a_250() {
    run(|| async {
        let bench = Bench::start().await;
        let mut taken = 0;
        for (name, at, unsaid) in [
            ("at the first octet", At::Content(1), false),
            ("within", At::Content(1_500), false),
            ("before its verdict", At::EndOfMessage, false),
            ("behind its verdict", At::EndOfMessage, true),
        ] {
            for framing in [Framing::Data, Framing::Chunks(usize::MAX), Framing::Chunks(700)] {
                let rule = Rule::at(at).times(1);
                bench.exchange.script(if unsaid { rule.disconnect_unsaid() } else { rule.disconnect() });
                let mut sender = bench.sender().await;
                let delivery = sender.send(&outgoing(&mail()).framing(framing)).await;
                assert_eq!(refusal(&delivery).map(|reply| reply.code), Some(451), "{name}, {framing:?}: {delivery:?}");
                taken += usize::from(unsaid);
                assert_eq!(bench.exchange.accepted().len(), taken, "{name}, {framing:?}");
                bench.exchange.behave();
            }
        }
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250);
    });
}

#[test]
fn a_sender_that_is_gone_has_sent_nothing() {
    run(|| async {
        let bench = Bench::start().await;
        let message = outgoing(&mail());
        let octets = message.content.len() as u64;
        let cuts = [Cut::After(1), Cut::After(octets / 2), Cut::ResetAfter(octets / 2), Cut::BeforeEnd];
        let framings = [Framing::Data, Framing::Chunks(usize::MAX), Framing::Chunks(900)];
        let mut count = 0;
        for cut in cuts {
            for framing in framings {
                bench.sender().await.send(&message.clone().framing(framing).cut(cut)).await;
                count += 1;
                bench.appliance.wait_for_events("Message finished.", count).unwrap();
                assert!(bench.exchange.accepted().is_empty(), "{cut:?} {framing:?}");
            }
        }
        assert_eq!(end_code(&bench.sender().await.send(&message).await), 250);
    });
}

#[test]
fn a_sender_that_left_before_the_verdict_has_its_message_delivered_once() {
    run(|| async {
        let bench = Bench::start().await;
        let framings = [Framing::Data, Framing::Chunks(usize::MAX), Framing::Chunks(900)];
        for (count, framing) in framings.into_iter().enumerate() {
            let gate = Gate::new();
            bench.exchange.script(Rule::at(At::EndOfMessage).times(1).wait(&gate));
            let mut sender = bench.sender().await;
            let message = outgoing(&mail()).framing(framing);
            let waiting = tokio::spawn(async move { sender.send(&message).await });
            assert!(gate.reached(1, DEADLINE).await, "{framing:?}: the message did not come so far");
            // The socket goes with its task.
            waiting.abort();
            assert!(waiting.await.unwrap_err().is_cancelled());
            gate.open();
            bench.appliance.wait_for_events("Message finished.", count + 1).unwrap();
            assert_eq!(bench.exchange.accepted().len(), count + 1, "{framing:?}");
        }
        let verdict = "signet_message_finished_total{outcome=\"signed\",verdict=\"accepted\"}";
        assert_eq!(bench.metric(verdict).await, 3.0);
    });
}

#[test]
fn a_sender_that_stands_still_is_told_421() {
    run(|| async {
        let keys = ["SIGNET_SMTP_COMMAND_SECONDS", "SIGNET_SMTP_DATA_SECONDS"];
        let environment = keys.map(|key| (key.to_owned(), "1".to_owned())).to_vec();
        let bench = Bench::with(Plan { environment, ..Plan::default() }).await;
        for lines in [
            &[][..],
            &["MAIL FROM:<ada@contoso.example>"],
            &["MAIL FROM:<ada@contoso.example>", "RCPT TO:<bob@example.org>", "DATA"],
        ] {
            let mut sender = bench.sender().await;
            for line in lines {
                let reply = sender.command(line).await.unwrap();
                assert!(reply.is_success() || reply.code == 354, "{line}: {reply}");
            }
            let farewell = sender.reply().await.unwrap();
            assert_eq!((farewell.code, farewell.text().split(' ').next()), (421, Some("4.4.2")), "{lines:?}");
        }
        assert!(bench.exchange.accepted().is_empty());
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250);
    });
}

#[test]
fn an_answer_that_is_none_is_451() {
    let long = [b"250 ".as_slice(), &b"x".repeat(100_000), b"\r\n"].concat();
    let endless = b"250-more\r\n".repeat(1_000);
    let garbled: Vec<(&str, Vec<u8>)> = vec![
        ("no number", b"2xx fine\r\n".to_vec()),
        ("a NUL", b"250 fine\0\r\n\0".to_vec()),
        ("too long", long),
        ("too many lines", endless),
        ("an unknown class", b"999 fine\r\n".to_vec()),
        ("two codes", b"250-one\r\n550 two\r\n".to_vec()),
        ("an empty line", b"\r\n".to_vec()),
        ("an intermediate one", b"354 go on\r\n".to_vec()),
    ];
    run(|| async move {
        let bench = Bench::with(Plan {
            environment: environment(&[("COMMAND_SECONDS", "5"), ("VERDICT_SECONDS", "5")]),
            ..Plan::default()
        })
        .await;
        for (count, at) in [At::Mail, At::Rcpt, At::EndOfMessage].into_iter().enumerate() {
            for (name, octets) in &garbled {
                let mut sender = bench.sender().await;
                bench.exchange.script(Rule::at(at).times(1).raw(octets).close());
                let delivery = sender.send(&outgoing(&mail())).await;
                assert_eq!(refusal(&delivery).map(|reply| reply.code), Some(451), "{at:?}, {name}: {delivery:?}");
                bench.exchange.behave();
            }
            let told = bench.metric("signet_next_hop_failed_total{fault=\"garbled\"}").await as usize;
            assert_eq!(told, (count + 1) * garbled.len(), "{at:?}");
        }
        assert!(bench.exchange.accepted().is_empty());
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250);
    });
}

#[test]
fn answers_ahead_are_not_believed() {
    run(|| async {
        let bench = Bench::start().await;
        for (at, octets) in [
            (At::Mail, &b"250 2.1.5 OK\r\n250 2.6.0 Queued\r\n"[..]),
            (At::Rcpt, b"354 go\r\n250 2.6.0 Queued\r\n"),
            (At::Rcpt, b"250 2.6.0 Queued\r\n"),
            (At::Data, b"250 2.6.0 Queued\r\n"),
        ] {
            bench.exchange.script(Rule::at(at).times(1).ahead(octets));
            let by_data = outgoing(&large_mail()).framing(Framing::Data).body("8BITMIME");
            let delivery = bench.sender().await.send(&by_data).await;
            assert_eq!(refusal(&delivery).map(|reply| reply.code), Some(451), "{at:?}: {delivery:?}");
            bench.exchange.behave();
        }
        assert!(bench.exchange.accepted().is_empty());
        // Behind the verdict it is too late to harm this message, and the session is not used again.
        bench.exchange.script(Rule::at(At::EndOfMessage).times(1).ahead(b"250 2.6.0 Queued\r\n"));
        let mut sender = bench.sender().await;
        assert_eq!(end_code(&sender.send(&outgoing(&mail())).await), 250);
        assert_eq!(end_code(&sender.send(&outgoing(&mail())).await), 250);
        let accepted = bench.exchange.accepted();
        assert_eq!(accepted.len(), 2);
        assert_ne!(accepted[0].session, accepted[1].session);
    });
}

#[test]
fn a_next_hop_that_stands_still_is_given_up() {
    run(|| async {
        let keys = [("COMMAND_SECONDS", "1"), ("VERDICT_SECONDS", "1"), ("HELLO_SECONDS", "1")];
        let bench = Bench::with(Plan { environment: environment(&keys), ..Plan::default() }).await;
        let large = large_mail();
        let cases = [
            (At::Greeting, mail()),
            (At::Hello, mail()),
            (At::Mail, mail()),
            (At::Rcpt, mail()),
            (At::Content(100_000), large),
            (At::EndOfMessage, mail()),
        ];
        for (at, mail) in cases {
            bench.exchange.script(Rule::at(at).times(1).stop_reading());
            let delivery = bench.sender().await.send(&outgoing(&mail)).await;
            assert_eq!(refusal(&delivery).map(|reply| reply.code), Some(451), "{at:?}: {delivery:?}");
            bench.exchange.behave();
        }
        assert!(bench.exchange.accepted().is_empty());
        assert!(bench.metric("signet_next_hop_failed_total{fault=\"timeout\"}").await >= 5.0);
    });
}

#[test]
fn what_the_next_hop_says_about_us_is_451_and_an_event() {
    run(|| async {
        let bench = Bench::start().await;
        let mut sender = bench.sender().await;
        for (at, reply, about) in [
            (At::Rcpt, "550 5.7.64 TenantAttribution; Relay Access Denied SMTP", "attribution"),
            (At::EndOfMessage, "550 5.7.64 TenantAttribution; Relay Access Denied SMTP", "attribution"),
            (At::Mail, "550 5.7.606 Access denied, banned sending IP [127.0.0.1]", "banned"),
            (At::Mail, "550 5.7.1 Service unavailable, Client host [127.0.0.1] blocked using Spamhaus.", "blocked"),
            (At::Rcpt, "550 5.7.511 Access denied, banned sender", "blocked"),
        ] {
            let series = format!("signet_health_event_total{{about=\"{about}\"}}");
            let before = bench.metric(&series).await;
            bench.exchange.script(Rule::at(at).times(1).reply(reply));
            assert_refused(reply, &sender.send(&outgoing(&mail())).await, 451, "4.7.1");
            assert_eq!(bench.metric(&series).await, before + 1.0, "{reply}");
        }
        assert_eq!(end_code(&sender.send(&outgoing(&mail())).await), 250);
    });
}

#[test]
fn a_kept_session_that_died_is_replaced_without_a_word() {
    run(|| async {
        let bench = Bench::start().await;
        let mut sender = bench.sender().await;
        // It dies when it is used again; it dies while it is kept; both at once.
        for rules in [
            vec![Rule::at(At::Mail).nth(2).times(1).disconnect()],
            vec![Rule::at(At::EndOfMessage).times(1).close()],
            vec![Rule::at(At::Mail).nth(2).times(1).reply("421 4.4.2 Idle for too long")],
        ] {
            let before = bench.exchange.accepted().len();
            rules.into_iter().for_each(|rule| bench.exchange.script(rule));
            for _ in 0..3 {
                let delivery = sender.send(&outgoing(&mail())).await;
                assert_eq!(end_code(&delivery), 250, "{delivery:?}");
            }
            assert_eq!(bench.exchange.accepted().len(), before + 3);
            bench.exchange.behave();
        }
    });
}
