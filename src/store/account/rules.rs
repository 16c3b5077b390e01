//! How the people of a tenant sign in, as its owner has it: with Microsoft at the tenant's own organisation and no other
//! way, and whether that alone is enough. One owner may keep the way in by password, for the day on which Microsoft
//! does not let anybody in.

use serde_json::json;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{By, Membership, SignedIn};
use crate::account::Role;
use crate::store::audit::Act;
use crate::store::backend::Scope;
use crate::store::{Store, StoreError, within};
use crate::tenant::TenantId;

/// What an owner has said; by default nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignInRules {
    /// Whoever has not signed in with Microsoft at the tenant's organisation does not come in.
    pub microsoft_required: bool,
    /// Whoever has is asked for no code of ours: the organisation sees to the second factor.
    pub microsoft_suffices: bool,
    /// The account of an owner who comes in by password all the same.
    pub break_glass: Option<String>,
}

impl SignInRules {
    /// Of a row that has nothing where nothing was said.
    pub(super) fn of_row(row: &AnyRow) -> Result<SignInRules, StoreError> {
        let is_set = |name: &str| row.try_get::<Option<i64>, _>(name).map(|value| value == Some(1));
        Ok(SignInRules {
            microsoft_required: is_set("microsoft_required")?,
            microsoft_suffices: is_set("microsoft_suffices")?,
            break_glass: row.try_get("break_glass")?,
        })
    }
}

impl SignedIn {
    /// Whether somebody who has signed in this way comes in at a tenant. Without an organisation nobody has signed in
    /// at it.
    pub fn comes_in_at(&self, membership: &Membership) -> bool {
        let is_own = |organisation: &String| membership.organisation.as_ref() == Some(organisation);
        let SignInRules { microsoft_required, break_glass, .. } = &membership.rules;
        !microsoft_required
            || matches!(&self.by, By::Microsoft(organisation) if is_own(organisation))
            || (membership.role == Role::Owner && break_glass.as_ref() == Some(&self.account))
    }
}

impl Store {
    pub async fn sign_in_rules(&self, tenant: &TenantId) -> Result<SignInRules, StoreError> {
        within(async {
            let mut work = self.backend.read(Scope::Tenant(tenant.as_str())).await?;
            let row = sqlx::query("SELECT * FROM sign_in_rules WHERE tenant = $1").bind(tenant.as_str());
            let row = row.fetch_optional(&mut *work).await?;
            row.as_ref().map_or(Ok(SignInRules::default()), SignInRules::of_row)
        })
        .await
    }

    /// # Errors
    /// [`StoreError::UnknownTenant`], [`StoreError::Changed`].
    pub async fn set_sign_in_rules(&self, tenant: &TenantId, rules: &SignInRules) -> Result<(), StoreError> {
        let before = told(&self.sign_in_rules(tenant).await?);
        let id = tenant.as_str();
        within(async {
            let mut work = self.backend.write(Scope::Tenant(id)).await?;
            self.expect(&mut work, id).await?;
            let there = sqlx::query("SELECT id FROM tenant WHERE id = $1").bind(id).fetch_optional(&mut *work).await?;
            there.ok_or_else(|| StoreError::UnknownTenant(id.to_owned()))?;
            sqlx::query(
                "INSERT INTO sign_in_rules (tenant, microsoft_required, microsoft_suffices, break_glass) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT (tenant) DO UPDATE SET \
                 microsoft_required = excluded.microsoft_required, microsoft_suffices = excluded.microsoft_suffices, \
                 break_glass = excluded.break_glass",
            )
            .bind(id)
            .bind(i64::from(rules.microsoft_required))
            .bind(i64::from(rules.microsoft_suffices))
            .bind(rules.break_glass.as_deref())
            .execute(&mut *work)
            .await?;
            let (action, after) = ("sign_in.rules", Some(told(rules)));
            let act = Act { tenant: Some(id), action, object: "", before: Some(before), after, revision: None };
            self.witness(&mut work, act).await?;
            self.settle(work).await
        })
        .await
    }
}

fn told(rules: &SignInRules) -> serde_json::Value {
    json!({
        "microsoft_required": rules.microsoft_required, "microsoft_suffices": rules.microsoft_suffices,
        "break_glass": rules.break_glass,
    })
}
