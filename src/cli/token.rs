//! `signet token`: who may use the API. A token is told once, when it is made; the store keeps its hash.

use std::io::Write;

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};

use signet::account::Permission;
use signet::config;
use signet::store::{NewToken, Store, Token};

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
    /// Makes a token and writes it to standard output, this once.
    Create {
        /// What it is for, for people to read.
        #[arg(long)]
        name: String,
        /// The tenant it is for.
        #[arg(long, value_name = "ID", required_unless_present = "region", conflicts_with = "region")]
        tenant: Option<String>,
        /// For the operator: every tenant, and the region itself.
        #[arg(long)]
        region: bool,
        /// What it permits: tenant:read, tenant:write, mode:write, signatures:read, signatures:write, people:read,
        /// people:write, decisions:read, audit:read; `all` is all of them.
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<String>,
        /// Days until it ends.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=730))]
        days: u16,
    },
    /// Lists the tokens, the newest first; never the tokens themselves.
    List {
        /// Those of one tenant.
        #[arg(long, value_name = "ID")]
        tenant: Option<String>,
    },
    /// Ends a token at once.
    Revoke {
        /// Its id, as `list` shows it.
        token: String,
    },
}

pub(super) fn perform(arguments: &Arguments, output: &mut impl Write) -> Result<(), Failure> {
    let file = &arguments.config.file;
    let settings = config::Store::load(file).map_err(|problems| Failure::configuration(file, &problems))?;
    with_store(&settings, async |store| arguments.action.perform(store, output).await)
}

impl Action {
    async fn perform(&self, store: &Store, output: &mut impl Write) -> Result<(), Failure> {
        match self {
            Action::Create { name, tenant, region: _, scopes, days } => {
                let tenant = tenant.as_deref().map(id).transpose()?;
                let lasts = SignedDuration::from_hours(24 * i64::from(*days));
                let expires = Timestamp::now().checked_add(lasts).map_err(Failure::new)?;
                let (name, scopes) = (checked(name)?, permitted(scopes)?);
                let new = NewToken { name, tenant, scopes, expires_ms: expires.as_millisecond() };
                let (id, token) = store.create_token(&new).await.map_err(Failure::new)?;
                // So that `TOKEN=$(signet token create …)` has the token and nothing else.
                drop(writeln!(std::io::stderr(), "{id}: until {expires:.0}. The token is not told again:"));
                tell(output, &format!("{token}\n"))
            }
            Action::List { tenant } => {
                let tenant = tenant.as_deref().map(id).transpose()?;
                let tokens = store.tokens(tenant.as_ref()).await.map_err(Failure::new)?;
                tell(output, &tokens.iter().map(listed).collect::<String>())
            }
            Action::Revoke { token } => {
                store.revoke_token(token).await.map_err(Failure::new)?;
                tell(output, &format!("{token}: revoked\n"))
            }
        }
    }
}

fn checked(name: &str) -> Result<String, Failure> {
    let fits = (1..=100).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(Failure::usage("a name has 1 to 100 characters on one line")) }
}

fn permitted(words: &[String]) -> Result<Vec<Permission>, Failure> {
    let mut scopes = Vec::new();
    for word in words {
        match Permission::parse(word) {
            Some(scope) => scopes.push(scope),
            None if word == "all" => scopes.extend(Permission::ALL),
            None => {
                let known: Vec<&str> = Permission::ALL.iter().map(|scope| scope.word()).collect();
                return Err(Failure::usage(format!("{word:?} is no scope; there are all, {}", known.join(", "))));
            }
        }
    }
    scopes.sort();
    scopes.dedup();
    Ok(scopes)
}

fn listed(token: &Token) -> String {
    let time = |ms: i64| Timestamp::from_millisecond(ms).map_or_else(|_| String::new(), |time| format!("{time:.0}"));
    let whose = token.tenant.as_ref().map_or("the region", |tenant| tenant.as_str());
    let state = match (token.revoked_ms, token.expires_ms) {
        (Some(revoked), _) => format!("revoked {}", time(revoked)),
        (None, end) => format!("until {}", time(end)),
    };
    let used = token.last_used_ms.map_or("never used".to_owned(), |used| format!("used {}", time(used)));
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.word()).collect();
    format!("{}\t{whose}\t{}\t{state}\t{used}\t{}\n", token.id, scopes.join(","), token.name)
}
