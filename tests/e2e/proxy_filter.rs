//! Postfix with the appliance as its `smtpd_proxy_filter`, configured as docs/postfix.md says: the blocks of that page are
//! what runs here, with free ports in the place of theirs.

use std::path::Path;
use std::process::Command;

use mail_parser::MessageParser;
use serde_json::{Value, json};
use standin::appliance::{Appliance, Setup};
use standin::mails::{Client, Letter};
use tempfile::TempDir;

use crate::bench::MARK;
use crate::mta::{Postfix, free_address};

const PAGE: &str = include_str!("../../docs/postfix.md");

/// One Postfix with both of its services, and the appliance between them.
struct Filtered {
    postfix: Postfix,
    appliance: Appliance,
    folder: TempDir,
}

/// The block of the page for this file.
fn block(file: &str) -> &'static str {
    let mut blocks = PAGE.split("```").skip(1).step_by(2);
    let found = blocks.find_map(|block| {
        let (label, text) = block.split_once('\n')?;
        label.ends_with(&format!(" {file}")).then_some(text)
    });
    found.unwrap_or_else(|| panic!("docs/postfix.md has no {file}"))
}

/// The text with another part in the place of one that must be there once.
fn put(text: &str, place: &str, part: &str) -> String {
    assert_eq!(text.matches(place).count(), 1, "{place} in\n{text}");
    text.replace(place, part)
}

impl Filtered {
    /// `change`: of the lines of `master.cf`.
    fn start(change: impl FnOnce(String) -> String) -> Filtered {
        let folder = tempfile::tempdir().unwrap();
        let signed = free_address();
        let setup = Setup::new(folder.path(), &[], "").unwrap();
        let config = put(block("signet.toml"), "127.0.0.1:10025", "127.0.0.1:0");
        std::fs::write(setup.config(), config + "[ops]\naddress = \"127.0.0.1:0\"\n[log]\nlevel = \"debug\"\n")
            .unwrap();
        let mut tenant: Value = serde_json::from_str(block("contoso.json")).unwrap();
        assert_eq!(tenant["peer"]["next_hop"]["port"], json!(10026));
        tenant["peer"]["next_hop"]["port"] = json!(signed.port());
        setup.tenant(&tenant, None).unwrap();
        let appliance = setup.start().unwrap();

        let postfix = folder.path().join("postfix");
        let mut postfix = Postfix::mailbox(&postfix, "mail.contoso.example", "fabrikam.example", &[]);
        let services = put(block("master.cf"), "587 inet", &format!("{} inet", postfix.address));
        let services = put(&services, "127.0.0.1:10025", &appliance.listeners[0].to_string());
        postfix.serve(&change(put(&services, "127.0.0.1:10026", &signed.to_string())));
        postfix.start();
        Filtered { postfix, appliance, folder }
    }

    /// Gives a mail to Postfix from 127.0.0.7, and gives what was said.
    fn submit(&self, from: &str, recipients: &str, mail: &[u8]) -> String {
        submit(&self.postfix, self.folder.path(), from, recipients, mail)
    }

    /// The log's lines of the second service.
    fn signed_service(&self) -> String {
        self.postfix.log().lines().filter(|line| line.contains("postfix/signed/smtpd")).collect::<Vec<_>>().join("\n")
    }
}

fn submit(postfix: &Postfix, folder: &Path, from: &str, recipients: &str, mail: &[u8]) -> String {
    let file = folder.join("mail.eml");
    std::fs::write(&file, mail).unwrap();
    let output = Command::new("swaks")
        .args(["--server", "127.0.0.1", "--port", &postfix.address.port().to_string()])
        .args(["--local-interface", "127.0.0.7", "--helo", "laptop.contoso.example"])
        .args(["--from", from, "--to", recipients, "--data", &format!("@{}", file.display())])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn letter() -> Letter {
    Letter::reply().from("Ada Vance", "ada@contoso.example").to(&["bob@fabrikam.example"])
}

fn passes_signed(filtered: &Filtered) {
    for (number, client) in [Client::OutlookDesktop, Client::PlainText].into_iter().enumerate() {
        let said = filtered.submit("ada@contoso.example", "bob@fabrikam.example", &letter().written_in(client));
        assert!(said.contains("<-  250 2.0.0 Ok: ") && said.contains("queued as"), "{said}");
        let delivered = filtered.postfix.wait_for_mails(number + 1);
        let mail = delivered.last().unwrap();
        let parsed = MessageParser::default().parse(mail).unwrap();
        let text = parsed.body_text(0).unwrap();
        assert_eq!(text.matches(MARK).count(), 1, "{text}");
        // Above the quoted mail, which all of these letters have.
        let (above, quoted) = text.split_once(MARK).unwrap();
        assert!(above.len() < quoted.len() && quoted.contains("Bob"), "{text}");
        assert_eq!(parsed.header_values("X-Signet-Stamp").count(), 1);
        let text = String::from_utf8_lossy(mail).into_owned();
        let hops: Vec<usize> = ["from mail.contoso.example ([127.0.0.1])", "from laptop.contoso.example"]
            .iter()
            .map(|hop| text.find(hop).unwrap_or_else(|| panic!("no {hop} in\n{text}")))
            .collect();
        assert!(
            hops.is_sorted(),
            "the appliance's Received names its own peer, above that of the first Postfix: {text}"
        );
    }
    filtered.appliance.wait_for_events("Message finished.", 2).unwrap();
}

#[test]
fn mail_is_signed_before_postfix_accepts_it_and_the_client_stays_known() {
    let filtered = Filtered::start(|services| services);
    passes_signed(&filtered);
    let log = filtered.signed_service();
    let clients = log.lines().filter(|line| line.contains("client=") && line.contains("[127.0.0.7]")).count();
    assert_eq!(clients, 2, "XFORWARD told the second service of the client:\n{log}");
}

#[test]
fn with_speed_adjust_it_is_the_same() {
    let filtered = Filtered::start(|services| {
        put(
            &services,
            "    -o smtpd_proxy_timeout=600s\n",
            "    -o smtpd_proxy_timeout=600s\n    -o smtpd_proxy_options=speed_adjust\n",
        )
    });
    passes_signed(&filtered);
    assert!(filtered.signed_service().contains("[127.0.0.7]"), "{}", filtered.signed_service());
}

#[test]
fn what_the_second_service_refuses_the_client_hears() {
    let filtered = Filtered::start(|services| {
        let refusing = "check_recipient_access,inline:{mal@fabrikam.example=REJECT},permit_mynetworks,reject\n";
        let services = put(&services, "=permit_mynetworks,reject\n", &format!("={refusing}"));
        let late = "smtpd_end_of_data_restrictions=check_sender_access,inline:{late@contoso.example=DEFER}\n";
        put(&services, "smtpd_end_of_data_restrictions=\n", late)
    });
    let mail = letter().written_in(Client::OutlookWeb);
    let refused = "<** 554 5.7.1 <mal@fabrikam.example>";
    // One of two recipients: the other gets the mail.
    let said = filtered.submit("ada@contoso.example", "mal@fabrikam.example,bob@fabrikam.example", &mail);
    assert_eq!(said.matches(refused).count(), 1, "{said}");
    assert_eq!(filtered.postfix.wait_for_mails(1).len(), 1);
    // The only one: nothing is sent.
    let said = filtered.submit("ada@contoso.example", "mal@fabrikam.example", &mail);
    assert!(said.contains(refused), "{said}");
    // At the end of the message.
    let said = filtered.submit("late@contoso.example", "bob@fabrikam.example", &mail);
    assert!(said.contains(" -> .\n<** 450 4.7.1 <"), "{said}");
    assert_eq!(filtered.postfix.mails().len(), 1);
}

#[test]
fn while_the_appliance_is_down_nothing_is_accepted() {
    let Filtered { postfix, appliance, folder } = Filtered::start(|services| services);
    appliance.terminate().unwrap();
    assert!(appliance.wait().unwrap().success());
    let mail = letter().written_in(Client::OutlookWeb);
    let said = submit(&postfix, folder.path(), "ada@contoso.example", "bob@fabrikam.example", &mail);
    assert!(said.contains("<** 451 "), "{said}");
    assert!(postfix.mails().is_empty());
}
