//! Ends of data that are none (CVE-2023-51764 and its kin): whatever stands for CRLF.CRLF elsewhere is content here, and
//! refused content at that. No second message ever comes of it.

use super::*;

/// The list that public scanners try.
pub(crate) const FALSE_ENDS: [&str; 9] =
    ["\n.\n", "\n.\r", "\r.\n", "\r.\r", "\n.\r\n", "\r.\r\n", "\r\n\0.\r\n", "\r\n.\r\r\n", "\r\r\n.\r\r\n"];

const EVIL: &str = "MAIL FROM:<evil@example.com>\r\nRCPT TO:<victim@example.com>\r\nDATA\r\nevil\r\n";

#[test]
fn a_false_end_is_refused_content_at_every_split() {
    for start in [Start::Secured, Start::Loopback] {
        for end in FALSE_ENDS {
            for before in ["", "x", "x\r\n", "x\r\n.x", "\r\n\r\n", "x\r\n..", "x\r\n\r\n"] {
                let message = format!("{before}{end}{EVIL}\r\n.\r\n");
                for at in 0..=message.len() {
                    let mut talk = Talk::start(start, Owner::Prompt);
                    talk.say(b"MAIL FROM:<a@b.example>\r\nRCPT TO:<x@y.example>\r\nDATA\r\n");
                    let (one, two) = message.as_bytes().split_at(at);
                    talk.say(one);
                    talk.say(two);
                    talk.say(b"NOOP\r\n");
                    let told = talk.told.join("|");
                    assert!(told.ends_with("reset BareLineEnd"), "{message:?} split at {at}: {told}");
                    assert!(
                        !told.contains("mail <evil") && !told.contains("|end"),
                        "{message:?} split at {at}: {told}"
                    );
                    assert_eq!(talk.replies()[2..], ["354", "550 5.6.11", "250 2.0.0"], "{message:?} split at {at}");
                }
            }
        }
    }
}

#[test]
fn a_false_end_in_a_chunk_is_content() {
    for end in FALSE_ENDS {
        let message = format!("x{end}{EVIL}");
        for at in 0..=message.len() {
            let mut config = config(Start::Loopback);
            config.offer.size = Some(Some(1_000));
            let mut talk = Talk::new(config, Owner::Prompt);
            talk.say(b"EHLO a\r\n");
            talk.say(b"MAIL FROM:<a@b.example>\r\nRCPT TO:<x@y.example>\r\n");
            talk.say(format!("BDAT {} LAST\r\n", message.len()).as_bytes());
            let (one, two) = message.as_bytes().split_at(at);
            talk.say(one);
            talk.say(two);
            let body = format!("body {}", message.as_bytes().escape_ascii());
            assert_eq!(talk.told[4..], [body, "end".to_owned()], "{message:?} split at {at}");
        }
    }
}
