//! A tenant's rules that are not in memory when its message comes: they are waited for, and cost the signature at most.

use super::*;

/// An ordinary letter of a tenant whose rules the test gives.
fn cold() -> Letter {
    Letter { rules_stay_away: true, ..Letter::new() }
}

fn begin(tenants: Tenants, letter: &Letter) -> Drive {
    let mut drive = Drive::begin_in(tenants, letter, NextHop::default(), Index::Fresh);
    drive.tell(Input::Rcpt(Rcpt::to(Path::parse("bob@example.org").unwrap())));
    drive
}

fn rules(tenants: &Tenants, id: &str) -> Input {
    let tenant = tenants.region.get(&TenantId::parse(id).unwrap()).unwrap().clone();
    Input::Snapshot(tenants.snapshot(&tenant))
}

#[test]
fn rules_that_come_late_are_waited_for_with_nothing_sent_on() {
    let tenants = tenants();
    for chunks in [Chunks::Data, Chunks::OneLast, Chunks::Many(61)] {
        for mail_from in ["ada@contoso.example", ""] {
            let letter = Letter { chunks, mail_from, ..cold() };
            let mut drive = begin(tenants.clone(), &letter);
            assert_eq!(drive.story.answer("RCPT"), 250, "the envelope does not wait for them");
            send_content(&mut drive, &letter);
            assert_eq!((drive.story.answer("end"), drive.story.content.len()), (0, 0), "{chunks:?}");
            drive.tell(rules(&tenants, "contoso"));
            assert_eq!((drive.story.answer("end"), drive.story.fate().as_str()), (250, "signed"), "{chunks:?}");
            let record = drive.story.record.as_ref().unwrap();
            assert_eq!((record.person.as_deref(), drive.story.shares()), (Some("ada"), vec!["standard: 0".to_owned()]));
        }
    }
}

#[test]
fn rules_that_do_not_come_cost_the_signature_or_where_it_is_wanted_the_haste() {
    for (on_failure, code) in [("pass", 250), ("defer", 451)] {
        // Before the headers are there, and after the whole of it is.
        for early in [true, false] {
            let letter = Letter { chunks: Chunks::OneLast, ..cold() };
            let mut drive = begin(tenants_with(on_failure), &letter);
            if early {
                drive.tell(Input::Snapshot(None));
            }
            send_content(&mut drive, &letter);
            if !early {
                drive.tell(Input::Snapshot(None));
            }
            assert_eq!((drive.story.answer("end"), drive.story.fate().as_str()), (code, "no_snapshot"));
            let content = String::from_utf8(drive.story.content.clone()).unwrap();
            assert_eq!(content.ends_with(&String::from_utf8(letter.octets()).unwrap()), code == 250, "{content}");
        }
    }
}

#[test]
fn the_rules_of_another_tenant_are_never_used() {
    let tenants = tenants();
    let letter = Letter { chunks: Chunks::OneLast, ..cold() };
    let mut drive = begin(tenants.clone(), &letter);
    drive.tell(rules(&tenants, "fabrikam"));
    send_content(&mut drive, &letter);
    drive.tell(rules(&tenants, "fabrikam"));
    assert_eq!(drive.story.answer("end"), 0);
    drive.tell(rules(&tenants, "contoso"));
    assert_eq!((drive.story.answer("end"), drive.story.fate().as_str()), (250, "signed"));

    // Of the tenant that MAIL named, when the headers name another one.
    let letter = Letter {
        headers: microsoft_headers(FABRIKAM, "fabrikam.example", "Eve <eve@fabrikam.example>"),
        chunks: Chunks::OneLast,
        ..cold()
    };
    let mut drive = begin(tenants.clone(), &letter);
    drive.tell(rules(&tenants, "contoso"));
    send_content(&mut drive, &letter);
    assert_eq!(
        (drive.story.answer("end"), &drive.story.leased[..]),
        (0, &["contoso".to_owned(), "fabrikam".to_owned()][..])
    );
    drive.tell(rules(&tenants, "contoso"));
    assert_eq!(drive.story.answer("end"), 0);
    drive.tell(rules(&tenants, "fabrikam"));
    assert_eq!(drive.story.answer("end"), 250);
    assert_eq!(drive.story.record.unwrap().tenant.unwrap().id().as_str(), "fabrikam");
}

#[test]
fn nothing_piles_up_while_the_rules_are_awaited() {
    let letter = cold();
    let mut drive = begin(tenants(), &letter);
    drive.tell(Input::Data);
    drive.tell(Input::Body(Bytes::from(letter.headers.clone())));
    drive.tell(Input::Body(Bytes::from_static(b"\r\n")));
    assert!(!drive.transit.wants_body());
    drive.tell(Input::OutOfTime);
    assert!(drive.transit.wants_body(), "what is left needs no rules");
    drive.tell(Input::Body(Bytes::from(letter.body.clone())));
    drive.tell(Input::EndOfMessage);
    assert_eq!((drive.story.answer("end"), drive.story.fate().as_str()), (250, "deadline"));
}
