//! What the sender of a pair does: messages made from the seed, with what XFORWARD can tell of their clients.

use std::collections::VecDeque;

use bytes::Bytes;

use super::Step;
use crate::smtp::seeds::Random;
use crate::smtp::{ClientAttribute, Extensions, Forwarded, Mail, Parameter, Path, Rcpt, command, xtext};

/// A few messages, by DATA and by BDAT, some given up half way.
pub(super) fn script(random: &mut Random) -> VecDeque<Step> {
    let mut steps = VecDeque::new();
    for number in 0..1 + random.below(5) {
        let from = format!("sender{number}@a.example");
        steps.push_back(Step::Forward(client(random)));
        steps.push_back(Step::Mail(Mail::from(Path::parse(from).unwrap())));
        if random.below(2) == 0 {
            steps.push_back(Step::Wait);
        }
        for recipient in 0..1 + random.below(6) {
            let to = format!("\"to {recipient}\"@b{number}.example");
            steps.push_back(Step::Rcpt(Rcpt::to(Path::parse(to).unwrap())));
        }
        steps.push_back(Step::Gate);
        let give_up = random.below(6) == 0;
        if random.below(2) == 0 {
            if !give_up {
                by_data(random, &mut steps);
            }
        } else {
            by_chunks(random, &mut steps, give_up);
        }
        if give_up {
            steps.push_back(Step::Reset);
        }
        steps.push_back(Step::Wait);
    }
    steps.push_back(Step::Quit);
    steps
}

/// Any attributes with any values, or nothing.
fn client(random: &mut Random) -> Forwarded {
    let mut parameters = Vec::new();
    for attribute in ClientAttribute::ALL {
        if random.below(3) > 0 {
            continue;
        }
        let octets = random.words(&["mx.example", "[UNAVAILABLE]", "\r\n", "+", "=", " ", "\u{e4}", "\0"]);
        let mut value = b"x".to_vec();
        xtext::encode(octets.get(..octets.len().min(200)).unwrap_or_default(), &mut value);
        let keyword = Bytes::from(attribute.word());
        parameters.push(Parameter { keyword, value: Some(value.into()) });
    }
    Forwarded::read(&parameters).unwrap_or_default()
}

/// What of it can arrive: what is offered and fits a line.
pub(super) fn offered(forwarded: &Forwarded, extensions: &Extensions) -> Forwarded {
    let mut arrives = Forwarded::default();
    for command in forwarded.commands(&extensions.xforward) {
        let line = command.slice(..command.len() - 2);
        let Ok(command::Command::Forward(part)) = command::parse(&line) else { panic!("{line:?}") };
        arrives.update(part);
    }
    arrives
}

fn by_data(random: &mut Random, steps: &mut VecDeque<Step>) {
    steps.extend([Step::Data, Step::Wait]);
    let mut content = random.words(&["a", ".", "\r\n", "\r\n.", "..", "word ", "\u{e4}"]);
    content.extend_from_slice(b"\r\n");
    cut(random, content.into(), steps);
    steps.extend([Step::EndOfData, Step::Wait]);
}

fn by_chunks(random: &mut Random, steps: &mut VecDeque<Step>, give_up: bool) {
    let chunks = 1 + random.below(4);
    for chunk in 1..=chunks {
        let content = random.words(&["a", "\n", "\r", "\r\n.\r\n", "\0", "QUIT\r\n", "BDAT 9\r\n"]);
        steps.push_back(Step::Chunk(content.len() as u64, chunk == chunks && !give_up));
        cut(random, content.into(), steps);
        if random.below(3) == 0 {
            steps.push_back(Step::Wait);
        }
    }
}

fn cut(random: &mut Random, mut content: Bytes, steps: &mut VecDeque<Step>) {
    while !content.is_empty() {
        let size = random.size(content.len()).max(1);
        steps.push_back(Step::Body(content.split_to(size)));
    }
}
