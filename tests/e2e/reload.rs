//! A new configuration and new certificates count for new sessions without a restart, and bad ones change nothing.

use std::path::Path;

use serde_json::Value;
use standin::appliance::HOST_NAME;
use standin::certificates::{Authority, Request};
use standin::exchange::{At, Gate, Rule, Sender, SenderConfig};
use standin::mails::{Client, Letter};

use crate::bench::{Bench, Plan, end_code, http_body, outgoing, run, until};

fn mail() -> Vec<u8> {
    Letter::first().from("Ada Vance", "ada@contoso.example").written_in(Client::OutlookWeb)
}

/// The configuration with something else in the place of something that stands there.
fn edit(bench: &Bench, old: &str, new: &str) {
    let file = bench.setup.config();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(old), "{old} is not in\n{text}");
    std::fs::write(file, text.replace(old, new)).unwrap();
}

async fn healthz(bench: &Bench) -> Value {
    serde_json::from_str(&http_body(bench.appliance.ops, "/healthz").await).unwrap()
}

/// How Exchange Online connects when it trusts another authority.
fn trusting(bench: &Bench, authority: &Authority) -> SenderConfig {
    let identity = bench.setup.microsoft().unwrap();
    SenderConfig::exchange_online(HOST_NAME, authority.roots().unwrap(), Some(&identity)).unwrap()
}

fn renew(authority: &Authority, folder: &Path) {
    authority.issue(Request::server(HOST_NAME)).unwrap().write(folder, "smtp").unwrap();
    authority.issue(Request::server(HOST_NAME).rsa()).unwrap().write(folder, "smtp-rsa").unwrap();
}

#[test]
fn a_renewed_certificate_is_shown_to_the_next_sender_and_the_old_session_goes_on() {
    run(|| async {
        let bench = Bench::start().await;
        let address = bench.appliance.listeners[0];
        let mut old = bench.sender().await;
        let authority = Authority::new("Another authority").unwrap();
        assert!(Sender::connect(address, &trusting(&bench, &authority)).await.is_err());
        renew(&authority, &bench.setup.folder);
        bench.appliance.reload().unwrap();
        bench.appliance.wait_for_event("Configuration reloaded.").unwrap();
        let mut new = Sender::connect(address, &trusting(&bench, &authority)).await.unwrap();
        assert!(Sender::connect(address, &bench.sender_config()).await.is_err(), "the old certificate is still shown");
        for sender in [&mut old, &mut new] {
            assert_eq!(end_code(&sender.send(&outgoing(&mail())).await), 250);
        }
        assert_eq!(bench.metric("signet_config_reload_total{result=\"done\"}").await, 1.0);
    });
}

#[test]
fn a_changed_file_is_noticed_without_a_signal_through_a_swapped_link() {
    run(|| async {
        let poll = ("SIGNET_RELOAD_POLL_SECONDS".to_owned(), "1".to_owned());
        let bench = Bench::with(Plan { environment: vec![poll], ..Plan::default() }).await;
        let folder = &bench.setup.folder;
        // As Kubernetes mounts a secret: the files are links into a folder that is itself a link, which is swapped.
        let authority = Authority::new("Another authority").unwrap();
        std::fs::create_dir(folder.join("next")).unwrap();
        renew(&authority, &folder.join("next"));
        std::os::unix::fs::symlink("next", folder.join("data")).unwrap();
        for name in ["smtp.pem", "smtp.key", "smtp-rsa.pem", "smtp-rsa.key"] {
            let link = folder.join(format!("{name}.link"));
            std::os::unix::fs::symlink(Path::new("data").join(name), &link).unwrap();
            std::fs::rename(link, folder.join(name)).unwrap();
        }
        let event = bench.appliance.wait_for_event("Configuration reloaded.").unwrap();
        assert_eq!(event["cause"], "files");
        let mut sender = Sender::connect(bench.appliance.listeners[0], &trusting(&bench, &authority)).await.unwrap();
        assert_eq!(end_code(&sender.send(&outgoing(&mail())).await), 250);
    });
}

#[test]
fn what_is_wrong_is_told_whole_and_changes_nothing() {
    run(|| async {
        let bench = Bench::start().await;
        let good = std::fs::read_to_string(bench.setup.config()).unwrap();
        let key = std::fs::read(bench.setup.folder.join("smtp.key")).unwrap();
        edit(&bench, "host_name = \"eu-a.signet.example\"", "host_name = \"not a name\"\nmax_recipents = 5");
        std::fs::write(bench.setup.folder.join("smtp.key"), "no key").unwrap();
        bench.appliance.reload().unwrap();
        let told = bench.appliance.wait_for_event("Configuration not reloaded.").unwrap();
        let problems = told["problems"].as_str().unwrap();
        for part in ["smtp.host_name", "did you mean smtp.max_recipients?", "listener.0.key", "line "] {
            assert!(problems.contains(part), "{part} is not in {problems}");
        }
        let health = healthz(&bench).await;
        assert_eq!(health["state"], "up", "{health}");
        assert!(health["warnings"][0].as_str().unwrap().contains("not in force"), "{health}");
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250);
        // What a running process cannot follow.
        std::fs::write(bench.setup.folder.join("smtp.key"), &key).unwrap();
        std::fs::write(bench.setup.config(), good.replace("site = \"eu-a\"", "site = \"eu-b\"")).unwrap();
        edit(&bench, "role = \"all\"", "role = \"edge\"");
        bench.appliance.reload().unwrap();
        let told = bench.appliance.wait_for_events("Configuration not reloaded.", 2).unwrap();
        let problems = told[1]["problems"].as_str().unwrap();
        assert!(problems.contains("site: ") && problems.contains("role: "), "{problems}");
        assert_eq!(problems.matches("needs a restart").count(), 2, "{problems}");
        assert_eq!(healthz(&bench).await["site"], "eu-a");
        // Right again.
        std::fs::write(bench.setup.config(), good).unwrap();
        bench.appliance.reload().unwrap();
        bench.appliance.wait_for_event("Configuration reloaded.").unwrap();
        assert_eq!(healthz(&bench).await["warnings"], Value::Array(Vec::new()));
        assert_eq!(bench.metric("signet_config_reload_total{result=\"refused\"}").await, 2.0);
    });
}

#[test]
fn limits_names_roots_and_the_log_level_count_for_new_sessions() {
    run(|| async {
        let bench = Bench::start().await;
        let gate = Gate::new();
        bench.exchange.script(Rule::at(At::EndOfMessage).times(1).wait(&gate));
        let mut old = bench.sender().await;
        let running = tokio::spawn(async move { (old.send(&outgoing(&mail())).await, old) });
        assert!(gate.reached(1, std::time::Duration::from_secs(30)).await);
        let changed = "host_name = \"eu-b.signet.example\"\nmax_message_bytes = 100000\nmax_connections = 2";
        edit(&bench, "host_name = \"eu-a.signet.example\"", changed);
        // No next hop's certificate comes from there.
        let roots = Authority::new("Another authority").unwrap().write_root(&bench.setup.folder, "other").unwrap();
        let there = bench.setup.folder.join("root.pem").display().to_string();
        edit(&bench, &format!("roots = \"{there}\"\nsuffixes"), &format!("roots = \"{}\"\nsuffixes", roots.display()));
        edit(&bench, "level = \"debug\"", "level = \"info\"");
        bench.appliance.reload().unwrap();
        bench.appliance.wait_for_event("Configuration reloaded.").unwrap();
        let mut new = bench.sender().await;
        assert!(new.offer().iter().any(|line| line == "SIZE 100000"), "{:?}", new.offer());
        // Two connections are all there may be now.
        let refused = Sender::connect(bench.appliance.listeners[0], &bench.sender_config()).await;
        assert!(refused.is_err_and(|error| error.to_string().contains("421")));
        let lines = |event: &str| bench.appliance.log().matches(event).count();
        assert_eq!(lines("\"Connection accepted.\""), 1, "DEBUG lines after the level was raised");
        gate.open();
        // The message that ran is not touched; the next one finds a next hop it cannot trust.
        let (delivery, old) = running.await.unwrap();
        assert_eq!(end_code(&delivery), 250, "{delivery:?}");
        assert!(old.offer().iter().any(|line| line == "SIZE 157286400"));
        let delivery = new.send(&outgoing(&mail())).await;
        assert_eq!(delivery.mail.as_ref().map(|reply| reply.code), Some(451), "{delivery:?}");
        old.quit().await.unwrap();
        let there_is_room = || (bench.appliance.log().matches("Message finished.").count() >= 1).then_some(());
        until("the first message's line", there_is_room, || bench.appliance.log());
    });
}
