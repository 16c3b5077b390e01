//! What a thread shows decides: signatures that come once, lines of the organisation's own that begin quoted text, and
//! plain text that gets HTML beside it. Through real sockets.

use mail_parser::{MessageParser, MimeHeaders};
use serde_json::{Value, json};
use standin::exchange::{Outgoing, Recipient};

use crate::bench::{Bench, MARK, Plan, end_code, mail_of, outgoing, run};

const SHORT: &str = "Briefly,";

/// The long one once for each recipient, a short one from then on.
fn once_for_each(tenant: &mut Value) {
    let mut short = tenant["signatures"][0].clone();
    short["id"] = json!("short");
    short["design"]["blocks"] = json!([{"type": "text", "lines": [[SHORT]]}]);
    tenant["signatures"][0]["applies"] = json!({"once": "recipient"});
    tenant["signatures"][0]["then_continue"] = json!(false);
    tenant["signatures"].as_array_mut().unwrap().push(short);
}

async fn bench(tenant: fn(&mut Value)) -> Bench {
    Bench::with(Plan { tenant: Box::new(tenant), ..Plan::default() }).await
}

async fn sent(bench: &Bench, mail: &[u8], to: &[&str]) {
    let message = Outgoing { recipients: to.iter().map(|&to| Recipient::new(to)).collect(), ..outgoing(mail) };
    assert_eq!(end_code(&bench.sender().await.send(&message).await), 250);
}

/// The HTML of the newest copy that this recipient has.
fn html_of(bench: &Bench, address: &str) -> String {
    let copies = bench.exchange.accepted();
    let copy = copies.iter().rev().find(|copy| copy.addresses().contains(&address)).unwrap();
    MessageParser::new().parse(&copy.content[..]).unwrap().body_html(0).unwrap().into_owned()
}

#[test]
fn who_joins_a_thread_gets_the_long_signature_and_who_has_it_the_short_one() {
    run(|| async {
        let bench = bench(once_for_each).await;
        let (bob, carol) = ("bob@example.org", "carol@example.org");
        sent(&bench, &mail_of("text/html; charset=utf-8", b"<html><body><p>Hello</p></body></html>"), &[bob]).await;
        let first = html_of(&bench, bob);
        assert!(first.contains(MARK) && !first.contains(SHORT), "{first}");
        // Bob's answer quotes it, and Ada's answer quotes that: as Outlook does.
        let quoted = first.replace("class=\"", "class=\"x_").replace("<html><body>", "").replace("</body></html>", "");
        let reply = format!(
            "<html><body><p>Agreed</p><hr style=\"display:inline-block;width:98%\" tabindex=\"-1\">\
             <div id=\"divRplyFwdMsg\" dir=\"ltr\"><b>From:</b> Bob &lt;Bob@Example.org&gt;<br><b>Subject:</b> Re: Figures</div>\
             <div><p>Thanks</p>{quoted}</div></body></html>"
        );
        sent(&bench, &mail_of("text/html; charset=utf-8", reply.as_bytes()), &[bob, carol]).await;
        let above = |address| html_of(&bench, address).split("divRplyFwdMsg").next().unwrap().to_owned();
        assert!(above(bob).contains(SHORT) && !above(bob).contains(MARK), "{}", above(bob));
        assert!(above(carol).contains(MARK) && !above(carol).contains(SHORT), "{}", above(carol));
    });
}

#[test]
fn a_text_that_has_the_signature_in_plain_words_is_signed_already() {
    run(|| async {
        let bench = bench(|_| {}).await;
        let to = ["bob@example.org"];
        sent(&bench, &mail_of("text/plain; charset=utf-8", b"Hello\r\n"), &to).await;
        let text = |of: usize| {
            let copy = &bench.exchange.accepted()[of].content;
            MessageParser::new().parse(&copy[..]).unwrap().body_text(0).unwrap().into_owned()
        };
        // Ada sends again what she got back, with a word more.
        let again = format!("One word more\r\n\r\n{}", text(0));
        sent(&bench, &mail_of("text/plain; charset=utf-8", again.as_bytes()), &to).await;
        assert_eq!(text(1).matches(MARK).count(), 1, "{}", text(1));
    });
}

#[test]
fn a_line_of_the_organisations_own_begins_quoted_text() {
    run(|| async {
        let separated = |tenant: &mut Value| tenant["reply_separators"] = json!(["=== Ticket history ==="]);
        let bench = bench(separated).await;
        let mail =
            mail_of("text/plain; charset=utf-8", b"Solved\r\n\r\n=== TICKET HISTORY === 4711\r\nThe question\r\n");
        sent(&bench, &mail, &["bob@example.org"]).await;
        let text = bench.exchange.accepted()[0].text();
        assert!(text.find(MARK).unwrap() < text.find("=== TICKET").unwrap(), "{text}");
    });
}

#[test]
fn a_plain_text_gets_html_beside_it_where_the_signature_says_so() {
    run(|| async {
        let bench = bench(|tenant| tenant["signatures"][0]["plain_text"] = json!("becomes_html")).await;
        let mail = mail_of("text/plain; charset=us-ascii", b"Hello <Bob>\r\n\r\nsee https://contoso.example/a\r\n");
        sent(&bench, &mail, &["bob@example.org"]).await;
        let copy = bench.exchange.accepted().remove(0);
        let parsed = MessageParser::new().parse(&copy.content[..]).unwrap();
        let kind = parsed.content_type().unwrap();
        assert_eq!((kind.ctype(), kind.subtype()), ("multipart", Some("alternative")), "{}", copy.text());
        let (plain, html) = (parsed.body_text(0).unwrap(), parsed.body_html(0).unwrap());
        assert!(
            plain.starts_with("Hello <Bob>\r\n\r\nsee https://contoso.example/a\r\n") && plain.contains(MARK),
            "{plain}"
        );
        let link = "<a href=\"https://contoso.example/a\">https://contoso.example/a</a>";
        assert!(html.contains("Hello &lt;Bob&gt;<br>") && html.contains(link) && html.contains(MARK), "{html}");
    });
}
