//! The sums of a metric by the values of dimensions, in two windows.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::Value;

use crate::analytics::error::QueryError;
use crate::analytics::params::{Dimension, Filters};
use crate::analytics::reader::Reader;
use crate::definitions::Metric;

use super::decompose::{Change, Sums};
use super::parts::Parts;
use crate::analytics::explore::buckets::Buckets;
use crate::analytics::explore::cells::read;
use crate::analytics::explore::choose;
use crate::analytics::explore::earlier::Pair;
use crate::analytics::explore::source::Source;
use crate::analytics::explore::text::{self, Ask, SortKey, Sorting};

/// Values of a dimension that are looked at in each window: those that were seen most.
const VALUES_MAX: u32 = 2_000;
/// Dimensions that are read at the same time, so that one question leaves room for others.
const AT_ONCE: usize = 3;

/// How much was seen: playbacks begun, and minutes spent.
const OBSERVATIONS_OF_MINUTES: &str = "sum(attempts) + sum(starting_ms + playing_ms + stalled_ms + seeking_ms + paused_ms + ad_ms) / 60000";
const OBSERVATIONS_OF_PLAYS: &str = "count()";

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Questions<'a> {
    /// The metric.
    pub metric: &'a Metric,
    /// What it is made of.
    pub parts: &'a Parts,
    /// Which plays count.
    pub filters: &'a Filters,
    /// In which windows.
    pub pair: &'a Pair,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Of all plays.
    pub whole: Change,
    /// Of each value of each dimension.
    pub of: Vec<ByValue>,
}

/// The sums of a value.
#[derive(Clone, Debug)]
pub struct ByValue {
    /// The dimension.
    pub dimension: Dimension,
    /// Its value.
    pub value: String,
    /// Its sums.
    pub sums: Change,
    /// Those of all plays, from the same source.
    pub whole: Change,
}

impl Questions<'_> {
    /// The views that are read, each once.
    ///
    /// # Errors
    /// When nothing tells the metric by one of the dimensions.
    pub fn views(&self, dimensions: &[Dimension]) -> Result<Vec<&'static str>, QueryError> {
        let mut views = BTreeSet::new();
        for groups in [&[][..]]
            .into_iter()
            .chain(dimensions.iter().map(std::slice::from_ref))
        {
            for buckets in [&self.pair.now, &self.pair.before] {
                views.insert(self.source(groups, buckets)?.view());
            }
        }
        Ok(views.into_iter().collect())
    }

    /// The sums of all plays, and of each value.
    ///
    /// # Errors
    /// When nothing tells the metric by one of the dimensions, or the warehouse fails.
    pub async fn read(
        &self,
        reader: &Reader,
        tenant: &str,
        dimensions: &[Dimension],
    ) -> Result<Found, QueryError> {
        let whole = self.whole(reader, tenant, None).await?;
        let each = stream::iter(dimensions.to_vec()).map(|dimension| async move {
            let source = self.source(&[dimension], &self.pair.now)?;
            // Plays are counted whole by when they began, minutes by what was in them: each has a whole of its own.
            let is_other = source == Source::Plays && self.source(&[], &self.pair.now)? != source;
            let own = match is_other {
                true => self.whole(reader, tenant, Some(source)).await?,
                false => whole,
            };
            self.by_value(reader, tenant, dimension, own).await
        });
        let of: Vec<Vec<ByValue>> = each.buffered(AT_ONCE).try_collect().await?;
        Ok(Found {
            whole,
            of: of.into_iter().flatten().collect(),
        })
    }

    fn source(&self, groups: &[Dimension], buckets: &Buckets) -> Result<Source, QueryError> {
        let mut dimensions = self.filters.dimensions();
        dimensions.extend(groups.iter().copied());
        choose::source(self.metric, &dimensions, buckets)
    }

    async fn whole(
        &self,
        reader: &Reader,
        tenant: &str,
        source: Option<Source>,
    ) -> Result<Change, QueryError> {
        let of = async |buckets: &Buckets| {
            let source = source.map_or_else(|| self.source(&[], buckets), Ok)?;
            let told = self.sums(reader, tenant, source, &[], buckets, &[]).await?;
            Ok::<_, QueryError>(told.0.into_values().next().unwrap_or_default())
        };
        let (now, before) = tokio::try_join!(of(&self.pair.now), of(&self.pair.before))?;
        Ok(Change { now, before })
    }

    async fn by_value(
        &self,
        reader: &Reader,
        tenant: &str,
        dimension: Dimension,
        whole: Change,
    ) -> Result<Vec<ByValue>, QueryError> {
        let groups = [dimension];
        let of = async |buckets: &Buckets, within: &[Vec<String>]| {
            let source = self.source(&groups, buckets)?;
            self.sums(reader, tenant, source, &groups, buckets, within)
                .await
        };
        let (pair, none) = (self.pair, &[][..]);
        let ((mut now, is_cut), (mut before, was_cut)) =
            tokio::try_join!(of(&pair.now, none), of(&pair.before, none))?;
        // What is seen most in one window may not be in the other; it must not seem to have come or gone.
        let missing = |of: &BTreeMap<String, Sums>, other: &BTreeMap<String, Sums>| {
            let values = other.keys().filter(|value| !of.contains_key(*value));
            vec![values.cloned().collect::<Vec<_>>()]
        };
        let (not_now, not_before) = (missing(&now, &before), missing(&before, &now));
        if is_cut && !not_now[0].is_empty() {
            now.extend(of(&pair.now, &not_now).await?.0);
        }
        if was_cut && !not_before[0].is_empty() {
            before.extend(of(&pair.before, &not_before).await?.0);
        }
        let values: BTreeSet<_> = now.keys().chain(before.keys()).cloned().collect();
        let found = values.into_iter().map(|value| ByValue {
            dimension,
            sums: Change {
                now: now.get(&value).copied().unwrap_or_default(),
                before: before.get(&value).copied().unwrap_or_default(),
            },
            value,
            whole,
        });
        Ok(found.collect())
    }

    /// The sums by value, and whether there are more values.
    async fn sums(
        &self,
        reader: &Reader,
        tenant: &str,
        source: Source,
        groups: &[Dimension],
        buckets: &Buckets,
        within: &[Vec<String>],
    ) -> Result<(BTreeMap<String, Sums>, bool), QueryError> {
        let observations = match source {
            Source::Plays => OBSERVATIONS_OF_PLAYS,
            _ => OBSERVATIONS_OF_MINUTES,
        };
        let denominator = self.parts.denominator.as_deref().unwrap_or("0");
        let formulas = [&self.parts.numerator, denominator, observations].map(str::to_owned);
        let ask = Ask {
            formulas: &formulas,
            groups,
            filters: self.filters,
            buckets,
            within,
        };
        let sorting = Sorting {
            by: SortKey::Value(2),
            is_descending: true,
            after: None,
        };
        let text = text::page(
            text::rows(source, &ask)?,
            groups.len(),
            &sorting,
            VALUES_MAX,
        );
        let told = read(reader, tenant, &text).await?;
        let is_cut = told.len() >= VALUES_MAX as usize;
        let sums = told.into_iter().map(|row| {
            let number = |name: &str| row.get(name).and_then(Value::as_f64).unwrap_or(0.0);
            let value = row
                .get("group_0")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let sums = Sums {
                numerator: number("value_0"),
                denominator: number("value_1"),
                observations: number("value_2"),
            };
            (value.to_owned(), sums)
        });
        Ok((sums.collect(), is_cut))
    }
}
