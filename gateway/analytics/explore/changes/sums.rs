//! The sums of a metric by the values of dimensions, in two windows.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join_all;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Deserialize;
use serde_json::Value;

use crate::analytics::error::QueryError;
use crate::analytics::params::{Dimension, Filters};
use crate::analytics::reader::Reader;
use crate::definitions::Metric;

use super::decompose::{Change, Sums};
use super::parts::Parts;
use crate::analytics::explore::buckets::Buckets;
use crate::analytics::explore::cells::{self, read};
use crate::analytics::explore::choose;
use crate::analytics::explore::earlier::{Pair, Side};
use crate::analytics::explore::source::{Set, Source};
use crate::analytics::explore::text::{self, Ask};

/// Values of a dimension that one question tells: those that were seen most.
const VALUES_MAX: u32 = 2_000;
/// Questions that are read at the same time, so that one question leaves room for others.
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

/// A question: the number of its window, the source, and the dimensions that it tells.
type Asked = (usize, Source, Vec<Dimension>);

/// What one question told of a value, by number of its step.
#[derive(Deserialize)]
struct Row {
    which: usize,
    told: String,
    buckets: Vec<usize>,
    sums: Vec<[f64; 3]>,
}

/// Values that one question told.
struct Told {
    dimension: Dimension,
    side: Side,
    value: String,
    sums: Sums,
}

/// What is known of the values of dimensions.
#[derive(Default)]
struct Known(BTreeMap<(Dimension, String), [Option<Sums>; 2]>);

impl Known {
    fn add(&mut self, told: Told) {
        let place = self.0.entry((told.dimension, told.value)).or_default();
        place[told.side as usize] = Some(told.sums);
    }

    fn of(&self, dimension: Dimension) -> impl Iterator<Item = (&String, &[Option<Sums>; 2])> {
        let of = self
            .0
            .iter()
            .filter(move |((each, _), _)| *each == dimension);
        of.map(|((_, value), sides)| (value, sides))
    }

    /// Whether all values of a dimension were told.
    fn is_complete(&self, dimension: Dimension) -> bool {
        self.of(dimension).count() < VALUES_MAX as usize
    }

    /// The sums of all plays: those of the values of a dimension, each play being of one of them.
    fn whole(&self, dimension: Dimension) -> Change {
        let mut whole = Change::default();
        for (_, sides) in self.of(dimension) {
            for side in [Side::Now, Side::Before] {
                let sums = sides[side as usize].unwrap_or_default();
                let of_all = whole.side(side);
                of_all.numerator += sums.numerator;
                of_all.denominator += sums.denominator;
                of_all.observations += sums.observations;
            }
        }
        whole
    }

    /// The values of a dimension of which this side told nothing, if others pushed them out.
    fn pushed_out(&self, dimension: Dimension, side: Side) -> Vec<String> {
        let told = self.of(dimension);
        let told = told.filter(|(_, sides)| sides[side as usize].is_some());
        if told.count() < VALUES_MAX as usize {
            return Vec::new();
        }
        let missing = self.of(dimension);
        let missing = missing.filter(|(_, sides)| sides[side as usize].is_none());
        missing.map(|(value, _)| value.clone()).collect()
    }
}

impl Questions<'_> {
    /// The views that are read, each once.
    ///
    /// # Errors
    /// When nothing tells the metric by one of the dimensions.
    pub fn views(&self, dimensions: &[Dimension]) -> Result<Vec<&'static str>, QueryError> {
        let mut views = BTreeSet::new();
        for (buckets, _) in self.pair.windows() {
            views.insert(self.source(&[], &buckets)?.view());
            let sources = self.by_source(dimensions, &buckets)?;
            views.extend(sources.keys().map(|source| source.view()));
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
        let windows = &self.pair.windows();
        let asked = self.asked(dimensions, windows)?;
        // Plays are counted whole by when they began, minutes by what was in them: each has a whole of its own.
        let of_whole = self.source(&[], &windows[0].0)?;
        let has_plays = asked.iter().any(|(_, source, _)| *source == Source::Plays);
        let of_wholes =
            BTreeSet::from([of_whole, if has_plays { Source::Plays } else { of_whole }]);
        let dimensions_of = |of: Source| {
            let own = asked
                .iter()
                .filter(move |(_, source, _)| tells_whole(*source, of));
            own.flat_map(|(_, _, dimensions)| dimensions.iter().copied())
        };
        // What is asked by a dimension in any case need not be asked without it.
        let untold = of_wholes.iter().copied();
        let untold = untold.filter(|source| dimensions_of(*source).next().is_none());
        let wholes = try_join_all(untold.map(|source| self.whole(reader, tenant, source)));
        let each = stream::iter(asked.clone()).map(|(number, source, groups)| async move {
            let (buckets, sides) = &windows[number];
            self.told(reader, tenant, source, &groups, (buckets, sides), &[])
                .await
        });
        let each = each.buffer_unordered(AT_ONCE).try_collect::<Vec<_>>();
        let (wholes, told) = tokio::try_join!(wholes, each)?;
        let mut known = Known::default();
        told.into_iter().flatten().for_each(|each| known.add(each));
        let mut wholes: BTreeMap<_, _> = wholes.into_iter().collect();
        for source in of_wholes {
            if wholes.contains_key(&source) {
                continue;
            }
            let complete = dimensions_of(source).find(|dimension| known.is_complete(*dimension));
            let whole = match complete {
                Some(dimension) => known.whole(dimension),
                None => self.whole(reader, tenant, source).await?.1,
            };
            wholes.insert(source, whole);
        }
        if windows.len() > 1 {
            self.add_pushed_out(reader, tenant, dimensions, &mut known)
                .await?;
        }
        let whole_of = |source| wholes.get(&source).copied().unwrap_or_default();
        let mut of = Vec::new();
        for ((dimension, value), [now, before]) in known.0 {
            let source = self.source(&[dimension], &windows[0].0)?;
            of.push(ByValue {
                dimension,
                value,
                sums: Change {
                    now: now.unwrap_or_default(),
                    before: before.unwrap_or_default(),
                },
                whole: whole_of(if source == Source::Plays {
                    source
                } else {
                    of_whole
                }),
            });
        }
        Ok(Found {
            whole: whole_of(of_whole),
            of,
        })
    }

    /// Everything that is to be asked.
    fn asked(
        &self,
        dimensions: &[Dimension],
        windows: &[(Buckets, &[Side])],
    ) -> Result<Vec<Asked>, QueryError> {
        let mut asked = Vec::new();
        for (number, (buckets, _)) in windows.iter().enumerate() {
            for (source, groups) in self.by_source(dimensions, buckets)? {
                asked.push((number, source, groups));
            }
        }
        // Titles take longest, so they begin first.
        asked.sort_by_key(|(_, source, _)| source.column(Dimension::ContentId).is_none());
        Ok(asked)
    }

    /// What is seen most in one window may not be in the other; it must not seem to have come or gone.
    async fn add_pushed_out(
        &self,
        reader: &Reader,
        tenant: &str,
        dimensions: &[Dimension],
        known: &mut Known,
    ) -> Result<(), QueryError> {
        let mut missing = Vec::new();
        for dimension in dimensions {
            for side in [Side::Now, Side::Before] {
                let values = known.pushed_out(*dimension, side);
                if !values.is_empty() {
                    missing.push((*dimension, side, values));
                }
            }
        }
        let each = stream::iter(missing).map(|(dimension, side, values)| async move {
            let (groups, buckets) = ([dimension], self.pair.side(side));
            let source = self.source(&groups, buckets)?;
            let window = (buckets, &[side][..]);
            self.told(reader, tenant, source, &groups, window, &[values])
                .await
        });
        let told: Vec<Vec<Told>> = each.buffer_unordered(AT_ONCE).try_collect().await?;
        told.into_iter().flatten().for_each(|each| known.add(each));
        Ok(())
    }

    fn source(&self, groups: &[Dimension], buckets: &Buckets) -> Result<Source, QueryError> {
        let mut dimensions = self.filters.dimensions();
        dimensions.extend(groups.iter().copied());
        choose::source(self.metric, &dimensions, buckets)
    }

    /// The dimensions that each source tells.
    fn by_source(
        &self,
        dimensions: &[Dimension],
        buckets: &Buckets,
    ) -> Result<BTreeMap<Source, Vec<Dimension>>, QueryError> {
        let mut sources = BTreeMap::<_, Vec<_>>::new();
        for dimension in dimensions {
            let source = self.source(&[*dimension], buckets)?;
            sources.entry(source).or_default().push(*dimension);
        }
        // Device classes have a small rollup of their own, but a set that is asked for anyway tells them without another question.
        let other = sources.keys().copied().find(|source| {
            *source != Source::Totals
                && tells_whole(*source, Source::Totals)
                && source.column(Dimension::DeviceClass).is_some()
        });
        if let (Some(other), Some(of_totals)) = (other, sources.get(&Source::Totals).cloned()) {
            sources.remove(&Source::Totals);
            sources.entry(other).or_default().extend(of_totals);
        }
        Ok(sources)
    }

    /// The sums of all plays, beside the source that tells them.
    async fn whole(
        &self,
        reader: &Reader,
        tenant: &str,
        source: Source,
    ) -> Result<(Source, Change), QueryError> {
        let mut whole = Change::default();
        for (buckets, sides) in self.pair.windows() {
            let text = text::rows(
                source,
                &self.ask(&self.formulas(source), &[], &buckets, &[]),
            )?;
            for row in read::<cells::Told>(reader, tenant, &text).await? {
                if let Some(side) = side_of(&row, sides) {
                    *whole.side(side) = sums_of(&row);
                }
            }
        }
        Ok((source, whole))
    }

    /// The sums by the values of each of the dimensions.
    async fn told(
        &self,
        reader: &Reader,
        tenant: &str,
        source: Source,
        groups: &[Dimension],
        (buckets, sides): (&Buckets, &[Side]),
        within: &[Vec<String>],
    ) -> Result<Vec<Told>, QueryError> {
        let formulas = self.formulas(source);
        let ask = self.ask(&formulas, groups, buckets, within);
        let text = text::apart(source, &ask, 2, VALUES_MAX)?;
        let rows: Vec<Row> = read(reader, tenant, &text).await?;
        let mut told = Vec::new();
        for row in rows {
            let Some(dimension) = groups.get(row.which) else {
                continue;
            };
            for (bucket, [numerator, denominator, observations]) in
                row.buckets.into_iter().zip(row.sums)
            {
                let Some(side) = sides.get(bucket) else {
                    continue;
                };
                told.push(Told {
                    dimension: *dimension,
                    side: *side,
                    value: row.told.clone(),
                    sums: Sums {
                        numerator,
                        denominator,
                        observations,
                    },
                });
            }
        }
        Ok(told)
    }

    fn formulas(&self, source: Source) -> [String; 3] {
        let observations = match source {
            Source::Plays => OBSERVATIONS_OF_PLAYS,
            _ => OBSERVATIONS_OF_MINUTES,
        };
        let denominator = self.parts.denominator.as_deref().unwrap_or("0");
        [&self.parts.numerator, denominator, observations].map(str::to_owned)
    }

    fn ask<'a>(
        &'a self,
        formulas: &'a [String],
        groups: &'a [Dimension],
        buckets: &'a Buckets,
        within: &'a [Vec<String>],
    ) -> Ask<'a> {
        Ask {
            formulas,
            groups,
            filters: self.filters,
            buckets,
            within,
        }
    }
}

/// Whether the values of a dimension add up to all plays of the other source.
fn tells_whole(source: Source, whole: Source) -> bool {
    match (source, whole) {
        // Plays without an experiment are not in it.
        (Source::MinutesOf(Set::Experiment) | Source::SpansOf(Set::Experiment), _) => false,
        (Source::Plays, _) | (_, Source::Plays) => source == whole,
        _ => true,
    }
}

fn side_of(row: &BTreeMap<String, Value>, sides: &[Side]) -> Option<Side> {
    let bucket = row.get("bucket").and_then(Value::as_u64)?;
    sides.get(usize::try_from(bucket).ok()?).copied()
}

fn sums_of(row: &BTreeMap<String, Value>) -> Sums {
    let number = |name: &str| row.get(name).and_then(Value::as_f64).unwrap_or(0.0);
    Sums {
        numerator: number("value_0"),
        denominator: number("value_1"),
        observations: number("value_2"),
    }
}
