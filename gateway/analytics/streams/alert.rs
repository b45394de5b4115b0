//! When an alert fires, and when it is over.

use std::collections::BTreeMap;

use serde::Serialize;
use time::{Duration as Span, OffsetDateTime};

use crate::analytics::stamp::rfc3339;
use crate::config::{AlertCondition, AlertRule};

/// What operators are told of an alert.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Alert {
    /// Name of its rule.
    pub name: String,
    /// `firing` or `resolved`.
    pub state: &'static str,
    /// The metric that is looked at.
    pub metric: String,
    /// By what it is told apart; empty: all together.
    pub dimension: String,
    /// The value of the dimension; empty: unknown, or all together.
    pub value: String,
    /// The metric's number; null once there is nothing to tell it from.
    pub number: Option<f64>,
    /// `above` or `below`.
    pub condition: AlertCondition,
    /// The bound.
    pub bound: f64,
    /// Since when it is beyond the bound; RFC 3339.
    pub since: String,
    /// When this was found; RFC 3339.
    pub at: String,
}

/// A number that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    /// The value of the dimension.
    pub(super) value: String,
    /// The metric's number.
    pub(super) number: Option<f64>,
    /// Plays in the window.
    pub(super) plays: u64,
}

#[derive(Clone, Debug)]
struct Beyond {
    since: OffsetDateTime,
    is_firing: bool,
    told: Alert,
}

/// All alerts of a tenant that are beyond their bound.
#[derive(Debug, Default)]
pub(super) struct Alerts(BTreeMap<(String, String), Beyond>);

impl Alerts {
    /// Those that are firing.
    pub(super) fn firing(&self) -> Vec<Alert> {
        let beyond = self.0.values().filter(|beyond| beyond.is_firing);
        beyond.map(|beyond| beyond.told.clone()).collect()
    }

    /// Takes what was found for a rule, and gives what changed. A value that was not found is no longer beyond.
    pub(super) fn note(
        &mut self,
        rule: &AlertRule,
        found: &[Found],
        now: OffsetDateTime,
    ) -> Vec<Alert> {
        let mut changed = Vec::new();
        let beyond = found.iter().filter(|found| is_beyond(rule, found));
        let beyond: BTreeMap<_, _> = beyond.map(|found| (found.value.as_str(), found)).collect();
        self.0.retain(|(name, value), former| {
            let is_over = *name == rule.name && !beyond.contains_key(value.as_str());
            if is_over && former.is_firing {
                let number = found.iter().find(|found| found.value == *value);
                changed.push(Alert {
                    state: "resolved",
                    number: number.and_then(|found| found.number),
                    at: rfc3339(now),
                    ..former.told.clone()
                });
            }
            !is_over
        });
        for (value, found) in beyond {
            let key = (rule.name.clone(), value.to_owned());
            let beyond = self.0.entry(key).or_insert_with(|| Beyond {
                since: now,
                is_firing: false,
                told: told(rule, found, now),
            });
            beyond.told.number = found.number;
            beyond.told.at = rfc3339(now);
            let lasts = now - beyond.since;
            if !beyond.is_firing && lasts >= Span::seconds(rule.for_seconds.into()) {
                beyond.is_firing = true;
                changed.push(beyond.told.clone());
            }
        }
        changed
    }
}

fn is_beyond(rule: &AlertRule, found: &Found) -> bool {
    let is_enough = found.plays >= rule.plays_min;
    is_enough
        && found.number.is_some_and(|number| match rule.condition {
            AlertCondition::Above => number > rule.bound,
            AlertCondition::Below => number < rule.bound,
        })
}

fn told(rule: &AlertRule, found: &Found, now: OffsetDateTime) -> Alert {
    Alert {
        name: rule.name.clone(),
        state: "firing",
        metric: rule.metric.clone(),
        dimension: rule.dimension.clone(),
        value: found.value.clone(),
        number: found.number,
        condition: rule.condition,
        bound: rule.bound,
        since: rfc3339(now),
        at: rfc3339(now),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const AT: OffsetDateTime = datetime!(2026-11-21 12:00 UTC);

    fn rule() -> AlertRule {
        AlertRule {
            name: "stalls".into(),
            tenant: "default".into(),
            metric: "rebuffering_ratio".into(),
            definition: String::new(),
            dimension: "cdn".into(),
            condition: AlertCondition::Above,
            bound: 0.02,
            window_seconds: 300,
            for_seconds: 60,
            plays_min: 100,
        }
    }

    fn found(value: &str, number: f64, plays: u64) -> Found {
        Found {
            value: value.into(),
            number: Some(number),
            plays,
        }
    }

    fn states(alerts: &[Alert]) -> Vec<(&str, &str)> {
        let each = alerts.iter();
        each.map(|alert| (alert.value.as_str(), alert.state))
            .collect()
    }

    #[test]
    fn an_alert_fires_once_it_has_held_and_is_resolved_once() {
        let (rule, mut alerts) = (rule(), Alerts::default());
        let at = |seconds| AT + Span::seconds(seconds);
        let bad = [found("a", 0.05, 500), found("b", 0.01, 500)];
        assert_eq!(alerts.note(&rule, &bad, at(0)), []);
        assert_eq!(alerts.note(&rule, &bad, at(50)), []);
        let fired = alerts.note(&rule, &bad, at(60));
        assert_eq!(states(&fired), [("a", "firing")]);
        assert_eq!(fired[0].since, "2026-11-21T12:00:00.000Z");
        assert_eq!(alerts.note(&rule, &bad, at(70)), []);
        assert_eq!(states(&alerts.firing()), [("a", "firing")]);
        let good = [found("a", 0.02, 500)];
        let resolved = alerts.note(&rule, &good, at(80));
        assert_eq!(states(&resolved), [("a", "resolved")]);
        assert_eq!(resolved[0].number, Some(0.02));
        assert_eq!(alerts.note(&rule, &good, at(90)), []);
        assert!(alerts.firing().is_empty());
    }

    #[test]
    fn what_does_not_hold_and_what_few_saw_says_nothing() {
        let (rule, mut alerts) = (rule(), Alerts::default());
        let at = |seconds| AT + Span::seconds(seconds);
        alerts.note(&rule, &[found("a", 0.05, 500)], at(0));
        alerts.note(&rule, &[], at(30));
        assert_eq!(alerts.note(&rule, &[found("a", 0.05, 500)], at(60)), []);
        let few = [found("b", 0.9, 99)];
        assert_eq!(alerts.note(&rule, &few, at(200)), []);
        assert_eq!(alerts.note(&rule, &few, at(300)), []);
        let unknown = [Found {
            number: None,
            ..found("c", 0.0, 500)
        }];
        assert_eq!(alerts.note(&rule, &unknown, at(400)), []);
    }

    #[test]
    fn rules_leave_each_other_alone() {
        let mut alerts = Alerts::default();
        let above = AlertRule {
            for_seconds: 0,
            ..rule()
        };
        let below = AlertRule {
            name: "few".into(),
            condition: AlertCondition::Below,
            ..above.clone()
        };
        assert_eq!(alerts.note(&above, &[found("a", 1.0, 500)], AT).len(), 1);
        assert_eq!(alerts.note(&below, &[found("a", 0.001, 500)], AT).len(), 1);
        assert_eq!(alerts.firing().len(), 2);
    }
}
