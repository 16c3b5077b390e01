//! Authenticator apps, and the codes that sign in once each when one is lost.
//!
//! The app's secret is sealed. It counts from the first right code on, and no code is taken twice, nor one that is
//! older than the last. Recovery codes are 80 random bits, of which the store has a hash under the app's secret.

use aws_lc_rs::hmac;
use sqlx::{AnyConnection, Row};

use super::of_account;
use crate::account::{Authenticator, SECRET_OCTETS};
use crate::store::backend::Scope;
use crate::store::{Store, StoreError, secrets, within};

pub(in crate::store) const WHAT: &str = "totp";

/// Recovery codes that are given at a time.
pub const RECOVERY_CODES: usize = 10;
/// Letters of one.
const RECOVERY_LETTERS: usize = 16;
/// How long a secret waits for its first code.
pub(super) const UNCONFIRMED_MS: i64 = 24 * 3_600_000;

/// What a right code was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Right {
    /// Of the mail, or of the app.
    Expected,
    OfRecovery,
}

impl Store {
    /// Makes a secret for an app that its owner sets up; one that was not confirmed is good no more.
    ///
    /// # Errors
    /// [`StoreError::There`] while an app is in use.
    pub async fn begin_totp(&self, account: &str, now_ms: i64) -> Result<Authenticator, StoreError> {
        let secret = secrets::random::<SECRET_OCTETS>()?;
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let sealed = self.sealer(&mut work).await?.seal(WHAT, account, secret)?;
            let done = sqlx::query(
                "INSERT INTO totp (account, sealed, last_step, created_ms) VALUES ($1, $2, 0, $3) \
                 ON CONFLICT (account) DO UPDATE SET sealed = excluded.sealed, created_ms = excluded.created_ms \
                 WHERE totp.confirmed_ms IS NULL",
            )
            .bind(account)
            .bind(sealed)
            .bind(now_ms)
            .execute(&mut *work)
            .await?;
            if done.rows_affected() == 0 {
                return Err(StoreError::There { what: "authenticator app of", id: account.to_owned() });
            }
            work.commit().await?;
            Ok(Authenticator::new(secret))
        })
        .await
    }

    /// Takes the first code of the app: from now on it is asked for. Gives the recovery codes, told once; `None`: the
    /// code is wrong.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when no app waits for its first code.
    pub async fn confirm_totp(
        &self,
        account: &str,
        code: &str,
        now_ms: i64,
    ) -> Result<Option<Vec<String>>, StoreError> {
        let codes: Vec<String> =
            (0..RECOVERY_CODES).map(|_| secrets::word::<RECOVERY_LETTERS>()).collect::<Result<_, _>>()?;
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let unknown = || StoreError::Unknown { what: "authenticator app of", id: account.to_owned() };
            let secret = self.secret_of(&mut work, account, "confirmed_ms IS NULL").await?.ok_or_else(unknown)?;
            let Some(step) = Authenticator::new(secret).step_of(code, now_ms) else { return Ok(None) };
            sqlx::query("UPDATE totp SET confirmed_ms = $1, last_step = $2 WHERE account = $3")
                .bind(now_ms)
                .bind(step)
                .bind(account)
                .execute(&mut *work)
                .await?;
            forget(&mut work, account).await?;
            for code in &codes {
                sqlx::query("INSERT INTO recovery (account, hash) VALUES ($1, $2)")
                    .bind(account)
                    .bind(keyed(&secret, code))
                    .execute(&mut *work)
                    .await?;
            }
            self.witness(&mut work, of_account("account.totp", account)).await?;
            work.commit().await?;
            Ok(Some(codes))
        })
        .await
    }

    /// Forgets the app and its recovery codes: codes are mailed again. One that is not there stays so.
    pub async fn end_totp(&self, account: &str) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let known = sqlx::query("DELETE FROM totp WHERE account = $1").bind(account).execute(&mut *work).await?;
            forget(&mut work, account).await?;
            if known.rows_affected() > 0 {
                self.witness(&mut work, of_account("account.no_totp", account)).await?;
            }
            Ok(work.commit().await?)
        })
        .await
    }

    /// How many recovery codes are left of an account whose codes come from an app; `None` where they are mailed.
    pub async fn totp(&self, account: &str) -> Result<Option<i64>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let row = sqlx::query(
                "SELECT (SELECT count(*) FROM recovery WHERE recovery.account = totp.account) AS left_over FROM totp \
                 WHERE totp.account = $1 AND totp.confirmed_ms IS NOT NULL",
            )
            .bind(account)
            .fetch_optional(&mut *work)
            .await?;
            Ok(row.map(|row| row.try_get("left_over")).transpose()?)
        })
        .await
    }

    /// Uses up a code of an account's app, or one of its recovery codes.
    pub(super) async fn take_totp(
        &self,
        work: &mut AnyConnection,
        account: &str,
        code: &str,
        now_ms: i64,
    ) -> Result<Option<Right>, StoreError> {
        let Some(secret) = self.secret_of(work, account, "confirmed_ms IS NOT NULL").await? else { return Ok(None) };
        if let Some(step) = Authenticator::new(secret).step_of(code, now_ms) {
            let taken = sqlx::query("UPDATE totp SET last_step = $1 WHERE account = $2 AND last_step < $3")
                .bind(step)
                .bind(account)
                .bind(step)
                .execute(work)
                .await?;
            return Ok((taken.rows_affected() > 0).then_some(Right::Expected));
        }
        let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        let taken = sqlx::query("DELETE FROM recovery WHERE account = $1 AND hash = $2")
            .bind(account)
            .bind(keyed(&secret, &letters.to_ascii_lowercase()))
            .execute(work)
            .await?;
        Ok((taken.rows_affected() > 0).then_some(Right::OfRecovery))
    }

    async fn secret_of(
        &self,
        work: &mut AnyConnection,
        account: &str,
        which: &str,
    ) -> Result<Option<[u8; SECRET_OCTETS]>, StoreError> {
        let sql = format!("SELECT sealed FROM totp WHERE account = $1 AND {which}");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(account).fetch_optional(work).await?;
        let Some(row) = row else { return Ok(None) };
        let opened = self.key.open(WHAT, account, row.try_get("sealed")?)?;
        Ok(Some(opened.try_into().map_err(|_| StoreError::Sealed)?))
    }
}

/// Recovery codes, and sign-ins that wait for a code of the other factor.
async fn forget(work: &mut AnyConnection, account: &str) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM recovery WHERE account = $1",
        "DELETE FROM challenge WHERE account = $1 AND purpose IN ('code', 'totp')",
    ] {
        sqlx::query(sql).bind(account).execute(&mut *work).await?;
    }
    Ok(())
}

/// HMAC-SHA-256 in hex.
fn keyed(secret: &[u8; SECRET_OCTETS], code: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    hmac::sign(&key, code.as_bytes()).as_ref().iter().map(|octet| format!("{octet:02x}")).collect()
}
