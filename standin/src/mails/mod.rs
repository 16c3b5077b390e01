//! Realistic mails for tests, load and demo; every word and picture in them is our own.
//!
//! A [`Letter`] says who writes what to whom and what is quoted; [`Letter::written_in`] renders it as the mail
//! client named would: its MIME tree, its HTML, its way to mark the quoted part. Lines end with CRLF; the result
//! holds the user's header fields only ([`crate::exchange::ExchangeHeaders`] puts the service's around it).

mod bodies;
mod encoding;
mod tnef;

use std::sync::atomic::{AtomicU64, Ordering};

pub use encoding::{base64_lines, quoted_printable};

/// The program that wrote the mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// Classic Outlook for Windows: Word HTML, border above the quoted header block.
    OutlookDesktop,
    /// Outlook on the web, new Outlook: `appendonsend`, `divRplyFwdMsg`.
    OutlookWeb,
    /// Outlook for iOS and Android.
    OutlookMobile,
    /// `gmail_quote`.
    Gmail,
    /// `<blockquote type="cite">`.
    AppleMail,
    /// `moz-cite-prefix`.
    Thunderbird,
    /// One text/plain part, quoted with `>`.
    PlainText,
}

impl Client {
    pub const ALL: [Client; 7] = [
        Client::OutlookDesktop,
        Client::OutlookWeb,
        Client::OutlookMobile,
        Client::Gmail,
        Client::AppleMail,
        Client::Thunderbird,
        Client::PlainText,
    ];
}

/// Name and address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub address: String,
}

/// What is answered or forwarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    pub from: Person,
    pub to: Person,
    /// As the client prints it.
    pub sent: String,
    pub subject: String,
    pub paragraphs: Vec<String>,
}

/// A file in the mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub media_type: String,
    pub octets: Vec<u8>,
}

/// A mail to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub from: Person,
    pub to: Vec<Person>,
    pub cc: Vec<Person>,
    pub subject: String,
    /// Without angle brackets; each letter has one of its own, as clients give them.
    pub message_id: String,
    pub date: String,
    pub paragraphs: Vec<String>,
    pub quoted: Option<Quoted>,
    /// Shown in the HTML, related to it.
    pub picture: Option<File>,
    pub attachments: Vec<File>,
    /// Whole fields without CRLF.
    pub extra_fields: Vec<String>,
}

impl Person {
    pub fn new(name: &str, address: &str) -> Person {
        Person { name: name.to_owned(), address: address.to_owned() }
    }

    fn mailbox(&self) -> String {
        format!("{} <{}>", self.name, self.address)
    }
}

impl File {
    /// A PDF of about so many octets, with one page that says what it is.
    pub fn pdf(name: &str, octets: usize) -> File {
        let mut file = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\n".to_vec();
        file.extend_from_slice(b"4 0 obj<</Length ");
        file.extend_from_slice(octets.to_string().as_bytes());
        file.extend_from_slice(b">>stream\n");
        file.extend(noise(octets));
        file.extend_from_slice(b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
        File { name: name.to_owned(), media_type: "application/pdf".to_owned(), octets: file }
    }

    /// Octets with the head of a PNG; nothing on the mail path looks further.
    pub fn picture(octets: usize) -> File {
        let mut file =
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x40\x00\x00\x00\x40\x08\x02\x00\x00\x00".to_vec();
        file.extend(noise(octets));
        File { name: "image001.png".to_owned(), media_type: "image/png".to_owned(), octets: file }
    }
}

/// Two mails of one Message-ID are one mail sent twice.
fn new_message_id() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0xA1B2_C3D4);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("AM0PR10MB3428{number:08X}@AM0PR10MB3428.EURPRD10.PROD.OUTLOOK.COM")
}

impl Letter {
    /// A first mail from Ada at Contoso to Bob at Fabrikam.
    pub fn first() -> Letter {
        let text = [
            "Hello Bob,",
            "the samples of the new bearing came out well: all twelve held the load for the full 400 hours, and the wear is half of what we saw in spring.",
            "Shall we go through the figures on Thursday?",
        ];
        Letter {
            from: Person::new("Ada Vance", "ada@contoso.example"),
            to: vec![Person::new("Bob Lindqvist", "bob@fabrikam.example")],
            cc: Vec::new(),
            subject: "Bearing samples".to_owned(),
            message_id: new_message_id(),
            date: "Thu, 19 Nov 2026 10:24:31 +0000".to_owned(),
            paragraphs: text.map(str::to_owned).to_vec(),
            quoted: None,
            picture: None,
            attachments: Vec::new(),
            extra_fields: Vec::new(),
        }
    }

    /// Ada's answer to a mail of Bob's, which is quoted below.
    pub fn reply() -> Letter {
        let mut letter = Letter::first();
        let text = [
            "Hi Bob,",
            "Thursday at ten is fine. I bring the wear charts, and the price you asked for: 1,250 € a piece.",
            "Regards, Ada",
        ];
        letter.paragraphs = text.map(str::to_owned).to_vec();
        letter.subject = "Re: Bearing samples".to_owned();
        letter.quoted = Some(Quoted {
            from: Person::new("Bob Lindqvist", "bob@fabrikam.example"),
            to: Person::new("Ada Vance", "ada@contoso.example"),
            sent: "Thursday, November 19, 2026 11:02 AM".to_owned(),
            subject: "Re: Bearing samples".to_owned(),
            paragraphs: [
                "Hello Ada,",
                "good news. Does Thursday at ten suit you? And what would a piece cost if we took five hundred?",
                "Bob",
            ]
            .map(str::to_owned)
            .to_vec(),
        });
        letter.extra_fields = vec![
            "In-Reply-To: <20261119.1102.7@fabrikam.example>".to_owned(),
            "References: <20261119.1102.7@fabrikam.example>".to_owned(),
        ];
        letter
    }

    /// From this address, everything else as it is.
    pub fn from(mut self, name: &str, address: &str) -> Letter {
        self.from = Person::new(name, address);
        self
    }

    /// To these addresses alone.
    pub fn to(mut self, addresses: &[&str]) -> Letter {
        self.to = addresses.iter().map(|address| Person::new(address, address)).collect();
        self
    }

    pub fn subject(mut self, subject: &str) -> Letter {
        self.subject = subject.to_owned();
        self
    }

    pub fn message_id(mut self, id: &str) -> Letter {
        self.message_id = id.to_owned();
        self
    }

    /// More text of the writer's own: so many paragraphs of about 300 letters.
    pub fn longer(mut self, paragraphs: usize) -> Letter {
        let text = "The bench ran through the night again, at 60 degrees and with the heavier grease; the probe shows no drift, the seals are dry and the noise is down to where it was with the first set in March – so I would close this point and move on to the housing, where the drawings still wait for your tolerances.";
        self.paragraphs.extend((1..=paragraphs).map(|number| format!("{number}. {text}")));
        self
    }

    pub fn attach(mut self, file: File) -> Letter {
        self.attachments.push(file);
        self
    }

    pub fn picture(mut self, file: File) -> Letter {
        self.picture = Some(file);
        self
    }

    pub fn field(mut self, line: &str) -> Letter {
        self.extra_fields.push(line.to_owned());
        self
    }

    /// The mail as this client writes it.
    pub fn written_in(&self, client: Client) -> Vec<u8> {
        let (content_type, rest) = self.tree(client);
        let mut out = self.fields();
        out.push_str(&content_type);
        out.push_str("MIME-Version: 1.0\r\n\r\n");
        out.push_str(&rest);
        out.into_bytes()
    }

    fn fields(&self) -> String {
        let list = |people: &[Person]| people.iter().map(Person::mailbox).collect::<Vec<_>>().join(",\r\n ");
        let mut out = format!("From: {}\r\nTo: {}\r\n", self.from.mailbox(), list(&self.to));
        if !self.cc.is_empty() {
            out.push_str(&format!("CC: {}\r\n", list(&self.cc)));
        }
        out.push_str(&format!(
            "Subject: {}\r\nThread-Topic: {}\r\nThread-Index: AQHaXAJ6Y8nHh4lzybEC6MhBJ7Xlm+6pZMfQAgAHQ7Q==\r\nDate: {}\r\nMessage-ID: <{}>\r\n",
            self.subject,
            self.subject.trim_start_matches("Re: "),
            self.date,
            self.message_id
        ));
        for field in &self.extra_fields {
            out.push_str(&format!("{field}\r\n"));
        }
        out
    }

    /// Content-Type (and encoding) fields of the root, and what follows the header block.
    fn tree(&self, client: Client) -> (String, String) {
        let text = leaf("text/plain", &bodies::text(self, client));
        let mut root = match client {
            Client::PlainText => text,
            _ => multipart("alternative", "_000_letter", vec![text, leaf("text/html", &bodies::html(self, client))]),
        };
        if let Some(picture) = &self.picture {
            root = multipart("related", "_004_letter", vec![root, file(picture, "inline")]);
        }
        if !self.attachments.is_empty() {
            let mut parts = vec![root];
            parts.extend(self.attachments.iter().map(|attached| file(attached, "attachment")));
            root = multipart("mixed", "_002_letter", parts);
        }
        root
    }
}

fn leaf(media_type: &str, text: &str) -> (String, String) {
    let fields =
        format!("Content-Type: {media_type}; charset=\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n");
    (fields, quoted_printable(text))
}

fn file(file: &File, disposition: &str) -> (String, String) {
    let File { name, media_type, octets } = file;
    let id =
        if disposition == "inline" { format!("Content-ID: <{name}@01DB3A5C.1B2C3D40>\r\n") } else { String::new() };
    let fields = format!(
        "Content-Type: {media_type}; name=\"{name}\"\r\nContent-Description: {name}\r\nContent-Disposition: {disposition};\r\n filename=\"{name}\"; size={}\r\n{id}Content-Transfer-Encoding: base64\r\n",
        octets.len()
    );
    (fields, base64_lines(octets))
}

fn multipart(subtype: &str, boundary: &str, parts: Vec<(String, String)>) -> (String, String) {
    let boundary = format!("{boundary}AM0PR10MB3428EURP_");
    let mut out = String::new();
    for (fields, content) in parts {
        let end = if content.ends_with("\r\n") { "" } else { "\r\n" };
        out.push_str(&format!("--{boundary}\r\n{fields}\r\n{content}{end}\r\n"));
    }
    out.push_str(&format!("--{boundary}--\r\n"));
    let kind = if subtype == "related" { ";\r\n\ttype=\"multipart/alternative\"" } else { "" };
    (format!("Content-Type: multipart/{subtype};\r\n\tboundary=\"{boundary}\"{kind}\r\n"), out)
}

/// Octets that do not compress and are the same each time (xorshift).
fn noise(octets: usize) -> impl Iterator<Item = u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    })
    .take(octets)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use mail_parser::{MessageParser, MimeHeaders};

    #[test]
    fn every_client_writes_a_mail_that_parses() {
        for client in Client::ALL {
            for letter in [Letter::first(), Letter::reply()] {
                let mail = letter.attach(File::pdf("figures.pdf", 3000)).written_in(client);
                assert!(!String::from_utf8_lossy(&mail).replace("\r\n", "").contains(['\r', '\n']));
                let parsed = MessageParser::new().parse(&mail).unwrap();
                assert!(parsed.body_text(0).unwrap().contains("Thursday"), "{client:?}");
                let attached = parsed.attachment(0).unwrap();
                assert_eq!(attached.attachment_name(), Some("figures.pdf"));
                assert_eq!(attached.contents(), File::pdf("figures.pdf", 3000).octets);
            }
        }
    }

    #[test]
    fn a_reply_carries_the_mark_of_its_client() {
        let marks = [
            (Client::OutlookDesktop, "border-top:solid #E1E1E1 1.0pt"),
            (Client::OutlookWeb, "<div id=\"appendonsend\">"),
            (Client::OutlookMobile, "mail-editor-reference-message-container"),
            (Client::Gmail, "<div class=\"gmail_quote"),
            (Client::AppleMail, "<blockquote type=\"cite\">"),
            (Client::Thunderbird, "<div class=\"moz-cite-prefix\">"),
        ];
        for (client, mark) in marks {
            let html = |letter: Letter| {
                let mail = letter.written_in(client);
                MessageParser::new().parse(&mail).unwrap().body_html(0).unwrap().into_owned()
            };
            assert!(html(Letter::reply()).contains(mark), "{client:?}");
            assert!(!html(Letter::first()).contains(mark), "{client:?}");
        }
    }
}
