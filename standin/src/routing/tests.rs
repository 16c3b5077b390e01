//! The loop with a stand-in for Signet: a receiver whose mail is stamped and sent back.
//!
//! It shows what the rules do, with a loop word that is right and one that is wrong, before the real edge is put into
//! its place by the end-to-end tests.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::certificates::{Authority, Request};
use crate::exchange::{Outgoing, Receiver, ReceiverConfig, Record, Schedule, Sender, SenderConfig};
use crate::mails::{Client, Letter};

const PLAN: &str = r#"{
  "organisation": "Contoso",
  "outbound": {"name": "Microsoft 365 to Signet", "smart_hosts": ["smtp.signet.example"], "tls_domain": "smtp.signet.example"},
  "inbound": {"name": "Signet to Microsoft 365", "certificate_name": "k7.smtp.signet.example"},
  "rules": [
    {"name": "1", "conditions": {"header": {"name": "X-Signet-Stamp", "patterns": ["\\S"]}},
     "exceptions": {"header": {"name": "X-Signet-Stamp", "patterns": ["w=abc;"]}},
     "actions": {"remove_header": "X-Signet-Stamp"}},
    {"name": "2", "conditions": {"message_type": "automaticreply"},
     "actions": {"set_header": {"name": "X-Signet-Stamp", "value": "w=abc;"}}},
    {"name": "3", "conditions": {"from_inside": true, "from_member_of": "pilot@contoso.example"},
     "exceptions": {"header": {"name": "X-Signet-Stamp", "patterns": ["w=abc;"]}, "null_sender": true,
                    "message_type": "meeting", "size_over": 100000},
     "actions": {"route_to": "Microsoft 365 to Signet", "stop": true}},
    {"name": "4", "conditions": {"header": {"name": "X-Signet-Stamp", "patterns": ["w=abc;"]}},
     "actions": {"remove_header": "X-Signet-Stamp"}}
  ]}"#;

struct Loop {
    tenant: Tenant365,
    edge: Arc<Receiver>,
}

/// An edge that only stamps, with this loop word.
async fn run(word: &'static str) -> Loop {
    let authority = Authority::new("Stand-in root").unwrap();
    let name = "mail.protection.outlook.com";
    let inbound =
        ReceiverConfig::exchange_online(authority.issue(Request::server(name)).unwrap(), authority.roots().unwrap());
    let inbound = Receiver::start(inbound.connector("k7.smtp.signet.example", "contoso")).await.unwrap();
    let edge = Arc::new(Receiver::start(ReceiverConfig::plain()).await.unwrap());
    let identity = authority.issue(Request::client("k7.smtp.signet.example")).unwrap();
    let back = SenderConfig::exchange_online(name, authority.roots().unwrap(), Some(&identity)).unwrap();
    let config = Tenant365Config {
        id: "t1".into(),
        connector: "contoso".into(),
        domains: vec!["contoso.example".into()],
        groups: HashMap::from([("pilot@contoso.example".into(), vec!["ada@contoso.example".into()])]),
        plan: Plan::from_json(PLAN).unwrap(),
        smart_hosts: vec![edge.address()],
        sender: SenderConfig::plain(),
        schedule: Schedule::once(),
        deadline: Duration::from_secs(30),
    };
    let tenant = Tenant365::start(config, &inbound);
    let stamping = edge.clone();
    tokio::spawn(async move {
        let _inbound = &inbound;
        for count in 1.. {
            let Ok(all) = stamping.wait_for(count).await else { return };
            let taken = &all[count - 1];
            let stamp = format!("X-Signet-Stamp: v=1; t=1; k=a; w={word}; h=x\r\n");
            let content = [stamp.as_bytes(), &taken.content].concat();
            let outgoing = Outgoing::new(&taken.sender, &taken.addresses(), content);
            let mut sender = Sender::connect(inbound.address(), &back).await.unwrap();
            sender.send(&outgoing).await;
        }
    });
    Loop { tenant, edge }
}

fn mail(letter: Letter) -> Message {
    let address = letter.from.address.clone();
    let recipients: Vec<&str> = letter.to.iter().map(|person| person.address.as_str()).collect();
    Message::new(&address, &recipients, letter.written_in(Client::OutlookWeb))
}

#[tokio::test]
async fn a_message_makes_one_trip_and_loses_its_stamp() {
    let stage = run("abc").await;
    stage.tenant.submit(mail(Letter::reply())).await.unwrap();
    let delivered = stage.tenant.wait_for(1).await.unwrap();
    assert_eq!(delivered[0].trips, 1);
    assert!(delivered[0].message.headers("X-Signet-Stamp").is_empty());
    assert!(delivered[0].message.headers("X-MS-Exchange-CrossTenant-id").is_empty());
    assert_eq!(delivered[0].message.headers("Authentication-Results-Original").len(), 1);
    assert_eq!(stage.edge.accepted()[0].header("X-MS-Exchange-CrossTenant-Id").as_deref(), Some("t1"));
}

#[tokio::test]
async fn internal_and_external_recipients_go_separately() {
    let stage = run("abc").await;
    let letter = Letter::first().to(&["bob@fabrikam.example", "cy@contoso.example"]);
    stage.tenant.submit(mail(letter)).await.unwrap();
    let delivered = stage.tenant.wait_for(2).await.unwrap();
    let recipients: Vec<_> = delivered.iter().map(|one| one.message.recipients[0].as_str()).collect();
    assert_eq!(recipients, ["cy@contoso.example", "bob@fabrikam.example"]);
}

#[tokio::test]
async fn exceptions_keep_messages_from_signet() {
    let stage = run("abc").await;
    let cases = [
        ("stranger", Letter::first().from("Eve", "eve@elsewhere.example"), 0),
        ("not in the group", Letter::first().from("Cy", "cy@contoso.example"), 0),
        ("automatic reply", Letter::first().field("Auto-Submitted: auto-replied"), 0),
        ("meeting", Letter::first().field("Content-Class: urn:content-classes:calendarmessage"), 0),
        ("too large", Letter::first().longer(500), 0),
        ("a stamp that is not ours", Letter::first().field("X-Signet-Stamp: w=guess;"), 1),
    ];
    for (count, (name, letter, trips)) in cases.into_iter().enumerate() {
        stage.tenant.submit(mail(letter)).await.unwrap();
        let delivered = stage.tenant.wait_for(count + 1).await.unwrap();
        assert_eq!(delivered[count].trips, trips, "{name}");
        assert!(delivered[count].message.headers("X-Signet-Stamp").is_empty(), "{name}");
    }
}

#[tokio::test]
async fn a_wrong_loop_word_sends_mail_round_until_the_hops_are_used_up() {
    let stage = run("xyz").await;
    stage.tenant.submit(mail(Letter::first())).await.unwrap();
    // Two Received at first and three more a trip: the eleventh time there are more than thirty.
    let hops = |record: &Record| record.conversations.iter().any(|one| one.answers.contains(&554));
    assert_eq!(stage.edge.wait_until(hops).await.unwrap().accepted.len(), 10);
    assert!(stage.tenant.delivered().is_empty());
}

#[test]
fn what_is_not_understood_is_an_error() {
    for (from, to) in
        [(r"\\S", "a.*b"), ("route_to\": \"Microsoft", "route_to\": \"Another"), ("from_inside", "from_outside")]
    {
        assert!(Plan::from_json(&PLAN.replace(from, to)).is_err(), "{from}");
    }
}
