//! People from a CSV file, as a preview: who would be there, and everything that is wrong, each with its line.
//!
//! Pure, and nothing is kept: who asked decides, and keeps the people of a file that has no problems in one change,
//! which the history of the tenant can take back. A row with a problem gives nobody; nothing in it is repaired. A
//! person is known by an id column, else by an address that the tenant has already, else by the primary address.

mod columns;
mod difference;
mod table;

use std::collections::{BTreeMap, HashMap, HashSet};

use sha2::{Digest, Sha256};

pub use columns::{Column, Field};
pub use difference::{Changed, Difference};
use table::{Row, Table};

use crate::tenant::{Address, Attribute, Domain, PersonEntry};

/// Most problems that are told; a file with more has one cause.
const PROBLEMS: usize = 1_000;

/// Most characters of a value, as the tenant file has it.
const VALUE_CHARS: usize = 4_096;

/// What a file would bring.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// What stands between two fields.
    pub separator: char,
    /// In the order of the file.
    pub columns: Vec<Column>,
    /// Those of good rows, in the order of the file.
    pub people: Vec<PersonEntry>,
    /// In the order of the file; at most 1,000.
    pub problems: Vec<Problem>,
}

/// One mistake in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line where the row begins, from 1; a row may be several lines long.
    pub line: usize,
    /// The column by its heading, where it is one.
    pub column: Option<String>,
    /// What is wrong, for the administrator.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(out, ", column {column}")?;
        }
        write!(out, ": {}", self.message)
    }
}

/// What the tenant has already, to judge a file by.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub domains: &'a [Domain],
    /// Those whom the file is to replace.
    pub people: &'a [PersonEntry],
    /// Ids of people who are somebody else's.
    pub taken: &'a HashSet<String>,
}

/// Reads a file. `chosen` says by heading what a column means where the heading does not; `None` leaves it out.
pub fn preview(file: &[u8], chosen: &BTreeMap<String, Option<Field>>, known: Known<'_>) -> Preview {
    let text = match table::text(file) {
        Ok(text) => text,
        Err(message) => {
            let problems = vec![Problem { line: 1, column: None, message }];
            return Preview { separator: ',', columns: Vec::new(), people: Vec::new(), problems };
        }
    };
    let mut table = Table::open(&text);
    let columns: Vec<Column> = table.heading.iter().map(|heading| Column::of(heading, chosen)).collect();
    let mut reading = Reading::new(&columns, known);
    let fits = reading.heading_fits(table.heading_line);
    // Without a heading that fits, what cannot be cut is told all the same.
    while let Some(row) = table.row() {
        if fits {
            reading.row(&row);
        }
    }
    let separator = table.separator();
    reading.problems.extend(table.problems.into_iter().map(|(line, message)| Problem { line, column: None, message }));
    let Reading { people, mut problems, .. } = reading;
    problems.sort_by_key(|problem| problem.line);
    problems.truncate(PROBLEMS);
    Preview { separator, columns, people, problems }
}

struct Reading<'a> {
    columns: &'a [Column],
    known: Known<'a>,
    /// The tenant's people by address, as addresses are compared.
    ids: HashMap<String, &'a str>,
    /// The line of each id and address so far.
    seen: HashMap<String, usize>,
    people: Vec<PersonEntry>,
    problems: Vec<Problem>,
}

impl<'a> Reading<'a> {
    fn new(columns: &'a [Column], known: Known<'a>) -> Reading<'a> {
        let of = |person: &'a PersonEntry| {
            person.addresses.iter().map(|address| (Address::normal(address).into_owned(), person.id.as_str()))
        };
        let ids = known.people.iter().flat_map(of).collect();
        Reading { columns, known, ids, seen: HashMap::new(), people: Vec::new(), problems: Vec::new() }
    }

    /// Without a column of addresses, or with two for the same thing, no row can be read.
    fn heading_fits(&mut self, line: usize) -> bool {
        let mut fits = true;
        let mut taken: HashMap<Field, &str> = HashMap::new();
        for column in self.columns {
            let Some(field) = column.field else { continue };
            if let Some(other) = taken.insert(field, &column.heading) {
                let message = format!("means the same as the column {other}; leave one of them out");
                self.problems.push(Problem { line, column: Some(column.heading.clone()), message });
                fits = false;
            }
        }
        if !taken.contains_key(&Field::Address) && line > 0 {
            let message = "no column of mail addresses: give one the heading Email, or say which it is".to_owned();
            self.problems.push(Problem { line, column: None, message });
            fits = false;
        }
        fits && line > 0
    }

    fn row(&mut self, row: &Row) {
        let before = self.problems.len();
        if row.fields.len() != self.columns.len() {
            let (has, wanted) = (row.fields.len(), self.columns.len());
            return self.say(row, None, format!("{has} fields, but the heading has {wanted}"));
        }
        let mut person = PersonEntry::default();
        let mut aliases = Vec::new();
        let columns = self.columns;
        for (column, value) in columns.iter().zip(&row.fields) {
            let value = value.trim();
            match column.field {
                _ if value.is_empty() => {}
                None => {}
                Some(Field::Id) if is_id(value) => person.id = value.to_owned(),
                Some(Field::Id) => {
                    self.say(row, Some(column), format!("`{}` is not 1 to 64 letters, digits, - _ or .", short(value)));
                }
                Some(Field::Address) => {
                    person.attributes.entry(Attribute::EmailAddress).or_insert_with(|| value.to_owned());
                    person.addresses.splice(0..0, self.address(row, column, value));
                }
                Some(Field::Aliases) => {
                    let texts = value.split([';', ',', ' ', '\n', '\r', '\t']).map(str::trim);
                    for text in texts.filter(|text| !text.is_empty()).filter_map(mail_address) {
                        aliases.extend(self.address(row, column, text));
                    }
                }
                Some(Field::Attribute(attribute)) => self.value(row, column, attribute, value, &mut person),
            }
        }
        if person.addresses.is_empty() && self.problems.len() == before {
            self.say(row, None, "has no mail address".to_owned());
        }
        for alias in aliases {
            if !person.addresses.contains(&alias) {
                person.addresses.push(alias);
            }
        }
        if self.problems.len() == before {
            self.take(row, person);
        }
    }

    fn value(&mut self, row: &Row, column: &Column, attribute: Attribute, value: &str, person: &mut PersonEntry) {
        if value.chars().nth(VALUE_CHARS).is_some() {
            return self.say(row, Some(column), format!("longer than {VALUE_CHARS} characters"));
        }
        if value.chars().any(|c| c.is_control() && !matches!(c, '\r' | '\n' | '\t')) {
            return self.say(row, Some(column), "has control characters".to_owned());
        }
        person.attributes.insert(attribute, value.to_owned());
    }

    fn address(&mut self, row: &Row, column: &Column, text: &str) -> Option<String> {
        let Some(address) = Address::parse(text) else {
            self.say(row, Some(column), format!("`{}` is not a mail address", short(text)));
            return None;
        };
        if !self.known.domains.iter().any(|domain| domain.as_str() == address.domain()) {
            self.say(row, Some(column), format!("`{}` is not a domain of this tenant", short(address.domain())));
            return None;
        }
        Some(address.as_str().to_owned())
    }

    /// A good row, unless an earlier one has its id or one of its addresses.
    fn take(&mut self, row: &Row, mut person: PersonEntry) {
        if person.id.is_empty() {
            person.id = self.id_of(&person.addresses);
        }
        if self.known.taken.contains(&person.id) {
            let message = format!("the id `{}` is that of a person of the tenant file or of the directory", person.id);
            return self.say(row, None, message);
        }
        let names = || person.addresses.iter().cloned().chain([format!("id {}", person.id)]);
        if let Some((name, line)) = names().find_map(|name| Some((name.clone(), *self.seen.get(&name)?))) {
            return self.say(row, None, format!("`{name}` stands in line {line} already"));
        }
        self.seen.extend(names().map(|name| (name, row.line)));
        self.people.push(person);
    }

    fn id_of(&self, addresses: &[String]) -> String {
        if let Some(id) = addresses.iter().find_map(|address| self.ids.get(address)) {
            return (*id).to_owned();
        }
        let primary = addresses.first().map(String::as_str).unwrap_or_default();
        let plain: String =
            primary.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).take(50).collect();
        // Two addresses that look alike when spelled plainly must not become one person.
        let digest = Sha256::digest(primary);
        let tail: String = digest.iter().take(4).map(|octet| format!("{octet:02x}")).collect();
        match plain.trim_start_matches(['.', '-']) {
            "" => format!("person-{tail}"),
            plain => format!("{plain}-{tail}"),
        }
    }

    fn say(&mut self, row: &Row, column: Option<&Column>, message: String) {
        if self.problems.len() <= PROBLEMS {
            let column = column.map(|column| column.heading.clone());
            self.problems.push(Problem { line: row.line, column, message });
        }
    }
}

/// As a directory exports it: `smtp:` before mail addresses, other words before those of other systems.
fn mail_address(text: &str) -> Option<&str> {
    match text.split_once(':') {
        Some((kind, address)) if kind.eq_ignore_ascii_case("smtp") => Some(address),
        Some(_) => None,
        None => Some(text),
    }
}

fn is_id(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=64).contains(&text.len()) && text.chars().all(plain) && text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// A foreign text as it may stand in a sentence.
fn short(text: &str) -> String {
    let mut shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(80).collect();
    if text.chars().nth(80).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests;
