//! Looks at our own TLS ports once a day, and lets metrics and alerts know what a stranger finds there (requirement P32).

use std::net::SocketAddr;
use std::time::Duration;

use super::settings::Settings;
use crate::events::OwnTlsSeen;
use crate::net::own_tls::{self, Beginning};

/// The first look is when the process has come to rest.
const FIRST: Duration = Duration::from_secs(600);
const BETWEEN: Duration = Duration::from_secs(24 * 3600);

/// A port of ours.
#[derive(Debug, Clone)]
pub struct TlsPort {
    /// The listener's number in the configuration, or `console`.
    pub listener: String,
    /// As bound.
    pub address: SocketAddr,
    /// What its certificate has to be for.
    pub name: String,
    pub is_smtp: bool,
}

impl TlsPort {
    /// The listeners of mail that speak TLS, as bound.
    pub(super) fn of_mail(settings: &Settings, addresses: &[SocketAddr]) -> Vec<TlsPort> {
        let listeners = settings.listeners.iter().zip(addresses).enumerate();
        let secured = listeners.filter(|(_, (listener, _))| listener.tls.is_some());
        let port = |number: usize, address: SocketAddr| {
            let name = settings.config.smtp.host_name.clone();
            TlsPort { listener: number.to_string(), address, name, is_smtp: true }
        };
        secured.map(|(number, (_, address))| port(number, *address)).collect()
    }
}

/// Looks at these ports again and again, for ever.
pub async fn watch_own_tls(ports: Vec<TlsPort>) {
    tokio::time::sleep(FIRST).await;
    loop {
        look_at(&ports).await;
        tokio::time::sleep(BETWEEN).await;
    }
}

async fn look_at(ports: &[TlsPort]) {
    for port in ports {
        let beginning = if port.is_smtp { Beginning::StartTls } else { Beginning::AtOnce };
        let seen = own_tls::look(port.address, beginning, &port.name).await.map_err(|error| error.to_string());
        let now_ms = jiff::Timestamp::now().as_millisecond();
        let is_sound = seen.as_ref().is_ok_and(|seen| seen.is_sound(now_ms));
        let wrong = match &seen {
            Ok(seen) if !seen.old.is_empty() => format!("{} are spoken", seen.old.join(", ")),
            Ok(seen) if !seen.is_for_name => format!("the certificate is not for {}", port.name),
            Ok(_) if !is_sound => "the certificate has ended".to_owned(),
            Ok(_) => String::new(),
            Err(error) => error.clone(),
        };
        let issuer = seen.map(|seen| seen.issuer).unwrap_or_default();
        OwnTlsSeen { listener: &port.listener, is_sound, issuer: &issuer, wrong: &wrong, now_ms }.emit();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use rustls::ServerConfig;
    use rustls::pki_types::PrivateKeyDer;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::config::{TLS_VERSIONS, tls_provider};
    use crate::metrics::metrics;

    /// A port that speaks TLS as ours do, or answers even the oldest greeting as if it spoke that.
    async fn serve(is_old: bool) -> SocketAddr {
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new(vec!["console.example".to_owned()]).unwrap();
        let certificate = certificate.self_signed(&key).unwrap().der().clone();
        let config = ServerConfig::builder_with_provider(tls_provider()).with_protocol_versions(TLS_VERSIONS).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut first = [0; 16];
                stream.peek(&mut first).await.unwrap();
                // Our own old greeting is known by its length.
                match is_old && first[3..5] == [0, 79] {
                    true => drop(stream.write_all(&[22, 3, 2, 0, 1]).await),
                    false => {
                        if let Ok(mut stream) = acceptor.accept(stream).await {
                            let _ = stream.read_u8().await;
                        }
                    }
                }
            }
        });
        address
    }

    fn port(listener: &str, address: SocketAddr, name: &str) -> TlsPort {
        TlsPort { listener: listener.to_owned(), address, name: name.to_owned(), is_smtp: false }
    }

    #[tokio::test]
    async fn what_is_old_foreign_or_gone_is_told() {
        let (good, old) = (serve(false).await, serve(true).await);
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        look_at(&[
            port("good", good, "console.example"),
            port("foreign", good, "elsewhere.example"),
            port("old", old, "console.example"),
            port("gone", gone, "console.example"),
        ])
        .await;
        let up = |listener: &str| metrics().tls_probe_up.with_label_values(&[listener]).get();
        assert_eq!(["good", "foreign", "old", "gone"].map(up), [1, 0, 0, 0]);
        assert!(metrics().tls_probe_timestamp_seconds.with_label_values(&["good"]).get() > 1_700_000_000);
    }
}
