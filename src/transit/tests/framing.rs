//! How the content goes out: by the known total, by DATA, or chunk by chunk; and what is added.

use super::*;
use crate::imprint::stamp_field;

fn commands(story: &Story) -> Vec<String> {
    let content = ["DATA", "BDAT", "end"];
    story.told.iter().filter(|word| content.iter().any(|verb| word.starts_with(verb))).cloned().collect()
}

/// A body too long to be decided at its end only: an attachment follows the text.
fn with_attachment() -> Letter {
    let mut letter = Letter::new();
    letter.headers = letter.headers.replace("text/plain; charset=utf-8", "multipart/mixed; boundary=b");
    let attachment = "QUJD\r\n".repeat(200);
    letter.body = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\nContent-Type: application/octet-stream\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{attachment}--b--\r\n"
    );
    letter
}

#[test]
fn the_way_out_follows_what_is_known() {
    let binary: &[(&str, &str)] = &[("BODY", "BINARYMIME")];
    let no_chunking = Extensions { chunking: false, binary_mime: false, ..NextHop::default().extensions };
    let known = |story: &Story| vec![format!("BDAT {} LAST", story.content.len()), "end".to_owned()];
    let by_data = |_: &Story| vec!["DATA".to_owned(), "end".to_owned()];
    type Expected = Box<dyn Fn(&Story) -> Vec<String>>;
    let cases: Vec<(&str, Letter, NextHop, Expected)> = vec![
        ("short, by DATA: it ended within the hold", Letter::new(), NextHop::default(), Box::new(known)),
        ("long, by DATA", with_attachment(), NextHop::default(), Box::new(by_data)),
        ("one BDAT LAST", Letter { chunks: Chunks::OneLast, ..with_attachment() }, NextHop::default(), Box::new(known)),
        (
            "several BDATs, no BINARYMIME",
            Letter { chunks: Chunks::Many(800), ..with_attachment() },
            NextHop::default(),
            Box::new(by_data),
        ),
        (
            "without CHUNKING",
            Letter { chunks: Chunks::OneLast, ..with_attachment() },
            NextHop { extensions: no_chunking, ..NextHop::default() },
            Box::new(by_data),
        ),
        (
            "several BDATs with BINARYMIME: one for one",
            Letter { chunks: Chunks::Many(800), parameters: binary, ..with_attachment() },
            NextHop::default(),
            Box::new(|story| {
                let (first, second) = (story.content.len() - 800 - 203, 800);
                vec![format!("BDAT {first}"), format!("BDAT {second}"), "BDAT 203 LAST".to_owned(), "end".to_owned()]
            }),
        ),
    ];
    for (name, letter, next_hop, expected) in cases {
        let story = deliver(&letter, next_hop);
        assert_eq!(story.answer("end"), 250, "{name}");
        assert_eq!(story.fate(), "signed", "{name}");
        let got = commands(&story);
        if name.contains("one for one") {
            let total: usize = got.iter().filter_map(|word| word.split(' ').nth(1)?.parse::<usize>().ok()).sum();
            assert_eq!(total, story.content.len(), "{name}: {got:?}");
            assert!(got.len() > 2 && got[got.len() - 2].ends_with(" LAST"), "{name}: {got:?}");
            continue;
        }
        assert_eq!(got, expected(&story), "{name}");
    }
}

#[test]
fn every_framing_and_size_of_chunk_brings_the_same_octets() {
    for letter in [Letter::new, with_attachment] {
        let wanted = deliver(&letter(), NextHop::default()).content;
        for size in (1..80).chain([200, 797, 5000]) {
            for chunks in [Chunks::Many(size), Chunks::ManyThenEmpty(size), Chunks::OneLast] {
                for parameters in [&[][..], &[("BODY", "BINARYMIME")][..]] {
                    for pipelining in [true, false] {
                        let extensions = Extensions { pipelining, ..NextHop::default().extensions };
                        let letter = Letter { chunks, parameters, ..letter() };
                        let story = deliver(&letter, NextHop { extensions, ..NextHop::default() });
                        assert_eq!(story.answer("end"), 250, "{chunks:?} {parameters:?}");
                        assert_eq!(story.content, wanted, "{chunks:?} {parameters:?}");
                    }
                }
            }
        }
    }
}

/// One of them may still tell of trouble, which must not come after the commit point.
#[test]
fn the_last_chunk_is_not_ended_before_those_before_it_are_answered() {
    let letter = Letter { chunks: Chunks::Many(800), parameters: &[("BODY", "BINARYMIME")], ..with_attachment() };
    let mut drive = Drive::begin(&letter, NextHop::default(), Index::Fresh);
    drive.tell(Input::Rcpt(Rcpt::to(Path::parse("bob@example.org").unwrap())));
    drive.next_hop.silent = true;
    send_content(&mut drive, &letter);
    for answered in 0..2 {
        assert!(!drive.story.committed, "after {answered} answers");
        drive.tell(Input::NextHop(0, Asked::Chunk, Reply::chunk_taken(800)));
    }
    assert!(drive.story.committed);
}

#[test]
fn received_and_stamp_are_added_once_and_a_second_pass_adds_received_alone() {
    let letter = Letter::new();
    let once = String::from_utf8(deliver(&letter, NextHop::default()).content).unwrap();
    assert!(once.starts_with("Received: from sender.example"), "{once}");
    assert_eq!(once.matches(stamp_field::NAME).count(), 1);
    assert!(once.contains("Regards from ada of contoso"));
    assert_eq!(once.matches("w=loop-contoso").count(), 1);
    let (headers, body) = once.split_once("\r\n\r\n").unwrap();
    let again = Letter { headers: format!("{headers}\r\n"), body: body.to_owned(), ..Letter::new() };
    let story = deliver(&again, NextHop::default());
    let twice = String::from_utf8(story.content.clone()).unwrap();
    assert_eq!(story.fate(), "already_stamped");
    assert_eq!(twice.strip_suffix(once.as_str()).map(|added| added.matches("Received:").count()), Some(1), "{twice}");
}

#[test]
fn forged_and_foreign_stamps_are_taken_out() {
    let mut letter = Letter::new();
    letter.headers =
        format!("{}: v=1; t=1; k=contoso1; w=loop-contoso; h=AAAA\r\n{}", stamp_field::NAME, letter.headers);
    let story = deliver(&letter, NextHop::default());
    let content = String::from_utf8(story.content.clone()).unwrap();
    assert_eq!((story.fate().as_str(), content.matches(stamp_field::NAME).count()), ("signed", 1));
    assert!(!content.contains("h=AAAA"));
}

#[test]
fn a_message_that_would_pass_the_next_hops_size_goes_unsigned() {
    let letter = Letter { chunks: Chunks::OneLast, ..Letter::new() };
    let size = Some(Some(letter.octets().len() as u64 + 1500));
    let extensions = Extensions { size, ..NextHop::default().extensions };
    let story = deliver(&letter, NextHop { extensions, ..NextHop::default() });
    assert_eq!((story.answer("end"), story.fate().as_str()), (250, "size_limit"));
}

#[test]
fn a_loop_ends_at_a_hundred_hops() {
    let mut letter = Letter::new();
    letter.headers = format!("{}{}", "Received: x\r\n".repeat(101), letter.headers);
    let story = deliver(&letter, NextHop::default());
    assert_eq!((story.answer("end"), story.committed), (554, false));
}
