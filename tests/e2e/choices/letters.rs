//! A generated message as Outlook writes it and Exchange Online hands it over.

use std::sync::atomic::{AtomicU64, Ordering};

use standin::exchange::{AuthAs, ExchangeHeaders, Outgoing};
use standin::mails::{Client, Letter as Mail, base64_lines, quoted_printable};

use super::received::Received;
use super::world::{World, microsoft_id, of};
use crate::bench::below_additions;
use crate::oracle::generate::{Dice, letter};
use crate::oracle::{Letter, decide, is_signed};

pub struct Sent {
    /// As in the field.
    pub id: String,
    /// Its place in the world.
    pub tenant: usize,
    pub letter: Letter,
    pub content: Vec<u8>,
}

impl Sent {
    pub fn outgoing(&self) -> Outgoing {
        let recipients: Vec<&str> = self.letter.to.iter().map(String::as_str).collect();
        Outgoing::new(self.letter.mail_from.as_deref().unwrap_or_default(), &recipients, self.content.clone())
            .organization(&of(self.tenant, "contoso.example"))
    }
}

fn new_id() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    format!("<choice-{}@contoso.example>", NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// Any message of a tenant's.
pub fn any(world: &World, tenant: usize, dice: &mut Dice) -> Sent {
    let mut letter = letter(dice, &world.times);
    let ours = |address: &String| of(tenant, address);
    letter.from = of(tenant, &letter.from);
    letter.mail_from = letter.mail_from.as_ref().map(ours);
    letter.sender = letter.sender.as_ref().map(ours);
    letter.to = letter.to.iter().map(ours).collect();
    letter.to.sort();
    letter.to.dedup();
    let known = letter.mail_from.as_ref().is_some_and(|address| address.ends_with(&of(tenant, "@contoso.example")));
    if !known {
        // The tenant is not certain before the headers: one recipient at a time.
        letter.to.truncate(1);
    }
    letter.now.clone_from(&world.now);
    letter.signed = false;
    letter.rich = false;
    letter.content_type = "multipart/alternative";
    letter.has_attach = Some(if letter.has_attach == Some("yes") { "yes" } else { "" });
    // Plain text has no mark of its own for a forward.
    letter.html |= letter.kind == "forward";
    letter.subject = match letter.kind {
        "reply" => format!("Re: {}", letter.subject),
        "forward" => format!("FW: {}", letter.subject),
        _ => letter.subject,
    };
    let id = new_id();
    let content = written(&letter, tenant, &id, dice);
    letter.octets = u64::try_from(content.len()).ok();
    Sent { id, tenant, letter, content }
}

fn written(letter: &Letter, tenant: usize, id: &str, dice: &mut Dice) -> Vec<u8> {
    let mail = if letter.kind == "first" { Mail::first() } else { Mail::reply() };
    let mut mail = mail
        .from("Somebody", &letter.from)
        .subject(&encoded(&letter.subject, dice.number(3)))
        .message_id(id.trim_matches(['<', '>']));
    let mut field = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            mail.extra_fields.push(format!("{name}: {value}"));
        }
    };
    field("Sender", letter.sender.as_deref());
    field("Importance", letter.importance);
    field("X-Priority", letter.priority);
    let client = if letter.html { Client::OutlookWeb } else { Client::PlainText };
    let mut headers = ExchangeHeaders::new(&microsoft_id(tenant), &of(tenant, "contoso.example"));
    headers.has_attachment = letter.has_attach == Some("yes");
    headers.auth_as = if letter.anonymous { AuthAs::Anonymous } else { AuthAs::Internal };
    headers.extra = letter
        .labels
        .iter()
        .map(|(id, name, set)| {
            format!("msip_labels: MSIP_Label_{id}_Enabled={set};\r\n MSIP_Label_{id}_Name={name}; MSIP_Label_{id}_ContentBits=0")
        })
        .collect();
    headers.around(&mail.written_in(client))
}

/// As a client may write it; what is not ASCII as an encoded word in any case.
fn encoded(subject: &str, way: usize) -> String {
    let q = || format!("=?utf-8?Q?{}?=", quoted_printable(subject).trim_end().replace(' ', "_").replace('?', "=3F"));
    let b = || format!("=?UTF-8?B?{}?=", base64_lines(subject.as_bytes()).trim_end());
    match way {
        0 if subject.is_ascii() => subject.to_owned(),
        1 => b(),
        _ => q(),
    }
}

/// The message as it was received, sent once more: it carries the author's signature now. Only of those whose newest
/// text shows it.
pub fn again(world: &World, sent: &Sent, received: &Received) -> Option<Sent> {
    let rows = &world.tenants[sent.tenant].rows;
    let to = received.recipients();
    let answer = decide(rows, &sent.letter, to.first()?);
    let above = |id: &str| {
        let entries = rows["signatures"].as_array().into_iter().flatten();
        entries.clone().any(|entry| entry["id"] == id && entry["place"] != "bottom")
    };
    if !sent.letter.html || !is_signed(&answer) || !answer.split('+').any(above) {
        return None;
    }
    let id = new_id();
    let text = String::from_utf8(below_additions(received.content()).to_vec()).unwrap();
    let content = text.replace(&sent.id, &id).into_bytes();
    let octets = u64::try_from(content.len()).ok();
    let letter = Letter { to, signed: true, subject: received.subject(), octets, ..sent.letter.clone() };
    Some(Sent { id, tenant: sent.tenant, letter, content })
}
