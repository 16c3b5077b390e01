//! `signet imprint` without the appliance, for the independent checkers: reads a message, writes it signed.
//!
//! `imprint --html FILE --plain FILE [--place reply|top|bottom] [--embed ID=FILE] [MESSAGE]`

use std::io::{Read, Write};

use bytes::Bytes;
use signet::imprint::{Image, Piece, Place, Stamp, file};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut piece = Piece { place: Place::Reply, html: String::new(), plain: String::new(), images: Vec::new() };
    let mut message = Vec::new();
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "imprint");
    while let Some(name) = arguments.next() {
        if !name.starts_with("--") {
            message = std::fs::read(name)?;
            continue;
        }
        let value = arguments.next().ok_or("a value is missing")?;
        match name.as_str() {
            "--html" => piece.html = std::fs::read_to_string(value)?,
            "--plain" => piece.plain = std::fs::read_to_string(value)?,
            "--place" => {
                piece.place = match value.as_str() {
                    "top" => Place::Top,
                    "bottom" => Place::Bottom,
                    _ => Place::Reply,
                };
            }
            "--embed" => {
                let (id, path) = value.split_once('=').ok_or("--embed ID=FILE")?;
                piece.images.push(Image {
                    id: id.to_owned(),
                    content_type: "image/png".to_owned(),
                    file_name: path.rsplit('/').next().unwrap_or("image.png").to_owned(),
                    bytes: std::fs::read(path)?.into(),
                });
            }
            _ => return Err(format!("unknown option {name}").into()),
        }
    }
    if message.is_empty() {
        std::io::stdin().read_to_end(&mut message)?;
    }
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs().try_into()?;
    let stamp = Stamp { pieces: vec![piece] };
    let imprinted = file::imprint(Bytes::from(message), &stamp, &file::public_key(), now, [0x5a; 16]);
    let mut out = std::io::stdout().lock();
    for slice in &imprinted.slices {
        out.write_all(slice)?;
    }
    out.flush()?;
    if !imprinted.outcome.covered {
        return Err("the commit gate is shut".into());
    }
    eprintln!("{}", imprinted.outcome.line());
    Ok(())
}
