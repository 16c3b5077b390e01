//! Plays one case of a row: provokes the fault, lets the sender deliver until it is settled, and judges.

use standin::conservation::{Balance, Book, Mailer, Try, plain_mail};
use standin::exchange::{At, Fate, Gate, Outgoing, Rule};
use tokio::sync::watch;

use super::case::Case;
use super::row::{Beside, End, Provoke, Row, Told};
use super::stage::{DEADLINE, Stage};
use crate::bench::outgoing;
use crate::faults::refusal;

/// What belongs to one case alone.
pub struct Scene {
    pub case: Case,
    pub book: Book,
    pub message: Outgoing,
    /// Part of the Message-ID.
    pub id: String,
    /// How many tries the scene beside has let happen.
    allowed: watch::Sender<usize>,
    tried: watch::Sender<usize>,
}

/// For what plays beside the delivery.
impl Scene {
    /// Lets the sender's try with this number happen, and those before; none happens unasked.
    pub fn allow(&self, tries: usize) {
        self.allowed.send_replace(tries);
    }

    fn allow_all(&self) {
        self.allow(usize::MAX);
    }

    /// Waits until so many tries are over.
    pub async fn tried(&self, tries: usize) {
        let mut tried = self.tried.subscribe();
        // The sender lives as long as the scene.
        let _ = tried.wait_for(|count| *count >= tries).await;
    }

    async fn may_try(&self, number: usize) {
        let mut allowed = self.allowed.subscribe();
        let _ = allowed.wait_for(|count| *count >= number).await;
    }
}

/// Plays it; the findings are empty when all went as the row says.
pub async fn play(stage: &mut Stage, row: &Row, case: &Case) -> (Balance, Vec<String>) {
    stage.made += 1;
    let id = format!("case-{}.row-{}", stage.made, row.number);
    let mut message = case.shaped(outgoing(&plain_mail(&id, "ada@contoso.example", row.octets)));
    (row.message)(&mut message);
    let (allowed, tried) = (watch::Sender::new(0), watch::Sender::new(0));
    let scene = Scene { case: *case, book: Book::new(), message, id, allowed, tried };
    let missed = deliver(stage, row, &scene).await;
    stage.quiet().await;
    stage.heal();
    let (balance, mut findings) = scene.book.balance(&stage.taken(&scene.id));
    findings.extend(missed);
    findings.extend(answered_otherwise(row, &scene));
    if !findings.is_empty() {
        findings.push(stage.bench.appliance.log().lines().rev().take(12).collect::<Vec<_>>().join("\n"));
    }
    (balance, findings)
}

/// Gives what went wrong with the provocation itself.
async fn deliver(stage: &mut Stage, row: &Row, scene: &Scene) -> Option<String> {
    let config = (row.connects)(stage, stage.sender_config(row.patience));
    let mut mailer = Mailer::new(&scene.book, &[stage.sender.address()], config);
    mailer.tries += provoke(stage, row, scene);
    if row.end == End::Deferred {
        // It stays as it is: two tries show what more would show.
        mailer.tries = 2;
    }
    let mut missed = None;
    match &row.provoke {
        Provoke::Beside(beside) => deliver_beside(stage, row, scene, &mut mailer, *beside).await,
        Provoke::Failpoint(point, action) | Provoke::FailpointAtTheEnd(point, action) => {
            missed = deliver_to_a_failpoint(stage, row, scene, &mut mailer, point, action).await;
        }
        _ => {
            mailer.deliver(&scene.message, async |one: &Try| after_a_try(stage, row, scene, one).await).await;
        }
    }
    mailer.quit().await;
    missed
}

/// Asks for the fault; gives how many tries it may cost.
fn provoke(stage: &Stage, row: &Row, scene: &Scene) -> usize {
    match &row.provoke {
        Provoke::Nothing | Provoke::Beside(_) => 0,
        Provoke::Script(rules) => {
            let rules = rules(&scene.case);
            let count = rules.len();
            rules.into_iter().for_each(|rule| stage.bench.exchange.script(rule));
            count
        }
        Provoke::Sender(faults) => {
            let faults = faults(&scene.case);
            let count = faults.len();
            faults.into_iter().for_each(|fault| stage.sender.fault(fault));
            count
        }
        Provoke::NextHop(faults) => {
            let faults = faults(&scene.case);
            let count = faults.len();
            faults.into_iter().for_each(|fault| stage.next_hop.fault(fault));
            count
        }
        Provoke::Failpoint(point, action) => {
            stage.arm(point, action);
            1
        }
        Provoke::FailpointAtTheEnd(point, action) => {
            let gate = Gate::new();
            stage.bench.exchange.script(Rule::at(At::EndOfMessage).times(1).wait(&gate));
            let (file, action) = (stage.point(point), *action);
            tokio::spawn(async move {
                if gate.reached(1, DEADLINE).await {
                    std::fs::write(file, action).unwrap();
                    gate.open();
                }
            });
            1
        }
    }
}

/// The delivery and a scene of its own at the same time; the scene says which try may happen.
async fn deliver_beside(stage: &Stage, row: &Row, scene: &Scene, mailer: &mut Mailer, beside: Beside) {
    let beside = async {
        beside(stage, scene).await;
        scene.allow_all();
    };
    let delivering = async {
        scene.may_try(1).await;
        let mut count = 0;
        let between = async |one: &Try| {
            count += 1;
            scene.tried.send_replace(count);
            scene.may_try(count + 1).await;
            after_a_try(stage, row, scene, one).await;
        };
        mailer.deliver(&scene.message, between).await;
        scene.tried.send_replace(usize::MAX);
    };
    let both = async { tokio::join!(beside, delivering) };
    tokio::time::timeout(DEADLINE, both).await.expect("the scene does not end");
}

/// A process that died is started anew.
async fn deliver_to_a_failpoint(
    stage: &mut Stage,
    row: &Row,
    scene: &Scene,
    mailer: &mut Mailer,
    point: &str,
    action: &str,
) -> Option<String> {
    let mut noted = false;
    let between = async |one: &Try| {
        if noted || !stage.has_struck(point) {
            return;
        }
        noted = true;
        if row.may_be_twice(scene.case.ledger) {
            scene.book.incident_at(point, one.ended);
        }
        // The error of this one is an abort.
        if action.starts_with("abort") || point == "half_written" {
            stage.restart();
        }
    };
    mailer.deliver(&scene.message, between).await;
    if stage.until_struck(point).await {
        return None;
    }
    stage.disarm(point);
    Some(format!("nobody came by the failpoint {point}"))
}

/// Between two tries: what was under way is over, and what struck in the window is in the book where it may explain a
/// duplicate.
async fn after_a_try(stage: &Stage, row: &Row, scene: &Scene, one: &Try) {
    if one.delivery.lost.is_some() {
        stage.quiet().await;
    }
    if !row.may_be_twice(scene.case.ledger) {
        return;
    }
    for struck in stage.sender.struck().into_iter().chain(stage.next_hop.struck()) {
        scene.book.incident_at(row.fault, struck.at);
    }
    if let Provoke::Script(_) | Provoke::Beside(_) = row.provoke {
        // What the next hop does, it does when it takes the message.
        for taken in stage.taken(&scene.id) {
            scene.book.incident_at(row.fault, taken.at);
        }
        scene.book.incident_at(row.fault, one.ended);
    }
}

/// What the sender was told by its first try and in the end, held against the row.
fn answered_otherwise(row: &Row, scene: &Scene) -> Vec<String> {
    let mut findings = Vec::new();
    let tries = scene.book.tries(&scene.message);
    let Some(first) = tries.first() else { return vec!["nothing was tried".to_owned()] };
    if !is_told(row.told, first) {
        findings.push(format!("told otherwise than {:?}: {:#?}", row.told, first.delivery));
    }
    let fates = scene.book.fates(&scene.message);
    let ended = fates.iter().enumerate().all(|(index, fate)| match (row.end, fate) {
        (End::Delivered, Fate::Delivered) | (End::Refused, Fate::Refused(_)) | (End::Deferred, Fate::Deferred(_)) => {
            true
        }
        (End::FirstRefused, Fate::Refused(_)) => index == 0,
        (End::FirstRefused, Fate::Delivered) => index > 0,
        _ => false,
    });
    if !ended {
        findings.push(format!("ended otherwise than {:?}: {fates:#?} after {tries:#?}", row.end));
    }
    findings
}

fn is_told(told: Told, first: &Try) -> bool {
    let delivery = &first.delivery;
    let refused = refusal(delivery);
    let replies = delivery.mail.iter().chain(&delivery.recipients).chain(&delivery.data);
    let mut replies = replies.chain(&delivery.chunks).chain(&delivery.end);
    let mut says = |code: u16, enhanced: &str| {
        replies.any(|reply| reply.code == code && reply.text().split(' ').next() == Some(enhanced))
    };
    match told {
        Told::Refusal(code, enhanced) => says(code, enhanced) && !delivery.is_accepted(),
        Told::First(code, enhanced) => {
            let others = first.fates.iter().skip(1).all(|fate| *fate == Fate::Delivered);
            says(code, enhanced) && others && !matches!(first.fates.first(), Some(Fate::Delivered))
        }
        Told::Nothing => delivery.lost.is_some() && delivery.end.is_none(),
        Told::Later => refused.map_or(delivery.lost.is_some(), |reply| reply.is_temporary()) && !delivery.is_accepted(),
        Told::Accepted => delivery.is_accepted() && refused.is_none(),
    }
}
