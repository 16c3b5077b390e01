//! Reading the acts of a tenant, or of the region: the newest first, a page at a time, those that fit.

use std::ops::Range;

use sqlx::AssertSqlSafe;

use super::{Audited, REGION, audited};
use crate::store::backend::Scope;
use crate::store::statement::numbered;
use crate::store::{Store, StoreError, within};
use crate::tenant::TenantId;

/// Greater than any id.
const AFTER_ALL: &str = "g";

/// Which acts. All that is said has to fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActSearch {
    /// A word of the author: the id of an account or token, `command`.
    pub author: Option<String>,
    /// `signature.replace`, or all of `signature`.
    pub action: Option<String>,
    pub object: Option<String>,
    /// Unix milliseconds.
    pub time_ms: Range<i64>,
    /// Only those before this id.
    pub before: Option<String>,
    pub most: u32,
}

impl ActSearch {
    /// The newest of all.
    pub fn newest(most: u32) -> ActSearch {
        ActSearch { author: None, action: None, object: None, time_ms: 0..i64::MAX, before: None, most }
    }
}

impl Store {
    /// What was done to a tenant, or to the region as a whole, the newest first: at most `most`, of those before an id.
    pub async fn audit(
        &self,
        tenant: Option<&TenantId>,
        before: Option<&str>,
        most: u32,
    ) -> Result<Vec<Audited>, StoreError> {
        let before = before.map(str::to_owned);
        self.find_acts(tenant, &ActSearch { before, ..ActSearch::newest(most) }).await
    }

    /// The same of those that fit.
    pub async fn find_acts(&self, tenant: Option<&TenantId>, search: &ActSearch) -> Result<Vec<Audited>, StoreError> {
        let (scope, whose) = match tenant {
            Some(tenant) => (Scope::Tenant(tenant.as_str()), tenant.as_str()),
            None => (Scope::Region, REGION),
        };
        let mut texts = Vec::new();
        let mut sql = "SELECT * FROM audit WHERE tenant = ? AND id < ? AND time_ms >= ? AND time_ms < ?".to_owned();
        if let Some(author) = &search.author {
            // Without jokers: a word is found by taking it out.
            sql.push_str(" AND replace(' ' || author || ' ', ?, '') <> ' ' || author || ' '");
            texts.push(format!(" {author} "));
        }
        if let Some(action) = &search.action {
            sql.push_str(" AND (action = ? OR substr(action, 1, ");
            sql.push_str(&(action.chars().count() + 1).to_string());
            sql.push_str(") = ?)");
            texts.extend([action.clone(), format!("{action}.")]);
        }
        if let Some(object) = &search.object {
            sql.push_str(" AND object = ?");
            texts.push(object.clone());
        }
        sql.push_str(" ORDER BY id DESC LIMIT ?");
        within(async {
            let mut work = self.backend.read(scope).await?;
            let sql = numbered(&work, &sql);
            let mut query = sqlx::query(AssertSqlSafe(sql))
                .bind(whose)
                .bind(search.before.as_deref().unwrap_or(AFTER_ALL))
                .bind(search.time_ms.start)
                .bind(search.time_ms.end);
            for text in &texts {
                query = query.bind(text.as_str());
            }
            let rows = query.bind(i64::from(search.most)).fetch_all(&mut *work).await?;
            rows.iter().map(audited).collect()
        })
        .await
    }
}
