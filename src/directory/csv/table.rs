//! A CSV file cut into rows (RFC 4180), as spreadsheets really write it.
//!
//! Encodings: UTF-8, UTF-16 with a byte order mark, else windows-1252, which is what a spreadsheet in Europe calls
//! CSV. Separators: comma, semicolon or tab, whichever the heading has most of. Every row keeps the line it begins
//! in. A quote that is never closed is told with the line where it opens, and ends the reading: what follows it cannot
//! be told apart from a field. One row at a time is in memory beside the file, whatever stands in it.

use encoding_rs::{UTF_8, WINDOWS_1252};

/// Most octets of a file.
const FILE_BYTES: usize = 64 << 20;

/// Most rows: the largest tenant.
const ROWS: usize = 500_000;

/// Most columns.
const COLUMNS: usize = 200;

/// A file of which the heading has been read; its rows come one by one.
pub(super) struct Table<'a> {
    cutter: Cutter<'a>,
    /// Headings without blanks around them.
    pub heading: Vec<String>,
    /// 0 when there is none.
    pub heading_line: usize,
    /// By line.
    pub problems: Vec<(usize, String)>,
    rows: usize,
    is_over: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Where it begins, from 1.
    pub line: usize,
    pub fields: Vec<String>,
}

/// The text of a file, or why it cannot have one.
pub(super) fn text(file: &[u8]) -> Result<String, String> {
    if file.len() > FILE_BYTES {
        return Err(format!("the file is larger than {} MB", FILE_BYTES >> 20));
    }
    let text = decode(file);
    match text.contains('\0') {
        true => Err("this is not a CSV file but a binary one; save the sheet as CSV".to_owned()),
        false => Ok(text),
    }
}

impl<'a> Table<'a> {
    /// Reads as far as the heading.
    pub fn open(text: &'a str) -> Table<'a> {
        let cutter = Cutter { chars: text.chars().peekable(), line: 1, separator: separator(text) };
        let (heading, problems) = (Vec::new(), Vec::new());
        let mut table = Table { cutter, heading, heading_line: 0, problems, rows: 0, is_over: false };
        while table.heading_line == 0
            && let Some(row) = table.cut()
        {
            table.head(row);
        }
        if table.heading_line == 0 && table.problems.is_empty() {
            table.problems.push((1, "the file is empty; the first row has to name the columns".to_owned()));
        }
        table
    }

    pub fn separator(&self) -> char {
        self.cutter.separator
    }

    /// The next row in which something stands. What is wrong with others is among the problems.
    pub fn row(&mut self) -> Option<Row> {
        let row = self.cut()?;
        self.rows += 1;
        if self.rows > ROWS {
            self.stop("more than 500,000 rows");
            return None;
        }
        Some(row)
    }

    fn cut(&mut self) -> Option<Row> {
        while !self.is_over {
            match self.cutter.row()? {
                Err((line, message)) => self.problems.push((line, message.to_owned())),
                Ok(row) if row.fields.iter().all(|field| field.trim().is_empty()) => {}
                Ok(row) => return Some(row),
            }
            if self.problems.len() > super::PROBLEMS {
                self.stop("too many problems");
            }
        }
        None
    }

    fn stop(&mut self, why: &str) {
        self.is_over = true;
        self.problems.push((self.cutter.line, format!("{why}; the rest is not read")));
    }

    fn head(&mut self, row: Row) {
        if row.fields.len() > COLUMNS {
            let message = format!("{} columns; at most {COLUMNS} are read", row.fields.len());
            self.problems.push((row.line, message));
            if self.problems.len() > super::PROBLEMS {
                self.stop("too many problems");
            }
        } else {
            self.heading_line = row.line;
            self.heading = row.fields.iter().map(|heading| heading.trim().to_owned()).collect();
        }
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
        let text = text(file).unwrap_or_default();
        let mut table = Table::open(&text);
        std::iter::from_fn(|| table.row()).map(|row| (row.line, row.fields)).collect()
    }

    fn problems(file: &[u8]) -> Vec<(usize, String)> {
        let text = match text(file) {
            Ok(text) => text,
            Err(message) => return vec![(1, message)],
        };
        let mut table = Table::open(&text);
        while table.row().is_some() {}
        table.problems
    }

    fn row(line: usize, fields: &[&str]) -> (usize, Vec<String>) {
        (line, fields.iter().map(|field| (*field).to_owned()).collect())
    }

    #[test]
    fn quotes_line_ends_and_empty_rows() {
        let file = b"a,b\r\n1,\"x, \"\"y\"\"\r\nz\"\r\n\r\n,\r\n2,  3\n\"4\" ,5";
        let expected = [row(2, &["1", "x, \"y\"\r\nz"]), row(6, &["2", "  3"]), row(7, &["4", "5"])];
        assert_eq!(rows(file), expected);
        assert_eq!(problems(file), []);
    }

    #[test]
    fn what_spreadsheets_call_csv() {
        let expected = [row(2, &["Zoë", "1,5"])];
        assert_eq!(rows("n;m\nZoë;1,5".as_bytes()), expected);
        assert_eq!(rows("\u{feff}n;m\nZoë;1,5\n".as_bytes()), expected);
        assert_eq!(rows(b"n;m\r\nZo\xeb;1,5\r\n"), expected);
        let utf16: Vec<u8> = "\u{feff}n\tm\r\nZoë\t1,5".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(rows(&utf16), expected);
        assert_eq!(Table::open("one\ntwo").separator(), ',');
        assert_eq!(Table::open("\"a;b;c\",d\n").separator(), ',');
    }

    #[test]
    fn what_cannot_be_cut_is_told_by_its_line() {
        let open = b"a,b\n1,2\n3,\"4\n5,6\n";
        assert_eq!(problems(open), [(3, "a quote opens here and is never closed".to_owned())]);
        assert_eq!(rows(open).len(), 1);
        let after = problems(b"a,b\n\"1\"x,2\n3,4\n");
        assert_eq!(after, [(2, "text follows a closing quote".to_owned())]);
        assert_eq!(problems(b" \n\n").len(), 1);
        assert_eq!(problems(b"PK\x03\x04\0\0").len(), 1);
        assert_eq!(problems(&vec![b','; 1 << 20]).len(), 1);
        // Neither without end where no row can be a heading, nor where no row is any good.
        let wide = format!("{}\n", "a,".repeat(COLUMNS + 1)).repeat(9 * crate::directory::csv::PROBLEMS);
        assert!(problems(wide.as_bytes()).len() <= crate::directory::csv::PROBLEMS + 2);
        let wrong = format!("a,b\n{}", "\"1\"x\n".repeat(9 * crate::directory::csv::PROBLEMS));
        assert!(problems(wrong.as_bytes()).len() <= crate::directory::csv::PROBLEMS + 2);
    }
}
