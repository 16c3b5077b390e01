//! What ids are called, for people to read: accounts, tokens, invitations. The audit trail holds ids alone, so that what
//! was done stays when a name is erased.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::Row;

use crate::store::backend::Scope;
use crate::store::{Store, StoreError, within};

/// Prefix of the ids, and how the row is asked for that has the name.
const NAMED: [(&str, &str); 3] = [
    ("ac_", "SELECT full_name || ' <' || email || '>' AS name FROM account WHERE id = $1"),
    ("tk_", "SELECT name FROM token WHERE id = $1"),
    ("iv_", "SELECT email AS name FROM invitation WHERE id = $1"),
];

/// Names by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// `Ada Vance <ada@contoso.example>`, the name of a token, the address of an invitation.
    pub fn of(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }

    /// The same for an author as the audit trail has it: `account ac_…`, `token tk_… (name)`, `command by ada`; others as
    /// they are.
    pub fn who(&self, author: &str) -> String {
        match (id_in(author).and_then(|id| self.of(id)), author.strip_prefix("command by ")) {
            (Some(name), _) => name.to_owned(),
            (None, Some("nobody known")) => "somebody at the command line".to_owned(),
            (None, Some(user)) => format!("{user} at the command line"),
            (None, None) if author == "signet" => "Signet itself".to_owned(),
            (None, None) => author.to_owned(),
        }
    }
}

impl Store {
    /// The names of all ids in these texts that have one still.
    pub async fn names<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> Result<Names, StoreError> {
        let ids: BTreeSet<&str> = texts.into_iter().filter_map(id_in).collect();
        within(async {
            let mut work = self.backend.read(Scope::Region).await?;
            let mut names = BTreeMap::new();
            for id in ids {
                let Some((_, sql)) = NAMED.iter().find(|(prefix, _)| id.starts_with(prefix)) else { continue };
                if let Some(row) = sqlx::query(*sql).bind(id).fetch_optional(&mut *work).await? {
                    names.insert(id.to_owned(), row.try_get("name")?);
                }
            }
            Ok(Names(names))
        })
        .await
    }
}

/// The id that a text is, or that stands second in it.
fn id_in(text: &str) -> Option<&str> {
    let is_id = |word: &&str| NAMED.iter().any(|(prefix, _)| word.starts_with(prefix));
    text.split(' ').take(2).find(is_id)
}
