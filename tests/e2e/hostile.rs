//! Mail that was made to do harm: bombs, broken structure, smuggling, forgeries. It is relayed untouched or refused
//! with the right answer, and the memory of the process stays bounded.

use standin::appliance::{HOST_NAME, Listener};
use standin::exchange::{ExchangeHeaders, Framing, Offer, Outgoing, Sender, SenderConfig};
use standin::mails::{Client, Letter};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::bench::{Bench, CONTOSO, MARK, Plan, below_additions, end_code, from_exchange, mail_of, outgoing, run};

/// How much the process may grow over a bomb, in kB.
const GROWTH: u64 = 64 * 1024;

/// The most memory the process ever had, in kB.
fn peak(bench: &Bench) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", bench.appliance.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn good() -> Vec<u8> {
    Letter::first().from("Ada Vance", "ada@contoso.example").written_in(Client::OutlookWeb)
}

fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(40_000);
    let octets = "--b\r\nContent-Type: application/octet-stream\r\n\r\n\r\n".repeat(100_000) + "--b--\r\n";
    let texts =
        "--b\r\nContent-Type: image/png\r\nContent-Disposition: inline\r\n\r\n\r\n".repeat(100_000) + "--b--\r\n";
    let empty = "--b\r\n\r\n\r\n".repeat(100_000) + "--b--\r\n";
    let mut deep = String::new();
    for level in 0..20_000 {
        deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"));
    }
    let boundaries = format!("--{}\r\n", "b".repeat(70)).repeat(40_000);
    vec![
        ("40,000 nested mails", mail_of("message/rfc822", nested.as_bytes())),
        (
            "40,000 nested mails in a part",
            mail_of("multipart/mixed; boundary=b", format!("--b\r\n{nested}").as_bytes()),
        ),
        ("100,000 parts", mail_of("multipart/mixed; boundary=b", octets.as_bytes())),
        ("100,000 inline parts", mail_of("multipart/mixed; boundary=b", texts.as_bytes())),
        ("100,000 empty text parts", mail_of("multipart/digest; boundary=b", empty.as_bytes())),
        ("20,000 levels", mail_of("multipart/mixed; boundary=top", format!("--top\r\n{deep}").as_bytes())),
        ("40,000 boundaries", mail_of(&format!("multipart/mixed; boundary={}", "b".repeat(70)), boundaries.as_bytes())),
        ("10 MB of HTML tags", mail_of("text/html; charset=utf-8", "<div>\r\n".repeat(1_500_000).as_bytes())),
        (
            "a body of 10 MB without a line end",
            mail_of("text/plain; charset=utf-8", &[&vec![b'x'; 10_000_000][..], b"\r\n"].concat()),
        ),
    ]
}

#[test]
fn bombs_are_relayed_untouched_in_bounded_memory() {
    run(|| async {
        let bench = Bench::start().await;
        let mut sender = bench.sender().await;
        assert_eq!(end_code(&sender.send(&outgoing(&good())).await), 250);
        let before = peak(&bench);
        for (name, mail) in bombs() {
            for framing in [Framing::Data, Framing::Chunks(usize::MAX)] {
                let delivery = sender.send(&outgoing(&mail).framing(framing)).await;
                assert_eq!(end_code(&delivery), 250, "{name}: {delivery:?}");
                let arrived = bench.exchange.accepted().pop().unwrap();
                assert!(below_additions(&arrived.content) == from_exchange(&mail), "{name}: was changed");
            }
            let grown = peak(&bench).saturating_sub(before);
            assert!(grown < GROWTH, "{name}: {grown} kB more");
        }
        assert_eq!(end_code(&sender.send(&outgoing(&good())).await), 250);
        assert!(bench.exchange.accepted().pop().unwrap().text().contains(MARK));
    });
}

#[test]
fn a_header_line_of_a_megabyte_is_relayed_untouched() {
    run(|| async {
        let bench = Bench::start().await;
        let mut sender = bench.sender().await;
        let before = peak(&bench);
        for octets in [70_000, 1_000_000, 3_000_000] {
            // Behind the fields that name the tenant; before them nobody would know whose mail it is.
            let mut headers = ExchangeHeaders::new(CONTOSO, "contoso.example");
            headers.extra.push(format!("X-Long: {}", "x".repeat(octets)));
            let mail = headers.around(&good());
            let message = Outgoing::new("ada@contoso.example", &["bob@example.org"], mail.clone());
            assert_eq!(end_code(&sender.send(&message).await), 250, "{octets}");
            assert!(below_additions(&bench.exchange.accepted().pop().unwrap().content) == mail, "{octets}");
        }
        assert_eq!(bench.metric("signet_message_left_total{reason=\"header_too_large\"}").await, 3.0);
        let grown = peak(&bench).saturating_sub(before);
        assert!(grown < GROWTH, "{grown} kB more");
    });
}

#[test]
fn broken_structure_is_relayed_untouched_and_counted() {
    let mixed = "multipart/mixed; boundary=b";
    let cases: Vec<(&str, &str, &[u8], &str)> = vec![
        ("text that is not in its charset", "text/plain; charset=utf-7", b"Hello, T +44 20\r\n", "bad_charset"),
        ("a byte order mark of UTF-16", "text/plain; charset=utf-8", b"\xff\xfeH\0e\0y\0\r\n", "bad_charset"),
        ("a boundary that never comes", mixed, b"Hello\r\n", "malformed_mime"),
        ("no boundary at all", "multipart/mixed", b"--b\r\n\r\nHello\r\n--b--\r\n", "malformed_mime"),
        (
            "an encoding that is none",
            mixed,
            b"--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: x-rot13\r\n\r\nUryyb\r\n--b--\r\n",
            "bad_encoding",
        ),
        (
            "a type that stands twice",
            mixed,
            b"--b\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\n\r\nHello\r\n--b--\r\n",
            "duplicate_header",
        ),
        ("attachments alone", mixed, b"--b\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n--b--\r\n", "no_text_body"),
    ];
    run(|| async move {
        let bench = Bench::start().await;
        let mut sender = bench.sender().await;
        for (name, content_type, body, reason) in cases {
            let series = format!("signet_message_left_total{{reason=\"{reason}\"}}");
            let before = bench.metric(&series).await;
            let mail = mail_of(content_type, body);
            let delivery = sender.send(&outgoing(&mail)).await;
            assert_eq!(end_code(&delivery), 250, "{name}: {delivery:?}");
            let arrived = bench.exchange.accepted().pop().unwrap();
            assert!(below_additions(&arrived.content) == from_exchange(&mail), "{name}: {}", arrived.text());
            assert_eq!(bench.metric(&series).await, before + 1.0, "{name}: {}", bench.appliance.log());
        }
    });
}

/// What other servers took for the end of a message (the scanners' list), none of which is CRLF.CRLF.
const ENDS: [&[u8]; 9] =
    [b"\n.\n", b"\n.\r", b"\r.\n", b"\r.\r", b"\n.\r\n", b"\r.\r\n", b"\r\n\0.\r\n", b"\r\n.\r\r\n", b"\r\r\n.\r\r\n"];

fn smuggled(end: &[u8]) -> Vec<u8> {
    let second =
        b"MAIL FROM:<ada@contoso.example>\r\nRCPT TO:<eve@example.org>\r\nDATA\r\nSubject: smuggled\r\n\r\nsecond";
    [&from_exchange(&good())[..], b"first", end, second, b"\r\n.\r\n"].concat()
}

#[test]
fn a_message_is_never_two_on_the_way_in() {
    run(|| async {
        let bench = Bench::start().await;
        for end in ENDS {
            for piece in [usize::MAX, 1] {
                let mut sender = bench.sender().await;
                let mut message = outgoing(&good());
                message.content = smuggled(end).into();
                message.pace = Some((piece, std::time::Duration::ZERO));
                let delivery = sender.send(&message.framing(Framing::Verbatim)).await;
                let reply = delivery.end.clone().unwrap_or_else(|| panic!("{end:?}: {delivery:?}"));
                assert_eq!((reply.code, reply.text().starts_with("5.6.11")), (550, true), "{end:?}: {delivery:?}");
                // Nothing of the second was taken for a command: the next answer belongs to the next command.
                assert_eq!(sender.command("NOOP").await.unwrap().code, 250, "{end:?}");
                assert_eq!(sender.command("VRFY x").await.unwrap().code, 252, "{end:?}");
            }
        }
        assert!(bench.exchange.accepted().is_empty());
        let asked: Vec<String> =
            bench.exchange.record().conversations.into_iter().flat_map(|one| one.commands).collect();
        assert!(!asked.iter().any(|command| command.contains("eve@")), "{asked:?}");
    });
}

#[test]
fn bare_line_ends_go_out_by_bdat_or_not_at_all() {
    run(|| async {
        let by_chunks = Bench::start().await;
        let by_data = Bench::with(Plan {
            exchange: Box::new(|config| {
                config.offer(Offer::exchange_online().without("CHUNKING").without("BINARYMIME"))
            }),
            ..Plan::default()
        })
        .await;
        for end in ENDS {
            let content = smuggled(end);
            let mut message = outgoing(&good());
            message.content = content.clone().into();
            let delivery = by_chunks.sender().await.send(&message).await;
            assert_eq!(end_code(&delivery), 250, "{end:?}: {delivery:?}");
            let arrived = by_chunks.exchange.accepted();
            assert!(arrived.last().unwrap().content.ends_with(&content[content.len() - 150..]), "{end:?}");
            let delivery = by_data.sender().await.send(&message).await;
            let reply = delivery.end.clone().unwrap_or_else(|| panic!("{end:?}: {delivery:?}"));
            assert_eq!((reply.code, reply.text().starts_with("5.6.11")), (550, true), "{end:?}: {delivery:?}");
        }
        assert_eq!(by_chunks.exchange.accepted().len(), ENDS.len());
        assert!(by_data.exchange.accepted().is_empty());
        // Both still work.
        for bench in [&by_chunks, &by_data] {
            assert_eq!(end_code(&bench.sender().await.send(&outgoing(&good())).await), 250);
        }
    });
}

#[test]
fn a_bare_line_end_far_behind_the_decision_cuts_the_message_off() {
    run(|| async {
        let bench = Bench::start().await;
        // The total is not known when the content is opened, so it goes out by DATA.
        let body = "All work and no play makes Ada a dull engineer.\r\n".repeat(200_000);
        for end in [&b"\n.\n"[..], b"\r\n\0.\r\n", b"\r.\r\n"] {
            let mut mail = mail_of("text/plain; charset=utf-8", body.as_bytes());
            mail.extend_from_slice(&[b"first", end, b"MAIL FROM:<eve@example.org>\r\n"].concat());
            let delivery = bench.sender().await.send(&outgoing(&mail).framing(Framing::Chunks(100_000))).await;
            let refused = delivery.chunks.iter().chain(&delivery.end).find(|reply| !reply.is_success());
            assert_eq!(refused.map(|reply| reply.code), Some(550), "{end:?}: {:?}", delivery.end);
        }
        assert!(bench.exchange.accepted().is_empty());
        let commands = bench.exchange.record().conversations.into_iter().flat_map(|one| one.commands);
        let commands: Vec<String> = commands.collect();
        assert!(commands.iter().any(|command| command == "DATA"), "{commands:?}");
        assert!(!commands.iter().any(|command| command.contains("eve@")), "{commands:?}");
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&good())).await), 250);
    });
}

#[test]
fn too_much_is_refused_before_or_after_it_came() {
    run(|| async {
        let environment = vec![("SIGNET_SMTP_MAX_MESSAGE_BYTES".to_owned(), "100000".to_owned())];
        let bench = Bench::with(Plan { environment, ..Plan::default() }).await;
        let mut sender = bench.sender().await;
        let large = mail_of("text/plain", "All work and no play.\r\n".repeat(10_000).as_bytes());
        let delivery = sender.send(&outgoing(&large)).await;
        assert_eq!(
            delivery.mail.map(|reply| (reply.code, reply.text()[..5].to_owned())),
            Some((552, "5.3.4".to_owned()))
        );
        for framing in [Framing::Data, Framing::Chunks(usize::MAX), Framing::Chunks(30_000)] {
            let mut message = outgoing(&large).framing(framing);
            message.claimed_octets = Some(5_000);
            let mut sender = bench.sender().await;
            let delivery = sender.send(&message).await;
            let refused = delivery.chunks.iter().chain(&delivery.end).find(|reply| !reply.is_success());
            assert_eq!(refused.map(|reply| reply.code), Some(552), "{framing:?}: {delivery:?}");
        }
        assert_eq!(end_code(&sender.send(&outgoing(&good())).await), 250);
        assert_eq!(bench.exchange.accepted().len(), 1);
    });
}

#[test]
fn without_tls_nothing_is_taken() {
    run(|| async {
        let bench = Bench::start().await;
        let mut sender = Sender::connect(bench.appliance.listeners[0], &SenderConfig::plain()).await.unwrap();
        let reply = sender.command("MAIL FROM:<ada@contoso.example>").await.unwrap();
        assert_eq!((reply.code, reply.text().starts_with("5.7.0")), (530, true), "{reply}");
        assert_eq!(sender.command("NOOP").await.unwrap().code, 250);
    });
}

#[test]
fn a_stranger_is_denied() {
    run(|| async {
        let bench = Bench::start().await;
        let mut sender = bench.sender().await;
        let stranger = ExchangeHeaders::new("11111111-2222-3333-4444-555555555555", "stranger.example").around(&good());
        let message = Outgoing::new("eve@stranger.example", &["bob@example.org"], stranger);
        let reply = sender.send(&message).await.end.unwrap();
        assert_eq!((reply.code, reply.text().starts_with("5.7.1 ")), (550, true), "{reply}");
        assert!(bench.exchange.record().conversations.is_empty(), "somebody was asked");
    });
}

#[test]
fn what_follows_starttls_in_plain_is_never_a_command() {
    run(|| async {
        let bench =
            Bench::with(Plan { listeners: vec![Listener::Microsoft, Listener::Certificate], ..Plan::default() }).await;
        for address in &bench.appliance.listeners {
            for injected in ["NOOP\r\n", "EHLO evil\r\nMAIL FROM:<ada@contoso.example>\r\n", "NO"] {
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(format!("EHLO a.example\r\nSTARTTLS\r\n{injected}").as_bytes()).await.unwrap();
                let mut said = String::new();
                // It closes by itself: neither a handshake nor an answer to what was injected.
                stream.read_to_string(&mut said).await.unwrap();
                let answers: Vec<&str> = said.lines().filter(|line| line.as_bytes().get(3) == Some(&b' ')).collect();
                let after_hello = answers.get(2..).unwrap_or_default();
                assert!(after_hello.len() <= 1, "{injected:?}: {answers:?}");
                assert!(!after_hello.iter().any(|line| line.starts_with("250")), "{injected:?}: {answers:?}");
            }
        }
    });
}

#[test]
fn a_forged_stamp_is_taken_away_and_a_true_one_believed() {
    run(|| async {
        let bench = Bench::start().await;
        let mut sender = bench.sender().await;
        let forged = "X-Signet-Stamp: v=1; t=1700000000; k=1; w=loop; h=AAAAAAAAAAAAAAAAAAAAAA";
        let mail =
            Letter::first().from("Ada Vance", "ada@contoso.example").field(forged).written_in(Client::OutlookWeb);
        assert_eq!(end_code(&sender.send(&outgoing(&mail)).await), 250);
        let first = bench.exchange.accepted().pop().unwrap();
        let stamps = first.headers("X-Signet-Stamp");
        assert!(first.text().contains(MARK) && !first.text().contains("t=1700000000"), "{}", first.text());
        assert_eq!(stamps.len(), 1, "{stamps:?}");
        // Round again: nothing but Received is added.
        let again = Outgoing::new("ada@contoso.example", &["bob@example.org"], first.content.clone());
        assert_eq!(end_code(&sender.send(&again).await), 250);
        let second = bench.exchange.accepted().pop().unwrap();
        assert!(second.content.ends_with(&first.content), "{}", second.text());
        assert_eq!(second.headers("X-Signet-Stamp"), stamps);
        assert_eq!(second.headers("Received").len(), first.headers("Received").len() + 1);
        assert!(second.headers("Received")[0].contains(HOST_NAME));
        assert_eq!(bench.metric("signet_message_left_total{reason=\"already_stamped\"}").await, 1.0);
        // A true stamp on another message is a forgery.
        let copied = first.header("X-Signet-Stamp").unwrap();
        let other = Letter::first()
            .from("Ada Vance", "ada@contoso.example")
            .message_id("another@contoso.example")
            .field(&format!("X-Signet-Stamp: {copied}"))
            .written_in(Client::OutlookWeb);
        assert_eq!(end_code(&sender.send(&outgoing(&other)).await), 250);
        let third = bench.exchange.accepted().pop().unwrap();
        assert!(third.text().contains(MARK));
        assert_eq!(third.headers("X-Signet-Stamp").len(), 1);
        assert_ne!(third.header("X-Signet-Stamp"), Some(copied));
    });
}
