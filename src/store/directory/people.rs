//! People of a directory as rows.
//!
//! An address that another person of the directory has goes over to who was written last, in the other's entry too, for
//! the entry is what is compiled. What the directory does not know stays as it is: photo, overrides, and the manager
//! where nothing was said of it. Who has the id of somebody that a file names is passed over: the file's person stands,
//! with a mark, so that the directory is asked again once the file names nobody of this id any more.

use std::collections::{HashMap, HashSet};

use sqlx::{AssertSqlSafe, Row};

use super::plan::Plan;
use super::rows::{Known, place};
use super::sink::Writing;
use crate::store::put::json;
use crate::store::rows::{DIRECTORY, Table};
use crate::store::statement::{among, lists, numbered, pieces, rows};
use crate::store::{StoreError, backend, read};
use crate::tenant::PersonEntry;

/// A person to be written.
struct Written {
    entry: PersonEntry,
    /// The mark: another one than the batch's where the person was not told of, but lost an address.
    round: i64,
    /// Octets of the entry that is stored; `None` when there is none.
    before: Option<usize>,
    addresses: Addresses,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Addresses {
    Same,
    Other,
}

impl Writing<'_> {
    pub(super) async fn people(&mut self, plan: &Plan) -> Result<(), StoreError> {
        let ids: HashSet<&str> = plan
            .people
            .iter()
            .map(|person| &person.id)
            .chain(&plan.people_gone)
            .chain(plan.managers.keys())
            .map(String::as_str)
            .collect();
        let mut known = self.known(Table::Person, &ids.into_iter().collect::<Vec<_>>()).await?;
        // Most who are gone never were anybody here: guests, accounts without mail.
        let was_there = |id: &&str| known.get(*id).is_some_and(|row| row.own);
        let gone: Vec<&str> = plan.people_gone.iter().map(String::as_str).filter(was_there).collect();
        self.remove(Table::Person, plan.people_gone.iter(), &mut known).await?;
        self.drop_photos(&gone).await?;
        let (mut written, seen) = self.compare(plan, &known)?;
        self.mark(Table::Person, &seen).await?;
        if written.is_empty() {
            return Ok(());
        }
        self.change().await?;
        let lost = self.take_addresses(&mut written).await?;
        self.write_people(&written).await?;
        self.write_addresses(&written, &lost).await
    }

    /// Whom to write, and who is as before or stands in another's place.
    fn compare(&self, plan: &Plan, known: &HashMap<String, Known>) -> Result<(Vec<Written>, Vec<String>), StoreError> {
        let (mut written, mut seen) = (Vec::new(), Vec::new());
        let mut told: HashSet<&str> = HashSet::with_capacity(plan.people.len());
        for person in &plan.people {
            told.insert(&person.id);
            let mut entry = person.clone();
            let manager = plan.managers.get(&person.id).cloned();
            match known.get(&person.id) {
                Some(row) if !row.own => {
                    if row.round != self.round {
                        seen.push(entry.id);
                    }
                }
                Some(row) => {
                    // What cannot be read any more is written anew.
                    let before: PersonEntry = read::parse(&row.data).unwrap_or_default();
                    entry.manager = manager.unwrap_or(before.manager);
                    entry.photo = before.photo;
                    entry.overrides = before.overrides;
                    let same = before.addresses == entry.addresses;
                    if json(&entry)? != row.data {
                        let addresses = if same { Addresses::Same } else { Addresses::Other };
                        written.push(Written { entry, round: self.round, before: Some(row.data.len()), addresses });
                    } else if row.round != self.round {
                        seen.push(entry.id);
                    }
                }
                None => {
                    entry.manager = manager.flatten();
                    written.push(Written { entry, round: self.round, before: None, addresses: Addresses::Other });
                }
            }
        }
        for (id, manager) in plan.managers.iter().filter(|(id, _)| !told.contains(id.as_str())) {
            let Some(row) = known.get(id).filter(|row| row.own) else { continue };
            let before: PersonEntry = read::parse(&row.data)?;
            if before.manager != *manager {
                let entry = PersonEntry { manager: manager.clone(), ..before };
                let before = Some(row.data.len());
                written.push(Written { entry, round: row.round, before, addresses: Addresses::Same });
            }
        }
        Ok((written, seen))
    }

    /// Takes addresses from those who have them now: their entries are written without them. Gives those addresses.
    async fn take_addresses(&mut self, written: &mut Vec<Written>) -> Result<Vec<String>, StoreError> {
        let moved = written.iter().filter(|one| one.addresses == Addresses::Other);
        let claims: HashMap<&str, &str> = moved
            .flat_map(|one| one.entry.addresses.iter().map(|address| (address.as_str(), one.entry.id.as_str())))
            .collect();
        let mut losers: HashMap<String, HashSet<String>> = HashMap::new();
        for list in lists(&claims.keys().collect::<Vec<_>>()) {
            let sql = format!(
                "SELECT address, person FROM person_address WHERE {} AND source = 'directory'",
                among(self.work, "person_address", &["tenant", "address"], list.len())
            );
            let query = sqlx::query(AssertSqlSafe(numbered(self.work, &sql))).bind(self.tenant);
            for row in list.iter().fold(query, |query, name| query.bind(*name)).fetch_all(&mut *self.work).await? {
                let (address, owner): (&str, &str) = (row.try_get("address")?, row.try_get("person")?);
                if claims.get(address).is_some_and(|new| *new != owner) {
                    losers.entry(owner.to_owned()).or_default().insert(address.to_owned());
                }
            }
        }
        if losers.is_empty() {
            return Ok(Vec::new());
        }
        for one in written.iter_mut() {
            if let Some(lost) = losers.get(&one.entry.id).filter(|_| one.addresses == Addresses::Same) {
                one.entry.addresses.retain(|address| !lost.contains(address));
            }
        }
        let there: HashSet<&str> = written.iter().map(|one| one.entry.id.as_str()).collect();
        let others: Vec<&str> = losers.keys().map(String::as_str).filter(|id| !there.contains(id)).collect();
        let known = self.known(Table::Person, &others).await?;
        for (id, row) in known {
            let mut entry: PersonEntry = read::parse(&row.data)?;
            entry.addresses.retain(|address| losers.get(&id).is_none_or(|lost| !lost.contains(address)));
            let before = Some(row.data.len());
            written.push(Written { entry, round: row.round, before, addresses: Addresses::Same });
        }
        Ok(losers.into_values().flatten().collect())
    }

    async fn write_people(&mut self, written: &[Written]) -> Result<(), StoreError> {
        for piece in pieces(written) {
            let sql = format!(
                "INSERT INTO person (tenant, id, position, source, data, round) VALUES {} ON CONFLICT (tenant, id) \
                 DO UPDATE SET data = excluded.data, round = excluded.round WHERE person.source = 'directory'",
                rows(backend::is_postgres(self.work), 1, piece.len(), 6)
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for Written { entry, round, before, .. } in piece {
                let data = json(entry)?;
                self.grow(before.unwrap_or_default(), data.len());
                query = query
                    .bind(self.tenant)
                    .bind(entry.id.as_str())
                    .bind(place(&entry.id))
                    .bind(DIRECTORY.source)
                    .bind(data)
                    .bind(*round);
            }
            query.execute(&mut *self.work).await?;
        }
        Ok(())
    }

    async fn write_addresses(&mut self, written: &[Written], lost: &[String]) -> Result<(), StoreError> {
        let moved: Vec<&Written> = written.iter().filter(|one| one.addresses == Addresses::Other).collect();
        let had: Vec<&str> = moved.iter().filter(|one| one.before.is_some()).map(|one| one.entry.id.as_str()).collect();
        self.drop_addresses("person", &had).await?;
        self.drop_addresses("address", &lost.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        let new: Vec<(&str, &str)> = moved
            .iter()
            .flat_map(|one| one.entry.addresses.iter().map(|address| (address.as_str(), one.entry.id.as_str())))
            .collect();
        for piece in pieces(&new) {
            let sql = format!(
                "INSERT INTO person_address (tenant, address, source, person) VALUES {}",
                rows(backend::is_postgres(self.work), 1, piece.len(), 4)
            );
            let query = piece.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, (address, person)| {
                query.bind(self.tenant).bind(*address).bind(DIRECTORY.source).bind(*person)
            });
            query.execute(&mut *self.work).await?;
        }
        Ok(())
    }

    async fn drop_addresses(&mut self, column: &str, names: &[&str]) -> Result<(), StoreError> {
        for list in lists(names) {
            let sql = format!(
                "DELETE FROM person_address WHERE {} AND source = 'directory'",
                among(self.work, "person_address", &["tenant", column], list.len())
            );
            let query = sqlx::query(AssertSqlSafe(numbered(self.work, &sql))).bind(self.tenant);
            list.iter().fold(query, |query, name| query.bind(*name)).execute(&mut *self.work).await?;
        }
        Ok(())
    }
}
