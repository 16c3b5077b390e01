//! `signet directory csv` and `signet directory rollback`: people from a CSV file, looked at first and taken whole.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use signet::directory::csv::{Column, Difference, Field, Known, Preview, preview};
use signet::store::Store;
use signet::tenant::TenantId;

use super::super::tenant::id;
use super::super::{Failure, tell};

#[derive(Debug, Args)]
pub(super) struct Csv {
    tenant: String,
    file: PathBuf,
    #[command(flatten)]
    what: What,
    /// What a column means where its heading does not say: a name of the tenant file, `id`, `address`, `aliases`, or
    /// `-` to leave it out.
    #[arg(long = "column", value_name = "HEADING=NAME")]
    columns: Vec<String>,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct What {
    /// Only tells what would change, and what is wrong.
    #[arg(long)]
    preview: bool,
    /// Takes the people of the file in the place of those of the file before. A file with a problem is refused whole.
    #[arg(long)]
    apply: bool,
}

impl Csv {
    pub(super) async fn perform(&self, store: &Store, output: &mut impl Write) -> Result<(), Failure> {
        let Csv { tenant, file, what, columns } = self;
        let tenant_id = id(tenant)?;
        let chosen = columns.iter().map(|one| column(one)).collect::<Result<BTreeMap<_, _>, _>>()?;
        let octets = fs::read(file).map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
        let known = store.csv_known(&tenant_id).await.map_err(Failure::new)?;
        let found =
            preview(&octets, &chosen, Known { domains: &known.domains, people: &known.people, taken: &known.taken });
        if !found.problems.is_empty() {
            let lines: Vec<String> =
                found.problems.iter().map(|problem| format!("{}: {problem}", file.display())).collect();
            return Err(Failure::new(format!("{}\nNothing was changed.", lines.join("\n"))));
        }
        tell(output, &shown(&found, &found.against(&known.people)))?;
        match what.apply {
            false => tell(output, "Nothing was changed; --apply does it.\n"),
            true => {
                let revision = store.apply_csv(&tenant_id, &found.people).await.map_err(Failure::new)?;
                tell(output, &format!("{tenant}: revision {}\n", revision.0))
            }
        }
    }
}

pub(super) async fn rollback(store: &Store, tenant: &TenantId, output: &mut impl Write) -> Result<(), Failure> {
    let revision = store.rollback_csv(tenant).await.map_err(Failure::new)?;
    tell(output, &format!("{}: revision {}; the people of the CSV file before are back\n", tenant.as_str(), revision.0))
}

fn column(text: &str) -> Result<(String, Option<Field>), Failure> {
    let wrong = || {
        Failure::usage(format!("`{text}` is not HEADING=NAME with a name of the tenant file, id, address or aliases"))
    };
    let (heading, name) = text.rsplit_once('=').ok_or_else(wrong)?;
    match name {
        "-" => Ok((heading.to_owned(), None)),
        name => Ok((heading.to_owned(), Some(Field::parse(name).ok_or_else(wrong)?))),
    }
}

fn shown(found: &Preview, difference: &Difference) -> String {
    let Difference { new, changed, same, gone } = difference;
    let mut text = String::new();
    for Column { heading, field } in &found.columns {
        match field {
            Some(field) => text.push_str(&format!("column {heading}: {}\n", field.word())),
            None => text.push_str(&format!("column {heading}: left out\n")),
        }
    }
    text.push_str(&format!("{} new, {} changed, {same} as before, {} gone\n", new.len(), changed.len(), gone.len()));
    for (what, ids) in [("new", new), ("gone", gone)] {
        text.extend(ids.iter().take(MOST).map(|id| format!("  {what} {id}\n")));
    }
    text.extend(changed.iter().take(MOST).map(|one| format!("  changed {}: {}\n", one.id, one.what.join(", "))));
    text
}

/// How many of each are named.
const MOST: usize = 50;
