//! Where the signature goes in HTML: marks, words, doubt, and places that bear a block.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;

use super::super::steps;
use super::*;

const MARK: char = '\u{ff5c}';

/// Takes the mark out of a text: the text and the byte where it stood.
fn place(text: &str) -> (String, usize) {
    let at = text.find(MARK).unwrap_or_else(|| panic!("no mark in {text:?}"));
    (text.replacen(MARK, "", 1), at)
}

fn check(rows: &[(&str, Option<&str>)]) {
    let mut wrong = Vec::new();
    for (row, marker) in rows {
        let (text, at) = place(row);
        match find(&text) {
            Some(found) if found.offset == at && found.marker == *marker => {}
            found => wrong.push(format!("{row}\n    {found:?}, not at {at}")),
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn marks_are_found_in_every_way_to_write_an_attribute() {
    let mark = Some("outlook.divRplyFwdMsg");
    check(&[
        ("<body><p>Yes.</p>｜<div id=divRplyFwdMsg>From: Bob</div></body>", mark),
        ("<body><p>Yes.</p>｜<div id='divRplyFwdMsg'>From: Bob</div></body>", mark),
        ("<body><p>Yes.</p>｜<div id=\"divRplyFwdMsg\">From: Bob</div></body>", mark),
        ("<BODY><P>Yes.</P>｜<DIV ID = \"DIVRPLYFWDMSG\">From: Bob</DIV></BODY>", mark),
        ("<body><p>Yes.</p>｜<div dir=ltr\n  id\n=\n'divRplyFwdMsg' >From: Bob</div></body>", mark),
        ("<body><p>Yes.</p>｜<div id=\"x_x_divRplyFwdMsg\">From: Bob</div></body>", mark),
        ("<body><p>Yes.</p>｜<div id=\"m_-123456_divRplyFwdMsg\">From: Bob</div></body>", mark),
        ("<body><p>Yes.</p>｜<div id=\"m_4711divRplyFwdMsg\">From: Bob</div></body>", mark),
        ("<body><p>Yes.</p>｜<div ID=3D\"divRplyFwdMsg\" dir=3D\"ltr\">From: Bob</div></body>", mark),
        ("<body><p>Yes.</p>｜<div title=\"a > b\" id=divRplyFwdMsg>From: Bob</div></body>", mark),
        ("<body><p>Yes.</p>｜<div id=divRplyFwdMsg id=other>From: Bob</div></body>", mark),
    ]);
}

#[test]
fn what_may_frame_a_whole_message_is_a_mark_below_other_text() {
    check(&[
        ("<body><div id=mailContent><p>Hello</p></div>｜</body>", None),
        ("<body><p>Yes.</p>｜<div id=mailcontent><p>Hi</p></div></body>", Some("netease.mailcontent")),
    ]);
}

#[test]
fn comments_of_two_programs_are_marks() {
    check(&[
        ("<body><p>Yes.</p>｜<!-- originalMessage --><p>Hi</p></body>", Some("generic.original_message_comment")),
        ("<body><p>Yes.</p>｜<!-- end of AOLMsgPart_1_ab12 --><p>Hi</p></body>", Some("aol.end_of_part_comment")),
        ("<body><p>Yes.</p><!-- end of the message --><p>Hi</p>｜</body>", None),
    ]);
}

#[test]
fn what_is_not_shown_is_no_mark() {
    check(&[
        ("<body><!-- <div id=divRplyFwdMsg> --><p>Yes.</p>｜</body>", None),
        ("<body><!--[if mso]><div id=divRplyFwdMsg>From: x</div></body><![endif]--><p>Yes.</p>｜</body>", None),
        ("<body><![if !mso]><p>Yes.</p><![endif]>｜</body>", None),
        (
            "<head><style>/* <div id=divRplyFwdMsg> */</style><title>On 1.1.2024, A wrote:</title></head><body><p>Yes.</p>｜</body>",
            None,
        ),
        ("<body><script>'<div id=divRplyFwdMsg>From: x</div></body>'</script><p>Yes.</p>｜</body>", None),
        ("<body><textarea><div class=gmail_attr>x</div></textarea><p>Yes.</p>｜</body>", None),
        ("<body><p title='<div id=divRplyFwdMsg>'>Yes.</p>｜</body>", None),
        ("<body><p alt=\"-----Original Message-----\">Yes.</p>｜</body>", None),
        (
            "<body><div style='display:none'>On 1.1.2024 at 9:00, Ada &lt;a@b.c&gt; wrote:</div><p>Yes.</p>｜</body>",
            None,
        ),
        (
            "<body><div style=\"color:red; DISPLAY : none\" ><div id=divRplyFwdMsg>x</div></div><p>Yes.</p>｜</body>",
            None,
        ),
        ("<body><p>id=divRplyFwdMsg class=gmail_quote</p>｜</body>", None),
        ("<body><p>Yes.</p>｜</body><!-- </body> -->", None),
        ("<body><p>Yes.</p>｜</body></html><!-- <div id=divRplyFwdMsg>From: x</div></body> -->", None),
        ("<![CDATA[<div id=divRplyFwdMsg>]]><p>Yes.</p>｜", None),
        ("<body><p>Yes.</p><div id=appendonsend></div>｜</body>", None),
        ("<body><p>Yes.</p><div class=gmail_quote></div>｜</body>", None),
        (
            "<body><div class='signet-abcdefghijk23'><hr>From: Ada &lt;a@b.c&gt;<br>To: you<br>Subject: us</div>｜</body>",
            None,
        ),
    ]);
}

#[test]
fn user_text_is_no_mark() {
    check(&[
        ("<body><div class=gmail_default>On Monday we wrote: nothing.</div>｜</body>", None),
        ("<body><p>From: the board</p><p>The rest is silence.</p>｜</body>", None),
        ("<body><blockquote>Whoever signs is bound.</blockquote><p>So be it.</p>｜</body>", None),
        ("<body><p>The law says in 3.12:</p><blockquote>Whoever signs is bound.</blockquote>｜</body>", None),
        ("<body><p>Date: Monday</p><p>Time: 9:00</p><p>Address: Main Street 1</p>｜</body>", None),
        ("<body><p>CAUTION: External. From: outside</p><p>Hello</p>｜</body>", None),
        ("<body><p>Text</p><hr><p>Ada Vance<br>Contoso</p>｜</body>", None),
        ("<body><p>Text</p><hr size=\"2\" width=\"100%\"><p>More</p>｜</body>", None),
        (
            "<body><p>Text</p><div class=MsoNormal align=center style='text-align:center'><hr size=3 width=\"100%\" align=center>\
             </div><p class=MsoNormal>More</p>｜</body>",
            None,
        ),
        ("<body><pre>- item: one\n--- a\n+++ b\n---- Enter Feedback Below ----\n</pre>｜</body>", None),
        ("<body><div class=gmail_signature>Ada</div><div id=Signature>Ada</div>｜</body>", None),
        (
            "<body><a href='http://example.com/on/wrote:'>http://example.com/on/2024-01-01/ada@x.example/wrote</a>｜</body>",
            None,
        ),
    ]);
}

#[test]
fn own_signatures_stay_above() {
    check(&[
        (
            "<body><div>Yes.</div><div id=\"ms-outlook-mobile-signature\">Get Outlook for iOS</div>｜<hr><div id=divRplyFwdMsg>From: Bob</div></body>",
            Some("outlook.divRplyFwdMsg"),
        ),
        (
            "<body><div>Yes.</div><div>Sent from my iPhone</div>｜<div><br><blockquote type=cite>On 1 Jan 2024, at 9:00, Bob wrote:</blockquote></div></body>",
            Some("generic.blockquote_cite"),
        ),
        (
            "<body><p>Yes.</p><p>-- <br>Ada</p>｜<div class=moz-cite-prefix>Am 1.1.2024 schrieb Bob:</div><blockquote type=cite>x</blockquote></body>",
            Some("thunderbird.moz_cite_prefix"),
        ),
    ]);
}

#[test]
fn the_place_climbs_to_the_outermost_element_that_begins_with_the_mark() {
    check(&[
        (
            "<body><p>Yes.</p>｜<div><div><span><div id=divRplyFwdMsg>From: x</div></span></div></div></body>",
            Some("outlook.divRplyFwdMsg"),
        ),
        (
            "<body><div class=WordSection1>｜<div><div id=divRplyFwdMsg>From: x</div></div></div></body>",
            Some("outlook.divRplyFwdMsg"),
        ),
        (
            "<body><div>Yes.<br>｜<div> &nbsp;<br><hr><div id=divRplyFwdMsg>From: x</div></div></div></body>",
            Some("outlook.divRplyFwdMsg"),
        ),
        ("<body><div><img src=cid:1>｜<div id=divRplyFwdMsg>From: x</div></div></body>", Some("outlook.divRplyFwdMsg")),
        (
            "<body><font face=Arial>Yes.<br>｜<div id=divRplyFwdMsg>From: x</div></font></body>",
            Some("outlook.divRplyFwdMsg"),
        ),
        ("<body>Yes.<p>｜<div><p>From: a@b.example<br>To: b</div></body>", Some("plain.header_block")),
        ("<body><p>Yes.｜<div id=divRplyFwdMsg>From: x</div></body>", Some("outlook.divRplyFwdMsg")),
        (
            "<body><table><tr><td>Yes.<br>｜<div id=divRplyFwdMsg>From: x</div></td></tr></table></body>",
            Some("outlook.divRplyFwdMsg"),
        ),
        (
            "<body><table><tr><td>Yes.</td></tr><tr><td>｜<div id=divRplyFwdMsg>From: x</div></td></tr></table></body>",
            Some("outlook.divRplyFwdMsg"),
        ),
        (
            "<body>｜<table><tr><td><div id=divRplyFwdMsg>From: x</div></td></tr></table></body>",
            Some("outlook.divRplyFwdMsg"),
        ),
    ]);
}

#[test]
fn a_place_that_would_close_a_paragraph_is_passed_over() {
    check(&[
        ("<body><p>Yes.<br>-----Original Message-----<br>Bob says no.</p>｜</body>", None),
        (
            "<body><p>Yes.<br>-----Original Message-----</p>｜<div class=gmail_attr>x</div></body>",
            Some("gmail.gmail_attr"),
        ),
        ("<body><ul><li>Yes.<br>-----Original Message-----<br>no</li></ul>｜</body>", None),
    ]);
}

#[test]
fn without_a_mark_the_end_of_the_body_is_the_place() {
    check(&[
        ("｜", None),
        ("Yes.｜", None),
        ("<p>Yes.</p>\n｜", None),
        ("<html><p>Yes.</p>｜</html>", None),
        ("<html><body><p>Yes.</p>｜</body></html>", None),
        ("<html><body><p>Yes.｜</body></html>", None),
        ("<body><p>one</p></body><body><p>two</p>｜</body>", None),
        ("<body><div class=WordSection1><p>Yes.</p>｜</div></body>", None),
        ("<body><div class=\"foo WordSection1\"><p>Yes.｜</div>\n</body>", None),
        ("<body><div class=WordSection1><p>Yes.</p></div><p>Footer of a list</p>｜</body>", None),
        ("<body><div>Yes.<div class=x_WordSection1>Old.</div></div>｜</body>", None),
        ("<body lang=EN><div class=Section1><p>Yes.</p>｜</div></body>", None),
    ]);
}

#[test]
fn doubt_about_the_structure_leaves_the_text_alone() {
    for text in [
        "<body><p>Yes.</p><!-- never ends",
        "<body><p>Yes.</p><a href=\"never ends",
        "<body><p>Yes.</p><script>never ends",
        "<body><p>Yes.</p><style>never ends</body>",
        "<body><p>Yes.</p><div",
        "<body><table><tr><td>Yes.</body>",
        "<body><table><tr><td>Yes.",
    ] {
        assert_eq!(find(text), None, "{text}");
    }
}

#[test]
fn what_is_broken_below_the_quote_does_not_matter() {
    for end in ["<!-- never ends", "<a href=\"never ends", "<script>never ends", "<table><tr><td>x</body>", "<div"] {
        let text = format!("<body><p>Yes.</p><div class=gmail_attr>On 1.2.2024 Bob wrote:</div>{end}");
        let found = find(&text).unwrap();
        assert_eq!((found.offset, found.marker), (17, Some("gmail.gmail_attr")), "{end}");
    }
}

#[test]
fn words_above_the_quote_are_given_without_their_prefixes() {
    let text = "<body><div class='x_signet-abcdefghijk23'>Ada</div><div class='m_-1_signet-bbcdefghijk23 y'>Ada</div>\
                <div class='signet-tooshort'></div><div class='signet-ABCDEFGHIJK23'></div><p>Yes.</p>\
                <div id=divRplyFwdMsg>From: Bob<div class='x_signet-cbcdefghijk23'>Bob</div></div></body>";
    let found = find(text).unwrap();
    assert_eq!(found.words, ["signet-abcdefghijk23", "signet-bbcdefghijk23"]);
}

#[test]
fn top_is_inside_the_body_and_the_section_of_word() {
    for row in [
        "<html><head></head><body dir=ltr>｜<p>Yes.</p></body></html>",
        "<html><head></head><body>\n<div class=WordSection1>｜<p>Yes.</p></div></body></html>",
        "<!DOCTYPE html><html><head><title>x</title></head>｜<p>Yes.</p></html>",
        "<meta charset=utf-8>｜Yes.",
        "\u{feff}｜<p>Yes.</p>",
        "<body>｜<p>one</p></body><body><p>two</p></body>",
    ] {
        let (text, at) = place(row);
        assert_eq!(ends(&text).top, at, "{row}");
    }
}

#[test]
fn references_are_read_as_the_characters_they_stand_for() {
    check(&[
        (
            "<body><p>Oui.</p>｜<p>De&nbsp;: Bob &lt;bob&#64;example.com&gt;<br>Envoy&eacute;&#160;: hier<br>&Agrave;&#xA0;: Ada<br>Objet&nbsp;: x</p></body>",
            Some("plain.header_block"),
        ),
        (
            "<body><p>Yes.</p>｜<p>On 1 Jan 2024 at 9:00&#8239;AM Bob &lt;bob@example.com&gt; wrote:</p></body>",
            Some("plain.on_wrote"),
        ),
        ("<body><p>a &amp b &unknown; &#; &#x; &#1114112; &</p>｜</body>", None),
    ]);
}

/// Text of a size, with `part` over and over.
fn repeat(before: &str, part: &str, count: usize, after: &str) -> String {
    format!("{before}{}{after}", part.repeat(count))
}

#[test]
fn the_quoted_text_is_read_no_further_than_it_takes_to_tell_it() {
    let quote = "<body><p>Yes.</p><div id=divRplyFwdMsg>From: Bob</div>";
    let [small, large] = [100, 200].map(|count| {
        let text = repeat(quote, "<p class=x>A line of what was <b>said</b> before.</p>", count, "</body>");
        let steps = steps::of(|| assert_eq!(find(&text).unwrap().marker, Some("outlook.divRplyFwdMsg")));
        assert_eq!(ends(&text).bottom, text.len() - "</body>".len());
        steps
    });
    assert_eq!(small, large);
}

#[test]
fn the_work_is_linear_in_the_size() {
    let shapes: &[(&str, &str, &str)] = &[
        ("", "<div>", ""),
        ("", "<b>", ""),
        ("", "<div></b>", ""),
        ("", "<b><div></b>", ""),
        ("", "<p><b>x", ""),
        ("", "<span><div></span>", ""),
        ("<table>", "<tr><td>", ""),
        ("<table>", "<tr><td><table>", ""),
        ("", "<div><hr>", ""),
        ("", "<div class=gmail_quote>", "<p>x</p>"),
        ("", "<div style='display:none'>", ""),
        ("", "</div>", ""),
        ("", "<", ""),
        ("", "<!--", ""),
        ("", "<!-- -- > ", ""),
        ("<script>", "</scrip", ""),
        ("", "<script></script>", ""),
        ("", "<a b='", ""),
        ("<a ", "b=c ", ">"),
        ("", "&", ""),
        ("", "&lt;&#62;", ""),
        ("", "On 12.03.2024 at 9:00<br>", ""),
        ("", "From: a<br>", ""),
        ("", "Bob &lt;b@x.example&gt; schrieb<br>", ""),
        ("", "-----<br>", ""),
        ("", "&gt;<br>x<br>", ""),
        ("<pre>", "On 12.03.2024 at 9:00\n", "</pre>"),
        ("", "a ", ""),
        ("", "<x_y>", ""),
        ("<div class='", "x_", "'>"),
        ("<div class='", "signet-abcdefghijk23 ", "'>"),
        ("<div style='border", ";display", "'>"),
    ];
    for (before, part, after) in shapes {
        let count = 60_000 / part.len();
        let [small, large] = [count, 2 * count].map(|count| {
            let text = repeat(before, part, count, after);
            steps::of(|| drop(find(&text)))
        });
        assert!(large <= 2 * small + small / 8 + 1_000, "{part:?}: {small} steps, {large} for twice the size");
        assert!(large <= 60 * 120_000, "{part:?}: {large} steps");
    }
}

fn tags() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "<div>",
        "</div>",
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<span>",
        "</span>",
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "</table>",
        "<br>",
        "<hr>",
        "text",
        "é",
        "&nbsp;",
        "<!--c-->",
        "<blockquote type=cite>",
        "</blockquote>",
        "<div id=divRplyFwdMsg>",
        "<div class=gmail_quote>",
        "On 1.2.2024 at 9:00, A &lt;a@b.c&gt; wrote:",
        "<body>",
        "</body>",
        "<html>",
        "</html>",
        "<a name=x>",
        "</a>",
        "<div class=WordSection1>",
        "<",
        ">",
        "\"",
        "<li>",
        "<ul>",
        "</ul>",
        "<pre>",
        "</pre>",
        "\n",
        "From: a@b.c",
        "To: b",
        "<div style='display:none'>",
        "<head>",
        "</head>",
        "<div class='signet-abcdefghijk23'>",
    ]);
    prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn places_are_on_boundaries_and_outside_of_tags(text in tags()) {
        if let Some(found) = find(&text) {
            let Ends { top, bottom } = ends(&text);
            for at in [found.offset, top, bottom] {
                prop_assert!(text.is_char_boundary(at));
                let inside = Tokens::new(&text).any(|token| {
                    token.start < at && at < token.end && !matches!(token.what, What::Text(_))
                });
                prop_assert!(!inside, "{at} lies inside a tag");
            }
        }
    }

    #[test]
    fn a_place_bears_a_block(text in tags()) {
        if let Some(found) = find(&text) {
            let mut tree = Tree::new();
            let mut tokens = Tokens::new(&text);
            while let Some(token) = tokens.next().filter(|token| token.end <= found.offset) {
                match token.what {
                    What::Open { name } => {
                        let element = Element::of(name);
                        tree.imply(element);
                        let flags = tree.flags(element, tokens.attributes());
                        tree.open(element, token.start, flags);
                    }
                    What::Close { name } => drop(tree.close(Element::of(name))),
                    _ => {}
                }
            }
            // A start tag that closes a paragraph by itself may have the signature do it just before.
            let next = Tokens::new(&text).find(|token| token.start == found.offset);
            if let Some(Token { what: What::Open { name, .. }, .. }) = next
                && Element::of(name).closes_paragraph(tree.quirks)
            {
                tree.close(Element::P);
            }
            if found.marker.is_some() {
                prop_assert!(tree.bears() < Bears::Nothing);
            }
        }
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}") {
        let _ = find(&text);
    }
}
