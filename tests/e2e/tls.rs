//! TLS towards senders: 1.3 and 1.2, ephemeral keys, AES-256-GCM with SHA-384 alone; RSA and P-256 side by side
//! (requirements M1, M25 and P30).

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::{cipher_suite, default_provider};
use rustls::{ClientConfig, SupportedCipherSuite, SupportedProtocolVersion, version};
use standin::appliance::HOST_NAME;
use standin::exchange::{Sender, SenderConfig, SenderTls};

use crate::bench::{Bench, run};

/// A sender that can do nothing but this.
fn only(bench: &Bench, version: &'static SupportedProtocolVersion, suite: SupportedCipherSuite) -> SenderConfig {
    let provider = CryptoProvider { cipher_suites: vec![suite], ..default_provider() };
    let config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(bench.setup.authority.roots().unwrap())
        .with_no_client_auth();
    SenderConfig { tls: SenderTls::Domain(HOST_NAME.to_owned(), Arc::new(config)), ..SenderConfig::plain() }
}

#[test]
fn only_the_strong_suites_are_spoken_and_each_kind_of_certificate_is_there() {
    run(|| async {
        let bench = Bench::start().await;
        let cases = [
            ("1.3, AES-256", &version::TLS13, cipher_suite::TLS13_AES_256_GCM_SHA384, true),
            ("1.3, AES-128", &version::TLS13, cipher_suite::TLS13_AES_128_GCM_SHA256, false),
            ("1.3, ChaCha20", &version::TLS13, cipher_suite::TLS13_CHACHA20_POLY1305_SHA256, false),
            ("1.2, RSA, AES-256", &version::TLS12, cipher_suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, true),
            ("1.2, P-256, AES-256", &version::TLS12, cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, true),
            ("1.2, RSA, AES-128", &version::TLS12, cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, false),
            ("1.2, RSA, ChaCha20", &version::TLS12, cipher_suite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, false),
        ];
        for (name, version, suite, spoken) in cases {
            let config = only(&bench, version, suite);
            let connected = Sender::connect(bench.appliance.listeners[0], &config).await;
            assert_eq!(connected.is_ok(), spoken, "{name}");
        }
    });
}
