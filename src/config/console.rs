//! The section `console`: where the console is served, and how people sign in to it.

use std::net::SocketAddr;
use std::time::Duration;

use super::directory::is_service;
use super::value::Reader;
use super::{PairFiles, Role};
use crate::account::{Profile, Region};

/// The API, and the console once there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Console {
    /// Port 0 binds any free port.
    pub address: SocketAddr,
    /// Plain HTTP, where everybody is sent to `url`; not served without.
    pub http_address: Option<SocketAddr>,
    /// `None` on loopback addresses only: no TLS.
    pub pair: Option<PairFiles>,
    /// Octets of the largest body.
    pub max_body_bytes: usize,
    /// Where browsers reach it, without a slash at the end; needed by links in mails.
    pub url: Option<String>,
    pub accounts: Accounts,
}

/// How people sign in to the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    /// Whether strangers may make an account, with a tenant.
    pub sign_up: bool,
    /// Whether people may sign in with a Microsoft account.
    pub microsoft: bool,
    /// How long the trial of an organisation lasts that has signed up; `None`: it needs none.
    pub trial: Option<Duration>,
    pub profile: Profile,
    /// After so long they are reminded to change the password; `None`: never.
    pub reminder: Option<Duration>,
    /// How long a mailed code is good.
    pub code: Duration,
    /// How long a browser is trusted.
    pub device: Duration,
    /// How long a session lasts without a request, and in all.
    pub idle: Duration,
    pub session: Duration,
    /// Of this console; `None`: it is not one of several.
    pub region: Option<Region>,
    /// Consoles of other regions, where whoever chooses those signs up.
    pub others: Vec<(Region, String)>,
}

const DAY: u64 = 24 * 3600;

impl Reader<'_> {
    pub(super) fn console(&mut self, role: Role) -> Option<Console> {
        let given = !self.text("console.address").is_empty();
        let (certificate, key) = (self.file("console.certificate"), self.file("console.key"));
        let max_body_bytes = self.size("console.max_body_bytes");
        let (url, accounts) = (self.console_url(), self.accounts());
        let http_address = self.http_address(url.as_deref());
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
        (role != Role::Edge).then_some(Console { address, http_address, pair, max_body_bytes, url, accounts })
    }

    fn http_address(&mut self, url: Option<&str>) -> Option<SocketAddr> {
        if self.text("console.http_address").is_empty() {
            return None;
        }
        if !url.is_some_and(|url| url.starts_with("https://")) {
            let message = "needs console.url with https://, which is where everybody is sent to";
            self.wrong("console.http_address", message.to_owned());
        }
        Some(self.address("console.http_address"))
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
        let microsoft = self.flag("console.microsoft_sign_in");
        for (needed, why) in [
            ("directory.client_id", "it is the application by which people sign in"),
            ("console.url", "Microsoft leads people back there"),
        ] {
            if microsoft && self.text(needed).is_empty() {
                self.wrong("console.microsoft_sign_in", format!("needs {needed}: {why}"));
            }
        }
        let trial = self.count("console.trial_days");
        let reminder = self.count("console.password_reminder_days");
        Accounts {
            sign_up,
            microsoft,
            trial: (trial > 0).then(|| Duration::from_secs(trial * DAY)),
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
