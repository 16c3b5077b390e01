//! A thread that grows: the logo of a signature is in each of its messages once.

use serde_json::{Value, json};
use standin::mails::base64_lines;

use crate::bench::{Bench, MARK, Plan, below_additions, end_code, from_exchange, mail_of, outgoing, run};

/// A picture of one pixel.
const LOGO: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// A signature with the logo, which the mail carries.
fn with_a_logo(tenant: &mut Value) {
    tenant["images"] = json!([{"id": "logo", "type": "image/png", "base64": LOGO}]);
    tenant["signatures"][0]["images"] = json!("embedded");
    let logo = json!({"type": "image", "image": "logo", "width": 10, "alt": "Contoso"});
    tenant["signatures"][0]["design"]["blocks"].as_array_mut().unwrap().push(logo);
}

/// What Outlook makes of a message that it answers: the pictures stay, under names of its own, in the order of the text.
fn answer(to: &[u8], round: usize) -> Vec<u8> {
    let quoted = mail_parser::MessageParser::new().parse(to).unwrap();
    let mut html = quoted.body_html(0).unwrap().into_owned();
    let mut pictures = String::new();
    for (number, part) in quoted.parts.iter().filter(|part| is_picture(part)).enumerate() {
        use mail_parser::MimeHeaders;
        let name = format!("image{:03}.png", number + 1);
        let id = format!("{name}@01DC5B0{round}.7D3E2F10");
        html = html.replace(&format!("cid:{}", part.content_id().unwrap()), &format!("cid:{id}"));
        pictures.push_str(&format!(
            "--_004_r_\r\nContent-Type: image/png; name=\"{name}\"\r\nContent-Description: {name}\r\nContent-ID: <{id}>\r\n\
             Content-Disposition: inline; filename=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n\r\n",
            base64_lines(part.contents()).trim_end()
        ));
    }
    let body = format!(
        "--_004_r_\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<html><body><p>Round {round}</p>\r\n\
         <div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> Bob<br><b>Sent:</b> today<br>\
         <b>Subject:</b> Figures</div>\r\n<div>{html}</div></body></html>\r\n{pictures}--_004_r_--\r\n"
    );
    mail_of("multipart/related; boundary=\"_004_r_\"; type=\"text/html\"", body.as_bytes())
}

fn is_picture(part: &mail_parser::MessagePart<'_>) -> bool {
    use mail_parser::MimeHeaders;
    part.content_type().is_some_and(|kind| kind.ctype() == "image")
}

#[test]
fn the_logo_in_the_thread_is_not_attached_again() {
    run(|| async {
        let bench = Bench::with(Plan { tenant: Box::new(with_a_logo), ..Plan::default() }).await;
        let mut mail = mail_of("text/html; charset=utf-8", b"<html><body><p>Round 0</p></body></html>\r\n");
        for round in 1..=3 {
            let delivery = bench.sender().await.send(&outgoing(&mail)).await;
            assert_eq!(end_code(&delivery), 250, "{delivery:?}");
            let sent = bench.exchange.accepted().pop().unwrap();
            let parsed = mail_parser::MessageParser::new().parse(&sent.content[..]).unwrap();
            assert_eq!(parsed.parts.iter().filter(|part| is_picture(part)).count(), 1, "{}", sent.text());
            assert_eq!(parsed.body_html(0).unwrap().matches(MARK).count(), round, "{}", sent.text());
            let shown = parsed.body_html(0).unwrap().matches("src=\"cid:").count();
            assert_eq!(shown, round, "each signature shows it: {}", sent.text());
            if round > 1 {
                // The part is the same octets at its place, and all of the message but the signature too.
                let (before, after) = (from_exchange(&mail), below_additions(&sent.content).to_vec());
                let tail = before.windows(4).position(|octets| octets == b"<hr>").unwrap();
                assert!(after.ends_with(&before[tail..]), "{}", sent.text());
            }
            mail = answer(&sent.content, round);
        }
    });
}
