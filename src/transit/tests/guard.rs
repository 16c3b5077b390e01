//! A message on which the process died passes unparsed, and is forgotten when the next hop has it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use super::*;
use crate::transit::{Guard, Identity};

/// Suspects whatever shows this Message-ID, and keeps what it was asked and told.
#[derive(Debug, Default)]
struct Suspecting {
    message_id: &'static [u8],
    told: Mutex<BTreeSet<String>>,
}

impl Guard for Suspecting {
    fn died_on(&self, message: &Identity<'_>) -> bool {
        let kind = if matches!(message, Identity::Envelope { .. }) { "envelope" } else { "header" };
        self.told.lock().unwrap().insert(kind.to_owned());
        matches!(message, Identity::Header { message_id: Some(id), .. } if id.trim_ascii() == self.message_id)
    }

    fn passed(&self, _: &Identity<'_>) {
        self.told.lock().unwrap().insert("passed".to_owned());
    }
}

#[test]
fn a_suspect_passes_unparsed_with_our_fields_and_is_forgotten() {
    for chunks in [Chunks::Data, Chunks::OneLast, Chunks::Many(700)] {
        let guard = Arc::new(Suspecting { message_id: b"<1@contoso.example>", ..Suspecting::default() });
        let letter = Letter { guard: Some(guard.clone()), chunks, ..Letter::new() };
        let story = deliver(&letter, NextHop::default());
        assert_eq!((story.answer("end"), story.fate().as_str()), (250, "poison"), "{chunks:?}");
        let content = String::from_utf8(story.content).unwrap();
        assert!(content.starts_with("Received: from ") && content.contains("\r\nX-Signet-Stamp: "), "{content}");
        assert!(content.as_bytes().ends_with(&letter.octets()), "it is not as it came:\n{content}");
        let told: Vec<String> = guard.told.lock().unwrap().iter().cloned().collect();
        assert_eq!(told, ["envelope", "header", "passed"]);
    }
}

#[test]
fn a_suspect_is_refused_where_the_tenant_is_not_proven_and_remembered_where_the_next_hop_refuses() {
    let guard = || Arc::new(Suspecting { message_id: b"<1@contoso.example>", ..Suspecting::default() });
    let of_nobody = microsoft_headers("00000000-0000-0000-0000-000000000000", "x.example", "Ada <ada@x.example>");
    let first = guard();
    let letter = Letter { guard: Some(first.clone()), headers: of_nobody, ..Letter::new() };
    let story = deliver(&letter, NextHop::default());
    assert_eq!((story.answer("end"), story.content.len()), (550, 0));
    let second = guard();
    let letter = Letter { guard: Some(second.clone()), ..Letter::new() };
    let refusing = NextHop::refusing(Asked::EndOfMessage, Reply::new(452, "4.2.2", "full"));
    assert_eq!(deliver(&letter, refusing).answer("end"), 452);
    for guard in [first, second] {
        assert!(!guard.told.lock().unwrap().contains("passed"));
    }
}

#[test]
fn others_are_signed_beside_it() {
    let guard = Arc::new(Suspecting { message_id: b"<2@contoso.example>", ..Suspecting::default() });
    let story = deliver(&Letter { guard: Some(guard), ..Letter::new() }, NextHop::default());
    assert_eq!((story.answer("end"), story.fate().as_str()), (250, "signed"));
}
