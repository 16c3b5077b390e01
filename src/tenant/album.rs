//! The photos that a directory has of a tenant's people: a part of the snapshot that is read and decoded once, however
//! often rules and people change.
//!
//! Each picture has a hash, by which the next album takes over what this one has; two people with one picture share it.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use xxhash_rust::xxh3::xxh3_64;

use super::file::ImageType;
use super::snapshot::{HostedImage, IMAGE_BYTES};

/// A photo as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlbumEntry {
    /// Id of the image, as a person's `photo` names it.
    pub id: String,
    pub content_type: ImageType,
    /// The store's name of the picture.
    pub hash: String,
    /// `None`: the album before has it.
    pub picture: Option<Bytes>,
}

/// Photos by the ids of their images.
#[derive(Debug, Default)]
pub struct Album {
    photos: HashMap<Box<str>, Photo>,
    digest: u64,
    bytes: usize,
}

#[derive(Debug)]
struct Photo {
    hash: Box<str>,
    image: Arc<HostedImage>,
}

impl Album {
    /// Takes from the album before what it has. An entry whose picture is nowhere is passed over.
    pub fn compile(entries: Vec<AlbumEntry>, before: &Album) -> Album {
        let mut pictures: HashMap<Box<str>, Arc<HostedImage>> =
            before.photos.values().map(|photo| (photo.hash.clone(), photo.image.clone())).collect();
        let mut album = Album::default();
        for AlbumEntry { id, content_type, hash, picture } in entries {
            let hash: Box<str> = hash.into();
            let known = pictures.get(&hash).filter(|image| image.kind() == content_type).cloned();
            let made = || picture.map(|picture| Arc::new(HostedImage::new(content_type, picture)));
            let Some(image) = known.or_else(made) else { continue };
            pictures.insert(hash.clone(), image.clone());
            album.digest ^= xxh3_64(format!("{id} {hash}").as_bytes());
            album.bytes += image.bytes().len() + id.len() + hash.len() + IMAGE_BYTES;
            album.photos.insert(id.into(), Photo { hash, image });
        }
        album
    }

    /// Whether a picture is there, by its hash; whoever asks often keeps the answer.
    pub fn hashes(&self) -> std::collections::HashSet<&str> {
        self.photos.values().map(|photo| &*photo.hash).collect()
    }

    /// The same for the same photos; 0 without any.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// Every photo with its picture.
    pub fn entries(&self) -> impl Iterator<Item = AlbumEntry> {
        self.photos.iter().map(|(id, Photo { hash, image })| AlbumEntry {
            id: id.to_string(),
            content_type: image.kind(),
            hash: hash.to_string(),
            picture: Some(image.bytes().clone()),
        })
    }

    /// About how many octets of memory it takes; a picture of two people counts twice.
    pub fn memory_bytes(&self) -> usize {
        size_of::<Album>() + self.bytes
    }

    pub(super) fn image(&self, id: &str) -> Option<&HostedImage> {
        self.photos.get(id).map(|photo| &*photo.image)
    }

    pub(super) fn images(&self) -> impl Iterator<Item = &HostedImage> {
        self.photos.values().map(|photo| &*photo.image)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn entry(id: &str, hash: &str, picture: Option<&'static [u8]>) -> AlbumEntry {
        let (id, hash, content_type) = (id.to_owned(), hash.to_owned(), ImageType::Jpeg);
        AlbumEntry { id, content_type, hash, picture: picture.map(Bytes::from_static) }
    }

    #[test]
    fn what_the_album_before_has_is_taken_over_as_it_is() {
        let first = vec![entry("a", "1", Some(b"one")), entry("b", "2", Some(b"two")), entry("c", "1", None)];
        let first = Album::compile(first, &Album::default());
        assert_eq!(first.image("c").unwrap().bytes(), &b"one"[..]);
        let next = Album::compile(vec![entry("b", "2", None), entry("d", "3", Some(b"new"))], &first);
        assert!(std::ptr::eq(first.image("b").unwrap(), next.image("b").unwrap()), "decoded anew");
        assert!(next.image("a").is_none() && next.image("d").is_some());
        assert!(next.memory_bytes() < first.memory_bytes());
        let nowhere = Album::compile(vec![entry("e", "5", None)], &next);
        assert!(nowhere.image("e").is_none());
        assert_eq!((nowhere.digest(), nowhere.hashes().len()), (0, 0));
    }

    #[test]
    fn the_digest_is_of_what_is_there_in_whatever_order() {
        let of = |entries: &[(&str, &str)]| {
            let entries = entries.iter().map(|(id, hash)| entry(id, hash, Some(b"x"))).collect();
            Album::compile(entries, &Album::default()).digest()
        };
        assert_eq!(of(&[("a", "1"), ("b", "2")]), of(&[("b", "2"), ("a", "1")]));
        assert_ne!(of(&[("a", "1"), ("b", "2")]), of(&[("a", "2"), ("b", "1")]));
        assert_ne!(of(&[("a", "1")]), of(&[]));
    }
}
