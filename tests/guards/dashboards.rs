//! Every metric on a dashboard, in a scrape configuration or in the operators' page exists in the program.
//!
//! Names are read from the table in `src/metrics.rs`. That they are exported, too, is checked against a running edge by
//! the end-to-end tests. Every alert has its row in the operators' page.

use std::collections::BTreeSet;

use super::repository::{files, none, read, root, shown};

/// What Prometheus adds to the name of a histogram.
const SERIES: &[&str] = &["_bucket", "_sum", "_count"];

fn names(text: &str) -> BTreeSet<String> {
    let is_part = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    text.split(|letter: char| !is_part(letter))
        .filter(|word| word.starts_with("signet_") && word.matches('_').count() > 1)
        .map(str::to_owned)
        .collect()
}

/// The rows `name: Kind…, "help";` of the table, for example `message_bytes: Histogram, "Size …";`.
fn known() -> BTreeSet<String> {
    let kinds = ["IntCounter", "IntGauge", "Counter", "Gauge", "Histogram"];
    let source = read(&root().join("src/metrics.rs"));
    let (_, table) = source.split_once("\nmetrics! {").expect("the table of metrics");
    let (table, _) = table.split_once("\n}").expect("the end of the table of metrics");
    table
        .lines()
        .filter_map(|line| line.trim().split_once(": "))
        .filter(|(_, kind)| kinds.iter().any(|one| kind.starts_with(one)))
        .map(|(name, _)| format!("signet_{name}"))
        .collect()
}

fn is_known(name: &str, known: &BTreeSet<String>) -> bool {
    known.contains(name) || SERIES.iter().filter_map(|end| name.strip_suffix(end)).any(|base| known.contains(base))
}

#[test]
fn every_metric_on_a_dashboard_exists() {
    let known = known();
    let mut readers = files("dashboards", ".json");
    assert!(!readers.is_empty(), "there is no dashboard");
    readers.extend(files("deploy", ".yml"));
    readers.push(root().join("docs/operators.md"));
    let faults: Vec<String> = readers
        .iter()
        .flat_map(|path| names(&read(path)).into_iter().map(move |name| (path, name)))
        .filter(|(_, name)| !is_known(name, &known))
        .map(|(path, name)| format!("{}: {name}", shown(path)))
        .collect();
    none(&faults, "Not a metric of src/metrics.rs:");
}

#[test]
fn dashboards_are_sound() {
    for path in files("dashboards", ".json") {
        let place = shown(&path);
        let dashboard: serde_json::Value =
            serde_json::from_str(&read(&path)).unwrap_or_else(|e| panic!("{place}: {e}"));
        for key in ["uid", "title"] {
            assert!(dashboard[key].as_str().is_some_and(|value| !value.is_empty()), "{place}: no {key}");
        }
        let panels = dashboard["panels"].as_array().expect("panels");
        assert!(!panels.is_empty(), "{place}: no panels");
        for panel in panels.iter().filter(|panel| panel["type"] != "row") {
            let title = panel["title"].as_str().expect("a title");
            let targets = panel["targets"].as_array().unwrap_or_else(|| panic!("{place}: {title}: no targets"));
            for target in targets {
                let expression = target["expr"].as_str().unwrap_or_default();
                let reads = !names(expression).is_empty() || expression.contains("process_");
                assert!(reads, "{place}: {title}: {expression:?} reads no metric of ours");
                assert_eq!(panel["datasource"]["uid"], "${datasource}", "{place}: {title}: a fixed data source");
            }
        }
    }
}

#[test]
fn every_alert_is_explained() {
    let page = read(&root().join("docs/operators.md"));
    let alerts = read(&root().join("deploy/alerts.yml"));
    let names: Vec<&str> = alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    assert!(!names.is_empty(), "no alert was found");
    let faults: Vec<String> =
        names.iter().filter(|name| !page.contains(&format!("| `{name}` |"))).map(|name| (*name).to_owned()).collect();
    none(&faults, "An alert without a row in docs/operators.md:");
}

#[test]
fn names_are_told_from_words() {
    let text = r#"rate(signet_mail_messages_total{outcome="left"}[5m]) signet_x signet.toml signet_a_b_bucket"#;
    let found: Vec<String> = names(text).into_iter().collect();
    assert_eq!(found, ["signet_a_b_bucket", "signet_mail_messages_total"]);
    assert!(is_known("signet_a_b_bucket", &["signet_a_b".to_owned()].into()));
}
