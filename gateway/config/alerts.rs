use serde::{Deserialize, Serialize};

use super::Problems;

/// What operators want to be told of: a metric beyond a bound for some time; `docs/streams.md`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertRule {
    /// Unique; what operators call it.
    pub name: String,
    /// Whose numbers.
    #[serde(default = "default_tenant")]
    pub tenant: String,
    /// A metric or concept that reads minutes, as `GET /v1/top` takes it.
    pub metric: String,
    /// In whose terms a concept is understood; empty: cta2066.
    #[serde(default)]
    pub definition: String,
    /// By what it is told apart, so that each value has an alert of its own; empty: all together.
    #[serde(default)]
    pub dimension: String,
    /// On which side of the bound it fires.
    pub condition: AlertCondition,
    /// The bound, in the metric's unit.
    pub bound: f64,
    /// Length of the window that is looked at; seconds.
    #[serde(default = "default_window")]
    pub window_seconds: u32,
    /// How long it must hold before the alert fires; seconds.
    #[serde(default)]
    pub for_seconds: u32,
    /// Fewest plays in the window; fewer say nothing.
    #[serde(default)]
    pub plays_min: u64,
}

/// On which side of the bound an alert fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertCondition {
    /// When the metric is greater.
    Above,
    /// When it is less.
    Below,
}

fn default_tenant() -> String {
    "default".to_owned()
}

fn default_window() -> u32 {
    300
}

/// Most rules: each costs a query a turn.
const RULES_MAX: usize = 50;

/// Metrics and dimensions are checked where they are known.
pub(super) fn validate(rules: &[AlertRule], problems: &mut Problems) {
    problems.require(
        rules.len() <= RULES_MAX,
        "alerts",
        "must be at most 50 rules: each costs a query a turn",
    );
    for (index, rule) in rules.iter().enumerate() {
        let setting = format!("alerts[{index}]");
        let is_new = rules[..index].iter().all(|other| other.name != rule.name);
        problems.require(
            !rule.name.is_empty() && is_new,
            &setting,
            "must have a name that no other rule has",
        );
        problems.require(
            (60..=86_400).contains(&rule.window_seconds) && rule.for_seconds <= 86_400,
            &setting,
            "window_seconds must be 60 to 86400, for_seconds at most 86400",
        );
        problems.require(rule.bound.is_finite(), &setting, "bound must be a number");
        let found = crate::analytics::streams::rule_fault(rule);
        problems.require(found.is_none(), &setting, &found.unwrap_or_default());
    }
}
