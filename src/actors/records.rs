//! From a message that has its verdict to its log line, its metrics and its decision record.

use std::time::{SystemTime, UNIX_EPOCH};

use uuid::Uuid;

use crate::events::{MessageFinished, Outcome, Stages, Unproven, Verdict};
use crate::imprint::{Fate, Reason};
use crate::net::{Finished, ListenerProof};
use crate::store::{Decision, Recorder};
use crate::transit::{self, Record};

/// Tells of the message once in the log and the metrics, and hands its record to the store's queue.
pub fn tell(site: &str, recorder: &Recorder, Finished { session, record, work }: Finished) {
    failpoint!("record", return);
    let id = new_id();
    let stages = Stages {
        envelope: record.stages.envelope(),
        receive: record.stages.receive(),
        decide: record.stages.decide(),
        work,
        verdict: record.stages.next_hop(),
        total: record.stages.total(),
    };
    let (outcome, reason) = outcome(&record);
    let verdict = verdict(&record);
    MessageFinished {
        id,
        session,
        site,
        tenant: record.tenant.as_ref().map(|tenant| tenant.id().as_str()),
        kind: record.kind,
        outcome,
        reason,
        recipients: record.recipients.len(),
        had_it: record.had_it,
        copies: record.copies,
        octets_in: record.octets_in,
        octets_out: record.octets_out,
        next_hop_code: record.next_hop_code,
        verdict,
        code: (!record.sender_gone).then(|| record.verdict.reply().code()),
        stages,
    }
    .emit();
    if let Some(decision) = decision(id, site, *record, verdict, stages) {
        recorder.record(decision);
    }
}

/// What is recorded of a proven tenant's message.
fn decision(id: Uuid, site: &str, record: Record, verdict: Verdict, stages: Stages) -> Option<Decision> {
    let tenant = record.tenant?;
    Some(Decision {
        id,
        tenant: tenant.id().clone(),
        trace_key: *tenant.trace_key(),
        time_ms: now_ms(),
        site: site.to_owned(),
        message_id: record.message_id.unwrap_or_default(),
        sender: record.sender.unwrap_or_default(),
        recipients: record.recipients,
        person: record.person,
        kind: record.kind,
        shares: record.shares,
        revision: record.revision,
        octets_in: record.octets_in,
        octets_out: record.octets_out,
        next_hop_code: record.next_hop_code,
        verdict,
        stages,
    })
}

fn outcome(record: &Record) -> (Outcome, Option<Reason>) {
    let reason = match record.fate {
        Some(Fate::Left(reason)) => Some(reason),
        _ => None,
    };
    match (&record.verdict, record.fate) {
        (transit::Verdict::Accepted(_), _) if record.is_repeated() => (Outcome::Repeated, None),
        (transit::Verdict::Accepted(_), Some(Fate::Signed)) => (Outcome::Signed, None),
        (transit::Verdict::Accepted(_), _) if reason == Some(Reason::AlreadyStamped) => (Outcome::Already, reason),
        (transit::Verdict::Accepted(_), _) => (Outcome::Left, reason),
        _ => (Outcome::Dropped, reason),
    }
}

fn verdict(record: &Record) -> Verdict {
    match &record.verdict {
        _ if record.sender_gone => Verdict::Lost,
        transit::Verdict::Accepted(_) => Verdict::Accepted,
        transit::Verdict::Deferred(_) => Verdict::Deferred,
        transit::Verdict::Refused(_) => Verdict::Refused,
    }
}

/// A UUIDv7 with randomness of the process's own generator: that of `now_v7` is two system calls.
fn new_id() -> Uuid {
    let mut random = [0; 10];
    match aws_lc_rs::rand::fill(&mut random) {
        Ok(()) => {
            uuid::Builder::from_unix_timestamp_millis(u64::try_from(now_ms()).unwrap_or_default(), &random).into_uuid()
        }
        Err(_) => Uuid::now_v7(),
    }
}

/// The log's word for why a message was nobody's.
pub fn unproven(why: transit::Unproven, listener: &ListenerProof) -> Unproven {
    match why {
        transit::Unproven::Peer if *listener == ListenerProof::Network => Unproven::Network,
        transit::Unproven::Peer => Unproven::Certificate,
        transit::Unproven::Stranger => Unproven::CertificateName,
        transit::Unproven::Header => Unproven::Header,
        transit::Unproven::UnknownTenant => Unproven::UnknownTenant,
        transit::Unproven::Organization => Unproven::Organization,
        transit::Unproven::StaleIndex => Unproven::StaleIndex,
    }
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
