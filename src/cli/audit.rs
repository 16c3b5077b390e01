//! `signet audit`: whether the audit trail is as it was written, and letting old acts go.

use std::io::Write;

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};

use signet::config;
use signet::store::{Store, Tampering, Verification};
use signet::tenant::TenantId;

use super::tenant::{id, with_store};
use super::{ConfigFile, Failure, tell};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Computes every hash of the trail anew; ends with 1 if an act was changed, taken out or put in.
    Verify {
        /// One tenant; all tenants and the region if none is named.
        tenant: Option<String>,
    },
    /// Lets the acts go that are older than so many days. Those that stay are proven as before.
    Expire {
        /// One tenant; all tenants and the region if none is named.
        tenant: Option<String>,
        /// How many days acts are kept.
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
        days: u16,
    },
}

pub(super) fn perform(arguments: &Arguments, output: &mut impl Write) -> Result<(), Failure> {
    let file = &arguments.config.file;
    let settings = config::Store::load(file).map_err(|problems| Failure::configuration(file, &problems))?;
    with_store(&settings, async |store| match &arguments.action {
        Action::Verify { tenant } => verify(store, tenant.as_deref(), output).await,
        Action::Expire { tenant, days } => expire(store, tenant.as_deref(), *days, output).await,
    })
}

async fn verify(store: &Store, tenant: Option<&str>, output: &mut impl Write) -> Result<(), Failure> {
    let mut broken = 0;
    for whose in trails(store, tenant).await? {
        let found = store.verify_audit(whose.as_ref()).await.map_err(Failure::new)?;
        broken += usize::from(found.broken.is_some());
        tell(output, &format!("{}: {}\n", name(whose.as_ref()), told(&found)))?;
    }
    match broken {
        0 => Ok(()),
        1 => Err(Failure::new("one trail is not as it was written")),
        more => Err(Failure::new(format!("{more} trails are not as they were written"))),
    }
}

async fn expire(store: &Store, tenant: Option<&str>, days: u16, output: &mut impl Write) -> Result<(), Failure> {
    let kept = SignedDuration::from_hours(24 * i64::from(days));
    let before = Timestamp::now().checked_sub(kept).map_err(Failure::new)?;
    for whose in trails(store, tenant).await? {
        let gone = store.expire_acts(whose.as_ref(), before.as_millisecond()).await.map_err(Failure::new)?;
        tell(output, &format!("{}: {gone} gone\n", name(whose.as_ref())))?;
    }
    Ok(())
}

/// That of one tenant, or all of them: `None` is the region's.
async fn trails(store: &Store, tenant: Option<&str>) -> Result<Vec<Option<TenantId>>, Failure> {
    match tenant {
        Some(tenant) => Ok(vec![Some(id(tenant)?)]),
        None => store.trails().await.map_err(Failure::new),
    }
}

fn name(tenant: Option<&TenantId>) -> &str {
    tenant.map_or("the region", TenantId::as_str)
}

fn told(found: &Verification) -> String {
    let time = |ms: Option<i64>| ms.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    match &found.broken {
        Some(broken) => {
            let what = match broken.what {
                Tampering::Changed => "is not what was written",
                Tampering::Removed => "was taken out",
                _ => "was put in",
            };
            let when = time(broken.time_ms).map(|time| format!(" of {time:.0}")).unwrap_or_default();
            format!("BROKEN: act {}{when} {what}; {} before it are in order", broken.number, found.acts)
        }
        None => {
            let since = time(found.since_ms).map(|time| format!(" since {time:.0}")).unwrap_or_default();
            format!("unbroken{since}, {} acts; the last is {} {}", found.acts, found.number, found.hash)
        }
    }
}
