//! What the edges follow: the tenants that changed after the last change they have seen, with everything they need.
//!
//! Every change of a tenant has a number, given by one row of the store that its transaction holds to the end
//! (`migrations/0004_change_feed.sql`). So numbers appear in their order, none is missing below one that is seen, and
//! a cursor says all: whoever asks again is told what is new, each change once, and asking costs the same however
//! many tenants there are or changed just before. A store that was restored from a copy under a running edge has a
//! lower number than the edge, and is read from the beginning.

use std::cmp::Ordering;

use futures_util::TryStreamExt;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::{Changed, Changes, Cursor, Live, Store, StoreError, certificate, read, within};
use crate::tenant::TenantId;

impl Store {
    /// The changes after a cursor, in the order in which they were made; of several changes of one tenant the last.
    /// At most so many that they do not fill the memory: [`Changes::more`] says whether to ask again at once. A
    /// tenant that cannot be read hides no other.
    pub async fn changes_after(&self, cursor: Cursor) -> Result<Changes, StoreError> {
        within(async {
            let mut changes = Changes { changed: Vec::new(), cursor, more: false, anew: false };
            let newest =
                sqlx::query("SELECT change_number FROM feed WHERE id = 'tenant'").fetch_one(&self.pool).await?;
            match newest.try_get::<i64, _>("change_number")?.cmp(&cursor.0) {
                Ordering::Greater => {}
                Ordering::Equal => return Ok(changes),
                Ordering::Less => return Ok(Changes { cursor: Cursor::default(), more: true, anew: true, ..changes }),
            }
            let mut rows = sqlx::query(CHANGES).bind(cursor.0).bind(PAGE_ROWS).fetch(&self.pool);
            let (mut bytes, mut count) = (0, 0);
            while let Some(row) = rows.try_next().await? {
                changes.cursor = Cursor(row.try_get("change_number")?);
                bytes += row.try_get::<Option<&str>, _>("file")?.map_or(0, str::len);
                count += 1;
                changes.changed.push(self.changed(&row)?);
                changes.more = bytes >= PAGE_BYTES || count == PAGE_ROWS;
                if changes.more {
                    break;
                }
            }
            Ok(changes)
        })
        .await
    }

    fn changed(&self, row: &SqliteRow) -> Result<Changed, StoreError> {
        let id: String = row.try_get("tenant")?;
        let tenant = TenantId::parse(&id).ok_or_else(|| StoreError::Corrupt(format!("tenant id {id:?}")))?;
        let live = match row.try_get::<i64, _>("deleted")? {
            0 => self.live(&tenant, row).map(Some),
            _ => Ok(None),
        };
        Ok(Changed { tenant, revision: read::revision(row.try_get("revision")?)?, live })
    }

    fn live(&self, tenant: &TenantId, row: &SqliteRow) -> Result<Live, StoreError> {
        let certificate = match row.try_get::<Option<String>, _>("chain")? {
            Some(_) => Some(certificate::read(&self.key, tenant, row)?),
            None => None,
        };
        Ok(Live { stored: self.stored(row)?, certificate })
    }
}

/// The number of the next change. First in each transaction: it takes the one writer's place.
pub(super) async fn next_number(work: &mut SqliteConnection) -> Result<i64, StoreError> {
    let row =
        sqlx::query("UPDATE feed SET change_number = change_number + 1 WHERE id = 'tenant' RETURNING change_number")
            .fetch_one(work)
            .await?;
    Ok(row.try_get("change_number")?)
}

const CHANGES: &str = "SELECT revision.tenant, revision.revision, revision.change_number, revision.deleted, \
                       tenant.id, tenant.file, secret.sealed, certificate.chain, certificate.sealed_key, \
                       certificate.not_after_ms FROM revision \
                       LEFT JOIN tenant ON tenant.id = revision.tenant \
                       LEFT JOIN secret ON secret.tenant = revision.tenant \
                       LEFT JOIN certificate ON certificate.tenant = revision.tenant \
                       WHERE revision.change_number > $1 ORDER BY revision.change_number LIMIT $2";
/// What one answer holds: so many tenants, or files of so many octets and one more.
const PAGE_ROWS: i64 = 256;
const PAGE_BYTES: usize = 8 << 20;
