//! The tenants of a run as files that `signet tenant import` takes: all alike but for their number, each with a
//! domain, an address, people and one signature of its own.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use crate::certificates::{MICROSOFT, PEER};
use crate::generator;
use crate::message::{address, domain, guid};
use crate::scenario::Proof;
use crate::sink::Addresses;
use crate::template::Copy;

/// What their files say.
#[derive(Debug, Clone, Copy)]
pub struct Tenants {
    pub proof: Proof,
    pub count: u32,
    /// Of each.
    pub people: u32,
    /// Whether each has a network of its own (proof `network` only); else the one tenant has all of loopback.
    pub by_address: bool,
    /// The next hop.
    pub sink: Addresses,
}

impl Tenants {
    /// Writes one file a tenant into a folder.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        for number in 0..self.count {
            fs::write(folder.join(format!("{number:012}.json")), serde_json::to_vec(&self.file(number))?)?;
        }
        Ok(())
    }

    fn file(&self, tenant: u32) -> Value {
        let number = format!("{tenant:012}");
        let next_hop = json!({"host": "127.0.0.1", "port": self.sink.starttls.port(), "name": MICROSOFT});
        let network = if self.by_address { format!("{}/32", generator::address(tenant)) } else { "127.0.0.0/8".into() };
        let peer = match self.proof {
            Proof::Microsoft => json!({"proof": "microsoft", "next_hop": next_hop}),
            Proof::Certificate => json!({"proof": "certificate", "name": PEER, "next_hop": next_hop}),
            Proof::Network => json!({"proof": "network", "networks": [network],
                "next_hop": {"host": "127.0.0.1", "port": self.sink.plain.port(), "plaintext": true}}),
        };
        let people: Vec<Value> = (0..self.people).map(|sender| person(tenant, sender)).collect();
        let text = |line: Value| json!({"type": "text", "lines": [line]});
        json!({
            "signet": 1, "id": guid(&number), "name": format!("Load {tenant}"), "on_failure": "defer",
            "microsoft_tenant_id": guid(&number), "domains": [domain(&number)], "peer": peer, "people": people,
            "signatures": [{
                "id": "standard", "name": "Standard", "enabled": true, "place": "reply",
                "design": {"version": 1, "blocks": [
                    text(json!([{"field": "displayName"}])),
                    text(json!([{"field": "jobTitle"}, ", ", {"field": "department"}])),
                    text(json!(["T ", {"field": "telephoneNumber"}])),
                    text(json!([{"field": "streetAddress"}, ", ", {"field": "city"}])),
                ]}
            }]
        })
    }
}

/// One of the senders. The display name is what [`crate::verify`] looks for.
fn person(tenant: u32, sender: u32) -> Value {
    json!({
        "id": format!("p{sender:08}"), "addresses": [address(Copy { id: 0, tenant, sender })],
        "attributes": {
            "displayName": display_name(sender), "jobTitle": "Test engineer", "department": "Bench",
            "telephoneNumber": format!("+44 20 {sender:08}"), "streetAddress": "1 Loopback Lane", "city": "Localhost"
        }
    })
}

/// One word, so that no line break falls into it.
pub fn display_name(sender: u32) -> String {
    format!("Tester{sender:08}")
}
