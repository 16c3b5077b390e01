//! Who signs in: accounts, the teams they belong to or are invited to, their sessions and trusted browsers.
//!
//! What a browser or a link shows is 256 random bits, of which the store has the SHA-256; a password is Argon2id. Times
//! come in as `now_ms`, so that what is valid for four hours can be tried at the last second and at the next.

mod challenge;
mod device;
mod invitation;
mod member;
mod microsoft;
mod names;
mod password;
mod rules;
mod session;
mod totp;

use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::audit::Act;
use super::backend::Scope;
use super::{Store, StoreError, within};
use crate::account::{Details, Email};

#[cfg(test)]
pub use challenge::TRIES;
pub use challenge::{Challenge, Presented as Shown, Purpose};
pub use device::Device;
#[cfg(test)]
pub use invitation::MOST_A_DAY;
pub use invitation::{Invitation, Invited, Invites};
pub use member::{Member, Membership};
pub use microsoft::{Linked, MicrosoftId};
pub use names::Names;
#[cfg(test)]
pub use password::hashed;
pub use password::{Hashed, hash_password, verify_password};
pub use rules::SignInRules;
pub use session::{By, Session, SignedIn};
pub(super) use totp::WHAT as TOTP;

/// An account as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: String,
    pub details: Details,
    pub password: Hashed,
    /// Unix times in milliseconds.
    pub password_ms: i64,
    /// `None` until mail to the address was seen to arrive.
    pub verified_ms: Option<i64>,
}

impl Store {
    /// Makes an account that is not verified. One of this address that never was is begun anew: whoever typed it first
    /// may have been somebody else. A verified one stays as it is.
    ///
    /// Gives the account of the address, and whether it is new.
    pub async fn sign_up(
        &self,
        details: &Details,
        email: &Email,
        password: &Hashed,
        now_ms: i64,
    ) -> Result<(Account, bool), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            if let Some(known) = by_login(&mut work, email).await? {
                if known.verified_ms.is_some() {
                    return Ok((known, false));
                }
                sqlx::query("DELETE FROM account WHERE id = $1").bind(known.id).execute(&mut *work).await?;
            }
            let id = format!("ac_{}", Uuid::now_v7().simple());
            insert(&mut work, &id, details, email, password, now_ms).await?;
            work.commit().await?;
            let (details, password) = (details.clone(), password.clone());
            Ok((Account { id, details, password, password_ms: now_ms, verified_ms: None }, true))
        })
        .await
    }

    pub async fn account_of(&self, email: &Email) -> Result<Option<Account>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            by_login(&mut work, email).await
        })
        .await
    }

    pub async fn account(&self, id: &str) -> Result<Option<Account>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let row = sqlx::query("SELECT * FROM account WHERE id = $1").bind(id).fetch_optional(&mut *work).await?;
            row.as_ref().map(account).transpose()
        })
        .await
    }

    /// Changes what its owner says of itself, but for the address, which is proven.
    pub async fn change_details(&self, id: &str, details: &Details) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let done = sqlx::query(
                "UPDATE account SET first_name = $1, last_name = $2, full_name = $3, company = $4, telephone = $5, \
                 address_line_1 = $6, address_line_2 = $7, city = $8, postcode = $9, country = $10 WHERE id = $11",
            )
            .bind(details.first_name.as_str())
            .bind(details.last_name.as_str())
            .bind(details.full_name.as_str())
            .bind(details.company.as_str())
            .bind(details.telephone.as_str())
            .bind(details.address_line_1.as_str())
            .bind(details.address_line_2.as_str())
            .bind(details.city.as_str())
            .bind(details.postcode.as_str())
            .bind(details.country.as_str())
            .bind(id)
            .execute(&mut *work)
            .await?;
            is_there(done.rows_affected(), id)?;
            Ok(work.commit().await?)
        })
        .await
    }

    /// Sets a password. Every other session ends, and every trusted browser is asked for a code again.
    pub async fn set_password(
        &self,
        id: &str,
        password: &Hashed,
        keep: Option<&str>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let done = sqlx::query("UPDATE account SET password = $1, password_ms = $2 WHERE id = $3")
                .bind(password.as_str())
                .bind(now_ms)
                .bind(id)
                .execute(&mut *work)
                .await?;
            is_there(done.rows_affected(), id)?;
            for sql in [
                "DELETE FROM session WHERE account = $1 AND id <> $2",
                "DELETE FROM device WHERE account = $1 AND id <> $2",
                "DELETE FROM challenge WHERE account = $1 AND hash <> $2",
            ] {
                sqlx::query(sql).bind(id).bind(keep.unwrap_or_default()).execute(&mut *work).await?;
            }
            self.witness(&mut work, of_account("account.password", id)).await?;
            Ok(work.commit().await?)
        })
        .await
    }

    /// Removes an account with all that is kept of its owner.
    ///
    /// # Errors
    /// [`StoreError::LastOwner`] of a tenant in which others are: one of them has to be its owner first.
    pub async fn erase_account(&self, id: &str) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            for tenant in member::tenants_of(&mut work, id).await? {
                member::leave(&mut work, &tenant, id).await?;
            }
            let done = sqlx::query("DELETE FROM account WHERE id = $1").bind(id).execute(&mut *work).await?;
            is_there(done.rows_affected(), id)?;
            self.witness(&mut work, of_account("account.erase", id)).await?;
            Ok(work.commit().await?)
        })
        .await
    }

    /// Forgets what has had its time: challenges, sessions, trusted browsers, invitations nobody answered, and accounts
    /// nobody verified in a week.
    pub async fn forget_the_old(&self, now_ms: i64) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            for (sql, before) in [
                ("DELETE FROM challenge WHERE expires_ms < $1", now_ms),
                ("DELETE FROM device WHERE expires_ms < $1", now_ms),
                ("DELETE FROM microsoft_shown WHERE expires_ms < $1", now_ms),
                ("DELETE FROM totp WHERE confirmed_ms IS NULL AND created_ms < $1", now_ms - totp::UNCONFIRMED_MS),
                ("DELETE FROM invitation WHERE expires_ms < $1", now_ms - invitation::SEEN_MS),
                ("DELETE FROM session WHERE created_ms < $1", now_ms - session::LONGEST_MS),
                ("DELETE FROM account WHERE verified_ms IS NULL AND created_ms < $1", now_ms - UNVERIFIED_MS),
            ] {
                sqlx::query(sql).bind(before).execute(&mut *work).await?;
            }
            Ok(work.commit().await?)
        })
        .await
    }
}

/// How long an account waits to be verified.
const UNVERIFIED_MS: i64 = 7 * 24 * 3_600_000;

async fn insert(
    work: &mut AnyConnection,
    id: &str,
    details: &Details,
    email: &Email,
    password: &Hashed,
    now_ms: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO account (id, first_name, last_name, full_name, company, telephone, email, address_line_1, \
         address_line_2, city, postcode, country, login, password, password_ms, created_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(id)
    .bind(details.first_name.as_str())
    .bind(details.last_name.as_str())
    .bind(details.full_name.as_str())
    .bind(details.company.as_str())
    .bind(details.telephone.as_str())
    .bind(details.email.as_str())
    .bind(details.address_line_1.as_str())
    .bind(details.address_line_2.as_str())
    .bind(details.city.as_str())
    .bind(details.postcode.as_str())
    .bind(details.country.as_str())
    .bind(email.as_str())
    .bind(password.as_str())
    .bind(now_ms)
    .bind(now_ms)
    .execute(work)
    .await?;
    Ok(())
}

async fn by_login(work: &mut AnyConnection, email: &Email) -> Result<Option<Account>, StoreError> {
    let row = sqlx::query("SELECT * FROM account WHERE login = $1").bind(email.as_str()).fetch_optional(work).await?;
    row.as_ref().map(account).transpose()
}

fn account(row: &AnyRow) -> Result<Account, StoreError> {
    Ok(Account {
        id: row.try_get("id")?,
        details: Details {
            first_name: row.try_get("first_name")?,
            last_name: row.try_get("last_name")?,
            full_name: row.try_get("full_name")?,
            company: row.try_get("company")?,
            telephone: row.try_get("telephone")?,
            email: row.try_get("email")?,
            address_line_1: row.try_get("address_line_1")?,
            address_line_2: row.try_get("address_line_2")?,
            city: row.try_get("city")?,
            postcode: row.try_get("postcode")?,
            country: row.try_get("country")?,
        },
        password: Hashed::of_store(row.try_get("password")?),
        password_ms: row.try_get("password_ms")?,
        verified_ms: row.try_get("verified_ms")?,
    })
}

fn is_there(rows: u64, id: &str) -> Result<(), StoreError> {
    match rows {
        0 => Err(StoreError::Unknown { what: "account", id: id.to_owned() }),
        _ => Ok(()),
    }
}

fn of_account<'a>(action: &'static str, id: &'a str) -> Act<'a> {
    Act { tenant: None, action, object: id, before: None, after: None, revision: None }
}

/// SHA-256 in hex.
fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|octet| format!("{octet:02x}")).collect()
}
