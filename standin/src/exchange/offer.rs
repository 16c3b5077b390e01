//! What the receiver offers in its answer to EHLO, as keywords in the order they are written.
//!
//! The list is that of a captured greeting of the real service; the session refuses what is not in it, so that a
//! relay which uses more than was offered is found out.

/// A list of keywords; `STARTTLS` is written before TLS only, `XOORG` after it only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    keywords: Vec<String>,
}

impl Offer {
    /// The list of Exchange Online's front end as captured, in its order.
    pub fn exchange_online() -> Offer {
        let keywords = [
            "SIZE 157286400",
            "PIPELINING",
            "DSN",
            "ENHANCEDSTATUSCODES",
            "STARTTLS",
            "8BITMIME",
            "BINARYMIME",
            "CHUNKING",
            "SMTPUTF8",
        ];
        Offer { keywords: keywords.map(str::to_owned).to_vec() }
    }

    /// Takes a keyword away, with its value: `offer.without("CHUNKING")`.
    pub fn without(mut self, keyword: &str) -> Offer {
        self.keywords.retain(|line| !is(line, keyword));
        self
    }

    /// Adds a keyword, or gives it another value: `offer.with("SIZE 10000")`.
    pub fn with(mut self, line: &str) -> Offer {
        let keyword = line.split(' ').next().unwrap_or(line);
        match self.keywords.iter_mut().find(|known| is(known, keyword)) {
            Some(known) => *known = line.to_owned(),
            None => self.keywords.push(line.to_owned()),
        }
        self
    }

    pub fn has(&self, keyword: &str) -> bool {
        self.keywords.iter().any(|line| is(line, keyword))
    }

    /// The octets of SIZE; `None` when it is not offered or has no limit.
    pub fn size(&self) -> Option<u64> {
        let line = self.keywords.iter().find(|line| is(line, "SIZE"))?;
        line.split(' ').nth(1)?.parse().ok().filter(|limit| *limit > 0)
    }

    /// The lines for this moment of the session.
    pub fn lines(&self, under_tls: bool) -> impl Iterator<Item = &str> {
        let now = move |line: &&String| !is(line, if under_tls { "STARTTLS" } else { "XOORG" });
        self.keywords.iter().filter(now).map(String::as_str)
    }
}

fn is(line: &str, keyword: &str) -> bool {
    line.split(' ').next().is_some_and(|word| word.eq_ignore_ascii_case(keyword))
}
