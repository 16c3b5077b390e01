//! One message for several legs: each gets what it would have got alone.

use super::*;

/// What each leg gets, fed in slices of so many octets.
fn legs(message: &[u8], stamps: &[Option<Stamp>], slice: usize) -> (Vec<Vec<u8>>, Outcome, Vec<i64>) {
    let whole = Bytes::copy_from_slice(message);
    let mut imprinter = Imprinter::new(Limits::default(), [7; 16]);
    let mut slices = message.chunks(slice);
    let mut out = vec![Vec::new(); stamps.len()];
    loop {
        match imprinter.poll() {
            Step::NeedInput => match slices.next() {
                Some(slice) => imprinter.feed(whole.slice_ref(&whole[offset(message, slice)..][..slice.len()])),
                None => imprinter.end(),
            },
            Step::Headers(_) => {
                imprinter.add(Additions { prepend: Bytes::from_static(TOP.as_bytes()), remove: Vec::new() });
                imprinter.go_on();
            }
            Step::Body(_) => imprinter.sign(stamps.to_vec()),
            Step::Output(Output::All(slice)) => out.iter_mut().for_each(|leg| leg.extend_from_slice(&slice)),
            Step::Output(Output::Leg(leg, slice)) => out[leg].extend_from_slice(&slice),
            Step::Done(outcome) => {
                let growth = (0..stamps.len()).map(|leg| imprinter.growth(leg).unwrap()).collect();
                return (out, outcome, growth);
            }
        }
    }
}

fn offset(whole: &[u8], slice: &[u8]) -> usize {
    slice.as_ptr() as usize - whole.as_ptr() as usize
}

fn named(name: &str) -> Option<Stamp> {
    Some(Stamp::new(vec![piece(&format!("<p>{name}</p>"), name)]))
}

const MESSAGES: [&str; 3] = [
    "Subject: x\r\n\r\nHello\r\n",
    "Subject: RE: x\r\nContent-Type: text/html\r\n\r\n<p>Hello</p><div id=divRplyFwdMsg>From: A<br>Sent: now</div>",
    "Subject: x\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n\
     --b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+SGVsbG88L3A+\r\n--b--\r\n",
];

#[test]
fn each_leg_gets_what_it_would_have_got_alone() {
    for message in MESSAGES.map(str::as_bytes) {
        for slice in [1, 7, message.len()] {
            let stamps = [named("first"), None, named("third, which is longer")];
            let (out, outcome, growth) = legs(message, &stamps, slice);
            assert_eq!((outcome.fate, outcome.covered), (Fate::Signed, true));
            assert_eq!(outcome.octets_out, out[0].len() as u64);
            for (leg, stamp) in stamps.iter().enumerate() {
                let alone = legs(message, std::slice::from_ref(stamp), slice).0.remove(0);
                assert_eq!(String::from_utf8_lossy(&out[leg]), String::from_utf8_lossy(&alone), "{leg}");
                assert_eq!(growth[leg], out[leg].len() as i64 - message.len() as i64, "{leg}");
            }
        }
    }
}

#[test]
fn a_stamp_without_a_place_leaves_the_message_for_every_leg() {
    let message = MESSAGES[0].as_bytes();
    let only_html = Some(Stamp::new(vec![piece("<p>only html</p>", "")]));
    let (out, outcome, growth) = legs(message, &[named("first"), only_html], 7);
    assert_eq!(outcome.fate, Fate::Left(Reason::NoSignature));
    let left = [TOP.as_bytes(), message].concat();
    assert_eq!((out, growth), (vec![left.clone(), left], vec![TOP.len() as i64; 2]));
}

#[test]
fn inline_images_of_two_copies_have_different_names() {
    let image = Image {
        id: "logo".to_owned(),
        content_type: "image/png".to_owned(),
        file_name: "logo.png".to_owned(),
        bytes: Bytes::from_static(b"\x89PNG"),
    };
    let picture = || Piece { images: vec![image.clone()], ..piece("<p><img src=\"cid:logo\"></p>", "SIG") };
    let stamps = [Some(Stamp::new(vec![picture()])), Some(Stamp::new(vec![picture()]))];
    let (out, outcome, _) = legs(MESSAGES[1].as_bytes(), &stamps, 64);
    assert_eq!(outcome.fate, Fate::Signed);
    let content_id = |text: &[u8]| {
        let text = String::from_utf8_lossy(text).into_owned();
        text.lines().find(|line| line.starts_with("Content-ID:")).unwrap().to_owned()
    };
    assert_ne!(content_id(&out[0]), content_id(&out[1]));
}
