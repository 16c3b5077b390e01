//! A tenant of many people, as a directory tells them: ids that are GUIDs, three addresses, ten attributes; and groups
//! in groups, each person in four.

use std::sync::Arc;

use signet::imprint::StampKey;
use signet::tenant::{
    Attribute, Edition, GroupEntry, Mode, People, PersonEntry, Revision, Secrets, Snapshot, TenantFile,
};

pub const GROUPS: usize = 5_000;

/// How one is spelled: the primary address and two more.
pub fn addresses(number: usize) -> [String; 3] {
    let name = format!("{}.{number}", NAMES[number % NAMES.len()]);
    [
        format!("{name}@contoso.example"),
        format!("{name}@contoso.onmicrosoft.example"),
        format!("u{number:07}@mail.contoso.example"),
    ]
}

pub fn person(number: usize) -> PersonEntry {
    let attributes = [
        (Attribute::DisplayName, format!("{} von und zu {number}", NAMES[number % NAMES.len()])),
        (Attribute::FirstName, NAMES[number % NAMES.len()].to_owned()),
        (Attribute::LastName, format!("von und zu {number}")),
        (Attribute::JobTitle, "Senior Programme Manager".to_owned()),
        (Attribute::Department, format!("Department {}", number % 300)),
        (Attribute::Office, format!("Building {}", number % 40)),
        (Attribute::TelephoneNumber, format!("+49 89 {number:07}")),
        (Attribute::MobileNumber, format!("+49 170 {number:07}")),
        (Attribute::City, "Garmisch-Partenkirchen".to_owned()),
        (Attribute::EmailAddress, addresses(number)[0].clone()),
    ];
    PersonEntry {
        id: guid(1, number),
        addresses: addresses(number).to_vec(),
        attributes: attributes.into_iter().collect(),
        manager: Some(guid(1, number / 10)),
        ..PersonEntry::default()
    }
}

/// A tree ten wide, in whose groups the people are by their number, four times each.
pub fn groups(people: usize) -> Vec<GroupEntry> {
    let mut groups: Vec<GroupEntry> = (0..GROUPS)
        .map(|number| GroupEntry {
            id: guid(2, number),
            name: format!("Group {number}"),
            members: Vec::new(),
            groups: (10 * number + 1..10 * number + 11).filter(|inner| *inner < GROUPS).map(|n| guid(2, n)).collect(),
        })
        .collect();
    for person in 0..people {
        for turn in 0..4 {
            groups[(person * (7 + turn) + 131 * turn) % GROUPS].members.push(guid(1, person));
        }
    }
    groups
}

pub fn compiled(people: usize) -> Arc<People> {
    let entries = (0..people).map(person).collect();
    Arc::new(People::compile(entries, &groups(people), Edition::default()))
}

/// With a signature for each of so many groups at the edge of the tree.
pub fn snapshot(people: Arc<People>, named: usize) -> Snapshot {
    let signatures: Vec<_> = (0..named)
        .map(|number| {
            let applies = serde_json::json!({"senders": {"groups": [guid(2, GROUPS - 1 - number)]}});
            serde_json::json!({"id": format!("s{number}"), "name": "Of a group", "enabled": true, "applies": applies,
                "design": {"version": 1, "blocks": [{"type": "text", "lines": [[{"field": "displayName"}]]}]}})
        })
        .collect();
    let file = serde_json::json!({"signet": 1, "id": "contoso", "name": "Contoso",
        "domains": ["contoso.example", "contoso.onmicrosoft.example", "mail.contoso.example"],
        "peer": {"proof": "certificate", "name": "mx.contoso.example", "next_hop": {"host": "in.example"}},
        "signatures": signatures});
    let mut file: TenantFile = serde_json::from_value(file).unwrap();
    file.mode = Mode::Live;
    let secrets = Secrets {
        stamp_keys: vec![StampKey { id: "k1".into(), secret: [1; 32] }],
        loop_word: "loopword".into(),
        trace_key: [7; 32],
    };
    Snapshot::of_parts(file, people, Arc::default(), secrets, Edition::of(Revision(1)))
}

/// As Microsoft's ids look.
fn guid(kind: usize, number: usize) -> String {
    format!("{kind:08x}-{:04x}-4000-8000-{number:012x}", number % 65_521)
}

const NAMES: [&str; 7] = ["ada", "balthasar", "chidubem", "dorothea", "elżbieta", "friedrich-wilhelm", "guadalupe"];
