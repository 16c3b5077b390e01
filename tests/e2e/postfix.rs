//! A real MTA on both sides: Postfix hands mail over with a client certificate, Postfix takes it in and delivers it.
//!
//! Nothing here speaks SMTP by code of this repository but the appliance, and the one session that gives a mail to
//! the first Postfix.

use std::path::Path;

use mail_parser::{MessageParser, MimeHeaders};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use standin::appliance::{Appliance, HOST_NAME, Listener, MICROSOFT, Setup};
use standin::certificates::Request;
use standin::exchange::{Framing, Outgoing, Sender, SenderConfig};
use standin::mails::{Client, File, Letter};
use tempfile::TempDir;

use crate::bench::{CONTOSO_CERTIFICATE, MARK, contoso, from_exchange, run};
use crate::mta::Postfix;

/// The name in the certificate of the second Postfix, which the appliance verifies.
const NEXT_HOP: &str = "mx.fabrikam.example";
/// The name in the certificate of the first, which proves the tenant.
const SENDER: &str = "mx.contoso.example";

/// Postfix, appliance, Postfix.
struct Chain {
    first: Postfix,
    second: Postfix,
    appliance: Appliance,
    _folder: TempDir,
}

impl Chain {
    /// `sender_name`: in the certificate of the first Postfix.
    fn start(listener: Listener, sender_name: &str, tenant: impl FnOnce(&mut Value)) -> Chain {
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup::new(folder.path(), &[listener], "").unwrap();
        let mut second = next_hop(&setup);
        second.start();
        let mut file = contoso(second.address.port());
        file["peer"]["next_hop"]["name"] = json!(NEXT_HOP);
        tenant(&mut file);
        setup.tenant(&file, Some(CONTOSO_CERTIFICATE)).unwrap();
        let appliance = setup.start().unwrap();
        let mut first = submitter(&setup, sender_name, appliance.listeners[0].port());
        first.start();
        Chain { first, second, appliance, _folder: folder }
    }

    fn proven_by_certificate() -> Chain {
        Chain::start(Listener::Certificate, SENDER, |tenant| {
            let next_hop = tenant["peer"]["next_hop"].clone();
            tenant["peer"] = json!({"proof": "certificate", "name": SENDER, "next_hop": next_hop});
        })
    }

    /// Gives a mail to the first Postfix, as a mail client would.
    async fn submit(&self, mail: Vec<u8>) {
        let mut session = Sender::connect(self.first.address, &SenderConfig::plain()).await.unwrap();
        let message = Outgoing::new("ada@contoso.example", &["bob@fabrikam.example"], mail).framing(Framing::Data);
        let delivery = session.send(&message).await;
        assert!(delivery.is_accepted(), "{delivery:?}");
        session.quit().await.unwrap();
    }
}

/// The mails of the acceptance: plain, HTML, a reply, with attachments.
fn letters() -> Vec<(&'static str, Vec<u8>, Vec<File>)> {
    let letter = |letter: Letter| letter.from("Ada Vance", "ada@contoso.example").to(&["bob@fabrikam.example"]);
    let files = vec![File::pdf("plan.pdf", 1_500_000), File::pdf("figures.pdf", 20_001)];
    let with_files = files.iter().fold(letter(Letter::first()), |letter, file| letter.attach(file.clone()));
    vec![
        ("plain", letter(Letter::first()).written_in(Client::PlainText), Vec::new()),
        ("html", letter(Letter::first()).written_in(Client::OutlookWeb), Vec::new()),
        ("reply", letter(Letter::reply()).written_in(Client::OutlookDesktop), Vec::new()),
        ("plain reply", letter(Letter::reply()).written_in(Client::PlainText), Vec::new()),
        ("attachments", with_files.written_in(Client::Gmail), files),
    ]
}

fn sha256(octets: &[u8]) -> String {
    Sha256::digest(octets).iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Signed once in each of its bodies, stamped once, attachments unharmed.
fn assert_signed(name: &str, mail: &[u8], files: &[File]) {
    let parsed = MessageParser::default().parse(mail).unwrap();
    let text = parsed.body_text(0).unwrap();
    assert_eq!(text.matches(MARK).count(), 1, "{name}: {text}");
    let html = parsed.body_html(0).unwrap();
    assert_eq!(html.matches(MARK).count(), 1, "{name}: {html}");
    assert_eq!(parsed.header_values("X-Signet-Stamp").count(), 1, "{name}");
    let arrived: Vec<_> = parsed.attachments().filter(|part| part.attachment_name().is_some()).collect();
    assert_eq!(arrived.len(), files.len(), "{name}");
    for (part, file) in arrived.iter().zip(files) {
        assert_eq!(part.attachment_name(), Some(file.name.as_str()), "{name}");
        assert_eq!(sha256(part.contents()), sha256(&file.octets), "{name}: {}", file.name);
    }
    let received: Vec<String> = parsed.header_values("Received").map(|value| format!("{value:?}")).collect();
    assert!(received.iter().any(|value| value.contains(HOST_NAME)), "{name}: {received:?}");
}

#[test]
fn mails_of_every_kind_pass_from_postfix_to_postfix_signed_once() {
    run(|| async {
        let chain = Chain::proven_by_certificate();
        for (index, (name, mail, files)) in letters().into_iter().enumerate() {
            chain.submit(mail).await;
            let delivered = chain.second.wait_for_mails(index + 1);
            assert_eq!(delivered.len(), index + 1, "{name}");
            let mail = delivered.last().unwrap();
            assert_signed(name, mail, &files);
            let sent = chain.first.wait_for_log(&["status=sent", "dsn=2.0.0"]);
            assert!(sent.contains("relay=127.0.0.1[127.0.0.1]"), "{sent}");
        }
        let peers = chain.second.log();
        assert!(peers.contains("Trusted TLS connection established from"), "{peers}");
        chain.appliance.wait_for_events("Message finished.", letters().len()).unwrap();
    });
}

#[test]
fn a_microsoft_listener_takes_postfix_for_exchange_by_its_certificate() {
    run(|| async {
        let chain = Chain::start(Listener::Microsoft, MICROSOFT, |_| {});
        for (index, (name, mail, files)) in letters().into_iter().enumerate() {
            chain.submit(from_exchange(&mail)).await;
            let delivered = chain.second.wait_for_mails(index + 1);
            assert_signed(name, delivered.last().unwrap(), &files);
        }
    });
}

#[test]
fn while_the_next_hop_is_down_postfix_keeps_the_mail() {
    run(|| async {
        let mut chain = Chain::proven_by_certificate();
        chain.second.stop();
        let (name, mail, files) = letters().remove(1);
        chain.submit(mail).await;
        let deferred = chain.first.wait_for_log(&["status=deferred", "451 4.4.1"]);
        assert!(deferred.contains("dsn=4.4.1"), "{deferred}");
        assert!(chain.second.mails().is_empty());
        chain.second.start();
        chain.first.flush();
        let delivered = chain.second.wait_for_mails(1);
        assert_eq!(delivered.len(), 1);
        assert_signed(name, &delivered[0], &files);
        chain.first.wait_for_log(&["status=sent"]);
    });
}

#[test]
fn without_its_certificate_postfix_is_not_believed() {
    run(|| async {
        let chain = Chain::start(Listener::Certificate, "mx.attacker.example", |tenant| {
            let next_hop = tenant["peer"]["next_hop"].clone();
            tenant["peer"] = json!({"proof": "certificate", "name": SENDER, "next_hop": next_hop});
        });
        chain.submit(letters().remove(1).1).await;
        let bounced = chain.first.wait_for_log(&["status=bounced", "550 5.7.1"]);
        assert!(bounced.contains("bob@fabrikam.example"), "{bounced}");
        assert!(chain.second.mails().is_empty());
    });
}

/// The first Postfix: everything goes to the appliance, over verified TLS, with a client certificate.
fn submitter(setup: &Setup, name: &str, port: u16) -> Postfix {
    let certificate = setup.authority.issue(Request::client(name)).unwrap().write(&setup.folder, "submitter").unwrap();
    let settings = [
        ("relayhost", format!("[127.0.0.1]:{port}")),
        ("smtp_tls_security_level", "verify".to_owned()),
        ("smtp_tls_verify_cert_match", HOST_NAME.to_owned()),
        ("smtp_tls_CAfile", path(&setup.folder, "root.pem")),
        ("smtp_tls_cert_file", certificate.chain.display().to_string()),
        ("smtp_tls_key_file", certificate.key.display().to_string()),
        ("smtp_tls_loglevel", "1".to_owned()),
    ];
    Postfix::new(&setup.folder.join("first"), "mx.contoso.example", &settings)
}

/// The second Postfix: takes the appliance's mail over TLS and delivers it.
fn next_hop(setup: &Setup) -> Postfix {
    let certificate = setup.authority.issue(Request::server(NEXT_HOP)).unwrap();
    let certificate = certificate.write(&setup.folder, "next-hop").unwrap();
    let settings = [
        ("smtpd_tls_security_level", "encrypt".to_owned()),
        ("smtpd_tls_cert_file", certificate.chain.display().to_string()),
        ("smtpd_tls_key_file", certificate.key.display().to_string()),
        ("smtpd_tls_CAfile", path(&setup.folder, "root.pem")),
        ("smtpd_tls_ask_ccert", "yes".to_owned()),
        ("smtpd_tls_received_header", "yes".to_owned()),
        ("smtpd_tls_loglevel", "1".to_owned()),
    ];
    Postfix::mailbox(&setup.folder.join("second"), NEXT_HOP, "fabrikam.example", &settings)
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).display().to_string()
}
