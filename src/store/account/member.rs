//! Teams: whose accounts belong to a tenant, each with a role.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::challenge::{self, Purpose};
use super::password::Hashed;
use super::rules::SignInRules;
use crate::account::{Details, Email, Role};
use crate::store::audit::Act;
use crate::store::backend::Scope;
use crate::store::{Store, StoreError, subscription, within};
use crate::tenant::TenantId;

/// A tenant that somebody belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub tenant: TenantId,
    /// The tenant's.
    pub name: String,
    pub role: Role,
    /// The organisation at Microsoft that the tenant is.
    pub organisation: Option<String>,
    pub rules: SignInRules,
}

/// Somebody who belongs to a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub account: String,
    pub email: String,
    pub full_name: String,
    pub role: Role,
    /// Unix time in milliseconds.
    pub since_ms: i64,
}

impl Store {
    /// Uses up the link: the address is proven, and its account owns the tenant that was made for it. `needs_trial`: what
    /// is paid for waits for a trial of the tenant.
    ///
    /// Gives whether it was good until now.
    pub async fn verify_account(
        &self,
        token: &str,
        tenant: &TenantId,
        needs_trial: bool,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let Some(account) = challenge::take(&mut work, token, Purpose::Verify, now_ms).await? else {
                return Ok(false);
            };
            sqlx::query("UPDATE account SET verified_ms = $1 WHERE id = $2")
                .bind(now_ms)
                .bind(account.as_str())
                .execute(&mut *work)
                .await?;
            self.join(&mut work, tenant, &account, Role::Owner, now_ms).await?;
            if needs_trial {
                subscription::none_yet(&mut work, tenant.as_str(), now_ms).await?;
            }
            work.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Puts somebody into a team on the word of the operator. With a password an account is made that needs no link;
    /// without, it is there already.
    pub async fn enrol(
        &self,
        details: &Details,
        email: &Email,
        password: Option<&Hashed>,
        tenant: &TenantId,
        role: Role,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let unknown = || StoreError::Unknown { what: "account", id: email.as_str().to_owned() };
        let account = match password {
            Some(password) => self.sign_up(details, email, password, now_ms).await?.0,
            None => self.account_of(email).await?.ok_or_else(unknown)?,
        };
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let there = sqlx::query("SELECT id FROM tenant WHERE id = $1").bind(tenant.as_str());
            let there = there.fetch_optional(&mut *work).await?;
            there.ok_or_else(|| StoreError::UnknownTenant(tenant.as_str().to_owned()))?;
            sqlx::query("UPDATE account SET verified_ms = $1 WHERE id = $2 AND verified_ms IS NULL")
                .bind(now_ms)
                .bind(account.id.as_str())
                .execute(&mut *work)
                .await?;
            self.join(&mut work, tenant, &account.id, role, now_ms).await?;
            Ok(work.commit().await?)
        })
        .await
    }

    pub(super) async fn join(
        &self,
        work: &mut AnyConnection,
        tenant: &TenantId,
        account: &str,
        role: Role,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO team (tenant, account, role, since_ms) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (tenant, account) DO UPDATE SET role = excluded.role",
        )
        .bind(tenant.as_str())
        .bind(account)
        .bind(role.word())
        .bind(now_ms)
        .execute(&mut *work)
        .await?;
        let after = Some(serde_json::json!({"role": role.word()}));
        let tenant = Some(tenant.as_str());
        let act = Act { tenant, action: "member.join", object: account, before: None, after, revision: None };
        self.witness(work, act).await
    }

    /// The teams of an account, by the names of their tenants.
    pub async fn memberships(&self, account: &str) -> Result<Vec<Membership>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            memberships(&mut work, account).await
        })
        .await
    }

    /// The team of a tenant, the oldest member first.
    pub async fn team(&self, tenant: &TenantId) -> Result<Vec<Member>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let rows = sqlx::query(
                "SELECT team.account, team.role, team.since_ms, account.email, account.full_name FROM team \
                 JOIN account ON account.id = team.account WHERE team.tenant = $1 \
                 ORDER BY team.since_ms, team.account",
            )
            .bind(tenant.as_str())
            .fetch_all(&mut *work)
            .await?;
            rows.iter().map(member).collect()
        })
        .await
    }

    /// Gives a member another role; `None` takes it out of the team.
    ///
    /// # Errors
    /// [`StoreError::LastOwner`], [`StoreError::Unknown`].
    pub async fn change_member(&self, tenant: &TenantId, account: &str, role: Option<Role>) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let had = role_of(&mut work, tenant.as_str(), account).await?;
            let had = had.ok_or_else(|| StoreError::Unknown { what: "member", id: account.to_owned() })?;
            if had == Role::Owner && role != Some(Role::Owner) && owners(&mut work, tenant.as_str()).await? < 2 {
                return Err(StoreError::LastOwner(tenant.as_str().to_owned()));
            }
            let query = match role {
                Some(role) => {
                    let sql = "UPDATE team SET role = $1 WHERE tenant = $2 AND account = $3";
                    sqlx::query(sql).bind(role.word()).bind(tenant.as_str()).bind(account)
                }
                None => {
                    let sql = "DELETE FROM team WHERE tenant = $1 AND account = $2";
                    sqlx::query(sql).bind(tenant.as_str()).bind(account)
                }
            };
            query.execute(&mut *work).await?;
            let side = |role: Role| serde_json::json!({"role": role.word()});
            let (before, after) = (Some(side(had)), role.map(side));
            let tenant = Some(tenant.as_str());
            let action = if role.is_some() { "member.role" } else { "member.leave" };
            self.witness(&mut work, Act { tenant, action, object: account, before, after, revision: None }).await?;
            self.settle(work).await
        })
        .await
    }
}

/// The teams of an account, by tenant. A role that a later program knows is none here.
pub(super) async fn memberships(work: &mut AnyConnection, account: &str) -> Result<Vec<Membership>, StoreError> {
    let rows = sqlx::query(
        "SELECT team.tenant, team.role, tenant.name, claim.value AS organisation, microsoft_required, \
         microsoft_suffices, break_glass FROM team JOIN tenant ON tenant.id = team.tenant \
         LEFT JOIN claim ON claim.tenant = team.tenant AND claim.kind = 'microsoft' \
         LEFT JOIN sign_in_rules ON sign_in_rules.tenant = team.tenant \
         WHERE team.account = $1 ORDER BY tenant.name, team.tenant",
    )
    .bind(account)
    .fetch_all(work)
    .await?;
    let one = |row: &AnyRow| -> Result<Option<Membership>, StoreError> {
        let (tenant, role): (&str, &str) = (row.try_get("tenant")?, row.try_get("role")?);
        let tenant = TenantId::parse(tenant).ok_or_else(|| StoreError::Corrupt("the tenant of a member".to_owned()))?;
        let (name, organisation, rules) =
            (row.try_get("name")?, row.try_get("organisation")?, SignInRules::of_row(row)?);
        Ok(Role::parse(role).map(|role| Membership { tenant, name, role, organisation, rules }))
    };
    rows.iter().filter_map(|row| one(row).transpose()).collect()
}

pub(super) async fn tenants_of(work: &mut AnyConnection, account: &str) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query("SELECT tenant FROM team WHERE account = $1").bind(account).fetch_all(work).await?;
    rows.iter().map(|row| Ok(row.try_get("tenant")?)).collect()
}

/// Takes somebody out of a team who erases the account. The last of all may go: the tenant is the operator's then.
pub(super) async fn leave(work: &mut AnyConnection, tenant: &str, account: &str) -> Result<(), StoreError> {
    let had = role_of(work, tenant, account).await?;
    let others = sqlx::query("SELECT account FROM team WHERE tenant = $1 AND account <> $2 LIMIT 1")
        .bind(tenant)
        .bind(account)
        .fetch_optional(&mut *work)
        .await?;
    if had == Some(Role::Owner) && others.is_some() && owners(work, tenant).await? < 2 {
        return Err(StoreError::LastOwner(tenant.to_owned()));
    }
    Ok(())
}

pub(super) async fn role_of(work: &mut AnyConnection, tenant: &str, account: &str) -> Result<Option<Role>, StoreError> {
    let query = sqlx::query("SELECT role FROM team WHERE tenant = $1 AND account = $2").bind(tenant).bind(account);
    let role: Option<String> = query.fetch_optional(work).await?.map(|row| row.try_get("role")).transpose()?;
    Ok(role.as_deref().and_then(Role::parse))
}

/// Whoever changes a team waits here for others who do, so that two owners do not leave at the same time.
async fn owners(work: &mut AnyConnection, tenant: &str) -> Result<u64, StoreError> {
    let owners = sqlx::query("UPDATE team SET role = role WHERE tenant = $1 AND role = 'owner'");
    Ok(owners.bind(tenant).execute(work).await?.rows_affected())
}

fn member(row: &AnyRow) -> Result<Member, StoreError> {
    let role: &str = row.try_get("role")?;
    Ok(Member {
        account: row.try_get("account")?,
        email: row.try_get("email")?,
        full_name: row.try_get("full_name")?,
        role: Role::parse(role).ok_or_else(|| StoreError::Corrupt("the role of a member".to_owned()))?,
        since_ms: row.try_get("since_ms")?,
    })
}
