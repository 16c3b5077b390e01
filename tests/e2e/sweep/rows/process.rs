//! Rows 36 to 38, 43, 59, 61 and 62: what befalls the process and the machine around the mail.

use std::process::Command;

use standin::conservation::plain_mail;
use standin::exchange::{At, Gate, Rule, Sender, SenderConfig};

use crate::bench::{MARK, outgoing};
use crate::sweep::row::{End, Kind, Row, Told, row};
use crate::sweep::scene::Scene;
use crate::sweep::stage::{DEADLINE, Stage};

pub fn rows() -> Vec<Row> {
    vec![
        row(36, "no descriptor is left for the next hop").told(Told::Refusal(451, "4.4.1")).beside(|stage, scene| {
            Box::pin(async move {
                limit_descriptors(stage, unused_descriptors(stage)[0] + 1);
                scene.allow(1);
                scene.tried(1).await;
                limit_descriptors(stage, 1_024);
            })
        }),
        row(36, "no descriptor is left for a sender").beside(|stage, scene| {
            Box::pin(async move {
                limit_descriptors(stage, unused_descriptors(stage)[0]);
                scene.allow(1);
                stage.until_logged("\"cause\":\"descriptors\"").await;
                limit_descriptors(stage, 1_024);
            })
        }),
        row(37, "the disk is full").on(Kind::FullDisk),
        row(38, "nobody reads the log").on(Kind::Plain).beside(|stage, scene| Box::pin(unread_log(stage, scene))),
        row(43, "a rule is pushed that is none").beside(|stage, scene| {
            Box::pin(async move {
                let mut file = crate::bench::contoso(stage.next_hop.port());
                file["signatures"][0]["design"]["blocks"] = serde_json::json!([{"type": "nonsense"}]);
                assert!(stage.bench.setup.tenant(&file, None).is_err(), "it was taken");
                scene.allow(1);
                scene.tried(1).await;
                assert!(stage.taken(&scene.id)[0].text().contains(MARK), "the old rule is gone");
            })
        }),
        row(59, "our certificate has expired").on(Kind::ExpiredCertificate).told(Told::Nothing).end(End::Deferred),
        row(61, "the clock jumps ten years while the answer is awaited").on(Kind::OtherClock).beside(|stage, scene| {
            Box::pin(async move {
                let gate = Gate::new();
                stage.bench.exchange.script(Rule::at(At::EndOfMessage).times(1).wait(&gate));
                scene.allow(1);
                assert!(gate.reached(1, DEADLINE).await, "the message did not come so far");
                stage.set_clock("+10y");
                gate.open();
                scene.tried(1).await;
            })
        }),
        row(61, "the clock jumps ten years back within the content").on(Kind::OtherClock).beside(|stage, scene| {
            Box::pin(async move {
                let gate = Gate::new();
                stage.bench.exchange.script(Rule::at(At::Content(1)).times(1).wait(&gate));
                scene.allow(1);
                assert!(gate.reached(1, DEADLINE).await, "the message did not come so far");
                stage.set_clock("-10y");
                gate.open();
                scene.tried(1).await;
            })
        }),
        row(62, "a mail that has been everywhere")
            .message(|message| {
                let hop = "Received: from a.example by b.example; Wed, 17 Feb 2021 13:11:20 +0000\r\n";
                message.content = [hop.repeat(101).into_bytes(), message.content.to_vec()].concat().into();
            })
            .told(Told::Refusal(554, "5.4.6"))
            .end(End::Refused),
    ]
}

/// The numbers of the process that are free, lowest first: the limit is one on numbers, not on how many there are.
fn unused_descriptors(stage: &Stage) -> Vec<usize> {
    let open = std::fs::read_dir(format!("/proc/{}/fd", stage.bench.appliance.pid())).unwrap();
    let open: Vec<usize> = open.map(|entry| entry.unwrap().file_name().to_str().unwrap().parse().unwrap()).collect();
    (0..1_024).filter(|number| !open.contains(number)).collect()
}

fn limit_descriptors(stage: &Stage, most: usize) {
    let pid = stage.bench.appliance.pid().to_string();
    let status = Command::new("prlimit").args(["--pid", &pid, &format!("--nofile={most}:")]).status().unwrap();
    assert!(status.success());
}

/// So much mail that the pipe of the log is full, then one more.
async fn unread_log(stage: &Stage, scene: &Scene) {
    stage.bench.appliance.hold_log(true);
    let mut sender = Sender::connect(stage.bench.appliance.listeners[0], &SenderConfig::plain()).await.unwrap();
    for number in 0..150 {
        let mail = outgoing(&plain_mail(&format!("unread-{number}-{}", stage.made), "ada@contoso.example", 500));
        assert!(sender.send(&mail).await.is_accepted(), "{number}");
    }
    sender.quit().await.unwrap();
    scene.allow(1);
    scene.tried(1).await;
    stage.bench.appliance.hold_log(false);
}
