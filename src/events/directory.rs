//! Reading of directories: a run that begins, a run that ends, an application that cannot be used.

use std::time::Duration;

use super::{Synced, milliseconds};
use crate::metrics::metrics;

/// A tenant's directory is read from now on.
#[derive(Debug)]
pub struct DirectoryBegun<'a> {
    pub tenant: &'a str,
}

impl DirectoryBegun<'_> {
    pub fn emit(&self) {
        tracing::info!(tenant = self.tenant, "Directory begun.");
    }
}

/// A tenant's directory was read, or not.
#[derive(Debug)]
pub struct DirectoryRead<'a> {
    pub tenant: &'a str,
    pub ended: Synced,
    pub pages: u64,
    pub people: u64,
    pub gone: u64,
    pub groups: u64,
    pub memberships: u64,
    /// Photos that came or went.
    pub photos: u64,
    /// What the administrator reads.
    pub text: &'a str,
    pub took: Duration,
}

impl DirectoryRead<'_> {
    pub fn emit(&self) {
        let DirectoryRead { tenant, ended, pages, people, gone, groups, memberships, photos, text, took } = self;
        metrics().directory_read_total.with_label_values(&[ended.word()]).inc();
        metrics().directory_page_total.inc_by(*pages);
        let (ended_word, took_ms) = (ended.word(), milliseconds(*took));
        match ended {
            Synced::Done | Synced::Stopped => tracing::info!(
                tenant,
                ended = ended_word,
                pages,
                people,
                gone,
                groups,
                memberships,
                photos,
                text,
                took_ms,
                "Directory read."
            ),
            _ => tracing::warn!(
                tenant,
                ended = ended_word,
                pages,
                people,
                gone,
                groups,
                memberships,
                photos,
                text,
                took_ms,
                "Directory read."
            ),
        }
    }
}

/// No directory can be read: the application's files cannot be used. A human is needed.
#[derive(Debug)]
pub struct DirectoryUnusable<'a> {
    pub cause: &'a str,
}

impl DirectoryUnusable<'_> {
    pub fn emit(&self) {
        tracing::error!(cause = self.cause, "Directories cannot be read.");
    }
}
