//! Groups of a directory and who is in them, as rows. A member need not be known; a group of a file under the same id
//! stays the file's, and gets no members from here.

use std::collections::HashSet;

use sqlx::AssertSqlSafe;

use super::plan::{Membership, Now, Plan};
use super::rows::place;
use super::sink::Writing;
use crate::store::put::json;
use crate::store::rows::{DIRECTORY, Table};
use crate::store::statement::{among, lists, numbered, pieces, rows};
use crate::store::{StoreError, backend, read};
use crate::tenant::GroupEntry;

impl Writing<'_> {
    pub(super) async fn groups(&mut self, plan: &Plan) -> Result<(), StoreError> {
        let ids: HashSet<&str> = plan.groups.keys().chain(&plan.groups_gone).map(String::as_str).collect();
        let mut known = self.known(Table::Group, &ids.into_iter().collect::<Vec<_>>()).await?;
        self.remove(Table::Group, plan.groups_gone.iter(), &mut known).await?;
        let (mut written, mut seen) = (Vec::new(), Vec::new());
        for (id, name) in &plan.groups {
            let known = known.get(id);
            if name.is_none() && known.is_some_and(|row| row.own && row.round == self.round) {
                continue;
            }
            let before = || known.and_then(|row| read::parse::<GroupEntry>(&row.data).ok()).unwrap_or_default();
            let name = name.clone().unwrap_or_else(|| before().name);
            let data = json(&GroupEntry { id: id.clone(), name, ..GroupEntry::default() })?;
            match known {
                Some(row) if !row.own => {}
                Some(row) if row.data == data => {
                    if row.round != self.round {
                        seen.push(id.clone());
                    }
                }
                row => written.push((id.as_str(), row.map_or(0, |row| row.data.len()), data)),
            }
        }
        self.mark(Table::Group, &seen).await?;
        if written.is_empty() {
            return Ok(());
        }
        self.change().await?;
        for piece in pieces(&written) {
            let sql = format!(
                "INSERT INTO grp (tenant, id, position, source, data, round) VALUES {} ON CONFLICT (tenant, id) \
                 DO UPDATE SET data = excluded.data, round = excluded.round WHERE grp.source = 'directory'",
                rows(backend::is_postgres(self.work), 1, piece.len(), 6)
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for (id, before, data) in piece {
                self.grow(*before, data.len());
                query = query
                    .bind(self.tenant)
                    .bind(*id)
                    .bind(place(id))
                    .bind(DIRECTORY.source)
                    .bind(data.as_str())
                    .bind(self.round);
            }
            query.execute(&mut *self.work).await?;
        }
        Ok(())
    }

    pub(super) async fn members(&mut self, plan: &Plan) -> Result<(), StoreError> {
        if plan.members.is_empty() {
            return Ok(());
        }
        let groups: HashSet<&str> = plan.members.keys().map(|membership| membership.group.as_str()).collect();
        let mut known = self.known(Table::Group, &groups.into_iter().collect::<Vec<_>>()).await?;
        known.retain(|_, row| row.own);
        let of = |now: Now| {
            let members = plan.members.iter().filter(move |(_, state)| **state == now);
            members.map(|(membership, _)| membership).filter(|membership| known.contains_key(&membership.group))
        };
        let (joined, left): (Vec<_>, Vec<_>) = (of(Now::Joined).collect(), of(Now::Left).collect());
        for piece in pieces(&joined) {
            self.join(piece).await?;
        }
        for together in left.chunk_by(|one, next| one.group == next.group && one.kind == next.kind) {
            self.leave(together).await?;
        }
        Ok(())
    }

    /// Most are new at a first read, and none is at a later one.
    async fn join(&mut self, piece: &[&Membership]) -> Result<(), StoreError> {
        let postgres = backend::is_postgres(self.work);
        let write = |conflict: &str| {
            let rows = rows(postgres, 1, piece.len(), 6);
            let sql = format!(
                "INSERT INTO member (tenant, grp, kind, member, position, round) VALUES {rows} \
                 ON CONFLICT (tenant, grp, kind, member) {conflict}"
            );
            piece.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, one| {
                let query = query.bind(self.tenant).bind(one.group.as_str()).bind(one.kind);
                query.bind(one.member.as_str()).bind(0_i64).bind(self.round)
            })
        };
        let new = write("DO NOTHING").execute(&mut *self.work).await?.rows_affected();
        let all = crate::store::octets(piece.len());
        if new < all {
            let mark = "DO UPDATE SET round = excluded.round WHERE member.round <> excluded.round";
            write(mark).execute(&mut *self.work).await?;
        }
        if new > 0 {
            self.change().await?;
            // Where some were there before, about so much; a sweep counts anew.
            let length: usize = piece.iter().map(|one| one.member.len()).sum();
            self.grow(0, length);
        }
        Ok(())
    }

    /// Of one group and kind.
    async fn leave(&mut self, together: &[&Membership]) -> Result<(), StoreError> {
        let Some(first) = together.first() else { return Ok(()) };
        let names: Vec<&str> = together.iter().map(|one| one.member.as_str()).collect();
        for list in lists(&names) {
            let sql = format!(
                "DELETE FROM member WHERE {}",
                among(self.work, "member", &["tenant", "grp", "kind", "member"], list.len())
            );
            let query = sqlx::query(AssertSqlSafe(numbered(self.work, &sql)));
            let query = query.bind(self.tenant).bind(first.group.as_str()).bind(first.kind);
            let gone = list.iter().fold(query, |query, name| query.bind(*name)).execute(&mut *self.work).await?;
            if gone.rows_affected() > 0 {
                self.change().await?;
                self.grow(first.member.len() * usize::try_from(gone.rows_affected()).unwrap_or_default(), 0);
            }
        }
        Ok(())
    }
}
