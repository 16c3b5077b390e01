//! Where Microsoft's services are: the worldwide cloud, a national one, or a stand-in on loopback.
//!
//! Only `https://` is spoken, but to loopback. A link that Graph gives to go on from is followed only back to Graph
//! itself: the request carries the token, and whoever gets that can read the directory.

use std::net::IpAddr;

use reqwest::Url;

use super::DirectoryError;

/// The token endpoint's host and Graph's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    login: Url,
    graph: Url,
}

impl Endpoints {
    /// Both as `https://host` with nothing behind it; `http://` to loopback only. National clouds have their own
    /// hosts (for example `https://login.microsoftonline.us` with `https://graph.microsoft.us`).
    ///
    /// # Errors
    /// [`DirectoryError::Endpoint`] with the text that cannot be used.
    pub fn new(login: &str, graph: &str) -> Result<Endpoints, DirectoryError> {
        Ok(Endpoints { login: origin(login)?, graph: origin(graph)? })
    }

    /// Those of the worldwide cloud.
    ///
    /// # Errors
    /// None that is known; the type is that of [`new`](Self::new).
    pub fn worldwide() -> Result<Endpoints, DirectoryError> {
        Endpoints::new("https://login.microsoftonline.com", "https://graph.microsoft.com")
    }

    /// Where a tenant's tokens are asked for; also the audience of the assertion.
    pub(super) fn token(&self, tenant: &str) -> String {
        format!("{}{tenant}/oauth2/v2.0/token", self.login)
    }

    /// An address at the token endpoint's host; `path` is made of ids and fixed words.
    pub(super) fn login_url(&self, path: &str) -> Result<Url, DirectoryError> {
        self.login.join(path).map_err(|_| DirectoryError::Endpoint(path.to_owned()))
    }

    /// Whether an address is at that host.
    pub(super) fn is_login(&self, url: &Url) -> bool {
        url.origin() == self.login.origin() && url.username().is_empty() && url.password().is_none()
    }

    /// The permissions asked for: those an administrator has consented to.
    pub(super) fn scope(&self) -> String {
        format!("{}.default", self.graph)
    }

    /// A request to Graph; `path` begins behind `/v1.0/`.
    pub(super) fn graph(&self, path: &str) -> String {
        format!("{}v1.0/{path}", self.graph)
    }

    /// The address of a link, if it leads to Graph.
    pub(super) fn checked(&self, link: &str) -> Result<Url, DirectoryError> {
        let foreign = || DirectoryError::Unreadable("Graph gave a link that leads elsewhere".into());
        let url = Url::parse(link).map_err(|_| foreign())?;
        let own = url.origin() == self.graph.origin() && url.username().is_empty() && url.password().is_none();
        if own { Ok(url) } else { Err(foreign()) }
    }
}

fn origin(text: &str) -> Result<Url, DirectoryError> {
    let refused = || DirectoryError::Endpoint(text.to_owned());
    let url = Url::parse(text).map_err(|_| refused())?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let host = url.host_str().ok_or_else(refused)?;
    let loopback = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match url.scheme() {
        "https" if bare => Ok(url),
        "http" if bare && loopback => Ok(url),
        _ => Err(refused()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn only_tls_leaves_the_machine() {
        for good in
            ["https://graph.microsoft.com", "https://graph.microsoft.us/", "http://127.0.0.1:8080", "http://[::1]:1"]
        {
            assert!(Endpoints::new(good, good).is_ok(), "{good}");
        }
        let bad = [
            "http://graph.microsoft.com",
            "http://localhost:1",
            "ftp://127.0.0.1",
            "https://a/b",
            "https://u@a",
            "a",
            "",
        ];
        for bad in bad {
            let refused = Endpoints::new("https://login.microsoftonline.com", bad);
            assert_eq!(refused, Err(DirectoryError::Endpoint(bad.into())), "{bad}");
        }
    }

    #[test]
    fn a_link_is_followed_only_back_to_graph() {
        let endpoints = Endpoints::worldwide().unwrap();
        assert!(endpoints.checked("https://graph.microsoft.com/v1.0/users/delta?$skiptoken=x").is_ok());
        let elsewhere = [
            "https://graph.microsoft.com.evil.example/v1.0/users",
            "http://graph.microsoft.com/v1.0/users",
            "https://graph.microsoft.com:8443/v1.0/users",
            "https://evil@graph.microsoft.com/v1.0/users",
            "/v1.0/users",
            "",
        ];
        for link in elsewhere {
            assert!(endpoints.checked(link).is_err(), "{link}");
        }
    }

    #[test]
    fn keys_and_issuer_are_of_the_host_of_sign_in() {
        let endpoints = Endpoints::worldwide().unwrap();
        let is_login = |text: &str| endpoints.is_login(&Url::parse(text).unwrap());
        assert!(is_login("https://login.microsoftonline.com/organizations/discovery/v2.0/keys"));
        for elsewhere in [
            "https://login.microsoftonline.com.evil.example/keys",
            "http://login.microsoftonline.com/keys",
            "https://login.microsoftonline.com:8443/keys",
            "https://evil@login.microsoftonline.com/keys",
            "https://:evil@login.microsoftonline.com/keys",
            "https://169.254.169.254/keys",
        ] {
            assert!(!is_login(elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn addresses_are_those_microsoft_documents() {
        let endpoints = Endpoints::worldwide().unwrap();
        assert_eq!(endpoints.token("t"), "https://login.microsoftonline.com/t/oauth2/v2.0/token");
        assert_eq!(endpoints.scope(), "https://graph.microsoft.com/.default");
        assert_eq!(endpoints.graph("users/delta"), "https://graph.microsoft.com/v1.0/users/delta");
    }
}
