//! Reading a header block of the size that Exchange Online sends, and asking it what the choice of a signature asks.

use std::hint::black_box;

use bytes::Bytes;
use signet::imprint::HeaderBlock;

use crate::case::{Case, ready};
use crate::mail;

pub fn cases() -> Vec<Case> {
    let header = || Bytes::from(format!("{}\r\n", mail::header("text/plain; charset=utf-8")));
    let parse = Case::new("headers/parse", move || {
        let header = header();
        ready(move || {
            black_box(HeaderBlock::parse(black_box(header.clone())));
        })
    });
    let questions = Case::new("headers/questions", move || {
        let block = HeaderBlock::parse(header());
        ready(move || {
            let block = black_box(&block);
            black_box((block.only("X-OriginatorOrg").is_some(), block.addresses("From"), block.text("Subject")));
        })
    });
    vec![parse, questions]
}
