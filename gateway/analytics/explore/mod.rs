//! Any metric by any dimension in any window: `GET /v1/timeseries`, `/v1/breakdown`, `/v1/comparison`, `/v1/changes` and
//! `/v1/dimensions`.
//!
//! A request becomes a [`question`] with its [`buckets`]; [`choose`] finds for each metric the smallest [`source`] that tells
//! it; [`text`] puts formulas, dimensions and conditions into that source's query; [`cells`] runs the queries and makes one
//! table of them; [`written`] gives it the format that was asked for.

pub mod breakdown;
pub mod buckets;
pub mod cells;
pub mod changes;
pub mod choose;
pub mod comparison;
pub mod described;
pub mod dimensions;
pub mod earlier;
pub mod question;
pub mod sorted;
pub mod source;
pub mod text;
pub mod timeseries;
pub mod written;
