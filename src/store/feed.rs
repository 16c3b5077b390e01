//! What the edges follow: the tenants that changed after the last change they have seen, with everything they need.
//!
//! Every change of a tenant has a number, given by one row of the store that its transaction holds to the end
//! (`migrations/0001_store.sql`). So numbers appear in their order, none is missing below one that is seen, and a
//! cursor says all: whoever asks again is told what is new, each change once, and asking costs the same however many
//! tenants there are or changed just before. Asking writes nothing, so a standby answers as well. A store that was
//! restored from a copy under a running edge, or a standby that lacked the last changes when it took over, has given the
//! numbers of what it lost to others, or will; the transactions' random marks tell, and it is read from the beginning.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::backend::Scope;
use super::read::{self, Assembly, OCTETS_TO_A_ROW, Stored};
use super::{ClientCertificate, Store, StoreError, certificate, secrets, within, within_for};
use crate::tenant::{Revision, TenantId};

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
    pub revision: Revision,
    /// `None` when it was deleted, an error when it cannot be read.
    pub live: Result<Option<Live>, StoreError>,
}

/// All that an edge needs of a tenant.
#[derive(Debug)]
pub struct Live {
    pub stored: Stored,
    pub certificate: Option<ClientCertificate>,
}

impl Store {
    /// The changes after a cursor, in the order in which they were made; of several changes of one tenant the last.
    /// At most so many that they do not fill the memory: [`Changes::more`] says whether to ask again at once. A
    /// tenant that cannot be read hides no other.
    pub async fn changes_after(&self, cursor: Cursor) -> Result<Changes, StoreError> {
        let nothing = Changes { changed: Vec::new(), cursor, more: false, anew: false };
        let (mut work, standing, rows) = within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let standing = standing(&mut work, cursor).await?;
            let rows = match standing {
                Standing::Ahead { .. } => {
                    sqlx::query(CHANGES).bind(cursor.number).bind(PAGE_ROWS).fetch_all(&mut *work).await?
                }
                Standing::Here | Standing::Elsewhere => Vec::new(),
            };
            Ok((work, standing, rows))
        })
        .await?;
        let (newest, mark) = match standing {
            Standing::Ahead { newest, mark } => (newest, mark),
            Standing::Here => return Ok(nothing),
            Standing::Elsewhere => return Ok(Changes { cursor: Cursor::default(), more: true, anew: true, ..nothing }),
        };
        let page = page(&rows)?;
        let all = page.len() == rows.len() && rows.len() < PAGE;
        let octets: u64 = page.iter().map(|(_, octets)| octets).sum();
        within_for(octets / OCTETS_TO_A_ROW, async {
            let mut changes = Changes { more: !all, ..nothing };
            let live: Vec<&str> = page.iter().filter(|(_, octets)| *octets > 0).map(|(id, _)| *id).collect();
            let mut assembly = Assembly::read(&mut work, &live).await?;
            for row in rows.iter().take(page.len()) {
                changes.cursor = Cursor { number: row.try_get("change_number")?, newest, mark };
                changes.changed.push(self.changed(row, &mut assembly)?);
            }
            Ok(changes)
        })
        .await
    }

    fn changed(&self, row: &AnyRow, rows: &mut Assembly) -> Result<Changed, StoreError> {
        let id: &str = row.try_get("tenant")?;
        let tenant = TenantId::parse(id).ok_or_else(|| StoreError::Corrupt(format!("tenant id {id:?}")))?;
        let live = match row.try_get::<i64, _>("deleted")? {
            0 => self.live(&tenant, row, rows).map(Some),
            _ => Ok(None),
        };
        Ok(Changed { tenant, revision: read::revision(row.try_get("revision")?)?, live })
    }

    fn live(&self, tenant: &TenantId, row: &AnyRow, rows: &mut Assembly) -> Result<Live, StoreError> {
        let certificate = match row.try_get::<Option<&str>, _>("chain")? {
            Some(_) => Some(certificate::read(&self.key, tenant, row)?),
            None => None,
        };
        Ok(Live { stored: read::stored(&self.key, row, rows)?, certificate })
    }
}

/// The tenants of the first rows that fit into one answer, with about how many octets each has.
fn page(rows: &[AnyRow]) -> Result<Vec<(&str, u64)>, StoreError> {
    let (mut page, mut octets) = (Vec::with_capacity(rows.len()), 0_u64);
    for row in rows {
        if octets >= PAGE_OCTETS {
            break;
        }
        let size: Option<i64> = row.try_get("octets")?;
        let size = size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default();
        page.push((row.try_get("tenant")?, size));
        octets = octets.saturating_add(size);
    }
    Ok(page)
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

const CHANGES: &str = "SELECT revision.tenant, revision.revision, revision.change_number, revision.deleted, \
                       tenant.id, tenant.settings, tenant.octets, secret.sealed, certificate.chain, \
                       certificate.sealed_key, certificate.not_after_ms FROM revision \
                       LEFT JOIN tenant ON tenant.id = revision.tenant \
                       LEFT JOIN secret ON secret.tenant = revision.tenant \
                       LEFT JOIN certificate ON certificate.tenant = revision.tenant \
                       WHERE revision.change_number > $1 ORDER BY revision.change_number LIMIT $2";
/// What one answer holds: so many tenants, or files of so many octets and one more.
const PAGE: usize = 256;
const PAGE_ROWS: i64 = 256;
const PAGE_OCTETS: u64 = 8 << 20;
