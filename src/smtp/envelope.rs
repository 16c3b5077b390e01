//! The envelope of one message (RFC 5321 section 3.3): MAIL and RCPT with their parameters, word for word.
//!
//! Parameters stay the octets that came, in their order and case, so that they can be handed on unchanged. Only
//! [`Mail::for_next_hop`] and [`Rcpt::for_next_hop`] change anything: what the next hop does not offer.

use bytes::Bytes;

use super::{Extensions, Path, Reply, xtext};

/// One parameter of MAIL or RCPT, word for word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// `SIZE`, in the case it came.
    pub keyword: Bytes,
    /// What stands behind `=`.
    pub value: Option<Bytes>,
}

impl Parameter {
    /// Whether this is the parameter `keyword`, in any case.
    pub fn is(&self, keyword: &str) -> bool {
        self.keyword.eq_ignore_ascii_case(keyword.as_bytes())
    }
}

/// The type of content that MAIL announces (RFC 6152, RFC 3030).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// `7BIT`, or nothing said.
    SevenBit,
    /// `8BITMIME`.
    EightBit,
    /// `BINARYMIME`: goes by BDAT only.
    Binary,
}

/// The MAIL command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The reverse path.
    pub path: Path,
    /// In the order they came.
    pub parameters: Vec<Parameter>,
}

impl Mail {
    /// A MAIL without parameters.
    pub fn from(path: Path) -> Mail {
        Mail { path, parameters: Vec::new() }
    }

    /// What SIZE announces, in octets (RFC 1870 section 5).
    pub fn size(&self) -> Option<u64> {
        number(value(&self.parameters, "SIZE")?)
    }

    /// What BODY announces.
    pub fn body(&self) -> Body {
        match value(&self.parameters, "BODY") {
            Some(value) if value.eq_ignore_ascii_case(b"8BITMIME") => Body::EightBit,
            Some(value) if value.eq_ignore_ascii_case(b"BINARYMIME") => Body::Binary,
            _ => Body::SevenBit,
        }
    }

    /// Whether SMTPUTF8 is asked for (RFC 6531 section 3.4).
    pub fn smtputf8(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.is("SMTPUTF8"))
    }

    /// Exchange's originator organisation, xtext decoded (RFC 3461 section 4). `None` when absent or not xtext.
    pub fn xoorg(&self) -> Option<String> {
        let octets = xtext::decode(value(&self.parameters, "XOORG")?)?;
        String::from_utf8(octets).ok()
    }

    /// The same command as the next hop can take it. DSN parameters, XOORG, SIZE and AUTH are dropped when they are
    /// not offered; SIZE grows by `growth_allowance` octets, unless that alone would pass the next hop's limit (such a
    /// message goes unsigned). Error: 555 or 553 when BODY or SMTPUTF8 are needed and not offered.
    pub fn for_next_hop(&self, offered: &Extensions, growth_allowance: u64) -> Result<Mail, Reply> {
        let mut parameters = Vec::with_capacity(self.parameters.len());
        for parameter in &self.parameters {
            if parameter.is("SIZE") {
                parameters.extend(grown(parameter, offered, growth_allowance));
            } else if parameter.is("BODY") {
                let offer = match self.body() {
                    Body::SevenBit if !offered.eight_bit_mime => continue,
                    Body::SevenBit => true,
                    Body::EightBit => offered.eight_bit_mime,
                    Body::Binary => offered.binary_mime && offered.chunking,
                };
                if !offer {
                    return Err(Reply::body_refused());
                }
                parameters.push(parameter.clone());
            } else if parameter.is("SMTPUTF8") {
                if !offered.smtputf8 {
                    return Err(Reply::smtputf8_refused());
                }
                parameters.push(parameter.clone());
            } else if handed_on(parameter, offered) {
                parameters.push(parameter.clone());
            }
        }
        Ok(Mail { path: self.path.clone(), parameters })
    }
}

/// The RCPT command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rcpt {
    /// The forward path.
    pub path: Path,
    /// In the order they came.
    pub parameters: Vec<Parameter>,
}

impl Rcpt {
    /// A RCPT without parameters.
    pub fn to(path: Path) -> Rcpt {
        Rcpt { path, parameters: Vec::new() }
    }

    /// The same command as the next hop can take it: NOTIFY and ORCPT are dropped when DSN is not offered.
    pub fn for_next_hop(&self, offered: &Extensions) -> Rcpt {
        let parameters = self.parameters.iter().filter(|parameter| handed_on(parameter, offered)).cloned().collect();
        Rcpt { path: self.path.clone(), parameters }
    }
}

/// Digits only, no sign, no blank; `None` when it does not fit.
pub(super) fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0u64, |number, b| {
        if !b.is_ascii_digit() {
            return None;
        }
        number.checked_mul(10)?.checked_add(u64::from(b - b'0'))
    })
}

fn value<'a>(parameters: &'a [Parameter], keyword: &str) -> Option<&'a [u8]> {
    parameters.iter().find(|parameter| parameter.is(keyword))?.value.as_deref()
}

/// Whether a parameter that asks for no promise goes on to a next hop with this offer.
fn handed_on(parameter: &Parameter, offered: &Extensions) -> bool {
    if ["RET", "ENVID", "NOTIFY", "ORCPT"].iter().any(|keyword| parameter.is(keyword)) {
        offered.dsn
    } else if parameter.is("XOORG") {
        offered.xoorg
    } else {
        // AUTH: we are no client that authenticates by RFC 4954, so the parameter would be an error there.
        !parameter.is("AUTH")
    }
}

fn grown(parameter: &Parameter, offered: &Extensions, growth_allowance: u64) -> Option<Parameter> {
    let limit = offered.size?;
    let size = parameter.value.as_deref().and_then(number)?;
    let wished = size.saturating_add(growth_allowance);
    let size = if limit.is_some_and(|limit| wished > limit) { size } else { wished };
    Some(Parameter { keyword: parameter.keyword.clone(), value: Some(Bytes::from(size.to_string())) })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn mail(parameters: &str) -> Mail {
        let parameters = parameters
            .split_whitespace()
            .map(|word| match word.split_once('=') {
                Some((keyword, value)) => {
                    Parameter { keyword: keyword.to_owned().into(), value: Some(value.to_owned().into()) }
                }
                None => Parameter { keyword: word.to_owned().into(), value: None },
            })
            .collect();
        Mail { path: Path::parse("a@b.example").unwrap(), parameters }
    }

    #[test]
    fn parameters_are_read() {
        let all = mail("size=100 BODY=binarymime SMTPUTF8 XOORG=a+2Bb.example");
        assert_eq!(all.size(), Some(100));
        assert_eq!(all.body(), Body::Binary);
        assert!(all.smtputf8());
        assert_eq!(all.xoorg().as_deref(), Some("a+b.example"));
        assert_eq!(mail("BODY=8bitMIME").body(), Body::EightBit);
        assert_eq!(mail("BODY=7BIT").body(), Body::SevenBit);
        assert_eq!(mail("").body(), Body::SevenBit);
        for bad in ["SIZE=", "SIZE", "SIZE=-1", "SIZE=1e3", "SIZE=18446744073709551616"] {
            assert_eq!(mail(bad).size(), None, "{bad}");
        }
        for bad in ["XOORG=a+2", "XOORG=a+", "XOORG=+ZZ", "XOORG=+FF", "XOORG"] {
            assert_eq!(mail(bad).xoorg(), None, "{bad}");
        }
    }

    #[test]
    fn mail_for_the_next_hop() {
        let all = Extensions::for_microsoft(1_000);
        let none = Extensions::default();
        for (given, offered, expected) in [
            (
                "SIZE=100 BODY=8BITMIME RET=HDRS ENVID=x XOORG=y",
                &all,
                Ok("SIZE=120 BODY=8BITMIME RET=HDRS ENVID=x XOORG=y"),
            ),
            ("SIZE=100 BODY=7BIT RET=HDRS ENVID=x XOORG=y AUTH=<>", &none, Ok("")),
            ("AUTH=<>", &all, Ok("")),
            ("SIZE=990", &all, Ok("SIZE=990")),
            ("SIZE=18446744073709551615", &all, Ok("SIZE=18446744073709551615")),
            ("BODY=8BITMIME", &none, Err(Reply::body_refused())),
            ("BODY=BINARYMIME", &none, Err(Reply::body_refused())),
            ("BODY=BINARYMIME", &all, Ok("BODY=BINARYMIME")),
            ("SMTPUTF8", &none, Err(Reply::smtputf8_refused())),
            ("SMTPUTF8", &all, Ok("SMTPUTF8")),
        ] {
            assert_eq!(mail(given).for_next_hop(offered, 20), expected.map(mail), "{given}");
        }
        let no_chunks = Extensions { chunking: false, ..all };
        assert_eq!(mail("BODY=BINARYMIME").for_next_hop(&no_chunks, 0), Err(Reply::body_refused()));
    }

    #[test]
    fn rcpt_for_the_next_hop() {
        let rcpt = Rcpt { path: Path::null(), parameters: mail("NOTIFY=NEVER ORCPT=rfc822;a@b.example").parameters };
        assert_eq!(rcpt.for_next_hop(&Extensions::for_microsoft(0)), rcpt);
        assert_eq!(rcpt.for_next_hop(&Extensions::default()).parameters, []);
    }
}
