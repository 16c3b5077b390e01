//! The two decisions about a message: at the end of its headers whose it is and whether it may be signed, at the end of
//! its body group which signature it gets.
//!
//! Identity fails closed: a message nobody of ours is proven for is refused. The signature fails open: whatever is
//! wrong with rules or rendering, a panic in them included, the message goes on as it came, with the reason.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;

use super::binding::bind;
use super::envelope::FIELDS_ALLOWANCE;
use super::knowledge::Knowledge;
use super::message::{Now, Transit};
use super::trace;
use crate::imprint::{Additions, BodyFacts, HeaderBlock, Reason, Stamp, stamp_field};
use crate::smtp::Reply;
use crate::tenant::{Choice, Copies, Envelope, OnFailure, Share, Signed, Snapshot, Tenant};

impl Transit {
    /// The headers are whole: the tenant is proven, or the message is refused.
    pub(super) fn headers_are_whole(&mut self, headers: HeaderBlock, now: Now) {
        failpoint!("headers", return self.fail(Reply::try_later()));
        self.stages.headers = Some(now.instant);
        self.content.headers = Some(headers.clone());
        self.guard_header(&headers);
        let tenant = match bind(&self.sender.proof, &headers, &self.region) {
            Ok(tenant) => tenant,
            Err(unproven) => return self.deny(unproven),
        };
        if headers.count("Received") > HOP_LIMIT {
            return self.fail(Reply::hop_count());
        }
        self.bound = true;
        if self.tenant.as_ref().is_none_or(|candidate| candidate.id() != tenant.id()) {
            self.lease(tenant.clone(), now);
        }
        let stamps = stamp_field::check(tenant.stamp_keys(), now.wall.as_second(), &headers);
        let additions = self.additions(&tenant, &headers, &stamps, now);
        let passed = stamps.valid.and_then(|field| headers.fields().nth(field)).map(|field| field.value);
        self.remember(&tenant, &headers, passed);
        self.content.additions = additions.clone();
        if self.suspect {
            return self.leave_early(Reason::Poison);
        }
        let reason = self.reason_in_headers(&tenant, &headers, stamps.valid.is_some(), now);
        self.content.reason = reason;
        self.imprint(|imprinter| {
            imprinter.add(additions);
            imprinter.separate_at(Arc::clone(tenant.separators()));
            match reason {
                Some(reason) => imprinter.leave(reason),
                None => imprinter.go_on(),
            }
        });
        if let Some(reason) = reason {
            self.defer_where_wanted(reason);
        }
    }

    fn additions(&self, tenant: &Tenant, headers: &HeaderBlock, stamps: &stamp_field::Stamps, now: Now) -> Additions {
        if !headers.well_formed() {
            return Additions::default();
        }
        let id: String = self.content.salt.iter().take(8).map(|octet| format!("{octet:02x}")).collect();
        let Transit { context, sender, .. } = self;
        let utf8 = self.envelope.mail.smtputf8();
        let mut prepend = trace::received(sender, &context.host_name, &context.site, utf8, &id, now.wall);
        if let (None, Some(key)) = (stamps.valid, tenant.stamp_keys().first()) {
            prepend.push_str(&stamp_field::make(key, tenant.loop_word(), now.wall.as_second(), headers));
        }
        Additions { prepend: Bytes::from(prepend), remove: stamps.forged.clone() }
    }

    /// Why the message is left without a look at its body, if so.
    fn reason_in_headers(
        &mut self,
        tenant: &Arc<Tenant>,
        headers: &HeaderBlock,
        stamped: bool,
        now: Now,
    ) -> Option<Reason> {
        if !headers.well_formed() {
            return Some(Reason::MalformedHeader);
        }
        if stamped {
            return Some(Reason::AlreadyStamped);
        }
        if self.context.bypass.is_on(now.wall) {
            return Some(Reason::RegionBypass);
        }
        if tenant.bypasses(now.wall) {
            return Some(Reason::Bypass);
        }
        // What was bypassed at MAIL is not any more.
        if matches!(self.known, Knowledge::NotAsked) {
            self.want_snapshot(tenant, now);
        }
        // What is not known yet is judged with the body.
        let snapshot = match &self.known {
            Knowledge::There(snapshot) => snapshot.clone(),
            Knowledge::Missing => return Some(Reason::NoSnapshot),
            Knowledge::NotAsked | Knowledge::Awaited => return None,
        };
        let (sender, recipients) = self.addresses(Taken::OrNotYetRefused);
        let octets = self.envelope.mail.size();
        let found = catch_unwind(AssertUnwindSafe(|| {
            failpoint!("candidates", return Err(Reason::Fault));
            let envelope = Envelope { sender: sender.as_deref(), recipients: &recipients, octets };
            snapshot.candidates(&envelope, headers, now.wall)
        }));
        match found.unwrap_or(Err(Reason::Fault)) {
            Ok(candidates) => {
                self.content.person = Some(candidates.person().id().to_owned());
                self.content.candidates = Some((recipients, candidates));
                None
            }
            Err(reason) => Some(reason),
        }
    }

    /// The body group is whole and the recipients are known: which signature, for whom, or why none.
    pub(super) fn decide(&mut self, facts: BodyFacts, now: Now) {
        failpoint!("decision", return self.fail(Reply::try_later()));
        self.stages.decision = Some(now.instant);
        let choice = self.choose(&facts, now);
        self.content.body = Some(facts);
        match choice {
            // What was taken for some could not be told from what was not, were it tried again.
            Ok(Copies { made_by, .. }) if made_by.len() > 1 && self.recall.is_none() => {
                self.leave(Reason::RecipientsDiffer);
            }
            Ok(Copies { made_by, of }) => {
                let copies = self.imprint(|imprinter| {
                    imprinter.sign(made_by);
                    imprinter.copies()
                });
                if let Some(copies) = copies.filter(|copies| *copies > 1) {
                    self.part(copies, &of);
                }
            }
            Err(reason) => self.leave(reason),
        }
    }

    fn leave(&mut self, reason: Reason) {
        self.content.reason = Some(reason);
        self.imprint(|imprinter| imprinter.leave(reason));
        self.defer_where_wanted(reason);
    }

    /// The copies that are made, for those for whom the message goes out.
    fn choose(&mut self, facts: &BodyFacts, now: Now) -> Result<Copies<Stamp>, Reason> {
        let Some(headers) = self.content.headers.clone() else { return Err(Reason::Fault) };
        let snapshot = self.known.snapshot().cloned().ok_or(Reason::NoSnapshot)?;
        if self.passes_the_limit(&snapshot) {
            return Err(Reason::SizeLimit);
        }
        let (sender, recipients) = self.addresses(Taken::ByTheNextHop);
        let goes_to = self.envelope.places(false);
        let octets = self.envelope.mail.size();
        let base = self.context.image_base_url.clone();
        let at_headers = self.content.candidates.take().filter(|(asked, _)| *asked == recipients);
        let imprinter = self.content.imprinter.as_deref();
        let made = catch_unwind(AssertUnwindSafe(|| {
            failpoint!("choice", return Err(Reason::Fault));
            let candidates = match at_headers {
                Some((_, candidates)) => candidates,
                None => {
                    let envelope = Envelope { sender: sender.as_deref(), recipients: &recipients, octets };
                    snapshot.candidates(&envelope, &headers, now.wall)?
                }
            };
            let person = candidates.person().id().to_owned();
            let seen = candidates.reads().and_then(|quoted| imprinter?.seen(quoted)).map(Arc::new);
            let facts = BodyFacts { seen, ..facts.clone() };
            let found = candidates.would_choose(&snapshot, &facts);
            let found: Vec<Choice> = goes_to.iter().filter_map(|place| found.get(*place).cloned()).collect();
            let choices: Vec<Choice> = found.iter().map(|choice| candidates.under_mode(choice.clone())).collect();
            let wanted: Vec<_> = choices.iter().map(|choice| choice.signed().cloned()).collect();
            let copies = Copies::of(&wanted);
            let reason = choices.first().and_then(Choice::reason).unwrap_or(Reason::NoSignature);
            let shares = Share::of(&goes_to, &found, &choices, &copies);
            let Copies { made_by, of } = copies;
            if made_by.iter().all(Option::is_none) {
                return Ok((person, shares, Err(reason)));
            }
            let stamp = |signed: Arc<Signed>| match facts.rich {
                true => snapshot.rich_stamp(&signed, base.as_deref()),
                false => Arc::unwrap_or_clone(snapshot.stamp(&signed, base.as_deref())),
            };
            let made_by = made_by.into_iter().map(|signed| signed.map(stamp)).collect();
            Ok((person, shares, Ok(Copies { made_by, of })))
        }));
        let (person, shares, copies) = made.unwrap_or(Err(Reason::Fault))?;
        self.content.person = Some(person);
        self.content.shares = shares;
        copies
    }

    /// The size that is known or was announced does not fit the next hop's SIZE, with the largest growth allowed for.
    fn passes_the_limit(&self, snapshot: &Snapshot) -> bool {
        let content = &self.content;
        let Some(limit) = content.next_hop_limit else { return false };
        let growth = snapshot.largest_stamp_bytes().saturating_add(FIELDS_ALLOWANCE);
        let known = if content.ended { Some(content.octets_in) } else { content.declared.octets };
        let largest = known.max(self.envelope.mail.size());
        largest.is_some_and(|octets| octets.saturating_add(growth) > limit)
    }

    /// A tenant may choose that mail waits rather than going unsigned through a fault of ours.
    pub(super) fn defer_where_wanted(&mut self, reason: Reason) {
        let ours = matches!(
            reason,
            Reason::Fault | Reason::Deadline | Reason::NoMemory | Reason::CheckFailed | Reason::NoSnapshot
        );
        let defers = self.tenant.as_ref().is_some_and(|tenant| matches!(tenant.on_failure(), OnFailure::Defer));
        if ours && defers {
            self.fail(Reply::try_later());
        }
    }

    /// The envelope as the rules see it: the sender, and the recipients that are taken.
    pub(super) fn addresses(&self, taken: Taken) -> (Option<String>, Vec<String>) {
        let path = &self.envelope.mail.path;
        let sender = (!path.is_null()).then(|| path.as_str().into_owned());
        let asked = self.envelope.recipients.iter().filter(|recipient| match (&recipient.reply, taken) {
            (Some(reply), _) => reply.is_success(),
            (None, _) => taken == Taken::OrNotYetRefused,
        });
        let recipients = asked.map(|recipient| recipient.rcpt.path.as_str().into_owned()).collect();
        (sender, recipients)
    }
}

/// Which recipients are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// Those who have the message already by another try included: rules judge the message as it was sent.
    ByTheNextHop,
    /// Those whose answer is still to come as well.
    OrNotYetRefused,
}

/// More `Received` fields than this and the message is in a loop (RFC 5321 section 6.3).
const HOP_LIMIT: usize = 100;
