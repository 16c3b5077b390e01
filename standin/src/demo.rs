//! What the demo shows: its tenant, and a page with a mail before and after.
//!
//! Reads messages by a parser that is not Signet's.

use std::fmt::Write as _;

use mail_parser::{MessageParser, MimeHeaders};

use serde_json::Value;

use crate::graph::{Directory, Member};
use crate::mails::base64_lines;

/// The demo tenant's file; its next hop's port is set when it is known.
pub const TENANT: &str = include_str!("../demo/contoso.json");
/// Who is in its directory at Microsoft.
const DIRECTORY: &str = include_str!("../demo/directory.json");
/// Microsoft's id of the demo tenant.
pub const TENANT_ID: &str = "bf24ff3e-ad0a-4c79-a44a-df7092489e22";

/// The directory of the demo tenant.
pub fn directory() -> Directory {
    let known: Value = serde_json::from_str(DIRECTORY).unwrap_or_default();
    let list = |name: &str| known[name].as_array().cloned().unwrap_or_default();
    let mut directory = Directory::default();
    for user in list("users") {
        directory.add_user(user);
    }
    for group in list("groups") {
        let number = directory.add_group(group["name"].as_str().unwrap_or_default());
        for member in group["members"].as_array().into_iter().flatten().filter_map(Value::as_u64) {
            directory.join(number, Member::User(usize::try_from(member).unwrap_or_default()));
        }
    }
    directory
}

/// The HTML body of a message, embedded images put in its place.
pub fn html_of(message: &[u8]) -> Option<String> {
    let message = MessageParser::default().parse(message)?;
    let mut html = message.body_html(0)?.into_owned();
    for part in message.attachments() {
        if let (Some(id), Some(kind)) = (part.content_id(), part.content_type()) {
            let kind = format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("png"));
            html = html.replace(
                &format!("cid:{id}"),
                &format!("data:{kind};base64,{}", base64_lines(part.contents()).replace("\r\n", "")),
            );
        }
    }
    Some(html)
}

/// The plain text body of a message.
pub fn text_of(message: &[u8]) -> Option<String> {
    MessageParser::default().parse(message)?.body_text(0).map(|text| text.into_owned())
}

/// A page that shows a message before and after, each in a frame of its own without scripts.
pub fn page(before: &[u8], after: &[u8]) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>Signet: before and after</title><style>body{font:16px/1.4 \
         system-ui,sans-serif;margin:24px;background:#f5f6f8;color:#222}h1{font-size:22px}main{display:flex;gap:24px;\
         flex-wrap:wrap}section{flex:1 1 340px;min-width:0}iframe{width:100%;height:720px;border:1px solid #ccd;\
         border-radius:8px;background:#fff}</style></head><body><h1>One reply, before and after Signet</h1><main>",
    );
    for (name, message) in [("Before", before), ("After", after)] {
        let html = html_of(message).or_else(|| text_of(message).map(|text| format!("<pre>{}</pre>", escaped(&text))));
        let html = escaped(&html.unwrap_or_default());
        let _ = write!(
            page,
            "<section><h2>{name}</h2><iframe sandbox title=\"{name}\" srcdoc=\"{html}\"></iframe></section>"
        );
    }
    page.push_str("</main></body></html>\n");
    page
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}
