//! Northwind, an organisation that nobody has connected yet: its part of Microsoft Entra, its DNS with a page on which its
//! administrator sets records, its certificate and its mail.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::certificates::{Authority, Request};
use crate::exchange::{ExchangeHeaders, Outgoing};
use crate::graph::http::{self, Answer, Reply, Server};
use crate::graph::{Cloud, Directory};
use crate::names::{NEXT_HOPS, Names};

/// Its id at Microsoft.
pub const ID: &str = "0c0ffee0-3333-4000-8000-000000000003";
pub const DOMAIN: &str = "northwind.example";
/// The domain that Microsoft gave it.
pub const INITIAL_DOMAIN: &str = "northwind.onmicrosoft.example";
/// The name in its client certificate.
pub const CERTIFICATE: &str = "signet.northwind.example";

/// Its DNS, and the page on which records are set.
#[derive(Debug)]
pub struct Registrar {
    pub names: Arc<Names>,
    page: Server,
}

impl Registrar {
    /// Northwind's zone, with its mail host on loopback, and no other record.
    pub async fn start() -> io::Result<Registrar> {
        let names = Arc::new(Names::of_zones(&[&format!("{DOMAIN}."), NEXT_HOPS]).await?);
        let host = format!("northwind-example.{NEXT_HOPS}");
        names.put_mail_host(&format!("{DOMAIN}."), &host).await?;
        names.put_address(&host, Ipv4Addr::LOCALHOST.into()).await?;
        let (set, mut records) = mpsc::unbounded_channel::<(String, String)>();
        let zone = names.clone();
        tokio::spawn(async move {
            while let Some((name, text)) = records.recv().await {
                // What lies elsewhere is nobody's here.
                let _ = zone.put_text(&format!("{}.", name.trim_end_matches('.')), &text).await;
            }
        });
        let page = Server::start(None, |_| Arc::new(move |request| answer(&request, &set))).await?;
        Ok(Registrar { names, page })
    }

    /// Where the page is.
    pub fn address(&self) -> SocketAddr {
        self.page.address()
    }
}

fn answer(request: &http::Request, set: &mpsc::UnboundedSender<(String, String)>) -> Reply {
    let told = match (request.method.as_str(), request.field("name"), request.field("text")) {
        ("POST", Some(name), Some(text)) => {
            drop(set.send((name.trim().to_owned(), text.trim().to_owned())));
            "<p role=\"status\">It is set.</p>"
        }
        _ => "",
    };
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>DNS of {DOMAIN}</title><style>body{{font:16px/1.5 system-ui,sans-serif;margin:32px auto;max-width:560px;\
         padding:0 16px}}label{{display:block;margin:16px 0}}input{{font:inherit;width:100%}}</style>\
         <h1>DNS of {DOMAIN}</h1>{told}<form method=\"post\"><label>Name of the TXT record <input name=\"name\" \
         value=\"_signet.{DOMAIN}\"></label><label>Text <input name=\"text\"></label><button>Set it</button></form></html>"
    );
    Reply::Answer(Answer::new(200, page).with("Content-Type", "text/html; charset=utf-8"))
}

/// Puts Northwind into the cloud, with the people who work there.
pub fn join(cloud: &Cloud) {
    let mut directory = Directory::default();
    for (name, title, telephone) in [
        ("Ada Vance", "Head of IT", "+31 20 555 0101"),
        ("Bo Lind", "Sales", "+31 20 555 0102"),
        ("Cy Moreau", "Finance", "+31 20 555 0103"),
    ] {
        let local = name.split(' ').next().unwrap_or_default().to_lowercase();
        directory.add_user(serde_json::json!({
            "mail": format!("{local}@{DOMAIN}"), "displayName": name, "jobTitle": title, "companyName": "Northwind",
            "givenName": name.split(' ').next(), "surname": name.split(' ').nth(1), "businessPhones": [telephone],
        }));
    }
    cloud.add_organisation(ID, &[INITIAL_DOMAIN, DOMAIN], directory);
}

/// Writes chain and key of its certificate, `northwind.pem` and `northwind.key`.
pub fn write_certificate(authority: &Authority, folder: &Path) -> io::Result<()> {
    authority.issue(Request::client(CERTIFICATE))?.write(folder, "northwind").map(drop)
}

/// A mail of Ada's to somebody outside, as Northwind's Exchange Online hands it over.
pub fn mail(subject: &str) -> Outgoing {
    let mail = format!(
        "From: Ada Vance <ada@{DOMAIN}>\r\nTo: bob@fabrikam.example\r\nSubject: {subject}\r\n\
         Date: Wed, 17 Feb 2021 13:11:20 +0000\r\nMessage-ID: <{}@{DOMAIN}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>Hello Bob,</p><p>here they are.</p></body></html>\r\n",
        subject.to_lowercase().replace(' ', "-")
    );
    let content = ExchangeHeaders::new(ID, DOMAIN).around(mail.as_bytes());
    Outgoing::new(&format!("ada@{DOMAIN}"), &["bob@fabrikam.example"], content).organization(DOMAIN)
}
