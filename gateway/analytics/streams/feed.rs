//! Computes a stream as long as somebody listens.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior};

use super::{Stream, Streams};
use crate::analytics::AnalyticsState;
use crate::analytics::cache::Answer;
use crate::analytics::error::Refusal;
use crate::analytics::{live, viewers};
use crate::metrics::api;

/// How often something is told.
const EVERY: Duration = Duration::from_secs(2);
/// How much of the past the live stream tells; who wants more asks `GET /v1/live` once.
const LIVE_WINDOW: Duration = Duration::from_secs(60);
/// How long a stream goes on when nobody listens: long enough for a page to be loaded again.
const LINGERS: Duration = Duration::from_secs(20);

/// Computes a new stream of a tenant in the background, until nobody listens any more.
pub(super) fn start(state: AnalyticsState, stream: Stream, tenant: &str) {
    let (tenant, end) = (tenant.to_owned(), state.streams.0.end.clone());
    tokio::spawn(async move {
        let streams = state.streams.clone();
        let feeding = feed(&state, &streams, stream, &tenant);
        end.run_until_cancelled(feeding).await;
    });
}

async fn feed(state: &AnalyticsState, streams: &Streams, stream: Stream, tenant: &str) {
    let (hub, _) = streams.hub(stream, tenant);
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard_at = Instant::now();
    let mut last_tag = String::new();
    loop {
        ticks.tick().await;
        if hub.listeners() > 0 {
            heard_at = Instant::now();
        } else if heard_at.elapsed() > LINGERS {
            if streams.forget(stream, tenant) {
                return;
            }
        } else {
            continue;
        }
        api::stream_computed(stream.word());
        match compute(state, stream, tenant).await {
            Ok(answer) if answer.tag() == last_tag => {}
            Ok(answer) => {
                hub.publish(stream.word(), &answer.json());
                last_tag = answer.tag().to_owned();
            }
            // What failed is told once; the next answer ends the trouble.
            Err(refusal) => {
                let reason = refusal.0.reason();
                if reason != last_tag {
                    let told = serde_json::json!({ "reason": reason, "detail": refusal.0.problem().detail });
                    hub.publish("problem", &told.to_string());
                    last_tag = reason.to_owned();
                }
            }
        }
    }
}

async fn compute(state: &AnalyticsState, stream: Stream, tenant: &str) -> Result<Answer, Refusal> {
    match stream {
        Stream::Live => live::answer(state, tenant, LIVE_WINDOW).await,
        Stream::Viewers | Stream::Alerts => {
            viewers::answer(state, tenant, String::new(), viewers::DEFAULT_LIMIT).await
        }
    }
}
