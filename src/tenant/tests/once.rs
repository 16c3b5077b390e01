//! Signatures that come once in a thread, and texts that are signed without a mark.

use super::*;

const OUT: &str = "x@fabrikam.example";

/// A reply as a mail program makes it.
fn reply(content_type: &str, newest: &str, quoted: &str) -> BodyFacts {
    let break_ = if content_type == "text/html" {
        "<div id=\"divRplyFwdMsg\"></div><div>"
    } else {
        "\r\n\r\nOn 20/11/2026 09:12, Carl wrote:\r\n"
    };
    let quote = if quoted.is_empty() { String::new() } else { format!("{break_}{quoted}") };
    let mail = format!(
        "From: Ada <ada@contoso.example>\r\nContent-Type: {content_type}; charset=utf-8\r\n\r\n{newest}{quote}\r\n"
    );
    Inquiry::read(Bytes::from(mail)).unwrap().body.unwrap()
}

/// The signature as it stands in a thread: in HTML with the prefix that Outlook gives, and in quoted plain text.
fn quoted(snapshot: &Snapshot, from: &str) -> (String, String) {
    let piece = stamp(snapshot, from).pieces[0].clone();
    let plain = piece.plain.lines().map(|line| format!("> {line}\r\n")).collect();
    (piece.html.replace("class=\"", "class=\"x_"), plain)
}

fn of(once: &str) -> Snapshot {
    let long = "Contoso Limited, 1 High Street, London";
    let mut tenant = with_signatures(vec![signature(long, json!({"once": once})), signature("short", json!({}))]);
    tenant["people"][0]["addresses"] = json!(["ada@contoso.example"]);
    tenant["signatures"][0]["id"] = json!("long");
    snapshot(tenant)
}

#[test]
fn once_in_a_thread_is_known_by_the_mark_and_by_the_wording() {
    for once in ["thread", "sender"] {
        let snapshot = of(once);
        let (html, plain) = quoted(&snapshot, "ada@contoso.example");
        let (of_bob, plain_of_bob) = quoted(&snapshot, "bob@contoso.example");
        // By its mark that of a colleague is the same signature; by its wording it is another text.
        let by_a_colleague = if once == "thread" { "short" } else { "long" };
        for (body, expected) in [
            (reply("text/html", "<p>Yes</p>", ""), "long"),
            (reply("text/html", "<p>Yes</p>", "<p>Question</p>"), "long"),
            (reply("text/html", "<p>Yes</p>", &html), "short"),
            (reply("text/html", "<p>Yes</p>", &html.replace("class", "data-x")), "short"),
            (reply("text/html", "<p>Yes</p>", &of_bob), by_a_colleague),
            (reply("text/plain", "Yes", "> Question\r\n"), "long"),
            (reply("text/plain", "Yes", &plain), "short"),
            (reply("text/plain", "Yes", &plain.replace(", ", ",\r\n> > ")), "short"),
            (reply("text/plain", "Yes", &plain_of_bob), "long"),
            // Nobody read the text.
            (body(Kind::Reply), "long"),
        ] {
            assert_eq!(choose(&snapshot, &[OUT], &body), [expected], "{once}: {body:?}");
        }
    }
}

#[test]
fn once_for_each_recipient_spares_those_whom_the_thread_names() {
    let snapshot = of("recipient");
    let (html, _) = quoted(&snapshot, "ada@contoso.example");
    let (of_bob, _) = quoted(&snapshot, "bob@contoso.example");
    let head = "From: Carl &lt;Carl@Fabrikam.example&gt;<br>To: Ada";
    let to = ["carl@fabrikam.example", "dora@fabrikam.example"];
    for (quoted, expected) in [
        (format!("{head}<p>Question</p>{html}"), ["short", "long"]),
        (format!("{head}<p>Question</p>{of_bob}"), ["long", "long"]),
        (format!("{head}<p>Question</p>"), ["long", "long"]),
        (html, ["long", "long"]),
    ] {
        let body = reply("text/html", "<p>Yes</p>", &quoted);
        assert_eq!(choose(&snapshot, &to, &body), expected, "{quoted}");
    }
}

#[test]
fn a_newest_text_that_has_the_wording_is_signed_already() {
    let snapshot = of("thread");
    let (_, plain) = quoted(&snapshot, "ada@contoso.example");
    let plain = plain.replace("> ", "");
    let (_, plain_of_bob) = quoted(&snapshot, "bob@contoso.example");
    for (newest, expected) in [
        (format!("Yes\r\n\r\n{plain}"), "already_signed"),
        (format!("Yes\r\n\r\n{}", plain_of_bob.replace("> ", "")), "long"),
        ("Ada Vance".to_owned(), "long"),
    ] {
        assert_eq!(choose(&snapshot, &[OUT], &reply("text/plain", &newest, "> Question\r\n")), [expected], "{newest}");
    }
    // What is quoted is no reason.
    let mut tenant = with_signatures(vec![signature("Contoso Limited, London", json!({}))]);
    tenant["signatures"][0]["id"] = json!("ever");
    let ever = super::snapshot(tenant);
    let (html, plain) = quoted(&ever, "ada@contoso.example");
    for body in [reply("text/html", "<p>Yes</p>", &html), reply("text/plain", "Yes", &plain)] {
        assert_eq!(choose(&ever, &[OUT], &body), ["ever"]);
    }
}

/// A disclaimer says the same of everybody: in HTML its word tells whose it is, in plain text nothing does.
#[test]
fn a_text_of_everybodys_is_told_apart_by_its_word() {
    let lines = json!([["Contoso Limited is registered in England and Wales"], ["under number 1234567"]]);
    let mut legal = signature("legal", json!({"once": "sender"}));
    legal["design"]["blocks"] = json!([{"type": "text", "lines": lines}]);
    let mut tenant = with_signatures(vec![legal, signature("short", json!({}))]);
    tenant["signatures"][1]["design"]["blocks"] = json!([{"type": "text", "lines": [["Bye"]]}]);
    let snapshot = snapshot(tenant);
    let (own, own_plain) = quoted(&snapshot, "ada@contoso.example");
    let (of_bob, plain_of_bob) = quoted(&snapshot, "bob@contoso.example");
    assert_eq!(own_plain, plain_of_bob);
    for (body, expected) in [
        (reply("text/html", "<p>Yes</p>", &own), "short"),
        (reply("text/html", "<p>Yes</p>", &of_bob), "legal"),
        (reply("text/html", "<p>Yes</p>", &format!("{of_bob}{own}")), "short"),
        (reply("text/plain", "Yes", &plain_of_bob), "short"),
    ] {
        assert_eq!(choose(&snapshot, &[OUT], &body), [expected], "{body:?}");
    }
}

/// What one writes about the organisation is no signature.
#[test]
fn the_words_of_a_signature_in_a_sentence_are_none() {
    let snapshot = of("thread");
    let (_, plain) = quoted(&snapshot, "ada@contoso.example");
    let words = plain.replace("> ", "").replace("\r\n", " ");
    for newest in [format!("I am {words}"), format!("{words}is where I work"), format!("Hello\r\nas {words}says")] {
        assert_eq!(choose(&snapshot, &[OUT], &reply("text/plain", &newest, "> Question\r\n")), ["long"], "{newest}");
    }
}
