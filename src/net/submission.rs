//! Submission of the console's own mail to a relay (RFC 6409): codes, links, invitations. Nothing of what passes through
//! Signet goes this way.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::account::Letter;
use crate::config::{Mail, MailLogin, MailSecurity};

/// Longest wait for any answer of the relay.
const PATIENCE: Duration = Duration::from_secs(30);

/// The way to the relay.
#[derive(Debug, Clone)]
pub struct Submission {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Why the relay did not take a mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct NotTaken {
    pub text: String,
    /// It will not take it later either.
    pub for_good: bool,
}

/// Why there is no way to the relay.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("{}: {text}", file.display())]
    Roots { file: PathBuf, text: String },
    #[error("{0}")]
    Other(String),
}

impl Submission {
    /// # Errors
    /// The sender or the roots cannot be used; nobody is asked yet.
    pub fn new(mail: &Mail) -> Result<Submission, Unusable> {
        let other = |error: &dyn std::error::Error| Unusable::Other(error.to_string());
        let from: Mailbox = mail.from.parse().map_err(|error: lettre::address::AddressError| other(&error))?;
        let hello = ClientId::Domain(from.email.domain().to_owned());
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(mail.host.as_str())
            .port(mail.port)
            .timeout(Some(PATIENCE))
            .hello_name(hello)
            .tls(security(mail)?);
        if let Some(MailLogin { user, password }) = &mail.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Submission { transport: builder.build(), from })
    }

    /// Hands a mail to the relay.
    pub async fn send(&self, letter: &Letter) -> Result<(), NotTaken> {
        let unfit = |text: String| NotTaken { text, for_good: true };
        let to: lettre::Address = letter.to.parse().map_err(|_| unfit("the address is none".to_owned()))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.as_str())
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(letter.plain.clone(), letter.html.clone()))
            .map_err(|error| unfit(error.to_string()))?;
        let sent = self.transport.send(message).await;
        sent.map(drop).map_err(|error| {
            // Of an answer the code alone: its text quotes the address.
            let text = error.status().map(|code| format!("the relay answered {code}"));
            NotTaken { for_good: error.is_permanent(), text: text.unwrap_or_else(|| error.to_string()) }
        })
    }
}

fn security(mail: &Mail) -> Result<Tls, Unusable> {
    let parameters = || -> Result<TlsParameters, Unusable> {
        let mut builder = TlsParameters::builder(mail.host.clone());
        if let Some(file) = &mail.roots {
            let wrong = |text: String| Unusable::Roots { file: file.clone(), text };
            let pem = std::fs::read(file).map_err(|error| wrong(error.to_string()))?;
            builder = builder.certificate_store(CertificateStore::None);
            let root = Certificate::from_pem(&pem).map_err(|error| wrong(error.to_string()))?;
            builder = builder.add_root_certificate(root);
        }
        builder.build().map_err(|error| Unusable::Other(error.to_string()))
    };
    Ok(match mail.security {
        MailSecurity::StartTls => Tls::Required(parameters()?),
        MailSecurity::Tls => Tls::Wrapper(parameters()?),
        MailSecurity::Plaintext => Tls::None,
    })
}

/// `Auto-Submitted: auto-generated` (RFC 3834, section 5): nobody's absence note answers it.
#[derive(Debug, Clone, Copy)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
