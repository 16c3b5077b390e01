//! The next hop of the model: takes SMTP by a codec of its own, octet by octet, and tells what it commits. It commits
//! at the last octet of a message, whatever becomes of its reply.

use bytes::Bytes;

use super::plan::Plan;

/// How a next hop answers otherwise than it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Misreply {
    Temporary,
    Permanent,
    /// 421, then it closes.
    Closing,
    /// No SMTP.
    Garbage,
    /// A reply of a class that the command cannot have.
    WrongClass,
    /// The right reply, and one more.
    Ahead,
}

pub const MISREPLIES: [Misreply; 6] = [
    Misreply::Temporary,
    Misreply::Permanent,
    Misreply::Closing,
    Misreply::Garbage,
    Misreply::WrongClass,
    Misreply::Ahead,
];

/// The server's half of one session.
#[derive(Debug, Clone, Hash)]
pub struct NextHop {
    plan: Plan,
    phase: Phase,
    mail: bool,
    recipients: Vec<usize>,
    /// Recipients asked for since the last MAIL.
    pub asked: usize,
    line: Vec<u8>,
    content: Vec<u8>,
    pub closed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Phase {
    Command,
    Data,
    Chunk { left: usize, last: bool },
}

/// A message it is responsible for from now on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Commit {
    pub recipients: Vec<usize>,
    pub content: Vec<u8>,
}

/// What came of octets.
#[derive(Debug, Default)]
pub struct Said {
    /// Each with a reply of its own.
    pub replies: Vec<Bytes>,
    pub commits: Vec<Commit>,
    /// The sender's mail was refused for good.
    pub refused: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Hello,
    Mail,
    Rcpt,
    Data,
    Chunk,
    End,
    Reset,
    Quit,
    Unknown,
}

impl NextHop {
    pub fn new(plan: Plan) -> NextHop {
        NextHop {
            plan,
            phase: Phase::Command,
            mail: false,
            recipients: Vec::new(),
            asked: 0,
            line: Vec::new(),
            content: Vec::new(),
            closed: false,
        }
    }

    /// Whether content is expected, so that a refusal of it makes sense.
    pub fn takes_content(&self) -> bool {
        self.phase != Phase::Command
    }

    /// Takes octets. `misreply`: the reply of this number is another one.
    pub fn hear(&mut self, octets: &[u8], misreply: Option<(usize, Misreply)>) -> Said {
        let mut said = Said::default();
        let mut rest = octets;
        while let Some((&octet, after)) = rest.split_first().filter(|_| !self.closed) {
            let verb = match self.phase {
                Phase::Chunk { left, last } => {
                    let take = left.min(rest.len());
                    self.content.extend_from_slice(&rest[..take]);
                    rest = &rest[take..];
                    self.phase = Phase::Chunk { left: left - take, last };
                    self.chunk_verb()
                }
                Phase::Data => {
                    rest = after;
                    self.content.push(octet);
                    (self.content == b".\r\n" || self.content.ends_with(b"\r\n.\r\n")).then(|| {
                        self.content = unstuffed(&self.content);
                        Verb::End
                    })
                }
                Phase::Command => {
                    rest = after;
                    self.line.push(octet);
                    if self.line.ends_with(b"\r\n") { self.obey() } else { None }
                }
            };
            if let Some(verb) = verb {
                let number = said.replies.len();
                let misreply = misreply.filter(|(at, _)| *at == number).map(|(_, misreply)| misreply);
                self.answer(verb, misreply, &mut said);
            }
        }
        said
    }

    fn chunk_verb(&mut self) -> Option<Verb> {
        match self.phase {
            Phase::Chunk { left: 0, last: true } => Some(Verb::End),
            Phase::Chunk { left: 0, last: false } => Some(Verb::Chunk),
            _ => None,
        }
    }

    fn obey(&mut self) -> Option<Verb> {
        let line = String::from_utf8_lossy(&self.line).trim_end().to_owned();
        self.line.clear();
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        Some(match verb {
            "EHLO" => Verb::Hello,
            "MAIL" => {
                self.asked = 0;
                Verb::Mail
            }
            "RCPT" => {
                let digit = rest.bytes().find(u8::is_ascii_digit).unwrap_or(b'9');
                self.recipients.push(usize::from(digit - b'0'));
                self.asked += 1;
                Verb::Rcpt
            }
            "DATA" => Verb::Data,
            "BDAT" => {
                let (octets, last) = rest.split_once(' ').map_or((rest, false), |(octets, _)| (octets, true));
                self.phase = Phase::Chunk { left: octets.parse().unwrap_or(usize::MAX), last };
                return self.chunk_verb();
            }
            "RSET" => Verb::Reset,
            "QUIT" => Verb::Quit,
            _ => Verb::Unknown,
        })
    }

    fn answer(&mut self, verb: Verb, misreply: Option<Misreply>, said: &mut Said) {
        let refuses = matches!(misreply, Some(Misreply::Temporary | Misreply::Permanent | Misreply::Closing));
        let known = match verb {
            Verb::Hello | Verb::Reset | Verb::Quit => true,
            Verb::Mail => !self.mail,
            Verb::Rcpt => self.mail,
            Verb::Data | Verb::Chunk | Verb::End => self.mail && !self.recipients.is_empty(),
            Verb::Unknown => false,
        };
        said.refused |= misreply == Some(Misreply::Permanent) && !matches!(verb, Verb::Hello | Verb::Reset);
        let good = known && !refuses;
        self.carry_out(verb, good, said);
        let usual = match (known, verb) {
            (false, _) => "503 5.5.1 out of sequence".to_owned(),
            (true, Verb::Hello) => self.offer(),
            (true, Verb::Data) => "354 go ahead".to_owned(),
            (true, Verb::End) => "250 2.6.0 taken by the next hop".to_owned(),
            (true, Verb::Quit) => "221 2.0.0 bye".to_owned(),
            (true, _) => "250 2.0.0 fine".to_owned(),
        };
        let reply = match misreply {
            None => usual,
            Some(Misreply::Temporary) => "451 4.3.0 not now".to_owned(),
            Some(Misreply::Permanent) => "550 5.1.0 never".to_owned(),
            Some(Misreply::Closing) => "421 4.3.2 closing".to_owned(),
            Some(Misreply::Garbage) => "2xx huh".to_owned(),
            Some(Misreply::WrongClass) if verb == Verb::Data => "250 2.0.0 fine".to_owned(),
            Some(Misreply::WrongClass) => "354 go ahead".to_owned(),
            Some(Misreply::Ahead) => format!("{usual}\r\n250 2.6.0 ahead"),
        };
        said.replies.push(Bytes::from(format!("{reply}\r\n")));
        self.closed = misreply == Some(Misreply::Closing) || verb == Verb::Quit;
    }

    fn carry_out(&mut self, verb: Verb, good: bool, said: &mut Said) {
        match verb {
            Verb::Hello | Verb::Quit | Verb::Unknown => {}
            Verb::Mail => self.mail |= good,
            Verb::Rcpt if !good => {
                self.recipients.pop();
            }
            Verb::Rcpt => {}
            Verb::Data if good => self.phase = Phase::Data,
            Verb::Data => {}
            Verb::Chunk if good => self.phase = Phase::Command,
            // RFC 3030 section 2: what follows is refused as well.
            Verb::Chunk => self.end(),
            Verb::End => {
                let content = std::mem::take(&mut self.content);
                if good {
                    said.commits.push(Commit { recipients: std::mem::take(&mut self.recipients), content });
                }
                self.end();
            }
            Verb::Reset => self.end(),
        }
    }

    fn end(&mut self) {
        self.phase = Phase::Command;
        self.mail = false;
        self.recipients.clear();
        self.content.clear();
    }

    fn offer(&self) -> String {
        let mut lines = vec!["next.example", "SIZE 1000000", "8BITMIME", "ENHANCEDSTATUSCODES"];
        if self.plan.pipelining.of_next_hop() {
            lines.push("PIPELINING");
        }
        if self.plan.chunking {
            lines.extend(["CHUNKING", "BINARYMIME"]);
        }
        let last = lines.len() - 1;
        let line = |(at, line): (usize, &&str)| format!("250{}{line}", if at == last { ' ' } else { '-' });
        lines.iter().enumerate().map(line).collect::<Vec<_>>().join("\r\n")
    }
}

/// The content of DATA, the obvious way.
fn unstuffed(content: &[u8]) -> Vec<u8> {
    let content = content.strip_suffix(b".\r\n").unwrap_or(content);
    let lines = content.split_inclusive(|octet| *octet == b'\n');
    lines.flat_map(|line| line.strip_prefix(b".").unwrap_or(line)).copied().collect()
}
