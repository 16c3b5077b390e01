//! The section `directory`: by which application directories of Microsoft Entra are read, and how often.
//!
//! Without a client id there is none, and the other keys have no meaning. What leaves the machine is TLS.

use std::net::IpAddr;
use std::time::Duration;

use rustls::SignatureAlgorithm;

use super::value::Reader;
use super::{Directory, PairFiles};

impl Reader<'_> {
    pub(super) fn directory(&mut self) -> Option<Directory> {
        let client_id = self.text("directory.client_id");
        if client_id.is_empty() {
            for key in ["directory.certificate", "directory.key"]
                .into_iter()
                .filter(|key| self.is_given(key))
                .collect::<Vec<_>>()
            {
                self.wrong(key, "has no meaning without directory.client_id".to_owned());
            }
            return None;
        }
        if client_id.len() > 64 || !client_id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            self.wrong("directory.client_id", format!("{client_id:?} is not a GUID"));
        }
        Some(Directory {
            client_id,
            pair: self.application()?,
            redirect: self.redirect(),
            login: self.service("directory.login"),
            graph: self.service("directory.graph"),
            roots: self.roots("directory.roots"),
            every: Duration::from_secs(self.count("directory.every_hours") * 3600),
            at_once: self.size("directory.at_once"),
            limit: Duration::from_secs(self.count("directory.limit_minutes") * 60),
            lease: self.seconds("directory.lease_seconds"),
        })
    }

    fn application(&mut self) -> Option<PairFiles> {
        match (self.file("directory.certificate"), self.file("directory.key")) {
            (Some(certificate), Some(key)) => {
                let files = PairFiles { certificate, key };
                let kind = self.check_pair("directory.certificate", "directory.key", &files);
                if kind.is_some_and(|kind| kind != SignatureAlgorithm::RSA) {
                    let message = "Microsoft Entra takes certificates with an RSA key only".to_owned();
                    self.wrong("directory.certificate", message);
                }
                Some(files)
            }
            (None, _) => {
                self.wrong("directory.certificate", "name the PEM file; the application is proven by it".to_owned());
                None
            }
            (_, None) => {
                self.wrong("directory.key", "name the PEM file".to_owned());
                None
            }
        }
    }

    fn redirect(&mut self) -> Option<String> {
        let address = self.text("directory.redirect");
        let legal = |octet: u8| octet.is_ascii_graphic() && !b"\"'<>#\\".contains(&octet);
        let good = is_service(address.split_inclusive('/').take(3).collect::<String>().trim_end_matches('/'));
        if !(address.is_empty() || good && address.bytes().all(legal)) {
            self.wrong("directory.redirect", format!("{address:?} is no https:// address"));
        }
        (!address.is_empty()).then_some(address)
    }

    fn service(&mut self, key: &str) -> String {
        let address = self.text(key);
        if !is_service(address.trim_end_matches('/')) {
            let message = format!("{address:?} is not https:// and a host with nothing behind it");
            self.wrong(key, message);
        }
        address
    }
}

/// `https://host`, or `http://` and a loopback address.
pub(super) fn is_service(address: &str) -> bool {
    let host = |rest: &str| {
        let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '[' | ']');
        !rest.is_empty() && rest.chars().all(name)
    };
    let loopback = |rest: &str| {
        let host = rest.rsplit_once(':').filter(|(_, port)| !port.contains(']')).map_or(rest, |(host, _)| host);
        host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    };
    match (address.strip_prefix("https://"), address.strip_prefix("http://")) {
        (Some(rest), _) => host(rest),
        (_, Some(rest)) => loopback(rest),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_the_machine_is_tls() {
        for good in ["https://graph.microsoft.com", "https://a:8443", "http://127.0.0.1:80", "http://[::1]:1"] {
            assert!(is_service(good), "{good}");
        }
        for bad in [
            "",
            "https://",
            "http://graph.microsoft.com",
            "http://localhost:1",
            "https://a/b",
            "ftp://a",
            "https://u@a",
        ] {
            assert!(!is_service(bad), "{bad}");
        }
    }
}
