//! A real mail goes in by the Send connector and comes back signed.

use standin::exchange::Framing;
use standin::mails::{Client, File, Letter};

use crate::bench::{Bench, MARK, end_code, outgoing, run};

#[test]
fn a_reply_of_every_client_comes_back_signed_once_above_the_quote() {
    run(|| async {
        let bench = Bench::start().await;
        let mut sender = bench.sender().await;
        for client in Client::ALL {
            let before = bench.exchange.accepted().len();
            let mail = Letter::reply().from("Ada Vance", "ada@contoso.example").written_in(client);
            let delivery = sender.send(&outgoing(&mail)).await;
            assert_eq!(end_code(&delivery), 250, "{client:?}: {delivery:?}");
            let accepted = bench.exchange.wait_for(before + 1).await.unwrap();
            let message = accepted.last().unwrap();
            assert_eq!(message.tenant.as_deref(), Some("contoso"), "{client:?}");
            let text = mail_parser::MessageParser::default().parse(&message.content[..]).unwrap();
            for body in [text.body_html(0), text.body_text(0)].into_iter().flatten() {
                assert!(body.matches(MARK).count() <= 1, "{client:?}: {body}");
            }
            let signed = String::from_utf8_lossy(&message.content).contains("X-Signet-Stamp: v=1;");
            assert!(signed, "{client:?}");
            let html = text.body_html(0).unwrap();
            let mark = html.find(MARK).unwrap_or_else(|| panic!("{client:?} is not signed: {html}"));
            let quote = ["wrote:", "From:", "Forwarded"].iter().filter_map(|word| html.find(word)).min();
            assert!(quote.is_none_or(|quote| mark < quote), "{client:?}: {html}");
        }
        sender.quit().await.unwrap();
    });
}

#[test]
fn every_framing_carries_attachments_unharmed() {
    run(|| async {
        let bench = Bench::start().await;
        let mut sender = bench.sender().await;
        let file = File::pdf("plan.pdf", 300_000);
        let mail =
            Letter::first().from("Ada Vance", "ada@contoso.example").attach(file.clone()).written_in(Client::ALL[0]);
        let framings =
            [Framing::Data, Framing::Chunks(usize::MAX), Framing::Chunks(10_000), Framing::ChunksThenEmpty(100_000)];
        for framing in framings {
            for body in ["8BITMIME", "BINARYMIME"] {
                if framing == Framing::Data && body == "BINARYMIME" {
                    continue;
                }
                let delivery = sender.send(&outgoing(&mail).framing(framing).body(body)).await;
                assert_eq!(end_code(&delivery), 250, "{framing:?} {body}: {delivery:?}");
                let accepted = bench.exchange.accepted();
                let message =
                    mail_parser::MessageParser::default().parse(&accepted.last().unwrap().content[..]).unwrap();
                assert!(message.body_html(0).unwrap().contains(MARK), "{framing:?} {body}");
                let attachment = message.attachments().find(|part| part.contents().starts_with(b"%PDF")).unwrap();
                assert_eq!(attachment.contents(), &file.octets[..], "{framing:?} {body}");
            }
        }
        sender.quit().await.unwrap();
    });
}

/// Where a property's only value of octets begins in a stream of TNEF, and its length.
fn octets_of(stream: &[u8], id: u16) -> (usize, usize) {
    let head = [&[0x02, 0x01][..], &id.to_le_bytes(), &[1, 0, 0, 0]].concat();
    let at = memchr::memmem::find(stream, &head).unwrap() + head.len();
    let length = u32::from_le_bytes(stream[at..at + 4].try_into().unwrap());
    (at + 4, usize::try_from(length).unwrap())
}

#[test]
fn mail_between_mailboxes_is_signed_in_its_tnef() {
    run(|| async {
        let bench = Bench::start().await;
        let mut sender = bench.sender().await;
        // Larger than what is held: it passes behind the text.
        let file = File::pdf("plan.pdf", 6_000_000);
        for client in [Client::OutlookDesktop, Client::OutlookWeb, Client::OutlookMobile] {
            let before = bench.exchange.accepted().len();
            let letter = Letter::reply().from("Ada Vance", "ada@contoso.example").attach(file.clone());
            let mail = letter.written_internally(client);
            let framing = Framing::Chunks(100_000);
            let delivery = sender.send(&outgoing(&mail).framing(framing).body("BINARYMIME")).await;
            assert_eq!(end_code(&delivery), 250, "{client:?}: {delivery:?}");
            let accepted = bench.exchange.wait_for(before + 1).await.unwrap();
            let message = &accepted.last().unwrap().content;
            let (old, old_octets) = octets_of(&mail, 0x1013);
            let (new, new_octets) = octets_of(message, 0x1013);
            let html = std::str::from_utf8(&message[new..new + new_octets]).unwrap();
            let mark = html.find(MARK).unwrap_or_else(|| panic!("{client:?} is not signed: {html}"));
            assert!(mark < html.find("From:").unwrap() && html.matches(MARK).count() == 1, "{client:?}: {html}");
            // Behind the properties and their checksum every octet is the same.
            let behind = |octets: &[u8], at: usize, length: usize| {
                octets[at + length + length.wrapping_neg() % 4 + 2..].to_vec()
            };
            let (old, new) = (behind(&mail, old, old_octets), behind(message, new, new_octets));
            assert!(old == new && memchr::memmem::find(&new, &file.octets).is_some(), "{client:?}");
        }
        sender.quit().await.unwrap();
    });
}
