//! All definitions, and which of them a question means.

use std::sync::LazyLock;

use figment::Figment;
use figment::providers::{Format as _, Toml};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::faults;
use super::metric::{Family, Metric};

/// The registry's file.
const FILE: &str = include_str!("../../sql/metrics.toml");

/// All definitions, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    /// The definitions.
    #[serde(rename(deserialize = "metric"))]
    pub metrics: Vec<Metric>,
}

/// Why a registry cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// The text is no registry.
    #[error("the registry of metrics cannot be read: {0}")]
    Unreadable(#[from] Box<figment::Error>),
    /// Definitions contradict each other, the schema or the rules.
    #[error("the registry of metrics has faults:\n{}", .0.join("\n"))]
    Faulty(Vec<String>),
}

/// Why a name means no definition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownMetric {
    /// Neither a metric nor a concept has this name.
    #[error("there is no metric `{0}`; `playhead metrics` and GET /v1/metrics list all")]
    Name(String),
    /// The concept has several definitions, and none of the family that was asked for.
    #[error("`{concept}` has no definition of the family {family}, but these: {others}")]
    Family {
        /// The concept.
        concept: String,
        /// The family that was asked for.
        family: &'static str,
        /// Names of its definitions, separated by commas.
        others: String,
    },
}

static EMBEDDED: LazyLock<Registry> = LazyLock::new(|| {
    #[expect(
        clippy::expect_used,
        reason = "the file is part of the binary, and a test of this module reads the same bytes, so no binary that passed it can fail here"
    )]
    Registry::read(FILE).expect("the embedded registry is sound")
});

/// The registry of this binary.
pub fn registry() -> &'static Registry {
    &EMBEDDED
}

impl Registry {
    /// Reads a registry and checks every definition against the embedded schema.
    ///
    /// # Errors
    /// When the text is no registry, or has faults; all of them are told.
    pub fn read(text: &str) -> Result<Self, DefinitionError> {
        let registry: Self = Figment::from(Toml::string(text))
            .extract()
            .map_err(Box::new)?;
        match faults::of(&registry) {
            found if found.is_empty() => Ok(registry),
            found => Err(DefinitionError::Faulty(found)),
        }
    }

    /// The metric of this name.
    pub fn get(&self, name: &str) -> Option<&Metric> {
        self.metrics.iter().find(|metric| metric.name == name)
    }

    /// The definitions of one family, in the order of the file.
    pub fn of_family(&self, family: Family) -> impl Iterator<Item = &Metric> {
        self.metrics
            .iter()
            .filter(move |metric| metric.family == family)
    }

    /// What `name` means to somebody who reads in the terms of `family`: a concept means the definition of that family,
    /// else the project's own, else its only one. Anything else is the name of a metric.
    ///
    /// # Errors
    /// When there is no such metric, or no such definition of the concept.
    pub fn resolve(&self, name: &str, family: Family) -> Result<&Metric, UnknownMetric> {
        let of_concept: Vec<_> = self
            .metrics
            .iter()
            .filter(|metric| metric.concept == name)
            .collect();
        let of = |family: Family| {
            let mut definitions = of_concept.iter().copied();
            definitions.find(|metric| metric.family == family)
        };
        match of_concept.as_slice() {
            [] => self
                .get(name)
                .ok_or_else(|| UnknownMetric::Name(name.to_owned())),
            [only] => Ok(only),
            several => {
                of(family)
                    .or_else(|| of(Family::Playhead))
                    .ok_or_else(|| UnknownMetric::Family {
                        concept: name.to_owned(),
                        family: family.word(),
                        others: several
                            .iter()
                            .map(|metric| metric.name.as_str())
                            .collect::<Vec<_>>()
                            .join(", "),
                    })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_registry_is_sound() {
        let registry = Registry::read(FILE).unwrap();
        for family in Family::ALL {
            assert!(registry.of_family(*family).count() > 2, "{family:?}");
        }
    }

    #[test]
    fn a_concept_means_the_definition_of_the_family() {
        let name = |name, family| registry().resolve(name, family).map(|m| m.name.as_str());
        assert_eq!(
            name("rebuffering_ratio", Family::Mux),
            Ok("mux_rebuffering_ratio")
        );
        assert_eq!(
            name("rebuffering_ratio", Family::Cta2066),
            Ok("cta2066_rebuffering_ratio")
        );
        // Ours where the family has none, and the only one where there is but one.
        assert_eq!(
            name("early_exits", Family::Cta2066),
            Ok("exits_before_start_ratio")
        );
        assert_eq!(
            name("startup_score", Family::Conviva),
            Ok("mux_startup_score")
        );
        // Names of metrics mean themselves, whatever the family.
        assert_eq!(
            name("mux_playing_ms", Family::Conviva),
            Ok("mux_playing_ms")
        );
    }

    #[test]
    fn what_means_nothing_is_told() {
        let told = |name| {
            registry()
                .resolve(name, Family::Playhead)
                .unwrap_err()
                .to_string()
        };
        assert!(told("bufering").starts_with("there is no metric `bufering`"));
        assert_eq!(
            told("failure_ratio"),
            "`failure_ratio` has no definition of the family playhead, but these: \
             cta2066_failure_ratio, mux_failure_ratio, conviva_play_failure_ratio"
        );
    }

    #[test]
    fn a_misspelt_field_is_refused() {
        let text = FILE.replacen("meaning =", "meanin =", 1);
        assert!(matches!(
            Registry::read(&text),
            Err(DefinitionError::Unreadable(_))
        ));
    }
}
