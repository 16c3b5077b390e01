//! What a password must be, and what is said of one that is not good.
//!
//! `strict`, the default, follows NIST SP 800-63B: length and what is not easily guessed, no rules about characters.
//! `classic` asks for what older policies name (requirements P14 to P17) and advises the rest (P18). How easily one is
//! guessed is estimated by zxcvbn, which knows common passwords, names and dates; the owner's own words count as
//! guessed at once.

use zxcvbn::zxcvbn;

/// Characters of the longest password that is taken.
pub const MOST_CHARACTERS: usize = 128;
/// Of the shortest, by profile.
const LEAST_STRICT: usize = 8;
const LEAST_CLASSIC: usize = 6;
/// Zxcvbn's score, 0 to 4, that `strict` asks for: safe against guessing online.
const SCORE_STRICT: u8 = 3;

/// Which rules a console has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Strict,
    Classic,
}

/// What is said of a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// 0, guessed at once, to 4.
    pub score: u8,
    /// Why it is refused, each a sentence; empty if it is taken.
    pub problems: Vec<String>,
    /// What would make it better.
    pub advice: Vec<String>,
}

impl Profile {
    pub fn word(self) -> &'static str {
        match self {
            Profile::Strict => "strict",
            Profile::Classic => "classic",
        }
    }
}

/// Judges a password of somebody of whom these texts are known: names, address, company.
pub fn judge(password: &str, about: &[&str], profile: Profile) -> Judgement {
    let length = password.chars().count();
    if length > MOST_CHARACTERS {
        let problems = vec![format!("It is longer than {MOST_CHARACTERS} characters.")];
        return Judgement { score: 0, problems, advice: Vec::new() };
    }
    let words = words(about);
    let known: Vec<&str> = words.iter().map(String::as_str).collect();
    let estimate = zxcvbn(password, &known);
    let score = u8::from(estimate.score());
    let (mut problems, mut advice) = (Vec::new(), Vec::new());
    let mut because = Vec::new();
    if let Some(feedback) = estimate.feedback() {
        because.extend(feedback.warning().map(|warning| warning.to_string()));
        advice.extend(feedback.suggestions().iter().map(|suggestion| suggestion.to_string()));
    }
    let lower = password.to_lowercase();
    if words.iter().any(|word| lower.contains(word.as_str())) {
        because.insert(0, "It has your name, your address or your company in it.".to_owned());
    }
    if has_date(password) {
        because.insert(0, "It has a date in it; birthdays and other dates are tried first.".to_owned());
    }
    match profile {
        Profile::Strict => {
            if length < LEAST_STRICT {
                problems.push(format!("It needs at least {LEAST_STRICT} characters."));
            }
            // Whoever knows somebody tries these first, in every order.
            let beside = words.iter().fold(lower, |rest, word| rest.replace(word.as_str(), ""));
            if score < SCORE_STRICT || beside.chars().count() < length.min(LEAST_STRICT) {
                problems.push("It is easily guessed.".to_owned());
                problems.append(&mut because);
            }
        }
        Profile::Classic => {
            if length < LEAST_CLASSIC {
                problems.push(format!("It needs at least {LEAST_CLASSIC} characters."));
            }
            for (there, what) in [
                (password.chars().any(char::is_uppercase), "an upper-case letter"),
                (password.chars().any(char::is_lowercase), "a lower-case letter"),
                (password.chars().any(char::is_numeric), "a digit"),
            ] {
                if !there {
                    problems.push(format!("It needs {what}."));
                }
            }
            if length < LEAST_STRICT {
                advice.push(format!("Take at least {LEAST_STRICT} characters."));
            }
            if password.chars().all(char::is_alphanumeric) {
                advice.push("Mix in symbols such as + @ # $ £.".to_owned());
            }
        }
    }
    because.append(&mut advice);
    Judgement { score, problems, advice: because }
}

/// A year of our lives, or digits as dates are written: 4.12.1986, 12/04/86, 041286.
fn has_date(password: &str) -> bool {
    let groups: Vec<&str> = password.split(|c: char| !c.is_ascii_digit()).collect();
    let number = |digits: &str| digits.parse::<u32>().unwrap_or_default();
    let is_year = |digits: &str| digits.len() == 4 && (1900..2100).contains(&number(digits));
    let is_day = |digits: &str| (1..=2).contains(&digits.len()) && (1..=31).contains(&number(digits));
    let is_written = |three: &[&str]| {
        let [first, second, third] = three else { return false };
        is_day(second) && (is_day(first) && (is_year(third) || third.len() == 2) || is_year(first) && is_day(third))
    };
    let is_run = |digits: &&str| match digits.len() {
        4 => is_year(digits),
        6 | 8 => {
            [(0, 2, 2, 4), (2, 4, 0, 2)].iter().any(|(day, end, month, last)| {
                let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
                is_day(part(*day, *end)) && (1..=12).contains(&number(part(*month, *last)))
            }) || digits.get(..4).is_some_and(is_year)
        }
        _ => false,
    };
    groups.windows(3).any(is_written) || groups.iter().any(is_run)
}

/// The words of texts, in lower case, and the texts themselves.
fn words(about: &[&str]) -> Vec<String> {
    let mut words = vec!["signet".to_owned()];
    for text in about {
        let text = text.to_lowercase();
        words.extend(text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2).map(str::to_owned));
        words.push(text);
    }
    // The long ones first: they are made of the short ones.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: [&str; 4] = ["Ada", "Vance", "ada@contoso.example", "Contoso"];

    fn taken(password: &str, profile: Profile) -> bool {
        judge(password, &ABOUT, profile).problems.is_empty()
    }

    #[test]
    fn strict_asks_for_what_is_hard_to_guess() {
        for good in [
            "correct horse battery",
            "wet-otter-81-plumb",
            "ünïcøde 渋谷 lantern",
            "7Lk#pQz!vR",
            &format!("wet-otter-81-plumb{}", "=".repeat(110)),
        ] {
            assert!(taken(good, Profile::Strict), "{good} {:?}", judge(good, &ABOUT, Profile::Strict));
        }
        for bad in [
            "",
            "aB3$xyz",
            "password",
            "Password1!",
            "12345678",
            "qwertyuiop",
            "iloveyou1",
            "contoso2026",
            "AdaVance1",
            "ada@contoso.example",
            "letmein123",
            "1986-12-04",
            "aaaaaaaaaaaa",
            "abcdefghijkl",
            "signet2026",
            &"x7".repeat(65),
        ] {
            assert!(!taken(bad, Profile::Strict), "{bad} {:?}", judge(bad, &ABOUT, Profile::Strict));
        }
    }

    #[test]
    fn classic_names_what_is_missing() {
        for (password, missing) in [
            ("aB3xy", Some("at least 6")),
            ("aB3xyz", None),
            ("ab3xyz", Some("upper-case")),
            ("AB3XYZ", Some("lower-case")),
            ("aBcxyz", Some("digit")),
            ("Contoso1", None),
            ("Äb3xyz", None),
        ] {
            let told = judge(password, &ABOUT, Profile::Classic).problems.join(" ");
            match missing {
                Some(word) => assert!(told.contains(word), "{password}: {told}"),
                None => assert_eq!(told, "", "{password}"),
            }
        }
    }

    /// Requirement P18: whoever takes one all the same may.
    #[test]
    fn classic_warns_of_what_others_know_and_refuses_nothing_of_it() {
        const KNOWN: &str = "your name, your address or your company";
        for (password, warning) in [
            ("AdaLikes1", KNOWN),
            ("xVance77", KNOWN),
            ("Ada@contoso.example1", KNOWN),
            ("Contoso1", KNOWN),
            ("Born4.12.1986", "a date"),
            ("Born12/04/86", "a date"),
            ("Born1986-12-04", "a date"),
            ("Xy041286", "a date"),
            ("Xy04121986", "a date"),
            ("Summer1986", "a date"),
            ("Signet2x", KNOWN),
            ("aB3xyz", "at least 8 characters"),
            ("aB3xyzqw", "symbols such as + @ # $ £"),
        ] {
            let Judgement { problems, advice, .. } = judge(password, &ABOUT, Profile::Classic);
            assert_eq!(problems, Vec::<String>::new(), "{password}");
            assert!(advice.join(" ").contains(warning), "{password}: {advice:?}");
        }
        for quiet in ["wet-Otter-81+plumb", "Tr0mbone#4471-kelp", "7Lk#pQz!vR"] {
            let advice = judge(quiet, &ABOUT, Profile::Classic).advice;
            assert_eq!(advice, Vec::<String>::new(), "{quiet}");
        }
    }
}
