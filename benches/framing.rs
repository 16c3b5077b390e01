//! One message through the server's side of a session, by DATA and by BDAT, in reads of 16 KiB.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use signet::smtp::{Action, Extensions, Reply, Server, ServerConfig, Tls};

use crate::case::{Case, ready};
use crate::mail;

pub fn cases() -> Vec<Case> {
    let by_verb = |verb: &'static str, session: fn(&[u8]) -> Vec<Bytes>| {
        mail::SIZES.map(|(name, octets)| {
            Case::new(format!("framing/{verb}/{name}"), move || {
                let offer = Extensions { starttls: false, ..Extensions::for_microsoft(157_286_400) };
                let config = Arc::new(ServerConfig::new("eu-a.signet.example", offer, Tls::Off));
                let message = mail::message(octets);
                let session = session(&message);
                assert_eq!(received(&config, &session), message.len());
                ready(move || {
                    black_box(received(&config, black_box(&session)));
                })
            })
        })
    };
    [by_verb("data", by_data), by_verb("bdat", by_bdat)].into_iter().flatten().collect()
}

const ENVELOPE: &str = "EHLO mail.example\r\nMAIL FROM:<ada@contoso.example>\r\nRCPT TO:<bob@fabrikam.example>\r\n";

pub fn by_data(message: &[u8]) -> Vec<Bytes> {
    // No line of the messages begins with a dot: there is nothing to stuff.
    reads(&["DATA\r\n".as_bytes(), message, b".\r\n"])
}

pub fn by_bdat(message: &[u8]) -> Vec<Bytes> {
    reads(&[format!("BDAT {} LAST\r\n", message.len()).as_bytes(), message])
}

/// The session as a socket gives it: each command in a read of its own, as the answers are waited for.
fn reads(content: &[&[u8]]) -> Vec<Bytes> {
    let commands = ENVELOPE.split_inclusive("\r\n").map(|line| Bytes::from(line.to_owned()));
    let content = content.concat();
    let verb = content.iter().position(|octet| *octet == b'\n').unwrap() + 1;
    let rest = content[verb..].chunks(mail::READ_OCTETS).map(Bytes::copy_from_slice);
    commands.chain([Bytes::copy_from_slice(&content[..verb])]).chain(rest).collect()
}

/// How many octets of content the owner of the session was given.
fn received(config: &Arc<ServerConfig>, session: &[Bytes]) -> usize {
    let now = Instant::now();
    let mut server = Server::new(Arc::clone(config), now);
    let mut input = BytesMut::new();
    let mut octets = act(&mut server, now);
    for read in session {
        input.extend_from_slice(read);
        server.feed(&mut input, now);
        octets += act(&mut server, now);
    }
    octets
}

fn act(server: &mut Server, now: Instant) -> usize {
    let mut octets = 0;
    while let Some(action) = server.poll_action() {
        match action {
            Action::Mail(_) | Action::Rcpt(_) | Action::ChunkTaken | Action::EndOfMessage => {
                server.answer(Reply::ok(), now)
            }
            Action::Data => server.answer(Reply::go_ahead(), now),
            Action::Body(slice) => octets += slice.len(),
            _ => {}
        }
    }
    octets
}
