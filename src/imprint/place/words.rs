//! The words by which mail programs introduce quoted text, by language.
//!
//! One file per language in `words/`, each line `kind: word | word`. All words are in the folded form that `quote::fold`
//! makes (lower case, single blanks). They are read once, at first use. The kinds:
//!
//! - `opener`: how a line of attribution begins ("On …"); `wrote`: how it ends ("… wrote:"); `wrote-by`: the same verb
//!   where a name or a date may follow it ("… schrieb Ada:").
//! - `original`, `forwarded`: what stands between dashes; `begin-forwarded`: a line of its own, without dashes.
//! - `from`, `date`, `sent`, `to`, `cc`, `subject`: labels of a block of header fields.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Kind;

/// What a label of a quoted header block stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    From,
    Date,
    Sent,
    To,
    Copy,
    Subject,
}

/// Which language a word belongs to; a position in [`FILES`].
pub(super) type Language = usize;

/// English, whose labels several programs keep in every language.
pub(super) const ENGLISH: Language = 0;

/// Every language at once, by the kind of word.
pub(super) struct Words {
    pub labels: HashMap<&'static str, Vec<(Language, Role)>>,
    /// What stands between dashes above quoted text.
    pub banners: HashMap<&'static str, Kind>,
    /// Lines of their own above forwarded text.
    pub begins: HashMap<&'static str, Kind>,
    /// By their first byte.
    pub openers: ByByte,
    /// Verbs after which only a colon follows, by their last byte.
    pub verbs_by_end: ByByte,
    /// Verbs that a name or a date may follow.
    pub wrote_by: ByPair,
    /// Verbs of both kinds.
    pub verbs: ByPair,
}

/// Words by one byte of theirs: most lines meet few of them, or none.
pub(super) struct ByByte([Vec<&'static str>; 256]);

impl ByByte {
    fn new(words: &[&'static str], byte_of: impl Fn(&str) -> Option<u8>) -> ByByte {
        let of =
            |byte: usize| words.iter().copied().filter(|word| byte_of(word).map(usize::from) == Some(byte)).collect();
        ByByte(std::array::from_fn(of))
    }

    /// The words with this byte at the place.
    pub fn like(&self, byte: Option<&u8>) -> impl Iterator<Item = &'static str> {
        byte.and_then(|byte| self.0.get(usize::from(*byte))).into_iter().flatten().copied()
    }
}

/// Words to look for anywhere in a line, by their first two bytes: one look at each pair of a line leaves out nearly
/// all of them.
pub(super) struct ByPair {
    /// A bit for each pair that a word begins with.
    pairs: Box<[u64; 1024]>,
    by_first: ByByte,
}

impl ByPair {
    fn new(words: &[&'static str]) -> ByPair {
        let mut pairs = Box::new([0; 1024]);
        for word in words {
            debug_assert!(word.len() >= 2, "a word of one byte: {word}");
            if let [first, second, ..] = word.as_bytes() {
                let pair = pair(*first, *second);
                if let Some(bits) = pairs.get_mut(pair / 64) {
                    *bits |= 1 << (pair % 64);
                }
            }
        }
        ByPair { pairs, by_first: ByByte::new(words, |word| word.bytes().next()) }
    }

    /// The words that stand somewhere in the line; some more than once.
    pub fn within(&self, line: &str) -> impl Iterator<Item = &'static str> {
        let bytes = line.as_bytes();
        let places = bytes.iter().zip(bytes.iter().skip(1)).enumerate().filter(|(_, (first, second))| {
            let pair = pair(**first, **second);
            self.pairs.get(pair / 64).is_some_and(|bits| bits & (1 << (pair % 64)) != 0)
        });
        places.flat_map(move |(at, (first, _))| {
            let rest = bytes.get(at..).unwrap_or_default();
            self.by_first.like(Some(first)).filter(move |word| rest.starts_with(word.as_bytes()))
        })
    }
}

fn pair(first: u8, second: u8) -> usize {
    usize::from(first) << 8 | usize::from(second)
}

/// Number of languages.
pub(super) const LANGUAGES: usize = FILES.len();

/// The words of all languages.
pub(super) fn all() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(read);
    &WORDS
}

/// More words than any one kind has, so that no table is made twice.
const ROOM: usize = 700;

fn read() -> Words {
    let (mut openers, mut wrote, mut wrote_by) = (Vec::new(), Vec::new(), Vec::new());
    let mut words = Words {
        labels: HashMap::with_capacity(ROOM),
        banners: HashMap::with_capacity(ROOM),
        begins: HashMap::with_capacity(ROOM),
        openers: ByByte::new(&[], |_| None),
        verbs_by_end: ByByte::new(&[], |_| None),
        wrote_by: ByPair::new(&[]),
        verbs: ByPair::new(&[]),
    };
    for (language, file) in FILES.iter().enumerate() {
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            if let Some((kind, values)) = line.split_once(':') {
                let values = values.split('|').map(str::trim).filter(|value| !value.is_empty());
                values.for_each(|value| match kind {
                    "opener" => openers.push(value),
                    "wrote" => wrote.push(value),
                    "wrote-by" => wrote_by.push(value),
                    _ => words.take(language, kind, value),
                });
            }
        }
    }
    for some in [&mut openers, &mut wrote, &mut wrote_by] {
        some.sort_unstable();
        some.dedup();
    }
    words.openers = ByByte::new(&openers, |word| word.bytes().next());
    words.verbs_by_end = ByByte::new(&wrote, |word| word.bytes().next_back());
    words.wrote_by = ByPair::new(&wrote_by);
    wrote.extend(wrote_by);
    wrote.sort_unstable();
    wrote.dedup();
    words.verbs = ByPair::new(&wrote);
    words
}

impl Words {
    fn take(&mut self, language: Language, kind: &str, value: &'static str) {
        let role = match kind {
            "original" => return keep(&mut self.banners, value, Kind::Reply),
            "forwarded" => return keep(&mut self.banners, value, Kind::Forward),
            "begin-forwarded" => return keep(&mut self.begins, value, Kind::Forward),
            "from" => Role::From,
            "date" => Role::Date,
            "sent" => Role::Sent,
            "to" => Role::To,
            "cc" => Role::Copy,
            "subject" => Role::Subject,
            _ => {
                debug_assert!(false, "no such kind of word: {kind}");
                return;
            }
        };
        self.labels.entry(value).or_default().push((language, role));
    }
}

fn keep(phrases: &mut HashMap<&'static str, Kind>, phrase: &'static str, kind: Kind) {
    phrases.insert(phrase, kind);
}

/// One file per language; English stands first.
const FILES: &[&str] = &[
    include_str!("words/en.txt"),
    include_str!("words/de.txt"),
    include_str!("words/fr.txt"),
    include_str!("words/es.txt"),
    include_str!("words/it.txt"),
    include_str!("words/pt.txt"),
    include_str!("words/nl.txt"),
    include_str!("words/sv.txt"),
    include_str!("words/da.txt"),
    include_str!("words/nb.txt"),
    include_str!("words/fi.txt"),
    include_str!("words/pl.txt"),
    include_str!("words/cs.txt"),
    include_str!("words/sk.txt"),
    include_str!("words/hu.txt"),
    include_str!("words/ro.txt"),
    include_str!("words/bg.txt"),
    include_str!("words/ru.txt"),
    include_str!("words/uk.txt"),
    include_str!("words/el.txt"),
    include_str!("words/tr.txt"),
    include_str!("words/ar.txt"),
    include_str!("words/he.txt"),
    include_str!("words/fa.txt"),
    include_str!("words/hi.txt"),
    include_str!("words/th.txt"),
    include_str!("words/vi.txt"),
    include_str!("words/id.txt"),
    include_str!("words/ms.txt"),
    include_str!("words/ja.txt"),
    include_str!("words/ko.txt"),
    include_str!("words/zh-CN.txt"),
    include_str!("words/zh-TW.txt"),
    include_str!("words/ca.txt"),
    include_str!("words/hr.txt"),
    include_str!("words/sr.txt"),
    include_str!("words/sl.txt"),
    include_str!("words/et.txt"),
    include_str!("words/lt.txt"),
    include_str!("words/lv.txt"),
    include_str!("words/eu.txt"),
    include_str!("words/gl.txt"),
    include_str!("words/cy.txt"),
    include_str!("words/is.txt"),
    include_str!("words/sq.txt"),
    include_str!("words/ka.txt"),
    include_str!("words/kk.txt"),
    include_str!("words/af.txt"),
    include_str!("words/ast.txt"),
    include_str!("words/be.txt"),
    include_str!("words/br.txt"),
    include_str!("words/dsb.txt"),
    include_str!("words/hsb.txt"),
    include_str!("words/eo.txt"),
    include_str!("words/fy.txt"),
    include_str!("words/ga.txt"),
    include_str!("words/gd.txt"),
    include_str!("words/hy.txt"),
    include_str!("words/lb.txt"),
    include_str!("words/mk.txt"),
    include_str!("words/nn.txt"),
    include_str!("words/oc.txt"),
    include_str!("words/rm.txt"),
    include_str!("words/uz.txt"),
    include_str!("words/az.txt"),
    include_str!("words/fo.txt"),
    include_str!("words/bn.txt"),
    include_str!("words/ta.txt"),
    include_str!("words/ml.txt"),
];

#[cfg(test)]
mod tests {
    use super::super::plain;
    use super::super::quote::fold;
    use super::*;

    #[test]
    fn words_are_folded_and_of_a_known_kind() {
        for file in FILES {
            for line in file.lines().filter(|line| !line.starts_with('#')) {
                let (_, values) = line.split_once(": ").unwrap_or_else(|| panic!("no kind in {line:?}"));
                for value in values.split(" | ") {
                    assert_eq!(fold(value).trim(), value, "in {line:?}");
                }
            }
        }
        assert!(all().labels.contains_key("from"));
        assert!(FILES[ENGLISH].contains("English"));
        assert_eq!(LANGUAGES, 69);
    }

    /// The values of one kind of word in a file.
    fn values(file: &'static str, kind: &str) -> Vec<&'static str> {
        let line = file.lines().find_map(|line| line.strip_prefix(kind)?.strip_prefix(": "));
        line.map(|line| line.split(" | ").collect()).unwrap_or_default()
    }

    #[test]
    fn every_word_of_every_language_is_found() {
        let mut wrong = Vec::new();
        let mut checked = 0;
        let mut check = |text: String| {
            checked += 1;
            let found = plain::find(&format!("x\n\n{text}\n")).map(|found| found.offset);
            if found != Some(3) {
                wrong.push(format!("{text:?}: {found:?}"));
            }
        };
        for file in FILES {
            for phrase in values(file, "original").iter().chain(&values(file, "forwarded")) {
                check(format!("-------- {phrase} --------\nx"));
                check(format!("-----{}-----\nx", phrase.to_uppercase().replace("\u{307}", "")));
            }
            for phrase in values(file, "begin-forwarded") {
                check(format!("> {phrase}:\n>\n> x"));
            }
            for verb in values(file, "wrote") {
                check(format!("20.11.2026 09:12, Ada Vance {verb}:\n\nx"));
                check(format!("Ada Vance <ada@contoso.example> {verb}:\n\nx"));
            }
            for opener in values(file, "opener") {
                for verb in values(file, "wrote") {
                    check(format!("{opener} 20.11.2026 09:12, Ada Vance\n<ada@contoso.example> {verb}:\n\nx"));
                }
            }
            for verb in values(file, "wrote-by") {
                check(format!("20.11.2026 09:12 {verb} Ada Vance:\n\nx"));
            }
            for from in values(file, "from") {
                for to in values(file, "to") {
                    check(format!("{from}: Ada <ada@contoso.example>\n{to}: Bob\n\nx"));
                    check(format!("*{from} :* Ada\n*{to} :* bob@example.com\n\nx"));
                }
                for subject in values(file, "subject") {
                    check(format!("{from}\u{ff1a}Ada\n{subject}\u{ff1a}x\n\nx"));
                }
            }
        }
        assert!(wrong.is_empty(), "{} of {checked}:\n{}", wrong.len(), wrong.join("\n"));
        assert!(checked > 1_000, "{checked}");
    }
}
