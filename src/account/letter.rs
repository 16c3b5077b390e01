//! The mails that the console sends to the people who use it: what each says, in plain text and in HTML.
//!
//! None asks for anything but to go to the console: no password, no payment data, no VAT number, no form (requirement
//! P24). What people typed stands in them escaped, and in no header.

use super::Role;

/// A mail to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// The address as its owner typed it.
    pub to: String,
    pub subject: String,
    pub plain: String,
    pub html: String,
}

/// Shows nothing: there is a code or a link in it.
impl std::fmt::Debug for Letter {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Letter")
    }
}

/// One part of a mail.
enum Part<'a> {
    Text(String),
    /// Something to press, where it leads to.
    Button(&'a str, String),
    /// To be typed.
    Code(&'a str),
}

/// Stands at the end of each.
const STATEMENT: &str = "Signet never asks for your password, your payment data or a VAT number by e-mail.";

/// Beside it, the way to the console's page about that.
const MORE: &str = "What we ask, and what we keep";

impl Letter {
    /// The link that proves the address of a new account.
    pub fn verify(to: &str, name: &str, console: &str, token: &str, hours: u64) -> Letter {
        let parts = [
            Part::Text(format!("Hello {name},")),
            Part::Text("welcome to Signet. Confirm your e-mail address to begin:".to_owned()),
            Part::Button("Confirm e-mail address", format!("{console}/verify-email#{token}")),
            Part::Text(format!(
                "The link works once, within {hours} hours. If you did not sign up, do nothing: without it there is no \
                 account."
            )),
        ];
        Letter::of(to, console, "Confirm your e-mail address", &parts)
    }

    /// To somebody who signs up and has an account already.
    pub fn known_already(to: &str, name: &str, console: &str) -> Letter {
        let parts = [
            Part::Text(format!("Hello {name},")),
            Part::Text(
                "somebody, probably you, has just tried to sign up with this e-mail address. You have an account \
                 already:"
                    .to_owned(),
            ),
            Part::Button("Sign in", format!("{console}/sign-in")),
            Part::Text(
                "If you have forgotten the password, the sign-in page lets you set a new one. If it was not you, do \
                 nothing: nothing was changed."
                    .to_owned(),
            ),
        ];
        Letter::of(to, console, "You have an account already", &parts)
    }

    /// The code of a sign-in from a browser that is not trusted yet.
    pub fn code(to: &str, name: &str, console: &str, code: &str, minutes: u64, browser: &str) -> Letter {
        let parts = [
            Part::Text(format!("Hello {name},")),
            Part::Text(format!("this is your code to sign in from {browser}:")),
            Part::Code(code),
            Part::Text(format!(
                "It works once, within {minutes} minutes, in the window where you typed your password. If you are not \
                 signing in now, somebody knows your password: set a new one."
            )),
        ];
        Letter::of(to, console, "Your sign-in code", &parts)
    }

    /// The link that sets a new password.
    pub fn reset(to: &str, name: &str, console: &str, token: &str, minutes: u64) -> Letter {
        let parts = [
            Part::Text(format!("Hello {name},")),
            Part::Text("somebody, probably you, wants to set a new password for your account:".to_owned()),
            Part::Button("Set a new password", format!("{console}/reset-password#{token}")),
            Part::Text(format!(
                "The link works once, within {minutes} minutes. If it was not you, do nothing: your password stays as it \
                 is."
            )),
        ];
        Letter::of(to, console, "Set a new password", &parts)
    }

    /// An invitation to a team, by whoever is named so. Both names are others' to choose, and read by strangers.
    pub fn invitation(to: &str, by: &str, tenant: &str, role: Role, console: &str, token: &str, days: u64) -> Letter {
        let (by, tenant) = (by.to_owned(), unlinked(tenant));
        let parts = [
            Part::Text("Hello,".to_owned()),
            Part::Text(format!(
                "{by} invites you to the team that looks after the e-mail signatures of {tenant}, in the role {}.",
                role.word()
            )),
            Part::Button("Look at the invitation", format!("{console}/invitation#{token}")),
            Part::Text(format!(
                "The link works once, within {days} days. If you expected no invitation, do nothing: nobody joins \
                 without it."
            )),
        ];
        Letter::of(to, console, "You are invited to a team", &parts)
    }

    /// To each owner of an organisation that leaves.
    pub fn leaving(to: &str, name: &str, tenant: &str, console: &str, settings: &str) -> Letter {
        let parts = [
            Part::Text(format!("Hello {name},")),
            Part::Text(format!(
                "an owner has decided that {} leaves Signet. Its mail goes on as always, without signatures.",
                unlinked(tenant)
            )),
            Part::Text(
                "Now run the script on the page Connection, which takes the connectors and rules out of Microsoft 365. \
                 When no mail has come here for 30 days, everything that is kept of your organisation is removed."
                    .to_owned(),
            ),
            Part::Text("Until then any owner can take that back:".to_owned()),
            Part::Button("Open the settings", settings.to_owned()),
        ];
        Letter::of(to, console, "Your organisation leaves", &parts)
    }

    /// That a password was set, or a browser trusted: whoever did not do it learns of it.
    pub fn notice(to: &str, name: &str, console: &str, what: &str) -> Letter {
        let parts = [
            Part::Text(format!("Hello {name},")),
            Part::Text(what.to_owned()),
            Part::Text("If that was you, there is nothing to do. If not, set a new password now:".to_owned()),
            Part::Button("Set a new password", format!("{console}/forgot-password")),
        ];
        Letter::of(to, console, "Something changed in your account", &parts)
    }

    fn of(to: &str, console: &str, subject: &str, parts: &[Part<'_>]) -> Letter {
        let plain = |part: &Part<'_>| match part {
            Part::Text(text) => text.clone(),
            Part::Button(_, url) => url.clone(),
            Part::Code(code) => (*code).to_owned(),
        };
        let html = |part: &Part<'_>| match part {
            Part::Text(text) => format!("<p style=\"margin:0 0 16px\">{}</p>", escaped(text)),
            Part::Button(label, url) => format!(
                "<p style=\"margin:0 0 16px\"><a href=\"{}\" style=\"display:inline-block;background:#0f6c6b;color:#ffffff;\
                 padding:10px 20px;border-radius:4px;text-decoration:none;font-weight:600\">{}</a></p>",
                escaped(url),
                escaped(label)
            ),
            Part::Code(code) => format!(
                "<p style=\"margin:0 0 16px;font-size:28px;letter-spacing:6px;font-weight:600;font-family:Consolas,monospace\">{}</p>",
                escaped(code)
            ),
        };
        let security = format!("{console}/security");
        let (plain, html): (Vec<_>, Vec<_>) = parts.iter().map(|part| (plain(part), html(part))).unzip();
        Letter {
            to: to.to_owned(),
            subject: format!("{subject} – Signet"),
            plain: format!("{}\n\n--\n{STATEMENT}\n{MORE}: {security}\n", plain.join("\n\n")),
            html: format!(
                "<!DOCTYPE html><html lang=\"en\"><body style=\"margin:0;padding:24px;font-family:'Segoe UI',Arial,sans-serif;\
                 font-size:15px;line-height:22px;color:#242424\"><div style=\"max-width:520px\">{}<p style=\"margin:24px 0 0;\
                 font-size:12px;color:#616161\">{STATEMENT} <a href=\"{}\" style=\"color:#616161\">{MORE}</a></p></div></body></html>",
                html.concat(),
                escaped(&security)
            ),
        }
    }
}

/// A text of which no mail program makes a link.
fn unlinked(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        plain.push(if matches!(c, '/' | '\\' | ':' | '@') { ' ' } else { c });
        if c == '.' && rest.peek().is_some_and(|next| !next.is_whitespace()) {
            plain.push(' ');
        }
    }
    plain
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONSOLE: &str = "https://console.signet.example";

    fn all(name: &str) -> Vec<Letter> {
        let to = "ada@contoso.example";
        vec![
            Letter::verify(to, name, CONSOLE, "t0ken", 24),
            Letter::known_already(to, name, CONSOLE),
            Letter::code(to, name, CONSOLE, "012345", 10, "Edge on Windows"),
            Letter::reset(to, name, CONSOLE, "t0ken", 30),
            Letter::notice(to, name, CONSOLE, "Your password was changed."),
            Letter::leaving(to, name, name, CONSOLE, &format!("{CONSOLE}/t/contoso/settings")),
            Letter::invitation(to, "eve@contoso.example", name, Role::Editor, CONSOLE, "t0ken", 7),
        ]
    }

    #[test]
    fn none_asks_for_what_no_mail_of_ours_asks_for() {
        for letter in all("Ada") {
            assert!(letter.plain.contains(STATEMENT) && letter.html.contains(STATEMENT), "{}", letter.subject);
            let said = [&letter.plain, &letter.html].map(|text| text.replace(STATEMENT, "").to_lowercase()).concat();
            for word in ["<form", "<input", "<textarea", "card", "iban", "vat", "payment", "reply with", "send us"] {
                assert!(!said.contains(word), "{word} in {}", letter.subject);
            }
            for link in letter.html.split("href=\"").skip(1) {
                assert!(link.starts_with(CONSOLE), "{link}");
            }
            let page = format!("{CONSOLE}/security");
            assert!(letter.plain.contains(&page) && letter.html.contains(&page), "{}", letter.subject);
        }
    }

    /// Who chooses the name of a tenant does not choose what a stranger is led to.
    #[test]
    fn no_link_is_made_of_a_name() {
        for (name, shown) in [
            ("Contoso Ltd.", "Contoso Ltd."),
            ("You won: https://evil.example/x", "You won  https   evil. example x"),
            ("www.evil.example", "www. evil. example"),
            ("ada@evil.example", "ada evil. example"),
        ] {
            let letter = Letter::invitation("a@b.example", "an administrator", name, Role::Owner, CONSOLE, "t", 7);
            assert!(letter.plain.contains(&format!("of {shown}, in the role owner.")), "{}", letter.plain);
        }
    }

    #[test]
    fn what_people_typed_is_text() {
        for letter in all("<img src=x onerror=alert(1)>\"&") {
            assert!(!letter.html.contains("<img") && letter.html.contains("&lt;img"), "{}", letter.html);
            assert!(!letter.subject.contains("img"));
        }
    }
}
