//! How long the listeners' certificates still live: told when one is taken up, and 30, 14, 7 and 1 days before its
//! end, and at its end (fault 59). The probes turn red by themselves when it has come.

use std::collections::HashMap;

use super::settings::Certificate;
use crate::events::{self, health::Health};

/// What was told last, by certificate.
#[derive(Debug, Default)]
pub struct Expiry {
    told: HashMap<Certificate, Notice>,
}

/// The steps on the way to the end, by days left.
type Notice = Option<i64>;

impl Expiry {
    /// Tells of every certificate that has come a step nearer to its end, and lets the probes know.
    pub fn tell(&mut self, certificates: &[Certificate], health: &Health) {
        self.tell_at(certificates, health, jiff::Timestamp::now().as_millisecond());
    }

    fn tell_at(&mut self, certificates: &[Certificate], health: &Health, now_ms: i64) {
        let before = std::mem::take(&mut self.told);
        for certificate in certificates {
            let notice = notice(certificate.not_after_ms, now_ms);
            self.told.insert(certificate.clone(), notice);
            if before.get(certificate) != Some(&notice) {
                let Certificate { listener, file, not_after_ms } = certificate;
                let file = &file.display().to_string();
                events::CertificateExpires { listener: *listener, file, not_after_ms: *not_after_ms, now_ms }.emit();
            }
        }
        health.certificates(certificates.iter().map(|one| (one.listener, one.not_after_ms)));
    }
}

/// The step that is reached; `None` while the end is far.
fn notice(not_after_ms: i64, now_ms: i64) -> Notice {
    let left_ms = not_after_ms.saturating_sub(now_ms);
    STEPS_DAYS.into_iter().find(|days| left_ms <= days * DAY_MS)
}

const STEPS_DAYS: [i64; 5] = [0, 1, 7, 14, events::CertificateExpires::NOTICE_DAYS];
const DAY_MS: i64 = 86_400_000;

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn each_step_is_told_once_and_a_renewed_certificate_begins_anew() {
        let health = Health::new("eu-a");
        health.started();
        let mut expiry = Expiry::default();
        let of =
            |days: i64| vec![Certificate { listener: 0, file: PathBuf::from("smtp.pem"), not_after_ms: days * DAY_MS }];
        let first = of(100);
        let mut steps = Vec::new();
        for day in 0..=100 {
            let before = expiry.told.get(&first[0]).copied();
            expiry.tell_at(&first, &health, day * DAY_MS);
            let now = expiry.told[&first[0]];
            if before != Some(now) {
                steps.push((100 - day, now));
            }
        }
        assert_eq!(steps, [(100, None), (30, Some(30)), (14, Some(14)), (7, Some(7)), (1, Some(1)), (0, Some(0))]);
        let renewed = of(400);
        expiry.tell_at(&renewed, &health, 100 * DAY_MS);
        assert_eq!(expiry.told.len(), 1);
        assert_eq!(expiry.told[&renewed[0]], None);
    }

    #[test]
    fn of_two_certificates_the_one_that_ends_first_counts() {
        let health = Health::new("eu-a");
        let now = jiff::Timestamp::now().as_millisecond();
        let pair = [40, 5, 60].map(|days| Certificate {
            listener: 2,
            file: PathBuf::from(format!("{days}.pem")),
            // A little more, so that the day does not turn while the test runs.
            not_after_ms: now + days * DAY_MS + DAY_MS / 2,
        });
        Expiry::default().tell_at(&pair, &health, now);
        let report = health.report();
        assert_eq!(report.certificate_days.into_iter().collect::<Vec<_>>(), [(2, 5)]);
        assert_eq!(report.warnings, ["certificate: that of listener 2 ends in 5 days"]);
    }
}
