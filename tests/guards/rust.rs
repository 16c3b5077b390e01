//! Just enough of Rust's syntax to know which paths a file names: comments, strings and test code are taken out, `use`
//! trees and paths in expressions are spelled out in full.
//!
//! A macro that builds a path from pieces would not be seen; the tree has none.

use std::path::Path;

/// One path as it is written, with `{…}` groups opened: `use std::{fs, io::Read}` gives two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub line: usize,
    pub segments: Vec<String>,
}

impl Named {
    pub fn begins_with(&self, path: &str) -> bool {
        let mut own = self.segments.iter();
        path.split("::").all(|segment| own.next().is_some_and(|one| one == segment))
    }

    pub fn ends_with(&self, path: &str) -> bool {
        let wanted: Vec<&str> = path.split("::").collect();
        self.segments.len() >= wanted.len() && self.segments[self.segments.len() - wanted.len()..] == wanted[..]
    }

    pub fn shown(&self) -> String {
        self.segments.join("::")
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Colons,
    Sign(char),
}

/// Every path of two or more segments in the code of a file, tests left out.
pub fn paths(source: &str) -> Vec<Named> {
    let tokens = without_tests(tokens(source));
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let (line, token) = &tokens[at];
        let before = at.checked_sub(1).map(|before| &tokens[before].1);
        let starts = matches!(token, Token::Word(word) if word != "use") && before != Some(&Token::Colons);
        let leads = *token == Token::Colons && !matches!(before, Some(Token::Word(word)) if word != "use");
        if starts || leads {
            let first = if leads { at + 1 } else { at };
            at = tree(&tokens, first, *line, &[], &mut found).max(at + 1);
        } else {
            at += 1;
        }
    }
    found.retain(|named| named.segments.len() > 1);
    found
}

/// Reads one path or `use` tree from `at` on, and gives where it ends.
fn tree(tokens: &[(usize, Token)], mut at: usize, mut line: usize, before: &[String], found: &mut Vec<Named>) -> usize {
    let mut segments = before.to_vec();
    loop {
        match tokens.get(at) {
            Some((here, Token::Word(word))) => {
                line = *here;
                segments.push(word.clone());
                at += 1;
            }
            Some((_, Token::Sign('{'))) if segments.len() > before.len() || !before.is_empty() => {
                at += 1;
                while let Some((here, token)) = tokens.get(at) {
                    match token {
                        Token::Sign('}') => return at + 1,
                        Token::Word(_) | Token::Colons | Token::Sign('{') => {
                            at = tree(tokens, at, *here, &segments, found).max(at + 1);
                        }
                        Token::Sign(_) => at += 1,
                    }
                }
                return at;
            }
            _ => break,
        }
        match tokens.get(at) {
            Some((_, Token::Colons)) => match tokens.get(at + 1) {
                Some((_, Token::Word(_) | Token::Sign('{'))) => at += 1,
                // `Vec::<u8>` and `use a::*`.
                _ => {
                    at += 1;
                    break;
                }
            },
            // `use x::{a as b}` names `a` alone.
            Some((_, Token::Word(word))) if word == "as" && !before.is_empty() => {
                at += 2;
                break;
            }
            _ => break,
        }
    }
    found.push(Named { line, segments });
    at
}

/// Takes out each item under `#[cfg(test)]`, to the brace or semicolon that ends it.
fn without_tests(tokens: Vec<(usize, Token)>) -> Vec<(usize, Token)> {
    let mark: Vec<Token> = [
        Token::Sign('#'),
        Token::Sign('['),
        Token::Word("cfg".into()),
        Token::Sign('('),
        Token::Word("test".into()),
        Token::Sign(')'),
        Token::Sign(']'),
    ]
    .into();
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let marked =
            tokens[at..].iter().zip(&mark).filter(|((_, token), wanted)| token == *wanted).count() == mark.len();
        if !marked {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += mark.len();
        let mut depth = 0usize;
        while let Some((_, token)) = tokens.get(at) {
            at += 1;
            match token {
                Token::Sign('{') => depth += 1,
                Token::Sign('}') if depth <= 1 => break,
                Token::Sign('}') => depth -= 1,
                Token::Sign(';') if depth == 0 => break,
                _ => {}
            }
        }
    }
    kept
}

fn tokens(source: &str) -> Vec<(usize, Token)> {
    let letters: Vec<char> = source.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    while let Some(&letter) = letters.get(at) {
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        let end = match letter {
            '/' if next == '/' => until(&letters, at, |rest| rest.starts_with(&['\n'])),
            '/' if next == '*' => comment_end(&letters, at),
            '"' => string_end(&letters, at),
            'r' | 'b' | 'c' if !preceded_by_word(&letters, at) && raw_string(&letters, at).is_some() => {
                raw_string(&letters, at).unwrap_or(at + 1)
            }
            '\'' => character_end(&letters, at),
            _ if is_word(letter) => {
                let end = (at..letters.len()).find(|&i| !is_word(letters[i])).unwrap_or(letters.len());
                found.push((line, Token::Word(letters[at..end].iter().collect())));
                end
            }
            ':' if next == ':' => {
                found.push((line, Token::Colons));
                at + 2
            }
            _ if letter.is_whitespace() => at + 1,
            _ => {
                found.push((line, Token::Sign(letter)));
                at + 1
            }
        };
        line += letters[at..end].iter().filter(|&&one| one == '\n').count();
        at = end;
    }
    found
}

fn preceded_by_word(letters: &[char], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| letters[before].is_alphanumeric() || letters[before] == '_')
}

fn until(letters: &[char], at: usize, ends: impl Fn(&[char]) -> bool) -> usize {
    (at..letters.len()).find(|&i| ends(&letters[i..])).unwrap_or(letters.len())
}

/// Block comments nest.
fn comment_end(letters: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < letters.len() {
        match (letters[at], letters.get(at + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                at += 2;
            }
            ('*', Some('/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn string_end(letters: &[char], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(&letter) = letters.get(at) {
        match letter {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    letters.len()
}

/// `r"…"`, `r#"…"#`, `br"…"`, `b"…"`, `c"…"`; `None` when it is a word that begins with such a letter.
fn raw_string(letters: &[char], at: usize) -> Option<usize> {
    let mut start = at;
    while matches!(letters.get(start), Some('b' | 'c')) && start == at {
        start += 1;
    }
    let raw = letters.get(start) == Some(&'r');
    if !raw {
        return (start > at && letters.get(start) == Some(&'"')).then(|| string_end(letters, start));
    }
    let hashes = letters[start + 1..].iter().take_while(|&&one| one == '#').count();
    let quote = start + 1 + hashes;
    if letters.get(quote) != Some(&'"') {
        return None;
    }
    let closing =
        |rest: &[char]| rest[0] == '"' && rest.len() > hashes && rest[1..=hashes].iter().all(|&one| one == '#');
    Some((until(letters, quote + 1, closing) + 1 + hashes).min(letters.len()))
}

/// A character literal, or the quote alone where it begins a lifetime.
fn character_end(letters: &[char], at: usize) -> usize {
    match (letters.get(at + 1), letters.get(at + 2)) {
        (Some('\\'), _) => (until(letters, at + 3, |rest| rest[0] == '\'') + 1).min(letters.len()),
        (Some(_), Some('\'')) => at + 3,
        _ => at + 1,
    }
}

/// The module a file of `src/` holds: `src/net/tls.rs` is `net::tls`, `src/net/mod.rs` is `net`.
pub fn module_of(path: &Path) -> Vec<String> {
    let mut segments: Vec<String> =
        path.with_extension("").components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    segments.retain(|one| one != "src");
    if matches!(segments.last().map(String::as_str), Some("mod" | "lib")) {
        segments.pop();
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str) -> Vec<String> {
        paths(source).iter().map(Named::shown).collect()
    }

    #[test]
    fn paths_are_found_wherever_they_stand() {
        let table: &[(&str, &[&str])] = &[
            ("use crate::net::Tls;", &["crate::net::Tls"]),
            ("use crate::{net, smtp::{self, Reply as R}};", &["crate::net", "crate::smtp::self", "crate::smtp::Reply"]),
            ("use ::tokio::net;", &["tokio::net"]),
            ("<T as crate::net::Tls>::new(x as super::y)", &["crate::net::Tls", "super::y"]),
            (
                "fn f() -> std::io::Result<crate::smtp::Reply> { a(std::fs::read(x)) }",
                &["std::io::Result", "crate::smtp::Reply", "std::fs::read"],
            ),
            ("// crate::net::X\n/* crate::net /* nested */ */ let a = \"crate::net\";", &[]),
            ("let a = r#\"crate::\"net\"#; let b = b\"std::fs\"; let c = '\"'; let d = '\\''; e::f()", &["e::f"]),
            ("impl<'a> Named<'a> { fn g(&'a self) { x::y } }", &["x::y"]),
            ("fn keep() {} #[cfg(test)] mod tests { use crate::net; fn f() { {} } } use a::b;", &["a::b"]),
            ("#[cfg(test)]\nmod tests;\nuse a::b;", &["a::b"]),
            ("use a::*; let v = Vec::<u8>::new();", &[]),
            ("pub(crate) use super::super::net::x;", &["super::super::net::x"]),
            ("match x { Step::Done(outcome) => {} }", &["Step::Done"]),
            ("if a { b::c } else { d }", &["b::c"]),
        ];
        for (source, wanted) in table {
            assert_eq!(&shown(source), wanted, "{source}");
        }
    }

    #[test]
    fn the_line_is_the_one_of_the_last_segment() {
        assert_eq!(paths("\n\nuse a::{\n    b,\n    c,\n};").iter().map(|one| one.line).collect::<Vec<_>>(), [4, 5]);
    }
}
