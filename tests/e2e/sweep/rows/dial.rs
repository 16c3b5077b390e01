//! Rows 12 to 18: finding the next hop, reaching it, and being let in.

use standin::exchange::{At, Rule};
use standin::fault_proxy::{Act, Point, Way};

use super::opening::once;
use crate::sweep::row::{End, Kind, Row, Told, row};

pub fn rows() -> Vec<Row> {
    vec![
        row(12, "the next hop's port is closed").told(Told::Refusal(451, "4.4.1")).beside(|stage, scene| {
            Box::pin(async move {
                stage.next_hop.close().await.unwrap();
                scene.allow(1);
                scene.tried(1).await;
                stage.next_hop.open().await.unwrap();
            })
        }),
        row(12, "the next hop resets every connection").told(Told::Later).next_hop(|_| {
            vec![once(Way::ToClient, Point::After(0), Act::Reset), once(Way::ToServer, Point::After(0), Act::Cut)]
        }),
        row(12, "the first of two addresses is dead").on(Kind::TwoAddresses),
        row(13, "the next hop drops every SYN").on(Kind::HastyWithNextHops).told(Told::Refusal(451, "4.4.1")).beside(
            |stage, scene| {
                Box::pin(async move {
                    stage.next_hop.close().await.unwrap();
                    let hole = stage.next_hop.black_hole().await.unwrap();
                    scene.allow(1);
                    scene.tried(1).await;
                    drop(hole);
                    stage.next_hop.open().await.unwrap();
                })
            },
        ),
        row(14, "the next hop's name has no address")
            .on(Kind::NoName)
            .told(Told::Refusal(451, "4.4.3"))
            .end(End::Deferred),
        row(14, "the name server is gone since the first answer").on(Kind::NameServerGone),
        row(15, "the next hop's name has a private address")
            .on(Kind::PrivateAddress)
            .told(Told::Refusal(451, "4.4.3"))
            .end(End::Deferred),
        row(16, "the next hop's greeting is 554").told(Told::Later).script(|_| greeting("554 5.3.2 Go away")),
        row(16, "the next hop's greeting is 421").told(Told::Later).script(|_| greeting("421 4.3.2 Busy")),
        row(16, "the next hop's EHLO is refused for good")
            .told(Told::Later)
            .script(|_| vec![Rule::at(At::Hello).times(1).reply("550 5.7.1 Who are you")]),
        row(17, "the next hop offers no STARTTLS")
            .on(Kind::NextHopInPlain)
            .told(Told::Refusal(451, "4.7.5"))
            .end(End::Deferred),
        row(17, "the next hop's certificate is of another name")
            .on(Kind::WrongName)
            .told(Told::Refusal(451, "4.7.5"))
            .end(End::Deferred),
        row(17, "the next hop's certificate is of a strange authority")
            .on(Kind::StrangeAuthority)
            .told(Told::Refusal(451, "4.7.5"))
            .end(End::Deferred),
        row(17, "the next hop's TLS is not available")
            .told(Told::Refusal(451, "4.7.5"))
            .script(|_| vec![Rule::at(At::StartTls).times(1).reply("454 4.7.0 TLS not available")]),
        row(17, "the next hop's handshake is broken off or garbled").told(Told::Later).next_hop(|_| {
            let hello = || Point::behind(b"STARTTLS\r\n");
            vec![
                once(Way::ToServer, hello(), Act::Reset),
                once(Way::ToServer, hello(), Act::Replace(vec![b'x'; 20])),
                once(Way::ToClient, Point::behind(b"220 2.0.0 SMTP server ready\r\n"), Act::Replace(vec![0; 9])),
            ]
        }),
        row(18, "the next hop denies us (5.7.64)").told(Told::First(451, "4.7.1")).script(|_| {
            let denied = "550 5.7.64 TenantAttribution; Relay Access Denied SMTP";
            vec![Rule::at(At::Rcpt).address("bob@example.org").times(1).reply(denied)]
        }),
        row(18, "the next hop denies us at the end (5.7.64)").told(Told::Refusal(451, "4.7.1")).script(|_| {
            let denied = "550 5.7.64 TenantAttribution; Relay Access Denied SMTP";
            vec![Rule::at(At::EndOfMessage).times(1).reply(denied)]
        }),
    ]
}

fn greeting(reply: &str) -> Vec<Rule> {
    vec![Rule::at(At::Greeting).times(1).reply(reply)]
}
