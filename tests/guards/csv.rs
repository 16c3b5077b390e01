//! Reads CSV as RFC 4180 writes it: quoted fields may hold commas, quotes (doubled) and line ends.

/// All records, the heading first.
pub fn records(text: &str) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut record = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            _ => field.push(letter),
        }
    }
    if !field.is_empty() || !record.is_empty() {
        record.push(field);
        records.push(record);
    }
    records
}

#[test]
fn quotes_hold_commas_quotes_and_line_ends() {
    let wanted = vec![vec!["a", "b,c", "d \"e\""], vec!["", "1\n2", ""]];
    assert_eq!(records("a,\"b,c\",\"d \"\"e\"\"\"\r\n,\"1\n2\",\n"), wanted);
    assert_eq!(records("a,b"), vec![vec!["a", "b"]]);
}
