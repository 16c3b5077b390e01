//! Arrows between the layers point down only (ARCHITECTURE.md, "Layers"), and the pure layers stay pure.
//!
//! Reads every path in `src/`. Pure means: no sockets, files, clocks, randomness, threads or logging; time comes in as
//! `now`. Tests inside a module may do what they like.

use super::repository::{files, none, read, root, shown};
use super::rust::{Named, module_of, paths};

/// Each layer and those it may name. What is not in the left column (`main`, `cli`) stands on top.
const MAY_USE: &[(&str, &[&str])] = &[
    ("smtp", &[]),
    ("imprint", &[]),
    ("tenant", &["imprint", "smtp"]),
    ("transit", &["smtp", "imprint", "tenant"]),
    ("account", &["tenant"]),
    ("config", &["smtp", "imprint", "tenant", "transit", "account"]),
    ("metrics", &["smtp", "imprint", "tenant", "transit", "events"]),
    ("events", &["smtp", "imprint", "tenant", "transit", "config", "metrics"]),
    ("net", &["smtp", "transit", "tenant", "account", "config", "events", "metrics"]),
    ("store", &["tenant", "account", "imprint", "directory", "config", "events", "metrics"]),
    ("directory", &["tenant", "config", "events", "metrics"]),
    (
        "actors",
        &[
            "smtp",
            "imprint",
            "tenant",
            "account",
            "transit",
            "net",
            "store",
            "directory",
            "config",
            "events",
            "metrics",
        ],
    ),
    ("web", &["tenant", "account", "store", "directory", "actors", "config", "events", "metrics"]),
];

/// What stands on top; failpoints are beside all layers, and nothing where they are not built.
const TOP: &[&str] = &["cli", "main", "main-faults", "failpoint"];

const PURE: &[&str] = &["smtp", "imprint", "tenant", "transit"];

/// What a pure layer may not name: whole crates and modules by how the path begins.
const IMPURE_BEGINNINGS: &[&str] = &[
    "tokio",
    "tokio_rustls",
    "actix",
    "actix_rt",
    "actix_web",
    "sqlx",
    "rustls",
    "socket2",
    "hickory_resolver",
    "tracing",
    "log",
    "rand",
    "getrandom",
    "libc",
    "std::fs",
    "std::env",
    "std::process",
    "std::thread",
    "std::os",
    "std::net::TcpStream",
    "std::net::TcpListener",
    "std::net::UdpSocket",
    "std::net::ToSocketAddrs",
    "std::time::SystemTime",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
];

/// And by how it ends: the clocks, however they were brought in.
const IMPURE_ENDINGS: &[&str] =
    &["Instant::now", "SystemTime::now", "Timestamp::now", "Zoned::now", "TimeZone::system"];

#[test]
fn arrows_point_down_only() {
    let mut faults = Vec::new();
    for path in files("src", ".rs") {
        let module = module_of(path.strip_prefix(root()).unwrap());
        let Some(layer) = module.first() else { continue };
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| name == layer) else { continue };
        for named in paths(&read(&path)) {
            let Some(target) = layer_of(&named, &module) else { continue };
            let known = MAY_USE.iter().any(|(name, _)| *name == target) || TOP.contains(&target);
            if known && target != layer && !allowed.contains(&target) {
                faults.push(format!(
                    "{}:{}: {} ({layer} may not use {target})",
                    shown(&path),
                    named.line,
                    named.shown()
                ));
            }
        }
    }
    none(&faults, "A layer names one that it may not use (tests/guards/layers.rs, MAY_USE):");
}

#[test]
fn pure_layers_name_no_socket_file_clock_or_log() {
    let mut faults = Vec::new();
    let tests = test_modules();
    for path in PURE.iter().flat_map(|layer| files(&format!("src/{layer}"), ".rs")) {
        let module = module_of(path.strip_prefix(root()).unwrap());
        if tests.iter().any(|test| module.starts_with(test)) {
            continue;
        }
        for named in paths(&read(&path)) {
            if IMPURE_BEGINNINGS.iter().any(|one| named.begins_with(one))
                || IMPURE_ENDINGS.iter().any(|one| named.ends_with(one))
            {
                faults.push(format!("{}:{}: {}", shown(&path), named.line, named.shown()));
            }
        }
    }
    none(&faults, "A pure layer names something that is not pure:");
}

#[test]
fn every_folder_of_the_library_is_a_layer() {
    let mut faults = Vec::new();
    for path in files("src", ".rs") {
        let module = module_of(path.strip_prefix(root()).unwrap());
        let Some(layer) = module.first() else { continue };
        let known = MAY_USE.iter().any(|(name, _)| name == layer) || TOP.contains(&layer.as_str());
        if !known {
            faults.push(shown(&path));
        }
    }
    none(&faults, "A file belongs to no layer; give it one, or the layer a row in MAY_USE:");
}

/// Modules with a file of their own that only tests have: `#[cfg(test)]` stands before their `mod name;`.
fn test_modules() -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for path in files("src", ".rs") {
        let source = read(&path);
        let mut lines = source.lines().map(str::trim);
        while lines.by_ref().any(|line| line == "#[cfg(test)]") {
            let item = lines.by_ref().find(|line| !line.starts_with("#[")).unwrap_or_default();
            let name = item.rsplit_once("mod ").and_then(|(_, name)| name.strip_suffix(';'));
            let parent = module_of(path.strip_prefix(root()).unwrap());
            found.extend(name.map(|name| [parent, vec![name.to_owned()]].concat()));
        }
    }
    found
}

/// The layer a path leads to: `crate::net::…`, or as many `super` as lead to the root.
fn layer_of<'a>(named: &'a Named, module: &[String]) -> Option<&'a str> {
    let ups = named.segments.iter().take_while(|one| *one == "super").count();
    let first = match named.segments.first().map(String::as_str) {
        Some("crate") => 1,
        Some("super") if ups >= module.len() => ups,
        _ => return None,
    };
    named.segments.get(first).map(String::as_str)
}

#[test]
fn a_path_is_led_to_its_layer() {
    let module: Vec<String> = ["net".to_owned(), "tls".to_owned()].into();
    let table = [
        ("use crate::store::Store;", Some("store")),
        ("use super::super::store::Store;", Some("store")),
        ("use super::pump::Pump;", None),
        ("use tokio::net::TcpStream;", None),
    ];
    for (source, wanted) in table {
        let named = paths(source);
        assert_eq!(layer_of(&named[0], &module), wanted, "{source}");
    }
}
