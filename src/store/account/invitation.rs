//! Invitations: somebody is asked by mail to join a tenant's team in a role.
//!
//! The mailed link carries 256 random bits, is good once and for some days, and proves the address: whoever has no
//! account gets one by it. It stands for the address it was mailed to and for no other. Whether that address has an
//! account is told to nobody but to whoever holds the link.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::password::Hashed;
use super::{by_login, hash, insert, member};
use crate::account::{Details, Email, Role};
use crate::store::audit::Act;
use crate::store::backend::Scope;
use crate::store::{Store, StoreError, audit, now_ms, secrets, within};
use crate::tenant::TenantId;

/// Mails of invitations of one tenant within a day: the name of a tenant is its owner's to choose, and strangers read it.
pub const MOST_A_DAY: i64 = 100;
const DAY_MS: i64 = 24 * 3_600_000;
/// How long one that has had its time can be seen, and mailed again.
pub(super) const SEEN_MS: i64 = 30 * DAY_MS;

/// An invitation that nobody has answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: String,
    /// As it was typed.
    pub email: String,
    pub role: Role,
    /// As the audit trail names whoever it was.
    pub invited_by: String,
    /// Unix times in milliseconds.
    pub sent_ms: i64,
    pub expires_ms: i64,
}

/// What is to be mailed.
#[derive(Clone, PartialEq, Eq)]
pub struct Invited {
    pub invitation: Invitation,
    /// The tenant's name.
    pub tenant: String,
    /// For the link; told once.
    pub token: String,
}

/// What a link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invites {
    pub tenant: TenantId,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// Whether somebody has shown already that mail to the address arrives.
    pub has_account: bool,
}

impl Store {
    /// Invites an address. One that was invited in vain, and whose link has had its time, is invited anew.
    ///
    /// # Errors
    /// [`StoreError::There`] for a member of the team, and while an invitation is open; [`StoreError::Invitations`].
    pub async fn invite(
        &self,
        tenant: &TenantId,
        typed: &str,
        login: &Email,
        role: Role,
        now_ms: i64,
        valid_ms: i64,
    ) -> Result<Invited, StoreError> {
        let token = URL_SAFE_NO_PAD.encode(secrets::random::<32>()?);
        let invitation = Invitation {
            id: format!("iv_{}", Uuid::now_v7().simple()),
            email: typed.to_owned(),
            role,
            invited_by: self.terms.author.to_string(),
            sent_ms: now_ms,
            expires_ms: now_ms.saturating_add(valid_ms),
        };
        let name = within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let name = self.may_invite(&mut work, tenant).await?;
            let there = |what| StoreError::There { what, id: invitation.email.clone() };
            if member_of(&mut work, tenant, login).await? {
                return Err(there("member"));
            }
            sqlx::query("DELETE FROM invitation WHERE tenant = $1 AND login = $2 AND expires_ms <= $3")
                .bind(tenant.as_str())
                .bind(login.as_str())
                .bind(now_ms)
                .execute(&mut *work)
                .await?;
            let done = sqlx::query(
                "INSERT INTO invitation (id, tenant, email, login, role, hash, invited_by, sent_ms, expires_ms) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (tenant, login) DO NOTHING",
            )
            .bind(invitation.id.as_str())
            .bind(tenant.as_str())
            .bind(invitation.email.as_str())
            .bind(login.as_str())
            .bind(role.word())
            .bind(hash(&token))
            .bind(invitation.invited_by.as_str())
            .bind(invitation.sent_ms)
            .bind(invitation.expires_ms)
            .execute(&mut *work)
            .await?;
            if done.rows_affected() == 0 {
                return Err(there("open invitation of"));
            }
            self.tell(&mut work, tenant, "invitation.create", &invitation.id, role).await?;
            self.settle(work).await?;
            Ok(name)
        })
        .await?;
        Ok(Invited { invitation, tenant: name, token })
    }

    /// Makes another link for an invitation; the one before is good no more. Whoever does so is who invites.
    pub async fn invite_again(
        &self,
        tenant: &TenantId,
        id: &str,
        now_ms: i64,
        valid_ms: i64,
    ) -> Result<Invited, StoreError> {
        let token = URL_SAFE_NO_PAD.encode(secrets::random::<32>()?);
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let name = self.may_invite(&mut work, tenant).await?;
            let row = sqlx::query(
                "UPDATE invitation SET hash = $1, sent_ms = $2, expires_ms = $3, invited_by = $4 \
                 WHERE tenant = $5 AND id = $6 RETURNING *",
            )
            .bind(hash(&token))
            .bind(now_ms)
            .bind(now_ms.saturating_add(valid_ms))
            .bind(&*self.terms.author)
            .bind(tenant.as_str())
            .bind(id)
            .fetch_optional(&mut *work)
            .await?;
            let invitation = invitation(&row.ok_or_else(|| unknown(id))?)?;
            self.tell(&mut work, tenant, "invitation.again", id, invitation.role).await?;
            self.settle(work).await?;
            Ok(Invited { invitation, tenant: name, token })
        })
        .await
    }

    /// The invitations of a tenant that nobody has answered, the newest first.
    pub async fn invitations(&self, tenant: &TenantId) -> Result<Vec<Invitation>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let rows = sqlx::query("SELECT * FROM invitation WHERE tenant = $1 ORDER BY id DESC")
                .bind(tenant.as_str())
                .fetch_all(&mut *work)
                .await?;
            rows.iter().map(invitation).collect()
        })
        .await
    }

    /// Takes an invitation back: its link is good no more.
    pub async fn uninvite(&self, tenant: &TenantId, id: &str) -> Result<(), StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let row = sqlx::query("DELETE FROM invitation WHERE tenant = $1 AND id = $2 RETURNING *");
            let row = row.bind(tenant.as_str()).bind(id).fetch_optional(&mut *work).await?;
            let had = invitation(&row.ok_or_else(|| unknown(id))?)?;
            let before = Some(json!({"role": had.role.word()}));
            let tenant = Some(tenant.as_str());
            let act = Act { tenant, action: "invitation.remove", object: id, before, after: None, revision: None };
            self.witness(&mut work, act).await?;
            self.settle(work).await
        })
        .await
    }

    /// What a link is for, which is not used up by this.
    pub async fn invitation_of(&self, token: &str, now_ms: i64) -> Result<Option<Invites>, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let row = sqlx::query(
                "SELECT invitation.tenant, invitation.email, invitation.login, invitation.role, \
                 invitation.invited_by, tenant.name \
                 FROM invitation JOIN tenant ON tenant.id = invitation.tenant \
                 WHERE invitation.hash = $1 AND invitation.expires_ms > $2",
            )
            .bind(hash(token))
            .bind(now_ms)
            .fetch_optional(&mut *work)
            .await?;
            let Some(row) = row else { return Ok(None) };
            if !may_still_invite(&mut work, &row, now_ms).await? {
                return Ok(None);
            }
            let login = Email::parse(row.try_get("login")?).ok_or_else(|| corrupt("the address"))?;
            let has_account = by_login(&mut work, &login).await?.is_some_and(|known| known.verified_ms.is_some());
            let (email, name) = (row.try_get("email")?, row.try_get("name")?);
            Ok(Some(Invites { tenant: tenant_of(&row)?, name, email, role: role_of(&row)?, has_account }))
        })
        .await
    }

    /// Uses up the link of somebody without an account: makes one, whose address it has proven, and puts it into the
    /// team. Gives the account's id; `None`: the link is good no more.
    ///
    /// # Errors
    /// [`StoreError::There`] when the address has an account meanwhile; the link stays good.
    pub async fn join_as_new(
        &self,
        token: &str,
        details: &Details,
        password: &Hashed,
        now_ms: i64,
    ) -> Result<Option<String>, StoreError> {
        let there = || StoreError::There { what: "account", id: details.email.clone() };
        let Some(login) = Email::parse(&details.email) else { return Ok(None) };
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let Some((tenant, role)) = take(&mut work, token, &login, now_ms).await? else { return Ok(None) };
            if let Some(known) = by_login(&mut work, &login).await? {
                if known.verified_ms.is_some() {
                    return Err(there());
                }
                // Whoever typed the address first has not shown that it is theirs.
                sqlx::query("DELETE FROM account WHERE id = $1").bind(known.id).execute(&mut *work).await?;
            }
            let id = format!("ac_{}", Uuid::now_v7().simple());
            insert(&mut work, &id, details, &login, password, now_ms).await?;
            sqlx::query("UPDATE account SET verified_ms = $1 WHERE id = $2")
                .bind(now_ms)
                .bind(id.as_str())
                .execute(&mut *work)
                .await?;
            self.for_author(&format!("account {id}")).join(&mut work, &tenant, &id, role, now_ms).await?;
            work.commit().await?;
            Ok(Some(id))
        })
        .await
    }

    /// Uses up the link for an account of the address it was mailed to. Gives the tenant; `None`: the link is good no
    /// more, or is for another address. Who belongs to the team already keeps the role.
    pub async fn join_by_invitation(
        &self,
        token: &str,
        account: &str,
        login: &Email,
        now_ms: i64,
    ) -> Result<Option<TenantId>, StoreError> {
        within(async {
            let mut work = self.backend.write(Scope::Region).await?;
            let Some((tenant, role)) = take(&mut work, token, login, now_ms).await? else { return Ok(None) };
            if member::role_of(&mut work, tenant.as_str(), account).await?.is_none() {
                self.join(&mut work, &tenant, account, role, now_ms).await?;
            }
            work.commit().await?;
            Ok(Some(tenant))
        })
        .await
    }

    /// The name of a tenant that may have another invitation mailed.
    async fn may_invite(&self, work: &mut AnyConnection, tenant: &TenantId) -> Result<String, StoreError> {
        let row = sqlx::query("SELECT name FROM tenant WHERE id = $1").bind(tenant.as_str());
        let row = row.fetch_optional(&mut *work).await?;
        let row = row.ok_or_else(|| StoreError::UnknownTenant(tenant.as_str().to_owned()))?;
        let mailed = sqlx::query(
            "SELECT count(*) AS mailed FROM audit WHERE tenant = $1 AND id > $2 \
             AND action IN ('invitation.create', 'invitation.again')",
        )
        .bind(tenant.as_str())
        .bind(audit::first_id(now_ms() - DAY_MS))
        .fetch_one(&mut *work)
        .await?;
        match mailed.try_get::<i64, _>("mailed")? < MOST_A_DAY {
            true => Ok(row.try_get("name")?),
            false => Err(StoreError::Invitations),
        }
    }

    async fn tell(
        &self,
        work: &mut AnyConnection,
        tenant: &TenantId,
        action: &'static str,
        id: &str,
        role: Role,
    ) -> Result<(), StoreError> {
        let after = Some(json!({"role": role.word()}));
        let tenant = Some(tenant.as_str());
        self.witness(work, Act { tenant, action, object: id, before: None, after, revision: None }).await
    }
}

/// Uses up a link that was mailed to this address.
async fn take(
    work: &mut AnyConnection,
    token: &str,
    login: &Email,
    now_ms: i64,
) -> Result<Option<(TenantId, Role)>, StoreError> {
    let row = sqlx::query(
        "DELETE FROM invitation WHERE hash = $1 AND login = $2 AND expires_ms > $3 RETURNING tenant, role, invited_by",
    )
    .bind(hash(token))
    .bind(login.as_str())
    .bind(now_ms)
    .fetch_optional(&mut *work)
    .await?;
    match row {
        Some(row) if may_still_invite(work, &row, now_ms).await? => Ok(Some((tenant_of(&row)?, role_of(&row)?))),
        _ => Ok(None),
    }
}

/// Whether whoever has invited might still do so: an invitation is worth no more than the role or the token behind it.
async fn may_still_invite(work: &mut AnyConnection, row: &AnyRow, now_ms: i64) -> Result<bool, StoreError> {
    let author: &str = row.try_get("invited_by")?;
    let mut words = author.split(' ');
    match (words.next().unwrap_or_default(), words.next().unwrap_or_default()) {
        ("account", id) => {
            let own = member::role_of(work, tenant_of(row)?.as_str(), id).await?;
            let role = role_of(row)?;
            Ok(own.is_some_and(|own| own.may_give(role)))
        }
        ("token", id) => {
            let good = sqlx::query("SELECT id FROM token WHERE id = $1 AND revoked_ms IS NULL AND expires_ms > $2");
            Ok(good.bind(id).bind(now_ms).fetch_optional(work).await?.is_some())
        }
        // The operator, at the program itself.
        _ => Ok(true),
    }
}

async fn member_of(work: &mut AnyConnection, tenant: &TenantId, login: &Email) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "SELECT team.account FROM team JOIN account ON account.id = team.account \
         WHERE team.tenant = $1 AND account.login = $2",
    );
    Ok(row.bind(tenant.as_str()).bind(login.as_str()).fetch_optional(work).await?.is_some())
}

fn invitation(row: &AnyRow) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        id: row.try_get("id")?,
        email: row.try_get("email")?,
        role: role_of(row)?,
        invited_by: row.try_get("invited_by")?,
        sent_ms: row.try_get("sent_ms")?,
        expires_ms: row.try_get("expires_ms")?,
    })
}

fn tenant_of(row: &AnyRow) -> Result<TenantId, StoreError> {
    TenantId::parse(row.try_get("tenant")?).ok_or_else(|| corrupt("the tenant"))
}

fn role_of(row: &AnyRow) -> Result<Role, StoreError> {
    Role::parse(row.try_get("role")?).ok_or_else(|| corrupt("the role"))
}

fn unknown(id: &str) -> StoreError {
    StoreError::Unknown { what: "invitation", id: id.to_owned() }
}

fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt(format!("{what} of an invitation"))
}
