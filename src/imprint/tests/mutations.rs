//! Every fuzz target over seeds and 20,000 mutations of them, from a seed that is printed.

use std::hash::{BuildHasher, RandomState};

use super::super::fuzz;
use super::super::tnef::rtf_compressed::pack;

/// Mutations for each target.
const MUTATIONS: usize = 20_000;

/// What changes much where it stands.
const TOKENS: [&[u8]; 24] = [
    b"\r\n",
    b"\n",
    b"--b",
    b"--b--\r\n",
    b"\r\n\r\n",
    b"<!--",
    b"-->",
    b"<div>",
    b"</div>",
    b"<table>",
    b"> ",
    b"From: ",
    b"=\r\n",
    b"=3D",
    b"{",
    b"}",
    b"\\u-10179?",
    b"\\'e4",
    b"\\bin9999999",
    b"{\\*\\htmltag64 ",
    b"\xff\xff\xff\xff",
    b"\0\0\0\0",
    b"On 3 May 2026 at 10:00, Ada wrote:\r\n",
    b"\xef\xbb\xbf",
];

const MESSAGES: [&[u8]; 7] = [
    include_bytes!("golden/apple-interleaved.in.eml"),
    include_bytes!("golden/gmail-forward.in.eml"),
    include_bytes!("golden/iphone-photo.in.eml"),
    include_bytes!("golden/owa-reply.in.eml"),
    include_bytes!("golden/thunderbird-flowed.in.eml"),
    // Its first picture is that of the stamp.
    include_bytes!("golden/word-logo.in.eml"),
    include_bytes!("golden/word-mixed.in.eml"),
];

const RTF: [&[u8]; 3] = [
    b"{\\rtf1\\ansi\\ansicpg1252\\fromtext{\\fonttbl{\\f0 x;}}Hello\\par\r\nOn 1 May 2024, Bob wrote:\\par\r\n> Hi\\par}",
    b"{\\rtf1\\ansi\\fromhtml1{\\fonttbl{\\f0\\fcharset128 x;}}{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 \\'93\\'fa{\\*\\htmltag72 </p>}\\htmlrtf\\par}\\htmlrtf0 x}",
    b"{\\rtf1\\deff0{\\fonttbl{\\f0 Arial;}}{\\colortbl;\\red1;}\\pard Hi\\u228?\\par{\\b From:} Bob\\par\\trowd\\pard\\intbl a\\cell\\row}",
];

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let text = |all: &[&[u8]]| all.iter().map(|one| one.to_vec()).collect();
    match target {
        "header" | "message" | "html" | "plain" => text(&MESSAGES),
        "quoted_printable" => [&MESSAGES[..], &[b"\xffZo=C3=AB = \r\nand=20Ada=0D=0A= \t\r\n "]]
            .concat()
            .into_iter()
            .map(<[u8]>::to_vec)
            .collect(),
        "base64" => vec![b"7SGVsbG8gd29ybGQsIHRoaXMgaXMgYSBsaW5l\r\nU2Vjb25kIGxpbmUgb2YgdGV4dA==\r\n".to_vec()],
        "charset" => super::unicode::seeds(),
        "tnef" => RTF.iter().map(|rtf| super::tnef::mail_of_rtf(rtf)).chain([super::tnef::mail_of_html()]).collect(),
        "compressed_rtf" => RTF.iter().map(|rtf| pack(rtf).unwrap()).collect(),
        "rtf" => text(&RTF),
        other => panic!("{other} has no seeds"),
    }
}

/// Numbers that follow from one another (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end.max(1) as u64).unwrap()
    }

    fn mutate(&mut self, octets: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(octets.len() + 1);
        match self.below(6) {
            0 => octets.truncate(at),
            1 if at < octets.len() => octets[at] ^= 1 << self.below(8),
            2 if at < octets.len() => octets[at] = u8::try_from(self.below(256)).unwrap(),
            3 => drop(octets.splice(at..at, TOKENS[self.below(TOKENS.len())].iter().copied())),
            4 => {
                let end = (at + self.below(40)).min(octets.len());
                octets.drain(at..end);
            }
            _ => {
                let from = self.below(other.len());
                let piece = &other[from..(from + self.below(60)).min(other.len())];
                drop(octets.splice(at..at, piece.iter().copied()));
            }
        }
    }
}

fn check(target: &str) {
    let seeds = seeds(target);
    seeds.iter().for_each(|seed| fuzz::run(target, seed));
    let told = std::env::var("SIGNET_MUTATIONS_SEED").ok().and_then(|seed| seed.parse().ok());
    let start = told.unwrap_or_else(|| RandomState::new().hash_one(target));
    println!("{target}: SIGNET_MUTATIONS_SEED={start}");
    let mut dice = Dice(start);
    for _ in 0..MUTATIONS {
        let (one, other) = (dice.below(seeds.len()), dice.below(seeds.len()));
        let mut octets = seeds[one].clone();
        for _ in 0..=dice.below(4) {
            dice.mutate(&mut octets, &seeds[other]);
        }
        fuzz::run(target, &octets);
    }
}

macro_rules! targets {
    ($($name:ident),*) => {
        $(#[test] fn $name() { check(stringify!($name)); })*

        #[test]
        fn every_target_is_run() {
            let run = [$(stringify!($name)),*];
            assert_eq!(run, fuzz::TARGETS.map(|(name, _)| name));
        }
    };
}

targets!(header, message, html, plain, quoted_printable, base64, charset, tnef, compressed_rtf, rtf);
