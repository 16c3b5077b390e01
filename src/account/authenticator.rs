//! Codes of authenticator apps: six digits of 30 seconds by HMAC-SHA-1, as all of them make (RFC 6238).
//!
//! A code is taken one step early or late, for clocks that differ. That none is taken twice is for whoever keeps the
//! step of the last one (RFC 6238, section 5.2).

use std::fmt::Write;

use fast_qr::{ECL, QRBuilder};
use totp_rs::{Builder, Secret, Totp};

/// 160 bits, as RFC 4226, section 4, recommends.
pub const SECRET_OCTETS: usize = 20;

/// What apps show beside the code.
const ISSUER: &str = "Signet";

/// Squares that stay light on each side, as scanners need.
const QUIET: usize = 4;

/// The secret of one app.
pub struct Authenticator([u8; SECRET_OCTETS]);

/// Shows nothing.
impl std::fmt::Debug for Authenticator {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Authenticator")
    }
}

impl Authenticator {
    pub fn new(secret: [u8; SECRET_OCTETS]) -> Authenticator {
        Authenticator(secret)
    }

    /// The step of which this is the code, at a unix time in milliseconds.
    pub fn step_of(&self, code: &str, now_ms: i64) -> Option<i64> {
        let seconds = u64::try_from(now_ms / 1000).ok()?;
        self.totp("")?.check(code, seconds).and_then(|step| i64::try_from(step).ok())
    }

    /// The secret, to be typed into an app (RFC 4648 base32).
    pub fn typed(&self) -> String {
        Secret::new_stack(self.0).to_base32()
    }

    /// The same with whose it is, to be scanned. `None` for an address that no app could show.
    pub fn link(&self, email: &str) -> Option<String> {
        self.totp(email)?.to_url().ok()
    }

    fn totp(&self, email: &str) -> Option<Totp> {
        let secret = Secret::new_stack(self.0);
        Builder::new().with_secret(secret).with_issuer(Some(ISSUER)).with_account_name(email).build().ok()
    }
}

/// A text as a code to scan: an SVG of black squares on white, one unit each.
pub fn scannable(text: &str) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let side = code.size + 2 * QUIET;
    let mut squares = String::new();
    for row in 0..code.size {
        for (column, _) in code[row].iter().take(code.size).enumerate().filter(|(_, square)| square.value()) {
            // Writing into a string cannot fail.
            let _ = write!(squares, "M{} {}h1v1h-1z", column + QUIET, row + QUIET);
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{squares}\"/></svg>"
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of_rfc() -> Authenticator {
        Authenticator::new(*b"12345678901234567890")
    }

    /// The vectors of RFC 6238, appendix B, for SHA-1: the last six of their eight digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(of_rfc().step_of(code, seconds * 1000), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_clock_may_differ_by_one_step() {
        let (code, at) = ("005924", 1_234_567_890 / 30);
        for (steps, is_taken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let taken = of_rfc().step_of(code, (at + steps) * 30_000);
            assert_eq!(taken, is_taken.then_some(at), "{steps}");
        }
        for other in ["", "5924", "+05924", "0059240", "005925", "00592４"] {
            assert_eq!(of_rfc().step_of(other, at * 30_000), None, "{other}");
        }
        assert_eq!(of_rfc().step_of(code, -1), None);
    }

    #[test]
    fn an_app_is_told_whose_it_is() {
        let link = of_rfc().link("ada@contoso.example").unwrap();
        assert!(link.starts_with("otpauth://totp/Signet:ada%40contoso.example?"), "{link}");
        assert!(link.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") && link.contains("issuer=Signet"), "{link}");
        assert_eq!(of_rfc().typed(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(format!("{:?}", of_rfc()), "Authenticator");
        let svg = scannable(&link).unwrap();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>") && svg.len() < 60_000, "{}", svg.len());
    }
}
