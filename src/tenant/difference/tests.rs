//! Differences in a table, and properties: what is the same has none, what differs has one.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn entry(change: impl FnOnce(&mut Value)) -> SignatureEntry {
    let mut entry = json!({"id": "one", "name": "Standard", "enabled": true,
        "applies": {"senders": {"groups": ["sales", "support"], "attributes": [{"field": "city", "is": "equals", "value": "Graz"}]}},
        "design": {"version": 1, "blocks": [
            {"type": "text", "lines": [["Kind regards"], [{"field": "displayName"}], ["T ", {"field": "telephoneNumber"}]]},
            {"type": "logo", "image": "logo", "width": 80},
            {"type": "divider"}]}});
    change(&mut entry);
    serde_json::from_value(entry).unwrap()
}

fn told(change: impl FnOnce(&mut Value)) -> Vec<String> {
    entry(|_| {}).differences(&entry(change)).into_iter().map(|one| format!("{} {}", one.place, one.sentence)).collect()
}

type Change = fn(&mut Value);

#[test]
fn each_difference_is_told_in_words() {
    let block = |at: usize| format!("/design/blocks/{at}");
    let table: [(Change, Vec<String>); 11] = [
        (|_| {}, vec![]),
        (|one| one["name"] = json!("Short"), vec!["/name name: “Standard” is “Short” now".into()]),
        (|one| one["enabled"] = json!(false), vec!["/enabled enabled: on is off now".into()]),
        (
            |one| one["applies"]["senders"]["groups"] = json!(["sales", "board", "support"]),
            vec!["/applies/senders/groups/1 applies, senders, group 2: “board” was added".into()],
        ),
        (
            |one| one["applies"]["senders"]["attributes"][0]["value"] = json!("Wien"),
            vec![
                "/applies/senders/attributes/0/value applies, senders, attribute 1, value: “Graz” is “Wien” now".into(),
            ],
        ),
        (
            |one| one["design"]["blocks"][0]["lines"][2] = json!(["M ", {"field": "mobileNumber"}]),
            vec![format!(
                "{}/lines/2 design, block 1, line 3: “T {{telephoneNumber}}” is “M {{mobileNumber}}” now",
                block(0)
            )],
        ),
        (
            |one| one["design"]["blocks"].as_array_mut().unwrap().insert(1, json!({"type": "spacer", "height": 8})),
            vec![format!("{} design, block 2: a block spacer “height 8” was added", block(1))],
        ),
        (
            |one| drop(one["design"]["blocks"].as_array_mut().unwrap().remove(1)),
            vec![format!("{} design, block 2: a block logo “logo” was removed", block(1))],
        ),
        (
            |one| one["design"]["blocks"][1]["width"] = json!(120),
            vec![format!("{}/width design, block 2, width: 80 is 120 now", block(1))],
        ),
        (
            |one| one["design"]["blocks"].as_array_mut().unwrap().swap(1, 2),
            vec![format!("{} design, block 3: a block logo “logo” was moved here; it was number 2 before", block(2))],
        ),
        (|one| one["place"] = json!("bottom"), vec!["/place place: “reply” is “bottom” now".into()]),
    ];
    for (change, wanted) in table {
        assert_eq!(told(change), wanted);
    }
}

#[test]
fn a_long_list_is_matched_by_place() {
    let list = |first: u32| (first..first + 600).map(|number| json!(number.to_string())).collect::<Vec<_>>();
    let pairs = align(&list(0), &list(1));
    assert_eq!(pairs.iter().filter(|pair| matches!(pair, Pair::Gone(_))).count(), 600);
}

proptest! {
    #[test]
    fn every_entry_of_both_lists_is_in_one_pair(
        old in proptest::collection::vec(0_u8..5, 0..12), new in proptest::collection::vec(0_u8..5, 0..12),
    ) {
        let values = |list: &[u8]| list.iter().map(|one| json!({"type": "text", "n": one})).collect::<Vec<_>>();
        let pairs = align(&values(&old), &values(&new));
        let (mut of_old, mut of_new) = (Vec::new(), Vec::new());
        for pair in &pairs {
            match *pair {
                Pair::Both(one, other) => { of_old.push(one); of_new.push(other) }
                Pair::Gone(one) => of_old.push(one),
                Pair::Come(other) => of_new.push(other),
            }
        }
        prop_assert_eq!(of_old, (0..old.len()).collect::<Vec<_>>());
        prop_assert_eq!(of_new, (0..new.len()).collect::<Vec<_>>());
    }
}
