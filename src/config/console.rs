//! The section `console`: where the console is served, and how people sign in to it.

use std::time::Duration;

use super::directory::is_service;
use super::value::Reader;
use super::{Accounts, Console, PairFiles, Role};
use crate::account::{Profile, Region};

const DAY: u64 = 24 * 3600;

impl Reader<'_> {
    pub(super) fn console(&mut self, role: Role) -> Option<Console> {
        let given = !self.text("console.address").is_empty();
        let (certificate, key) = (self.file("console.certificate"), self.file("console.key"));
        let max_body_bytes = self.size("console.max_body_bytes");
        let (url, accounts) = (self.console_url(), self.accounts());
        let pair = match (certificate, key) {
            (Some(certificate), Some(key)) => {
                let files = PairFiles { certificate, key };
                self.check_pair("console.certificate", "console.key", &files);
                Some(files)
            }
            (Some(_), None) => {
                self.wrong("console.key", "console.certificate is given, its key is not".to_owned());
                None
            }
            (None, Some(_)) => {
                self.wrong("console.certificate", "console.key is given, its certificate is not".to_owned());
                None
            }
            (None, None) => None,
        };
        if !given {
            return None;
        }
        let address = self.address("console.address");
        if pair.is_none() && !address.ip().is_loopback() && !self.is_given("console.certificate") {
            let message = "is not a loopback address; name console.certificate and console.key";
            self.wrong("console.address", format!("{} {message}", address.ip()));
        }
        // One file may serve edges and consoles alike.
        (role != Role::Edge).then_some(Console { address, pair, max_body_bytes, url, accounts })
    }

    fn console_url(&mut self) -> Option<String> {
        let url = self.text("console.url");
        let url = url.trim_end_matches('/');
        if !(url.is_empty() || is_service(url)) {
            self.wrong("console.url", format!("{url:?} is not https:// and a host with nothing behind it"));
        }
        (!url.is_empty()).then(|| url.to_owned())
    }

    fn accounts(&mut self) -> Accounts {
        let sign_up = self.flag("console.sign_up");
        if sign_up && self.text("mail.relay").is_empty() {
            self.wrong("console.sign_up", "needs mail.relay: an account is proven by mail".to_owned());
        }
        let reminder = self.count("console.password_reminder_days");
        Accounts {
            sign_up,
            profile: match self.word("console.password_profile") {
                "classic" => Profile::Classic,
                _ => Profile::Strict,
            },
            reminder: (reminder > 0).then(|| Duration::from_secs(reminder * DAY)),
            code: Duration::from_secs(self.count("console.code_minutes") * 60),
            device: Duration::from_secs(self.count("console.device_days") * DAY),
            idle: Duration::from_secs(self.count("console.idle_minutes") * 60),
            session: Duration::from_secs(self.count("console.session_hours") * 3600),
            region: Region::parse(self.word("console.region")),
            others: self.other_regions(),
        }
    }

    fn other_regions(&mut self) -> Vec<(Region, String)> {
        let own = self.word("console.region");
        let mut others = Vec::new();
        for text in self.list("console.other_regions") {
            let (word, url) = text.split_once('=').unwrap_or_default();
            let url = url.trim_end_matches('/');
            match Region::parse(word.trim()) {
                Some(region) if region.word != own && is_service(url) => others.push((region, url.to_owned())),
                _ => {
                    let message = format!("{text:?} is not another region and its address; write us=https://host");
                    self.wrong("console.other_regions", message);
                }
            }
        }
        others
    }
}
