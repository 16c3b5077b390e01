//! Whatever is changed in whatever order: a snapshot made from what the store gives chooses what the slow evaluator
//! chooses, which reads the rows by SQL.
use std::collections::BTreeSet;

use bytes::Bytes;

use super::*;
use crate::imprint::{BodyFacts, HeaderBlock, Kind};
use crate::oracle::generate::{Dice, Times, head, letter, tenant as any_tenant};
use crate::oracle::{Letter, decide};
use crate::tenant::{Choice, Envelope, Snapshot};

/// The rules, people and groups of a generated tenant under another name.
fn named(number: usize, dice: &mut Dice, times: &Times) -> TenantFile {
    let mut json = any_tenant(dice, times);
    json["microsoft_tenant_id"] = serde_json::json!(format!("bf24ff3e-0000-4000-8000-00000000000{number}"));
    TenantFile::parse(of(number, &json.to_string()).as_bytes()).unwrap()
}

fn of(number: usize, text: &str) -> String {
    text.replace("contoso", &format!("t{number}"))
}

fn letter_of(number: usize, dice: &mut Dice, times: &Times) -> Letter {
    let written = letter(dice, times);
    Letter {
        from: of(number, &written.from),
        mail_from: written.mail_from.as_deref().map(|address| of(number, address)),
        sender: written.sender.as_deref().map(|address| of(number, address)),
        to: written.to.iter().map(|address| of(number, address)).collect(),
        rich: false,
        signed: false,
        ..written
    }
}

/// What each recipient gets by the engine.
fn chosen(snapshot: &Snapshot, letter: &Letter) -> Vec<String> {
    let kind = match letter.kind {
        "reply" => Kind::Reply,
        "forward" => Kind::Forward,
        _ => Kind::First,
    };
    let body =
        BodyFacts { kind, html: letter.html, plain: true, rich: letter.rich, signature_words: Vec::new(), seen: None };
    let envelope = Envelope { sender: letter.mail_from.as_deref(), recipients: &letter.to, octets: letter.octets };
    let head = HeaderBlock::parse(Bytes::from(head(letter) + "\n\n"));
    match snapshot.candidates(&envelope, &head, letter.now.parse().unwrap()) {
        Err(reason) => vec![reason.word().to_owned(); letter.to.len()],
        Ok(candidates) => {
            let ids = |choice: &Choice| match choice {
                Choice::Sign(signed) => signed.signature_ids().collect::<Vec<_>>().join("+"),
                Choice::Leave(reason) => reason.word().to_owned(),
            };
            candidates.choose(snapshot, &body).iter().map(ids).collect()
        }
    }
}

async fn snapshots_choose_what_the_rows_say(place: Place) {
    let stores = [place.open().await, place.open().await];
    let seed = u64::try_from(now_ms()).unwrap();
    println!("seed {seed}");
    let (mut dice, times) = (Dice(seed), Times::fixed());
    let mut answers = BTreeSet::new();
    for _ in 0..60 {
        let number = dice.number(3);
        let name = tenant(&format!("t{number}"));
        let store = &stores[dice.number(2)];
        match dice.number(8) {
            0 => store.delete(&name).await.map(drop).unwrap_or_default(),
            1 => store.set_mode(&name, Mode::Observe).await.map(drop).unwrap_or_default(),
            _ => drop(store.import(&named(number, &mut dice, &times)).await.unwrap()),
        }
        let mut work = stores[0].backend.read(Scope::Region).await.unwrap();
        let rows = rows_by_sql::tenant(&mut work, name.as_str()).await;
        work.rollback().await.unwrap();
        let stored = stores[1].load(&name).await.unwrap();
        assert_eq!(rows.is_some(), stored.is_some());
        let (Some(rows), Some(stored)) = (rows, stored) else { continue };
        let snapshot = Snapshot::compile(stored.file, stored.secrets, stored.revision).unwrap();
        for _ in 0..8 {
            let letter = letter_of(number, &mut dice, &times);
            let expected: Vec<String> = letter.to.iter().map(|to| decide(&rows, &letter, to)).collect();
            assert_eq!(chosen(&snapshot, &letter), expected, "{letter:?}\n{rows:#}");
            answers.extend(expected);
        }
    }
    assert!(answers.len() > 12, "the rules say little: {answers:?}");
}

on_both!(snapshots_choose_what_the_rows_say);
