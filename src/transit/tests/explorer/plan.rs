//! What is explored: how the sender sends, what the next hop offers, how many faults may happen; and the one message.

use bytes::Bytes;

use super::super::{CONTOSO, LOGO, microsoft_headers};

/// One configuration of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Plan {
    pub framing: Framing,
    pub recipients: usize,
    /// Whether the sender and the next hop pipeline (RFC 2920).
    pub pipelining: Pipelining,
    /// The next hop takes BDAT.
    pub chunking: bool,
    /// `MAIL FROM:<>`: only the headers tell the tenant, and we answer the envelope ourselves.
    pub deferred: bool,
    /// QUIT is said behind the content, before it is answered (RFC 2920 section 3.1).
    pub quits_ahead: bool,
    /// A session to the next hop is kept warm from the beginning.
    pub warm: bool,
    /// Retries are known again; the entries end with the process.
    pub ledger: bool,
    /// The tenant's rules are not in memory.
    pub cold: bool,
    /// The first recipient gets a signature, the others none.
    pub copies: bool,
    /// The signature has a picture, which lies in the message: the release waits for it.
    pub picture: bool,
    /// Faults in one run.
    pub faults: usize,
}

/// How the sender frames the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Framing {
    Data,
    /// One `BDAT n LAST`.
    Last,
    /// Several BDATs, the last with LAST.
    Many,
    /// The same, ended by `BDAT 0 LAST`.
    ManyThenEmpty,
    /// The same as `Many`, with BODY=BINARYMIME: one chunk out for each chunk in.
    Binary,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pipelining {
    Neither,
    Sender,
    NextHop,
    Both,
}

impl Pipelining {
    pub fn of_sender(self) -> bool {
        matches!(self, Pipelining::Sender | Pipelining::Both)
    }

    pub fn of_next_hop(self) -> bool {
        matches!(self, Pipelining::NextHop | Pipelining::Both)
    }
}

impl Plan {
    pub const fn new(framing: Framing, faults: usize) -> Plan {
        Plan {
            framing,
            recipients: 1,
            pipelining: Pipelining::Both,
            chunking: true,
            deferred: false,
            quits_ahead: false,
            warm: false,
            ledger: false,
            cold: false,
            copies: false,
            picture: false,
            faults,
        }
    }
}

/// The message in pieces, as the sender gives them to its socket. A signature is decided upon in the second; lines
/// that begin with a dot stand in the first and the last.
pub fn pieces(plan: Plan) -> [Bytes; 3] {
    if plan.picture {
        return pieces_with_a_picture();
    }
    let headers = microsoft_headers(CONTOSO, "contoso.example", "Ada <ada@contoso.example>")
        .replace("text/plain; charset=utf-8", "multipart/mixed; boundary=b");
    [
        Bytes::from(format!("{headers}\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n..dots\r\n")),
        Bytes::from("--b\r\nContent-Type: application/octet-stream\r\n\r\nAAAA\r\n"),
        Bytes::from(".\r\nBBBB\r\n--b--\r\n"),
    ]
}

/// It is decided that it is signed in the second, and in the third where its picture is.
fn pieces_with_a_picture() -> [Bytes; 3] {
    let headers = microsoft_headers(CONTOSO, "contoso.example", "Ada <ada@contoso.example>")
        .replace("text/plain; charset=utf-8", "multipart/related; boundary=b");
    let (first, rest) = LOGO.split_at(40);
    let fields = "Content-Type: image/png\r\nContent-ID: <logo@b>\r\nContent-Transfer-Encoding: base64";
    [
        Bytes::from(format!(
            "{headers}\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello\r\n..dots</p>\r\n"
        )),
        Bytes::from(format!("--b\r\n{fields}\r\n\r\n{first}\r\n")),
        Bytes::from(format!("{rest}\r\n--b--\r\n.\r\nBBBB\r\n")),
    ]
}

pub fn is_signed(content: &[u8]) -> bool {
    String::from_utf8_lossy(content).contains("Regards from")
}

/// Whether `content` is the message as it came, whole, with our two fields on top and at most the signature in it, which
/// may have brought its picture.
pub fn is_whole(plan: Plan, content: &[u8]) -> Result<(), String> {
    let fault = |what: &str| Err(format!("cut or damaged, {what}: {:?}", String::from_utf8_lossy(content)));
    let original = pieces(plan).concat();
    let beginning = b"From: Ada";
    let Some(at) = content.windows(beginning.len()).position(|window| window == beginning) else {
        return fault("its beginning");
    };
    let (fields, rest) = content.split_at(at);
    let ours = fields.starts_with(b"Received: ") && fields.ends_with(b"\r\n");
    if !fields.is_empty() && !ours {
        return fault("the fields on top");
    }
    let rest = &without_our_picture(rest)[..];
    let before = rest.iter().zip(&original).take_while(|(one, other)| one == other).count();
    let after = rest.iter().rev().zip(original.iter().rev()).take_while(|(one, other)| one == other).count();
    if before + after < original.len() || rest.len() < original.len() {
        return fault("what came");
    }
    let inserted = String::from_utf8_lossy(&rest[before..before + rest.len() - original.len()]).into_owned();
    if inserted.is_empty()
        || inserted.contains("Regards from ada of contoso") && inserted.len() < if plan.picture { 2_000 } else { 200 }
    {
        Ok(())
    } else {
        fault("what was put in")
    }
}

/// The message without the part that was attached to it.
fn without_our_picture(content: &[u8]) -> Vec<u8> {
    let find = |what: &[u8]| content.windows(what.len()).position(|window| window == what);
    let Some(ours) = find(b"Content-ID: <signet-image") else { return content.to_vec() };
    let delimiter = b"\r\n--b";
    let begins = |at: &usize| content[*at..].starts_with(delimiter);
    let start = (0..ours).rev().find(begins).unwrap_or(ours);
    let end = (ours..content.len()).find(begins).unwrap_or(ours);
    [&content[..start], &content[end..]].concat()
}
