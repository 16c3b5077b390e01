//! The conditions of a signature in the form that is asked for each message.
//!
//! They are asked in three steps, as a message shows itself: sender, schedule and headers first, then each
//! recipient, then the body. Exceptions win in each step. Every answer is a [`Hit`] or a [`Miss`] and goes by the
//! [`Trail`]: the mail path takes no more of it than yes or no, `explain` writes it down.

mod finding;
mod message;
mod recipients;
mod senders;

use jiff::Timestamp;

use super::applies::{AlreadySigned, Applies, Judged, MessageIs, Once, Recipients, Senders};
use super::mode::Participants;
use super::order::Trial;
use super::people::Person;
use super::roster::Roster;
use super::schedule::Calendar;
use crate::imprint::BodyFacts;

pub use finding::Section;
pub(super) use finding::{Finding, Hit, Miss, Trail, Unrecorded};
pub(super) use message::HeaderFacts;
use message::MessageTest;
pub(super) use recipients::Recipient;
use recipients::RecipientTest;
pub(super) use senders::Sender;
use senders::SenderTest;

/// A compiled `applies`.
#[derive(Debug)]
pub(super) struct Rule {
    trial: Option<Participants>,
    senders: SenderTest,
    recipients: RecipientTest,
    message: MessageTest,
    already_signed: AlreadySigned,
    once: Option<Once>,
    except_senders: Option<SenderTest>,
    except_recipients: Option<RecipientTest>,
    except_message: Option<MessageTest>,
    schedule: Option<Calendar>,
}

/// What the message tests of a rule say after the headers; the body decides the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HeadersHold {
    /// The exception for messages may still hold, as far as the headers go.
    except: bool,
}

/// What the conditions on recipients say about the message as a whole; `None` where each recipient is judged by
/// itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Overall {
    wanted: Option<bool>,
    excepted: Option<bool>,
}

impl Rule {
    pub(super) fn compile(applies: &Applies, trial: Option<&Trial>, roster: &Roster<'_>) -> Rule {
        let except = &applies.except;
        let given = |is: bool| is.then_some(());
        Rule {
            trial: trial.map(|trial| Participants::new(&trial.people, &trial.groups, &trial.marker, roster)),
            senders: SenderTest::compile(&applies.senders, roster),
            recipients: RecipientTest::compile(&applies.recipients.listed(), roster),
            message: MessageTest::compile(&applies.message),
            already_signed: applies.already_signed,
            once: applies.once,
            except_senders: given(except.senders != Senders::default())
                .map(|()| SenderTest::compile(&except.senders, roster)),
            except_recipients: except
                .recipients
                .as_ref()
                .map(Recipients::listed)
                .filter(|listed| listed.names_some())
                .map(|listed| RecipientTest::compile(&listed, roster)),
            except_message: given(except.message != MessageIs::default())
                .map(|()| MessageTest::compile(&except.message)),
            // A schedule that cannot be read was refused with the file.
            schedule: applies.schedule.as_ref().and_then(|schedule| Calendar::compile(schedule).ok()),
        }
    }

    /// Whether it may apply to this person, whatever is written.
    pub(super) fn may_concern(&self, person: &Person) -> bool {
        self.senders.may_name(person)
    }

    /// The first step: trial, sender, schedule, headers.
    pub(super) fn may_apply(
        &self,
        sender: Sender<'_>,
        headers: &HeaderFacts<'_>,
        now: Timestamp,
        trail: &mut impl Trail,
    ) -> Option<HeadersHold> {
        let holds = self.trial.as_ref().is_none_or(|test| trail.hears(Section::Trial, on_trial(test, sender, headers)))
            && trail.hears(Section::Senders, self.senders.ask(sender))
            && self.except_senders.as_ref().is_none_or(|test| trail.hears(Section::Senders, unless(test.ask(sender))))
            && self.schedule.as_ref().is_none_or(|calendar| {
                trail.hears(Section::Schedule, calendar.ask(now).map(|()| Hit::InTime).map_err(Miss::NotNow))
            })
            && self.message.headers().is_none_or(|test| trail.hears(Section::Message, test.ask(headers)));
        holds.then(|| HeadersHold {
            except: self
                .except_message
                .as_ref()
                .is_some_and(|test| test.headers().is_none_or(|test| test.ask(headers).is_ok())),
        })
    }

    /// Before the second step: what is to be said about all recipients together.
    pub(super) fn look_over(&self, recipients: &[Recipient<'_>]) -> Overall {
        let overall = |test: &RecipientTest| test.look_over(recipients);
        Overall { wanted: overall(&self.recipients), excepted: self.except_recipients.as_ref().and_then(overall) }
    }

    /// The second step.
    pub(super) fn applies_to(&self, recipient: &Recipient<'_>, overall: Overall, trail: &mut impl Trail) -> bool {
        trail.hears(Section::Recipients, self.recipients.ask(recipient, overall.wanted))
            && self
                .except_recipients
                .as_ref()
                .is_none_or(|test| trail.hears(Section::Recipients, unless(test.ask(recipient, overall.excepted))))
    }

    /// The third step.
    pub(super) fn suits(&self, headers: HeadersHold, body: &BodyFacts, trail: &mut impl Trail) -> bool {
        self.message.body().is_none_or(|test| trail.hears(Section::Message, test.ask(body)))
            && self
                .except_message
                .as_ref()
                .is_none_or(|test| trail.hears(Section::Message, unless(test.ask_body(headers, body))))
    }

    /// Whether it hangs on what the newest text says.
    pub(super) fn reads_newest(&self) -> bool {
        self.already_signed != AlreadySigned::Sign
    }

    /// How often it comes, where that is not always.
    pub(super) fn once(&self) -> Option<Once> {
        self.once
    }

    /// Whether it comes again. `in_thread`: the quoted text has it.
    pub(super) fn comes_again(&self, in_thread: impl Fn(Once) -> bool, trail: &mut impl Trail) -> bool {
        self.once.is_none_or(|once| {
            let finding = if in_thread(once) { Err(Miss::InThread(once)) } else { Ok(Hit::NotInThread) };
            trail.hears(Section::Thread, finding)
        })
    }

    /// Whether it may be added to a text that is signed, or is not. `signed`: the newest text carries the sender's
    /// signature.
    pub(super) fn allows(&self, signed: bool, trail: &mut impl Trail) -> bool {
        let finding = match (self.already_signed, signed) {
            (AlreadySigned::Skip, true) => Err(Miss::AlreadySigned),
            (AlreadySigned::Only, false) => Err(Miss::NotSigned),
            (AlreadySigned::Skip | AlreadySigned::Sign, false) => Ok(Hit::NotSigned),
            (AlreadySigned::Sign | AlreadySigned::Only, true) => Ok(Hit::SignedAllTheSame),
        };
        trail.hears(Section::AlreadySigned, finding)
    }
}

fn on_trial<'a>(trial: &'a Participants, sender: Sender<'_>, headers: &HeaderFacts<'_>) -> Finding<'a> {
    trial.find(sender.person, || headers.subject()).map(Hit::OnTrial).ok_or(Miss::OnTrial)
}

/// An exception that holds is a reason not to apply.
fn unless<'a>(exception: Finding<'a>) -> Finding<'a> {
    match exception {
        Ok(hit) => Err(Miss::Excepted(hit)),
        Err(_) => Ok(Hit::NotExcepted),
    }
}

/// Whether a condition on recipients asks for all of them together.
fn together(judged: Judged) -> bool {
    judged != Judged::Each
}
