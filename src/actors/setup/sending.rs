//! Whether receivers believe mail of a domain that leaves by Microsoft 365: SPF, DKIM and DMARC.

use std::collections::HashSet;

use super::Setup;
use super::findings::{Finding, Outcome, Subject};
use crate::net::Silent;
use crate::tenant::connect::records::{EXCHANGE_ONLINE, MOST_LOOKUPS, NoSpf, Spf, dmarc_policy};

/// The names under which Microsoft 365 has the keys of a domain looked up.
const SELECTORS: [&str; 2] = ["selector1", "selector2"];
/// Records that are read, of one domain with all it includes; a record that includes itself ends here.
const MOST_RECORDS: usize = 20;

/// An SPF record with all it includes.
#[derive(Debug, Default)]
struct Whole {
    lookups: usize,
    lets_exchange_send: bool,
    broken: Option<String>,
}

impl Setup {
    /// Looks at what a domain says of its mail.
    pub(super) async fn of_sending(&self, domain: &str) -> Vec<Finding> {
        if domain.ends_with(".onmicrosoft.com") {
            return Vec::new();
        }
        let (spf, dkim, dmarc) = tokio::join!(self.of_spf(domain), self.of_dkim(domain), self.of_dmarc(domain));
        let told = |subject, looked: Result<Finding, Silent>| {
            looked.unwrap_or_else(|silent| Finding::new(subject, domain, Outcome::Unknown, format!("{silent}.")))
        };
        vec![told(Subject::Spf, spf), told(Subject::Dkim, dkim), told(Subject::Dmarc, dmarc)]
    }

    async fn of_spf(&self, domain: &str) -> Result<Finding, Silent> {
        let about = |outcome, found: String| Finding::new(Subject::Spf, domain, outcome, found);
        let wanted = format!("{domain} TXT \"v=spf1 include:{EXCHANGE_ONLINE} -all\"");
        let spf = match Spf::among(&self.records.texts(domain).await?) {
            Ok(spf) => spf,
            Err(NoSpf::Missing) => {
                return Ok(about(Outcome::Failed, "There is no SPF record.".to_owned()).advise(wanted));
            }
            Err(NoSpf::Several) => {
                return Ok(about(Outcome::Failed, "There is more than one SPF record, so none counts.".to_owned())
                    .advise("Put all their terms into one record and delete the others."));
            }
        };
        let is_open = spf.is_open();
        let whole = self.whole(spf).await?;
        Ok(match whole {
            Whole { lets_exchange_send: false, .. } => {
                about(Outcome::Failed, "The SPF record does not let Microsoft 365 send for the domain.".to_owned())
                    .advise(format!("Put include:{EXCHANGE_ONLINE} into it, before the term that ends in all."))
            }
            Whole { lookups, .. } if lookups > MOST_LOOKUPS => about(
                Outcome::Failed,
                format!("The SPF record costs {lookups} look-ups; receivers stop at {MOST_LOOKUPS}."),
            )
            .advise("Take out includes that are not used any more, or name networks by ip4: and ip6:."),
            Whole { broken: Some(name), .. } => {
                about(Outcome::Warning, format!("The SPF record includes {name}, which has none."))
                    .advise(format!("Take {name} out of it; many receivers take the whole record for broken."))
            }
            Whole { .. } if is_open => {
                about(Outcome::Warning, "The SPF record lets everybody send for the domain.".to_owned())
                    .advise("End it with -all or ~all.")
            }
            Whole { lookups, .. } => about(
                Outcome::Good,
                format!("Microsoft 365 may send for the domain ({lookups} of {MOST_LOOKUPS} look-ups)."),
            ),
        })
    }

    async fn whole(&self, first: Spf) -> Result<Whole, Silent> {
        let mut whole = Whole::default();
        let mut seen = HashSet::new();
        let mut open = vec![first];
        while let Some(spf) = open.pop() {
            whole.lookups += spf.lookups();
            for other in spf.others() {
                whole.lets_exchange_send |= other == EXCHANGE_ONLINE;
                // A macro stands for the message's own facts; there is nothing to look up here.
                if other.contains('%') || seen.len() >= MOST_RECORDS || !seen.insert(other.to_owned()) {
                    continue;
                }
                match Spf::among(&self.records.texts(other).await?) {
                    Ok(spf) => open.push(spf),
                    Err(_) => whole.broken = Some(other.to_owned()),
                }
            }
        }
        Ok(whole)
    }

    async fn of_dkim(&self, domain: &str) -> Result<Finding, Silent> {
        let mut keys = 0;
        for selector in SELECTORS {
            let texts = self.records.texts(&format!("{selector}._domainkey.{domain}")).await?;
            keys += usize::from(texts.iter().any(|text| text.contains("p=")));
        }
        let about = |outcome, found: &str| Finding::new(Subject::Dkim, domain, outcome, found);
        Ok(match keys {
            0 => about(Outcome::Warning, "Microsoft 365 signs mail of the domain with no DKIM key of its own.").advise(
                format!(
                    "Switch it on: New-DkimSigningConfig -DomainName {domain} -Enabled $true in Exchange Online \
                     PowerShell; it names the two CNAME records to set."
                ),
            ),
            _ => about(Outcome::Good, "The keys by which Microsoft 365 signs mail of the domain can be looked up."),
        })
    }

    async fn of_dmarc(&self, domain: &str) -> Result<Finding, Silent> {
        let mut policy = dmarc_policy(&self.records.texts(&format!("_dmarc.{domain}")).await?);
        // A domain below another is judged by that one's record (RFC 7489 section 6.6.3).
        let mut above = domain;
        while policy.is_none()
            && let Some((_, parent)) = above.split_once('.').filter(|(_, parent)| parent.contains('.'))
        {
            above = parent;
            policy = dmarc_policy(&self.records.texts(&format!("_dmarc.{parent}")).await?);
        }
        let about = |outcome, found: String| Finding::new(Subject::Dmarc, domain, outcome, found);
        Ok(match policy {
            Some(policy) => about(Outcome::Good, format!("Receivers are asked to do with unproven mail: {policy}.")),
            None => about(Outcome::Warning, "There is no DMARC record; some receivers refuse such mail.".to_owned())
                .advise(format!("_dmarc.{domain} TXT \"v=DMARC1; p=none; rua=mailto:postmaster@{domain}\"")),
        })
    }
}
