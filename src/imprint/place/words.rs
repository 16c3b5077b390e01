//! The words by which mail programs introduce quoted text, by language.
//!
//! One file per language in `words/`, each line `kind: word | word`. All words are in the folded form that `quote::fold`
//! makes (lower case, single blanks). They are read once, at first use; files of the operator's may take the place of
//! some of them, or add languages, before that ([`WordFiles`]). The kinds:
//!
//! - `opener`: how a line of attribution begins ("On …"); `wrote`: how it ends ("… wrote:"); `wrote-by`: the same verb
//!   where a name or a date may follow it ("… schrieb Ada:").
//! - `original`, `forwarded`: what stands between dashes; `begin-forwarded`: a line of its own, without dashes.
//! - `from`, `date`, `sent`, `to`, `cc`, `subject`: labels of a block of header fields.

mod built_in;

use std::collections::HashMap;
use std::sync::OnceLock;

use built_in::FILES;

use super::Kind;
use super::quote::fold;

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

/// Which language a word belongs to; English is the first.
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

/// The most languages, those of the operator's among them.
pub(super) const MOST_LANGUAGES: usize = 128;

static WORDS: OnceLock<Words> = OnceLock::new();

/// The words of all languages.
pub(super) fn all() -> &'static Words {
    WORDS.get_or_init(|| read(FILES.iter().copied()))
}

/// Words of the operator's, in files like ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordFiles(Vec<(String, String)>);

impl WordFiles {
    /// `files`: names without `.txt`, and texts. One of the name of ours takes its place, an empty one too; others are
    /// languages more.
    ///
    /// # Errors
    /// Everything that is wrong with them: file, line, and what to write instead.
    pub fn new(files: Vec<(String, String)>) -> Result<WordFiles, Vec<String>> {
        let mut wrong: Vec<String> = files.iter().flat_map(|(name, text)| faults(name, text)).collect();
        let more = files.iter().filter(|(name, _)| !FILES.iter().any(|(ours, _)| ours == name)).count();
        if FILES.len() + more > MOST_LANGUAGES {
            let room = MOST_LANGUAGES - FILES.len();
            wrong.push(format!("{more} languages more than those that are built in; there is room for {room}"));
        }
        if wrong.is_empty() { Ok(WordFiles(files)) } else { Err(wrong) }
    }

    /// For all messages of this process. False when words were read before, which then stay.
    pub fn put_in_force(self) -> bool {
        let mut own: HashMap<String, &'static str> = HashMap::new();
        for (name, text) in self.0 {
            // Read once, and needed as long as the process lives.
            own.insert(name, Box::leak(text.into_boxed_str()));
        }
        let mut files: Vec<(&str, &'static str)> = Vec::new();
        for (name, text) in FILES {
            files.push((name, own.remove(*name).unwrap_or(text)));
        }
        let mut more: Vec<(String, &'static str)> = own.into_iter().collect();
        more.sort_unstable();
        files.extend(more.iter().map(|(name, text)| (name.as_str(), *text)));
        WORDS.set(read(files.into_iter())).is_ok()
    }
}

/// What a file of words may hold, in octets; and the longest word.
const FILE_BYTES: usize = 64 * 1024;
const WORD_BYTES: usize = 200;

/// What is wrong with a file.
fn faults(name: &str, text: &str) -> Vec<String> {
    if text.len() > FILE_BYTES {
        return vec![format!("{name}.txt is larger than {} kB", FILE_BYTES / 1024)];
    }
    let mut faults = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty())
    {
        let mut fault = |what: String| faults.push(format!("{name}.txt, line {}: {what}", number + 1));
        let Some((kind, values)) = line.split_once(':').filter(|(kind, _)| KINDS.contains(kind)) else {
            fault(format!("begins with none of the kinds {}", KINDS.map(|kind| format!("`{kind}:`")).join(", ")));
            continue;
        };
        for value in values.split('|').map(str::trim) {
            let folded = fold(value);
            if folded.trim() != value {
                fault(format!("`{value}` has to be written `{}`", folded.trim()));
            }
            // Verbs are looked for anywhere in a line, by their first two octets.
            let least = if kind.starts_with("wrote") { 2 } else { 1 };
            if !(least..=WORD_BYTES).contains(&value.len()) {
                let octets = value.len();
                fault(format!("`{value}` is of {octets} octets, a word of `{kind}` has {least} to {WORD_BYTES}"));
            }
        }
    }
    faults
}

/// Every kind of word.
const KINDS: [&str; 12] = [
    "opener",
    "wrote",
    "wrote-by",
    "original",
    "forwarded",
    "begin-forwarded",
    "from",
    "date",
    "sent",
    "to",
    "cc",
    "subject",
];

/// More words than any one kind has, so that no table is made twice.
const ROOM: usize = 700;

fn read<'n>(files: impl Iterator<Item = (&'n str, &'static str)>) -> Words {
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
    for (language, (_, file)) in files.enumerate() {
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::plain;
    use super::*;

    #[test]
    fn words_are_folded_and_of_a_known_kind() {
        let wrong: Vec<String> = FILES.iter().flat_map(|(name, text)| faults(name, text)).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(all().labels.contains_key("from"));
        assert!(FILES[ENGLISH].1.contains("English"));
        assert_eq!(FILES.len(), 95);
    }

    #[test]
    fn everything_that_is_wrong_with_a_file_is_said_at_once() {
        let file = "# Test\n\nfrom: Van | van\nform: x\nwrote: x\n";
        let wrong = WordFiles::new(vec![("xx".to_owned(), file.to_owned())]).unwrap_err();
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert_eq!(wrong[0], "xx.txt, line 3: `Van` has to be written `van`");
        assert!(wrong[1].starts_with("xx.txt, line 4: begins with none of the kinds `opener:`"), "{wrong:?}");
        assert_eq!(wrong[2], "xx.txt, line 5: `x` is of 1 octets, a word of `wrote` has 2 to 200");
        let many = (0..60).map(|number| (format!("x{number}"), String::new())).collect();
        assert_eq!(
            WordFiles::new(many).unwrap_err(),
            ["60 languages more than those that are built in; there is room for 33"]
        );
        let large = vec![("xx".to_owned(), "#".repeat(70_000))];
        assert_eq!(WordFiles::new(large).unwrap_err(), ["xx.txt is larger than 64 kB"]);
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
        for (_, file) in FILES {
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
