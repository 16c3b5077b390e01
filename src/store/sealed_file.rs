//! A file of any length, sealed piece by piece as it is written and opened piece by piece as it is read, so that half a
//! million people take no more memory on their way than one piece.
//!
//! Each piece is bound to the name of the file, to the one time that it was written, to its place and to whether it is the
//! last: a piece that was changed, moved, taken from another file or left out does not open, and neither does a file that
//! was cut short. A file is written beside its place and moved there whole.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::StoreError;
use super::seal::Sealer;

/// Octets of a piece before it is sealed.
const PIECE: usize = 256 << 10;
/// What a sealed piece has beside them.
const SEAL: usize = 12 + 16;
/// At the beginning of each file.
const MAGIC: &[u8; 8] = b"SIGNETC1";
/// Set in the length of the last piece.
const LAST: u32 = 1 << 31;

/// A file being written. Dropped before its end it leaves nothing.
pub(super) struct SealedWriter {
    file: File,
    beside: PathBuf,
    place: PathBuf,
    binding: Binding,
    sealer: Arc<Sealer>,
    piece: Vec<u8>,
    written: u64,
    whole: bool,
}

/// A file being read. It gives nothing that was not sealed, and its end only when it was sealed as the end.
pub(super) struct SealedReader {
    file: BufReader<File>,
    binding: Binding,
    sealers: Vec<Arc<Sealer>>,
    piece: io::Cursor<Vec<u8>>,
    ended: bool,
}

/// What tells the pieces of one file from those of others.
struct Binding {
    name: String,
    time: [u8; 16],
    number: u64,
}

impl Binding {
    fn of_next(&mut self, last: bool) -> Vec<u8> {
        let mut bound = self.name.as_bytes().to_vec();
        bound.push(0);
        bound.extend_from_slice(&self.time);
        bound.extend_from_slice(&self.number.to_be_bytes());
        bound.push(u8::from(last));
        self.number += 1;
        bound
    }
}

impl SealedWriter {
    /// `name`: what the file is, which is not told by where it lies.
    pub fn create(place: &Path, name: &str, sealer: Arc<Sealer>) -> Result<SealedWriter, StoreError> {
        let mut time = [0; 16];
        aws_lc_rs::rand::fill(&mut time).map_err(|_| StoreError::Sealed)?;
        let beside = place.with_extension(format!("{:016x}.new", u64::from_be_bytes(first_half(time))));
        let mut file = File::options().write(true).create_new(true).mode(0o600).open(&beside).map_err(unwritable)?;
        file.write_all(MAGIC).and_then(|()| file.write_all(&time)).map_err(unwritable)?;
        let binding = Binding { name: name.to_owned(), time, number: 0 };
        let piece = Vec::new();
        Ok(SealedWriter { file, beside, place: place.to_owned(), binding, sealer, piece, written: 24, whole: false })
    }

    /// Writes the last piece and puts the file in its place. Gives its length.
    pub fn finish(mut self) -> Result<u64, StoreError> {
        self.write_piece(true).map_err(unwritable)?;
        std::fs::rename(&self.beside, &self.place).map_err(unwritable)?;
        self.whole = true;
        Ok(self.written)
    }

    fn write_piece(&mut self, last: bool) -> io::Result<()> {
        let bound = self.binding.of_next(last);
        let sealed = self.sealer.seal_octets(&bound, std::mem::take(&mut self.piece)).map_err(io::Error::other)?;
        let length = u32::try_from(sealed.len()).map_err(io::Error::other)? | if last { LAST } else { 0 };
        self.file.write_all(&length.to_be_bytes())?;
        self.file.write_all(&sealed)?;
        self.written += 4 + super::octets(sealed.len());
        Ok(())
    }
}

impl Write for SealedWriter {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let taken = octets.get(..PIECE - self.piece.len()).unwrap_or(octets);
        self.piece.extend_from_slice(taken);
        if self.piece.len() == PIECE {
            self.write_piece(false)?;
        }
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for SealedWriter {
    fn drop(&mut self) {
        if !self.whole {
            // It may never have been there.
            let _ = std::fs::remove_file(&self.beside);
        }
    }
}

impl SealedReader {
    /// `None` when there is no such file.
    pub fn open(place: &Path, name: &str, sealers: Vec<Arc<Sealer>>) -> Result<Option<SealedReader>, StoreError> {
        let mut file = match File::open(place) {
            Ok(file) => BufReader::new(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        let (mut magic, mut time) = ([0; 8], [0; 16]);
        file.read_exact(&mut magic).and_then(|()| file.read_exact(&mut time)).map_err(|_| StoreError::Sealed)?;
        if magic != *MAGIC {
            return Err(StoreError::Sealed);
        }
        let binding = Binding { name: name.to_owned(), time, number: 0 };
        Ok(Some(SealedReader { file, binding, sealers, piece: io::Cursor::default(), ended: false }))
    }

    fn next_piece(&mut self) -> io::Result<()> {
        let sealed = || io::Error::new(io::ErrorKind::InvalidData, StoreError::Sealed);
        let mut length = [0; 4];
        self.file.read_exact(&mut length).map_err(|_| sealed())?;
        let length = u32::from_be_bytes(length);
        let (last, length) = (length & LAST != 0, usize::try_from(length & !LAST).unwrap_or(usize::MAX));
        if length > PIECE + SEAL {
            return Err(sealed());
        }
        let mut octets = vec![0; length];
        self.file.read_exact(&mut octets).map_err(|_| sealed())?;
        let bound = self.binding.of_next(last);
        let opened =
            self.sealers.iter().enumerate().find_map(|(at, key)| Some((at, key.open_octets(&bound, &octets).ok()?)));
        let (key, plain) = opened.ok_or_else(sealed)?;
        // One key sealed all of it.
        self.sealers.swap(0, key);
        self.sealers.truncate(1);
        if last && self.file.read(&mut [0])? != 0 {
            return Err(sealed());
        }
        (self.piece, self.ended) = (io::Cursor::new(plain), last);
        Ok(())
    }
}

impl Read for SealedReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.piece.read(into)?;
            if read > 0 || self.ended || into.is_empty() {
                return Ok(read);
            }
            self.next_piece()?;
        }
    }
}

fn first_half(octets: [u8; 16]) -> [u8; 8] {
    std::array::from_fn(|at| octets.get(at).copied().unwrap_or_default())
}

pub(super) fn unwritable(error: io::Error) -> StoreError {
    StoreError::Unavailable(format!("a copy cannot be written: {error}"))
}

pub(super) fn unreadable(error: io::Error) -> StoreError {
    StoreError::Unavailable(format!("a copy cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sealer(octet: u8) -> Arc<Sealer> {
        Arc::new(Sealer::of_records(&[octet; 32]).unwrap())
    }

    fn write(place: &Path, name: &str, octets: &[u8]) -> Vec<u8> {
        let mut writer = SealedWriter::create(place, name, sealer(1)).unwrap();
        writer.write_all(octets).unwrap();
        let length = writer.finish().unwrap();
        let written = std::fs::read(place).unwrap();
        assert_eq!(u64::try_from(written.len()).unwrap(), length);
        written
    }

    fn read(place: &Path, name: &str, sealers: Vec<Arc<Sealer>>) -> Option<Vec<u8>> {
        let mut all = Vec::new();
        SealedReader::open(place, name, sealers).ok()??.read_to_end(&mut all).ok()?;
        Some(all)
    }

    #[test]
    fn what_was_sealed_comes_back_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a.people");
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            let plain: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let written = write(&place, "a", &plain);
            assert_eq!(read(&place, "a", vec![sealer(2), sealer(1)]), Some(plain.clone()));
            assert_eq!(read(&place, "b", vec![sealer(1)]), None, "another's file was taken");
            assert_eq!(read(&place, "a", vec![sealer(2)]), None, "another key opened it");
            // Cut anywhere, changed anywhere, with something behind it.
            for at in [0, 7, 8, 23, 24, 27, 28, 40, written.len() / 2, written.len() - 1] {
                std::fs::write(&place, &written[..at]).unwrap();
                assert_eq!(read(&place, "a", vec![sealer(1)]), None, "cut at {at} of {}", written.len());
                let mut changed = written.clone();
                changed[at] ^= 1;
                std::fs::write(&place, &changed).unwrap();
                assert_eq!(read(&place, "a", vec![sealer(1)]), None, "changed at {at} of {}", written.len());
            }
            std::fs::write(&place, [&written[..], b"x"].concat()).unwrap();
            assert_eq!(read(&place, "a", vec![sealer(1)]), None);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "something was left beside it");
    }

    #[test]
    fn pieces_of_two_files_of_one_name_are_not_mixed() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a.people");
        let (one, other) = (write(&place, "a", &vec![b'1'; 2 * PIECE]), write(&place, "a", &vec![b'2'; 2 * PIECE]));
        let second = 24 + 4 + PIECE + SEAL;
        std::fs::write(&place, [&one[..second], &other[second..]].concat()).unwrap();
        assert_eq!(read(&place, "a", vec![sealer(1)]), None);
        // And a piece twice, or left out.
        std::fs::write(&place, [&one[..second], &one[24..]].concat()).unwrap();
        assert_eq!(read(&place, "a", vec![sealer(1)]), None);
        std::fs::write(&place, [&one[..24], &one[second..]].concat()).unwrap();
        assert_eq!(read(&place, "a", vec![sealer(1)]), None);
    }

    #[test]
    fn what_is_given_up_leaves_the_file_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a.rules");
        write(&place, "a", b"before");
        let mut writer = SealedWriter::create(&place, "a", sealer(1)).unwrap();
        writer.write_all(&vec![0; 2 * PIECE]).unwrap();
        drop(writer);
        assert_eq!(read(&place, "a", vec![sealer(1)]), Some(b"before".to_vec()));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
