//! A CSV file cut into rows (RFC 4180), as spreadsheets really write it.
//!
//! Encodings: UTF-8, UTF-16 with a byte order mark, else windows-1252, which is what a spreadsheet in Europe calls
//! CSV. Separators: comma, semicolon or tab, whichever the heading has most of. Every row keeps the line it begins
//! in. A quote that is never closed is told with the line where it opens, and ends the reading: what follows it cannot
//! be told apart from a field.

use encoding_rs::{UTF_8, WINDOWS_1252};

/// Most octets of a file.
const FILE_BYTES: usize = 64 << 20;

/// Most rows: the largest tenant.
const ROWS: usize = 500_000;

/// Most columns.
const COLUMNS: usize = 200;

/// Rows with their lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub separator: char,
    /// Headings without blanks around them.
    pub heading: Vec<String>,
    /// 0 when there is none.
    pub heading_line: usize,
    pub rows: Vec<Row>,
    /// By line.
    pub problems: Vec<(usize, String)>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Where it begins, from 1.
    pub line: usize,
    pub fields: Vec<String>,
}

impl Table {
    pub fn read(file: &[u8]) -> Table {
        if file.len() > FILE_BYTES {
            return Table::unreadable(format!("the file is larger than {} MB", FILE_BYTES >> 20));
        }
        let text = decode(file);
        if text.contains('\0') {
            return Table::unreadable("this is not a CSV file but a binary one; save the sheet as CSV".to_owned());
        }
        let separator = separator(&text);
        let mut cutter = Cutter { chars: text.chars().peekable(), line: 1, separator };
        let mut table = Table { separator, ..Table::default() };
        while let Some(row) = cutter.row() {
            match row {
                Err((line, message)) => table.problems.push((line, message.to_owned())),
                Ok(row) if row.fields.iter().all(|field| field.trim().is_empty()) => {}
                Ok(row) if table.heading_line == 0 => table.head(row),
                Ok(row) => table.rows.push(row),
            }
            if table.rows.len() > ROWS || table.problems.len() > super::PROBLEMS {
                let message = if table.rows.len() > ROWS { "more than 500,000 rows" } else { "too many problems" };
                table.problems.push((cutter.line, format!("{message}; the rest is not read")));
                break;
            }
        }
        if table.heading_line == 0 && table.problems.is_empty() {
            table.problems.push((1, "the file is empty; the first row has to name the columns".to_owned()));
        }
        table
    }

    fn head(&mut self, row: Row) {
        if row.fields.len() > COLUMNS {
            let message = format!("{} columns; at most {COLUMNS} are read", row.fields.len());
            self.problems.push((row.line, message));
        } else {
            self.heading_line = row.line;
            self.heading = row.fields.iter().map(|heading| heading.trim().to_owned()).collect();
        }
    }

    fn unreadable(message: String) -> Table {
        Table { separator: ',', problems: vec![(1, message)], ..Table::default() }
    }
}

struct Cutter<'a> {
    chars: std::iter::Peekable<std::str::Chars<'a>>,
    line: usize,
    separator: char,
}

/// How a field ended.
enum End {
    Field,
    Row,
    File,
}

impl Cutter<'_> {
    /// The next row, or what is wrong with it and the line it begins in.
    fn row(&mut self) -> Option<Result<Row, (usize, &'static str)>> {
        self.chars.peek()?;
        let mut row = Row { line: self.line, fields: Vec::new() };
        let mut wrong = None;
        loop {
            let mut field = String::new();
            let (end, problem) = self.field(&mut field);
            wrong = wrong.or(problem);
            // A row of nothing but separators would cost memory for nothing.
            if row.fields.len() <= COLUMNS {
                row.fields.push(field);
            }
            if !matches!(end, End::Field) {
                return Some(wrong.map_or(Ok(row), Err));
            }
        }
    }

    /// How it ended, and what is wrong with it.
    fn field(&mut self, field: &mut String) -> (End, Option<(usize, &'static str)>) {
        let opened = self.line;
        if self.chars.next_if_eq(&'"').is_none() {
            return (self.plain(field), None);
        }
        loop {
            match self.take() {
                None => return (End::File, Some((opened, "a quote opens here and is never closed"))),
                Some('"') if self.chars.next_if_eq(&'"').is_some() => field.push('"'),
                Some('"') => break,
                Some(other) => field.push(other),
            }
        }
        let mut after = String::new();
        let end = self.plain(&mut after);
        let wrong = !after.trim().is_empty();
        (end, wrong.then_some((opened, "text follows a closing quote")))
    }

    fn plain(&mut self, field: &mut String) -> End {
        loop {
            match self.take() {
                None => return End::File,
                Some('\n') => {
                    if field.ends_with('\r') {
                        field.pop();
                    }
                    return End::Row;
                }
                Some(other) if other == self.separator => return End::Field,
                Some(other) => field.push(other),
            }
        }
    }

    fn take(&mut self) -> Option<char> {
        let next = self.chars.next();
        self.line += usize::from(next == Some('\n'));
        next
    }
}

fn decode(file: &[u8]) -> String {
    let (text, _, malformed) = UTF_8.decode(file);
    if malformed { WINDOWS_1252.decode(file).0.into_owned() } else { text.into_owned() }
}

/// The separator that stands most often in the first line, outside quotes.
fn separator(text: &str) -> char {
    let mut counts = [(',', 0_usize), (';', 0), ('\t', 0)];
    let mut quoted = false;
    for c in text.trim_start().chars() {
        match c {
            '"' => quoted = !quoted,
            '\n' if !quoted => break,
            c if !quoted => {
                for (separator, count) in &mut counts {
                    *count += usize::from(*separator == c);
                }
            }
            _ => {}
        }
    }
    // The comma comes last, so that it wins where nothing was found.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(',', |(separator, _)| *separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(file: &[u8]) -> Vec<(usize, Vec<String>)> {
        Table::read(file).rows.into_iter().map(|row| (row.line, row.fields)).collect()
    }

    fn row(line: usize, fields: &[&str]) -> (usize, Vec<String>) {
        (line, fields.iter().map(|field| (*field).to_owned()).collect())
    }

    #[test]
    fn quotes_line_ends_and_empty_rows() {
        let file = b"a,b\r\n1,\"x, \"\"y\"\"\r\nz\"\r\n\r\n,\r\n2,  3\n\"4\" ,5";
        let expected = [row(2, &["1", "x, \"y\"\r\nz"]), row(6, &["2", "  3"]), row(7, &["4", "5"])];
        assert_eq!(rows(file), expected);
        assert_eq!(Table::read(file).problems, []);
    }

    #[test]
    fn what_spreadsheets_call_csv() {
        let expected = [row(2, &["Zoë", "1,5"])];
        assert_eq!(rows("n;m\nZoë;1,5".as_bytes()), expected);
        assert_eq!(rows("\u{feff}n;m\nZoë;1,5\n".as_bytes()), expected);
        assert_eq!(rows(b"n;m\r\nZo\xeb;1,5\r\n"), expected);
        let utf16: Vec<u8> = "\u{feff}n\tm\r\nZoë\t1,5".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(rows(&utf16), expected);
        assert_eq!(Table::read(b"one\ntwo").separator, ',');
        assert_eq!(Table::read(b"\"a;b;c\",d\n").separator, ',');
    }

    #[test]
    fn what_cannot_be_cut_is_told_by_its_line() {
        let open = Table::read(b"a,b\n1,2\n3,\"4\n5,6\n");
        assert_eq!(open.problems, [(3, "a quote opens here and is never closed".to_owned())]);
        assert_eq!(open.rows.len(), 1);
        let after = Table::read(b"a,b\n\"1\"x,2\n3,4\n");
        assert_eq!(after.problems, [(2, "text follows a closing quote".to_owned())]);
        assert_eq!(Table::read(b" \n\n").problems.len(), 1);
        assert_eq!(Table::read(b"PK\x03\x04\0\0").problems.len(), 1);
        assert!(Table::read(&vec![b','; 1 << 20]).problems.len() == 1);
    }
}
