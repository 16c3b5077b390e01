//! The imprinter: one message in, the same message out, signed or as it came. Hold, decide, release.
//!
//! Single pass and pure. Until the decision everything that was fed is held, as the slices it came in; after it an
//! edit script hands them on, and nothing is parsed any more. Images of the stamp that the message may carry already
//! (`reuse`) put the release off, not the decision to sign. All changes are computed at the decision, so the growth
//! is known before the first octet goes out. Any doubt and any limit means: leave, and what was held goes out as it
//! came.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;

use super::content::{Content, Digest};
use super::decision::{self, Decision};
use super::group::{Group, Verdict};
use super::head_scan::{Found, HeadScan};
use super::hold::Hold;
use super::place::Separators;
use super::protect;
use super::reuse::{self, Carried, Looked, Search};
use super::script::{Edit, Script};
use super::subject;
use super::text::Reading;
use super::walk::Walk;
use super::{Additions, BodyFacts, EditedPart, Fate, HeaderBlock, Outcome, Output, Quoted, Reason, Seen, Stamp, Step};

/// What one message may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Header block of the message or a part, in octets.
    pub header_block_bytes: usize,
    /// One line of a header, in octets.
    pub header_line_bytes: usize,
    /// Header block and body group together, in octets of the input.
    pub hold_bytes: usize,
    /// How much more of a signed message is held, within `hold_bytes`, to see which images it carries already.
    pub search_bytes: usize,
    /// Parts before the decision.
    pub parts: usize,
    /// Open multiparts.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            header_block_bytes: 1 << 20,
            header_line_bytes: 64 << 10,
            hold_bytes: 4 << 20,
            search_bytes: 1 << 20,
            parts: 10_000,
            depth: 100,
        }
    }
}

/// One message on its way through.
#[cfg_attr(test, derive(Clone))]
pub struct Imprinter {
    limits: Limits,
    salt: [u8; 16],
    hold: Hold,
    ended: bool,
    octets_in: u64,
    additions: Additions,
    separators: Arc<Separators>,
    header: Option<HeaderBlock>,
    stage: Stage,
}

#[cfg_attr(test, derive(Clone, Debug))]
enum Stage {
    /// The header block is not whole.
    Head(HeadScan),
    /// `Step::Headers` is to be answered; the reason, if any, means that only `leave` can follow.
    Headers(Option<Reason>),
    Walk(Box<Body>),
    /// `Step::Body` is to be answered.
    Body(Box<Body>, BodyFacts),
    /// To be signed; which images of the stamps the message carries itself is being looked for.
    Images(Box<Body>, Box<Search>),
    Release(Release),
}

#[cfg_attr(test, derive(Clone, Debug))]
struct Body {
    walk: Walk,
    group: Group,
}

#[cfg_attr(test, derive(Clone, Debug))]
struct Release {
    /// One for all legs, or one for each.
    scripts: Vec<Script>,
    /// What is to be handed out, with the script that it comes from.
    ready: VecDeque<(usize, Bytes)>,
    fate: Fate,
    parts: Vec<EditedPart>,
    finished: bool,
}

/// Shows no content.
impl std::fmt::Debug for Imprinter {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Imprinter").field("octets_in", &self.octets_in).field("ended", &self.ended).finish()
    }
}

impl Imprinter {
    /// `salt` makes boundaries and Content-IDs: 16 octets that no other message has.
    pub fn new(limits: Limits, salt: [u8; 16]) -> Imprinter {
        Imprinter {
            limits,
            salt,
            hold: Hold::default(),
            ended: false,
            octets_in: 0,
            additions: Additions::default(),
            separators: Arc::default(),
            header: None,
            stage: Stage::Head(HeadScan::default()),
        }
    }

    /// The next octets of the message, without dot-stuffing.
    pub fn feed(&mut self, bytes: Bytes) {
        debug_assert!(!self.ended, "fed after its end");
        self.octets_in += bytes.len() as u64;
        self.hold.push(bytes);
    }

    /// The message has arrived whole.
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// All that tells one imprinter from another, for one and the same message.
    #[cfg(test)]
    pub(crate) fn state(&self) -> impl std::fmt::Debug {
        let Imprinter { limits: _, salt: _, hold, ended, octets_in, additions, separators: _, header, stage } = self;
        (hold, ended, octets_in, additions, header.is_some(), stage)
    }

    pub fn poll(&mut self) -> Step {
        loop {
            match &mut self.stage {
                Stage::Head(scan) => match scan.scan(&mut self.hold, &self.limits, self.ended) {
                    Found::More => return Step::NeedInput,
                    Found::Block { end, reason } => self.begin(end, reason),
                },
                Stage::Headers(_) => return self.header.clone().map_or(Step::NeedInput, Step::Headers),
                Stage::Walk(_) => match self.walk() {
                    Verdict::More => return Step::NeedInput,
                    Verdict::Leave(reason) => self.leave(reason),
                    Verdict::Decide => self.ask(),
                },
                Stage::Body(_, facts) => return Step::Body(facts.clone()),
                Stage::Images(body, search) => match search.look(&mut body.walk, &mut self.hold, self.ended) {
                    Looked::More => return Step::NeedInput,
                    Looked::Over(carried) => self.settle(&carried),
                },
                Stage::Release(release) => {
                    if let Some(output) = release.output() {
                        return Step::Output(output);
                    }
                    match self.hold.pop() {
                        Some(slice) => release.pass(&slice),
                        None if !self.ended => return Step::NeedInput,
                        None if !release.finished => release.finish(),
                        None => return Step::Done(release.outcome(self.octets_in)),
                    }
                }
            }
        }
    }

    /// What goes on top, signed or left. Called once, at `Step::Headers`. A message that does not begin with a header
    /// field, or ends before the empty line, gets none of it.
    pub fn add(&mut self, additions: Additions) {
        debug_assert!(matches!(self.stage, Stage::Headers(_)), "additions belong to Step::Headers");
        self.additions = additions;
    }

    /// Lines that begin quoted text in this organisation. Called at `Step::Headers`, if at all.
    pub fn separate_at(&mut self, separators: Arc<Separators>) {
        self.separators = separators;
    }

    /// Answers `Step::Headers`: look for the body.
    pub fn go_on(&mut self) {
        let Stage::Headers(fault) = self.stage else { return };
        let Some(header) = self.header.clone() else { return };
        let content = Content::read(&header, Digest::No);
        if let Some(reason) = fault.or_else(|| protect::message(&header, &content)) {
            return self.leave(reason);
        }
        let walk = Walk::new(self.limits, header, content, self.hold.position());
        self.stage = Stage::Walk(Box::new(Body { walk, group: Group::default() }));
    }

    /// The message goes on without a signature. Answers `Step::Headers` and `Step::Body`, and may be called at any
    /// time before the first `Step::Output`; later it changes nothing.
    pub fn leave(&mut self, reason: Reason) {
        if !matches!(self.stage, Stage::Release(_)) {
            self.release(vec![Vec::new()], Fate::Left(reason), Vec::new());
        }
    }

    /// What the held text says, for who wants to know whether a signature stands in it. Asked at `Step::Body`; `None` at
    /// any other time.
    pub fn seen(&self, quoted: Quoted) -> Option<Seen> {
        match &self.stage {
            Stage::Body(body, _) => body.group.seen(quoted),
            _ => None,
        }
    }

    /// Answers `Step::Body`: one stamp for each leg, `None` for a leg that gets the message as it came. A stamp that has
    /// no safe place leaves the message for all of them, as does a message without a stamp. Where the message may carry
    /// images of the stamps itself, more of it is wanted before the first `Step::Output`.
    pub fn sign(&mut self, stamps: Vec<Option<Stamp>>) {
        let Stage::Body(body, _) = &self.stage else { return };
        match self.decide_all(body, &stamps, &Carried::default()) {
            Ok(decisions) if stamps.iter().any(Option::is_some) => {
                let Some(related) = reuse::related_of(&stamps, &body.walk, &body.group) else {
                    return self.go_out(decisions);
                };
                let most = self.hold.position().saturating_add(self.limits.search_bytes as u64);
                let until = most.min(self.limits.hold_bytes as u64);
                if let Stage::Body(body, _) = std::mem::replace(&mut self.stage, Stage::Headers(None)) {
                    let search = Search::new(stamps, related, &body.walk, until);
                    self.stage = Stage::Images(body, Box::new(search));
                }
            }
            Ok(_) => self.leave(Reason::NoSignature),
            Err(reason) => self.leave(reason),
        }
    }

    /// No more of the message is waited for once it is to be signed: every image is attached. False where nothing was
    /// waited for.
    pub fn release_now(&mut self) -> bool {
        let waits = matches!(self.stage, Stage::Images(..));
        if waits {
            self.settle(&Carried::default());
        }
        waits
    }

    /// Which images the message carries is known.
    fn settle(&mut self, carried: &Carried) {
        let Stage::Images(body, search) = std::mem::replace(&mut self.stage, Stage::Headers(None)) else { return };
        let decided = self.decide_all(&body, &search.stamps, carried);
        // With all images attached they had a place.
        let decided = decided.or_else(|_| self.decide_all(&body, &search.stamps, &Carried::default()));
        match decided {
            Ok(decisions) => self.go_out(decisions),
            Err(reason) => self.leave(reason),
        }
    }

    fn go_out(&mut self, decisions: Vec<Decision>) {
        let (edits, parts): (Vec<_>, Vec<_>) =
            decisions.into_iter().map(|decision| (decision.edits, decision.parts)).unzip();
        let parts = parts.into_iter().find(|parts| !parts.is_empty()).unwrap_or_default();
        self.release(edits, Fate::Signed, parts);
    }

    fn decide_all(&self, body: &Body, stamps: &[Option<Stamp>], carried: &Carried) -> Result<Vec<Decision>, Reason> {
        stamps.iter().enumerate().map(|(leg, stamp)| self.decide(body, leg, stamp.as_ref(), carried)).collect()
    }

    fn decide(&self, body: &Body, leg: usize, stamp: Option<&Stamp>, carried: &Carried) -> Result<Decision, Reason> {
        let Some(stamp) = stamp else { return Ok(Decision { edits: Vec::new(), parts: Vec::new() }) };
        let line_end = self.header.as_ref().map_or("\r\n", line_end_of);
        let mut salt = self.salt;
        // What one copy names no other does.
        if let (Some(last), Ok(leg)) = (salt.last_mut(), u8::try_from(leg)) {
            *last ^= leg;
        }
        let mut decision = decision::decide(&body.walk, &body.group, stamp, carried, salt, line_end)?;
        decision.edits.extend(self.header.as_ref().and_then(|header| subject::without(header, &stamp.keywords)));
        Ok(decision)
    }

    /// How many different messages go out: one, or one for each stamp that was given to `sign`.
    pub fn copies(&self) -> usize {
        match &self.stage {
            Stage::Images(_, search) => search.stamps.len(),
            Stage::Release(release) => release.scripts.len(),
            _ => 1,
        }
    }

    /// Octets out minus octets in for a leg, additions included. Known from the first output on.
    pub fn growth(&self, leg: usize) -> Option<i64> {
        match &self.stage {
            Stage::Release(release) => release.scripts.get(leg).or(release.scripts.first()).map(Script::growth),
            _ => None,
        }
    }

    /// Memory the message takes now: slices of the input and buffers of our own.
    pub fn held_bytes(&self) -> usize {
        let own = match &self.stage {
            Stage::Walk(body) | Stage::Body(body, _) | Stage::Images(body, _) => {
                body.group.own_bytes() + body.walk.own_bytes()
            }
            Stage::Release(release) => release.ready.iter().map(|(_, slice)| slice.len()).sum(),
            _ => 0,
        };
        self.hold.octets() + own
    }

    fn begin(&mut self, end: u64, reason: Option<Reason>) {
        self.header = Some(HeaderBlock::parse(self.hold.gather(0..end)));
        self.stage = Stage::Headers(reason);
    }

    fn walk(&mut self) -> Verdict {
        let Stage::Walk(body) = &mut self.stage else { return Verdict::More };
        let line_end = self.header.as_ref().map_or("\r\n", line_end_of);
        let reading = Reading { line_end, separators: &self.separators };
        let limit = self.limits.hold_bytes as u64;
        loop {
            while let Some(event) = body.walk.event() {
                match body.group.event(event, &body.walk, &self.hold, reading) {
                    Verdict::More => {}
                    verdict => return verdict,
                }
            }
            let unread = self.hold.unread();
            if unread.is_empty() {
                if !self.ended || body.walk.finished() {
                    return Verdict::More;
                }
                body.walk.finish();
                continue;
            }
            let room = limit.saturating_sub(self.hold.position());
            if room == 0 {
                return Verdict::Leave(Reason::HoldTooLarge);
            }
            let room = usize::try_from(room).unwrap_or(usize::MAX).min(unread.len());
            let read = body.walk.scan(unread.get(..room).unwrap_or_default());
            let scanned = (self.hold.position(), unread.get(..read).unwrap_or_default());
            let verdict = body.group.progress(scanned, &body.walk, &self.hold, reading);
            self.hold.read(read);
            match verdict {
                Verdict::More => {}
                verdict => return verdict,
            }
        }
    }

    fn ask(&mut self) {
        let Some(header) = self.header.clone() else { return };
        let stage = std::mem::replace(&mut self.stage, Stage::Headers(None));
        if let Stage::Walk(body) = stage {
            let facts = decision::facts(&header, &body.group);
            let nothing = !(facts.html || facts.plain || facts.rich);
            self.stage = Stage::Body(body, facts);
            if nothing {
                self.leave(Reason::NoTextBody);
            }
        }
    }

    /// `edits`: of one leg each, or of all.
    fn release(&mut self, edits: Vec<Vec<Edit>>, fate: Fate, parts: Vec<EditedPart>) {
        let top = self.top_edits();
        let scripts = edits.into_iter().map(|edits| Script::new(top.iter().cloned().chain(edits).collect()));
        let (scripts, fate, parts) = match scripts.collect() {
            Some(scripts) => (scripts, fate, parts),
            // The edits on top come from the fields of one block, in order; they cannot overlap.
            None => (Script::new(top).into_iter().collect(), Fate::Left(Reason::CheckFailed), Vec::new()),
        };
        self.stage = Stage::Release(Release { scripts, ready: VecDeque::new(), fate, parts, finished: false });
    }

    fn top_edits(&self) -> Vec<Edit> {
        let whole = |header: &&HeaderBlock| {
            header.well_formed() && (header.complete() || self.octets_in > header.octets() as u64)
        };
        let Some(header) = self.header.as_ref().filter(whole) else { return Vec::new() };
        let mut edits = Vec::new();
        if !self.additions.prepend.is_empty() {
            edits.push(Edit::insert(0, with_line_end(&self.additions.prepend, line_end_of(header))));
        }
        let mut remove = self.additions.remove.clone();
        remove.sort_unstable();
        remove.dedup();
        for range in remove.into_iter().filter_map(|index| header.range(index)) {
            edits.push(Edit::new(range.start as u64..range.end as u64, Bytes::new()));
        }
        edits
    }
}

impl Release {
    fn output(&mut self) -> Option<Output> {
        let (leg, slice) = self.ready.pop_front()?;
        Some(if self.scripts.len() == 1 { Output::All(slice) } else { Output::Leg(leg, slice) })
    }

    fn pass(&mut self, slice: &Bytes) {
        for (leg, script) in self.scripts.iter_mut().enumerate() {
            script.pass(slice.clone(), &mut |out| self.ready.push_back((leg, out)));
        }
    }

    fn finish(&mut self) {
        self.finished = true;
        for (leg, script) in self.scripts.iter_mut().enumerate() {
            script.finish(&mut |out| self.ready.push_back((leg, out)));
        }
    }

    fn outcome(&self, octets_in: u64) -> Outcome {
        Outcome {
            fate: self.fate,
            parts: self.parts.clone(),
            octets_in,
            octets_out: self.scripts.first().map_or(0, Script::octets_out),
            covered: !self.scripts.is_empty() && self.scripts.iter().all(|script| script.covers(octets_in)),
        }
    }
}

/// How the lines of the header end.
fn line_end_of(header: &HeaderBlock) -> &'static str {
    let raw = header.raw();
    match memchr::memchr(b'\n', raw) {
        Some(at) if at.checked_sub(1).and_then(|before| raw.get(before)) != Some(&b'\r') => "\n",
        _ => "\r\n",
    }
}

fn with_line_end(fields: &Bytes, line_end: &str) -> Bytes {
    if line_end == "\r\n" {
        return fields.clone();
    }
    fields.iter().copied().filter(|octet| *octet != b'\r').collect::<Vec<u8>>().into()
}
