//! Writing CSV for spreadsheets (RFC 4180): UTF-8 with a mark that makes Excel read it as such, one line a record.
//!
//! A spreadsheet takes a text that begins with `=` for a formula, and runs it. Subject to that would be whatever a
//! stranger wrote into a Message-ID or an address; so such a text gets an apostrophe before it, which makes it a text.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Bytes;
use futures_util::stream::{self, Stream, StreamExt};

use crate::store::StoreError;

/// The mark, and the names of the columns.
pub fn head(columns: &[&str]) -> String {
    let mut text = String::from("\u{feff}");
    push(&mut text, columns.iter().map(|column| (*column).to_owned()));
    text
}

/// One line more.
pub fn push(text: &mut String, cells: impl IntoIterator<Item = String>) {
    for (number, cell) in cells.into_iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
        let cell = if is_formula { format!("'{cell}") } else { cell };
        match cell.contains(['"', ',', '\n', '\r']) {
            true => text.push_str(&format!("\"{}\"", cell.replace('"', "\"\""))),
            false => text.push_str(&cell),
        }
    }
    text.push_str("\r\n");
}

/// An answer that is read from the store while it is sent: `more` gives a piece of the text and where to go on, from a
/// place. The first piece is at hand, so that whatever is wrong with the question was told.
pub fn streamed<P, F>(
    file: &str,
    kind: &'static str,
    (first, next): (String, Option<P>),
    more: impl Fn(P) -> F + 'static,
) -> HttpResponse
where
    P: 'static,
    F: Future<Output = Result<(String, Option<P>), StoreError>> + 'static,
{
    let rest = rest(next, more);
    let whole = stream::once(std::future::ready(Ok(Bytes::from(first)))).chain(rest);
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .streaming(whole)
}

/// One piece in memory at a time. A fault ends the connection in the middle of it, so that nobody takes a part for the
/// whole.
fn rest<P, F>(first: Option<P>, more: impl Fn(P) -> F) -> impl Stream<Item = Result<Bytes, StoreError>>
where
    F: Future<Output = Result<(String, Option<P>), StoreError>>,
{
    stream::unfold((first, more), |(place, more)| async {
        let told = more(place?).await;
        Some(match told {
            Ok((text, next)) => (Ok(Bytes::from(text)), (next, more)),
            Err(error) => (Err(error), (None, more)),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_formula_and_nothing_breaks_out_of_its_cell() {
        for (cell, wanted) in [
            ("plain", "plain"),
            ("=1+1", "'=1+1"),
            ("=HYPERLINK(\"http://evil.example\",\"x\")", "\"'=HYPERLINK(\"\"http://evil.example\"\",\"\"x\"\")\""),
            ("+49 30 1", "'+49 30 1"),
            ("-2+3", "'-2+3"),
            ("-12.5", "-12.5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("a,b", "\"a,b\""),
            ("a\nb", "\"a\nb\""),
            ("", ""),
        ] {
            let mut line = String::new();
            push(&mut line, [cell.to_owned(), "x".to_owned()]);
            assert_eq!(line, format!("{wanted},x\r\n"), "{cell:?}");
        }
    }
}
