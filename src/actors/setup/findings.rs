//! The mail-flow doctor: everything on which the way of the mail depends, each looked at, with what to do about it.

use std::time::Duration;

use futures_util::future::join_all;

use super::{CertificateSeen, Setup};
use crate::store::Recorded;
use crate::tenant::{NextHop, TenantFile};

/// Longest look at one thing.
const LONGEST: Duration = Duration::from_secs(8);
/// Domains that are looked at; an organisation may have thousands.
const MOST_DOMAINS: usize = 25;
/// A weekend without mail is nothing odd.
const QUIET_MS: i64 = 3 * 24 * 3_600_000;

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Certificate,
    NextHop,
    Spf,
    Dkim,
    Dmarc,
    /// Whether Microsoft 365 takes back what we hand it.
    Returned,
    /// Whether mail comes.
    Mail,
}

impl Subject {
    pub fn word(self) -> &'static str {
        match self {
            Subject::Certificate => "certificate",
            Subject::NextHop => "next_hop",
            Subject::Spf => "spf",
            Subject::Dkim => "dkim",
            Subject::Dmarc => "dmarc",
            Subject::Returned => "returned",
            Subject::Mail => "mail",
        }
    }
}

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Good,
    /// Mail goes, but somebody may not get it, or soon will not.
    Warning,
    Failed,
    /// Nobody answered.
    Unknown,
}

impl Outcome {
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Good => "good",
            Outcome::Warning => "warning",
            Outcome::Failed => "failed",
            Outcome::Unknown => "unknown",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub subject: Subject,
    /// A domain or a host; empty where there is but one.
    pub of: String,
    pub outcome: Outcome,
    /// What was found, in a sentence.
    pub found: String,
    /// What to do, with the record or the command.
    pub advice: Option<String>,
}

impl Finding {
    pub(super) fn new(subject: Subject, of: &str, outcome: Outcome, found: impl Into<String>) -> Finding {
        Finding { subject, of: of.to_owned(), outcome, found: found.into(), advice: None }
    }

    pub(super) fn advise(self, advice: impl Into<String>) -> Finding {
        Finding { advice: Some(advice.into()), ..self }
    }
}

/// What is known here of a tenant's mail.
#[derive(Debug)]
pub struct Known<'a> {
    pub file: &'a TenantFile,
    pub certificate: Option<CertificateSeen>,
    /// The newest records of messages.
    pub recent: &'a [Recorded],
    pub now_ms: i64,
}

impl Setup {
    /// Looks at everything.
    pub async fn findings(&self, known: &Known<'_>) -> Vec<Finding> {
        let mut findings = vec![of_certificate(known.certificate.as_ref())];
        let next_hop = async {
            match &known.file.peer {
                Some(peer) => Some(self.of_next_hop(peer.next_hop()).await),
                None => None,
            }
        };
        let domains = known.file.domains.iter().take(MOST_DOMAINS);
        let looks = domains.map(|domain| async move {
            let looked = tokio::time::timeout(LONGEST, self.of_sending(domain)).await;
            looked.unwrap_or_else(|_| {
                vec![Finding::new(Subject::Spf, domain, Outcome::Unknown, "The name servers did not answer in time.")]
            })
        });
        let (next_hop, sending) = tokio::join!(next_hop, join_all(looks));
        findings.extend(next_hop);
        findings.extend(sending.into_iter().flatten());
        findings.extend(left_out(known.file.domains.len()));
        findings.push(of_returned(known.recent));
        findings.push(of_mail(known.recent.first(), known.now_ms));
        findings
    }

    async fn of_next_hop(&self, next_hop: &NextHop) -> Finding {
        let host = next_hop.host.as_str();
        if host.parse::<std::net::IpAddr>().is_ok() {
            return Finding::new(Subject::NextHop, host, Outcome::Good, "It is named by its address.");
        }
        match tokio::time::timeout(LONGEST, self.records.has_address(host)).await {
            Ok(Ok(true)) => Finding::new(Subject::NextHop, host, Outcome::Good, "The name has an address."),
            Ok(Ok(false)) => Finding::new(Subject::NextHop, host, Outcome::Failed, "The name has no address.").advise(
                "Mail cannot go back to Microsoft 365. Compare with the MX value in the Microsoft 365 admin centre \
                 (Settings, Domains, DNS records) and tell the operator if it is another.",
            ),
            Ok(Err(_)) | Err(_) => {
                Finding::new(Subject::NextHop, host, Outcome::Unknown, "The name servers did not answer.")
            }
        }
    }
}

/// That not every domain was looked at.
fn left_out(domains: usize) -> Option<Finding> {
    let found = format!("Only the first {MOST_DOMAINS} of {domains} domains were looked at.");
    (domains > MOST_DOMAINS).then(|| Finding::new(Subject::Spf, "", Outcome::Unknown, found))
}

fn of_certificate(certificate: Option<&CertificateSeen>) -> Finding {
    let about = |of: &str, outcome, found: String| Finding::new(Subject::Certificate, of, outcome, found);
    let Some(certificate) = certificate else {
        return about("", Outcome::Failed, "There is no certificate.".to_owned()).advise(
            "Microsoft 365 takes mail back only from somebody with a certificate in one of your domains: put one in at \
             the step Certificate.",
        );
    };
    let name = certificate.accepted_name.as_deref().unwrap_or_default();
    match (certificate.accepted_name.is_some(), certificate.remarks.as_slice()) {
        (true, []) => about(name, Outcome::Good, format!("It is from {} and its chain is whole.", certificate.issuer)),
        (true, remarks) => about(name, Outcome::Warning, "Not all of it is good.".to_owned()).advise(remarks.join(" ")),
        (false, remarks) => about("", Outcome::Failed, "It is of no use.".to_owned()).advise(remarks.join(" ")),
    }
}

/// What the next hop said to the last messages.
fn of_returned(recent: &[Recorded]) -> Finding {
    let answered: Vec<i64> = recent.iter().filter_map(|one| one.next_hop_code).collect();
    let refused = answered.iter().filter(|code| **code >= 500).count();
    let deferred = answered.iter().filter(|code| (400..500).contains(*code)).count();
    let all = answered.len();
    let about = |outcome, found: String| Finding::new(Subject::Returned, "", outcome, found);
    match (all, refused, deferred) {
        (0, ..) => about(Outcome::Unknown, "No message has gone back yet.".to_owned()),
        (_, 0, 0) => about(Outcome::Good, format!("Microsoft 365 took back the last {all} messages.")),
        (_, 0, _) => about(Outcome::Warning, format!("Microsoft 365 put off {deferred} of the last {all} messages."))
            .advise("They are tried again by Microsoft 365 itself. If it lasts, look at the reasons in Messages."),
        _ => about(Outcome::Failed, format!("Microsoft 365 refused {refused} of the last {all} messages.")).advise(
            "If it says TenantAttribution (5.7.64): the name of the certificate must be an accepted domain, and stand in \
             the connector; run the script of the step Connectors again. Other reasons are in Messages.",
        ),
    }
}

fn of_mail(newest: Option<&Recorded>, now_ms: i64) -> Finding {
    let about = |outcome, found: &str| Finding::new(Subject::Mail, "", outcome, found);
    match newest {
        None => about(Outcome::Unknown, "No message has come yet.").advise(
            "Send yourself a message from Outlook. If none comes within an hour after the script was run, run \
             Get-TransportRule | Format-Table Name,State,Priority in Exchange Online PowerShell: the rules of Signet must be \
             enabled and stand first.",
        ),
        Some(newest) if now_ms - newest.time_ms > QUIET_MS => {
            about(Outcome::Warning, "No message has come for three days.").advise(
                "Look whether the rules of Signet are still enabled: Get-TransportRule | Format-Table Name,State,Priority.",
            )
        }
        Some(_) => about(Outcome::Good, "Messages come."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(time_ms: i64, code: Option<i64>) -> Recorded {
        Recorded {
            id: String::new(),
            time_ms,
            site: String::new(),
            message_id: String::new(),
            sender: String::new(),
            recipients: Vec::new(),
            person: None,
            kind: None,
            legs: String::new(),
            revision: 1,
            octets_in: 0,
            octets_out: 0,
            next_hop_code: code,
            verdict: String::new(),
            stages: String::new(),
        }
    }

    #[test]
    fn what_microsoft_refuses_counts_more_than_what_it_puts_off() {
        let cases: &[(&[Option<i64>], Outcome)] = &[
            (&[], Outcome::Unknown),
            (&[None], Outcome::Unknown),
            (&[Some(250), Some(250)], Outcome::Good),
            (&[Some(250), Some(451)], Outcome::Warning),
            (&[Some(250), Some(451), Some(550)], Outcome::Failed),
        ];
        for (codes, expected) in cases {
            let recent: Vec<Recorded> = codes.iter().map(|code| record(0, *code)).collect();
            let found = of_returned(&recent);
            assert_eq!(found.outcome, *expected, "{codes:?}");
            assert_eq!(found.advice.is_some(), matches!(expected, Outcome::Warning | Outcome::Failed), "{codes:?}");
        }
    }

    #[test]
    fn domains_that_are_not_looked_at_are_told() {
        assert_eq!(left_out(MOST_DOMAINS), None);
        assert!(left_out(MOST_DOMAINS + 1).is_some_and(|finding| finding.found.contains("first 25 of 26")));
    }

    #[test]
    fn silence_is_told() {
        assert_eq!(of_mail(None, 0).outcome, Outcome::Unknown);
        assert_eq!(of_mail(Some(&record(1000, None)), 2000).outcome, Outcome::Good);
        assert_eq!(of_mail(Some(&record(0, None)), QUIET_MS + 1).outcome, Outcome::Warning);
    }

    #[test]
    fn a_certificate_is_good_only_under_an_accepted_name() {
        assert_eq!(of_certificate(None).outcome, Outcome::Failed);
        let seen = |name: Option<&str>, remarks: &[&str]| CertificateSeen {
            names: Vec::new(),
            issuer: "CN=R3".to_owned(),
            not_after_ms: 0,
            chain: 2,
            accepted_name: name.map(str::to_owned),
            remarks: remarks.iter().map(|remark| (*remark).to_owned()).collect(),
        };
        assert_eq!(of_certificate(Some(&seen(Some("a.example"), &[]))).outcome, Outcome::Good);
        assert_eq!(of_certificate(Some(&seen(Some("a.example"), &["Soon."]))).outcome, Outcome::Warning);
        assert_eq!(of_certificate(Some(&seen(None, &["No name."]))).outcome, Outcome::Failed);
    }
}
