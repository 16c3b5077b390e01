//! A tester must not share the fault it looks for: the stand-in and the load generator speak SMTP by codecs of their
//! own.
//!
//! Only the demo program (`standin/src/bin`) and tests start the product, and nothing there borrows `signet::smtp`.

use super::repository::{files, none, read, shown};
use super::rust::paths;

#[test]
fn testers_do_not_borrow_the_product() {
    let mut faults = Vec::new();
    for path in files("standin", ".rs").into_iter().chain(files("loadtest", ".rs")) {
        let place = shown(&path);
        let may_start_it = place.starts_with("standin/src/bin/") || place.contains("/tests/");
        for named in paths(&read(&path)) {
            if named.begins_with("signet::smtp") || (named.begins_with("signet") && !may_start_it) {
                faults.push(format!("{place}:{}: {}", named.line, named.shown()));
            }
        }
    }
    none(&faults, "A tester uses the code it is to test:");
}

#[test]
fn the_product_does_not_know_its_testers() {
    let mut faults = Vec::new();
    for path in files("src", ".rs") {
        for named in paths(&read(&path)) {
            if named.begins_with("standin") || named.begins_with("loadtest") {
                faults.push(format!("{}:{}: {}", shown(&path), named.line, named.shown()));
            }
        }
    }
    none(&faults, "The product names a tester:");
}
