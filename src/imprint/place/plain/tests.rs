//! Where the signature goes in plain text: banners, attributions, header blocks, and what is no quote.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;

use super::super::steps;
use super::*;
use crate::imprint::Kind;

const MARK: char = '\u{ff5c}';

/// Each row with LF and with CRLF. The place is the mark; the end where there is none.
fn check(rows: &[(&str, Option<&str>)]) {
    let mut wrong = Vec::new();
    for (row, marker) in rows {
        for row in [(*row).to_owned(), row.replace('\n', "\r\n")] {
            let at = row.find(MARK).unwrap_or(row.len());
            let found = find(&row.replacen(MARK, "", 1)).unwrap();
            if found.offset != at || found.marker != *marker {
                wrong.push(format!("{row:?}\n    {found:?}, not at {at}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn banners() {
    let original = Some("plain.original_message");
    let forwarded = Some("plain.forwarded_message");
    check(&[
        ("Yes.\n\n｜-----Original Message-----\nFrom: a\n", original),
        ("Yes.\n\n｜----- Original Message -----\nHi\n", original),
        ("Yes.\n\n｜-------- Original Message --------\nHi\n", original),
        (
            "Yes.\n\n｜\u{2010}\u{2010}\u{2010}\u{2010}\u{2010}\u{2010}\u{2010} Original Message \u{2010}\u{2010}\u{2010}\nHi\n",
            original,
        ),
        ("Yes.\n\n｜*-----Original Message-----*\nHi\n", original),
        ("Yes.\n\n｜\u{2501}\u{2501}\u{2501}Th\u{1b0} g\u{1ed1}c\u{2501}\u{2501}\u{2501}\nHi\n", original),
        ("Ja.\n\n｜-----Ursprüngliche Nachricht-----\nHallo\n", original),
        ("Oui.\n\n｜-------- Message d\u{2019}origine --------\nSalut\n", original),
        ("好\n\n｜------------------\u{a0}原始邮件\u{a0}------------------\n你好\n", original),
        ("Yes.\n\n｜---------- Forwarded message ---------\nFrom: a\n", forwarded),
        ("Yes.\n\n｜---------- Forwarded message ----------\nFrom: a\n", forwarded),
        ("Sì.\n\n｜   ----- Messaggio inoltrato ----- Da: Ada <a@b.example>A: Bob\n", forwarded),
        ("Yes.\n\n｜Begin forwarded message:\n\n> From: a@b.c\n", Some("plain.begin_forwarded")),
        ("Yes.\n\n｜> Začátek přeposílané zprávy:\n>\n> Od: a@b.c\n", Some("plain.begin_forwarded")),
        ("Yes.\n\n｜Forwarded message:\n\nHi\n", Some("plain.begin_forwarded")),
        ("Yes.\n\n｜----- Forwarded by Ada/Contoso on 01/02/2003 -----\nHi\n", Some("notes.forwarded_by")),
        ("Yes.\n\n｜##- Please type your reply above this line -##\nHi\n", Some("plain.reply_above")),
        ("Yes.\n\n｜-- Please reply above this line --\nHi\n", Some("plain.reply_above")),
        (
            "Yes.\n\n｜-------- Qualia nuntia --------\nAb: a@b.example\nDies: heri\nAd: c@d.example\n\nSalve\n",
            original,
        ),
        (
            "Yes.\n\n｜________________________________\nFrom: Ada <a@b.c>\nSent: Monday\n",
            Some("plain.ruled_header_block"),
        ),
        (
            "Yes.\n\n｜________________________________________\n\nVon: Ada <a@b.c>\nAn: Bob\n",
            Some("plain.ruled_header_block"),
        ),
        (
            "Yes.\n\n｜ ------------------------------\n\n*From:* Ada\n*Sent:* now\n*To:* b@c.d\n",
            Some("plain.ruled_header_block"),
        ),
    ]);
}

#[test]
fn header_blocks() {
    let block = Some("plain.header_block");
    check(&[
        ("Yes.\n\n｜From: Ada <a@b.c>\nSent: Monday\nTo: Bob\nSubject: x\n\nHi\n", block),
        ("Yes.\n\n｜Date: Monday\nSubject: x\nFrom: a@b.c\nTo: b@c.d\n\nHi\n", block),
        ("Yes.\n\n｜*From:* Ada [mailto:\n  a@b.c]\n*Sent:* Monday\n*To:* Bob\n", block),
        ("Yes.\n\n｜> From: Ada <a@b.c>\n> Date: Monday\n> To: Bob\n", block),
        ("Yes.\n\n｜Subject: \tx\nDate: \tMonday\nFrom: \tAda <a@b.c>\nTo: \tBob\n", block),
        ("Oui.\n\n｜De\u{a0}: Ada <a@b.c>\nEnvoyé\u{a0}: lundi\nÀ\u{a0}: Bob\nObjet\u{a0}: x\n", block),
        ("是\n\n｜发件人：Ada <a@b.c>\n发送时间：周一\n收件人：Bob\n主题：x\n", block),
        ("はい\n\n｜差出人: Ada <a@b.c>\n送信日時: 月曜日\n宛先: Bob\n件名: x\n", block),
        ("Ja.\n\n｜Od: Ada <a@b.c>\nDate: Monday\nSubject: x\nTo: Bob\n", block),
        ("Yes.\n\n｜From: Ada Vance\nSent: Monday, 1 May 2023 9:00\nTo: Bob Stone\n", block),
        ("Yes.\n\n｜From: a@b.example\n\n<http://b.example>\n", Some("plain.from_line")),
        ("Yes.\n\n｜From: a@b.example\n\n> Hi\n", Some("plain.from_line")),
        ("Yes.\n\n｜From: Ada Vance\n<a@b.c>\nTo: Bob Stone\n\nHi\n", block),
        ("Yes.\n\n｜From: Ada Vance,\nada@b.c\nTo: Bob Stone\n\nHi\n", block),
        ("Signed From: the board\nFrom: the office\n\n｜From: Ada <a@b.c>\nTo: Bob\n", block),
    ]);
}

#[test]
fn attributions() {
    let wrote = Some("plain.on_wrote");
    check(&[
        ("Yes.\n\n｜On 20/11/2026 09:12, Ada Vance wrote:\n> Hi\n", wrote),
        ("Yes.\n｜On Aug 22, 2011, at 7:37 PM, ada<a@b.example> wrote:\n\n\n> Hi\n", wrote),
        ("Yes.\n\n｜On Fri, Nov 20, 2026 at 9:12\u{202f}AM Ada Vance <\na@b.example> wrote:\n\n> Hi\n", wrote),
        ("Yes.\n\n｜On Nov 30, 2011, at 12:47 PM, Ada\n<416ffd3258d4d2fa4c85@b.example>\nwrote:\n\nHi\n", wrote),
        ("Yes.\n\n｜On Tue, Apr 11, 2017 at 10:07 PM Ada Vance\n\n<\nmailto:Ada <a@b.example>\n> wrote:\nHi\n", wrote),
        ("Yes.\n\n｜> On May 17, 2017, at 01:42 PM, Ada <a@b.example> wrote:\n>\n> Hi\n", wrote),
        ("Yes.\n\n｜\u{feff}On 28/10/2021 12:46, \"Ada\" <a@b.example> wrote:\n\n    Hi\n", wrote),
        (
            "Yes.\n\n｜On \u{200e}Monday\u{200e}, \u{200e}May\u{200e} \u{200e}1\u{200e}, \u{200e}2023 Ada <a@b.example> wrote:\nHi\n",
            wrote,
        ),
        ("Yes.\n\n｜---- On Fri, 20 Nov 2026 09:12:00 +0100 Ada <a@b.example> wrote ----\n\nHi\n", wrote),
        ("Yes.\n\n｜In message <x@b.example> Ada writes:\n> Hi\n", wrote),
        ("Yes.\n\n｜At 6/16/2016 08:32 PM, you wrote:\n>Hi\n", wrote),
        ("Yes.\n\n｜Ada Vance wrote on 01/02/2003 10:00:00 AM:\n\nHi\n", wrote),
        ("Yes.\n\n｜2014-10-17 11:28 GMT+03:00 Ada <\na@b.example>:\n\n> Hi\n", wrote),
        ("Yes.\n\n｜2016-03-03 17:21 GMT+01:00 Ada Vance\n\nHi\n", wrote),
        ("Yes.\n\n｜2013/10/2 Ada <a@b.example>\n\n> Hi\n", wrote),
        ("Да.\n\n｜26.06.2014, 14:41, \"Ада\" <a@b.example>:\n> Hi\n", wrote),
        ("Да.\n\n｜вт, 5 янв. 2016\u{a0}г. в 23:39, Ада <a@b.example>:\n\n> Hi\n", wrote),
        ("はい\n\n｜2026年11月20日(金) 9:12 田中 <a@b.example>:\n\n> Hi\n", wrote),
        ("Ja.\n\n｜Am 20.11.26 um 09:12 schrieb Ada Vance:\n> Hi\n", wrote),
        // Without a colon, or with another one: before quoted lines alone.
        ("Այո։\n\n｜20.11.2026 09:12-ին Ada Vanceը գրել է.\n> Hi\n", wrote),
        ("Այո։\n\n｜20.11.2026֊ին, Ada Vance գրել է՝\n> Hi\n", wrote),
        ("Da.\n\n｜20.11.2026 09:12, je Ada Vance napisal\n> Hi\n", wrote),
        ("Ja.\n\n｜D. 28/10/2021 12.46 skrev \"Ada\"\n> Hi\n", wrote),
        ("ശരി.\n\n｜20.11.2026, Ada Vanceൽ എഴുതി\n> Hi\n", wrote),
        ("Bai.\n\n｜Jatorrizko mezua: Ost, 2026-11-20 09:12 +0100, egilea: Ada <a@b.example>\n> Hi\n", wrote),
        ("The law of 20.11.2026 is what they wrote\n\nSee you\n", None),
        ("Bob wrote on 20.11.2026 09:12 that it fits.\nRegards\n", None),
        ("Das schrieb er am 20.11.2026 um 9:12 Uhr.\n\nGrüße\n", None),
        ("Ja.\n\n｜Ada Vance <a@b.example> schrieb am Fr., 20. Nov. 2026\num 09:12 Uhr:\n\n> Hi\n", wrote),
        ("Oui.\n\n｜Le ven. 20 nov. 2026 à 09:12, Ada Vance <a@b.example>\na écrit :\n\n> Hi\n", wrote),
        ("Sí.\n\n｜El vie, 20 nov 2026 a las 9:12, Ada (<a@b.example>) escribió:\n\n> Hi\n", wrote),
        ("Sì.\n\n｜Il giorno ven 20 nov 2026 alle ore 09:12 Ada <a@b.example> ha scritto:\n\n> Hi\n", wrote),
        ("Ja.\n\n｜Op vr 20 nov. 2026 om 09:12 schreef Ada <a@b.example>:\n\n> Hi\n", wrote),
        ("Ja.\n\n｜> Op 2 feb. 2015 om 05:28 heeft Ada <a@b.example> het volgende geschreven:\n>\n> Hi\n", wrote),
        ("Ja.\n\n｜Den fre 20 nov. 2026 kl 09:12 skrev Ada <a@b.example>:\n\n> Hi\n", wrote),
        ("Kyllä.\n\n｜pe 20. marrask. 2026 klo 9.12 Ada Vance\n<a@b.example> kirjoitti:\n\nHi\n", wrote),
        ("Tak.\n\n｜W dniu 20.11.2026 o 09:12, Ada Vance pisze:\n> Hi\n", wrote),
        ("Ano.\n\n｜Dne 20. 11. 26 v 9:12 Ada Vance napsal(a):\n> Hi\n", wrote),
        ("Igen.\n\n｜2026. 11. 20. 9:12 keltezéssel, Ada Vance írta:\n> Hi\n", wrote),
        ("Da.\n\n｜Pe 20.11.2026 09:12, Ada Vance a scris:\n> Hi\n", wrote),
        ("Ναι.\n\n｜Στις 20/11/26 09:12, ο/η Ada Vance έγραψε:\n> Hi\n", wrote),
        ("Evet.\n\n｜20.11.2026 09:12 tarihinde Ada Vance yazdı:\n> Hi\n", wrote),
        ("是\n\n｜在 2026/11/20 9:12, Ada Vance 写道:\n> Hi\n", wrote),
        ("네\n\n｜2026. 11. 20. 오전 9:12에 Ada Vance 이(가) 쓴 글:\n> Hi\n", wrote),
        ("Ie.\n\n｜Ar 20.11.2026 09:12, qwrqwr Ada:\n> Hi\n", wrote),
        ("Yes.\n\n｜>>> Ada Vance 11/20/26 9:12 AM >>>\nHi\n", Some("groupwise.angle_line")),
        ("Yes.｜--- On Wed, Apr 4, 2012 at 3:59 PM, a@b.example wrote:\n> Hi", wrote),
        // Without a date: above quoted lines after which nothing of one's own stands.
        ("Yes.\n\n｜Bob wrote:\n> Hi\n", wrote),
        ("Yes.\n\n｜Bob via Mailman wrote:\n\n> Hi\n>\n> Bye\n", wrote),
        ("Ja.\n\n｜Ada Vance schrieb:\n> Hallo\n>\n> On 1/2/2026 09:12, Bob wrote:\n>> Hi\n", wrote),
        ("Oui.\n\n｜Ada Vance a écrit\u{a0}:\n> Salut\n", wrote),
        ("Այո։\n\n｜Ada Vance-ը գրել է.\n> Hi\n", wrote),
        ("네.\n\n｜Ada Vance 이(가) 쓴 글\n> Hi\n", wrote),
        ("Yes.\n\n｜Posted by Ada Vance on 01/21/2016\n> Hi\n", wrote),
        ("Bob wrote:\n> one\n> two\n\nThis is why.\n", None),
        ("Bob wrote:\nHi\n", None),
        ("Bob wrote:\n> one\n\nNo.\n\n｜> two\n> three\n", Some("plain.quoted_lines")),
        ("Yes, as follows:\n｜> one\n> two\n", Some("plain.quoted_lines")),
    ]);
}

#[test]
fn quoted_lines_without_attribution() {
    let quoted = Some("plain.quoted_lines");
    check(&[
        ("Yes.\n\n｜> one\n> two\n", quoted),
        ("Yes.\n\n｜> one\n\n> two\n\n", quoted),
        ("Yes.\n\n> one\n", None),
        ("Yes.\n\n> one\n> two\n\nNo.\n", None),
        ("> one\n> two\n\nNo.\n\n｜> three\n>> four\n", quoted),
    ]);
}

#[test]
fn user_text_is_no_quote() {
    check(&[
        ("", None),
        ("\n\n", None),
        ("Hello\n\n-- \nAda\n", None),
        ("Hello\n--\nAda\nSent from my iPhone\n", None),
        ("On Monday we meet.\nOn Tuesday, too.\n", None),
        ("On Monday the board wrote: no.\n", None),
        ("On 1 May 2023 we met.\n\nRegards\n", None),
        ("From: the board\nThe rest is silence.\n", None),
        ("Please let this sender in:\nFrom: news@shop.example\n\nThank you\n", None),
        ("From: 1 December\nTo: 5 December\nContact: ada@b.example\n\nThank you\n", None),
        ("From: Berlin\nTo: Paris\nask ada@b.example\n\nThank you\n", None),
        ("Agenda\nDate: 2023-05-01\nTime: 9:00\nAddress: Main Street 1\n", None),
        ("---- Enter Feedback Below ----\nGood.\n", None),
        ("See https://example.com/2023-05-01/he-wrote:\nand so on.\n", None),
        ("title: x\nfrom: y\n---\nbody\n", None),
        ("# Original message\ntext\n", None),
        ("--- a/file\n+++ b/file\n@@ -1 +1 @@\n", None),
        ("________________________________\nA list\nhttp://lists.example.com\n", None),
        (
            "2024-01-15 14:30:25\n2024/01/15 14:30:25\n15.01.2024 14:30\n01/15/2024 at 2:30 PM\nJan 15, 2024 at 14:30\n\nAll are examples.\n",
            None,
        ),
        ("Dates:\n12.03.2024 Berlin\n13.03.2024 Paris\n", None),
        ("We agreed on 12.03.2024, 14:00, in room 3:\nnobody came.\n", None),
        ("Mødet er den 12.03.2024 kl. 10.00 med følgende:\n- Ada\n", None),
    ]);
}

#[test]
fn kinds_are_told_where_the_words_tell() {
    let kind = |text: &str| find(text).unwrap().kind;
    assert_eq!(kind("x\n\n---------- Forwarded message ---------\nFrom: a\n"), Some(Kind::Forward));
    assert_eq!(kind("x\n\n-----Original Message-----\nFrom: a\n"), Some(Kind::Reply));
    assert_eq!(kind("x\n\nOn 1/2/2026 09:12, Ada wrote:\n> Hi\n"), Some(Kind::Reply));
    assert_eq!(kind("x\n\nFrom: a@b.c\nTo: b@c.d\n"), None);
    assert_eq!(kind("x\n"), None);
}

#[test]
fn a_byte_order_mark_stays_first() {
    let quoting = "\u{feff}On 28/10/2021 12:46, \"Ada\" <a@b.example> wrote:\n\n    Hi\n";
    assert_eq!((ends(quoting).top, find(quoting).unwrap().offset), (3, 3));
    let text = "\u{feff}Hello\n";
    assert_eq!((ends(text), find(text).unwrap().offset), (Ends { top: 3, bottom: 9 }, 9));
}

#[test]
fn the_work_is_linear_in_the_size() {
    let lines = [
        "> x\n",
        ">",
        "> x\ny\n",
        "On 12.03.2024 at 9:00\n",
        "From: a\n",
        "From: a\nx@y\n",
        "-----\n",
        "On ",
        "a@b.c> schrieb\n",
        "\n",
        "1.2.",
        "wrote wrote ",
        "On wrote:\n",
        "-------- x --------\n",
        "________________________________\n\n\n",
        "On 1.1.2024 <\n\n",
    ];
    for line in lines {
        let count = 120_000 / line.len();
        let [small, large] = [count, 2 * count].map(|count| {
            let text = line.repeat(count);
            steps::of(|| drop(find(&text)))
        });
        assert!(large <= 2 * small + small / 8 + 1_000, "{line:?}: {small} steps, {large} for twice the size");
        assert!(large <= 60 * 240_000, "{line:?}: {large} steps");
    }
}

#[test]
fn eight_megabytes_of_quote_marks_are_read_in_linear_steps() {
    let text = ">".repeat(8 << 20);
    let steps = steps::of(|| assert_eq!(find(&text).unwrap().marker, None));
    assert!(steps <= text.len(), "{steps}");
    let text = ">\n".repeat(4 << 20);
    let steps = steps::of(|| assert_eq!(find(&text).unwrap().offset, 0));
    assert!(steps <= 2 * text.len(), "{steps}");
}

proptest! {
    #[test]
    fn places_are_on_boundaries(text in "(?:[>\u{feff}é ]|On 1\\.2\\.2024 |wrote:|From: a@b|\n|\r\n|---|\\PC){0,60}") {
        let found = find(&text).unwrap();
        let Ends { top, bottom } = ends(&text);
        for at in [found.offset, top, bottom] {
            prop_assert!(text.is_char_boundary(at));
        }
        prop_assert!(top <= found.offset && found.offset <= bottom);
    }
}
