//! Telephone numbers in one of four styles, without a table of the world's numbering plans: the groups that the number
//! is written in are kept, its calling code is known by its first digits (ITU-T E.164, country codes), and the trunk
//! zero comes and goes where a country has one.
//!
//! What does not look like a number is left as it is.

use crate::tenant::design::{PhoneFormat, PhoneStyle};

/// Calling codes of two digits; beside 1 and 7 all others have three.
const TWO_DIGITS: &[&str] = &[
    "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51",
    "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90",
    "91", "92", "93", "94", "95", "98",
];

/// Countries whose national numbers begin with no zero of their own accord.
const NO_TRUNK: &[&str] = &[
    "1", "7", "30", "34", "36", "39", "45", "47", "48", "52", "65", "350", "351", "352", "354", "356", "357", "370",
    "371", "372", "373", "376", "377", "378", "420", "852", "853", "965", "968", "973", "974",
];

/// A number taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Number<'a> {
    /// Calling code, without plus sign.
    country: Option<&'a str>,
    /// The digits after it, without trunk zero, as they are grouped.
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
            let trunk = number.country.is_some_and(|country| !NO_TRUNK.contains(&country));
            format!("{}{}", if trunk { "0" } else { "" }, number.groups.join(" "))
        }
    };
    if !number.rest.is_empty() {
        out.push(' ');
        out.push_str(number.rest);
    }
    Some(out)
}

fn read<'a>(text: &'a str, default_country: Option<&'a str>) -> Option<Number<'a>> {
    let text = text.trim();
    let end = text.find(|c: char| c.is_alphabetic() || matches!(c, '#' | ',' | ';')).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    if digits.chars().any(|c| !c.is_ascii_digit() && !" +-./()\u{a0}\u{2011}\u{2013}".contains(c)) {
        return None;
    }
    let (abroad, local) = match digits.strip_prefix('+').or_else(|| digits.strip_prefix("00")) {
        Some(after) => (true, after),
        None => (false, digits),
    };
    // The zero in `+44 (0) 20` is dialled inside the country only.
    let local = local.replace("(0)", " ");
    let mut groups: Vec<String> =
        local.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).map(str::to_owned).collect();
    let count: usize = groups.iter().map(String::len).sum();
    if !(5..=17).contains(&count) {
        return None;
    }
    let country = if abroad {
        let code = calling_code(&groups.concat())?;
        drop_digits(&mut groups, code.len());
        Some(code)
    } else {
        if let Some(first) = groups.first_mut().filter(|first| default_country.is_some() && first.starts_with('0')) {
            first.remove(0);
        }
        default_country
    };
    groups.retain(|group| !group.is_empty());
    if groups.len() == 1 {
        groups = grouped(&groups.concat(), country);
    }
    Some(Number { country, groups, rest: rest.trim() })
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
            ("\u{0663}\u{0664}123456", Some("44"), Dots, "\u{0663}\u{0664}123456"),
        ];
        for (text, country, style, expected) in table {
            let asked = PhoneFormat { style, country: country.map(str::to_owned) };
            assert_eq!(format(text, &asked).as_deref().unwrap_or(text), expected, "{text}");
        }
    }
}
