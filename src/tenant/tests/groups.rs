//! Groups in groups weigh as much as the rows they are written in, whatever their shape.

use super::*;

fn person(number: usize) -> PersonEntry {
    let id = format!("p{number}");
    PersonEntry { addresses: vec![format!("{id}@contoso.example")], id, ..PersonEntry::default() }
}

/// Groups 0, 1, 2 … with two members each, and in each the groups that `inside` says.
fn groups(count: usize, inside: impl Fn(usize) -> Vec<usize>) -> Vec<GroupEntry> {
    let name = |kind: &str, number: usize| format!("{kind}{number}");
    let one = |number: usize| GroupEntry {
        id: name("g", number),
        name: String::new(),
        members: vec![name("p", 2 * number), name("p", 2 * number + 1)],
        groups: inside(number).into_iter().filter(|inner| *inner < count).map(|inner| name("g", inner)).collect(),
    };
    (0..count).map(one).collect()
}

type Shape = fn(usize, usize) -> Vec<usize>;

/// Of `count` groups, which are in the group of a number.
const SHAPES: [(&str, Shape); 4] = [
    ("circle", |count, number| vec![(number + 1) % count]),
    ("chain", |_, number| vec![number + 1]),
    // Every third is in two, and both are in the next.
    ("diamonds", |_, number| if number % 3 == 0 { vec![number + 1, number + 2] } else { vec![number / 3 * 3 + 3] }),
    ("two circles through one", |count, number| vec![(number + 1) % count, if number % 2 == 0 { 0 } else { number }]),
];

#[test]
fn nested_groups_weigh_what_their_rows_do() {
    let weight = |count: usize, shape: Shape| {
        let people = (0..2 * count).map(person).collect();
        let groups = groups(count, |number| shape(count, number));
        People::compile(people, &groups, Edition::default()).memory_bytes()
    };
    for (name, shape) in SHAPES {
        let (small, large) = (weight(500, shape), weight(2_000, shape));
        assert!(large < 5 * small, "{name}: {large} octets for four times the rows of {small}");
    }
}

#[test]
fn a_number_is_kept_for_each_row_and_a_bit_for_each_group_and_group_named() {
    const COUNT: usize = 5_000;
    let people: Vec<PersonEntry> = (0..2 * COUNT).map(person).collect();
    for (name, shape) in SHAPES {
        let groups = groups(COUNT, |number| shape(COUNT, number));
        let nestings: usize = groups.iter().map(|group| group.groups.len()).sum();
        let rows = people.len() + groups.len() + 2 * COUNT + nestings;
        let people = People::compile(people.clone(), &groups, Edition::default());
        let numbers = people.groups().numbers();
        assert!(numbers <= rows, "{name}: {numbers} numbers for {rows} rows");
        let roster = roster::Roster::new(&people);
        for group in groups.iter().step_by(5) {
            assert!(roster.group(&group.id).is_some());
        }
        // The groups of a circle are one: it is asked once, and has one word.
        let (named, kept) = if name.contains("circle") { (1, 1) } else { (COUNT / 5, COUNT) };
        let words = roster.resolve() / 8;
        let most = named.div_ceil(64) * (kept + 16);
        assert!(words <= most, "{name}: {words} words for {named} groups of {COUNT}");
    }
}

#[test]
fn so_many_groups_may_be_named_and_no_more() {
    let mut tenant = contoso();
    let ids: Vec<String> = (0..2_001).map(|number| format!("g{number}")).collect();
    tenant["groups"] = ids.iter().map(|id| json!({"id": id})).collect();
    tenant["signatures"] = json!([
        signature("a", json!({"senders": {"groups": ids[..1_500]}})),
        signature("b", json!({"except": {"recipients": {"groups": ids[1_000..2_000]}}}))
    ]);
    tenant["mode"] = json!({"pilot": {"groups": ids[..2_000]}});
    tenant["send_as"] =
        json!([{"addresses": ["bob@contoso.example"], "groups": ids[..2_000], "signature_of": "sender"}]);
    assert_eq!(file(tenant.clone()).problems(), []);
    tenant["signatures"][1]["applies"]["senders"] = json!({"groups": [ids[2_000]]});
    tenant["mode"]["pilot"]["groups"] = json!(ids);
    tenant["mode_ends"] = json!({"at": "2026-11-01T00:00:00Z", "then": tenant["mode"]});
    tenant["send_as"][0]["groups"] = json!(ids);
    let problems = TenantFile::parse(tenant.to_string().as_bytes()).unwrap_err();
    let places: Vec<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(places, ["/send_as", "/mode/pilot", "/mode_ends/then/pilot", "/signatures"]);
}

/// Rules change while people stay: the groups that the new ones name are resolved anew.
#[test]
fn the_same_people_serve_other_rules() {
    let out = ["x@fabrikam.example"];
    let rules = |group: &str| {
        let mut file = file(with_signatures(vec![signature("s", json!({"senders": {"groups": ["sales"]}}))]));
        file.signatures[0].applies.senders.groups = vec![group.to_owned()];
        file
    };
    let first = Snapshot::compile(rules("sales"), secrets(), Revision(1)).unwrap();
    for (group, answer) in [("all", "s"), ("none", "no_signature"), ("sales", "s")] {
        let people = std::sync::Arc::clone(first.people_part());
        let next =
            Snapshot::of_parts(rules(group), people, std::sync::Arc::default(), secrets(), Edition::of(Revision(2)));
        assert_eq!(choose(&next, &out, &body(Kind::First)), [answer], "{group}");
        assert_eq!(choose(&first, &out, &body(Kind::First)), ["s"]);
    }
}
