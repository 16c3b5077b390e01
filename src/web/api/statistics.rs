//! The flow of a tenant's mail in numbers, for dashboards: what came of messages, step by step, and how long they took.
//! It holds no address and no Message-ID.

use std::collections::BTreeMap;
use std::ops::Range;

use actix_web::{HttpResponse, get, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{Asked, Parameters};
use super::decisions::instant;
use super::problem::{Kind, Refusal};
use crate::account::Permission;
use crate::store::{ALL_KEPT_MS, Counts, DAY_MS, HOUR_MS, HOURS_KEPT_MS, Latencies, MINUTE_MS, MINUTES_KEPT_MS};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(of_tenant);
}

/// The steps there are: whoever asks for another gets the next longer one.
const STEPS_MS: [i64; 8] =
    [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, DAY_MS];
/// How many steps are enough for a chart, and how many are answered at the most.
const ENOUGH: i64 = 100;
const MOST: i64 = 400;
/// Signatures that are named.
const TOP: usize = 10;

/// Which time, and how fine.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asks {
    /// Not before this instant, as `2026-12-01T09:00:00Z`; a day before `until` if it is not said.
    from: Option<String>,
    /// Before this instant; now if it is not said.
    until: Option<String>,
    /// Seconds of a step: 60, 300, 900, 1800, 3600, 10800, 21600 or 86400. If it is not said, what makes about a hundred
    /// steps. Minutes are kept for 2 days and hours for 100: of times before, the steps are longer.
    step: Option<u32>,
}

/// The flow of mail within a time, which begins and ends with a step.
#[derive(Debug, Serialize, ToSchema)]
struct Statistics {
    #[schema(value_type = String, format = DateTime)]
    from: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    until: Option<Timestamp>,
    step_seconds: i64,
    /// All of it.
    sum: Figures,
    /// The same of the time before that is as long.
    before: Figures,
    /// Each step, also where nothing came.
    steps: Vec<FlowStep>,
    /// Why messages were left, the most frequent first.
    reasons: Vec<ReasonCount>,
    /// The ten signatures that most messages got.
    signatures: Vec<SignatureCount>,
    sites: Vec<FlowSite>,
}

/// What came of messages: each is counted once, from `signed` to `lost`.
#[derive(Debug, Serialize, ToSchema)]
struct Figures {
    messages: u64,
    signed: u64,
    /// Handed on as they came.
    left: u64,
    /// Their recipients had them already.
    repeated: u64,
    /// The sender was told to try again (4xx).
    deferred: u64,
    /// The sender was told that they cannot be delivered (5xx).
    refused: u64,
    /// The sender was gone before it was told.
    lost: u64,
    bytes_in: u64,
    bytes_out: u64,
    /// From MAIL to the answer, of messages that were taken; absent where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    latency: Option<Latency>,
    /// Our own work alone, of the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    own_work: Option<Latency>,
}

/// Milliseconds within which half, 95 and 99 of a hundred messages were done; a fifth too many at the most.
#[derive(Debug, Serialize, ToSchema)]
struct Latency {
    p50: f64,
    p95: f64,
    p99: f64,
}

#[derive(Debug, Serialize, ToSchema)]
struct FlowStep {
    #[schema(value_type = String, format = DateTime)]
    start: Option<Timestamp>,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Debug, Serialize, ToSchema)]
struct ReasonCount {
    reason: String,
    messages: u64,
}

#[derive(Debug, Serialize, ToSchema)]
struct SignatureCount {
    signature: String,
    messages: u64,
}

#[derive(Debug, Serialize, ToSchema)]
struct FlowSite {
    site: String,
    #[serde(flatten)]
    figures: Figures,
}

impl Figures {
    fn of(counts: &Counts) -> Figures {
        Figures {
            messages: counts.messages(),
            signed: counts.signed,
            left: counts.left,
            repeated: counts.repeated,
            deferred: counts.deferred,
            refused: counts.refused,
            lost: counts.lost,
            bytes_in: counts.octets_in,
            bytes_out: counts.octets_out,
            latency: Latency::of(&counts.total),
            own_work: Latency::of(&counts.work),
        }
    }
}

impl Latency {
    fn of(latencies: &Latencies) -> Option<Latency> {
        let within = |share| Some((latencies.within(share)?.as_secs_f64() * 1e5).round() / 100.0);
        Some(Latency { p50: within(0.5)?, p95: within(0.95)?, p99: within(0.99)? })
    }
}

/// The flow of mail in numbers: what came of messages by time, reason, signature and site, and how long they took. It is
/// counted apart from the decision records, and is there also of tenants that keep none; the newest seconds may be missing.
#[utoipa::path(tag = "decisions", params(("tenant" = String, Path), Asks), security(("token" = ["decisions:read"])),
    responses((status = 200, description = "The counts.", body = Statistics)))]
#[get("/tenants/{tenant}/statistics")]
async fn of_tenant(asked: Asked, tenant: web::Path<String>, asks: Parameters<Asks>) -> Result<HttpResponse, Refusal> {
    let id = asked.tenant(&tenant, Permission::DecisionsRead)?;
    let (time, step_ms) = asks.read()?.time(asked.state.now_ms())?;
    let store = asked.store().await?;
    let flow = store.flow(&id, time.clone(), step_ms).await?;
    let before = store.flow(&id, time.start * 2 - time.end..time.start, step_ms).await?;
    let sum = flow.sum();
    let mut steps = Vec::new();
    let mut start = time.start;
    while start < time.end {
        let figures = Figures::of(flow.steps.get(&start).unwrap_or(&Counts::default()));
        steps.push(FlowStep { start: instant_of(start), figures });
        start += step_ms;
    }
    Ok(HttpResponse::Ok().json(Statistics {
        from: instant_of(time.start),
        until: instant_of(time.end),
        step_seconds: step_ms / 1000,
        before: Figures::of(&before.sum()),
        steps,
        reasons: most(&sum.reasons, |(reason, messages)| ReasonCount { reason, messages }),
        signatures: most(&sum.signatures, |(signature, messages)| SignatureCount { signature, messages })
            .into_iter()
            .take(TOP)
            .collect(),
        sites: flow
            .sites
            .iter()
            .map(|(site, counts)| FlowSite { site: site.clone(), figures: Figures::of(counts) })
            .collect(),
        sum: Figures::of(&sum),
    }))
}

impl Asks {
    /// The time, from step to step, and the step.
    fn time(&self, now_ms: i64) -> Result<(Range<i64>, i64), Refusal> {
        let until = instant(self.until.as_deref(), "?until")?.unwrap_or(now_ms);
        let from = instant(self.from.as_deref(), "?from")?.unwrap_or(until - DAY_MS);
        if from >= until {
            return Err(Refusal::new(Kind::Malformed, "`from` is before `until`").at("?from"));
        }
        if until - from > ALL_KEPT_MS {
            return Err(Refusal::new(Kind::Malformed, "is longer than 400 days, which is all that is kept").at("?from"));
        }
        let age = now_ms - from;
        let finest = match age {
            _ if age > HOURS_KEPT_MS - DAY_MS => DAY_MS,
            _ if age > MINUTES_KEPT_MS - HOUR_MS => HOUR_MS,
            _ => MINUTE_MS,
        };
        let wanted = match self.step {
            Some(step) => i64::from(step) * 1000,
            None => (until - from) / ENOUGH,
        };
        let step = STEPS_MS.into_iter().find(|step| *step >= wanted.max(finest)).unwrap_or(DAY_MS);
        if (until - from) / step > MOST {
            let why = format!("makes more than {MOST} steps of this time; take a longer one");
            return Err(Refusal::new(Kind::Malformed, why).at("?step"));
        }
        let whole = |time: i64| time - time.rem_euclid(step);
        Ok((whole(from)..whole(until + step - 1), step))
    }
}

/// The most frequent first.
fn most<T>(counts: &BTreeMap<String, u64>, told: impl Fn((String, u64)) -> T) -> Vec<T> {
    let mut counts: Vec<_> = counts.iter().map(|(word, count)| (word.clone(), *count)).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.into_iter().map(told).collect()
}

fn instant_of(time_ms: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(time_ms).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-12-01T12:34:56Z";

    #[test]
    fn a_time_is_cut_into_as_many_steps_as_a_chart_shows() {
        let now_ms = NOW.parse::<Timestamp>().map(|now| now.as_millisecond()).unwrap_or_default();
        let cut = |from: &str, step: Option<u32>| {
            let asks = Asks { from: Some(from.to_owned()), until: None, step };
            let told = asks.time(now_ms).map_err(|refusal| refusal.to_string());
            told.map(|(time, step)| ((time.end - time.start) / step, step / 1000))
        };
        for (from, step, wanted) in [
            ("2026-12-01T11:34:56Z", None, Some((61, 60))),
            ("2026-11-30T12:34:56Z", None, Some((97, 900))),
            ("2026-11-24T12:34:56Z", None, Some((57, 10_800))),
            ("2026-11-01T12:34:56Z", None, Some((31, 86_400))),
            ("2026-09-02T12:34:56Z", None, Some((91, 86_400))),
            ("2026-11-30T12:34:56Z", Some(300), Some((289, 300))),
            ("2026-11-30T12:34:56Z", Some(60), None),
            ("2026-11-28T12:34:56Z", Some(60), Some((73, 3600))),
            ("2026-06-01T12:34:56Z", Some(60), Some((184, 86_400))),
            ("2025-06-01T12:34:56Z", None, None),
            ("2026-12-02T12:34:56Z", None, None),
        ] {
            assert_eq!(cut(from, step).ok(), wanted, "{from} {step:?}");
        }
    }
}
