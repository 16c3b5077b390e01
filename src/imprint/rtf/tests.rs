//! What RTF shows, where pieces go, and what they look like there.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::super::stamp::RichText;
use super::*;

fn read(octets: &str) -> Document<'_> {
    Document::read(octets.as_bytes()).unwrap()
}

#[test]
fn native_text_is_what_is_shown() {
    for (octets, text) in [
        ("{\\rtf1 a\\par b\\line c\\tab d}", "a\nb\nc\td"),
        ("{\\rtf1{\\fonttbl{\\f0 Arial;}}{\\colortbl;\\red0;}{\\*\\generator X;}{\\info{\\title T}}a}", "a"),
        ("{\\rtf1\\ansi\\ansicpg1251 \\'cf\\'f0}", "\u{41f}\u{440}"),
        ("{\\rtf1{\\fonttbl{\\f1\\fcharset128 M;}}\\f1 \\'93\\'fa\\'96\\'7b}", "\u{65e5}\u{672c}"),
        // The second octet of two may be a letter that stands for itself.
        ("{\\rtf1{\\fonttbl{\\f1\\fcharset128 M;}}\\f1 \\'83A\\'b1B}", "\u{30a2}\u{ff71}B"),
        ("{\\rtf1\\u8364?x\\uc2\\u228\\'e4\\'e4y\\uc0\\u228z}", "\u{20ac}x\u{e4}y\u{e4}z"),
        ("{\\rtf1\\u-10179?\\u-8704?!\\u-10179?}", "\u{1f600}!\u{fffd}"),
        ("{\\rtf1 a{\\v hidden}\\~\\_\\{\\\\\\}\\emdash}", "a\u{a0}\u{2011}{\\}\u{2014}"),
        (
            "{\\rtf1 {\\field{\\*\\fldinst{HYPERLINK \"x\"}}{\\fldrslt{\\ul link}}} {\\pict\\pngblip 00}\\bin2 {}.}",
            "link .",
        ),
        ("{\\rtf1\\trowd\\cellx1\\pard\\intbl a\\cell b\\cell\\row c}", "a\tb\t\nc"),
    ] {
        let document = read(octets);
        assert_eq!((document.origin, document.text()), (Origin::Native, text), "{octets}");
    }
}

const HTML: &str = "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 {\\fonttbl{\\f0\\fswiss Arial;}}\r\n{\\colortbl\\red0\\green0\\blue0;}\r\n\
    {\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 caf\\'e9{\\*\\htmltag84 &nbsp;}\\htmlrtf \\'a0\\htmlrtf0 {\\*\\mhtmltag no}\
    {\\*\\htmltag72 </p>}\\htmlrtf\\par}\\htmlrtf0\r\n{\\*\\htmltag64 \\par <div\\{\\}>}From:\\line b{\\*\\htmltag </div></body>}}";

#[test]
fn html_and_plain_text_are_as_they_were() {
    let document = read(HTML);
    assert_eq!(document.origin, Origin::Html);
    assert_eq!(document.text(), "<p>caf\u{e9}&nbsp;</p>\r\n<div{}>From:\r\nb</div></body>");
    for late in ["{\\rtf1 a\\fromhtml1 b}", "{\\rtf1{\\fromtext ab}}"] {
        assert_eq!(read(late).origin, Origin::Native, "{late}");
    }
    let document = read("{\\rtf1\\fromtext{\\fonttbl{\\f0 x;}}\\f0 Hi\\par\r\n> you\\par}");
    assert_eq!((document.origin, document.text()), (Origin::Text, "Hi\n> you\n"));
}

/// The octets with others put in, and the text that they show then.
fn with(octets: &str, place: usize, make: impl Fn(Spot) -> String) -> String {
    let document = read(octets);
    let spot = document.spot(place).unwrap();
    let (Spot::Between(at) | Spot::InTag(at)) = spot;
    let written = [&octets[..at], &make(spot), &octets[at..]].concat();
    assert_eq!(read(&written).origin, document.origin);
    written
}

#[test]
fn html_is_put_in_between_tags_and_within_them() {
    let text = read(HTML).text().to_owned();
    let put = "<div class=\"a{}\">\u{fc}\\</div>\r\n";
    for before in ["<div{}", "From:", "</body>", "</p>"] {
        let place = text.find(before).unwrap();
        let written = with(HTML, place, |spot| wrapped(put, "seen", spot));
        let shown = put.replace('\u{fc}', "&#252;");
        assert_eq!(read(&written).text(), [&text[..place], &shown, &text[place..]].concat(), "{before}");
        // Others see the text in rich text alone, but not within markup.
        let native = written.replace("\\fromhtml1", "");
        assert_eq!(read(&native).text().contains("seen"), before != "<div{}" && before != "</body>", "{before}");
    }
    // Not where the other side is left out.
    let within = with(HTML, text.find("\r\n<div").unwrap(), |spot| wrapped("", "", spot));
    assert!(within.contains("\\htmlrtf0\r\n{\\*\\htmltag64 }"), "{within}");
}

#[test]
fn a_place_is_out_of_groups_and_tables() {
    for (octets, line, want) in [
        ("{\\rtf1 a\\par {\\b From:} b}", "From", "{\\rtf1 a\\par |{\\b From:} b}"),
        ("{\\rtf1{\\f0 a\\par}\\pard\\brdrt{\\b From:} b}", "From", "{\\rtf1{\\f0 a\\par}\\pard\\brdrt|{\\b From:} b}"),
        ("{\\rtf1{\\f0 a\\par From: b}}", "From", "{\\rtf1{\\f0 a\\par |From: b}}"),
        (
            "{\\rtf1 a\\par\\trowd\\pard\\intbl From\\cell\\row b}",
            "From",
            "{\\rtf1 a\\par|\\trowd\\pard\\intbl From\\cell\\row b}",
        ),
        ("{\\rtf1{\\fonttbl{\\f0 x;}}\\pard From}", "From", "{\\rtf1{\\fonttbl{\\f0 x;}}\\pard |From}"),
        ("{\\rtf1 a\\u8211 -From}", "From", "{\\rtf1 a\\u8211 -|From}"),
        ("{\\rtf1 aFrom}", "From", "{\\rtf1 a|From}"),
    ] {
        let place = read(octets).text().find(line).unwrap();
        assert_eq!(with(octets, place, |_| "|".to_owned()), want, "{octets}");
    }
    let at_end = read("{\\rtf1 a\\par }\r\n\0");
    assert_eq!(at_end.spot(at_end.text().len()), Some(Spot::Between("{\\rtf1 a\\par ".len())));
    let row = read("{\\rtf1\\trowd\\pard\\intbl a\\cell From\\cell\\row}");
    assert_eq!(row.spot(row.text().find("From").unwrap()), None, "a row is not divided");
}

#[test]
fn paragraphs_count_fonts_and_colours_behind_those_that_are_there() {
    let rich = RichText {
        fonts: vec!["Arial".to_owned()],
        colours: vec![[1, 2, 3]],
        paragraphs: "\\pard{\\f0\\fs20\\cf1\\b Ada}\\cf0 x\\par\n".to_owned(),
    };
    let octets = "{\\rtf1{\\fonttbl{\\f3 x;}}{\\colortbl;\\red9;}a}";
    let mut tables = Tables::new(read(octets).tables);
    let first = tables.adopt(&rich, true, true, false);
    assert_eq!(first, "\\par{\\uc1\\pard\\plain \\par\n\\pard{\\f4\\fs20\\cf2\\b Ada}\\cf0 x\\par\n}");
    assert_eq!(tables.adopt(&rich, false, false, true).matches("\\f5\\fs20\\cf3\\b Ada").count(), 1);
    assert_eq!(tables.fonts, "{\\f4\\fnil Arial;}{\\f5\\fnil Arial;}");
    assert_eq!(tables.colours, "\\red1\\green2\\blue3;\\red1\\green2\\blue3;");
    // Without tables the body's own letters have to do.
    let mut none = Tables::new(TableEnds::default());
    assert_eq!(none.adopt(&rich, false, false, false), "{\\uc1\\pard\\plain \\pard{\\fs20\\b Ada}\\cf0 x\\par\n}");
    assert_eq!((none.fonts.as_str(), none.colours.as_str()), ("", ""));
}

#[test]
fn what_is_no_document_is_told() {
    let deep = "{\\rtf1 ".to_owned() + &"{".repeat(DEPTH);
    for (octets, why) in [
        ("", RtfError::NoHeader),
        ("plain", RtfError::NoHeader),
        ("{\\rtf1 a", RtfError::Unbalanced),
        (deep.as_str(), RtfError::TooDeep),
    ] {
        assert_eq!(Document::read(octets.as_bytes()).map(|_| ()), Err(why), "{octets}");
    }
}

proptest! {
    /// Of tokens of every kind: reading ends, and what is put in where a place was found shows there and nowhere else.
    #[test]
    fn what_is_put_in_shows_where_it_was_meant(
        tokens in prop::collection::vec(prop_oneof![
            Just("a"), Just("From: "), Just("{"), Just("}"), Just("\\par "), Just("\\b "), Just("\\'e4"), Just("\\u228?"),
            Just("{\\*\\htmltag64 <p>}"), Just("\\htmlrtf "), Just("\\htmlrtf0 "), Just("\\v "), Just("\\v0 "), Just("{\\*\\x y}"),
            Just("\\f1 "), Just("\\'83"), Just("\\trowd "), Just("\\row "), Just("\\intbl "), Just("\\pard "), Just("\r\n"),
            Just("\\uc2 "), Just("\\u-10179?"), Just("{\\fonttbl{\\f1\\fcharset128 M;}}"), Just("\\~"), Just("\\{"),
        ], 0..30),
        origin in prop_oneof![Just(""), Just("\\fromhtml1 "), Just("\\fromtext ")],
    ) {
        let mut octets = ["{\\rtf1", origin, " ", &tokens.concat()].concat();
        let open = octets.replace("\\{", "").chars().fold(0_i32, |depth, one| match one {
            '{' => depth + 1,
            '}' => depth - 1,
            _ => depth,
        });
        octets.push_str(&"}".repeat(usize::try_from(open).unwrap_or(0)));
        let Ok(document) = Document::read(octets.as_bytes()) else { return Ok(()) };
        for (place, _) in document.text().char_indices().chain([(document.text().len(), ' ')]) {
            let Some(spot) = document.spot(place) else { continue };
            let (Spot::Between(at) | Spot::InTag(at)) = spot;
            let put = if document.origin == Origin::Html { wrapped("<i>", "", spot) } else { lines("[]") };
            let shown = if document.origin == Origin::Html { "<i>" } else { "[]" };
            let written = [&octets[..at], &put, &octets[at..]].concat();
            let (before, after) = document.text().split_at(place);
            let again = read(&written);
            prop_assert_eq!(again.text(), [before, shown, after].concat(), "{} {:?}", octets, spot);
        }
    }

    #[test]
    fn any_octets_are_read_to_an_end(octets in prop::collection::vec(any::<u8>(), 0..300)) {
        let octets = [&b"{\\rtf1"[..], &octets, b"}"].concat();
        if let Ok(document) = Document::read(&octets) {
            prop_assert!(document.text().len() <= octets.len() * 3);
            let _ = document.spot(document.text().len() / 2);
        }
    }
}
