//! Telephone numbers in one of four styles, without a table of the world's numbering plans: the groups that the number
//! is written in are kept, its calling code is known by its first digits (ITU-T E.164, country codes), and the digits
//! that are dialled inside a country alone come and go where it is known to have them (ITU operational bulletin 994,
//! annex: national prefixes). Where a zero may be either they are left.
//!
//! What does not look like a number is left as it is. Here too: which digits of a text are dialled.

use crate::tenant::design::{PhoneFormat, PhoneStyle};

/// Calling codes of two digits; beside 1 and 7 all others have three.
const TWO_DIGITS: &[&str] = &[
    "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51",
    "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90",
    "91", "92", "93", "94", "95", "98",
];

/// Countries where every number has a zero in front when it is dialled inside the country.
const ZERO: &[&str] = &[
    "20", "27", "31", "32", "33", "40", "41", "43", "44", "46", "49", "58", "60", "61", "62", "63", "64", "66", "81",
    "82", "84", "90", "92", "93", "94", "95", "98", "212", "213", "218", "231", "232", "233", "234", "243", "249",
    "250", "251", "254", "255", "256", "260", "261", "262", "263", "264", "353", "355", "358", "359", "373", "374",
    "380", "381", "382", "383", "385", "386", "387", "389", "421", "590", "593", "594", "595", "596", "855", "856",
    "880", "886", "962", "963", "964", "966", "970", "971", "972", "994", "996",
];

/// Countries where some numbers have one, mobile ones mostly not.
const ZERO_FOR_SOME: &[&str] = &["51", "54", "55", "86", "91", "591", "598", "850", "961", "967", "976", "977", "995"];

/// Countries where numbers are written the same way wherever one calls from.
const NONE: &[&str] = &[
    "1", "30", "34", "39", "45", "47", "48", "52", "53", "56", "57", "65", "216", "299", "350", "351", "352", "354",
    "356", "357", "371", "372", "376", "377", "378", "420", "501", "502", "503", "504", "505", "506", "507", "852",
    "853", "965", "968", "973", "974",
];

/// Countries whose numbers may begin with a zero of their own.
const OWN_ZERO: &[&str] = &["39", "378"];

/// Fewest digits of a number that stands for itself.
pub(super) const FEWEST_DIGITS: usize = 5;

/// How a country writes its numbers for callers inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trunk {
    /// These digits come first.
    Always(&'static str),
    /// A zero comes first, or does not.
    ZeroForSome,
    None,
    OwnZero,
    Unknown,
}

impl Trunk {
    fn of(country: &str) -> Trunk {
        match country {
            "7" => Trunk::Always("8"),
            "36" => Trunk::Always("06"),
            _ if ZERO.contains(&country) => Trunk::Always("0"),
            _ if ZERO_FOR_SOME.contains(&country) => Trunk::ZeroForSome,
            _ if OWN_ZERO.contains(&country) => Trunk::OwnZero,
            _ if NONE.contains(&country) => Trunk::None,
            _ => Trunk::Unknown,
        }
    }
}

/// A number taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Number<'a> {
    /// Calling code, without plus sign.
    country: Option<&'a str>,
    /// The digits after it, without those of [`Trunk`], as they are grouped.
    groups: Vec<String>,
    /// What stands behind the number, for example `ext. 12`.
    rest: &'a str,
}

/// The number in the style asked for; `None` when the text is not understood.
pub(super) fn format(text: &str, format: &PhoneFormat) -> Option<String> {
    let number = read(text, format.country.as_deref())?;
    let international = |separator: &str| match number.country {
        Some(country) => format!("+{country}{separator}{}", number.groups.join(separator)),
        None => number.groups.join(separator),
    };
    let mut out = match format.style {
        PhoneStyle::International => international(" "),
        PhoneStyle::Dots => international("."),
        PhoneStyle::Hyphens => international("-"),
        PhoneStyle::National => {
            let groups = number.groups.join(" ");
            match number.country.map(Trunk::of) {
                Some(Trunk::Always("0")) => format!("0{groups}"),
                Some(Trunk::Always(digits)) => format!("{digits} {groups}"),
                Some(Trunk::None | Trunk::OwnZero) | None => groups,
                Some(Trunk::ZeroForSome | Trunk::Unknown) => return None,
            }
        }
    };
    if !number.rest.is_empty() {
        out.push(' ');
        out.push_str(number.rest);
    }
    Some(out)
}

/// Takes a text apart; `None` when it is not understood.
fn read<'a>(text: &'a str, default_country: Option<&'a str>) -> Option<Number<'a>> {
    let text = text.trim();
    let (digits, rest) = text.split_at_checked(end_of_number(text))?;
    if digits.chars().any(|c| !c.is_ascii_digit() && !" +-./()\u{a0}\u{2011}\u{2013}".contains(c)) {
        return None;
    }
    let (abroad, local) = match digits.strip_prefix('+').or_else(|| digits.strip_prefix("00")) {
        Some(after) => (true, after),
        None => (false, digits),
    };
    // The zero in `+44 (0) 20` is dialled inside the country only.
    let bracketed_zero = local.contains("(0)");
    let local = local.replace("(0)", " ");
    let mut groups: Vec<String> =
        local.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).map(str::to_owned).collect();
    let count: usize = groups.iter().map(String::len).sum();
    if !(FEWEST_DIGITS..=17).contains(&count) {
        return None;
    }
    let country = if abroad {
        let code = calling_code(&groups.concat())?;
        drop_digits(&mut groups, code.len());
        Some(code)
    } else {
        default_country
    };
    if let Some(country) = country {
        if bracketed_zero && Trunk::of(country) == Trunk::OwnZero {
            return None;
        }
        let trunk = trunk_digits(&groups.concat(), country)?;
        drop_digits(&mut groups, trunk);
    }
    groups.retain(|group| !group.is_empty());
    if groups.len() == 1 {
        groups = grouped(&groups.concat(), country);
    }
    Some(Number { country, groups, rest: rest.trim() })
}

/// How many digits in front of a number do not belong to it, `None` where nobody can tell.
fn trunk_digits(digits: &str, country: &str) -> Option<usize> {
    match Trunk::of(country) {
        // Without it the number has ten digits.
        Trunk::None if country == "1" => Some(usize::from(digits.len() == 11 && digits.starts_with('1'))),
        Trunk::Always("8") => Some(usize::from(digits.len() == 11 && digits.starts_with('8'))),
        Trunk::Always(trunk) => Some(if digits.starts_with(trunk) { trunk.len() } else { 0 }),
        Trunk::ZeroForSome => Some(usize::from(digits.starts_with('0'))),
        Trunk::OwnZero => Some(0),
        Trunk::None | Trunk::Unknown => (!digits.starts_with('0')).then_some(0),
    }
}

/// Where the first number of a text ends and something else begins: words, an extension, another number.
fn end_of_number(text: &str) -> usize {
    let mut digits = 0;
    for (at, c) in text.char_indices() {
        match c {
            // `030/901820` is one number, `+49 30 901820 / 821` is one and a bit of another.
            '/' if digits >= 7 => return at,
            '+' if digits > 0 => return at,
            '#' | ',' | ';' => return at,
            c if c.is_alphabetic() => return at,
            c => digits += usize::from(c.is_ascii_digit()),
        }
    }
    text.len()
}

/// The first number of a text as it stands behind `tel:`, with its extension (RFC 3966 section 3); empty when there is
/// none.
pub(super) fn dialled(text: &str) -> String {
    let text = text.trim_start_matches(|c: char| !c.is_ascii_digit() && !matches!(c, '+' | '*' | '('));
    let (number, rest) = text.split_at_checked(end_of_number(text)).unwrap_or((text, ""));
    let own_zero = |code: &&str| [format!("+{code}"), format!("00{code}")].iter().any(|code| number.starts_with(code));
    // `+49 (0) 30` is dialled without the zero.
    let number = if OWN_ZERO.iter().any(own_zero) { number.to_owned() } else { number.replace("(0)", "") };
    let mut out: String = number.chars().filter(|c| c.is_ascii_digit() || matches!(c, '+' | '*')).collect();
    if let Some(extension) = extension(rest).filter(|_| !out.is_empty()) {
        out.push_str(";ext=");
        out.push_str(extension);
    }
    out
}

/// The digits of `ext. 12`, `x12` or `#12`.
fn extension(text: &str) -> Option<&str> {
    let text = text.trim_start_matches([',', ';', ' ']);
    let begins = |word: &&&str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let word = ["extension", "ext", "x", "#"].iter().find(begins)?;
    let digits = text.get(word.len()..)?.trim_start_matches(['.', ':', ' ']).trim_end();
    ((1..=7).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit())).then_some(digits)
}

/// The calling code that the digits begin with.
fn calling_code(digits: &str) -> Option<&'static str> {
    for code in ["1", "7"] {
        if digits.starts_with(code) {
            return Some(code);
        }
    }
    TWO_DIGITS.iter().chain(THREE_DIGITS).find(|code| digits.starts_with(**code)).copied()
}

/// Calling codes of three digits.
const THREE_DIGITS: &[&str] = &[
    "211", "212", "213", "216", "218", "220", "221", "222", "223", "224", "225", "226", "227", "228", "229", "230",
    "231", "232", "233", "234", "235", "236", "237", "238", "239", "240", "241", "242", "243", "244", "245", "246",
    "247", "248", "249", "250", "251", "252", "253", "254", "255", "256", "257", "258", "260", "261", "262", "263",
    "264", "265", "266", "267", "268", "269", "290", "291", "297", "298", "299", "350", "351", "352", "353", "354",
    "355", "356", "357", "358", "359", "370", "371", "372", "373", "374", "375", "376", "377", "378", "379", "380",
    "381", "382", "383", "385", "386", "387", "389", "420", "421", "423", "500", "501", "502", "503", "504", "505",
    "506", "507", "508", "509", "590", "591", "592", "593", "594", "595", "596", "597", "598", "599", "670", "672",
    "673", "674", "675", "676", "677", "678", "679", "680", "681", "682", "683", "685", "686", "687", "688", "689",
    "690", "691", "692", "800", "808", "850", "852", "853", "855", "856", "870", "878", "880", "881", "882", "883",
    "886", "888", "960", "961", "962", "963", "964", "965", "966", "967", "968", "970", "971", "972", "973", "974",
    "975", "976", "977", "979", "992", "993", "994", "995", "996", "998",
];

fn drop_digits(groups: &mut [String], mut count: usize) {
    for group in groups {
        let taken = count.min(group.len());
        group.drain(..taken);
        count -= taken;
    }
}

/// Groups for a number written as one: 3-3-4 in North America, else threes with a longer end.
fn grouped(digits: &str, country: Option<&str>) -> Vec<String> {
    if let (Some("1"), Some((area, rest))) = (country, digits.split_at_checked(3))
        && let Some((exchange, line)) = rest.split_at_checked(3)
        && line.len() == 4
    {
        return vec![area.to_owned(), exchange.to_owned(), line.to_owned()];
    }
    let mut groups = Vec::new();
    let mut rest = digits;
    while rest.len() > 4 {
        let Some((group, tail)) = rest.split_at_checked(3) else { break };
        groups.push(group.to_owned());
        rest = tail;
    }
    groups.push(rest.to_owned());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_every_style() {
        use PhoneStyle::{Dots, Hyphens, International, National};
        let table = [
            ("+44 (0) 20 7946-0958", None, International, "+44 20 7946 0958"),
            ("+44 20 7946 0958", None, National, "020 7946 0958"),
            ("020 7946 0958", Some("44"), International, "+44 20 7946 0958"),
            ("020 7946 0958", Some("44"), Dots, "+44.20.7946.0958"),
            ("020 7946 0958", None, Dots, "020.7946.0958"),
            ("(425) 555-0100", Some("1"), Hyphens, "+1-425-555-0100"),
            ("+14255550100", None, International, "+1 425 555 0100"),
            ("+1 425 555 0100", None, National, "425 555 0100"),
            ("0049 30 901820", None, National, "030 901820"),
            ("+4930901820", None, International, "+49 309 018 20"),
            ("+39 06 6982", None, National, "06 6982"),
            ("+353 1 677 9000 ext. 12", None, Dots, "+353.1.677.9000 ext. 12"),
            ("call me", None, Dots, "call me"),
            ("12", Some("44"), International, "12"),
            ("+999 12345", None, International, "+999 12345"),
            // A zero that belongs to the number stays, one that is dialled inside the country goes.
            ("06 6982 1234", Some("39"), International, "+39 06 6982 1234"),
            ("+39 (0)6 6982 1234", None, International, "+39 (0)6 6982 1234"),
            ("+44 020 7946 0958", None, International, "+44 20 7946 0958"),
            ("011 2345 6789", Some("55"), International, "+55 11 2345 6789"),
            ("+55 11 2345 6789", None, National, "+55 11 2345 6789"),
            ("07 12 34 56 78", Some("225"), International, "07 12 34 56 78"),
            ("+225 07 12 34 56 78", None, National, "+225 07 12 34 56 78"),
            ("0 12 34 56 78", Some("45"), International, "0 12 34 56 78"),
            ("1-425-555-0100", Some("1"), International, "+1 425 555 0100"),
            ("14255550100", Some("1"), International, "+1 425 555 0100"),
            ("8 (495) 123-45-67", Some("7"), International, "+7 495 123 45 67"),
            ("+7 495 123 45 67", None, National, "8 495 123 45 67"),
            ("06 1 234 5678", Some("36"), International, "+36 1 234 5678"),
            ("+36 1 234 5678", None, National, "06 1 234 5678"),
            ("+506 2222 3333", None, National, "2222 3333"),
            ("+216 71 123 456", None, National, "71 123 456"),
            ("+57 601 123 4567", None, National, "601 123 4567"),
            ("+972 3 555 0100", None, National, "03 555 0100"),
            ("030/901820", Some("49"), International, "+49 30 901820"),
            ("+49 30 901820 / 821", None, International, "+49 30 901820 / 821"),
            ("+44 20 7946 0958 +44 7700 900123", None, Dots, "+44.20.7946.0958 +44 7700 900123"),
            ("\u{0663}\u{0664}123456", Some("44"), Dots, "\u{0663}\u{0664}123456"),
        ];
        for (text, country, style, expected) in table {
            let asked = PhoneFormat { style, country: country.map(str::to_owned) };
            assert_eq!(format(text, &asked).as_deref().unwrap_or(text), expected, "{text}");
        }
    }
}
