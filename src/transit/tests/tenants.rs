//! The tenants of these tests, as the index knows them and with their rules and people.

use std::sync::Arc;

use crate::imprint::StampKey;
use crate::tenant::{Edition, Region, Revision, Secrets, Snapshot, Tenant, TenantFile};

pub const CONTOSO: &str = "bf24ff3e-0000-4000-8000-000000000001";
pub const FABRIKAM: &str = "bf24ff3e-0000-4000-8000-000000000002";

/// When a signature applies to some recipients and not to others: here `0@example.org`.
pub const PICKY: &str = r#"{"recipients": {"addresses": ["0@example.org"]}}"#;

/// A picture of one pixel, in base64.
pub const LOGO: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// The tenants of a region and their snapshots.
#[derive(Clone)]
pub struct Tenants {
    pub region: Arc<Region>,
    snapshots: Vec<Arc<Snapshot>>,
}

impl Tenants {
    pub fn snapshot(&self, tenant: &Tenant) -> Option<Arc<Snapshot>> {
        self.snapshots.iter().find(|snapshot| snapshot.id() == tenant.id()).cloned()
    }
}

/// Two tenants behind Exchange Online and one with a server of its own.
pub fn region() -> Arc<Region> {
    tenants().region
}

pub fn tenants() -> Tenants {
    tenants_with("pass")
}

/// The same, with what is to become of a message when something of ours fails.
pub fn tenants_with(on_failure: &str) -> Tenants {
    tenants_of(on_failure, "{}")
}

/// The same, with when the one signature of a tenant applies.
pub fn tenants_of(on_failure: &str, applies: &str) -> Tenants {
    tenants_changed(on_failure, applies, |file| file)
}

/// The same, with signatures that carry [`LOGO`].
pub fn tenants_with_a_logo(on_failure: &str, applies: &str) -> Tenants {
    tenants_changed(on_failure, applies, |file| {
        let images =
            format!(r#""images": [{{"id": "logo", "type": "image/png", "base64": "{LOGO}"}}], "signatures": ["#);
        let block = r#""blocks": [{"type": "image", "image": "logo", "width": 10, "alt": "Contoso"}, "#;
        let file = file.replace(r#""signatures": ["#, &images).replace(r#""blocks": ["#, block);
        file.replace(r#""images": "hosted""#, r#""images": "embedded""#)
    })
}

fn tenants_changed(on_failure: &str, applies: &str, change: impl Fn(String) -> String) -> Tenants {
    let microsoft = |id: &str, guid: &str, person: &str| {
        let file = format!(
            r#"{{"signet": 1, "id": "{id}", "name": "{id}", "on_failure": "{on_failure}", "microsoft_tenant_id": "{guid}", "domains": ["{id}.example"],
            "peer": {{"proof": "microsoft", "next_hop": {{"host": "{id}.mail.protection.outlook.com", "port": 25}}}},
            "people": [{{"id": "{person}", "addresses": ["{person}@{id}.example"], "attributes": {{"displayName": "{person} of {id}"}}}},
                       {{"id": "second", "addresses": ["second@{id}.example"], "attributes": {{"displayName": "Second"}}}}],
            "signatures": [{{"id": "standard", "name": "Standard", "enabled": true, "place": "reply", "images": "hosted",
              "then_continue": false, "applies": {applies},
              "design": {{"version": 1, "blocks": [{{"type": "text", "lines": [["Regards from ", {{"field": "displayName"}}]]}}]}}}}]}}"#
        );
        compile(&change(file), id)
    };
    let own = r#"{"signet": 1, "id": "own", "name": "own", "domains": ["own.example"],
        "peer": {"proof": "network", "networks": ["127.0.0.1/32"], "next_hop": {"host": "127.0.0.1", "port": 10026, "plaintext": true}}}"#;
    let tenants =
        vec![microsoft("contoso", CONTOSO, "ada"), microsoft("fabrikam", FABRIKAM, "eve"), compile(own, "own")];
    let (tenants, snapshots): (Vec<_>, Vec<_>) = tenants.into_iter().unzip();
    Tenants { region: Arc::new(Region::new(tenants).unwrap()), snapshots }
}

fn compile(json: &str, id: &str) -> (Arc<Tenant>, Arc<Snapshot>) {
    let file = TenantFile::parse(json.as_bytes()).unwrap();
    let secrets = Secrets {
        stamp_keys: vec![StampKey { id: format!("{id}1"), secret: [id.len() as u8; 32] }],
        loop_word: format!("loop-{id}"),
        trace_key: [id.len() as u8; 32],
    };
    let edition = Edition::of(Revision(1));
    let tenant = Tenant::new(file.clone(), secrets.clone(), edition, edition).unwrap();
    (Arc::new(tenant), Arc::new(Snapshot::compile(file, secrets, Revision(1)).unwrap()))
}
