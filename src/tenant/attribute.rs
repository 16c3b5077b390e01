//! The attributes a directory gives for a person: the fifteen of the product and fifteen free ones; and the facts
//! that a field can name: these, the organisation's own, and those of the person's manager.
//!
//! One list is the source of the names in the tenant file, in merge fields and in conditions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! attributes {
    ($($(#[$doc:meta])* $name:ident $word:literal,)*) => {
        /// A fact about a person that a signature can show or a condition can ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum Attribute {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
        }

        impl Attribute {
            /// All of them, in the order of the list.
            pub const ALL: &'static [Attribute] = &[$(Attribute::$name,)*];

            /// The name in the tenant file.
            pub fn word(self) -> &'static str {
                match self { $(Attribute::$name => $word,)* }
            }

            fn parse(word: &str) -> Option<Attribute> {
                match word { $($word => Some(Attribute::$name),)* _ => None }
            }
        }
    };
}

attributes! {
    City "city",
    Country "country",
    Department "department",
    DisplayName "displayName",
    EmailAddress "emailAddress",
    FaxNumber "faxNumber",
    FirstName "firstName",
    LastName "lastName",
    MobileNumber "mobileNumber",
    Office "office",
    State "state",
    /// Its line breaks are kept.
    StreetAddress "streetAddress",
    TelephoneNumber "telephoneNumber",
    JobTitle "jobTitle",
    PostalCode "postalCode",
    Extension1 "extension1",
    Extension2 "extension2",
    Extension3 "extension3",
    Extension4 "extension4",
    Extension5 "extension5",
    Extension6 "extension6",
    Extension7 "extension7",
    Extension8 "extension8",
    Extension9 "extension9",
    Extension10 "extension10",
    Extension11 "extension11",
    Extension12 "extension12",
    Extension13 "extension13",
    Extension14 "extension14",
    Extension15 "extension15",
}

/// What a field shows or a condition asks for: an attribute (`jobTitle`), one of the organisation's own
/// (`custom.pronouns`), or either of the person's manager (`manager.displayName`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fact {
    pub whose: Whose,
    pub name: FactName,
}

/// Whose fact it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Whose {
    Person,
    /// The person's manager's; empty where there is none.
    Manager,
}

/// An attribute, or a fact that the organisation has named itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FactName {
    Attribute(Attribute),
    /// Without `custom.`.
    Custom(Box<str>),
}

impl Fact {
    /// `None` when the text names nothing.
    pub fn parse(text: &str) -> Option<Fact> {
        let (whose, name) = match text.strip_prefix("manager.") {
            Some(name) => (Whose::Manager, name),
            None => (Whose::Person, text),
        };
        let name = match name.strip_prefix("custom.") {
            Some(custom) => FactName::Custom(is_custom_name(custom).then(|| custom.into())?),
            None => FactName::Attribute(Attribute::parse(name)?),
        };
        Some(Fact { whose, name })
    }
}

/// Whether the organisation may call a fact so: 1 to 64 letters, digits, `-` and `_`.
pub(super) fn is_custom_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

impl From<Attribute> for Fact {
    fn from(attribute: Attribute) -> Fact {
        Fact { whose: Whose::Person, name: FactName::Attribute(attribute) }
    }
}

impl TryFrom<String> for Fact {
    type Error = String;

    fn try_from(text: String) -> Result<Fact, String> {
        Fact::parse(&text).ok_or_else(|| format!("there is no attribute `{text}`"))
    }
}

impl From<Fact> for String {
    fn from(fact: Fact) -> String {
        fact.to_string()
    }
}

impl std::fmt::Display for Fact {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.whose == Whose::Manager {
            out.write_str("manager.")?;
        }
        match &self.name {
            FactName::Attribute(attribute) => out.write_str(attribute.word()),
            FactName::Custom(name) => write!(out, "custom.{name}"),
        }
    }
}

impl JsonSchema for Fact {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Fact".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let attribute = generator.subschema_for::<Attribute>();
        schemars::json_schema!({
            "description": "An attribute, `custom.<name>`, or either of the person's manager: `manager.<attribute>`.",
            "anyOf": [attribute, {"type": "string", "pattern": "^(manager\\.)?(custom\\.)?[A-Za-z0-9_-]{1,64}$"}]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_read_as_they_are_written() {
        for text in ["jobTitle", "extension15", "custom.pronouns", "manager.displayName", "manager.custom.a-b_1"] {
            assert_eq!(Fact::parse(text).map(|fact| fact.to_string()).as_deref(), Some(text));
        }
        for text in
            ["", "jobtitle", "custom.", "custom.a b", "custom.a.b", "manager.", "manager.manager.city", "custom"]
        {
            assert_eq!(Fact::parse(text), None, "{text}");
        }
    }
}
