//! `signet account`: lets the operator put somebody into a tenant's team, so that the first one can sign in where nobody
//! signs up.

use std::io::{BufRead, Write};

use clap::{Args, Subcommand};
use jiff::Timestamp;

use signet::account::{Details, Email, Profile, Role, judge};
use signet::config;
use signet::store::{Store, hash_password};

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
    /// Puts somebody into a tenant's team. Whoever has no account gets one; the password is read from standard input.
    Add {
        tenant: String,
        /// Address, by which one signs in; codes are mailed to it.
        #[arg(long)]
        email: String,
        /// owner, administrator, editor, designer, auditor or support.
        #[arg(long, value_parser = role)]
        role: Role,
        #[arg(long, default_value = "")]
        first_name: String,
        #[arg(long, default_value = "")]
        last_name: String,
    },
    /// Lists a tenant's team.
    List { tenant: String },
    /// Takes somebody out of a tenant's team. The account stays.
    Remove {
        tenant: String,
        #[arg(long)]
        email: String,
    },
    /// Forgets somebody's authenticator app and recovery codes, which are lost. Codes are mailed again.
    ForgetApp {
        #[arg(long)]
        email: String,
    },
}

fn role(word: &str) -> Result<Role, String> {
    let known = || Role::ALL.map(Role::word).join(", ");
    Role::parse(word).ok_or_else(|| format!("there are the roles {}", known()))
}

pub(super) fn perform(arguments: &Arguments, output: &mut impl Write) -> Result<(), Failure> {
    let file = &arguments.config.file;
    let settings = config::Store::load(file).map_err(|problems| Failure::configuration(file, &problems))?;
    with_store(&settings, async |store| arguments.action.perform(store, output).await)
}

impl Action {
    async fn perform(&self, store: &Store, output: &mut impl Write) -> Result<(), Failure> {
        match self {
            Action::Add { tenant, email, role, first_name, last_name } => {
                let tenant = id(tenant)?;
                let (details, email) = described(email, first_name, last_name)?;
                let now = Timestamp::now().as_millisecond();
                let known = store.account_of(&email).await.map_err(Failure::new)?;
                let password = match known.filter(|account| account.verified_ms.is_some()) {
                    Some(_) => None,
                    None => Some(hash_password(&typed(&details)?).map_err(Failure::new)?),
                };
                store.enrol(&details, &email, password.as_ref(), &tenant, *role, now).await.map_err(Failure::new)?;
                tell(output, &format!("{}: {} of {tenant}\n", email.as_str(), role.word()))
            }
            Action::List { tenant } => {
                let team = store.team(&id(tenant)?).await.map_err(Failure::new)?;
                let line = |member: &signet::store::Member| format!("{}\t{}\n", member.email, member.role.word());
                tell(output, &team.iter().map(line).collect::<String>())
            }
            Action::Remove { tenant, email } => {
                let tenant = id(tenant)?;
                let account = account_of(store, email).await?;
                store.change_member(&tenant, &account, None).await.map_err(Failure::new)?;
                tell(output, &format!("{email}: no more of {tenant}\n"))
            }
            Action::ForgetApp { email } => {
                let account = account_of(store, email).await?;
                store.end_totp(&account).await.map_err(Failure::new)?;
                tell(output, &format!("{email}: codes are mailed\n"))
            }
        }
    }
}

/// The id of the account of an address.
async fn account_of(store: &Store, email: &str) -> Result<String, Failure> {
    let wanted = Email::parse(email).ok_or_else(|| Failure::usage("--email is no e-mail address"))?;
    let account = store.account_of(&wanted).await.map_err(Failure::new)?;
    Ok(account.ok_or_else(|| Failure::new(format!("there is no account {email}")))?.id)
}

/// Somebody of whom no more is known yet.
fn described(email: &str, first_name: &str, last_name: &str) -> Result<(Details, Email), Failure> {
    let none = String::new;
    let details = Details {
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        full_name: none(),
        company: none(),
        telephone: none(),
        email: email.to_owned(),
        address_line_1: none(),
        address_line_2: none(),
        city: none(),
        postcode: none(),
        country: none(),
    };
    let details = details.tidied();
    let problems = details.problems_of_member();
    let told = || problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    match (Email::parse(&details.email), problems.is_empty()) {
        (Some(email), true) => Ok((details, email)),
        _ => Err(Failure::usage(told())),
    }
}

/// The password, on one line of standard input.
fn typed(details: &Details) -> Result<String, Failure> {
    drop(writeln!(std::io::stderr(), "Password, on one line:"));
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(Failure::new)?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    let judged = judge(&password, &[&details.full_name, &details.email], Profile::Strict);
    match judged.problems.is_empty() {
        true => Ok(password),
        false => Err(Failure::new(judged.problems.join(" "))),
    }
}
