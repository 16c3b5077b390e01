//! Requests to Graph: the token with each, one refresh when it is refused, and patience with a service that is busy.
//!
//! Every request has a deadline and every answer a bound. Nothing is followed: no redirect, no proxy from the
//! environment. Only GET leaves here for Graph; the one POST is for a token.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::{Bytes, BytesMut};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, Url, redirect};
use rustls::{ClientConfig, RootCertStore};

use super::error::Refusal;
use super::token::{Kept, Token};
use super::{Credentials, DirectoryError, Endpoints, Patience};

/// How long a connection may take to open.
const CONNECT: Duration = Duration::from_secs(10);

/// Most octets of a page: 999 users with every property full are 8 MB.
const PAGE_BYTES: usize = 16 << 20;

/// Most octets of an answer that is no success, or is a token.
const SMALL_BYTES: usize = 256 << 10;

/// This request may wait when the organisation is busy.
const PRIORITY: HeaderName = HeaderName::from_static("x-ms-throttle-priority");

/// Is told how long the next wait is.
pub(super) type Waiting<'a> = dyn Fn(Duration) + Sync + 'a;

/// Connections to Microsoft, shared by all tenants.
#[derive(Debug, Clone)]
pub struct Http(Client);

impl Http {
    /// `roots`: whom the services' certificates may come from.
    ///
    /// # Errors
    /// [`DirectoryError::Unreachable`] when TLS cannot be set up.
    pub fn new(roots: RootCertStore) -> Result<Http, DirectoryError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| DirectoryError::Unreachable(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .user_agent(concat!("Signet/", env!("CARGO_PKG_VERSION")))
            .build()
            .map(Http)
            .map_err(|error| unreachable(&error))
    }

    /// What Entra shows to everybody. Somebody waits for it, so it is asked for once.
    pub(super) async fn document(&self, address: Url) -> Result<Bytes, DirectoryError> {
        let response = self.0.get(address).timeout(CONNECT).send().await.map_err(|error| unreachable(&error))?;
        match response.status().is_success() {
            true => read(response, SMALL_BYTES).await,
            false => Err(refusal(response, DirectoryError::of_entra).await),
        }
    }

    /// What the token endpoint gives for a form, while somebody waits for it.
    pub(super) async fn token(&self, address: &str, form: &[(&str, &str)]) -> Result<Bytes, DirectoryError> {
        self.form(address, form, CONNECT).await
    }

    async fn form(&self, address: &str, form: &[(&str, &str)], deadline: Duration) -> Result<Bytes, DirectoryError> {
        // A form is written as the query of an address is.
        let mut written = Url::parse(address).map_err(|_| DirectoryError::Endpoint(address.to_owned()))?;
        written.query_pairs_mut().extend_pairs(form);
        let response = self
            .0
            .post(address)
            .header(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))
            .body(written.query().unwrap_or_default().to_owned())
            .timeout(deadline)
            .send()
            .await
            .map_err(|error| unreachable(&error))?;
        match response.status().is_success() {
            true => read(response, SMALL_BYTES).await,
            false => Err(refusal(response, DirectoryError::of_entra).await),
        }
    }
}

/// Graph for one organisation.
pub struct Graph {
    http: Http,
    endpoints: Endpoints,
    credentials: Credentials,
    patience: Patience,
    kept: Kept,
}

impl std::fmt::Debug for Graph {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Graph({:?})", self.credentials)
    }
}

impl Graph {
    pub fn new(http: Http, endpoints: Endpoints, credentials: Credentials, patience: Patience) -> Graph {
        Graph { http, endpoints, credentials, patience, kept: Kept::default() }
    }

    pub(super) fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// Whose directory this is, and where.
    pub(super) fn source(&self) -> String {
        self.endpoints.graph(self.credentials.tenant())
    }

    /// Asks for a token and looks whether it opens the directory: consent is what Microsoft says it is.
    ///
    /// # Errors
    /// [`DirectoryError::ConsentRevoked`] without consent; others as for every request.
    pub async fn check_consent(&self) -> Result<(), DirectoryError> {
        self.get(&self.endpoints.graph("users/delta?$select=id"), &|_| {}).await.map(drop)
    }

    /// Whether Microsoft has given a token.
    pub async fn has_token(&self) -> bool {
        self.kept.is_there().await
    }

    /// The body of a page or an object. `waiting` is told before each wait.
    pub(super) async fn get(&self, link: &str, waiting: &Waiting<'_>) -> Result<Bytes, DirectoryError> {
        self.get_bounded(link, PAGE_BYTES, waiting).await
    }

    /// The same with a bound of its own.
    pub(super) async fn get_bounded(
        &self,
        link: &str,
        most_bytes: usize,
        waiting: &Waiting<'_>,
    ) -> Result<Bytes, DirectoryError> {
        let mut fresh = false;
        let mut made = 0;
        loop {
            made += 1;
            let error = match self.once(link, most_bytes).await {
                Ok(body) => return Ok(body),
                // A token may be taken back before its time; a fresh one is tried once.
                Err(DirectoryError::Unauthorized) if !fresh => {
                    fresh = true;
                    continue;
                }
                Err(error) => error,
            };
            let Some(wait) = self.patience.wait(made, &error, chance()) else { return Err(error) };
            waiting(wait);
            tokio::time::sleep(wait).await;
        }
    }

    async fn once(&self, link: &str, most_bytes: usize) -> Result<Bytes, DirectoryError> {
        let url = self.endpoints.checked(link)?;
        let token = self.kept.token(self.ask_for_token()).await?;
        // Lists by kind of member are an "advanced query", which has to be asked for.
        let advanced = url.path().contains("/transitiveMembers/");
        let mut request = self
            .http
            .0
            .get(url)
            .header(header::AUTHORIZATION, token.header.clone())
            .header(PRIORITY, "low")
            .timeout(self.patience.deadline);
        if advanced {
            request = request.header("ConsistencyLevel", "eventual");
        }
        let response = request.send().await.map_err(|error| unreachable(&error))?;
        if response.status().is_success() {
            return read(response, most_bytes).await;
        }
        let error = refusal(response, DirectoryError::of_graph).await;
        if error == DirectoryError::Unauthorized {
            self.kept.forget(&token).await;
        }
        Err(error)
    }

    async fn ask_for_token(&self) -> Result<Token, DirectoryError> {
        let address = self.endpoints.token(self.credentials.tenant());
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let assertion = self.credentials.assertion(&address, i64::try_from(now).unwrap_or_default())?;
        let form = [
            ("client_id", self.credentials.client()),
            ("scope", &self.endpoints.scope()),
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &assertion),
        ];
        let asked = Instant::now();
        Token::read(&self.http.form(&address, &form, self.patience.deadline).await?, asked)
    }
}

/// The body, no longer than allowed.
async fn read(mut response: Response, most_bytes: usize) -> Result<Bytes, DirectoryError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
        if body.len() + chunk.len() > most_bytes {
            return Err(DirectoryError::TooLarge { most_bytes });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

async fn refusal(response: Response, meaning: fn(&Refusal<'_>) -> DirectoryError) -> DirectoryError {
    let status = response.status().as_u16();
    let retry_after = retry_after(response.headers());
    // The status decides; a body that does not come only costs the words.
    let body = read(response, SMALL_BYTES).await.unwrap_or_default();
    meaning(&Refusal { status, retry_after, body: &body })
}

/// Seconds, or a date (RFC 9110 section 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    let wait = date.timestamp().as_millisecond() - jiff::Timestamp::now().as_millisecond();
    Some(Duration::from_millis(u64::try_from(wait).unwrap_or_default()))
}

/// Without the address: it may carry ids.
fn unreachable(error: &reqwest::Error) -> DirectoryError {
    let what = match error {
        error if error.is_timeout() => "no answer in time",
        error if error.is_connect() => "no connection",
        error if error.is_body() || error.is_decode() => "the answer broke off",
        error if error.is_builder() => "the request could not be made",
        _ => "the connection broke",
    };
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    let cause: String = cause.to_string().chars().filter(|c| !c.is_control()).take(120).collect();
    let deepest_is_itself = cause.contains("http");
    DirectoryError::Unreachable(if deepest_is_itself { what.to_owned() } else { format!("{what}: {cause}") })
}

fn chance() -> u8 {
    let mut octet = [0];
    // Without random octets all wait the same, which is no harm to one.
    let _ = aws_lc_rs::rand::fill(&mut octet);
    octet[0]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use std::net::SocketAddr;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let of = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(text));
            retry_after(&headers)
        };
        assert_eq!(of("120"), Some(Duration::from_secs(120)));
        assert_eq!(of("Fri, 31 Dec 1999 23:59:59 GMT"), Some(Duration::ZERO));
        assert!(of("Fri, 31 Dec 2100 23:59:59 GMT") > Some(Duration::from_secs(1 << 30)));
        for nonsense in ["", "soon", "-1", "1.5"] {
            assert_eq!(of(nonsense), None, "{nonsense}");
        }
    }
    /// Answers every request with this.
    async fn answers(text: String) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(text.as_bytes()).await;
            }
        });
        address
    }

    #[tokio::test]
    async fn no_answer_leads_elsewhere() {
        let answer = |head: &str| format!("HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{}}");
        let elsewhere = format!("http://{}/", answers(answer("200 OK")).await);
        let http = Http::new(RootCertStore::empty()).unwrap();
        assert_eq!(http.document(elsewhere.parse().unwrap()).await.unwrap(), "{}");
        for code in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect"] {
            let leading = answers(answer(&format!("{code}\r\nLocation: {elsewhere}"))).await;
            let leading = format!("http://{leading}/");
            assert!(http.document(leading.parse().unwrap()).await.is_err(), "{code}");
            assert!(http.token(&leading, &[("scope", "openid")]).await.is_err(), "{code}");
        }
    }
}
