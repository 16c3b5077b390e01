//! The search for the place above the quoted reply, in decoded text.

use std::hint::black_box;

use signet::imprint::place::{html, plain};

use crate::case::{Case, ready};
use crate::mail;

pub fn cases() -> Vec<Case> {
    let sizes = [("4kB", 4_000), ("40kB", 40_000), ("1MB", 1_000_000)];
    let in_html = sizes.map(|(name, octets)| {
        Case::new(format!("markers/html/{name}"), move || {
            let text = mail::html(octets);
            assert!(html::find(&text).unwrap().marker.is_some());
            ready(move || {
                let _ = black_box(html::find(black_box(&text)));
            })
        })
    });
    let unquoted = sizes.map(|(name, octets)| {
        Case::new(format!("markers/unquoted/{name}"), move || {
            let text = mail::unquoted(octets);
            assert!(html::find(&text).unwrap().marker.is_none());
            ready(move || {
                let _ = black_box(html::find(black_box(&text)));
            })
        })
    });
    let in_plain = sizes.map(|(name, octets)| {
        Case::new(format!("markers/plain/{name}"), move || {
            let text = mail::plain(octets);
            assert!(plain::find(&text).unwrap().marker.is_some());
            ready(move || {
                let _ = black_box(plain::find(black_box(&text)));
            })
        })
    });
    in_html.into_iter().chain(unquoted).chain(in_plain).collect()
}
