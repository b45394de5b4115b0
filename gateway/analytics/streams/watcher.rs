//! Looks at the rules of alerts, whether somebody listens or not.

use std::time::Duration;

use time::OffsetDateTime;
use tokio::time::MissedTickBehavior;

use super::alert::Alerts;
use super::rule::look;
use super::{Stream, Streams};
use crate::analytics::AnalyticsState;
use crate::config::AlertRule;
use crate::metrics::api;

/// How often each rule is looked at: as often as minutes are computed.
const EVERY: Duration = Duration::from_secs(10);

/// Looks at these rules in the background, until the streams end.
pub fn watch_alerts(state: &AnalyticsState, rules: Vec<AlertRule>) {
    if rules.is_empty() {
        return;
    }
    let (state, end) = (state.clone(), state.streams.0.end.clone());
    tokio::spawn(async move { end.run_until_cancelled(watch(&state, &rules)).await });
}

async fn watch(state: &AnalyticsState, rules: &[AlertRule]) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        for rule in rules {
            let now = OffsetDateTime::now_utc();
            match look(&state.reader, rule, now).await {
                Ok(found) => tell(&state.streams, rule, &found, now),
                // Nothing is known, so nothing changes.
                Err(error) => tracing::warn!(
                    alert = rule.name,
                    reason = error.reason(),
                    "an alert cannot be looked at"
                ),
            }
        }
        let firing = state.streams.alerts();
        api::alerts_firing(firing.values().map(|alerts| alerts.firing().len()).sum());
    }
}

fn tell(streams: &Streams, rule: &AlertRule, found: &[super::alert::Found], now: OffsetDateTime) {
    let mut alerts = streams.alerts();
    let alerts: &mut Alerts = alerts.entry(rule.tenant.clone()).or_default();
    for alert in alerts.note(rule, found, now) {
        tracing::info!(
            alert = alert.name,
            state = alert.state,
            value = alert.value,
            number = alert.number,
            "an alert changed"
        );
        let (hub, _) = streams.hub(Stream::Alerts, &rule.tenant);
        // Texts and numbers can always be written.
        hub.publish("alert", &serde_json::to_string(&alert).unwrap_or_default());
    }
}
