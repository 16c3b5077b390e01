//! `signet connect`: the PowerShell that connects a tenant's Microsoft 365 to this edge, or takes that away again.
//!
//! Names come from where they are used: ours from the configuration, the client certificate's from the one stored
//! for the tenant. Nothing is changed here; an administrator runs the script.

use std::io::Write;

use clap::Args;
use jiff::Timestamp;

use signet::actors::see_certificate;
use signet::config::{Config, Pair};
use signet::store::{Store, Stored};
use signet::tenant::connect::{Edge, plan};
use signet::tenant::{Problem, Snapshot};

use super::tenant::{id, unknown, with_store};
use super::{ConfigFile, Failure, tell};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    tenant: String,
    /// Print the script that disconnects.
    #[arg(long)]
    remove: bool,
    /// DNS names at which the region takes mail, instead of smtp.host_name.
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    smart_hosts: Vec<String>,
    /// The name in the tenant's client certificate, instead of one found in the certificate stored.
    #[arg(long, value_name = "NAME")]
    client_name: Option<String>,
    /// Route only members of this mail-enabled security group.
    #[arg(long, value_name = "ADDRESS")]
    pilot_group: Option<String>,
    /// Further loop words to let pass: the next one, before the edge uses it; the last one, while messages carry it.
    #[arg(long, value_delimiter = ',', value_name = "WORD")]
    other_loop_words: Vec<String>,
    #[command(flatten)]
    config: ConfigFile,
}

pub(super) fn perform(arguments: &Arguments, output: &mut impl Write) -> Result<(), Failure> {
    let file = &arguments.config.file;
    let config = Config::load(file).map_err(|problems| Failure::configuration(file, &problems))?;
    let (stored, client_name) = with_store(&config.store, async |store| read(store, arguments).await)?;
    let snapshot =
        Snapshot::compile(stored.file, stored.secrets, stored.revision).map_err(|problems| several(&problems))?;
    let host_name = config.smtp.host_name;
    let smart_hosts = match arguments.smart_hosts.as_slice() {
        [] => vec![host_name.clone()],
        named => named.to_vec(),
    };
    let edge = Edge {
        smart_hosts,
        server_name: host_name,
        client_name,
        max_message_bytes: config.smtp.max_message_bytes,
        pilot_group: arguments.pilot_group.clone(),
        other_loop_words: arguments.other_loop_words.clone(),
    };
    let plan = plan(&snapshot, &edge).map_err(|problems| several(&problems))?;
    tell(output, &if arguments.remove { plan.removal() } else { plan.script() })
}

async fn read(store: &Store, arguments: &Arguments) -> Result<(Stored, String), Failure> {
    let tenant = id(&arguments.tenant)?;
    let stored = store.load(&tenant).await.map_err(Failure::new)?.ok_or_else(|| unknown(&arguments.tenant))?;
    if let Some(name) = &arguments.client_name {
        return Ok((stored, name.clone()));
    }
    let name = &arguments.tenant;
    let Some(certificate) = store.certificate(&tenant).await.map_err(Failure::new)? else {
        return Err(Failure::new(format!(
            "{name} has no client certificate; set it with `signet tenant certificate {name}`, or say --client-name"
        )));
    };
    let pair = Pair::parse(&certificate.chain_pem, &certificate.key_pem).map_err(Failure::new)?;
    match see_certificate(&pair, &stored.file.domains, Timestamp::now().as_millisecond()).accepted_name {
        Some(name) => Ok((stored, name)),
        None => Err(Failure::new(format!(
            "the client certificate of {name} carries no name in one of its domains; Microsoft 365 could not tell whose \
             mail it is. Get one that does, or say --client-name"
        ))),
    }
}

fn several(problems: &[Problem]) -> Failure {
    Failure::new(problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n"))
}
