//! Tests of the layer as a whole, by subject. Here: how tenants and messages are made for them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod absent;
mod agreement;
mod answer;
mod binding;
mod bounds;
mod brand;
mod choice;
mod conditions;
mod connect;
mod design;
mod docs;
mod drawn;
mod explain;
mod file;
mod fragment;
mod groups;
mod inspection;
mod layers;
mod library;
mod names;
mod once;
mod region;
mod render;
mod safety;
mod share;

use bytes::Bytes;
use serde_json::{Value, json};

use super::*;
use crate::imprint::{BodyFacts, HeaderBlock, Kind, Reason, Stamp, StampKey};

/// One pixel.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

fn secrets() -> Secrets {
    Secrets {
        stamp_keys: vec![StampKey { id: "k1".into(), secret: [1; 32] }],
        loop_word: "loopword".into(),
        trace_key: [7; 32],
    }
}

/// A small tenant: Ada in sales, Bob in nothing, one signature for everybody.
fn contoso() -> Value {
    json!({
        "signet": 1, "id": "contoso", "name": "Contoso", "on_failure": "pass",
        "microsoft_tenant_id": "bf24ff3e-0000-4000-8000-000000000001",
        "domains": ["contoso.example", "contoso.onmicrosoft.example"],
        "peer": {"proof": "microsoft", "next_hop": {"host": "contoso.mail.protection.outlook.com", "port": 25,
            "name": "mail.protection.outlook.com"}},
        "groups": [
            {"id": "sales", "name": "Sales", "members": ["ada"], "groups": []},
            {"id": "all", "name": "All", "members": ["bob"], "groups": ["sales"]}
        ],
        "people": [
            {"id": "ada", "addresses": ["ada@contoso.example", "ada.vance@contoso.onmicrosoft.example"],
             "attributes": {"displayName": "Ada Vance", "jobTitle": "Engineer", "department": "Sales"}},
            {"id": "bob", "addresses": ["bob@contoso.example"], "attributes": {"displayName": "Bob"}}
        ],
        "images": [{"id": "logo", "type": "image/png", "base64": PNG}],
        "signatures": [signature("standard", json!({}))]
    })
}

fn signature(id: &str, applies: Value) -> Value {
    json!({"id": id, "name": id, "enabled": true, "place": "reply", "images": "hosted", "then_continue": false,
        "applies": applies,
        "design": {"version": 1, "blocks": [{"type": "text", "lines": [[{"field": "displayName"}], [id]]}]}})
}

fn file(json: Value) -> TenantFile {
    TenantFile::parse(json.to_string().as_bytes()).unwrap()
}

fn snapshot(json: Value) -> Snapshot {
    Snapshot::compile(file(json), secrets(), Revision(1)).unwrap()
}

/// The tenant with these signatures.
fn with_signatures(signatures: Vec<Value>) -> Value {
    let mut tenant = contoso();
    tenant["signatures"] = Value::Array(signatures);
    tenant
}

fn headers(text: &str) -> HeaderBlock {
    HeaderBlock::parse(Bytes::from(format!("{text}\n\n")))
}

fn body(kind: Kind) -> BodyFacts {
    BodyFacts { kind, html: true, plain: true, rich: false, signature_words: Vec::new(), seen: None }
}

/// A message of `from` to these recipients on a weekday noon.
fn ask(snapshot: &Snapshot, from: &str, to: &[&str]) -> Result<Candidates, Reason> {
    let recipients: Vec<String> = to.iter().map(|&to| to.to_owned()).collect();
    let envelope = Envelope { sender: Some(from), recipients: &recipients, octets: None };
    snapshot.candidates(&envelope, &headers(&format!("From: {from}\nSubject: Hello")), noon())
}

fn noon() -> jiff::Timestamp {
    "2026-11-18T12:00:00Z".parse().unwrap()
}

/// The ids of the signatures of one choice, or the word of the reason.
fn ids(choice: &Choice) -> String {
    match choice {
        Choice::Sign(signed) => signed.signature_ids().collect::<Vec<_>>().join("+"),
        Choice::Leave(reason) => reason.word().to_owned(),
    }
}

/// What a message of Ada's to each of these gets.
fn choose(snapshot: &Snapshot, to: &[&str], body: &BodyFacts) -> Vec<String> {
    match ask(snapshot, "ada@contoso.example", to) {
        Ok(candidates) => candidates.choose(snapshot, body).iter().map(ids).collect(),
        Err(reason) => vec![reason.word().to_owned(); to.len()],
    }
}

/// The stamp of a first message of `from` to outside.
fn stamp(snapshot: &Snapshot, from: &str) -> std::sync::Arc<Stamp> {
    let candidates = ask(snapshot, from, &["x@fabrikam.example"]).unwrap();
    match candidates.choose(snapshot, &body(Kind::First)).remove(0) {
        Choice::Sign(signed) => snapshot.stamp(&signed, Some("https://images.example")),
        Choice::Leave(reason) => panic!("left: {}", reason.word()),
    }
}
