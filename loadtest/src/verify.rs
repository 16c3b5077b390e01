//! Whether what arrived is what should: each message stamped once, its signature in both bodies above what is
//! quoted, its filler untouched. Done outside of measurements on a few messages.
//! The search is made on octets with soft line breaks taken out, not by a parser that the product uses too.

use std::io;
use std::time::Duration;

use memchr::memmem;
use sha2::{Digest, Sha256};

use crate::generator::{self, Load};
use crate::integrity::{self, Arrived};
use crate::message::{BEGIN, END};
use crate::report::Report;
use crate::scenario::{Framing, Mail, Name};
use crate::sink::Look;
use crate::stage::Stage;
use crate::template::{Copy, Segment, Template, unstuff};
use crate::tenants::display_name;

/// Sends a few messages one by one and looks at each as it arrives.
///
/// # Errors
/// The first thing that is not as it should be.
pub fn look(stage: &Stage, name: Name, load: &Load, mail: &Mail, report: &mut Report) -> io::Result<()> {
    let templates = load.templates.len() as u64;
    let mut load = load.clone();
    (load.connections, load.messages, load.lasts) = (1, templates.max(LOOKS), Duration::from_secs(60));
    let large = load.templates.iter().any(|template| template.octets() > KEPT);
    let filler = load.templates.first().and_then(digest);
    stage.sink.ids();
    stage.sink.look(if large { Look::Digest } else { Look::Keep });
    let outcome = generator::run(&load);
    stage.sink.look(Look::Count);
    let (outcome, seen) = (outcome?, stage.sink.seen());
    stage.conserve(name, &outcome)?;
    if let Some(filler) = filler
        && (seen.digests.len() as u64 != load.messages || seen.digests.iter().any(|digest| *digest != filler))
    {
        return Err(io::Error::other("the attachment was changed"));
    }
    if name != Name::Signet || large {
        return Ok(());
    }
    let mut tally = Tally::default();
    for (number, (sample, message)) in outcome.samples.iter().zip(&seen.messages).enumerate() {
        let sender = u32::try_from(number as u64 % u64::from(load.people)).unwrap_or_default();
        let copy = Copy { id: sample.id, tenant: load.tenants.first, sender };
        let template = load.templates.get(number % load.templates.len().max(1));
        let sent = template.map(|template| template.render(copy)).unwrap_or_default();
        let sent = if load.target.framing == Framing::Data { unstuff(&sent) } else { sent };
        let arrived = integrity::compare(&sent, message, &display_name(sender));
        let made = matches!(mail, Mail::Octets(_));
        let problems = if made { problems(message, sender) } else { Vec::new() };
        match arrived {
            Ok(arrived) if problems.is_empty() => tally.count(arrived),
            Ok(_) => return Err(wrong(number, &problems.join("; "), message)),
            Err(problem) => return Err(wrong(number, &problem, message)),
        }
    }
    report.line(&format!("{tally}\n"));
    Ok(())
}

/// What became of mails that arrived whole.
#[derive(Default)]
struct Tally {
    signed: u64,
    above: u64,
    below: u64,
    unsigned: u64,
}

impl Tally {
    fn count(&mut self, arrived: Arrived) {
        match arrived {
            Arrived::Unsigned => self.unsigned += 1,
            Arrived::Signed { above } => {
                self.signed += 1;
                self.above += u64::from(above == Some(true));
                self.below += u64::from(above == Some(false));
            }
        }
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Tally { signed, above, below, unsigned } = self;
        let all = signed + unsigned;
        write!(out, "Looked at {all} mails: {signed} signed and else unchanged ({above} above what they quote, ")?;
        write!(out, "{below} below, the others quote nothing we know), {unsigned} unchanged and unsigned.")
    }
}

fn wrong(number: usize, problem: &str, message: &[u8]) -> io::Error {
    let beginning = String::from_utf8_lossy(message.get(..SHOWN.min(message.len())).unwrap_or_default());
    io::Error::other(format!("mail {number}: {problem}\n{beginning}"))
}

/// What is wrong with a signed reply of `standin::mails` (Outlook on the web); empty if nothing is.
pub fn problems(message: &[u8], sender: u32) -> Vec<String> {
    let mut problems = Vec::new();
    let text = unfold(message);
    let mut require = |holds: bool, what: &str| {
        if !holds {
            problems.push(what.to_owned());
        }
    };
    let stamps = memmem::find_iter(&text, b"X-Signet-Stamp: ").count();
    require(stamps == 1, "it has not exactly one stamp");
    let name = display_name(sender);
    let places: Vec<usize> = memmem::find_iter(&text, name.as_bytes()).collect();
    require(places.len() == 2, "the signature is not once in each body");
    let at = |mark: &[u8]| memmem::find(&text, mark);
    let html = at(b"text/html");
    let above_in_text = at(b"________________________________").zip(places.first().copied());
    require(above_in_text.is_some_and(|(quote, place)| place < quote), "the text signature is not above the quote");
    let above_in_html = at(b"appendonsend").zip(places.last().copied());
    require(above_in_html.is_some_and(|(quote, place)| place < quote), "the HTML signature is not above the quote");
    require(places.last().copied() > html, "the HTML body has no signature");
    problems
}

/// The digest that the sink must find for a template, if it has filler.
pub fn digest(template: &Template) -> Option<[u8; 32]> {
    let mut digest = Sha256::new();
    let mut begun = false;
    for segment in template.segments() {
        match segment {
            Segment::Fixed(octets) => {
                let begin = memmem::find(octets, BEGIN);
                let end = memmem::find(octets, END).map(|at| at + END.len());
                begun |= begin.is_some();
                if begun {
                    let from = begin.unwrap_or_default();
                    digest.update(octets.get(from..end.unwrap_or(octets.len())).unwrap_or_default());
                }
                if end.is_some() && begun {
                    return Some(digest.finalize().into());
                }
            }
            Segment::Repeat(block, times) if begun => (0..*times).for_each(|_| digest.update(block)),
            Segment::Repeat(..) | Segment::Id | Segment::Sender | Segment::Tenant => {}
        }
    }
    None
}

/// Soft line breaks of quoted-printable taken out, so that words are whole.
fn unfold(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = memmem::find(rest, b"=\r\n") {
        let (before, after) = rest.split_at(at);
        out.extend_from_slice(before);
        rest = after.get(3..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

/// Messages up to so many octets are kept to be looked at; of larger ones only the filler is.
const KEPT: u64 = 16 << 20;
/// Octets of a wrong message that are shown.
const SHOWN: usize = 4 * 1024;
/// Messages that are looked at.
const LOOKS: u64 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "X-Signet-Stamp: v=1\r\nContent-Type: text/plain\r\n\r\nhi\r\n\r\nTes=\r\nter00000003\r\n________________________________\r\nold\r\nContent-Type: text/html\r\n\r\n<p>hi</p>Tester00000003<div id=3D\"appendonsend\"></div>old\r\n";

    #[test]
    fn a_signed_reply_passes_and_each_fault_is_found() {
        assert!(problems(GOOD.as_bytes(), 3).is_empty());
        let faults = [
            GOOD.replace("X-Signet-Stamp: v=1\r\n", ""),
            GOOD.replace("Tes=\r\nter00000003\r\n", ""),
            GOOD.replace("</div>old", "</div>old Tester00000003"),
            GOOD.replace(
                "Tester00000003<div id=3D\"appendonsend\"></div>",
                "<div id=3D\"appendonsend\"></div>Tester00000003",
            ),
            GOOD.replace(
                "Tes=\r\nter00000003\r\n________________________________",
                "________________________________\r\nTester00000003",
            ),
        ];
        for fault in faults {
            assert!(!problems(fault.as_bytes(), 3).is_empty(), "{fault}");
        }
        assert!(!problems(GOOD.as_bytes(), 4).is_empty());
    }
}
