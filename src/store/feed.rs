//! What the edges follow: the tenants that changed after the last change they have seen, with what their index takes.
//!
//! Every change of a tenant has a number, given by one row of the store that its transaction holds to the end
//! (`migrations/0001_store.sql`). So numbers appear in their order, none is missing below one that is seen, and a
//! cursor says all: whoever asks again is told what is new, each change once, and asking costs the same however many
//! tenants there are or changed just before. Asking writes nothing, so a standby answers as well. A store that was
//! restored from a copy under a running edge, or a standby that lacked the last changes when it took over, has a lower
//! number than the edge, and is read from the beginning.

use std::cmp::Ordering;

use futures_util::TryStreamExt;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::backend::Scope;
use super::index::{Entry, Texts};
use super::{Store, StoreError, parts, within};
use crate::tenant::{Edition, TenantId};

/// A point in the order of all changes of tenants; the default stands before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cursor(i64);

/// Tenants that changed after a cursor.
#[derive(Debug)]
pub struct Changes {
    pub changed: Vec<Changed>,
    /// Where to go on.
    pub cursor: Cursor,
    /// There may be more already.
    pub more: bool,
    /// The store is not what it was, but an earlier state of it: what is known counts no more, everything comes again.
    pub anew: bool,
}

/// A tenant that changed.
#[derive(Debug)]
pub struct Changed {
    pub tenant: TenantId,
    /// Of the tenant as a whole, and of its people.
    pub edition: Edition,
    pub people_edition: Edition,
    /// `None` when it was deleted.
    texts: Result<Option<Texts>, StoreError>,
}

impl Changed {
    /// What the index takes of it; `None` when it was deleted, an error when it cannot be read. A matter of tens of
    /// microseconds.
    pub fn live(&self) -> Result<Option<Entry>, StoreError> {
        let texts = self.texts.as_ref().map_err(StoreError::clone)?;
        texts.as_ref().map(|texts| texts.open(&self.tenant)).transpose()
    }
}

impl Store {
    /// The changes after a cursor, in the order in which they were made; of several changes of one tenant the last.
    /// At most so many that they do not fill the memory: [`Changes::more`] says whether to ask again at once. A
    /// tenant that cannot be read hides no other.
    pub async fn changes_after(&self, cursor: Cursor) -> Result<Changes, StoreError> {
        within(async {
            let nothing = Changes { changed: Vec::new(), cursor, more: false, anew: false };
            let mut work = self.backend.read(Scope::Region).await?;
            let newest =
                sqlx::query("SELECT change_number FROM feed WHERE id = 'tenant'").fetch_one(&mut *work).await?;
            match newest.try_get::<i64, _>("change_number")?.cmp(&cursor.0) {
                Ordering::Greater => self.page(&mut work, nothing).await,
                Ordering::Equal => Ok(nothing),
                Ordering::Less => Ok(Changes { cursor: Cursor::default(), more: true, anew: true, ..nothing }),
            }
        })
        .await
    }

    async fn page(&self, work: &mut AnyConnection, mut changes: Changes) -> Result<Changes, StoreError> {
        let mut rows = sqlx::query(CHANGES).bind(changes.cursor.0).bind(PAGE_ROWS).fetch(work);
        let mut octets = 0;
        while let Some(row) = rows.try_next().await? {
            if octets >= PAGE_OCTETS {
                changes.more = true;
                break;
            }
            changes.cursor = Cursor(row.try_get("change_number")?);
            let changed = self.changed(&row)?;
            octets += changed.texts.as_ref().ok().and_then(Option::as_ref).map_or(0, Texts::octets);
            changes.changed.push(changed);
        }
        changes.more |= changes.changed.len() == PAGE;
        Ok(changes)
    }

    fn changed(&self, row: &AnyRow) -> Result<Changed, StoreError> {
        let id: &str = row.try_get("tenant")?;
        let tenant = TenantId::parse(id).ok_or_else(|| StoreError::Corrupt(format!("tenant id {id:?}")))?;
        let texts = match row.try_get::<i64, _>("deleted")? {
            0 => Texts::of(row, &self.key).map(Some),
            _ => Ok(None),
        };
        let (edition, people_edition) = parts::editions(row)?;
        Ok(Changed { tenant, edition, people_edition, texts })
    }
}

/// Takes so many numbers, and gives the last of them. Whoever wants one after this waits until the transaction has
/// ended; so this comes last in it.
pub(super) async fn numbers(work: &mut AnyConnection, count: i64) -> Result<i64, StoreError> {
    let row =
        sqlx::query("UPDATE feed SET change_number = change_number + $1 WHERE id = 'tenant' RETURNING change_number")
            .bind(count)
            .fetch_one(work)
            .await?;
    Ok(row.try_get("change_number")?)
}

const CHANGES: &str = "SELECT revision.tenant, revision.revision, revision.changed_ms, revision.people_revision, \
                       revision.people_ms, revision.change_number, revision.deleted, tenant.settings, secret.sealed, \
                       certificate.chain, certificate.sealed_key, certificate.not_after_ms FROM revision \
                       LEFT JOIN tenant ON tenant.id = revision.tenant \
                       LEFT JOIN secret ON secret.tenant = revision.tenant \
                       LEFT JOIN certificate ON certificate.tenant = revision.tenant \
                       WHERE revision.change_number > $1 ORDER BY revision.change_number LIMIT $2";
/// What one answer holds: so many tenants, or settings of so many octets and one more. A start asks for all tenants, and
/// a database that knows nothing of its tables may read them whole for each answer: so there are few of them.
const PAGE: usize = 4096;
const PAGE_ROWS: i64 = 4096;
const PAGE_OCTETS: usize = 16 << 20;
