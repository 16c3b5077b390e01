//! Looks at our own TLS ports once a day, and lets metrics and alerts know what a stranger finds there (requirement P32).

use std::net::SocketAddr;
use std::time::Duration;

use super::settings::Settings;
use crate::events::OwnTlsSeen;
use crate::net::Balancers;
use crate::net::own_tls::{self, Beginning, Door};

/// The first look is when the process has come to rest.
const FIRST: Duration = Duration::from_secs(600);
const BETWEEN: Duration = Duration::from_secs(24 * 3600);

/// A port of ours.
#[derive(Debug, Clone)]
pub struct TlsPort {
    /// The listener's number in the configuration, or `console`.
    pub listener: String,
    pub door: Door,
    /// What its certificate has to be for.
    pub name: String,
}

impl TlsPort {
    /// The listeners of mail that speak TLS, as bound.
    pub(super) fn of_mail(settings: &Settings, addresses: &[SocketAddr]) -> Vec<TlsPort> {
        let listeners = settings.listeners.iter().zip(addresses).enumerate();
        let secured = listeners.filter(|(_, (listener, _))| listener.tls.is_some());
        let ports = secured.map(|(number, (listener, address))| TlsPort {
            listener: number.to_string(),
            door: Door { address: *address, beginning: Beginning::StartTls, balancers: listener.balancers.clone() },
            name: settings.config.smtp.host_name.clone(),
        });
        ports.collect()
    }

    /// The console's, whose certificate has to be for this host.
    pub fn of_console(address: SocketAddr, host: &str) -> TlsPort {
        let door = Door { address, beginning: Beginning::AtOnce, balancers: Balancers::default() };
        TlsPort { listener: "console".to_owned(), door, name: host.to_owned() }
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
        let seen = own_tls::look(&port.door, &port.name).await.map_err(|error| error.to_string());
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
    use crate::net::proxy_protocol;

    /// How a port is other than ours should be.
    #[derive(Clone, Copy, PartialEq)]
    enum Is {
        Good,
        /// It answers even the oldest greeting as if it spoke that.
        Old,
        /// Good, for whoever names the sender first.
        Balanced,
    }

    async fn serve(is: Is) -> SocketAddr {
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
                if is == Is::Balanced && proxy_protocol::read(&mut stream).await.is_err() {
                    continue;
                }
                let mut first = [0; 16];
                stream.peek(&mut first).await.unwrap();
                // Our own old greeting is known by its length.
                match is == Is::Old && first[3..5] == [0, 79] {
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
        TlsPort { listener: listener.to_owned(), ..TlsPort::of_console(address, name) }
    }

    #[tokio::test]
    async fn what_is_old_foreign_or_gone_is_told() {
        let (good, old) = (serve(Is::Good).await, serve(Is::Old).await);
        let mut balanced = port("balanced", serve(Is::Balanced).await, "console.example");
        balanced.door.balancers.of_listener = vec!["127.0.0.0/8".parse().unwrap()];
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        look_at(&[
            port("good", good, "console.example"),
            port("foreign", good, "elsewhere.example"),
            port("old", old, "console.example"),
            port("gone", gone, "console.example"),
            balanced,
        ])
        .await;
        let up = |listener: &str| metrics().tls_probe_up.with_label_values(&[listener]).get();
        assert_eq!(["good", "foreign", "old", "gone", "balanced"].map(up), [1, 0, 0, 0, 1]);
        assert!(metrics().tls_probe_timestamp_seconds.with_label_values(&["good"]).get() > 1_700_000_000);
    }
}
