//! What the edges follow: the tenants that changed after the last change they have seen, with what their index takes.
//!
//! Every change of a tenant has a number, given by one row of the store that its transaction holds to the end
//! (`migrations/0001_store.sql`). So numbers appear in their order, none is missing below one that is seen, and a
//! cursor says all: whoever asks again is told what is new, each change once, and asking costs the same however many
//! tenants there are or changed just before. Asking writes nothing, so a standby answers as well. A store that was
//! restored from a copy under a running edge, or a standby that lacked the last changes when it took over, has given the
//! numbers of what it lost to others, or will; the transactions' random marks tell, and it is read from the beginning.

use futures_util::TryStreamExt;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::backend::Scope;
use super::index::{Entry, Texts};
use super::{Store, StoreError, parts, secrets, within};
use crate::tenant::{Edition, TenantId};

/// A point in the order of all changes of tenants; the default stands before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cursor {
    number: i64,
    /// The store's newest change when that was read, and the mark of its transaction.
    newest: i64,
    mark: i64,
}

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
            match standing(&mut work, cursor).await? {
                Standing::Ahead { newest, mark } => self.page(&mut work, newest, mark, nothing).await,
                Standing::Here => Ok(nothing),
                Standing::Elsewhere => Ok(Changes { cursor: Cursor::default(), more: true, anew: true, ..nothing }),
            }
        })
        .await
    }

    /// From the changes' cursor on; the store stands at the newest.
    async fn page(
        &self,
        work: &mut AnyConnection,
        newest: i64,
        mark: i64,
        mut changes: Changes,
    ) -> Result<Changes, StoreError> {
        let mut rows = sqlx::query(CHANGES).bind(changes.cursor.number).bind(PAGE_ROWS).fetch(work);
        let mut octets = 0;
        while let Some(row) = rows.try_next().await? {
            if octets >= PAGE_OCTETS {
                changes.more = true;
                break;
            }
            changes.cursor = Cursor { number: row.try_get("change_number")?, newest, mark };
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

/// Where the store is, seen from a cursor.
enum Standing {
    Here,
    Ahead {
        newest: i64,
        mark: i64,
    },
    /// Not in the history that the cursor has seen.
    Elsewhere,
}

async fn standing(work: &mut AnyConnection, cursor: Cursor) -> Result<Standing, StoreError> {
    let row = sqlx::query(
        "SELECT feed.change_number, now.mark AS mark, seen.mark AS seen FROM feed \
         LEFT JOIN change_mark AS now ON now.number = feed.change_number \
         LEFT JOIN change_mark AS seen ON seen.number = $1 WHERE feed.id = 'tenant'",
    )
    .bind(cursor.newest)
    .fetch_one(work)
    .await?;
    let seen: Option<i64> = row.try_get("seen")?;
    if cursor != Cursor::default() && seen != Some(cursor.mark) {
        return Ok(Standing::Elsewhere);
    }
    let (newest, mark): (i64, Option<i64>) = (row.try_get("change_number")?, row.try_get("mark")?);
    Ok(match newest > cursor.number {
        true => Standing::Ahead { newest, mark: mark.unwrap_or_default() },
        false => Standing::Here,
    })
}

/// Takes so many numbers, and gives the last of them. Whoever wants one after this waits until the transaction has
/// ended; so this comes last in it.
pub(super) async fn numbers(work: &mut AnyConnection, count: i64) -> Result<i64, StoreError> {
    let row =
        sqlx::query("UPDATE feed SET change_number = change_number + $1 WHERE id = 'tenant' RETURNING change_number")
            .bind(count)
            .fetch_one(&mut *work)
            .await?;
    let last: i64 = row.try_get("change_number")?;
    let mark = i64::from_le_bytes(secrets::random()?);
    // Where all files of an import were refused, no number was taken.
    sqlx::query("INSERT INTO change_mark (number, mark) VALUES ($1, $2) ON CONFLICT (number) DO NOTHING")
        .bind(last)
        .bind(mark)
        .execute(&mut *work)
        .await?;
    sqlx::query("DELETE FROM change_mark WHERE number <= $1").bind(last - MARKED).execute(work).await?;
    Ok(last)
}

/// Changes of which marks are kept; who was away for longer reads everything.
const MARKED: i64 = 100_000;

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
