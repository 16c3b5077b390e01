//! The edge is a parent and a worker: one that dies is replaced, the message it died on passes unparsed, and nothing is
//! left of them when either is told to go.

use standin::appliance::Appliance;
use standin::exchange::{At, Gate, Outgoing, Rule, Sender};
use standin::mails::{Client, Letter};

use crate::bench::{Bench, MARK, Plan, end_code, mail_of, outgoing, run, until};

fn mail() -> Vec<u8> {
    Letter::first().from("Ada Vance", "ada@contoso.example").written_in(Client::OutlookWeb)
}

fn is_there(pid: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    status.lines().any(|line| line.starts_with("State:") && !line.contains('Z'))
}

fn gone(pid: u32) {
    until("the process to go", || (!is_there(pid)).then_some(()), || format!("{pid} is there"));
}

#[test]
fn a_worker_that_dies_is_replaced_and_its_message_is_tried_again() {
    run(|| async {
        let mut bench = Bench::start().await;
        let gate = Gate::new();
        bench.exchange.script(Rule::at(At::Rcpt).times(1).wait(&gate));
        let mut sender = bench.sender().await;
        let running = tokio::spawn(async move { sender.send(&outgoing(&mail())).await });
        assert!(gate.reached(1, std::time::Duration::from_secs(30)).await);
        let (first, parent) = (bench.appliance.pid(), bench.appliance.parent());
        assert_ne!(first, parent);
        bench.appliance.signal_worker("KILL").unwrap();
        assert!(!running.await.unwrap().is_accepted());
        bench.appliance.wait_for_start(2).unwrap();
        assert_ne!(bench.appliance.pid(), first);
        let died = bench.appliance.wait_for_event("Worker died.").unwrap();
        assert_eq!((&died["signal"], &died["count"]), (&9.into(), &1.into()));
        assert_eq!(bench.metric("signet_process_worker_died_total").await, 1.0);
        gate.open();
        // It waited for the next hop when the worker died, so it was not what killed it.
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250);
        assert!(bench.exchange.accepted().pop().unwrap().text().contains(MARK));
        let worker = bench.appliance.pid();
        bench.appliance.terminate().unwrap();
        assert!(bench.appliance.wait().unwrap().success());
        gone(worker);
    });
}

#[test]
fn a_worker_dies_with_its_parent_and_its_exit_code_is_the_programs() {
    run(|| async {
        let mut bench = Bench::start().await;
        let worker = bench.appliance.pid();
        bench.appliance.kill().unwrap();
        gone(worker);
        // The worker that drains ends the program.
        let other = bench.setup.start().unwrap();
        other.signal_worker("TERM").unwrap();
        assert!(other.wait().unwrap().success());
        std::fs::write(bench.setup.config(), "[smtp]\n").unwrap();
        let output = bench.setup.run_command().output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(64), "{said}");
        assert_eq!(said.matches("smtp.host_name").count(), 1, "{said}");
    });
}

#[test]
fn without_a_parent_it_is_one_process() {
    run(|| async {
        let bench = Bench::start().await;
        let mut command = bench.setup.run_command();
        command.arg("--single");
        let single = Appliance::start(command).unwrap();
        assert_eq!(single.pid(), single.parent());
        single.terminate().unwrap();
        assert!(single.wait().unwrap().success());
    });
}

/// A mail that keeps the engine busy for a while.
fn heavy() -> Outgoing {
    let body: String = (0..60_000).map(|number| format!("<p>Line <b>{number}</b> of the figures</p>\r\n")).collect();
    outgoing(&mail_of("text/html; charset=utf-8", body.as_bytes()))
}

#[test]
fn the_message_on_which_it_died_passes_unparsed_and_others_are_signed() {
    run(|| async {
        let mut bench = Bench::with(Plan::default()).await;
        let heavy = heavy();
        // The signal must strike while the engine is at work; where it came too early or too late it is tried again.
        let mut starts = 1;
        loop {
            let mut sender = bench.sender().await;
            let message = heavy.clone();
            let running = tokio::spawn(async move { sender.send(&message).await });
            let worker = bench.appliance.pid();
            let before = ticks(worker);
            until(
                "the engine to work",
                || (ticks(worker) > before + 20 || running.is_finished()).then_some(()),
                String::new,
            );
            bench.appliance.signal_worker("ABRT").unwrap();
            running.await.unwrap();
            starts += 1;
            bench.appliance.wait_for_start(starts).unwrap();
            let died = bench.appliance.wait_for_events("Worker died.", starts - 1).unwrap();
            if died.last().unwrap()["suspects"].as_u64().unwrap() > 0 {
                break;
            }
            assert!(starts < 10, "no message was ever worked on");
        }
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250);
        assert!(bench.exchange.accepted().pop().unwrap().text().contains(MARK));
        assert_eq!(end_code(&bench.sender().await.send(&heavy).await), 250);
        let arrived = bench.exchange.accepted().pop().unwrap();
        assert!(!arrived.text().contains(MARK), "it was looked into");
        assert!(arrived.content.ends_with(&heavy.content), "it is not as it came");
        assert_eq!(arrived.headers("X-Signet-Stamp").len(), 1);
        assert_eq!(bench.metric("signet_message_left_total{reason=\"poison\"}").await, 1.0);
        // It did no harm this time, so it is forgotten.
        assert_eq!(end_code(&bench.sender().await.send(&heavy).await), 250);
        assert_eq!(bench.metric("signet_message_left_total{reason=\"poison\"}").await, 1.0);
    });
}

#[test]
#[ignore = "needs the binary with failpoints: make faults"]
fn a_worker_that_is_not_whole_any_more_drains_and_is_replaced() {
    run(|| async {
        for point in ["accepted", "record_written"] {
            let points = tempfile::tempdir().unwrap();
            let mut bench = Bench::start().await;
            let mut command = bench.setup.faulty_command().unwrap();
            command.env("FAILPOINTS", points.path());
            command.envs([("SIGNET_DRAIN_NOTICE_SECONDS", "0"), ("SIGNET_DRAIN_GRACE_SECONDS", "0")]);
            bench.appliance = Appliance::start(command).unwrap();
            let first = bench.appliance.pid();
            std::fs::write(points.path().join(point), "panic").unwrap();
            // Who comes at that moment may be cut off, and would try again.
            if let Ok(mut sender) = Sender::connect(bench.appliance.listeners[0], &bench.sender_config()).await {
                sender.send(&outgoing(&mail())).await;
            }
            let gone = "A part of the process is gone; it drains and is started again.";
            bench.appliance.wait_for_event(gone).unwrap();
            bench.appliance.wait_for_start(2).unwrap();
            assert_ne!(bench.appliance.pid(), first, "{point}");
            assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250, "{point}");
        }
    });
}

#[test]
#[ignore = "needs the binary with failpoints: make faults"]
fn a_worker_in_which_nobody_takes_mail_any_more_is_replaced_without_notice() {
    run(|| async {
        let points = tempfile::tempdir().unwrap();
        let mut bench = Bench::start().await;
        let mut command = bench.setup.faulty_command().unwrap();
        command.env("FAILPOINTS", points.path());
        // Longer than this test may take.
        command.envs([("SIGNET_DRAIN_NOTICE_SECONDS", "600"), ("SIGNET_DRAIN_GRACE_SECONDS", "60")]);
        bench.appliance = Appliance::start(command).unwrap();
        let (first, address) = (bench.appliance.pid(), bench.appliance.listeners[0]);
        // A core after the other, until nobody listens.
        let point = points.path().join("accepted");
        let strike = || {
            std::fs::write(&point, "panic").unwrap();
            std::net::TcpStream::connect(address).is_err().then_some(())
        };
        until("the last core to go", strike, || "somebody listens".to_owned());
        // Whoever came last may have struck it.
        let _ = std::fs::remove_file(&point);
        bench.appliance.wait_for_start(2).unwrap();
        assert_ne!(bench.appliance.pid(), first);
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail())).await), 250);
    });
}

/// Processor time of a process, in hundredths of a second.
fn ticks(pid: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<u64>().ok()).sum()
}
