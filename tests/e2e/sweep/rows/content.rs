//! Rows 24 to 31, 34 and 35: while the content is under way, before the commit point.

use standin::exchange::{At, Rule};
use standin::fault_proxy::{Act, Fault, Point, Way};

use super::opening::once;
use crate::sweep::case::{Case, Depth, Shape};
use crate::sweep::row::{End, Kind, Row, Told, row};

pub fn rows() -> Vec<Row> {
    vec![
        row(24, "the sender drops within the content").on(Kind::Plain).told(Told::Nothing).sender(|case| {
            let step = if case.depth == Depth::One { 2_300 } else { 500 };
            let acts = [Act::Cut, Act::Reset].into_iter().cycle();
            let places = (1..).map(|count| 300 + count * step).take_while(|at| *at < 8_000);
            places.zip(acts).map(|(at, act)| once(Way::ToServer, Point::After(at), act)).collect()
        }),
        row(24, "the sender drops within the content, under TLS").told(Told::Nothing).octets(20_000).sender(|case| {
            let step = if case.depth == Depth::One { 9_000 } else { 1_500 };
            let places = (1..).map(|count| 2_000 + count * step).take_while(|at| *at < 20_000);
            places.map(|at| once(Way::ToServer, Point::After(at), Act::Reset)).collect()
        }),
        row(25, "the sender drops at the edge of a chunk")
            .on(Kind::Plain)
            .told(Told::Nothing)
            .only(|shape| shape != Shape::Data)
            .sender(edges),
        row(26, "the sender stands still within the content")
            .on(Kind::HastyWithSenders)
            .octets(60_000)
            .told(Told::Refusal(421, "4.4.2"))
            .sender(|_| vec![once(Way::ToServer, Point::After(20_000), Act::Swallow)]),
        row(27, "the content grows over the limit")
            .on(Kind::SmallMessages)
            .octets(150_000)
            .message(|message| message.claimed_octets = Some(5_000))
            .told(Told::Refusal(552, "5.3.4"))
            .end(End::Refused),
        row(28, "the next hop dies within the content").told(Told::Refusal(451, "4.4.2")).script(|case| {
            let places: &[u64] = if case.depth == Depth::One { &[1_500] } else { &[1, 700, 1_500, 3_000] };
            places.iter().map(|at| Rule::at(At::Content(*at)).times(1).disconnect()).collect()
        }),
        row(29, "the next hop answers 4xx within the content").told(Told::Later).script(|_| {
            vec![Rule::at(At::Content(1_500)).times(1).raw(b"452 4.3.1 Insufficient system resources\r\n").close()]
        }),
        row(30, "the next hop reads no more")
            .on(Kind::HastyWithNextHops)
            .octets(12_000_000)
            .told(Told::Refusal(451, "4.4.2"))
            .next_hop(|_| vec![once(Way::ToServer, Point::After(50_000), Act::StopReading)]),
        row(31, "the text cannot be read, and the mail passes").message(unreadable),
        row(31, "no time to sign, and the tenant wants to wait")
            .on(Kind::Deferring)
            .octets(3_000_000)
            .told(Told::Refusal(451, "4.3.0"))
            .end(End::Deferred),
        row(34, "no time to sign").on(Kind::NoTime).octets(3_000_000),
        row(35, "no memory for one more").on(Kind::LittleMemory).told(Told::Refusal(452, "4.3.1")).beside(
            |stage, scene| {
                Box::pin(async move {
                    let mut others = Vec::new();
                    loop {
                        let mut other = stage.bench.sender().await;
                        let reply = other.command("MAIL FROM:<ada@contoso.example>").await.unwrap();
                        if reply.code == 452 {
                            break;
                        }
                        assert!(reply.is_success() && others.len() < 1_000, "{reply}");
                        others.push(other);
                    }
                    scene.allow(1);
                    scene.tried(1).await;
                    // Those that were let in go on.
                    for mut other in others {
                        let reply = other.command("RCPT TO:<bob@example.org>").await.unwrap();
                        assert!(reply.is_success(), "{reply}");
                        assert!(other.command("RSET").await.unwrap().is_success());
                    }
                })
            },
        ),
    ]
}

/// Before, within and behind the line that begins a chunk, and one octet before its end. No pattern begins with what
/// ends a message: the proxy would wait for the rest of it.
fn edges(case: &Case) -> Vec<Fault> {
    let chunk = |octets: usize, nth: usize| Point::In { pattern: b"BDAT ".to_vec(), octets, nth };
    let last = |octets: usize| Point::inside(b" LAST\r\n", octets);
    let mut points = vec![chunk(1, 1), last(6), last(7)];
    if case.depth == Depth::Whole {
        points.extend([chunk(0, 1), chunk(5, 1), last(1)]);
        if case.shape == Shape::Chunks {
            points.extend([chunk(0, 2), chunk(1, 2), chunk(5, 2), chunk(5, 3)]);
        }
    }
    points.into_iter().map(|point| once(Way::ToServer, point, Act::Cut)).collect()
}

fn unreadable(message: &mut standin::exchange::Outgoing) {
    let text = String::from_utf8(message.content.to_vec()).unwrap();
    message.content = text.replace("charset=us-ascii", "charset=utf-7").into();
}
