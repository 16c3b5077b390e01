//! Random next hops: nothing panics, splits change nothing, and no success is heard that was not said.

use proptest::prelude::*;

use super::*;

const WORDS: [&str; 16] = [
    "250 OK\r\n",
    "250-more\r\n",
    "250",
    "354 go\r\n",
    "421 bye\r\n",
    "451 4.7.500 later\r\n",
    "550 5.1.1 no\r\n",
    "554-no\r\n554 no\r\n",
    "\r\n",
    "\r",
    "\n",
    " ",
    "-",
    "\0",
    "x",
    "2",
];

fn heard() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        20 => proptest::sample::select(WORDS.to_vec()).prop_map(|word| word.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..5),
    ];
    proptest::collection::vec(word, 0..12).prop_map(|words| words.concat())
}

/// What a session can be in the middle of.
fn begin(kind: u8) -> Talk {
    let mut talk = if kind == 0 { Talk::new(Tls::Required) } else { Talk::ready(PIPELINING) };
    let (client, now) = (&mut talk.client, talk.now);
    match kind {
        2 => {
            client.mail(&mail("a@b.example"), now);
            client.rcpt(&rcpt("a@b.example"), now);
            client.rcpt(&rcpt("a@b.example"), now);
            client.data(now);
        }
        3 => {
            client.chunk(1, false, now);
            client.body(Bytes::from_static(b"x")).unwrap();
            client.chunk(2, true, now);
            client.body(Bytes::from_static(b"y")).unwrap();
        }
        4 => {
            client.chunk(0, true, now);
            client.reset(now);
            client.quit(now);
        }
        _ => {}
    }
    talk
}

fn hear(kind: u8, heard: &[u8], piece: usize) -> Vec<String> {
    let mut talk = begin(kind);
    for octets in heard.chunks(piece.max(1)) {
        talk.hear(octets);
        assert!(talk.input.len() < 2_048);
    }
    talk.client.closed_by_peer(talk.now);
    assert_eq!(talk.client.poll_timeout(), None);
    talk.told()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn splits_change_nothing(heard in heard(), kind in 1u8..5, piece in 1usize..10) {
        let whole = hear(kind, &heard, heard.len());
        prop_assert_eq!(&hear(kind, &heard, piece), &whole);
        prop_assert_eq!(&hear(kind, &heard, 1), &whole);
        let text = String::from_utf8_lossy(&heard);
        for told in &whole {
            if let Some(reply) = told.strip_prefix("EndOfMessage 2") {
                prop_assert!(text.contains(&format!("2{}", &reply[..2])), "{told} was never said");
                prop_assert!(kind == 4, "the content was not out");
            }
        }
        prop_assert!(whole.iter().filter(|told| told.starts_with("failed")).count() <= 1);
    }

    #[test]
    fn no_octets_make_the_opening_panic(heard in heard(), piece in 1usize..10) {
        hear(0, &heard, piece);
    }
}
