//! The section `mail`: who takes the mail that the console sends to the people who use it.

use std::net::IpAddr;

use lettre::message::Mailbox;

use super::value::Reader;
use super::{Mail, MailLogin, MailSecurity};

impl Reader<'_> {
    pub(super) fn mail(&mut self) -> Option<Mail> {
        let relay = self.text("mail.relay");
        let security = match self.word("mail.security") {
            "tls" => MailSecurity::Tls,
            "plaintext" => MailSecurity::Plaintext,
            _ => MailSecurity::StartTls,
        };
        let (from, roots) = (self.text("mail.from"), self.roots("mail.roots"));
        if relay.is_empty() {
            return None;
        }
        let (host, port) = relay.rsplit_once(':').unwrap_or((&relay, ""));
        let host = host.trim_matches(['[', ']']);
        let port = port.parse::<u16>().ok().filter(|port| *port > 0);
        if host.is_empty() || port.is_none() {
            self.wrong("mail.relay", format!("{relay:?} is no host and port; write smtp.example.com:587"));
        }
        let is_loopback = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        if security == MailSecurity::Plaintext && !is_loopback {
            let message = "plaintext only with a relay on a loopback address; write starttls or tls".to_owned();
            self.wrong("mail.security", message);
        }
        if from.parse::<Mailbox>().is_err() {
            self.wrong("mail.from", format!("{from:?} is no sender; write Signet <signet@example.com>"));
        }
        if self.text("console.url").is_empty() && !self.text("console.address").is_empty() {
            self.wrong("console.url", "needed with mail.relay: mails have links to the console".to_owned());
        }
        let login = self.mail_login();
        Some(Mail { host: host.to_owned(), port: port.unwrap_or_default(), security, login, from, roots })
    }

    fn mail_login(&mut self) -> Option<MailLogin> {
        let user = self.text("mail.user");
        match (user.is_empty(), self.file("mail.password_file")) {
            (true, None) => None,
            (true, Some(_)) => {
                self.wrong("mail.user", "mail.password_file is given, its user is not".to_owned());
                None
            }
            (false, None) => {
                self.wrong("mail.password_file", "mail.user is given, its password is not".to_owned());
                None
            }
            (false, Some(file)) => match std::fs::read_to_string(&file) {
                Ok(text) => Some(MailLogin { user, password: text.trim_end_matches(['\r', '\n']).to_owned() }),
                Err(error) => {
                    self.wrong("mail.password_file", format!("{}: {error}", file.display()));
                    None
                }
            },
        }
    }
}
