//! The console's accounts by a running program: who signs up, in and out, by real mail and real cookies.

mod browser;
mod connection;
mod elsewhere;
mod first_load;
mod guessing;
mod guide;
mod handshakes;
mod invitations;
mod journey;
mod leaving;
mod mail;
mod microsoft;
mod pages;
mod relay;
mod roles;
mod schema;
mod scripts;
mod sign_in;
mod sign_up;
mod story;
mod totp;
mod world;

use std::net::SocketAddr;

use serde_json::{Value, json};
use standin::exchange::{Accepted, Receiver, ReceiverConfig};

use crate::bench::{Bench, Plan};
use browser::Browser;

const PASSWORD: &str = "wet-otter-81-plumb";

/// An appliance with a console, and the mailbox of everybody to whom it writes.
struct Console {
    bench: Bench,
    mailbox: Receiver,
    address: SocketAddr,
}

impl Console {
    /// `more`: keys of the section `console`.
    async fn start(more: &str) -> Console {
        Console::with(more, Plan::default()).await
    }

    /// The same of an appliance that is otherwise than usual.
    async fn with(more: &str, plan: Plan) -> Console {
        let mailbox = Receiver::start(ReceiverConfig::plain()).await.unwrap();
        let configuration = format!(
            "[console]\naddress = \"127.0.0.1:0\"\nurl = \"http://127.0.0.1:1\"\nsign_up = true\n{more}\n\
             [mail]\nrelay = \"127.0.0.1:{}\"\nsecurity = \"plaintext\"\nfrom = \"Signet <signet@console.example>\"\n{}",
            mailbox.port(),
            plan.configuration
        );
        let bench = Bench::with(Plan { configuration, ..plan }).await;
        let started = bench.appliance.wait_for_event("API listener started.").unwrap();
        let address = started["address"].as_str().unwrap().parse().unwrap();
        Console { bench, mailbox, address }
    }

    fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// The text of the `count`-th mail, which is to this address.
    async fn mail(&self, count: usize, to: &str) -> String {
        let mails = self.mailbox.wait_for(count).await.unwrap();
        let mail = mails.get(count - 1).unwrap();
        assert_eq!(mail.addresses(), [to]);
        assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
        let parsed = mail_parser::MessageParser::default().parse(&mail.content).unwrap();
        assert!(parsed.body_html(0).unwrap().contains("never asks for your password"));
        parsed.body_text(0).unwrap().into_owned()
    }

    /// The first code that was mailed to this address behind so many mails, whatever else was mailed.
    async fn code_behind(&self, before: usize, to: &str) -> String {
        let text = |mail: &Accepted| {
            let parsed = mail_parser::MessageParser::default().parse(&mail.content)?;
            parsed.body_text(0).map(std::borrow::Cow::into_owned)
        };
        let found = |mails: &[Accepted]| {
            let theirs = mails.iter().skip(before).filter(|mail| mail.addresses() == [to]);
            theirs.filter_map(text).find_map(|text| code_in(&text))
        };
        let record = self.mailbox.wait_until(|record| found(&record.accepted).is_some()).await.unwrap();
        found(&record.accepted).unwrap()
    }

    /// Signs up, confirms, and signs in from a new browser, which is trusted or not.
    async fn owner(&self, email: &str, is_trusted: bool) -> Browser {
        let browser = self.browser();
        let before = self.mailbox.accepted().len();
        browser.done("POST", "/sign-up", Some(sign_up(email))).await;
        let token = link(&self.mail(before + 1, email).await, "/verify-email#");
        browser.done("POST", "/sign-up/verify", Some(json!({"token": token}))).await;
        self.signs_in(&browser, email, is_trusted).await;
        browser
    }

    async fn signs_in(&self, browser: &Browser, email: &str, is_trusted: bool) {
        let before = self.mailbox.accepted().len();
        let progress = browser.done("POST", "/sign-in", Some(json!({"email": email, "password": PASSWORD}))).await;
        assert_eq!(progress["state"], "code");
        let code = code(&self.mail(before + 1, email).await);
        let told = json!({"code": code, "remember": is_trusted});
        assert_eq!(browser.done("POST", "/sign-in/code", Some(told)).await["state"], "signed_in");
        // That somebody signed in is told as well.
        assert!(self.mail(before + 2, email).await.contains("signed in to your account from Edge on Windows"));
    }
}

fn sign_up(email: &str) -> Value {
    json!({
        "first_name": "Ada", "last_name": "Vance", "company": "Contoso Ltd.", "telephone": "+31 20 123 4567",
        "email": email, "address_line_1": "Keizersgracht 1", "city": "Amsterdam", "country": "NL", "password": PASSWORD,
    })
}

/// What stands behind the `#` of a link.
fn link(text: &str, before: &str) -> String {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_whitespace().next().unwrap().to_owned()
}

/// The six digits.
fn code(text: &str) -> String {
    code_in(text).unwrap_or_else(|| panic!("no code in {text}"))
}

fn code_in(text: &str) -> Option<String> {
    let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|octet| octet.is_ascii_digit());
    text.lines().map(str::trim).find(is_code).map(str::to_owned)
}
