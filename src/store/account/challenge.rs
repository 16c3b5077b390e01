//! What was mailed to somebody who has to show it: the link that proves an address or sets a password, the code of a
//! sign-in from a browser nobody knows.
//!
//! A link carries 256 random bits, and that is all. A code has six digits, so it is bound to the browser that asked:
//! the store has the code's hash under a key that only this browser has, and whoever guesses has a few tries.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sqlx::{AnyConnection, Row};

use super::hash;
use super::totp::Right;
use crate::store::backend::Scope;
use crate::store::{Store, StoreError, secrets, within};

/// Wrong codes after which another sign-in has to begin.
pub const TRIES: i64 = 5;
/// Mails of one challenge: the first, and those asked for again.
pub const MOST_MAILS: i64 = 3;

/// What is proven by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The address of a new account.
    Verify,
    /// A sign-in, by a mailed code.
    Code,
    /// A sign-in, by a code of an authenticator app.
    Totp,
    /// Somebody who has forgotten the password.
    Reset,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Purpose::Verify => "verify",
            Purpose::Code => "code",
            Purpose::Totp => "totp",
            Purpose::Reset => "reset",
        }
    }
}

/// A challenge that was made; told once.
#[derive(Clone, PartialEq, Eq)]
pub struct Challenge {
    /// For the link, or for the browser.
    pub token: String,
    /// For the mail; empty where the token is mailed, and where an app makes codes.
    pub code: String,
}

/// What somebody showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presented {
    /// It was right, and is no more: the account.
    Right(String),
    /// It was one of the account's recovery codes, and is no more.
    Recovered(String),
    /// It was not; so many tries are left.
    Wrong(i64),
    /// It is not known, was used, or has had its time or its tries.
    Gone,
}

impl Store {
    /// Makes a challenge; those of the account for the same purpose that were before it count no more.
    pub async fn challenge(
        &self,
        account: &str,
        purpose: Purpose,
        now_ms: i64,
        valid_ms: i64,
    ) -> Result<Challenge, StoreError> {
        let token = URL_SAFE_NO_PAD.encode(secrets::random::<32>()?);
        let code = if purpose == Purpose::Code { digits()? } else { String::new() };
        let code_hash = (!code.is_empty()).then(|| keyed(&token, &code));
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            sqlx::query("DELETE FROM challenge WHERE account = $1 AND purpose = $2")
                .bind(account)
                .bind(purpose.word())
                .execute(&mut *work)
                .await?;
            sqlx::query(
                "INSERT INTO challenge (hash, account, purpose, code_hash, tries_left, sent, sent_ms, expires_ms) \
                 VALUES ($1, $2, $3, $4, $5, 1, $6, $7)",
            )
            .bind(hash(&token))
            .bind(account)
            .bind(purpose.word())
            .bind(code_hash)
            .bind(TRIES)
            .bind(now_ms)
            .bind(now_ms.saturating_add(valid_ms))
            .execute(&mut *work)
            .await?;
            Ok(work.commit().await?)
        })
        .await?;
        Ok(Challenge { token, code })
    }

    /// Another code for a browser whose first one did not arrive, with the tries that were left; `None`: not any more,
    /// or not yet.
    pub async fn another_code(
        &self,
        token: &str,
        now_ms: i64,
        after_ms: i64,
        valid_ms: i64,
    ) -> Result<Option<(String, String)>, StoreError> {
        let code = digits()?;
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let row = sqlx::query(
                "UPDATE challenge SET code_hash = $1, sent = sent + 1, sent_ms = $2, expires_ms = $3 WHERE hash = $4 \
                 AND purpose = 'code' AND expires_ms > $5 AND tries_left > 0 AND sent < $6 AND sent_ms <= $7 \
                 RETURNING account",
            )
            .bind(keyed(token, &code))
            .bind(now_ms)
            .bind(now_ms.saturating_add(valid_ms))
            .bind(hash(token))
            .bind(now_ms)
            .bind(MOST_MAILS)
            .bind(now_ms.saturating_sub(after_ms))
            .fetch_optional(&mut *work)
            .await?;
            let account = row.map(|row| row.try_get("account")).transpose()?;
            work.commit().await?;
            Ok(account.map(|account| (account, code)))
        })
        .await
    }

    /// Looks at a code: of the mail, or of the account's app. A right one is used up with its challenge; a wrong one
    /// costs a try.
    pub async fn show_code(&self, token: &str, code: &str, now_ms: i64) -> Result<Presented, StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            // The try is taken before anything is compared, so that no two at the same time share one.
            let row = sqlx::query(
                "UPDATE challenge SET tries_left = tries_left - 1 WHERE hash = $1 \
                 AND purpose IN ('code', 'totp') AND expires_ms > $2 AND tries_left > 0 \
                 RETURNING account, purpose, code_hash, tries_left",
            )
            .bind(hash(token))
            .bind(now_ms)
            .fetch_optional(&mut *work)
            .await?;
            let Some(row) = row else { return Ok(Presented::Gone) };
            let (account, known, left): (String, Option<String>, i64) =
                (row.try_get("account")?, row.try_get("code_hash")?, row.try_get("tries_left")?);
            let right = match row.try_get("purpose")? {
                "totp" => self.take_totp(&mut work, &account, code, now_ms).await?,
                _ => known.filter(|known| is_same(known, &keyed(token, code))).map(|_| Right::Expected),
            };
            if right.is_some() {
                remove(&mut work, token).await?;
            }
            work.commit().await?;
            Ok(match (right, left) {
                (Some(Right::Expected), _) => Presented::Right(account),
                (Some(Right::OfRecovery), _) => Presented::Recovered(account),
                (None, 0) => Presented::Gone,
                (None, left) => Presented::Wrong(left),
            })
        })
        .await
    }

    /// The account of a link, which is not used up by this.
    pub async fn account_of_link(
        &self,
        token: &str,
        purpose: Purpose,
        now_ms: i64,
    ) -> Result<Option<String>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let row = sqlx::query("SELECT account FROM challenge WHERE hash = $1 AND purpose = $2 AND expires_ms > $3")
                .bind(hash(token))
                .bind(purpose.word())
                .bind(now_ms)
                .fetch_optional(&mut *work)
                .await?;
            Ok(row.map(|row| row.try_get("account")).transpose()?)
        })
        .await
    }

    /// Uses up a link, and gives its account.
    pub async fn show_link(&self, token: &str, purpose: Purpose, now_ms: i64) -> Result<Option<String>, StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let account = take(&mut work, token, purpose, now_ms).await?;
            work.commit().await?;
            Ok(account)
        })
        .await
    }
}

/// Uses up a link in a transaction that does what it is for.
pub(super) async fn take(
    work: &mut AnyConnection,
    token: &str,
    purpose: Purpose,
    now_ms: i64,
) -> Result<Option<String>, StoreError> {
    let row =
        sqlx::query("DELETE FROM challenge WHERE hash = $1 AND purpose = $2 AND expires_ms > $3 RETURNING account")
            .bind(hash(token))
            .bind(purpose.word())
            .bind(now_ms)
            .fetch_optional(work)
            .await?;
    Ok(row.map(|row| row.try_get("account")).transpose()?)
}

async fn remove(work: &mut AnyConnection, token: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM challenge WHERE hash = $1").bind(hash(token)).execute(work).await?;
    Ok(())
}

fn is_same(known: &str, shown: &str) -> bool {
    verify_slices_are_equal(known.as_bytes(), shown.as_bytes()).is_ok()
}

/// HMAC-SHA-256 of a code under what the browser has.
fn keyed(token: &str, code: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, token.as_bytes());
    hmac::sign(&key, code.as_bytes()).as_ref().iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Six digits, each number as likely as any other.
fn digits() -> Result<String, StoreError> {
    const NUMBERS: u32 = 1_000_000;
    loop {
        let number = u32::from_be_bytes(secrets::random()?);
        if number < u32::MAX - u32::MAX % NUMBERS {
            return Ok(format!("{:06}", number % NUMBERS));
        }
    }
}
