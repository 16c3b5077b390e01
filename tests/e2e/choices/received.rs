//! One copy of a message as it arrived: which signatures its text shows, in which order, and whether anything else has changed.

use mail_parser::{Message, MessageParser};
use standin::exchange::Accepted;

use crate::bench::below_additions;

pub struct Received(Accepted);

/// Of the author's own text, and of what is quoted.
const OWN: [&str; 2] = ["came out well", "Thursday at ten is fine"];
const QUOTED: &str = "if we took five hundred";

impl Received {
    pub fn of(accepted: &Accepted) -> Received {
        Received(accepted.clone())
    }

    /// Whose copy it is.
    pub fn recipients(&self) -> Vec<String> {
        self.0.addresses().into_iter().map(str::to_owned).collect()
    }

    pub fn content(&self) -> &[u8] {
        &self.0.content
    }

    pub fn text(&self) -> String {
        self.0.text()
    }

    fn parsed(&self) -> Message<'_> {
        MessageParser::new().parse(self.content()).unwrap()
    }

    /// Blanks in a row as one.
    pub fn subject(&self) -> String {
        self.parsed().subject().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The bodies, HTML first where there is one.
    fn bodies(&self) -> Vec<String> {
        let parsed = self.parsed();
        let html = parsed.html_bodies().filter(|part| part.is_text_html()).filter_map(|part| part.text_contents());
        let plain = parsed.text_bodies().filter(|part| !part.is_text_html()).filter_map(|part| part.text_contents());
        html.chain(plain).map(str::to_owned).collect()
    }

    /// For each body the marks of signatures with `own` and `quoted` between them, as they stand.
    pub fn order(&self) -> Vec<Vec<String>> {
        let order = |body: &String| {
            let mut found: Vec<(usize, String)> = marks(body);
            let at = |words: &str| body.find(words);
            found.extend(OWN.iter().find_map(|words| at(words)).map(|place| (place, "own".to_owned())));
            found.extend(at(QUOTED).map(|place| (place, "quoted".to_owned())));
            found.sort();
            found.into_iter().map(|(_, word)| word).collect()
        };
        let orders: Vec<Vec<String>> = self.bodies().iter().map(order).collect();
        assert!(!orders.is_empty(), "{}", self.text());
        orders
    }

    /// The marks of the first body.
    pub fn marks(&self) -> Vec<String> {
        self.bodies().first().map(|body| marks(body).into_iter().map(|(_, mark)| mark).collect()).unwrap_or_default()
    }

    /// Beside additions, bodies and Subject everything is as it was sent; all of it where nothing was to be signed.
    pub fn assert_conserves(&self, sent: &[u8], signed: bool) {
        let arrived = below_additions(self.content());
        if !signed {
            assert!(arrived == sent, "a message that is left was changed:\n{}", self.text());
        }
        assert_eq!(lasting(arrived), lasting(sent));
    }
}

fn marks(body: &str) -> Vec<(usize, String)> {
    let found = body.match_indices("mark-of-").map(|(at, _)| {
        let end = body[at..].find('.').map_or(body.len(), |end| at + end + 1);
        (at, body[at..end].to_owned())
    });
    found.collect()
}

/// The lines of the header that a signature changes nothing in.
fn lasting(content: &[u8]) -> String {
    let head = String::from_utf8_lossy(content).split("\r\n\r\n").next().unwrap_or_default().to_owned();
    let mut lasts = true;
    let mut kept = String::new();
    for line in head.lines() {
        if !line.starts_with([' ', '\t']) {
            let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
            lasts = !matches!(name.as_str(), "subject" | "content-type" | "content-transfer-encoding");
        }
        if lasts {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}
