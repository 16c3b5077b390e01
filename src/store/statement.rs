//! Statements over many rows. They come in few sizes, so that each is prepared once: whatever is to be written is cut
//! into pieces of these sizes, and a list of names is filled up with its last one.

use std::fmt::Write;

use sqlx::AnyConnection;

use super::backend::is_postgres;

/// Rows to a statement.
pub(super) const SIZES: [usize; 3] = [256, 16, 1];

/// The rows in pieces of [`SIZES`], the largest first.
pub(super) fn pieces<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let (piece, rest) = SIZES.iter().find_map(|size| rows.split_at_checked(*size))?;
        rows = rest;
        Some(piece)
    })
}

/// The names in lists of [`SIZES`], the last name again and again where a list is not full.
pub(super) fn lists<T: AsRef<str>>(names: &[T]) -> impl Iterator<Item = Vec<&str>> {
    let [most, ..] = SIZES;
    names.chunks(most).map(move |chunk| {
        let size = SIZES.iter().rev().find(|size| **size >= chunk.len()).copied().unwrap_or(most);
        let last = chunk.last();
        chunk.iter().chain(last.into_iter().cycle()).take(size).map(AsRef::as_ref).collect()
    })
}

/// `($1, $2), ($3, $4)` and so on, from a number. SQLite gets `?` alone: it would look each of a thousand names up in
/// a list; so the parameters of a statement stand in their order.
pub(super) fn rows(postgres: bool, first: usize, rows: usize, columns: usize) -> String {
    let mut text = String::new();
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        push_list(&mut text, postgres, first + row * columns, columns);
        text.push(')');
    }
    text
}

/// A condition for [`numbered`]: these columns are as given, in their order, and the last one is among `count` names. An
/// index must begin with them.
///
/// For a list of names PostgreSQL reads all rows of a tenant that it takes to be small, and compares each with every
/// name; how large one tenant is among a hundred thousand, its statistics do not tell. So each name is looked up by
/// itself, in an order that the planner is not free to change.
pub(super) fn among(connection: &AnyConnection, table: &str, columns: &[&str], count: usize) -> String {
    let Some((last, given)) = columns.split_last() else { return String::new() };
    let each = |write: &dyn Fn(&str) -> String, between: &str| {
        given.iter().map(|column| write(column)).collect::<Vec<_>>().join(between)
    };
    if !is_postgres(connection) {
        return format!("{} AND {last} IN ({})", each(&|column| format!("{column} = ?"), " AND "), marks(count));
    }
    format!(
        "{table}.ctid = ANY (ARRAY (SELECT found.place FROM (SELECT {}) AS given CROSS JOIN (VALUES {}) AS wanted (name) \
         CROSS JOIN LATERAL (SELECT own.ctid AS place FROM {table} AS own WHERE {} AND own.{last} = wanted.name OFFSET 0) \
         AS found))",
        each(&|column| format!("? AS {column}"), ", "),
        vec!["(?)"; count].join(", "),
        each(&|column| format!("own.{column} = given.{column}"), " AND "),
    )
}

/// `$1, $2` and so on.
pub(super) fn list(connection: &AnyConnection, first: usize, count: usize) -> String {
    let mut text = String::new();
    push_list(&mut text, is_postgres(connection), first, count);
    text
}

/// So many parameters, for [`numbered`].
pub(super) fn marks(count: usize) -> String {
    let mut text = String::new();
    push_list(&mut text, false, 1, count);
    text
}

/// A statement whose parameters are written as `?`, in the way of this database: PostgreSQL wants numbers.
pub(super) fn numbered(connection: &AnyConnection, sql: &str) -> String {
    if !is_postgres(connection) {
        return sql.to_owned();
    }
    let mut text = String::with_capacity(sql.len() * 2);
    for (number, piece) in sql.split('?').enumerate() {
        // Writing into a string cannot fail.
        let _ = if number == 0 { write!(text, "{piece}") } else { write!(text, "${number}{piece}") };
    }
    text
}

fn push_list(text: &mut String, postgres: bool, first: usize, count: usize) {
    for number in first..first + count {
        let comma = if number == first { "" } else { ", " };
        // Writing into a string cannot fail.
        let _ = match postgres {
            true => write!(text, "{comma}${number}"),
            false => write!(text, "{comma}?"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_out_or_said_twice() {
        for count in [0_usize, 1, 2, 15, 16, 17, 255, 256, 257, 700] {
            let names: Vec<String> = (0..count).map(|number| number.to_string()).collect();
            assert_eq!(pieces(&names).flatten().collect::<Vec<_>>(), names.iter().collect::<Vec<_>>());
            assert!(pieces(&names).all(|piece| SIZES.contains(&piece.len())));
            assert!(lists(&names).all(|list| SIZES.contains(&list.len())));
            let mut listed: Vec<&str> = lists(&names).flatten().collect();
            listed.dedup();
            assert_eq!(listed, names);
        }
    }

    #[test]
    fn parameters_are_numbered_where_that_helps() {
        assert_eq!(rows(true, 2, 2, 2), "($2, $3), ($4, $5)");
        assert_eq!(rows(false, 2, 2, 2), "(?, ?), (?, ?)");
    }
}
