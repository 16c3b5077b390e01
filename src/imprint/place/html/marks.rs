//! What mail programs write into the attributes of the elements that hold quoted text.
//!
//! Values are compared without case. Identifiers may carry the prefixes of programs that rewrote them: `x_` (Outlook on
//! the web), `m_` and digits (Gmail), `3D"` (quoted-printable that was decoded once too little).

use memchr::{memchr, memchr2, memchr2_iter};

use super::super::Kind;
use super::element::Element;
use super::token::Attributes;

/// One mark.
struct Mark {
    marker: &'static str,
    kind: Option<Kind>,
    test: Test,
    /// Only on this element.
    on: Option<Element>,
}

enum Test {
    Id(&'static str),
    Class(&'static str),
    /// A class that ends so: Yahoo puts a changing prefix before its own.
    ClassEnd(&'static str),
    Name(&'static str),
    DataMarker(&'static str),
}

const DIV: Option<Element> = Some(Element::Div);
const BLOCKQUOTE: Option<Element> = Some(Element::Blockquote);
const ANY: Option<Element> = None;

const fn mark(marker: &'static str, test: Test, on: Option<Element>) -> Mark {
    Mark { marker, kind: None, test, on }
}

const fn forward(marker: &'static str, test: Test, on: Option<Element>) -> Mark {
    Mark { marker, kind: Some(Kind::Forward), test, on }
}

const fn reply(marker: &'static str, test: Test, on: Option<Element>) -> Mark {
    Mark { marker, kind: Some(Kind::Reply), test, on }
}

/// By client; the order among them does not matter, the earliest in the text counts.
const MARKS: &[Mark] = &[
    mark("outlook.divRplyFwdMsg", Test::Id("divRplyFwdMsg"), ANY),
    mark("outlook.divRplyFwdMsg", Test::Name("divRplyFwdMsg"), ANY),
    mark("outlook.appendonsend", Test::Id("appendonsend"), ANY),
    mark("outlook.reference_message_container", Test::Id("mail-editor-reference-message-container"), ANY),
    mark("outlook.reference_message", Test::Class("ms-outlook-mobile-reference-message"), ANY),
    mark("outlook.MailOriginal", Test::Name("_MailOriginal"), Some(Element::A)),
    mark("outlook.OLK_SRC_BODY_SECTION", Test::Id("OLK_SRC_BODY_SECTION"), ANY),
    mark("hotmail.stopSpelling", Test::Id("stopSpelling"), ANY),
    mark("hotmail.SkyDrivePlaceholder", Test::Id("SkyDrivePlaceholder"), ANY),
    mark("gmail.gmail_quote_container", Test::Class("gmail_quote_container"), ANY),
    mark("gmail.gmail_attr", Test::Class("gmail_attr"), ANY),
    mark("yahoo.yahoo_quoted", Test::ClassEnd("yahoo_quoted"), ANY),
    mark("yahoo.yahoo_quoted_begin", Test::ClassEnd("yahoo-quoted-begin"), ANY),
    mark("yahoo.iosymail", Test::Class("iosymail"), BLOCKQUOTE),
    reply("thunderbird.moz_cite_prefix", Test::Class("moz-cite-prefix"), ANY),
    forward("thunderbird.moz_forward_container", Test::Class("moz-forward-container"), ANY),
    forward("thunderbird.moz_email_headers_table", Test::Class("moz-email-headers-table"), ANY),
    mark("proton.protonmail_quote", Test::Class("protonmail_quote"), ANY),
    mark("tutanota.tutanota_quote", Test::Class("tutanota_quote"), ANY),
    mark("zoho.zmail_extra", Test::Class("zmail_extra"), ANY),
    mark("skiff.skiff_quote", Test::Class("skiff_quote"), ANY),
    mark("mailspring.nylas_quote", Test::Class("nylas-quote"), ANY),
    mark("gmx.quote", Test::Name("quote"), DIV),
    mark("spark.messageReplySection", Test::Name("messageReplySection"), ANY),
    mark("zimbra.zwchr", Test::Id("zwchr"), ANY),
    mark("zimbra.divider", Test::DataMarker("__DIVIDER__"), ANY),
    mark("zimbra.headers", Test::DataMarker("__HEADERS__"), ANY),
    mark("zimbra.quoted_text", Test::DataMarker("__QUOTED_TEXT__"), ANY),
    forward("netease.isForwardContent", Test::Id("isForwardContent"), ANY),
    reply("netease.isReplyContent", Test::Id("isReplyContent"), ANY),
    reply("netease.reply139content", Test::Id("reply139content"), ANY),
    mark("qq.origbody", Test::Id("origbody"), DIV),
    mark("netease.mailcontent", Test::Id("mailcontent"), DIV),
    mark("qq.oriMsgHtmlSeperator", Test::Id("oriMsgHtmlSeperator"), ANY),
    mark("ticket.replySplit", Test::Id("replySplit"), ANY),
];

/// The mark that an element carries, if it begins quoted text whatever stands in it.
pub(super) fn find(element: Element, attributes: &Attributes<'_>) -> Option<(&'static str, Option<Kind>)> {
    // All classes but one have a dash or an underscore; those of Word have none.
    let class = if element == Element::Blockquote { attributes.class } else { attributes.telling_class };
    if class.or(attributes.id).or(attributes.name).or(attributes.data_marker).is_none() {
        return border(element, attributes).map(|marker| (marker, None));
    }
    let fits = |mark: &Mark| mark.on.is_none_or(|on| on == element);
    // Each value is freed of its prefixes once; of several marks the first in the list counts.
    let (id, name, data_marker) = (attributes.id.map(own), attributes.name.map(own), attributes.data_marker.map(own));
    let by_value = [id, name, data_marker].iter().any(Option::is_some).then(|| {
        MARKS.iter().position(|mark| {
            let (value, wanted) = match mark.test {
                Test::Id(wanted) => (id, wanted),
                Test::Name(wanted) => (name, wanted),
                Test::DataMarker(wanted) => (data_marker, wanted),
                Test::Class(_) | Test::ClassEnd(_) => return false,
            };
            value.is_some_and(|value| value.eq_ignore_ascii_case(wanted)) && fits(mark)
        })
    });
    let by_class =
        classes(class).filter_map(|class| MARKS.iter().position(|mark| mark.test.holds_of_class(class) && fits(mark)));
    if let Some(mark) = by_class.chain(by_value.flatten()).min().and_then(|first| MARKS.get(first)) {
        return Some((mark.marker, mark.kind));
    }
    border(element, attributes).map(|marker| (marker, None))
}

/// Whether an element with this mark may stand around all of a message, and begins a quote only below other text.
pub(super) fn frames_own_text(marker: &str) -> bool {
    marker == "netease.mailcontent"
}

impl Test {
    fn holds_of_class(&self, class: &str) -> bool {
        match self {
            Test::Class(wanted) => class.eq_ignore_ascii_case(wanted),
            Test::ClassEnd(wanted) => ends_with(class, wanted),
            Test::Id(_) | Test::Name(_) | Test::DataMarker(_) => false,
        }
    }
}

/// The rules that Outlook and Windows Mail draw above the header block, known by their styles alone.
fn border(element: Element, attributes: &Attributes<'_>) -> Option<&'static str> {
    if element == Element::Hr {
        // A rule that somebody draws in Word is as wide and as thick, but Tab does not pass it over.
        let wide = attributes.width == Some("100%") && attributes.size.is_some_and(|size| matches!(size, "2" | "3"));
        let passed_over = attributes.tabindex == Some("-1");
        return (wide && passed_over && attributes.id.is_none()).then_some("outlook.hr_2003");
    }
    let style = attributes.style.filter(|_| element == Element::Div)?;
    if !contains(style, "border") {
        return None;
    }
    let style: String =
        style.chars().filter(|c| !c.is_ascii_whitespace()).take(600).map(|c| c.to_ascii_lowercase()).collect();
    let has = |part: &str| style.contains(part);
    let padded = has("padding:3.0pt0") || has("padding:3pt0");
    let color = ["#b5c4df", "#e1e1e1", "rgb(181,196,223)", "rgb(225,225,225)"].iter().any(|color| has(color));
    if padded && color && (has("border-top:") || has("border-width:1pt")) {
        return Some("outlook.border_top");
    }
    let windows_mail =
        has("border-top-color:rgb(229,229,229)") && has("border-top-width:1px") && has("border-top-style:solid");
    windows_mail.then_some("windows_mail.border_top")
}

/// Elements that hold a quote when an attribution or a banner begins them; alone they may hold the user's own text.
pub(super) fn container(attributes: &Attributes<'_>) -> Option<&'static str> {
    classes(attributes.telling_class).find_map(|class| match class {
        _ if class.eq_ignore_ascii_case("gmail_quote") => Some("gmail.gmail_quote"),
        _ if class.eq_ignore_ascii_case("gmail_extra") => Some("gmail.gmail_extra"),
        _ => None,
    })
}

/// A `blockquote` that a mail program made.
pub(super) fn is_cite(attributes: &Attributes<'_>) -> bool {
    attributes.kind.is_some_and(|kind| own(kind).eq_ignore_ascii_case("cite"))
}

/// The section that Word puts all text into; one with a prefix is that of a quoted text.
pub(super) fn is_section(class: &str) -> bool {
    memchr(b'1', class.as_bytes()).is_some()
        && class
            .split_ascii_whitespace()
            .any(|class| class.eq_ignore_ascii_case("WordSection1") || class.eq_ignore_ascii_case("Section1"))
}

/// Signature words of ours among the classes.
pub(super) fn signature_words(class: &str) -> impl Iterator<Item = &str> {
    class.split_ascii_whitespace().map(own).filter(|word| {
        word.strip_prefix("signet-")
            .is_some_and(|rest| rest.len() == 13 && rest.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7')))
    })
}

/// Whether a style keeps an element from being shown.
pub(super) fn hides(style: &str) -> bool {
    // The rarer letter first.
    let may = memchr2(b'y', b'Y', style.as_bytes()).is_some() && contains(style, "display")
        || memchr2(b'h', b'H', style.as_bytes()).is_some() && contains(style, "mso-hide");
    may && (contains_spaced(style, "display", "none") || contains_spaced(style, "mso-hide", "all"))
}

/// `name:value` with blanks around the colon or without.
fn contains_spaced(style: &str, name: &str, value: &str) -> bool {
    style.split(';').any(|declaration| {
        declaration.split_once(':').is_some_and(|(left, right)| {
            left.trim().eq_ignore_ascii_case(name)
                && right.trim_start().get(..value.len()).is_some_and(|right| right.eq_ignore_ascii_case(value))
        })
    })
}

fn classes(class: Option<&str>) -> impl Iterator<Item = &str> {
    class.into_iter().flat_map(str::split_ascii_whitespace).map(own)
}

/// The value as its program wrote it, prefixes taken off.
fn own(value: &str) -> &str {
    let mut value = value.trim();
    if let Some(rest) = value.strip_prefix("3D") {
        value = rest;
    }
    value = value.trim_matches(['"', '\'']);
    loop {
        let rest = match value.as_bytes() {
            [b'x' | b'X', b'_', ..] => value.get(2..),
            [b'm' | b'M', b'_', b'0'..=b'9' | b'-', ..] => {
                value.get(2..).map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '_'))
            }
            _ => None,
        };
        match rest {
            Some(rest) => value = rest,
            None => return value,
        }
    }
}

fn ends_with(value: &str, wanted: &str) -> bool {
    let at = value.len().checked_sub(wanted.len());
    at.and_then(|at| value.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(wanted))
}

/// Whether a value contains a word of lower-case letters, in any case.
fn contains(value: &str, wanted: &str) -> bool {
    let Some(first) = wanted.bytes().next() else { return true };
    memchr2_iter(first, first.to_ascii_uppercase(), value.as_bytes())
        .any(|at| value.get(at..at + wanted.len()).is_some_and(|part| part.eq_ignore_ascii_case(wanted)))
}
