//! A message that somebody has, read for the signature in it: the newest text, above what it quotes, and the pictures
//! inside. Nothing of it is kept or logged, and nothing that it refers to is fetched. What is read is untrusted still:
//! who shows it must take away what acts.

use actix_web::{HttpResponse, post, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use mail_parser::{Address, Message, MessageParser, MimeHeaders, PartType};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::Asked;
use super::body::Sent;
use super::images::MOST_BYTES as MOST_OF_A_PICTURE;
use super::problem::{Kind, Refusal};
use crate::account::Permission;
use crate::tenant::{ImageType, newest};

/// Octets of a text that is looked through for a signature.
const MOST_OF_A_TEXT: usize = 1 << 20;
/// Pictures that are handed over, and their octets together.
const MOST_PICTURES: usize = 60;
const MOST_OF_ALL_PICTURES: usize = 8 << 20;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read_message);
}

/// What of a message a signature can be found in.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
struct MessageRead {
    /// Address of the author, if it says one.
    from: Option<String>,
    /// The newest text as HTML, without what it quotes.
    html: Option<String>,
    /// The same of a message without HTML.
    plain: Option<String>,
    pictures: Vec<PictureRead>,
    /// How many pictures inside are of another kind than PNG, JPEG and GIF, or too large.
    left_out: usize,
}

/// A picture inside a message.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
struct PictureRead {
    /// What the HTML calls it, after `cid:`; empty if it has no name of that kind.
    id: String,
    /// Name of its file; empty if it has none.
    name: String,
    #[serde(rename = "type")]
    content_type: &'static str,
    base64: String,
}

/// Reads a message for the signature in it. Nothing is kept, nothing is sent, and nothing that it refers to is fetched.
#[utoipa::path(tag = "signatures", params(("tenant" = String, Path)), security(("token" = ["signatures:write"])),
    request_body(content = Vec<u8>, content_type = "message/rfc822"),
    responses((status = 200, description = "Its newest text and its pictures; the HTML is as untrusted as the message.", body = MessageRead)))]
#[post("/tenants/{tenant}/import")]
async fn read_message(asked: Asked, tenant: web::Path<String>, body: Sent) -> Result<HttpResponse, Refusal> {
    asked.tenant(&tenant, Permission::SignaturesWrite)?;
    let message = body.large("message/rfc822").await?;
    let found = web::block(move || found(&message)).await;
    let found = found.map_err(|_| Refusal::new(Kind::Fault, "it could not be read"))??;
    Ok(HttpResponse::Ok().json(found))
}

fn found(octets: &Bytes) -> Result<MessageRead, Refusal> {
    let message = MessageParser::default().parse(&octets[..]).filter(|message| !message.headers().is_empty());
    let message = message.ok_or_else(|| Refusal::new(Kind::Invalid, "this is no e-mail message"))?;
    let mut read = MessageRead { from: author(&message), ..MessageRead::default() };
    match message.html_part(0).map(|part| &part.body) {
        Some(PartType::Html(html)) => read.html = Some(bounded(html).map(newest::of_html)?.to_owned()),
        Some(PartType::Text(plain)) => read.plain = Some(bounded(plain).map(newest::of_plain)?.to_owned()),
        _ => {}
    }
    add_pictures(&message, &mut read);
    Ok(read)
}

fn author(message: &Message<'_>) -> Option<String> {
    let first = message.from().and_then(Address::first)?;
    first.address().map(str::to_owned)
}

fn bounded(text: &str) -> Result<&str, Refusal> {
    match text.len() > MOST_OF_A_TEXT {
        true => Err(Refusal::new(Kind::TooLarge, format!("its text has more than {MOST_OF_A_TEXT} octets"))),
        false => Ok(text),
    }
}

fn add_pictures(message: &Message<'_>, read: &mut MessageRead) {
    let mut octets = 0;
    for part in &message.parts {
        let is_picture = part.content_type().is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("image"));
        let (PartType::Binary(body) | PartType::InlineBinary(body)) = &part.body else { continue };
        let kind = [ImageType::Png, ImageType::Jpeg, ImageType::Gif].into_iter().find(|kind| kind.begins(body));
        let Some(kind) = kind else {
            read.left_out += usize::from(is_picture);
            continue;
        };
        octets += body.len();
        if body.len() > MOST_OF_A_PICTURE || octets > MOST_OF_ALL_PICTURES || read.pictures.len() == MOST_PICTURES {
            read.left_out += 1;
            continue;
        }
        read.pictures.push(PictureRead {
            id: part.content_id().unwrap_or_default().to_owned(),
            name: part.attachment_name().unwrap_or_default().to_owned(),
            content_type: kind.content_type(),
            base64: STANDARD.encode(body),
        });
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PIXEL: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    fn of(text: &str) -> MessageRead {
        found(&Bytes::from(text.replace('\n', "\r\n"))).unwrap()
    }

    #[test]
    fn the_newest_text_and_its_pictures_are_read() {
        let read = of(&format!(
            "From: Ada Lovelace <ada@northwind.example>\nMIME-Version: 1.0\n\
             Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\n\n\
             <p>Yes.</p><p>Ada <img src=\"cid:logo@1\"></p><div class=\"gmail_quote\"><div class=\"gmail_attr\">On Monday Bo wrote:<br></div>\
             <blockquote class=\"gmail_quote\">Well?</blockquote></div>\n\
             --b\nContent-Type: image/png; name=logo.png\nContent-ID: <logo@1>\nContent-Transfer-Encoding: base64\n\n{PIXEL}\n\
             --b\nContent-Type: image/svg+xml\nContent-ID: <svg@1>\n\n<svg onload=\"alert(1)\"/>\n--b--\n"
        ));
        assert_eq!(read.from.as_deref(), Some("ada@northwind.example"));
        assert_eq!(read.html.as_deref(), Some("<p>Yes.</p><p>Ada <img src=\"cid:logo@1\"></p>"));
        assert_eq!(read.plain, None);
        let [picture] = &read.pictures[..] else { panic!("{:?}", read.pictures) };
        assert_eq!((&picture.id[..], &picture.name[..], picture.content_type), ("logo@1", "logo.png", "image/png"));
        assert_eq!((&picture.base64[..], read.left_out), (PIXEL, 1));
    }

    #[test]
    fn a_message_of_plain_text_is_read_without_its_quote() {
        let read = of("From: ada@northwind.example\n\nYes.\n\n-- \nAda\n\nOn Mon, 2 Nov 2026, Bo wrote:\n> Well?\n");
        assert!(read.html.is_none());
        assert_eq!(read.plain.unwrap().trim_end(), "Yes.\r\n\r\n-- \r\nAda");
    }

    #[test]
    fn what_is_no_message_or_too_long_is_refused() {
        assert!(found(&Bytes::from_static(b"")).is_err());
        let long = format!("Content-Type: text/html\r\n\r\n{}", "<p>a</p>".repeat(MOST_OF_A_TEXT / 8 + 1));
        assert!(found(&Bytes::from(long)).is_err());
    }
}
