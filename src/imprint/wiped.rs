//! Buffers of our own that held or decoded text passes through: zeroed when dropped.
//!
//! Slices of the input are not ours and are not zeroed here; who reads the socket owns them.

use std::ops::{Deref, DerefMut};

use bytes::Bytes;

/// Octets that are overwritten when dropped.
#[derive(Default)]
pub(super) struct Wiped(Vec<u8>);

impl Wiped {
    pub(super) fn new(octets: Vec<u8>) -> Wiped {
        Wiped(octets)
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
        // Without a reader the compiler may leave the fill out.
        std::hint::black_box(&self.0);
    }
}

/// Text that is overwritten when dropped.
#[derive(Default)]
pub(super) struct WipedText(String);

impl WipedText {
    pub(super) fn new(text: String) -> WipedText {
        WipedText(text)
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
