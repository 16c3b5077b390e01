//! The eleven facts that are kept of an account's owner, and no more (requirements P2 to P12).

use super::COUNTRIES;
use crate::tenant::{Address, Problem};

/// What the owner of an account says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    pub first_name: String,
    pub last_name: String,
    pub full_name: String,
    /// The name of the tenant that is made with the account.
    pub company: String,
    pub telephone: String,
    /// As typed; compared by [`Email`].
    pub email: String,
    pub address_line_1: String,
    pub address_line_2: String,
    pub city: String,
    pub postcode: String,
    /// Two letters of ISO 3166-1.
    pub country: String,
}

/// An e-mail address as it is compared: in lower case, its domain in A-labels.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    pub fn parse(text: &str) -> Option<Email> {
        let address = Address::parse(text.trim())?;
        address.domain().contains('.').then(|| Email(address.as_str().to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// So much of it that its owner knows which is meant, and nobody else learns it: `a…@contoso.example`.
    pub fn hint(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or_default();
        format!("{}…@{domain}", local.chars().next().unwrap_or_default())
    }
}

/// Characters of a name or a line.
const MOST: usize = 100;

impl Details {
    /// The same without white space at the ends, the full name made of the two if it is empty.
    pub fn tidied(self) -> Details {
        let trim = |text: String| text.trim().to_owned();
        let (first_name, last_name, full_name) = (trim(self.first_name), trim(self.last_name), trim(self.full_name));
        let full_name = if full_name.is_empty() { format!("{first_name} {last_name}") } else { full_name };
        Details {
            full_name: full_name.trim().to_owned(),
            first_name,
            last_name,
            company: trim(self.company),
            telephone: trim(self.telephone),
            email: trim(self.email),
            address_line_1: trim(self.address_line_1),
            address_line_2: trim(self.address_line_2),
            city: trim(self.city),
            postcode: trim(self.postcode),
            country: trim(self.country).to_uppercase(),
        }
    }

    /// What is wrong with those of whoever signs up, each with its place.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = self.problems_of_member();
        for (place, text, what) in [
            ("/company", &self.company, "the company"),
            ("/telephone", &self.telephone, "the telephone number"),
            ("/address_line_1", &self.address_line_1, "the first line of the address"),
            ("/city", &self.city, "the town or city"),
            ("/country", &self.country, "the country"),
        ] {
            if text.is_empty() {
                problems.push(Problem::at(place, format!("{what} is needed")));
            }
        }
        problems
    }

    /// The same of whoever was invited, of whom a name is enough.
    pub fn problems_of_member(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (place, text, what) in
            [("/first_name", &self.first_name, "the first name"), ("/last_name", &self.last_name, "the last name")]
        {
            if text.is_empty() {
                problems.push(Problem::at(place, format!("{what} is needed")));
            }
        }
        for (place, text) in self.texts() {
            if text.chars().count() > MOST {
                problems.push(Problem::at(place, format!("is longer than {MOST} characters")));
            }
            if text.chars().any(char::is_control) {
                problems.push(Problem::at(place, "is one line of text"));
            }
        }
        if Email::parse(&self.email).is_none() {
            problems.push(Problem::at("/email", "is no e-mail address; write one like ada@contoso.com"));
        }
        if !self.country.is_empty() && !COUNTRIES.contains(&self.country.as_str()) {
            problems.push(Problem::at("/country", "is no country's two letters, as ISO 3166 has them"));
        }
        let telephone = |c: char| c.is_ascii_digit() || "+-/(). ".contains(c) || c.is_ascii_alphabetic();
        if !self.telephone.chars().all(telephone) {
            problems.push(Problem::at("/telephone", "has characters that no telephone number has"));
        }
        problems
    }

    fn texts(&self) -> [(&'static str, &str); 10] {
        [
            ("/first_name", &self.first_name),
            ("/last_name", &self.last_name),
            ("/full_name", &self.full_name),
            ("/company", &self.company),
            ("/telephone", &self.telephone),
            ("/email", &self.email),
            ("/address_line_1", &self.address_line_1),
            ("/address_line_2", &self.address_line_2),
            ("/city", &self.city),
            ("/postcode", &self.postcode),
        ]
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn ada() -> Details {
        Details {
            first_name: "Ada".into(),
            last_name: "Vance".into(),
            full_name: String::new(),
            company: "Contoso".into(),
            telephone: "+31 20 123 4567".into(),
            email: " Ada@Contoso.example ".into(),
            address_line_1: "Keizersgracht 1".into(),
            address_line_2: String::new(),
            city: "Amsterdam".into(),
            postcode: String::new(),
            country: "nl".into(),
        }
    }

    #[test]
    fn every_script_and_every_country_is_taken() {
        let tidy = ada().tidied();
        assert_eq!((tidy.full_name.as_str(), tidy.country.as_str()), ("Ada Vance", "NL"));
        assert_eq!(tidy.problems(), []);
        let others = [
            Details { first_name: "愛".into(), last_name: "山田".into(), full_name: "山田 愛".into(), ..ada() },
            Details {
                first_name: "Łucja-Żółć O'Neil".into(),
                postcode: "D02 AF30".into(),
                country: "IE".into(),
                ..ada()
            },
            Details { postcode: String::new(), country: "AE".into(), ..ada() },
        ];
        for details in others {
            assert_eq!(details.tidied().problems(), []);
        }
        let email = Email::parse(" Ada@Contoso.EXAMPLE").unwrap();
        assert_eq!((email.as_str(), email.hint().as_str()), ("ada@contoso.example", "a…@contoso.example"));
    }

    #[test]
    fn what_is_wrong_is_told_at_its_place() {
        for (place, details) in [
            ("/first_name", Details { first_name: " ".into(), ..ada() }),
            ("/last_name", Details { last_name: "x".repeat(101), ..ada() }),
            ("/full_name", Details { full_name: "a\r\nBcc: b".into(), ..ada() }),
            ("/company", Details { company: String::new(), ..ada() }),
            ("/telephone", Details { telephone: "<script>".into(), ..ada() }),
            ("/email", Details { email: "ada".into(), ..ada() }),
            ("/email", Details { email: "ada@localhost".into(), ..ada() }),
            ("/email", Details { email: "a b@contoso.example".into(), ..ada() }),
            ("/address_line_1", Details { address_line_1: String::new(), ..ada() }),
            ("/city", Details { city: String::new(), ..ada() }),
            ("/country", Details { country: "XX".into(), ..ada() }),
            ("/country", Details { country: String::new(), ..ada() }),
        ] {
            let problems = details.tidied().problems();
            assert!(problems.iter().any(|problem| problem.place == place), "{place}: {problems:?}");
        }
        let invited = Details { company: String::new(), telephone: String::new(), country: String::new(), ..ada() };
        assert_eq!(invited.tidied().problems_of_member(), []);
    }
}
