//! The registry of metrics: every number that is published, defined once, in `sql/metrics.toml`.
//!
//! - [`metric`]: what one definition says;
//! - [`mod@registry`]: all of them, and which one a question means;
//! - [`formula`]: what a formula reads, and where it could divide by zero;
//! - [`columns`]: what the reader views have, as the embedded schema tells;
//! - [`faults`]: what is wrong with a registry, each fault named;
//! - [`select`]: the formulas of one view as the select list of a query;
//! - [`document`]: the registry as the text of `docs/metrics.md`.

pub mod columns;
pub mod document;
pub mod faults;
pub mod formula;
pub mod metric;
pub mod registry;
pub mod select;

pub use metric::{Family, Grain, HigherIs, Metric, Unit};
pub use registry::{DefinitionError, Registry, registry};
