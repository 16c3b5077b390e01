//! Golden mails: whole messages of real clients, written by us, and what must become of them, octet for octet.

use super::*;

const HTML: &str =
    "<div class=\"signet-abcdefghijk23\"><p>Ada V\u{e4}nce, Contoso</p><img src=\"cid:logo\" alt=\"Contoso\"></div>";

macro_rules! golden {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("golden/", $name, ".in.eml")), include_str!(concat!("golden/", $name, ".out.eml")))),*]
    };
}

const MAILS: &[(&str, &str, &str)] = golden![
    "apple-interleaved",
    "gmail-forward",
    "iphone-photo",
    "owa-reply",
    "thunderbird-flowed",
    "word-logo",
    "word-mixed",
];

#[test]
fn mails_of_real_clients_come_out_as_they_must() {
    let mut piece = piece(HTML, "Ada V\u{e4}nce\n--\nContoso");
    piece.images.push(Image { bytes: Bytes::from_static(b"\x89PNG-is-not-read"), ..logo() });
    let stamp = Stamp::new(vec![piece]);
    for (name, before, after) in MAILS {
        let message = crlf(before);
        let run = run(&message, &stamp);
        for fed in (0..message.len()).step_by(61).map(Fed::SplitAt).chain([Fed::ByOctet]) {
            assert_eq!(run_with(&message, &stamp, fed, Limits::default()).out, run.out, "{name} {fed:?}");
        }
        assert_eq!(run.text().replace("\r\n", "\n"), *after, "{name}");
        assert!(!run.text().replace("\r\n", "").contains(['\r', '\n']), "{name}: line ends stay CRLF");
    }
}
