//! Two tenants behind one edge: whatever a message says of itself, it goes to the next hop of the tenant it was proven
//! to be from, under that tenant's certificate, and carries nothing of the other.

use serde_json::{Value, json};
use standin::appliance::{Appliance, HOST_NAME, Listener, Setup};
use standin::certificates::Request;
use standin::exchange::{AuthAs, Delivery, ExchangeHeaders, Outgoing, Receiver, ReceiverConfig, Sender, SenderConfig};
use standin::mails::{Client, Letter};
use tempfile::TempDir;

use crate::bench::{CONTOSO, CONTOSO_CERTIFICATE, MARK, contoso, end_code, run};

const FABRIKAM: &str = "0b7a1e52-8c5d-4f7e-9d0a-5a3f8f0c1d2e";
const FABRIKAM_CERTIFICATE: &str = "k1.fabrikam.signet.example";
/// In Contoso's signature alone.
const SECRET: &str = "Keeper of the Orrery";
/// In Fabrikam's.
const OTHER_SECRET: &str = "Warden of the Sundial";

struct Region {
    contoso: Receiver,
    fabrikam: Receiver,
    sender: Sender,
    _appliance: Appliance,
    _folder: TempDir,
}

/// Where a message came out.
#[derive(Debug, PartialEq, Eq)]
enum Went {
    /// To this tenant's next hop, signed or not.
    To(&'static str, Sign),
    /// Nowhere, with this code.
    Nowhere(u16),
}

#[derive(Debug, PartialEq, Eq)]
enum Sign {
    Signed,
    Unsigned,
}

const TO_CONTOSO: Went = Went::To("contoso", Sign::Signed);
const TO_CONTOSO_UNSIGNED: Went = Went::To("contoso", Sign::Unsigned);
const TO_FABRIKAM: Went = Went::To("fabrikam", Sign::Signed);
const TO_FABRIKAM_UNSIGNED: Went = Went::To("fabrikam", Sign::Unsigned);

impl Region {
    async fn start() -> Region {
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup::new(folder.path(), &[Listener::Microsoft], "").unwrap();
        let contoso_hop = next_hop(&setup, CONTOSO_CERTIFICATE, "contoso").await;
        let fabrikam_hop = next_hop(&setup, FABRIKAM_CERTIFICATE, "fabrikam").await;
        setup.tenant(&contoso_file(contoso_hop.port()), Some(CONTOSO_CERTIFICATE)).unwrap();
        setup.tenant(&fabrikam_file(fabrikam_hop.port()), Some(FABRIKAM_CERTIFICATE)).unwrap();
        let appliance = setup.start().unwrap();
        let identity = setup.microsoft().unwrap();
        let roots = setup.authority.roots().unwrap();
        let config = SenderConfig::exchange_online(HOST_NAME, roots, Some(&identity)).unwrap();
        let sender = Sender::connect(appliance.listeners[0], &config).await.unwrap();
        Region { contoso: contoso_hop, fabrikam: fabrikam_hop, sender, _appliance: appliance, _folder: folder }
    }

    /// Sends it and says where it came out, after looking that nothing of the other tenant is in it.
    async fn send(&mut self, message: &Outgoing) -> (Went, Delivery) {
        let before = (self.contoso.accepted().len(), self.fabrikam.accepted().len());
        let delivery = self.sender.send(message).await;
        let taken = (self.contoso.accepted(), self.fabrikam.accepted());
        let new = (taken.0.len() - before.0, taken.1.len() - before.1);
        let (hop, certificate, name, foreign) = match new {
            (0, 0) => {
                let refused = delivery.mail.iter().chain(&delivery.recipients).chain(&delivery.end);
                let code = refused.map(|reply| reply.code).find(|code| *code >= 400).unwrap_or_default();
                return (Went::Nowhere(code), delivery);
            }
            (1, 0) => (taken.0, CONTOSO_CERTIFICATE, "contoso", OTHER_SECRET),
            (0, 1) => (taken.1, FABRIKAM_CERTIFICATE, "fabrikam", SECRET),
            more => panic!("{more:?} messages came out of one"),
        };
        assert_eq!(end_code(&delivery), 250, "{delivery:?}");
        let arrived = hop.last().unwrap();
        assert_eq!(arrived.tenant.as_deref(), Some(name));
        assert_eq!(arrived.tls.as_ref().unwrap().peer_names, [certificate]);
        let text = arrived.text();
        assert!(!text.contains(foreign), "{name} got something of the other: {text}");
        let sign = if text.contains(MARK) { Sign::Signed } else { Sign::Unsigned };
        (Went::To(name, sign), delivery)
    }
}

async fn next_hop(setup: &Setup, certificate: &str, tenant: &str) -> Receiver {
    let identity = setup.authority.issue(Request::server("mail.protection.outlook.com")).unwrap();
    let config = ReceiverConfig::exchange_online(identity, setup.authority.roots().unwrap());
    Receiver::start(config.connector(certificate, tenant)).await.unwrap()
}

fn contoso_file(port: u16) -> Value {
    let mut file = contoso(port);
    file["people"] = json!([
        {"id": "ada", "addresses": ["ada@contoso.example"], "attributes": {"displayName": "A. V.", "jobTitle": SECRET}},
        {"id": "cleo", "addresses": ["cleo@contoso.example"], "attributes": {"displayName": "C. L.", "jobTitle": SECRET}}
    ]);
    file
}

fn fabrikam_file(port: u16) -> Value {
    let mut file = contoso(port);
    file["id"] = json!("fabrikam");
    file["name"] = json!("Fabrikam");
    file["microsoft_tenant_id"] = json!(FABRIKAM);
    file["domains"] = json!(["fabrikam.example"]);
    file["people"] = json!([{"id": "mal", "addresses": ["mal@fabrikam.example"],
        "attributes": {"displayName": "M. M.", "jobTitle": OTHER_SECRET}}]);
    file
}

fn letter(from: &str) -> Letter {
    Letter::first().from("Somebody", from)
}

/// A mail with the headers of a tenant, from and by whom.
fn message(headers: &ExchangeHeaders, from: &str, path: &str) -> Outgoing {
    wrapped(headers, path, &letter(from))
}

fn wrapped(headers: &ExchangeHeaders, path: &str, letter: &Letter) -> Outgoing {
    Outgoing::new(path, &["bob@example.org"], headers.around(&letter.written_in(Client::OutlookWeb)))
}

fn of_contoso() -> ExchangeHeaders {
    ExchangeHeaders::new(CONTOSO, "contoso.example")
}

fn of_fabrikam() -> ExchangeHeaders {
    ExchangeHeaders::new(FABRIKAM, "fabrikam.example")
}

fn with_fields(mut headers: ExchangeHeaders, fields: &[&str]) -> ExchangeHeaders {
    headers.extra.extend(fields.iter().map(|field| (*field).to_owned()));
    headers
}

/// The message with one of its header fields spelt otherwise.
fn respelt(mut message: Outgoing, from: &str, to: &str) -> Outgoing {
    let text = String::from_utf8(message.content.to_vec()).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from}");
    message.content = text.replacen(from, to, 1).into_bytes().into();
    message
}

const ADA: &str = "ada@contoso.example";
const MAL: &str = "mal@fabrikam.example";

#[test]
fn each_tenants_mail_goes_home() {
    run(|| async {
        let mut region = Region::start().await;
        for (name, message, expected) in [
            ("contoso's own", message(&of_contoso(), ADA, ADA).organization("contoso.example"), TO_CONTOSO),
            ("fabrikam's own", message(&of_fabrikam(), MAL, MAL).organization("fabrikam.example"), TO_FABRIKAM),
            ("without XOORG", message(&of_contoso(), ADA, ADA), TO_CONTOSO),
            ("XOORG of another", message(&of_contoso(), ADA, ADA).organization("fabrikam.example"), TO_CONTOSO),
            ("a null path", message(&of_contoso(), ADA, ""), TO_CONTOSO),
            ("a null path of the other", message(&of_fabrikam(), MAL, ""), TO_FABRIKAM),
        ] {
            let (went, delivery) = region.send(&message).await;
            assert_eq!(went, expected, "{name}: {delivery:?}");
        }
    });
}

#[test]
fn an_attacker_gets_nothing_of_the_other_tenant() {
    let cases = [
        ("the other's From", message(&of_fabrikam(), ADA, MAL), TO_FABRIKAM_UNSIGNED),
        ("the other's MAIL FROM", message(&of_fabrikam(), MAL, ADA), TO_FABRIKAM),
        ("both of the other", message(&of_fabrikam(), ADA, ADA), TO_FABRIKAM_UNSIGNED),
        ("both, and XOORG", message(&of_fabrikam(), ADA, ADA).organization("contoso.example"), TO_FABRIKAM_UNSIGNED),
        ("the other's From, null path", message(&of_fabrikam(), ADA, ""), TO_FABRIKAM_UNSIGNED),
        (
            "the other's id as well",
            message(&with_fields(of_fabrikam(), &[&format!("X-MS-Exchange-CrossTenant-Id: {CONTOSO}")]), ADA, ADA),
            Went::Nowhere(550),
        ),
        (
            "the other's id as well, in another case",
            message(&with_fields(of_fabrikam(), &[&format!("x-ms-EXCHANGE-crosstenant-ID:{CONTOSO}")]), ADA, MAL),
            Went::Nowhere(550),
        ),
        (
            "its own id twice",
            message(&with_fields(of_fabrikam(), &[&format!("X-MS-Exchange-CrossTenant-Id: {FABRIKAM}")]), MAL, MAL),
            Went::Nowhere(550),
        ),
        (
            "the other's organisation",
            message(&ExchangeHeaders::new(FABRIKAM, "contoso.example"), ADA, ADA),
            Went::Nowhere(550),
        ),
        (
            "the other's organisation as well",
            message(&with_fields(of_fabrikam(), &["X-OriginatorOrg: Contoso.Example"]), MAL, MAL),
            Went::Nowhere(550),
        ),
        ("no such tenant", message(&ExchangeHeaders::new("", "fabrikam.example"), MAL, MAL), Went::Nowhere(550)),
        (
            "the id in a comment",
            message(&ExchangeHeaders::new(&format!("{FABRIKAM} ({CONTOSO})"), "fabrikam.example"), MAL, MAL),
            Went::Nowhere(550),
        ),
        (
            "both ids in one field",
            message(&ExchangeHeaders::new(&format!("{CONTOSO}, {FABRIKAM}"), "fabrikam.example"), ADA, MAL),
            Went::Nowhere(550),
        ),
    ];
    run(|| async move {
        let mut region = Region::start().await;
        for (name, message, expected) in cases {
            let (went, delivery) = region.send(&message).await;
            assert_eq!(went, expected, "{name}: {delivery:?}");
        }
        assert!(region.contoso.accepted().is_empty());
        let octets: u64 = region.contoso.record().conversations.iter().map(|one| one.content_octets).sum();
        assert_eq!(octets, 0, "content went to the other tenant");
    });
}

#[test]
fn the_spelling_of_the_headers_does_not_matter_but_their_presence_does() {
    let own = || message(&of_contoso(), ADA, ADA);
    let field = format!("X-MS-Exchange-CrossTenant-id: {CONTOSO}");
    let cases = [
        ("upper case", respelt(own(), &field, &field.to_uppercase()), TO_CONTOSO),
        ("no blank", respelt(own(), &field, &format!("x-ms-exchange-crosstenant-id:{CONTOSO}")), TO_CONTOSO),
        ("folded", respelt(own(), &field, &format!("X-MS-Exchange-CrossTenant-Id:\r\n {CONTOSO}")), TO_CONTOSO),
        ("blanks", respelt(own(), &field, &format!("X-MS-Exchange-CrossTenant-Id: \t{CONTOSO} \t")), TO_CONTOSO),
        ("missing", respelt(own(), &format!("{field}\r\n"), ""), Went::Nowhere(550)),
        (
            "another name",
            respelt(own(), &field, &format!("X-MS-Exchange-CrossTenant-Id2: {CONTOSO}")),
            Went::Nowhere(550),
        ),
        ("empty", respelt(own(), &field, "X-MS-Exchange-CrossTenant-Id:"), Went::Nowhere(550)),
        ("no organisation", respelt(own(), "X-OriginatorOrg: contoso.example\r\n", ""), TO_CONTOSO),
        (
            "an organisation nobody knows",
            respelt(own(), "X-OriginatorOrg: contoso.example", "X-OriginatorOrg: contoso.onmicrosoft.example"),
            TO_CONTOSO,
        ),
    ];
    run(|| async move {
        let mut region = Region::start().await;
        for (name, message, expected) in cases {
            let (went, delivery) = region.send(&message).await;
            assert_eq!(went, expected, "{name}: {delivery:?}");
        }
        assert!(region.fabrikam.accepted().is_empty());
    });
}

#[test]
fn mail_that_only_passes_through_a_mailbox_goes_home_unsigned() {
    let anonymous = |auth_as| ExchangeHeaders { auth_as, ..of_contoso() };
    let journal = Letter::first().from("Microsoft Outlook", ADA).field("X-MS-Journal-Report:");
    let delegate = |sender: &str| letter(ADA).field(&format!("Sender: <{sender}>"));
    let cases = [
        ("redirected by a rule", message(&of_contoso(), "eve@elsewhere.example", ADA), TO_CONTOSO_UNSIGNED),
        (
            "forwarded with a rewritten sender",
            message(&of_contoso(), "eve@elsewhere.example", "ada+SRS=aB3=Q2=elsewhere.example=eve@contoso.example"),
            TO_CONTOSO_UNSIGNED,
        ),
        (
            "forwarded with a sender of a domain we do not know",
            message(&of_contoso(), "eve@elsewhere.example", "bounces+SRS=aB3=Q2@contoso.onmicrosoft.example"),
            TO_CONTOSO_UNSIGNED,
        ),
        ("redirected, the other tenant's From", message(&of_contoso(), MAL, ADA), TO_CONTOSO_UNSIGNED),
        ("from outside", message(&anonymous(AuthAs::Anonymous), ADA, ADA), TO_CONTOSO_UNSIGNED),
        ("from nobody said whom", message(&anonymous(AuthAs::Absent), ADA, ADA), TO_CONTOSO),
        ("a journal report", wrapped(&of_contoso(), "", &journal), TO_CONTOSO_UNSIGNED),
        (
            "two authors",
            message(&of_contoso(), "ada@contoso.example>, Cleo <cleo@contoso.example", ADA),
            TO_CONTOSO_UNSIGNED,
        ),
        ("another's From without permission", message(&of_contoso(), "cleo@contoso.example", ADA), TO_CONTOSO_UNSIGNED),
        (
            "on behalf, by MAIL FROM of the owner",
            wrapped(&of_contoso(), ADA, &delegate("cleo@contoso.example")),
            TO_CONTOSO,
        ),
        ("on behalf, by a stranger", wrapped(&of_contoso(), ADA, &delegate(MAL)), TO_CONTOSO),
        (
            "a person nobody knows",
            message(&of_contoso(), "new@contoso.example", "new@contoso.example"),
            TO_CONTOSO_UNSIGNED,
        ),
    ];
    run(|| async move {
        let mut region = Region::start().await;
        for (name, message, expected) in cases {
            let (went, delivery) = region.send(&message).await;
            assert_eq!(went, expected, "{name}: {delivery:?}");
        }
        assert!(region.fabrikam.record().conversations.is_empty());
    });
}

#[test]
fn a_deferred_envelope_takes_one_recipient_at_a_time() {
    run(|| async {
        let mut region = Region::start().await;
        let mut message = message(&of_contoso(), ADA, "");
        message.recipients = ["bob@example.org", "carl@example.org"].map(standin::exchange::Recipient::new).to_vec();
        let (went, delivery) = region.send(&message).await;
        assert_eq!(went, TO_CONTOSO);
        let codes: Vec<u16> = delivery.recipients.iter().map(|reply| reply.code).collect();
        assert_eq!(codes, [250, 452], "{delivery:?}");
        assert_eq!(region.contoso.accepted()[0].addresses(), ["bob@example.org"]);
    });
}
