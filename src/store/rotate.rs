//! A new key: everything sealed is sealed anew with the last key of the key file.
//!
//! The store says first which key is in force, so that whoever seals from then on uses the new one; then each tenant's
//! values follow, some at a time. Whatever is interrupted is simply begun again: what the new key opens is done. The
//! old key is needed until all is done, and for older copies of the store. Decision records are sealed by keys of
//! their tenants and stay as they are.

use sqlx::{AnyConnection, Row};

use super::account::TOTP;
use super::backend::Scope;
use super::seal::Sealer;
use super::{CHECK, Store, StoreError, certificate, secrets, within};

/// Table, whose a value is, its column, and what it is bound to beside its owner, of all that is sealed with the store's key.
pub(super) const SEALED: [Place; 3] = [
    ("secret", "tenant", "sealed", secrets::WHAT),
    ("certificate", "tenant", "sealed_key", certificate::WHAT),
    ("totp", "account", "sealed", TOTP),
];
type Place = (&'static str, &'static str, &'static str, &'static str);

/// Tenants, or accounts, in one transaction.
const BATCH: i64 = 200;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rotated {
    /// Values that were sealed anew.
    pub sealed: u64,
    /// Values that the newest key had sealed already.
    pub before: u64,
}

impl Store {
    /// Seals everything with the last key of the key file.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] when a value opens with none of the keys; what was sealed anew before it stays so.
    pub async fn rotate_key(&self) -> Result<Rotated, StoreError> {
        let newest = self.key.newest()?;
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            self.key_in_force(&mut work).await?;
            sqlx::query("UPDATE seal SET sealed = $1 WHERE id = 'store'")
                .bind(newest.seal("seal", "store", CHECK)?)
                .execute(&mut *work)
                .await?;
            Ok(work.commit().await?)
        })
        .await?;
        let mut rotated = Rotated::default();
        for place in SEALED {
            let mut after = Some(String::new());
            while let Some(last) = after {
                after = within(self.seal_batch(&newest, place, last, &mut rotated)).await?;
            }
        }
        Ok(rotated)
    }

    /// The next owners after one. Gives the last of them; `None` when there are no more.
    async fn seal_batch(
        &self,
        newest: &Sealer,
        (table, owner, column, what): Place,
        after: String,
        rotated: &mut Rotated,
    ) -> Result<Option<String>, StoreError> {
        let mut work = self.backend.write(Scope::Region).await?;
        let sql = format!(
            "SELECT {owner} AS owner, {column} AS sealed FROM {table} WHERE {owner} > $1 ORDER BY {owner} LIMIT $2"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(after).bind(BATCH).fetch_all(&mut *work).await?;
        let mut last = None;
        for row in rows {
            let (whose, sealed): (String, String) = (row.try_get("owner")?, row.try_get("sealed")?);
            match newest.open(what, &whose, &sealed) {
                Ok(_) => rotated.before += 1,
                Err(_) => {
                    let plain = self.key.open(what, &whose, &sealed)?;
                    let now = newest.seal(what, &whose, plain)?;
                    rotated.sealed += replace(&mut work, (table, owner, column), &whose, &sealed, &now).await?;
                }
            }
            last = Some(whose);
        }
        work.commit().await?;
        Ok(last)
    }
}

/// Only if nobody else has written it meanwhile.
async fn replace(
    work: &mut AnyConnection,
    (table, owner, column): (&str, &str, &str),
    whose: &str,
    before: &str,
    now: &str,
) -> Result<u64, StoreError> {
    let sql = format!("UPDATE {table} SET {column} = $1 WHERE {owner} = $2 AND {column} = $3");
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(now).bind(whose).bind(before);
    Ok(query.execute(work).await?.rows_affected())
}
