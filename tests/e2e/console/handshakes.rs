//! TLS as OpenSSL sees it from outside, on the console's port and on that of mail (requirements P29 to P32): TLS 1.1 and
//! older refused, ECDHE_RSA with AES-256-GCM and SHA-384 there, no CBC, no key exchange without forward secrecy, no
//! renegotiation, no compression, a chain that verifies.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use standin::appliance::HOST_NAME;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::*;
use crate::bench::run;

const PATIENCE: Duration = Duration::from_secs(60);

/// What `openssl s_client` says at the end of a session in which this was typed.
async fn openssl(address: SocketAddr, is_smtp: bool, arguments: &[&str], typed: &str) -> String {
    let mut command = Command::new("openssl");
    command.args(["s_client", "-connect", &address.to_string(), "-servername", HOST_NAME]).args(arguments);
    if is_smtp {
        command.args(["-starttls", "smtp"]);
    }
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut client = piped.spawn().expect("openssl is there: make test sees to it");
    let mut input = client.stdin.take().unwrap();
    // A handshake that fails has nobody who reads.
    let _ = input.write_all(typed.as_bytes()).await;
    drop(input);
    let ended = tokio::time::timeout(PATIENCE, client.wait_with_output()).await.expect("it ends").unwrap();
    format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr))
}

/// Whatever OpenSSL itself would not do any more.
const LENIENT: &str = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";

/// What is offered, and refused by an alert of ours.
const REFUSED: [(&str, &[&str]); 7] = [
    ("TLS 1.0", &["-tls1", "-cipher", LENIENT]),
    ("TLS 1.1", &["-tls1_1", "-cipher", LENIENT]),
    ("CBC", &["-tls1_2", "-cipher", "ECDHE+AES+SHA384:ECDHE+AES+SHA256:ECDHE+AES+SHA1:@SECLEVEL=0"]),
    ("RSA key exchange", &["-tls1_2", "-cipher", "kRSA:@SECLEVEL=0"]),
    ("DHE", &["-tls1_2", "-cipher", "kDHE:@SECLEVEL=0"]),
    ("128 bit", &["-tls1_2", "-cipher", "ECDHE+AES128"]),
    ("no authentication", &["-tls1_2", "-cipher", "aNULL:@SECLEVEL=0"]),
];

#[test]
fn only_what_is_strong_is_spoken_on_every_port() {
    run(|| async {
        // The signature of the certificate is of RSA, as older peers need it.
        let console = Console::start("certificate = \"smtp-rsa.pem\"\nkey = \"smtp-rsa.key\"").await;
        let root = console.bench.setup.folder.join("root.pem").display().to_string();
        let ports = [("console", console.address, false), ("mail", console.bench.appliance.listeners[0], true)];
        for (port, address, is_smtp) in ports {
            for (what, arguments) in REFUSED {
                let told = openssl(address, is_smtp, arguments, "").await;
                let is_refused = told.contains("SSL alert number") && told.contains("Cipher is (NONE)");
                assert!(is_refused, "{what} on the port of {port}: {told}");
            }
            let verified = ["-CAfile", &root, "-verify_return_error", "-verify_hostname", HOST_NAME];
            let suite = ["-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384"];
            for (arguments, spoken) in [
                (&suite[..], "Cipher is ECDHE-RSA-AES256-GCM-SHA384"),
                (&["-tls1_3"], "Cipher is TLS_AES_256_GCM_SHA384"),
            ] {
                let told = openssl(address, is_smtp, &[arguments, &verified[..]].concat(), "").await;
                for wanted in [spoken, "Verify return code: 0 (ok)", "Compression: NONE"] {
                    assert!(told.contains(wanted), "{wanted} on the port of {port}: {told}");
                }
            }
        }
        // `R` on a line of its own asks for another handshake. On the port of mail rustls says the same, with its next octets.
        let suite = ["-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384"];
        let told = openssl(console.address, false, &suite, "R\n").await;
        assert!(told.contains("RENEGOTIATING") && told.contains("no renegotiation"), "{told}");
    });
}
