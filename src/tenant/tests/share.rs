//! Who of the recipients gets what, as the record tells it.

use super::*;
use crate::tenant::{Copies, Got, Share};

/// One signature for each of ten people outside, another for everybody inside. Places are 0, 2, 4, …
fn shares(mode: &str, to: &[&str]) -> Vec<String> {
    let own = |number: usize| {
        let address = format!("x{number}@fabrikam.example");
        signature(&address[..2], json!({"recipients": {"addresses": [address]}}))
    };
    let inside = signature("in", json!({"recipients": "internal"}));
    let mut tenant = with_signatures((0..10).map(own).chain([inside]).collect());
    tenant["mode"] = json!(mode);
    let snapshot = snapshot(tenant);
    let candidates = ask(&snapshot, "ada@contoso.example", to).unwrap();
    let found = candidates.would_choose(&snapshot, &body(Kind::First));
    let choices: Vec<Choice> = found.iter().map(|choice| candidates.under_mode(choice.clone())).collect();
    let copies = Copies::of(&choices.iter().map(|choice| choice.signed().cloned()).collect::<Vec<_>>());
    let places: Vec<usize> = (0..to.len()).map(|place| place * 2).collect();
    let shown = |share: Share| match share.got {
        Got::Signed(ids) => format!("{}: {:?}", ids.join("+"), share.recipients),
        Got::Left { reason, would_be } => format!("{} ({}): {:?}", reason.word(), would_be.join("+"), share.recipients),
        Got::Repeated => format!("repeated: {:?}", share.recipients),
    };
    Share::of(&places, &found, &choices, &copies).into_iter().map(shown).collect()
}

#[test]
fn recipients_of_the_same_are_told_together() {
    let (ann, bob) = ("ann@contoso.example", "bob@contoso.example");
    let (one, two, none) = ("x1@fabrikam.example", "x2@fabrikam.example", "nobody@fabrikam.example");
    let cases: [(&str, &[&str], &[&str]); 5] = [
        ("live", &[ann], &["in: [0]"]),
        ("live", &[ann, one, bob], &["in: [0, 4]", "x1: [2]"]),
        ("live", &[none, one, two], &["no_signature (): [0]", "x1: [2]", "x2: [4]"]),
        ("observe", &[ann, bob], &["observe (in): [0, 2]"]),
        ("observe", &[ann, none, one], &["observe (in): [0]", "no_signature (): [2]", "observe (x1): [4]"]),
    ];
    for (mode, to, told) in cases {
        assert_eq!(shares(mode, to), told, "{mode} {to:?}");
    }
}

#[test]
fn who_has_no_copy_left_is_told_what_it_would_be() {
    let addresses: Vec<String> = (0..9).map(|number| format!("x{number}@fabrikam.example")).collect();
    let to: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let told = shares("live", &to);
    assert_eq!(told.len(), 9);
    assert_eq!((told[6].as_str(), told[8].as_str()), ("x6: [12]", "recipients_differ (x8): [16]"), "{told:?}");
}
