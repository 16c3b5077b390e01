//! Why the store did not do what it was asked.

use crate::config::{KeyFileError, PairError};
use crate::tenant::{Problem, Revision};

use super::FailedCase;

/// Why the store did not do what it was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database is not there, or its disk is full.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// No answer in time, or locked for too long.
    #[error("the store did not answer in time")]
    Timeout,
    /// Another change came between, again and again.
    #[error("the store was changed by others at the same time; try again")]
    Conflict,
    /// A user of PostgreSQL for whom tenants are not kept apart.
    #[error("the database user {0} passes by row-level security; use one that is neither superuser nor BYPASSRLS")]
    Superuser(String),
    /// The schema could not be brought up to date, or is of a newer program.
    #[error("the schema of the store does not fit this program: {0}")]
    Schema(String),
    /// The key file could not be used.
    #[error("{0}")]
    Key(KeyFileError),
    /// The key is not the one this store was made with.
    #[error("the key file is not the one this store was sealed with; put back the right one (store.key_file)")]
    WrongKey,
    /// A sealed value does not open: it was changed, or moved from elsewhere.
    #[error("a sealed value in the store does not open")]
    Sealed,
    /// A row is not what this program wrote.
    #[error("the store holds something this program cannot read: {0}")]
    Corrupt(String),
    /// The tenant file cannot be taken.
    #[error("{}", .0.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
    /// There is no such tenant.
    #[error("there is no tenant {0}")]
    UnknownTenant(String),
    /// It was changed since it was looked at; its revision now.
    #[error("the tenant was changed meanwhile; it is at revision {} now", .0.0)]
    Changed(Revision),
    /// Somebody else has saved, published or discarded the draft since it was looked at.
    #[error("the draft was changed meanwhile; look at it as it is now, and nothing is lost")]
    DraftChanged,
    /// Test cases would not pass any more.
    #[error("{}", told(.0))]
    Cases(Vec<FailedCase>),
    /// So many of them are kept, and no more.
    #[error("there are {most} {what} already, and no more are kept; remove some first")]
    Full { what: &'static str, most: i64 },
    /// There is one already.
    #[error("there is a tenant {0} already")]
    Exists(String),
    /// There is no such thing of a tenant.
    #[error("there is no {what} {id}")]
    Unknown { what: &'static str, id: String },
    /// There is one of this id already.
    #[error("there is a {what} {id} already")]
    There { what: &'static str, id: String },
    /// There is no such token.
    #[error("there is no token {0}")]
    UnknownToken(String),
    /// Nobody of the team could make another one its owner.
    #[error("{0} would be without an owner; make somebody else its owner first")]
    LastOwner(String),
    /// Mails to strangers are limited.
    #[error("so many invitations were mailed within a day that no further one is; try again tomorrow")]
    Invitations,
    /// There is no such version of a signature.
    #[error("signature {signature} has no version {version} to go back to")]
    UnknownVersion { signature: String, version: i64 },
    /// Chain and key make no pair.
    #[error("{0}")]
    Pair(PairError),
    /// The certificate's life is over.
    #[error("the certificate has expired")]
    Expired,
    /// The tenant file asks for no directory.
    #[error("{0} reads no directory; give its tenant file a `directory` first")]
    NoDirectory(String),
    /// There is no CSV file to go back to.
    #[error("{0} has no CSV file to go back to")]
    NoCsv(String),
    /// It relays only, and changes no more.
    #[error("{0} is leaving: its mail is relayed unsigned until none comes; take the leaving back first")]
    Leaving(String),
    /// What is paid for is not to be had.
    #[error("{0} has no trial or subscription that is in force; begin the trial, or ask the operator to subscribe it")]
    NotSubscribed(String),
    /// There is one trial.
    #[error("{0} needs no trial, or has had it")]
    HadTrial(String),
    /// The directory is being read.
    #[error("the directory is being read already; wait for the end of that run")]
    SyncRunning,
    /// The run is not ours any more.
    #[error("another process reads this directory now")]
    SyncTaken,
    /// Records are kept 0 to 365 days.
    #[error("{0} days: decision records are kept 0 to 365 days")]
    Retention(u32),
}

fn told(failed: &[FailedCase]) -> String {
    let names: Vec<&str> = failed.iter().map(|case| case.name.as_str()).collect();
    match names.len() {
        1 => format!("the test case “{}” would fail", names.join("")),
        count => format!("{count} test cases would fail: “{}”", names.join("”, “")),
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        match error {
            sqlx::Error::PoolTimedOut => StoreError::Timeout,
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::ColumnNotFound(_) => {
                StoreError::Corrupt(error.to_string())
            }
            sqlx::Error::Database(error) => match error.code().as_deref() {
                // Of PostgreSQL: serialization failure and deadlock; lock not had and statement cancelled in time.
                Some("40001" | "40P01") => StoreError::Conflict,
                Some("55P03" | "57014") => StoreError::Timeout,
                // Of SQLite: another writes, and has not ended within the time that is waited for it.
                Some("5" | "261" | "517" | "773") => StoreError::Timeout,
                _ => StoreError::Unavailable(error.to_string()),
            },
            other => StoreError::Unavailable(other.to_string()),
        }
    }
}
