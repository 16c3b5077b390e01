//! The ledger by itself: what finds an entry, what ends one, and what it costs at the most.

#![allow(clippy::unwrap_used)]

use bytes::Bytes;

use super::*;
use crate::imprint::HeaderBlock;
use crate::smtp::Path;
use crate::transit::tests::region;

fn now() -> Now {
    Now { instant: Instant::now(), wall: Timestamp::from_second(1_795_255_200).unwrap_or_default() }
}

fn later(now: Now, by: Duration) -> Now {
    Now { instant: now.instant + by, wall: now.wall + by }
}

fn parcel(message: u8, recipients: &[u8]) -> Parcel {
    let tenant = TenantId::parse("contoso").unwrap();
    let recipients = recipients.iter().map(|one| RecipientHash([*one; 16])).collect();
    Parcel::new(tenant, Fingerprint([message; 16]), Proof([message; 16]), recipients)
}

fn taken() -> Taken {
    Taken::from_codes(250, "2.6.0").unwrap()
}

fn small(entries: usize, recipients: usize) -> Ledger {
    Ledger::new(Bounds { entries, recipients })
}

#[test]
fn an_entry_is_known_from_the_hand_over_until_it_is_forgotten() {
    let (mut ledger, now) = (small(9, 9), now());
    let ticket = ledger.hand_over(parcel(1, &[3, 2, 3]), now);
    let known = ledger.recall(Fingerprint([1; 16]), now.instant);
    assert_eq!((known.len(), known[0].taken), (1, None));
    assert!(known[0].has(RecipientHash([2; 16])) && !known[0].has(RecipientHash([1; 16])));
    ledger.taken(ticket, taken(), now);
    assert_eq!(ledger.recall(Fingerprint([1; 16]), now.instant)[0].taken, Some(taken()));
    assert!(ledger.recall(Fingerprint([2; 16]), now.instant).is_empty());
    ledger.forget(ticket);
    assert!(ledger.recall(Fingerprint([1; 16]), now.instant).is_empty() && ledger.is_empty());
    assert!(ledger.take_changes(9).is_empty(), "it was never in doubt");
}

#[test]
fn doubt_lasts_25_hours_and_is_told_to_whoever_keeps_it() {
    let (mut ledger, now) = (small(9, 9), now());
    let ticket = ledger.hand_over(parcel(1, &[1]), now);
    ledger.doubt(ticket);
    assert!(ledger.take_changes(9).is_empty(), "nobody has it yet");
    ledger.taken(ticket, taken(), now);
    ledger.doubt(ticket);
    ledger.doubt(ticket);
    let doubt = Doubt { parcel: parcel(1, &[1]), taken: taken(), since: now.wall };
    assert_eq!(ledger.take_changes(9), [Change::Keep(doubt.clone())]);
    assert_eq!(ledger.take_tally(), Tally { doubted: 1, dropped: 0 });

    let mut after_restart = small(9, 9);
    let day = later(now, Duration::from_secs(24 * 3600));
    after_restart.restore(doubt.clone(), day);
    for mut ledger in [ledger, after_restart] {
        let known = |ledger: &Ledger, at: Now| ledger.recall(Fingerprint([1; 16]), at.instant).len();
        assert_eq!((known(&ledger, day), known(&ledger, later(now, DOUBT))), (1, 0));
        ledger.expire(later(now, DOUBT).instant);
        assert!(ledger.is_empty());
    }
    let mut too_late = small(9, 9);
    too_late.restore(doubt, later(now, DOUBT));
    assert!(too_late.is_empty());
}

#[test]
fn an_entry_in_doubt_that_goes_is_removed_wherever_it_is_kept() {
    let (mut ledger, now) = (small(9, 9), now());
    let ticket = ledger.hand_over(parcel(1, &[1]), now);
    ledger.taken(ticket, taken(), now);
    ledger.doubt(ticket);
    ledger.forget(ticket);
    assert!(matches!(ledger.take_changes(9)[..], [Change::Keep(_), Change::Remove(_)]));
}

#[test]
fn what_nobody_answers_for_goes_by_itself() {
    let (mut ledger, now) = (small(9, 9), now());
    ledger.hand_over(parcel(1, &[1]), now);
    assert!(ledger.recall(Fingerprint([1; 16]), later(now, AWAITED).instant).is_empty());
    ledger.expire(later(now, AWAITED).instant);
    assert!(ledger.is_empty());
}

#[test]
fn a_full_ledger_drops_the_oldest_that_is_not_in_doubt() {
    for (mut ledger, width) in [(small(3, 99), 1), (small(99, 6), 2)] {
        let now = now();
        let recipients: Vec<u8> = (0..width).collect();
        let tickets: Vec<Ticket> = (0..3).map(|message| ledger.hand_over(parcel(message, &recipients), now)).collect();
        for ticket in &tickets[..2] {
            ledger.taken(*ticket, taken(), now);
        }
        ledger.doubt(tickets[0]);
        let left = |ledger: &Ledger| -> Vec<u8> {
            (0..9).filter(|message| !ledger.recall(Fingerprint([*message; 16]), now.instant).is_empty()).collect()
        };
        ledger.hand_over(parcel(3, &recipients), now);
        assert_eq!(left(&ledger), [0, 2, 3]);
        ledger.hand_over(parcel(4, &recipients), now);
        let last = ledger.hand_over(parcel(5, &recipients), now);
        assert_eq!(left(&ledger), [0, 4, 5]);
        assert_eq!(ledger.take_tally().dropped, 3);
        // With nothing else to drop the oldest in doubt goes, never the newcomer.
        for ticket in [Ticket(last.0 - 1), last] {
            ledger.taken(ticket, taken(), now);
            ledger.doubt(ticket);
        }
        ledger.hand_over(parcel(6, &recipients), now);
        assert_eq!(left(&ledger), [4, 5, 6]);
    }
}

#[test]
fn changes_that_nobody_takes_are_bounded() {
    let (mut ledger, now) = (small(10, 10), now());
    for _ in 0..CHANGES {
        let ticket = ledger.hand_over(parcel(1, &[1]), now);
        ledger.taken(ticket, taken(), now);
        ledger.doubt(ticket);
    }
    assert_eq!(ledger.take_changes(usize::MAX).len(), CHANGES);
    assert!(ledger.take_tally().dropped > 0);
}

#[test]
fn a_session_that_ends_leaves_its_entries_in_doubt_and_one_whose_sender_speaks_does_not() {
    let now = now();
    type Step = fn(&mut Page);
    let (written, spoke): (Step, Step) = (Page::answers_written, Page::sender_spoke);
    let cases: [(&str, Step, &[Step], u64); 5] = [
        ("it says something after our answer", spoke, &[written, spoke], 0),
        ("it says nothing more", spoke, &[written], 1),
        ("it had said something before our answer was written", spoke, &[spoke], 1),
        ("it had said something before, and goes on after it", spoke, &[spoke, written, spoke], 0),
        ("another answer was written before", written, &[spoke], 1),
    ];
    for (case, before, after, doubted) in cases {
        let shared: SharedLedger = Arc::new(std::sync::Mutex::new(small(9, 9)));
        let mut page = Page::new(shared.clone());
        page.note(Note::HandedOver(0, parcel(1, &[1])), now);
        before(&mut page);
        page.note(Note::Taken(0, taken()), now);
        page.note(Note::Told, now);
        after.iter().for_each(|step| step(&mut page));
        drop(page);
        let mut ledger = shared.lock().unwrap();
        assert_eq!((ledger.take_tally().doubted, ledger.len()), (doubted, usize::try_from(doubted).unwrap()), "{case}");
    }
    let shared: SharedLedger = Arc::new(std::sync::Mutex::new(small(9, 9)));
    let mut page = Page::new(shared.clone());
    page.note(Note::HandedOver(0, parcel(1, &[1])), now);
    drop(page);
    assert!(shared.lock().unwrap().is_empty(), "nobody will know what came of it");
}

fn headers(text: &str) -> HeaderBlock {
    HeaderBlock::parse(Bytes::copy_from_slice(text.as_bytes()))
}

const ORDINARY: &str = "Received: from a\r\nFrom: a@b.example\r\nTo: c@d.example\r\nSubject: s\r\nDate: today\r\n\
                        Message-ID: <1@b.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\nX-MS-Has: 1\r\n\r\n";

#[test]
fn the_fingerprint_is_of_four_things_and_needs_a_message_id() {
    let region = region();
    let keys = |name: &str| region.by_domain(name).unwrap().hash_keys();
    let path = |text: &str| Path::parse(text.as_bytes().to_vec()).unwrap();
    let of = |text: &str| Fingerprint::of(keys("contoso.example"), &path("a@b.example"), &headers(text), None);
    let ordinary = of(ORDINARY).unwrap();
    let cases = [
        ("Received: from a", "Received: from z", true),
        ("Subject: s", "Subject: z", true),
        ("X-MS-Has: 1", "X-MS-Has: 2", true),
        ("Date: today", "Date: yesterday", false),
        ("From: a@b", "From: z@b", false),
        ("<1@b.example>", "<2@b.example>", false),
    ];
    for (before, after, same) in cases {
        assert_eq!(of(&ORDINARY.replace(before, after)) == Some(ordinary), same, "{after}");
    }
    for missing in ["Message-ID: <1@b.example>\r\n", "From: a@b.example\r\n"] {
        assert_eq!(of(&ORDINARY.replace(missing, "")), None, "{missing}");
    }
    assert_eq!(of(&ORDINARY.replace("<1@b.example>", " ")), None);
    let block = headers(ORDINARY);
    let others = [
        Fingerprint::of(keys("contoso.example"), &path("z@b.example"), &block, None),
        Fingerprint::of(keys("fabrikam.example"), &path("a@b.example"), &block, None),
        Fingerprint::of(keys("contoso.example"), &path("a@b.example"), &block, Some(b"v=1")),
    ];
    assert!(others.iter().all(|other| other.is_some_and(|other| other != ordinary)));
}

#[test]
fn the_proof_is_of_the_message_alone_however_it_is_cut() {
    let region = region();
    let keys = region.by_domain("contoso.example").unwrap().hash_keys();
    let body: Vec<u8> = (0..2000u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let proof = |text: &str, body: &[u8], cut: usize| {
        let mut prover = Prover::new(keys, &headers(text));
        body.chunks(cut).for_each(|piece| prover.body(piece));
        prover.proof()
    };
    let whole = proof(ORDINARY, &body, body.len());
    for cut in 1..body.len() {
        assert_eq!(proof(ORDINARY, &body, cut), whole, "{cut}");
    }
    for at in 0..body.len() {
        let mut changed = body.clone();
        changed[at] ^= 1;
        assert_ne!(proof(ORDINARY, &changed, 512), whole, "octet {at}");
    }
    assert_ne!(proof(ORDINARY, &body[1..], 512), whole);
    for trace in [("Received: from a", "Received: from z"), ("X-MS-Has: 1", "X-MS-Other: 2")] {
        assert_eq!(proof(&ORDINARY.replace(trace.0, trace.1), &body, 512), whole, "{}", trace.1);
    }
    for (before, after) in [
        ("To: c@", "To: z@"),
        ("To: c@", "Cc: c@"),
        ("Subject: s", "Subject: z"),
        ("MIME-Version: 1.0", "MIME-Version: 1.1"),
        ("Content-Type: text/plain", "Content-Type: text/html"),
        ("Content-Type", "Content-Language"),
    ] {
        assert_ne!(proof(&ORDINARY.replace(before, after), &body, 512), whole, "{after}");
    }
}

#[test]
fn a_recipient_is_its_local_part_as_written_and_its_domain_without_case() {
    let region = region();
    let hash = |tenant: &str, path: &str| {
        let path = Path::parse(path.as_bytes().to_vec()).unwrap();
        recipient_hash(region.by_domain(tenant).unwrap().hash_keys(), &path)
    };
    let bob = hash("contoso.example", "bob@example.org");
    assert_eq!(hash("contoso.example", "bob@Example.ORG"), bob);
    assert_ne!(hash("contoso.example", "Bob@example.org"), bob);
    assert_ne!(hash("fabrikam.example", "bob@example.org"), bob);
    assert_ne!(hash("contoso.example", "bob"), hash("contoso.example", "rob"));
}

#[test]
fn only_a_success_is_taken_and_its_codes_come_back() {
    let reply = Reply::new(250, "2.6.0", "<1@b.example> Queued mail for delivery");
    let taken = Taken::of(&reply).unwrap();
    assert_eq!(taken.reply().encode(), "250 2.6.0 Already taken by the next hop\r\n");
    assert_eq!(Taken::from_codes(taken.code(), &taken.enhanced()), Some(taken));
    for code in [0, 199, 354, 451, 550] {
        assert_eq!(Taken::of(&Reply::new(code, "", "x")), None, "{code}");
    }
}
