//! A signature rendered for a person: HTML and plain text, from the tree of blocks and the attributes.

use std::hint::black_box;

use bytes::Bytes;
use signet::imprint::{BodyFacts, HeaderBlock, Kind};
use signet::tenant::{Choice, Envelope};

use crate::case::{Case, ready};
use crate::mail;

pub fn cases() -> Vec<Case> {
    let case = Case::new("render/signature", || {
        let tenant = mail::tenant();
        let headers = HeaderBlock::parse(Bytes::from(format!("{}\r\n", mail::header("text/plain"))));
        let recipients = ["bob@fabrikam.example".to_owned()];
        let envelope = Envelope { sender: Some("ada@contoso.example"), recipients: &recipients, octets: None };
        let now = jiff::Timestamp::from_second(1_800_000_000).unwrap();
        let candidates = tenant.candidates(&envelope, &headers, now).unwrap();
        let facts = BodyFacts {
            kind: Kind::Reply,
            html: true,
            plain: true,
            rich: false,
            signature_words: Vec::new(),
            seen: None,
        };
        let Choice::Sign(signed) = candidates.choose(&tenant, &facts).remove(0) else { panic!("left") };
        let mut number = 0u64;
        ready(move || {
            // Stamps are kept by the address of the images: another one each time is rendered each time.
            number += 1;
            black_box(tenant.stamp(&signed, Some(&format!("https://images.example/{number:08}"))));
        })
    });
    vec![case]
}
