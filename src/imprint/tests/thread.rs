//! A thread that grows: each answer keeps the pictures of what it quotes, and the logo is in it once.

use base64::{Engine, engine::general_purpose::STANDARD};
use mail_parser::{MessageParser, MessagePart, MimeHeaders};

use super::*;

fn is_picture(part: &MessagePart<'_>) -> bool {
    part.content_type().is_some_and(|kind| kind.ctype() == "image")
}

/// What Outlook makes of a message that it answers: the pictures stay, under names of its own.
fn answer(to: &[u8], round: usize) -> Vec<u8> {
    let quoted = MessageParser::new().parse(to).unwrap();
    let mut html = quoted.body_html(0).unwrap().into_owned();
    let mut pictures = String::new();
    for (number, part) in quoted.parts.iter().filter(|part| is_picture(part)).enumerate() {
        let id = format!("image{:03}.png@01DC5B0{round}.7D3E2F10", number + 1);
        html = html.replace(&format!("cid:{}", part.content_id().unwrap()), &format!("cid:{id}"));
        pictures.push_str(&format!(
            "--r\r\nContent-Type: image/png; name=\"image001.png\"\r\nContent-ID: <{id}>\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{}\r\n\r\n",
            STANDARD.encode(part.contents())
        ));
    }
    format!(
        "Subject: RE: x\r\nContent-Type: multipart/related; boundary=r; type=\"text/html\"\r\n\r\n\
         --r\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>Round {round}</p>\r\n\
         <div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> Bob<br><b>Sent:</b> today<br>\
         <b>Subject:</b> x</div>\r\n<div>{html}</div></body></html>\r\n{pictures}--r--\r\n"
    )
    .into_bytes()
}

#[test]
fn the_logo_in_the_thread_is_not_attached_again() {
    let mut piece = piece("<p class=\"signet-abcdefghijk23\"><img src=\"cid:logo\">SIG</p>", "SIG");
    piece.images.push(logo());
    let stamp = Stamp::new(vec![piece]);
    let mut message = crlf("Subject: x\nContent-Type: text/html\n\n<html><body><p>Round 0</p></body></html>\n");
    for round in 1..=4 {
        let run = run(&message, &stamp);
        let parsed = MessageParser::new().parse(&run.out).unwrap();
        assert_eq!(parsed.parts.iter().filter(|part| is_picture(part)).count(), 1, "{}", run.text());
        let html = parsed.body_html(0).unwrap();
        assert_eq!((html.matches("SIG").count(), html.matches("src=\"cid:").count()), (round, round), "{html}");
        message = answer(&run.out, round);
    }
}
