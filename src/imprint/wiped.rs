//! Buffers of our own that held or decoded text passes through: zeroed when dropped.
//!
//! Slices of the input are not ours and are not zeroed here; who reads the socket owns them.

use std::fmt;
use std::mem::MaybeUninit;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;

/// Octets that are overwritten when dropped.
#[derive(Default)]
#[cfg_attr(test, derive(Clone, Debug))]
pub(super) struct Wiped(Vec<u8>);

impl Wiped {
    pub(super) fn new(octets: Vec<u8>) -> Wiped {
        Wiped(octets)
    }

    /// Moves to a larger buffer by hand: a `Vec` that grows by itself leaves its old one as it was.
    pub(super) fn extend_from_slice(&mut self, octets: &[u8]) {
        let needed = self.0.len().saturating_add(octets.len());
        if needed > self.0.capacity() {
            let mut larger = Vec::with_capacity(needed.max(self.0.capacity() * 2));
            larger.extend_from_slice(&self.0);
            drop(Wiped(std::mem::replace(&mut self.0, larger)));
        }
        self.0.extend_from_slice(octets);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The octets as text, moved, not copied; themselves where they are not UTF-8.
    pub(super) fn into_text(mut self) -> Result<WipedText, Wiped> {
        match String::from_utf8(std::mem::take(&mut self.0)) {
            Ok(text) => Ok(WipedText::new(text)),
            Err(error) => Err(Wiped(error.into_bytes())),
        }
    }

    /// Shares the octets; the last one to drop them zeroes them.
    pub(super) fn into_bytes(self) -> Bytes {
        Bytes::from_owner(self)
    }
}

impl Deref for Wiped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl DerefMut for Wiped {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        self.0.fill(0);
        // What was cut off once lies behind the end.
        self.0.spare_capacity_mut().fill(MaybeUninit::new(0));
        // Without a reader the compiler may leave the fill out.
        std::hint::black_box(&self.0);
    }
}

/// Text that is overwritten when dropped.
#[derive(Default, PartialEq, Eq)]
pub(super) struct WipedText(String);

impl WipedText {
    pub(super) fn new(text: String) -> WipedText {
        WipedText(text)
    }

    pub(super) fn with_capacity(bytes: usize) -> WipedText {
        WipedText(String::with_capacity(bytes))
    }

    pub(super) fn push(&mut self, c: char) {
        self.make_room(c.len_utf8());
        self.0.push(c);
    }

    pub(super) fn push_str(&mut self, text: &str) {
        self.make_room(text.len());
        self.0.push_str(text);
    }

    /// As [`push_str`](Self::push_str), ASCII letters in lower case.
    pub(super) fn push_lower_case(&mut self, text: &str) {
        let at = self.0.len();
        self.push_str(text);
        if let Some(pushed) = self.0.get_mut(at..) {
            pushed.make_ascii_lowercase();
        }
    }

    pub(super) fn truncate(&mut self, bytes: usize) {
        self.0.truncate(bytes);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// As [`Wiped::extend_from_slice`] does.
    fn make_room(&mut self, bytes: usize) {
        let needed = self.0.len().saturating_add(bytes);
        if needed > self.0.capacity() {
            let mut larger = String::with_capacity(needed.max(self.0.capacity() * 2));
            larger.push_str(&self.0);
            drop(WipedText(std::mem::replace(&mut self.0, larger)));
        }
    }
}

impl From<&str> for WipedText {
    fn from(text: &str) -> WipedText {
        WipedText(text.to_owned())
    }
}

impl Clone for WipedText {
    fn clone(&self) -> WipedText {
        WipedText(self.0.clone())
    }
}

impl fmt::Debug for WipedText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "WipedText({} bytes)", self.0.len())
    }
}

impl Deref for WipedText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Drop for WipedText {
    fn drop(&mut self) {
        drop(Wiped(std::mem::take(&mut self.0).into_bytes()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_grow_as_others_do() {
        let mut text = WipedText::from("a");
        let mut plain = "a".to_owned();
        for number in 0..100 {
            text.push('ä');
            text.push_str("bc");
            plain.push('ä');
            plain.push_str("bc");
            if number % 10 == 0 {
                text.truncate(text.len() / 2 / 4 * 4 + 1);
                plain.truncate(text.len());
            }
            assert_eq!(&*text, plain);
        }
        text.clear();
        assert!(text.is_empty());
        let mut octets = Wiped::default();
        (0..=99_u8).for_each(|number| octets.extend_from_slice(&[number]));
        assert!(octets.iter().copied().eq(0..=99));
        octets.clear();
        assert!(octets.is_empty());
        assert_eq!(format!("{:?}", WipedText::from("secret")), "WipedText(6 bytes)");
    }
}
