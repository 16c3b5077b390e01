//! The server against scripts. Each script is played whole, with each step split at every octet, and octet by octet, and
//! each time with an owner that answers at once and one that answers late: what the peer reads and what the owner is
//! told must be the same.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod content;
mod drain;
mod envelope;
mod random;
mod session;
pub(crate) mod smuggling;
mod times;

use super::*;
use crate::smtp::{Extensions, Parameter};

/// How a script begins.
#[derive(Debug, Clone, Copy)]
pub(super) enum Start {
    /// TLS is required and nothing was said.
    Fresh,
    /// TLS and EHLO are done.
    Secured,
    /// No TLS here; EHLO is done.
    Loopback,
}

/// When the owner answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Prompt,
    Late,
}

/// A session, and all that came of it.
pub(super) struct Talk {
    pub(super) server: Server,
    pub(super) input: BytesMut,
    pub(super) now: Instant,
    owner: Owner,
    questions: VecDeque<Action>,
    upgrade: bool,
    /// The last MAIL was one that the owner refuses: whether it is told of RCPTs behind it depends on when it answers.
    mail_is_refused: bool,
    wire: Vec<u8>,
    pub(super) told: Vec<String>,
}

impl Talk {
    pub(super) fn new(config: ServerConfig, owner: Owner) -> Talk {
        let now = Instant::now();
        let server = Server::new(Arc::new(config), now);
        let mut talk = Talk {
            server,
            input: BytesMut::new(),
            now,
            owner,
            questions: VecDeque::new(),
            upgrade: false,
            mail_is_refused: false,
            wire: Vec::new(),
            told: Vec::new(),
        };
        talk.act();
        talk
    }

    pub(super) fn start(start: Start, owner: Owner) -> Talk {
        let mut talk = Talk::new(config(start), owner);
        let prelude: &[&str] = match start {
            Start::Fresh => &[],
            Start::Secured => &["EHLO mx.example\r\n", "STARTTLS\r\n", "EHLO mx.example\r\n"],
            Start::Loopback => &["EHLO mx.example\r\n"],
        };
        for step in prelude {
            talk.say(step.as_bytes());
            talk.rest();
        }
        talk.wire.clear();
        talk.told.clear();
        talk
    }

    /// Octets from the peer.
    pub(super) fn say(&mut self, octets: &[u8]) {
        self.input.extend_from_slice(octets);
        self.server.feed(&mut self.input, self.now);
        self.act();
    }

    /// The peer waits: all questions are answered and a handshake is done.
    pub(super) fn rest(&mut self) {
        loop {
            if let Some(question) = self.questions.pop_front() {
                self.server.answer(verdict(&question), self.now);
                self.server.feed(&mut self.input, self.now);
            } else if std::mem::take(&mut self.upgrade) {
                self.server.tls_established(self.now);
            } else {
                return;
            }
            self.act();
        }
    }

    /// Does what the server says.
    pub(super) fn act(&mut self) {
        while let Some(action) = self.server.poll_action() {
            match &action {
                Action::Write(octets) => self.wire.extend_from_slice(octets),
                Action::Body(octets) => self.take_body(octets),
                Action::Reset(_) => self.questions.clear(),
                Action::UpgradeTls => self.upgrade = true,
                _ => {}
            }
            if let Action::Mail(_) = &action {
                self.mail_is_refused = !verdict(&action).is_success();
            }
            match &action {
                Action::Write(_) | Action::Body(_) => {}
                Action::Rcpt(_) if self.mail_is_refused => {}
                told => self.told.push(describe(told)),
            }
            if matches!(
                action,
                Action::Mail(_) | Action::Rcpt(_) | Action::Data | Action::ChunkTaken | Action::EndOfMessage
            ) {
                match self.owner {
                    Owner::Prompt => {
                        self.server.answer(verdict(&action), self.now);
                        self.server.feed(&mut self.input, self.now);
                    }
                    Owner::Late => self.questions.push_back(action),
                }
            }
        }
    }

    fn take_body(&mut self, octets: &[u8]) {
        assert!(!octets.is_empty());
        let text = octets.escape_ascii().to_string();
        match self.told.last_mut().filter(|last| last.starts_with("body ")) {
            Some(last) => last.push_str(&text),
            None => self.told.push(format!("body {text}")),
        }
    }

    /// The replies, each as its code and enhanced code.
    pub(super) fn replies(&self) -> Vec<String> {
        let text = String::from_utf8_lossy(&self.wire);
        assert!(text.is_empty() || text.ends_with("\r\n"));
        text.split_terminator("\r\n")
            .filter(|line| line.as_bytes().get(3) == Some(&b' '))
            .map(|line| {
                let mut words = line.split(' ');
                let code = words.next().unwrap();
                match words.next().filter(|word| word.split('.').count() == 3 && word.starts_with(['2', '4', '5'])) {
                    Some(enhanced) => format!("{code} {enhanced}"),
                    None => code.to_owned(),
                }
            })
            .collect()
    }

    pub(super) fn wire(&self) -> String {
        String::from_utf8_lossy(&self.wire).into_owned()
    }

    pub(super) fn result(&self) -> (Vec<String>, Vec<String>) {
        (self.replies(), self.told.clone())
    }
}

pub(super) fn config(start: Start) -> ServerConfig {
    let tls = match start {
        Start::Fresh | Start::Secured => Tls::Required,
        Start::Loopback => Tls::Off,
    };
    let mut config = ServerConfig::new("signet.example", Extensions::for_microsoft(60), tls);
    config.limits = Limits {
        max_recipients: 3,
        command_line_bytes: 100,
        errors: 4,
        idle_commands: 8,
        pipelined: 4,
        swallowed_octets: 200,
        ..Limits::default()
    };
    config
}

/// The owner: refuses what says so.
pub(super) fn verdict(question: &Action) -> Reply {
    let by_name = |path: &crate::smtp::Path, ok: Reply| match path.as_str().split('@').next() {
        Some("refused") => Reply::new(550, "5.1.1", "Unknown user"),
        Some("later") => Reply::new(451, "4.7.500", "Server busy"),
        Some("closing") => Reply::shutting_down(),
        _ => ok,
    };
    match question {
        Action::Mail(mail) => by_name(&mail.path, Reply::new(250, "2.1.0", "OK")),
        Action::Rcpt(rcpt) => by_name(&rcpt.path, Reply::new(250, "2.1.5", "OK")),
        Action::Data => Reply::go_ahead(),
        Action::ChunkTaken => Reply::chunk_taken(0),
        Action::EndOfMessage => Reply::new(250, "2.6.0", "Queued"),
        other => panic!("{other:?} asks nothing"),
    }
}

fn describe(action: &Action) -> String {
    let envelope = |path: &crate::smtp::Path, parameters: &[Parameter]| {
        let mut text = format!("<{}>", path.as_str());
        for parameter in parameters {
            text.push_str(&format!(" {}", String::from_utf8_lossy(&parameter.keyword)));
            if let Some(value) = &parameter.value {
                text.push_str(&format!("={}", String::from_utf8_lossy(value)));
            }
        }
        text
    };
    match action {
        Action::Mail(mail) => format!("mail {}", envelope(&mail.path, &mail.parameters)),
        Action::Rcpt(rcpt) => format!("rcpt {}", envelope(&rcpt.path, &rcpt.parameters)),
        Action::Hello { name, extended } => {
            format!("{} {}", if *extended { "ehlo" } else { "helo" }, String::from_utf8_lossy(name))
        }
        Action::Chunk { octets, last } => format!("chunk {octets}{}", if *last { " last" } else { "" }),
        Action::Data => "data".to_owned(),
        Action::ChunkTaken => "taken".to_owned(),
        Action::EndOfMessage => "end".to_owned(),
        Action::UpgradeTls => "tls".to_owned(),
        Action::Reset(cause) => format!("reset {cause:?}"),
        Action::Close => "close".to_owned(),
        Action::Write(_) | Action::Body(_) => String::new(),
    }
}

/// Plays a script in every way there is. Steps are what a peer sends before it waits for the answers.
pub(super) fn play(name: &str, start: Start, steps: &[&str], replies: &[&str], told: &[&str]) {
    let expected = (
        replies.iter().map(|reply| (*reply).to_owned()).collect::<Vec<_>>(),
        told.iter().map(|told| (*told).to_owned()).collect::<Vec<_>>(),
    );
    for owner in [Owner::Prompt, Owner::Late] {
        let run = |how: &str, cut: &dyn Fn(&str) -> Vec<usize>| {
            let mut talk = Talk::start(start, owner);
            for step in steps {
                let mut from = 0;
                for place in cut(step).into_iter().chain([step.len()]) {
                    talk.say(&step.as_bytes()[from..place]);
                    from = place;
                }
                talk.rest();
            }
            assert_eq!(talk.result(), expected, "{name}, {how}, {owner:?}");
        };
        run("whole", &|_| Vec::new());
        run("by octets", &|step| (1..step.len()).collect());
        let longest = steps.iter().map(|step| step.len()).max().unwrap_or(0);
        for at in 1..longest {
            run(&format!("split at {at}"), &|step| if at < step.len() { vec![at] } else { Vec::new() });
        }
    }
}
