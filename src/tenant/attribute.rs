//! The attributes a directory gives for a person: the fifteen of the product and fifteen free ones.
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
