//! The seven regions, each a pair of sites, and which of them is near a country.

/// One region. Mail, settings and people of a tenant are in its sites alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// In the configuration and the API.
    pub word: &'static str,
    pub name: &'static str,
    /// The primary and the secondary site.
    pub sites: [&'static str; 2],
    /// Countries for which it is proposed; the rest of the world gets the first.
    countries: &'static str,
}

impl Region {
    /// All of them; the requirements R1 to R7 name the sites.
    #[rustfmt::skip]
    pub const ALL: [Region; 7] = [
        Region { word: "eu", name: "Europe", sites: ["West Europe - Netherlands", "North Europe - Ireland"], countries: "" },
        Region { word: "us", name: "United States", sites: ["East US - Virginia", "West US - California"],
            countries: "US PR VI GU AS MP UM MX GT BZ HN SV NI CR PA CU JM HT DO BS BB TT GD LC VC AG KN DM CO VE GY SR EC PE BO BR PY UY AR CL" },
        Region { word: "au", name: "Australia", sites: ["Australia East - New South Wales", "Australia South East - Victoria"],
            countries: "AU NZ FJ PG SB VU NC WS TO KI TV NR PW FM MH CK NU TK NF CX CC TL ID SG MY BN PH JP KR TW HK MO CN VN TH" },
        Region { word: "uk", name: "United Kingdom", sites: ["UK South - London", "UK West - Cardiff"], countries: "GB GG JE IM GI FK" },
        Region { word: "de", name: "Germany", sites: ["Germany Central - Frankfurt", "Germany North East - Magdeburg"], countries: "DE AT CH LI" },
        Region { word: "ca", name: "Canada", sites: ["Canada Central - Quebec City", "Canada East - Toronto"], countries: "CA PM GL" },
        Region { word: "in", name: "India", sites: ["Central India - Pune", "South India - Chennai"], countries: "IN LK BD NP BT MV PK AF" },
    ];

    pub fn parse(word: &str) -> Option<Region> {
        Region::ALL.into_iter().find(|region| region.word == word)
    }

    /// The one that is proposed for a country, by its code of ISO 3166-1.
    pub fn near(country: &str) -> Region {
        let [first, others @ ..] = Region::ALL;
        let near = others.into_iter().find(|region| region.countries.split(' ').any(|code| code == country));
        near.unwrap_or(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::COUNTRIES;

    #[test]
    fn a_country_has_one_region_and_every_region_a_country() {
        for (country, region) in [
            ("NL", "eu"),
            ("DE", "de"),
            ("GB", "uk"),
            ("US", "us"),
            ("CA", "ca"),
            ("IN", "in"),
            ("AU", "au"),
            ("ZA", "eu"),
        ] {
            assert_eq!(Region::near(country).word, region, "{country}");
        }
        let named: Vec<&str> = Region::ALL.iter().flat_map(|region| region.countries.split_whitespace()).collect();
        for country in &named {
            assert!(COUNTRIES.contains(country), "{country} is no country");
            assert_eq!(named.iter().filter(|other| *other == country).count(), 1, "{country} has two regions");
        }
    }
}
