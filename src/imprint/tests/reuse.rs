//! Images that the message has already: referred to where they are, and the rest of it as it came.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::images::leaves;
use super::*;

const LOGO: &[u8] = b"\x89PNG\r\n\x1a\n a logo of sixty-one octets, with = and \0 in it \xff\xfe\xfd";

fn image(id: &str, octets: &'static [u8]) -> Image {
    let (content_type, file_name) = ("image/png".to_owned(), format!("{id}.png"));
    Image { id: id.to_owned(), content_type, file_name, bytes: Bytes::from_static(octets) }
}

fn with_images(images: Vec<Image>) -> Stamp {
    let shown: String = images.iter().map(|image| format!("<img src=\"cid:{}\">", image.id)).collect();
    Stamp::new(vec![Piece { images, ..piece(&format!("<p>{shown}SIG</p>"), "SIG") }])
}

fn with_logo() -> Stamp {
    with_images(vec![image("logo", LOGO)])
}

const ROOT: &str = "Content-Type: text/html; charset=us-ascii\n\n<p>Yes.</p><div id=divRplyFwdMsg>From: A<br>Sent: now</div>\
                    <img src=\"cid:image001.png@01DB2C3F.4E5A6B70\">";

/// A part as Outlook writes it, with other fields.
fn picture(fields: &str, octets: &[u8]) -> String {
    format!("{fields}\nContent-Transfer-Encoding: base64\n\n{}", lines(octets, 76))
}

fn lines(octets: &[u8], width: usize) -> String {
    let digits = STANDARD.encode(octets);
    let lines: Vec<&str> = digits.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join("\n")
}

const OUTLOOK: &str = "Content-Type: image/png; name=\"image001.png\"\nContent-Description: image001.png\n\
                       Content-Disposition: inline; filename=\"image001.png\"; size=61;\n\tcreation-date=\"Tue, 3 Nov 2026 10:00:00 GMT\"\n\
                       Content-ID: <image001.png@01DB2C3F.4E5A6B70>";

fn related(parts: &[String]) -> Vec<u8> {
    let parts: String = parts.iter().map(|part| format!("--r\n{part}\n")).collect();
    crlf(&format!(
        "Subject: RE: x\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=r;\n\ttype=\"text/html\"\n\n{parts}--r--\n"
    ))
}

fn reply(pictures: &[String]) -> Vec<u8> {
    let mut parts = vec![ROOT.to_owned()];
    parts.extend_from_slice(pictures);
    related(&parts)
}

/// What the new HTML refers to by `cid:`, and how many images were attached. However the message comes in it goes out the
/// same, and without what was put in it is the message as it came.
#[track_caller]
fn signed(message: &[u8], stamp: &Stamp) -> (Vec<String>, usize) {
    let run = run(message, stamp);
    assert_eq!(run.outcome.fate, Fate::Signed, "{}", run.text());
    for fed in (0..message.len()).step_by(53).map(Fed::SplitAt).chain([Fed::ByOctet]) {
        let again = run_with(message, stamp, fed, Limits::default());
        assert_eq!((&again.out, &again.outcome), (&run.out, &run.outcome), "{fed:?}: {}", again.text());
    }
    let input: usize = run.slices.iter().map(Bytes::len).sum();
    assert_eq!(input as i64, message.len() as i64 + run.growth);
    let (before, after) = (leaves(message), leaves(&run.out));
    let text = run.text();
    let new = &text[text.find("<p><img").unwrap()..text.find("SIG</p>").unwrap()];
    let names = new.split("cid:").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    // All that was there is there, in its order.
    let kept: Vec<_> = after.iter().filter(|leaf| before.contains(leaf)).collect();
    let texts = before.iter().filter(|leaf| leaf.0.starts_with("text/") && leaf.1.is_none()).count();
    assert!(kept.len() + texts >= before.len(), "{text}");
    let mut rest = after.iter();
    assert!(
        before.iter().filter(|leaf| leaf.0.starts_with("image/")).all(|leaf| rest.any(|one| one == leaf)),
        "{text}"
    );
    (names, after.len() - before.len())
}

#[track_caller]
fn assert_referred(message: &[u8], name: &str) {
    assert_eq!(signed(message, &with_logo()), (vec![name.to_owned()], 0), "{}", String::from_utf8_lossy(message));
    let run = run(message, &with_logo());
    // The signature, and nothing else: neither a part nor a multipart.
    let inserted = format!("\r\n<p><img src=\"cid:{name}\">SIG</p>\r\n");
    assert_eq!(run.text().replace(&inserted, "").replacen(TOP, "", 1), String::from_utf8_lossy(message));
}

#[track_caller]
fn assert_attached(message: &[u8]) {
    let (names, attached) = signed(message, &with_logo());
    assert_eq!(attached, 1, "{}", String::from_utf8_lossy(message));
    assert!(names.len() == 1 && names[0].starts_with("signet-image0."), "{names:?}");
}

#[test]
fn the_logo_of_the_quoted_signature_is_referred_to() {
    let outlook = picture(OUTLOOK, LOGO);
    let name = "image001.png@01DB2C3F.4E5A6B70";
    let message = reply(std::slice::from_ref(&outlook));
    assert_referred(&message, name);
    run_split(&message, &with_logo());
    // Below an alternative, and with files beside it.
    let alternative = format!(
        "Content-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain\n\nYes.\n--a\n{ROOT}\n--a--\n"
    );
    let whole = String::from_utf8(related(&[alternative, outlook.clone()])).unwrap().replace("\r\n", "\n");
    let (names, attached) = signed(&crlf(&whole), &with_logo());
    assert_eq!((names, attached), (vec![name.to_owned()], 0));
    let inner = whole.split_once("MIME-Version: 1.0\n").unwrap().1;
    let mixed = format!(
        "Subject: RE: x\nContent-Type: multipart/mixed; boundary=m\n\n--m\n{inner}--m\nContent-Type: application/pdf\n\nx\n--m--\n"
    );
    assert_eq!(signed(&crlf(&mixed), &with_logo()), (vec![name.to_owned()], 0));
    // The root stands behind it.
    let message = String::from_utf8(related(&[outlook, ROOT.replacen('\n', "\nContent-ID: <root@x>\n", 1)])).unwrap();
    let message = message.replace("type=\"text/html\"", "type=\"text/html\"; start=\"<root@x>\"");
    assert_referred(message.as_bytes(), name);
}

#[test]
fn only_the_same_octets_under_the_same_type_are_the_same_image() {
    let mut other = LOGO.to_vec();
    *other.last_mut().unwrap() ^= 1;
    assert_attached(&reply(&[picture(OUTLOOK, &other)]));
    assert_attached(&reply(&[picture(OUTLOOK, &LOGO[1..])]));
    assert_attached(&reply(&[picture(&OUTLOOK.replace("image/png", "image/gif"), LOGO)]));
    assert_attached(&reply(&[picture(&OUTLOOK.replace("image/png", "application/octet-stream"), LOGO)]));
    assert_attached(&reply(&[]));
    assert_referred(
        &reply(&[picture(&OUTLOOK.replace("image/png", "IMAGE/PNG"), LOGO)]),
        "image001.png@01DB2C3F.4E5A6B70",
    );
}

#[test]
fn of_two_images_the_missing_one_is_attached() {
    let both = with_images(vec![image("logo", LOGO), image("badge", b"a badge")]);
    let logo = picture("Content-Type: image/png\nContent-ID: <logo@x>", LOGO);
    let badge = picture("Content-Type: image/png\nContent-ID: <badge@x>", b"a badge");
    let (names, attached) = signed(&reply(std::slice::from_ref(&badge)), &both);
    assert_eq!((names[1].as_str(), attached), ("badge@x", 1));
    assert!(names[0].starts_with("signet-image0."), "{names:?}");
    let message = reply(&[badge, logo]);
    assert_eq!(signed(&message, &both), (vec!["logo@x".to_owned(), "badge@x".to_owned()], 0));
    // One image under two names.
    let twice = with_images(vec![image("logo", LOGO), image("again", LOGO)]);
    assert_eq!(signed(&message, &twice), (vec!["logo@x".to_owned(), "logo@x".to_owned()], 0));
}

#[test]
fn of_equal_parts_the_first_is_referred_to() {
    let part = |id: &str| picture(&format!("Content-Type: image/png\nContent-ID: <{id}>"), LOGO);
    assert_referred(&reply(&[part("one@x"), part("two@x")]), "one@x");
    assert_referred(&reply(&[part("one@x"), part("two@x"), part("one@x")]), "two@x");
}

#[test]
fn attachments_and_doubtful_parts_are_not_referred_to() {
    let png = "Content-Type: image/png";
    for fields in [
        &OUTLOOK.replace("inline", "attachment"),
        &OUTLOOK.replace("inline", "unheard-of"),
        &format!("{OUTLOOK}\nContent-Disposition: attachment"),
        &format!("{OUTLOOK}\nContent-Type: image/png"),
        &format!("{OUTLOOK}\nContent-Transfer-Encoding: base64"),
        &format!("{OUTLOOK}\nno field"),
        &format!("{OUTLOOK}\nContent-ID: <another@x>"),
        png,
        &format!("{png}\nContent-ID: <>"),
        &format!("{png}\nContent-ID: image001@x"),
        &format!("{png}\nContent-ID: <image001@x"),
        &format!("{png}\nContent-ID: <image001@x> (the logo)"),
        &format!("{png}\nContent-ID: <image 001@x>"),
        &format!("{png}\nContent-ID: <image\n 001@x>"),
        &format!("{png}\nContent-ID: <image\"001@x>"),
        &format!("{png}\nContent-ID: <a&amp;b@x>"),
        &format!("{png}\nContent-ID: <a'b@x>"),
        &format!("{png}\nContent-ID: <\u{e9}@x>"),
    ] {
        // Not directly behind the text, where some of these are faults of the message.
        assert_attached(&reply(&[picture("Content-Type: image/gif", b"GIF"), picture(fields, LOGO)]));
    }
    let part = |id: &str, octets| picture(&format!("{png}\nContent-ID: <{id}>"), octets);
    assert_attached(&reply(&[part("logo@x", LOGO), part("logo@x", b"another")]));
    assert_attached(&reply(&[part("logo@x", LOGO), part("LOGO@x", b"another")]));
    assert_attached(&related(&[ROOT.replacen('\n', "\nContent-ID: <logo@x>\n", 1), part("logo@x", LOGO)]));
}

#[test]
fn a_content_id_is_written_as_a_url_has_it() {
    let part = |id: &str| picture(&format!("Content-Type: image/png\nContent-ID:\n <{id}>"), LOGO);
    for (id, name) in [("ii_m3x0", "ii_m3x0"), ("50%#1@x", "50%25%231@x"), ("a$b+c@x.example", "a$b+c@x.example")] {
        assert_referred(&reply(&[part(id)]), name);
    }
}

#[test]
fn every_transfer_encoding_is_read() {
    let part = |encoding: &str, body: &str| {
        reply(&[format!(
            "Content-Type: image/png\nContent-ID: <logo@x>\nContent-Transfer-Encoding: {encoding}\n\n{body}"
        )])
    };
    for width in [1, 3, 5, 61, 2000] {
        assert_referred(&part("base64", &lines(LOGO, width)), "logo@x");
        assert_referred(&part("BASE64", &format!("\n{}\n\n \n", lines(LOGO, width))), "logo@x");
    }
    assert_attached(&part("base64", &format!("{}!", lines(LOGO, 76))));
    assert_attached(&part("x-base64", &lines(LOGO, 76)));
    let quoted: String = LOGO.iter().map(|octet| format!("={octet:02X}=\n")).collect();
    assert_referred(&part("quoted-printable", &quoted), "logo@x");
    let ascii = with_images(vec![image("logo", b"GIF: a picture of letters alone")]);
    for encoding in ["7bit", "8bit", "binary", "quoted-printable"] {
        let message = part(encoding, "GIF: a picture of letters alone");
        assert_eq!(signed(&message, &ascii), (vec!["logo@x".to_owned()], 0), "{encoding}");
    }
    assert_eq!(signed(&part("7bit", "GIF: a picture of letters alone\n"), &ascii).1, 1, "an octet more");
}

#[test]
fn images_elsewhere_in_the_message_are_not_referred_to() {
    let logo = picture(OUTLOOK, LOGO);
    assert_attached(&crlf(&format!(
        "Subject: x\nContent-Type: multipart/mixed; boundary=m\n\n--m\n{ROOT}\n--m\n{logo}\n--m--\n"
    )));
    let html_alone = format!("Content-Type: multipart/related; boundary=r\n\n--r\n{ROOT}\n--r--\n");
    assert_attached(&crlf(&format!(
        "Subject: x\nContent-Type: multipart/mixed; boundary=m\n\n--m\n{html_alone}\n--m\n{logo}\n--m--\n"
    )));
    let deeper = format!("Content-Type: multipart/mixed; boundary=d\n\n--d\n{logo}\n--d--\n");
    assert_attached(&related(&[ROOT.to_owned(), deeper]));
    assert_attached(&related(&[ROOT.to_owned(), format!("Content-Type: message/rfc822\n\n{logo}")]));
}

#[test]
fn a_fault_behind_the_text_ends_the_search_and_costs_nothing_else() {
    let logo = picture(OUTLOOK, LOGO);
    let whole = String::from_utf8(reply(std::slice::from_ref(&logo))).unwrap();
    for (fault, repaired) in [
        // Closed twice is a fault that nobody sees any more: the related has ended.
        ("--r--\r\n", "--r--\r\n--r\r\n\r\nx\r\n"),
        // The message ends before the related does.
        ("\r\n--r--\r\n", ""),
    ] {
        assert_referred(whole.replace(fault, repaired).as_bytes(), "image001.png@01DB2C3F.4E5A6B70");
    }
    for fault in [
        "--r glued\r\n",
        "--r\r\nContent-Type: image/png\r\n--r--\r\n",
        "--r\r\nContent-Type: image/png",
        "--r\r\nContent-Type: multipart/mixed\r\n\r\nx\r\n--r--\r\n",
        "--r\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--r--\r\n",
    ] {
        assert_attached(whole.replace("--r--\r\n", fault).as_bytes());
    }
    // It ends within the picture.
    let cut = &whole[..whole.find("\r\n--r--").unwrap() - 4];
    assert_attached(cut.as_bytes());
}

#[test]
fn what_lies_behind_a_limit_is_attached() {
    let filler = format!("Content-Type: image/gif\n\n{}", "x".repeat(500));
    let logo = picture(OUTLOOK, LOGO);
    let check = |message: &[u8], limits: Limits| {
        let first = run_with(message, &with_logo(), Fed::Whole, limits);
        assert_eq!(first.outcome.fate, Fate::Signed);
        for fed in (0..message.len()).step_by(53).map(Fed::SplitAt).chain([Fed::ByOctet]) {
            let again = run_with(message, &with_logo(), fed, limits);
            assert_eq!((&again.out, &again.outcome), (&first.out, &first.outcome), "{fed:?}");
        }
        first.text().contains("signet-image0")
    };
    let (behind, before) = (reply(&[filler.clone(), logo.clone()]), reply(&[logo.clone(), filler.clone()]));
    for attached in [true, false] {
        let most = if attached { 500 } else { 5_000 };
        assert_eq!(check(&behind, Limits { search_bytes: most, ..Limits::default() }), attached);
        assert_eq!(check(&behind, Limits { hold_bytes: 400 + most, ..Limits::default() }), attached);
        assert!(!check(&before, Limits { search_bytes: 600, ..Limits::default() }), "it was found before");
    }
    assert!(check(&before, Limits { search_bytes: 0, ..Limits::default() }));
    for limit in (0..before.len()).step_by(3) {
        let limits = Limits { search_bytes: limit, ..Limits::default() };
        let whole = run_with(&before, &with_logo(), Fed::Whole, limits);
        assert_eq!(whole.out, run_with(&before, &with_logo(), Fed::ByOctet, limits).out, "{limit}");
    }
    let small = "Content-Type: image/gif\n\nx".to_owned();
    let many = |count: usize| reply(&[vec![small.clone(); count], vec![logo.clone()]].concat());
    assert!(!check(&many(40), Limits::default()) && check(&many(70), Limits::default()));
    assert!(check(&many(40), Limits { parts: 20, ..Limits::default() }));
}

/// Feeds the message in slices, each after as much was handed out as can be; all legs.
fn legs(message: &[u8], stamps: &[Option<Stamp>], slice: usize) -> (Vec<Vec<u8>>, Outcome) {
    let whole = Bytes::copy_from_slice(message);
    let mut imprinter = Imprinter::new(Limits::default(), [7; 16]);
    let mut fed = 0;
    let mut out = vec![Vec::new(); stamps.len()];
    loop {
        match imprinter.poll() {
            Step::NeedInput if fed == whole.len() => imprinter.end(),
            Step::NeedInput => {
                let end = (fed + slice).min(whole.len());
                imprinter.feed(whole.slice(fed..end));
                fed = end;
            }
            Step::Headers(_) => imprinter.go_on(),
            Step::Body(_) => {
                imprinter.sign(stamps.to_vec());
                assert_eq!(imprinter.copies(), stamps.len(), "known before the first output");
            }
            Step::Output(Output::All(slice)) => out.iter_mut().for_each(|leg| leg.extend_from_slice(&slice)),
            Step::Output(Output::Leg(leg, slice)) => out[leg].extend_from_slice(&slice),
            Step::Done(outcome) => {
                for (leg, out) in out.iter().enumerate() {
                    assert_eq!(imprinter.growth(leg).unwrap(), out.len() as i64 - message.len() as i64);
                }
                return (out, outcome);
            }
        }
    }
}

#[test]
fn each_leg_refers_to_its_own_images() {
    let logo = picture("Content-Type: image/png\nContent-ID: <logo@x>", LOGO);
    let badge = picture("Content-Type: image/png\nContent-ID: <badge@x>", b"a badge");
    let message = reply(&[logo, badge]);
    let other = with_images(vec![image("badge", b"a badge"), image("new", b"nowhere")]);
    let stamps = [Some(with_logo()), None, Some(other), Some(stamp())];
    for slice in [1, 13, 400, message.len()] {
        let (out, outcome) = legs(&message, &stamps, slice);
        assert_eq!((outcome.fate, outcome.covered), (Fate::Signed, true));
        let text = out.iter().map(|leg| String::from_utf8_lossy(leg)).collect::<Vec<_>>();
        assert_eq!(text[0].replace("\r\n<p><img src=\"cid:logo@x\">SIG</p>\r\n", "").as_bytes(), message);
        assert_eq!(out[1], message);
        assert!(text[2].contains("cid:badge@x") && text[2].matches("signet-image1.").count() == 2, "{}", text[2]);
        assert!(!text[2].contains("signet-image0."));
        assert_eq!(text[3].replace("\r\n<p>SIG</p>\r\n", "").as_bytes(), message);
    }
    // Nothing to look for: nothing is waited for.
    let mut imprinter = Imprinter::new(Limits::default(), [7; 16]);
    let head = memchr::memmem::find(&message, b"Content-ID: <logo").unwrap();
    imprinter.feed(Bytes::copy_from_slice(&message[..head + 30]));
    assert!(matches!(imprinter.poll(), Step::Headers(_)));
    imprinter.go_on();
    imprinter.poll();
    imprinter.feed(Bytes::copy_from_slice(&message[head + 30..head + 80]));
    assert!(matches!(imprinter.poll(), Step::Body(_)));
    imprinter.sign(vec![Some(stamp())]);
    assert!(!imprinter.release_now() && matches!(imprinter.poll(), Step::Output(_)));
}

/// In the middle of the wait the owner leaves the message, or has it go out.
#[test]
fn the_wait_can_be_ended_at_any_moment() {
    let message = Bytes::from(reply(&[picture(OUTLOOK, LOGO)]));
    let mut waited = [0, 0];
    for (leaves, until) in [true, false].into_iter().flat_map(|leaves| (0..message.len()).map(move |at| (leaves, at))) {
        let mut imprinter = Imprinter::new(Limits::default(), [7; 16]);
        imprinter.feed(message.slice(..until));
        let (mut rest, mut out, mut asked, mut ended) = (Some(message.slice(until..)), Vec::new(), false, false);
        let fate = loop {
            match imprinter.poll() {
                Step::Headers(_) => imprinter.go_on(),
                Step::Body(_) => {
                    imprinter.sign(vec![Some(with_logo())]);
                    asked = true;
                }
                Step::NeedInput => match rest.take() {
                    Some(rest) => {
                        ended = asked && if leaves { true } else { imprinter.release_now() };
                        if leaves && ended {
                            assert_eq!((imprinter.copies(), imprinter.growth(0)), (1, None));
                            assert!(imprinter.held_bytes() >= until);
                            imprinter.leave(Reason::Deadline);
                        }
                        waited[usize::from(leaves)] += usize::from(ended);
                        imprinter.feed(rest);
                    }
                    None => imprinter.end(),
                },
                Step::Output(Output::All(slice)) => out.extend_from_slice(&slice),
                Step::Output(Output::Leg(..)) => panic!(),
                Step::Done(outcome) => {
                    assert!(outcome.covered);
                    break outcome.fate;
                }
            }
        };
        let text = String::from_utf8_lossy(&out);
        if leaves && ended && fate != Fate::Signed {
            assert_eq!((fate, &out[..]), (Fate::Left(Reason::Deadline), &message[..]));
        } else {
            assert_eq!((fate, text.contains("signet-image0")), (Fate::Signed, !leaves && ended), "{until}");
        }
    }
    assert!(waited.iter().all(|times| *times > 80), "{waited:?}");
}

/// Ten thousand slices of an octet each, sixty pictures: each is gone through once.
#[test]
fn many_pictures_in_small_slices_cost_one_pass() {
    let part = |number: usize| picture(&format!("Content-Type: image/png\nContent-ID: <{number}@x>"), &[7; 4_000]);
    let message = reply(&(0..60).map(part).collect::<Vec<_>>());
    let images: Vec<Image> = (0..60)
        .map(|number: u8| Image { bytes: Bytes::from(vec![number; 4_000]), ..image(&format!("i{number}"), b"") })
        .collect();
    let run = run_with(&message, &with_images(images), Fed::ByOctet, Limits::default());
    assert_eq!((run.outcome.fate, run.text().matches("cid:0@x").count()), (Fate::Signed, 1));
    assert_eq!(run.text().matches("Content-ID: <signet-image").count(), 59);
}
