//! What every question of this folder names: metrics, dimensions and conditions.

use serde::Serialize;
use utoipa::ToSchema;

use crate::analytics::error::QueryError;
use crate::analytics::params::{Dimension, Filters, QueryString, bad};
use crate::definitions::{Family, Metric, registry};

const METRICS_MAX: usize = 20;
const GROUPS_MAX: usize = 4;

/// What is asked, whatever the window.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Which numbers, each once.
    pub metrics: Vec<&'static Metric>,
    /// In whose terms concepts were understood.
    pub family: Family,
    /// By what they are told apart.
    pub group_by: Vec<Dimension>,
    /// Which plays count.
    pub filters: Filters,
}

/// How an answer was computed; stands in every answer of this folder.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Method {
    /// In whose terms concepts were understood.
    pub definition: &'static str,
    /// The views that were read.
    pub computed_from: Vec<&'static str>,
}

impl Subject {
    /// Takes `metrics` (or `metric`), `definition`, `group_by` and `filter`.
    ///
    /// # Errors
    /// When one of them cannot be understood.
    pub fn take(query: &mut QueryString) -> Result<Self, QueryError> {
        let words: Vec<_> = Family::ALL.iter().map(|family| family.word()).collect();
        let told = query.word("definition", &words)?;
        let family = Family::ALL.iter().find(|family| family.word() == told);
        let family = family.copied().unwrap_or(Family::Cta2066);
        let mut names = query.list("metrics");
        names.append(&mut query.list("metric"));
        if names.is_empty() {
            names.push("plays".to_owned());
        }
        if names.len() > METRICS_MAX {
            let reason = format!("must be at most {METRICS_MAX}");
            return Err(bad("metrics", &reason));
        }
        let mut metrics = Vec::<&'static Metric>::new();
        for name in names {
            let metric = registry()
                .resolve(&name, family)
                .map_err(|unknown| bad("metrics", &unknown.to_string()))?;
            if !metrics.iter().any(|known| known.name == metric.name) {
                metrics.push(metric);
            }
        }
        Ok(Self {
            metrics,
            family,
            group_by: query.dimensions("group_by", GROUPS_MAX)?,
            filters: query.filters()?,
        })
    }

    /// Names of the metrics, in their order.
    pub fn names(&self) -> Vec<String> {
        self.metrics
            .iter()
            .map(|metric| metric.name.clone())
            .collect()
    }

    /// What of it tells one question from another.
    pub fn key(&self) -> String {
        format!(
            "{} {} {:?} {}",
            self.family.word(),
            self.names().join(","),
            self.group_by,
            self.filters.key()
        )
    }
}
