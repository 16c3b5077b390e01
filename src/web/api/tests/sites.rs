//! What other sites can make a browser send changes nothing, on any route of the document; and no answer lets them read.

use std::collections::BTreeMap;

use super::operations::{Operation, operations};
use super::*;
use crate::account::Role;

/// What a browser says of a request that another site has made it send, and of one that nobody can tell of.
const FOREIGN: [&[(&str, &str)]; 8] = [
    &[("Sec-Fetch-Site", "cross-site")],
    &[("Sec-Fetch-Site", "same-site")],
    &[("Sec-Fetch-Site", "none")],
    &[("Sec-Fetch-Site", "cross-site"), ("Origin", "http://x")],
    &[("Origin", "https://evil.example")],
    &[("Origin", "https://x.evil.example")],
    &[("Origin", "null")],
    &[],
];

/// What a form can send without anybody being asked.
const OF_FORMS: [&str; 4] = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""];

/// Routes that are not for an owner, or not open: that is told (403) before the body is looked at.
const BEFORE: [(&str, &str); 3] =
    [("POST", "/api/v1/sign-up"), ("PUT", "/api/v1/region/bypass"), ("POST", "/api/v1/tenants")];

fn path(operation: &Operation, account: &str) -> String {
    let known = BTreeMap::from([
        ("tenant", "contoso"),
        ("signature", "standard"),
        ("version", "1"),
        ("folder", "campaigns"),
        ("image", "logo"),
        ("domain", "contoso.example"),
        ("account", account),
    ]);
    operation.filled(|name| known.get(name).copied().unwrap_or("1").to_owned())
}

async fn another_site_changes_nothing(world: World) {
    let account = world.member("contoso", Role::Owner).await;
    let cookie = world.session(&account).await;
    let before = world.state().await;
    let (mut asked, mut faults) = (0, Vec::new());
    for operation in operations().iter().filter(|operation| operation.changes()) {
        let path = path(operation, &account);
        let body = operation.body.as_ref().map(|(kind, octets)| (kind.as_str(), octets.as_slice()));
        for headers in FOREIGN {
            let client = world.client().header("Cookie", &cookie);
            let client = headers.iter().fold(client, |client, (name, value)| client.header(name, value));
            let answer = client.send(&operation.method, &path, body);
            let is_told = String::from_utf8_lossy(&answer.body).contains("another site has sent this");
            if (answer.status, is_told) != (403, true) {
                faults.push(format!("{} {path} with {headers:?}: {}", operation.method, answer.text()));
            }
        }
        asked += 1;
    }
    assert_eq!(faults, Vec::<String>::new());
    assert!(asked > 50, "{asked}");
    assert_eq!(world.state().await, before);
    let own = world.client().header("Cookie", &cookie).ask("GET", "/api/v1/session", None).done();
    assert_eq!(own["account"]["id"], account.as_str(), "still signed in");
}

async fn what_a_form_can_send_is_no_request(world: World) {
    let account = world.member("contoso", Role::Owner).await;
    let cookie = world.session(&account).await;
    let before = world.state().await;
    let (mut refused, mut faults) = (0, Vec::new());
    for operation in operations().iter().filter(|operation| operation.body.is_some()) {
        let path = path(operation, &account);
        let told = format!("{} {path}", operation.method);
        let (_, octets) = operation.body.as_ref().unwrap();
        for kind in OF_FORMS {
            let client = world.client().header("Cookie", &cookie).header("Sec-Fetch-Site", "same-origin");
            let answer = client.send(&operation.method, &path, Some((kind, octets)));
            let wanted = if BEFORE.contains(&(operation.method.as_str(), operation.path.as_str())) { 403 } else { 415 };
            match answer.status == wanted {
                true => refused += u32::from(wanted == 415),
                false => faults.push(format!("{told} as {kind:?}: {} {}", answer.status, answer.text())),
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
    assert!(refused > 100, "{refused}");
    assert_eq!(world.state().await, before);
}

async fn no_answer_is_for_other_sites_to_read(world: World) {
    let account = world.member("contoso", Role::Owner).await;
    let cookie = world.session(&account).await;
    for operation in operations() {
        let path = path(&operation, &account);
        let foreign = || world.client().header("Cookie", &cookie).header("Origin", "https://evil.example");
        let wanted = foreign().header("Access-Control-Request-Method", &operation.method);
        let wanted = wanted.header("Access-Control-Request-Headers", "content-type");
        let mut answers = vec![wanted.ask("OPTIONS", &path, None)];
        assert_eq!(answers[0].status, 405, "OPTIONS {path}");
        if !operation.changes() {
            answers.push(foreign().ask("GET", &path, None));
        }
        for answer in answers {
            let opened = answer.headers.iter().find(|(name, _)| name.starts_with("access-control-"));
            assert_eq!(opened, None, "{} {path}", operation.method);
        }
    }
}

on_both! {
    another_site_changes_nothing,
    what_a_form_can_send_is_no_request,
    no_answer_is_for_other_sites_to_read,
}
