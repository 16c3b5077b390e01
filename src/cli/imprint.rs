//! `signet imprint`: one message from standard input to standard output, with a signature; one line about it on
//! standard error.
//!
//! The same engine as on the mail path. No Received is added; the stamp is keyed by `--key`, else by a public key
//! that serves only to see the second pass. A message that is left as it came is no failure: exit code 0.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use clap::{Args, ValueEnum};

use signet::config::{read_key_file, word_files};
use signet::imprint::file::{imprint, public_key};
use signet::imprint::{Image, Piece, Place, Stamp, StampKey};

use super::{FAILED, Failure};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The signature as HTML, UTF-8.
    #[arg(long, value_name = "FILE")]
    html: PathBuf,
    /// The signature as plain text, UTF-8.
    #[arg(long, value_name = "FILE")]
    plain: PathBuf,
    /// Where it goes.
    #[arg(long, value_enum, default_value_t = Where::Reply)]
    place: Where,
    /// A picture (.png, .jpg or .gif) that goes with the message; the HTML shows it as `cid:` and the file's name without
    /// its ending. May be given more than once.
    #[arg(long, value_name = "FILE")]
    image: Vec<PathBuf>,
    /// A message of plain text alone gets the same text as HTML beside it, signed with the HTML.
    #[arg(long)]
    plain_becomes_html: bool,
    /// 32 octets in base64 that key the stamp.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Folder with words of one's own by which quoted text is found.
    #[arg(long, value_name = "FOLDER")]
    words: Option<PathBuf>,
    /// The message; without it, standard input.
    message: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Where {
    /// Under the newest text, above the quoted reply.
    Reply,
    /// Before everything.
    Top,
    /// After everything.
    Bottom,
}

pub(super) fn perform(arguments: &Arguments, input: &mut impl Read, output: &mut impl Write) -> Result<(), Failure> {
    let stamp = Stamp { plain_becomes_html: arguments.plain_becomes_html, ..Stamp::new(vec![piece(arguments)?]) };
    if let Some(folder) = &arguments.words {
        word_files(folder).map_err(|wrong| Failure::new(wrong.join("\n")))?.put_in_force();
    }
    let key = match &arguments.key {
        Some(file) => StampKey { id: "file".to_owned(), secret: read_key_file(file).map_err(Failure::new)? },
        None => public_key(),
    };
    let message = match &arguments.message {
        Some(file) => std::fs::read(file).map_err(|error| unreadable(file, &error))?,
        None => {
            let mut message = Vec::new();
            input.read_to_end(&mut message).map_err(Failure::new)?;
            message
        }
    };
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default();
    // It makes names unique and guards nothing: no reason to have the processor measured first (`harden.rs`).
    let salt = uuid::Uuid::now_v7().into_bytes();
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    let imprinted = imprint(Bytes::from(message), &stamp, &key, seconds, salt);
    if !imprinted.outcome.covered {
        // The commit gate: such a message is never handed on.
        return Err(Failure {
            code: FAILED,
            text: "the message would not have come out whole; nothing was written".to_owned(),
        });
    }
    for slice in &imprinted.slices {
        output.write_all(slice).map_err(Failure::new)?;
    }
    output.flush().map_err(Failure::new)?;
    writeln!(io::stderr(), "{}", imprinted.outcome.line()).map_err(Failure::new)
}

fn piece(arguments: &Arguments) -> Result<Piece, Failure> {
    let text = |file: &Path| std::fs::read_to_string(file).map_err(|error| unreadable(file, &error));
    let place = match arguments.place {
        Where::Reply => Place::Reply,
        Where::Top => Place::Top,
        Where::Bottom => Place::Bottom,
    };
    let plain = text(&arguments.plain)?.replace("\r\n", "\n");
    let images = arguments.image.iter().map(|file| image(file)).collect::<Result<_, _>>()?;
    Ok(Piece { place, html: text(&arguments.html)?, plain, rich: None, images })
}

fn image(file: &Path) -> Result<Image, Failure> {
    let part = |name: Option<&OsStr>| name.and_then(OsStr::to_str).unwrap_or_default().to_owned();
    let content_type = match part(file.extension()).to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        _ => return Err(Failure::new(format!("{}: a picture ends in .png, .jpg or .gif", file.display()))),
    };
    let bytes = std::fs::read(file).map_err(|error| unreadable(file, &error))?;
    Ok(Image {
        id: part(file.file_stem()),
        content_type: content_type.to_owned(),
        file_name: part(file.file_name()),
        bytes: Bytes::from(bytes),
    })
}

fn unreadable(file: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{}: {error}", file.display()))
}
