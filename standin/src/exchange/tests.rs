//! Sender against receiver, over TLS and in plain: what one hands over is what the other records, and each kind of
//! fault that a rule can ask for shows at the other end as it should.
//! Every wait has a deadline.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::time::Duration;

use super::*;
use crate::certificates::{Authority, Identity, Request};
use crate::wire::{EndOfData, Reply, Wire};

struct Stage {
    authority: Authority,
    receiver: Receiver,
}

const NAME: &str = "mail.protection.outlook.com";
const CONNECTOR: &str = "k7.smtp.signet.example";

fn server_config(authority: &Authority) -> ReceiverConfig {
    let identity = authority.issue(Request::server(NAME)).unwrap();
    ReceiverConfig::exchange_online(identity, authority.roots().unwrap()).connector(CONNECTOR, "contoso")
}

impl Stage {
    async fn new() -> Stage {
        Stage::with(|config| config).await
    }

    async fn with(change: impl FnOnce(ReceiverConfig) -> ReceiverConfig) -> Stage {
        let authority = Authority::new("Stand-in root").unwrap();
        let receiver = Receiver::start(change(server_config(&authority))).await.unwrap();
        Stage { authority, receiver }
    }

    fn config(&self, identity: Option<&Identity>) -> SenderConfig {
        SenderConfig::exchange_online(NAME, self.authority.roots().unwrap(), identity).unwrap()
    }

    fn good(&self) -> SenderConfig {
        self.config(Some(&self.authority.issue(Request::client(CONNECTOR)).unwrap()))
    }

    async fn sender(&self) -> Sender {
        Sender::connect(self.receiver.address(), &self.good()).await.unwrap()
    }
}

fn mail(body: &str) -> Outgoing {
    let content = format!("From: <ada@contoso.example>\r\nMessage-ID: <1@contoso.example>\r\n\r\n{body}");
    Outgoing::new("ada@contoso.example", &["bob@fabrikam.example"], content)
}

#[tokio::test]
async fn each_framing_arrives_as_it_was_sent() {
    let stage = Stage::new().await;
    let framings = [
        (Framing::Data, Framed::Data),
        (Framing::Chunks(usize::MAX), Framed::Chunks(vec![78])),
        (Framing::Chunks(40), Framed::Chunks(vec![40, 38])),
        (Framing::ChunksThenEmpty(50), Framed::Chunks(vec![50, 28, 0])),
    ];
    let mut sender = stage.sender().await;
    for (count, (framing, framed)) in framings.into_iter().enumerate() {
        for pipelining in [true, false] {
            sender.config.pipelining = pipelining;
            let message = mail(".\r\n..a\r\n.b\r\n\r\n").framing(framing).body("8BITMIME");
            let delivery = sender.send(&message).await;
            assert!(delivery.is_accepted(), "{delivery:?}");
            let accepted = stage.receiver.wait_for(2 * count + 1).await.unwrap();
            let last = accepted.last().unwrap();
            assert_eq!(last.content, message.content);
            assert_eq!(last.framed, framed);
            assert_eq!(last.tenant.as_deref(), Some("contoso"));
            assert_eq!(last.tls.as_ref().unwrap().version, "TLSv1_3");
            assert_eq!(last.parameter("SIZE"), Some("78"));
            assert_eq!(last.header("message-id").as_deref(), Some("<1@contoso.example>"));
        }
    }
    sender.quit().await.unwrap();
    let record = stage.receiver.wait_until(|record| record.conversations[0].ended.is_some()).await.unwrap();
    assert_eq!((record.accepted.len(), record.conversations.len()), (8, 1));
}

#[tokio::test]
async fn parameters_go_through_where_they_are_offered() {
    let stage = Stage::with(|config| config.offer(Offer::exchange_online().with("XOORG"))).await;
    let mut message = mail("x\r\n").body("BINARYMIME").organization("contoso.example");
    message.ret = Some("HDRS".into());
    message.envelope_id = Some("q1".into());
    message.recipients[0].notify = Some("FAILURE,DELAY".into());
    message.recipients[0].original = Some("rfc822;bob@fabrikam.example".into());
    assert!(stage.sender().await.send(&message).await.is_accepted());
    let accepted = stage.receiver.wait_for(1).await.unwrap();
    let mail_line = "MAIL FROM:<ada@contoso.example> SIZE=67 ENVID=q1 RET=HDRS BODY=BINARYMIME XOORG=contoso.example";
    let rcpt_line = "RCPT TO:<bob@fabrikam.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;bob@fabrikam.example";
    let commands = stage.receiver.record().conversations[0].commands.clone();
    assert!(commands.iter().any(|line| line == mail_line), "{commands:?}");
    assert!(commands.iter().any(|line| line == rcpt_line), "{commands:?}");
    assert_eq!(accepted[0].recipients[0].parameters.len(), 2);
}

#[tokio::test]
async fn what_is_not_offered_is_refused() {
    let cases = [
        ("DSN", "MAIL FROM:<a@contoso.example> RET=FULL", 501),
        ("SMTPUTF8", "MAIL FROM:<a@contoso.example> SMTPUTF8", 501),
        ("8BITMIME", "MAIL FROM:<a@contoso.example> BODY=8BITMIME", 501),
        ("CHUNKING", "MAIL FROM:<a@contoso.example> BODY=BINARYMIME", 501),
        ("CHUNKING", "BDAT 0 LAST", 500),
        ("STARTTLS", "STARTTLS", 500),
        ("none", "MAIL FROM:<a@contoso.example> SIZE=157286401", 552),
        ("none", "MAIL FROM:<a@contoso.example> XFOO=1", 501),
        ("none", "MAIL FROM:<é@contoso.example>", 553),
        ("none", "RCPT TO:<a@contoso.example>", 503),
        ("none", "DATA", 503),
        ("none", "BDAT 0 LAST", 503),
    ];
    for (without, line, code) in cases {
        let mut config = ReceiverConfig::plain();
        config.offer = Offer::exchange_online().without("STARTTLS").without(without);
        let receiver = Receiver::start(config).await.unwrap();
        let mut sender = Sender::connect(receiver.address(), &SenderConfig::plain()).await.unwrap();
        assert_eq!(sender.command(line).await.unwrap().code, code, "{without}: {line}");
    }
}

#[tokio::test]
async fn only_the_tenants_certificate_is_attributed() {
    let stage = Stage::new().await;
    let stranger = Authority::new("Another root").unwrap();
    let below = stage.authority.intermediate("Stand-in intermediate").unwrap();
    let issue = |request| stage.authority.issue(request).unwrap();
    let cases = [
        ("good", Some(issue(Request::client(CONNECTOR))), true),
        ("RSA", Some(issue(Request::client(CONNECTOR).rsa())), true),
        ("second name", Some(issue(Request::client("other.example").also(CONNECTOR))), true),
        ("serverAuth only", Some(issue(Request::client(CONNECTOR).server_usage_only())), true),
        ("clientAuth only", Some(issue(Request::client(CONNECTOR).client_usage_only())), true),
        ("code signing only", Some(issue(Request::client(CONNECTOR).code_signing_only())), false),
        ("with intermediate", Some(below.issue(Request::client(CONNECTOR)).unwrap()), true),
        ("chain missing", Some(below.issue(Request::client(CONNECTOR)).unwrap().without_chain()), false),
        ("none", None, false),
        ("wrong name", Some(issue(Request::client("k8.smtp.signet.example"))), false),
        ("expired", Some(issue(Request::client(CONNECTOR).expired())), false),
        ("not yet valid", Some(issue(Request::client(CONNECTOR).not_yet_valid())), false),
        ("self-signed", Some(Identity::self_signed(Request::client(CONNECTOR)).unwrap()), false),
        ("other root", Some(stranger.issue(Request::client(CONNECTOR)).unwrap()), false),
    ];
    for (name, identity, good) in cases {
        let mut sender = Sender::connect(stage.receiver.address(), &stage.config(identity.as_ref())).await.unwrap();
        let delivery = sender.send(&mail("x\r\n")).await;
        assert_eq!(delivery.is_accepted(), good, "{name}: {delivery:?}");
        if !good {
            let refusal = delivery.recipients[0].to_string();
            assert_eq!(refusal, "550 5.7.64 TenantAttribution; Relay Access Denied SMTP", "{name}");
        }
    }
}

#[tokio::test]
async fn the_sender_checks_the_server() {
    let authority = Authority::new("Stand-in root").unwrap();
    let issue = |request| authority.issue(request).unwrap();
    let cases = [
        ("good", issue(Request::server(NAME)), true),
        ("RSA", issue(Request::server(NAME).rsa()), true),
        ("wrong name", issue(Request::server("mail.example")), false),
        ("expired", issue(Request::server(NAME).expired()), false),
        ("self-signed", Identity::self_signed(Request::server(NAME)).unwrap(), false),
    ];
    for (name, identity, good) in cases {
        let config = ReceiverConfig::exchange_online(identity, authority.roots().unwrap());
        let receiver = Receiver::start(config).await.unwrap();
        let sender = SenderConfig::exchange_online(NAME, authority.roots().unwrap(), None).unwrap();
        let connected = Sender::connect(receiver.address(), &sender).await;
        assert_eq!(connected.is_ok(), good, "{name}: {:?}", connected.err());
    }
}

#[tokio::test]
async fn answers_are_bent_at_each_point() {
    let points = [At::Mail, At::Rcpt, At::Data, At::EndOfMessage];
    for (point, text) in points
        .into_iter()
        .flat_map(|point| [(point, "451 4.7.500 Server busy"), (point, "550 5.7.606 Access denied, banned sending IP")])
    {
        let stage = Stage::new().await;
        stage.receiver.script(Rule::at(point).times(1).reply(text));
        let mut sender = stage.sender().await;
        let message = mail("x\r\n").framing(Framing::Data);
        let wanted = match text.starts_with('4') {
            true => Fate::Deferred(Some(Reply::of(text))),
            false => Fate::Refused(Reply::of(text)),
        };
        assert_eq!(sender.send(&message).await.fate(0), wanted, "{point:?}");
        // The rule is spent, and nothing of the first message is left in the session.
        assert_eq!(sender.send(&message).await.fate(0), Fate::Delivered, "{point:?}");
        assert_eq!(stage.receiver.wait_for(1).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_refused_chunk_ends_the_message() {
    let stage = Stage::new().await;
    stage.receiver.script(Rule::at(At::Chunk).nth(2).reply("452 4.3.1 Insufficient system resources"));
    let mut config = stage.good();
    config.pipelining = false;
    let mut sender = Sender::connect(stage.receiver.address(), &config).await.unwrap();
    let delivery = sender.send(&mail("xxxxxxxxxxxxxxxxxxxxx\r\n").framing(Framing::Chunks(20))).await;
    assert_eq!((delivery.chunks.len(), delivery.end.clone()), (2, None));
    assert!(matches!(delivery.fate(0), Fate::Deferred(Some(_))));
    assert!(sender.send(&mail("x\r\n")).await.is_accepted());
}

#[tokio::test]
async fn one_of_three_recipients_is_refused() {
    let stage = Stage::new().await;
    stage.receiver.script(Rule::at(At::Rcpt).address("b@fabrikam.example").reply("550 5.1.10 Recipient not found"));
    let mut message = mail("x\r\n");
    message.recipients = ["a", "b", "c"].map(|name| Recipient::new(&format!("{name}@fabrikam.example"))).to_vec();
    let delivery = stage.sender().await.send(&message).await;
    assert!(matches!(delivery.fates(3)[..], [Fate::Delivered, Fate::Refused(_), Fate::Delivered]));
    let accepted = stage.receiver.wait_for(1).await.unwrap();
    assert_eq!(accepted[0].addresses(), ["a@fabrikam.example", "c@fabrikam.example"]);
}

#[tokio::test]
async fn connections_break_where_they_should() {
    // Point, accepted by the receiver, content octets that reach it.
    let cases = [
        (Rule::at(At::Greeting).disconnect(), 0),
        (Rule::at(At::Rcpt).nth(1).reply("421 4.3.2 System not accepting network messages"), 0),
        (Rule::at(At::Content(1)).disconnect(), 0),
        (Rule::at(At::Content(1)).then(Act::Break), 0),
        (Rule::at(At::EndOfMessage).disconnect(), 0),
        (Rule::at(At::EndOfMessage).disconnect_unsaid(), 1),
    ];
    for (rule, accepted) in cases {
        for framing in [Framing::Data, Framing::Chunks(usize::MAX)] {
            let stage = Stage::new().await;
            let name = format!("{rule:?} {framing:?}");
            stage.receiver.script(rule.clone().session(1));
            let message = mail("x\r\n").framing(framing);
            let addresses = [stage.receiver.address()];
            let report = Sender::deliver(&addresses, &stage.good(), &message, &Schedule::once()).await;
            assert!(matches!(report.fates[0], Fate::Deferred(_)), "{name}: {report:?}");
            stage.receiver.wait_until(|record| record.conversations[0].ended.is_some()).await.unwrap();
            assert_eq!(stage.receiver.accepted().len(), accepted, "{name}");
        }
    }
}

#[tokio::test]
async fn a_deferred_message_is_delivered_by_a_later_try() {
    let stage = Stage::new().await;
    stage.receiver.script(Rule::at(At::Rcpt).address("b@fabrikam.example").times(2).reply("450 4.2.1 Busy"));
    let mut message = mail("x\r\n");
    message.recipients = ["a", "b"].map(|name| Recipient::new(&format!("{name}@fabrikam.example"))).to_vec();
    let schedule = Schedule::exchange_online(Duration::from_micros(10));
    let closed = Receiver::start(ReceiverConfig::plain()).await.unwrap();
    let addresses = [closed.address(), stage.receiver.address()];
    drop(closed);
    let report = Sender::deliver(&addresses, &stage.good(), &message, &schedule).await;
    assert_eq!(report.fates, [Fate::Delivered, Fate::Delivered]);
    let accepted = stage.receiver.wait_for(2).await.unwrap();
    let addresses: Vec<_> = accepted.iter().map(Accepted::addresses).collect();
    assert_eq!(addresses, [["a@fabrikam.example"], ["b@fabrikam.example"]]);
}

#[tokio::test]
async fn a_gate_holds_the_answer_until_it_is_opened() {
    let stage = Stage::new().await;
    let gate = Gate::new();
    stage.receiver.script(Rule::at(At::EndOfMessage).wait(&gate));
    let mut sender = stage.sender().await;
    let sending = tokio::spawn(async move { sender.send(&mail("x\r\n")).await });
    assert!(gate.reached(1, Duration::from_secs(30)).await);
    assert!(stage.receiver.accepted().is_empty() && !sending.is_finished());
    gate.open();
    assert!(sending.await.unwrap().is_accepted());
}

#[tokio::test]
async fn a_receiver_that_stops_reading_stops_the_sender() {
    let stage = Stage::new().await;
    stage.receiver.script(Rule::at(At::Content(1000)).stop_reading());
    let mut config = stage.good();
    config.deadline = Duration::from_millis(200);
    let mut sender = Sender::connect(stage.receiver.address(), &config).await.unwrap();
    let delivery = sender.send(&mail(&"x".repeat(2000))).await;
    assert!(delivery.end.is_none() && delivery.lost.is_some(), "{delivery:?}");
    assert!(stage.receiver.accepted().is_empty());
}

#[tokio::test]
async fn garbled_and_early_octets_reach_the_client_as_they_are() {
    let stage = Stage::new().await;
    stage.receiver.script(Rule::at(At::Mail).nth(1).raw(b"2\x00x nonsense\r\n"));
    let lost = stage.sender().await.send(&mail("x\r\n")).await.lost.unwrap();
    assert!(lost.contains("not a reply"), "{lost}");
    stage.receiver.behave();
    stage.receiver.script(Rule::at(At::StartTls).ahead(b"250 2.0.0 injected\r\n"));
    let error = Sender::connect(stage.receiver.address(), &stage.good()).await.err().unwrap();
    assert_eq!(error.to_string(), "octets before the handshake");
}

#[tokio::test]
async fn octets_behind_starttls_are_not_taken_over() {
    let stage = Stage::new().await;
    let stream = tokio::net::TcpStream::connect(stage.receiver.address()).await.unwrap();
    let mut wire = Wire::new(stream).unwrap();
    Reply::read(&mut wire).await.unwrap();
    wire.write(b"STARTTLS\r\nNOOP\r\n").await.unwrap();
    assert_eq!(Reply::read(&mut wire).await.unwrap().code, 501);
    assert!(Reply::read(&mut wire).await.is_err());
}

#[tokio::test]
async fn the_sender_breaks_off_where_it_is_told_to() {
    let cases = [(Cut::After(30), 0), (Cut::ResetAfter(30), 0), (Cut::BeforeEnd, 0), (Cut::AfterEnd, 1)];
    for (cut, accepted) in cases {
        for framing in [Framing::Data, Framing::Chunks(usize::MAX), Framing::Chunks(25)] {
            let stage = Stage::new().await;
            let delivery = stage.sender().await.send(&mail("x\r\n").framing(framing).cut(cut)).await;
            assert_eq!(delivery.lost.as_deref(), Some("cut as asked"));
            let record = stage.receiver.wait_until(|record| record.conversations[0].ended.is_some()).await.unwrap();
            assert_eq!(record.accepted.len(), accepted, "{cut:?} {framing:?}");
        }
    }
}

#[tokio::test]
async fn size_and_hops_are_counted() {
    let stage = Stage::with(|config| config.offer(Offer::exchange_online().with("SIZE 100"))).await;
    let mut sender = stage.sender().await;
    let mut lie = mail(&"x".repeat(60));
    assert_eq!(sender.send(&lie).await.mail.unwrap().code, 552);
    lie.claimed_octets = Some(50);
    assert_eq!(sender.send(&lie).await.end.unwrap().code, 552);
    lie.content = lie.content.slice(..60);
    assert_eq!(sender.send(&lie.clone().framing(Framing::Data)).await.end.unwrap().code, 552);

    let stage = Stage::new().await;
    let with_hops = |hops: usize| Outgoing::new("", &["bob@fabrikam.example"], "Received: x\r\n".repeat(hops) + "\r\n");
    let mut sender = stage.sender().await;
    assert!(sender.send(&with_hops(30)).await.is_accepted());
    assert!(sender.send(&with_hops(31)).await.end.unwrap().to_string().starts_with("554 5.4.14"));
}

#[tokio::test]
async fn smuggled_ends_make_one_message_only() {
    let ends: [&[u8]; 8] =
        [b"\n.\n", b"\n.\r\n", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r\n\0.\r\n", b"\r\n.\r\r\n", b"\r.\r"];
    for (end_of_data, smuggled) in [(EndOfData::Strict, 1), (EndOfData::Lenient, 2)] {
        for end in ends {
            let mut config = ReceiverConfig::plain();
            config.end_of_data = end_of_data;
            let receiver = Receiver::start(config).await.unwrap();
            let mut sender = Sender::connect(receiver.address(), &SenderConfig::plain()).await.unwrap();
            let second =
                b"MAIL FROM:<eve@contoso.example>\r\nRCPT TO:<bob@fabrikam.example>\r\nDATA\r\n\r\nhi\r\n.\r\n";
            let content = [b"\r\nfirst", end, second].concat();
            let message = Outgoing::new("ada@contoso.example", &["bob@fabrikam.example"], content);
            assert!(sender.send(&message.framing(Framing::Verbatim)).await.is_accepted(), "{end:?}");
            sender.wire().write(b"QUIT\r\n").await.unwrap();
            let record = receiver.wait_until(|record| record.conversations[0].ended.is_some()).await.unwrap();
            assert_eq!(record.accepted.len(), smuggled, "{end:?} {end_of_data:?}");
        }
    }
}

#[tokio::test]
async fn the_octets_of_a_refused_chunk_are_no_commands() {
    let receiver = Receiver::start(ReceiverConfig::plain()).await.unwrap();
    let mut sender = Sender::connect(receiver.address(), &SenderConfig::plain()).await.unwrap();
    let smuggled = "MAIL FROM:<eve@contoso.example>\r\nRCPT TO:<bob@fabrikam.example>\r\nBDAT 2 LAST\r\nhi";
    let refused = sender.command(&format!("BDAT {}\r\n{smuggled}", smuggled.len() + 2)).await.unwrap();
    assert_eq!(refused.code, 503);
    assert_eq!(sender.command("NOOP").await.unwrap().code, 250);
    assert!(receiver.accepted().is_empty());
}

#[tokio::test]
async fn the_header_block_keeps_the_mail_in_its_middle() {
    let content = b"From: a\r\nSubject: b\r\n\r\nbody\r\n";
    let whole = ExchangeHeaders::new("bf24ff3e-ad0a-4c79-a44a-df7092489e22", "contoso.example").around(content);
    let text = String::from_utf8(whole.clone()).unwrap();
    assert!(text.starts_with("Received: from AM0PR10MB3428"));
    assert!(text.contains("\r\nFrom: a\r\nSubject: b\r\n") && text.ends_with("\r\n\r\nbody\r\n"));
    assert_eq!(header_values(&whole, "X-OriginatorOrg"), ["contoso.example"]);
    assert_eq!(header_values(&whole, "x-ms-exchange-crosstenant-authas"), ["Internal"]);
    assert!(text.lines().all(|line| line.len() < 998));
}
