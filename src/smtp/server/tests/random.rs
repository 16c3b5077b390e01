//! Random sessions: nothing panics, and neither splits nor the owner's pace change what comes of them.

use proptest::prelude::*;

use super::*;

/// Words that lead somewhere.
const WORDS: [&str; 30] = [
    "MAIL FROM:<a@b.example>\r\n",
    "MAIL FROM:<> SIZE=10 BODY=BINARYMIME\r\n",
    "RCPT TO:<x@y.example>\r\n",
    "RCPT TO:<refused@y.example>\r\n",
    "RCPT TO:<>\r\n",
    "MAIL FROM:<a@b.example>\r\nRCPT TO:<x@y.example>\r\n",
    "BDAT 3\r\n",
    "BDAT 3 LAST\r\n",
    "BDAT 0 LAST\r\n",
    "BDAT x\r\n",
    "BDAT 99\r\n",
    "RSET\r\n",
    "NOOP\r\n",
    "QUIT\r\n",
    "abc",
    "\r\n",
    "\r",
    "\n",
    "\0",
    ".",
    ".\r\n",
    "\r\n.\r\n",
    "x\r\n",
    "..\r\n",
    " ",
    "RCPT",
    "VRFY x\r\n",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "\u{e4}",
    "HELP\r\n",
];

/// Words after which a peer has to wait.
const STOPS: [&str; 5] = ["DATA\r\n", "EHLO a.example\r\n", "HELO a\r\n", "STARTTLS\r\n", ""];

fn steps() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let word = prop_oneof![
        12 => proptest::sample::select(WORDS.to_vec()).prop_map(|word| word.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..8),
    ];
    let step = (proptest::collection::vec(word, 0..6), proptest::sample::select(STOPS.to_vec()))
        .prop_map(|(words, stop)| [words.concat(), stop.as_bytes().to_vec()].concat());
    proptest::collection::vec(step, 0..8)
}

fn run(start: Start, steps: &[Vec<u8>], cuts: &[usize], owner: Owner) -> (Vec<String>, Vec<String>) {
    let mut talk = Talk::start(start, owner);
    let mut cuts = cuts.iter().cycle();
    for step in steps {
        let mut rest = step.as_slice();
        while !rest.is_empty() {
            let size = cuts.next().map_or(rest.len(), |cut| *cut.min(&rest.len()));
            let (piece, after) = rest.split_at(size.max(1));
            talk.say(piece);
            rest = after;
        }
        talk.rest();
        assert!(talk.server.poll_timeout().is_some() || talk.told.last().is_some_and(|told| told == "close"));
    }
    talk.result()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn splits_and_pace_change_nothing(
        steps in steps(),
        start in proptest::sample::select(vec![Start::Fresh, Start::Secured, Start::Loopback]),
        cuts in proptest::collection::vec(1usize..40, 1..6),
    ) {
        let whole = run(start, &steps, &[], Owner::Prompt);
        prop_assert_eq!(&run(start, &steps, &[], Owner::Late), &whole);
        prop_assert_eq!(&run(start, &steps, &cuts, Owner::Prompt), &whole);
        prop_assert_eq!(&run(start, &steps, &[1], Owner::Late), &whole);
    }

    #[test]
    fn no_octets_make_it_panic(octets in proptest::collection::vec(any::<u8>(), 0..400), size in 1usize..50) {
        for start in [Start::Fresh, Start::Secured] {
            let mut talk = Talk::start(start, Owner::Late);
            for piece in octets.chunks(size) {
                talk.say(piece);
                talk.rest();
            }
            talk.server.closed_by_peer(talk.now);
            talk.act();
            prop_assert_eq!(talk.told.last().map(String::as_str), Some("close"));
        }
    }
}
