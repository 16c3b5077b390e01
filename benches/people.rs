//! Whose an address is among 100,000 and 500,000 people, by any of three addresses each; and what the groups that rules
//! name cost a message.

use std::hint::black_box;

use bytes::Bytes;
use signet::imprint::HeaderBlock;
use signet::tenant::Envelope;

use crate::case::{Case, ready};
use crate::company;

/// So many different people are asked for, one after the other: more than a processor keeps at hand.
const ASKED: usize = 1 << 16;

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        address("people/hit/100k", 100_000, true),
        address("people/miss/100k", 100_000, false),
        address("people/hit/500k", 500_000, true).timed_only(),
        address("people/miss/500k", 500_000, false).timed_only(),
    ];
    cases.extend([0, 64, 640].map(groups));
    cases
}

fn address(name: &'static str, people: usize, there: bool) -> Case {
    Case::new(name, move || {
        let tenant = company::snapshot(company::compiled(people), 0);
        let asked: Vec<String> = (0..ASKED)
            .map(|turn| {
                // Neighbours in time are none in memory.
                let number = turn * 7_919 % people;
                let [primary, alias, third] = company::addresses(if there { number } else { people + number });
                [primary, alias.to_uppercase(), third][turn % 3].clone()
            })
            .collect();
        assert!(asked.iter().all(|address| tenant.person(address).is_some() == there));
        let mut turn = 0;
        ready(move || {
            turn = (turn + 1) % ASKED;
            black_box(tenant.person(black_box(&asked[turn])));
        })
    })
}

/// A message for which as many groups are asked as signatures name one each; its sender is in none of them.
fn groups(named: usize) -> Case {
    Case::new(format!("people/candidates/{named}groups"), move || {
        let tenant = company::snapshot(company::compiled(100_000), named);
        let from = company::addresses(0)[0].clone();
        let headers = HeaderBlock::parse(Bytes::from(format!("From: {from}\r\n\r\n")));
        let recipients = ["bob@fabrikam.example".to_owned()];
        let now = jiff::Timestamp::from_second(1_800_000_000).unwrap();
        ready(move || {
            let envelope = Envelope { sender: Some(&from), recipients: &recipients, octets: None };
            black_box(tenant.candidates(&envelope, &headers, now).is_ok());
        })
    })
}
