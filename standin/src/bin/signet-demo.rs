//! `signet-demo`: Signet between two ends of a played Microsoft 365, on loopback.
//!
//! It makes certificates, a store and a tenant in a folder of its own, starts the real binary, which reads the people from
//! a played directory, sends one real reply through, and shows the mail before and after. Then it stays up, shows each further mail, and says how to send one
//! with swaks. `--once` ends after the first, with 0, or with 1 and the reason.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use clap::Parser;
use serde_json::Value;
use standin::appliance::{Appliance, HOST_NAME, Listener, MICROSOFT, Setup};
use standin::certificates::{Identity, Request};
use standin::demo::{TENANT, TENANT_ID, directory, html_of, page, text_of};
use standin::exchange::{Accepted, ExchangeHeaders, Outgoing, Receiver, ReceiverConfig, Sender, SenderConfig};
use standin::graph::{CLIENT, Cloud, Consent};
use standin::mails::{Client, Letter};
use standin::newcomer::{self, Registrar};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Starts Signet with a demo tenant and sends a mail through it.
#[derive(Debug, Parser)]
#[command(name = "signet-demo")]
struct Arguments {
    /// End after the first mail.
    #[arg(long)]
    once: bool,
    /// Keep certificates, store and mails in this folder, instead of one that goes when the demo is interrupted.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// The name in the certificate with which Contoso's mail goes back.
const CLIENT_NAME: &str = "k1.contoso.signet.example";

/// Who signs in to the demo's console, and by which password.
const OWNER: &str = "ada@contoso.example";
const PASSWORD: &str = "wet-otter-81-plumb";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    match runtime.and_then(|runtime| runtime.block_on(demo(&arguments))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("signet-demo: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn demo(arguments: &Arguments) -> io::Result<()> {
    let temporary = tempfile::Builder::new().prefix("signet-demo-").tempdir()?;
    let folder = arguments.folder.clone().unwrap_or_else(|| temporary.path().to_owned());
    std::fs::create_dir_all(&folder)?;
    let cloud = cloud(&folder).await?;
    let (console, mailbox) =
        (format!("http://127.0.0.1:{}", free_port()?), Receiver::start(ReceiverConfig::plain()).await?);
    cloud.register_redirect(&format!("{console}/signed-in"));
    let registrar = Registrar::start().await?;
    let configuration = format!("{}{}", by_directory(&cloud, &console), with_console(&console, &mailbox));
    let setup = Setup::new(&folder, &[Listener::Microsoft], &configuration)?;
    let exchange = next_hop(&setup).await?;
    let mut tenant: Value = serde_json::from_str(TENANT).map_err(io::Error::other)?;
    tenant["peer"]["next_hop"]["port"] = exchange.port().into();
    setup.tenant(&tenant, Some(CLIENT_NAME))?;
    let owner = ["account", "add", "contoso", "--email", OWNER, "--role", "owner"];
    let names = ["--first-name", "Ada", "--last-name", "Vance"];
    setup.signet_told(&[owner.as_slice(), &names].concat(), &format!("{PASSWORD}\n"))?;
    newcomer::write_certificate(&setup.authority, &folder)?;
    let mut command = setup.run_command();
    command.env("SIGNET_NEXT_HOP_RESOLVER", registrar.names.address.to_string());
    command.env("SIGNET_NEXT_HOP_PORT", exchange.port().to_string());
    let appliance = Appliance::start(command)?;
    // Nobody is known before.
    let read = appliance.wait_for_event("Directory read.")?;
    until_followed(&appliance).await?;
    say(&format!(
        "Signet has read {} people from the directory of a played Microsoft 365 at {}.",
        read["people"],
        cloud.url()
    ))?;

    let letter = Letter::reply();
    let mail = ExchangeHeaders::new(TENANT_ID, "contoso.example").around(&letter.written_in(Client::OutlookDesktop));
    let sample = folder.join("reply.eml");
    std::fs::write(&sample, &mail)?;
    say(&format!(
        "Signet takes mail at {} and hands it to a played Microsoft 365 at {}.\n",
        appliance.listeners[0],
        exchange.address()
    ))?;
    send(&setup, &appliance, &mail).await?;
    let accepted = exchange.wait_for(1).await?;
    let first = accepted.first().ok_or_else(|| io::Error::other("the next hop has no mail"))?;
    show(&folder, 1, &mail, first)?;
    if arguments.once {
        // The page is there to be looked at; only a demo that was interrupted takes its folder with it.
        let _ = temporary.keep();
        return Ok(());
    }
    invite(&setup, &appliance, &folder, &sample)?;
    say(&format!(
        "The console: {console}\n  Sign in as {OWNER} with the password {PASSWORD}, or sign up as somebody else, with Microsoft too; codes and links appear here.\n"
    ))?;
    introduce(&setup, &appliance, &folder, &registrar)?;
    follow(&exchange, &mailbox, &folder, &mail).await
}

/// Until the edge has asked the store once more: then it knows what was read before.
async fn until_followed(appliance: &Appliance) -> io::Result<()> {
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (began, until) = (now(), Instant::now() + Duration::from_secs(60));
    while Instant::now() < until {
        let mut stream = tokio::net::TcpStream::connect(appliance.ops).await?;
        stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await?;
        let mut page = String::new();
        stream.read_to_string(&mut page).await?;
        let asked = page.lines().find_map(|line| line.strip_prefix("signet_snapshot_checked_timestamp_seconds "));
        if asked.and_then(|text| text.trim().parse::<u64>().ok()).is_some_and(|asked| asked > began) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(io::Error::other("the edge does not follow its store"))
}

/// The organisation's directory, which knows our application.
async fn cloud(folder: &Path) -> io::Result<Cloud> {
    let cloud = Cloud::start(directory()).await?;
    cloud.organisation(TENANT_ID);
    let identity = Identity::self_signed(Request::client("signet.example").rsa())?;
    identity.write(folder, "application")?;
    cloud.register(&identity);
    newcomer::join(&cloud);
    // Whoever goes to the played page of Microsoft's agrees there.
    cloud.consent_of(newcomer::ID, Consent::Given);
    Ok(cloud)
}

/// The section of the configuration by which the directory is read.
fn by_directory(cloud: &Cloud, console: &str) -> String {
    let url = cloud.url();
    format!(
        "[directory]\nclient_id = \"{CLIENT}\"\ncertificate = \"application.pem\"\nkey = \"application.key\"\n\
         login = \"{url}\"\ngraph = \"{url}\"\nredirect = \"{console}/consent\"\n"
    )
}

/// The sections by which the console is served, and its mails go to a mailbox of ours.
fn with_console(console: &str, mailbox: &Receiver) -> String {
    let address = console.trim_start_matches("http://");
    format!(
        "[console]\naddress = \"{address}\"\nurl = \"{console}\"\nsign_up = true\nregion = \"eu\"\nmicrosoft_sign_in = true\n\
         [mail]\nrelay = \"{}\"\nsecurity = \"plaintext\"\nfrom = \"Signet <signet@signet.example>\"\n",
        mailbox.address()
    )
}

/// A port that nobody listens on now: links in mails name it before the console begins.
fn free_port() -> io::Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

async fn next_hop(setup: &Setup) -> io::Result<Receiver> {
    let identity = setup.authority.issue(Request::server(MICROSOFT).also("*.outlook.example"))?;
    let config = ReceiverConfig::exchange_online(identity, setup.authority.roots()?);
    let config = config.connector(CLIENT_NAME, "contoso").connector(newcomer::CERTIFICATE, "northwind");
    Receiver::start(config).await
}

async fn send(setup: &Setup, appliance: &Appliance, mail: &[u8]) -> io::Result<()> {
    let identity = setup.microsoft()?;
    identity.write(&setup.folder, "microsoft")?;
    let config = SenderConfig::exchange_online(HOST_NAME, setup.authority.roots()?, Some(&identity))?;
    let mut sender = Sender::connect(appliance.listeners[0], &config).await?;
    let outgoing = Outgoing::new("ada@contoso.example", &["bob@fabrikam.example"], mail.to_vec());
    let delivery = sender.send(&outgoing.organization("contoso.example")).await;
    if !delivery.is_accepted() {
        return Err(io::Error::other(format!("the mail was not taken: {delivery:?}\n{}", appliance.log())));
    }
    // The mail is through; whether the goodbye is heard changes nothing.
    let _ = sender.quit().await;
    Ok(())
}

/// Shows one mail and writes it down for a browser.
fn show(folder: &Path, number: usize, before: &[u8], after: &Accepted) -> io::Result<()> {
    let file = folder.join(format!("mail-{number}.html"));
    std::fs::write(&file, page(before, &after.content))?;
    std::fs::write(folder.join(format!("mail-{number}.eml")), &after.content)?;
    if html_of(&after.content).is_none() && text_of(&after.content).is_none() {
        return Err(io::Error::other("the mail that arrived has no text"));
    }
    say(&format!("Before:\n{}", indented(&text_of(before).unwrap_or_default())))?;
    say(&format!(
        "After, as the next hop took it ({}):\n{}",
        after.reply,
        indented(&text_of(&after.content).unwrap_or_default())
    ))?;
    say(&format!("To look at it in a browser: {}\n", file.display()))
}

fn invite(setup: &Setup, appliance: &Appliance, folder: &Path, sample: &Path) -> io::Result<()> {
    let address = appliance.listeners[0];
    let at = |name: &str| folder.join(name).display().to_string();
    say(&format!(
        "To send another (change {} first, if you like):\n\n  swaks --server {} --port {} --tls --tls-cert {} --tls-key {} \\\n    \
         --ehlo mail.example --from ada@contoso.example --to bob@fabrikam.example --data @{}\n\n\
         Probes and metrics: http://{}/healthz and /metrics. Configuration: {}. Ctrl-C ends the demo.\n",
        sample.display(),
        address.ip(),
        address.port(),
        at("microsoft.pem"),
        at("microsoft.key"),
        sample.display(),
        appliance.ops,
        setup.config().display(),
    ))
}

/// Says how somebody who has signed up connects an organisation.
fn introduce(setup: &Setup, appliance: &Appliance, folder: &Path, registrar: &Registrar) -> io::Result<()> {
    let at = |name: &str| folder.join(name).display().to_string();
    std::fs::write(folder.join("northwind.eml"), &newcomer::mail("Figures").content)?;
    let address = appliance.listeners[0];
    say(&format!(
        "  An organisation to connect after signing up: {}. Its DNS: http://{}. Its certificate: {} and {}.\n  Its mail:\n\n  \
         swaks --server {} --port {} --tls --tls-cert {} --tls-key {} \\\n    --ehlo mail.example --from ada@{} \
         --to bob@fabrikam.example --data @{}\n",
        newcomer::DOMAIN,
        registrar.address(),
        at("northwind.pem"),
        at("northwind.key"),
        address.ip(),
        address.port(),
        setup.folder.join("microsoft.pem").display(),
        setup.folder.join("microsoft.key").display(),
        newcomer::DOMAIN,
        at("northwind.eml"),
    ))
}

/// Shows each further mail until the demo is interrupted.
async fn follow(exchange: &Receiver, mailbox: &Receiver, folder: &Path, before: &[u8]) -> io::Result<()> {
    let (mut shown, mut read) = (1, 0);
    let mut look = tokio::time::interval(Duration::from_millis(200));
    loop {
        tokio::select! {
            ended = tokio::signal::ctrl_c() => return ended,
            _ = look.tick() => {
                for after in exchange.accepted().iter().skip(shown) {
                    shown += 1;
                    let is_newcomers = after.text().contains(newcomer::DOMAIN);
                    let before = if is_newcomers { newcomer::mail("Figures").content.to_vec() } else { before.to_vec() };
                    show(folder, shown, &before, after)?;
                }
                for letter in mailbox.accepted().iter().skip(read) {
                    read += 1;
                    let text = text_of(&letter.content).unwrap_or_default();
                    say(&format!("A mail of the console's to {}:\n{}", letter.addresses().join(", "), indented(&text)))?;
                }
            }
        }
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  | {line}\n")).collect()
}

fn say(text: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{text}")
}
