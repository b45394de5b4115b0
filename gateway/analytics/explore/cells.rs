//! Rows of several sources as one table.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join_all;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::analytics::error::QueryError;
use crate::analytics::params::{Dimension, Filters};
use crate::analytics::reader::{Param, Reader};
use crate::definitions::Metric;

use super::buckets::Buckets;
use super::choose;
use super::source::Source;
use super::text::{self, Ask, SortKey, Sorting, Text};

/// A row as the server tells it.
pub type Told = BTreeMap<String, Value>;

/// What is asked, of whichever sources.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which numbers.
    pub metrics: Vec<&'static Metric>,
    /// By what they are told apart.
    pub group_by: Vec<Dimension>,
    /// Which plays count.
    pub filters: Filters,
    /// In which steps.
    pub buckets: Buckets,
}

/// Values by groups and step.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    /// The values of all metrics, in their order.
    pub rows: BTreeMap<(Vec<String>, usize), Vec<Value>>,
}

/// A page of groups, the leading ones first.
#[derive(Clone, Debug)]
pub struct Page {
    /// Groups in their order, each with the bits that it was sorted by.
    pub groups: Vec<(Vec<String>, u64)>,
    /// Whether there are more.
    pub has_more: bool,
    /// Their values, as far as the source that sorts them tells them.
    pub cells: Cells,
}

impl Asked {
    /// The dimensions that a source must tell apart.
    pub fn dimensions(&self) -> BTreeSet<Dimension> {
        let mut dimensions = self.filters.dimensions();
        dimensions.extend(self.group_by.iter().copied());
        dimensions
    }

    /// The numbers of the metrics that each source tells.
    ///
    /// # Errors
    /// When nothing tells one of them.
    pub fn sources(&self) -> Result<BTreeMap<Source, Vec<usize>>, QueryError> {
        let dimensions = self.dimensions();
        let mut sources = BTreeMap::<_, Vec<_>>::new();
        for (index, metric) in self.metrics.iter().enumerate() {
            let source = choose::source(metric, &dimensions, &self.buckets)?;
            sources.entry(source).or_default().push(index);
        }
        Ok(sources)
    }

    /// The views that are read, each once.
    ///
    /// # Errors
    /// As [`Asked::sources`].
    pub fn views(&self) -> Result<Vec<&'static str>, QueryError> {
        let views: BTreeSet<_> = self.sources()?.into_keys().map(Source::view).collect();
        Ok(views.into_iter().collect())
    }

    /// All values; of groups those `within` only, when there are any.
    ///
    /// # Errors
    /// When nothing tells a metric, or the warehouse fails.
    pub async fn cells(
        &self,
        reader: &Reader,
        tenant: &str,
        within: &[Vec<String>],
    ) -> Result<Cells, QueryError> {
        let mut cells = Cells::default();
        self.fill(reader, tenant, within, self.sources()?, &mut cells)
            .await?;
        Ok(cells)
    }

    /// The leading groups, and all their values.
    ///
    /// # Errors
    /// As [`Asked::cells`].
    pub async fn page(
        &self,
        reader: &Reader,
        tenant: &str,
        sorting: &Sorting,
        limit: u32,
    ) -> Result<Page, QueryError> {
        if self.group_by.is_empty() {
            return Ok(Page {
                groups: vec![(Vec::new(), 0)],
                has_more: false,
                cells: self.cells(reader, tenant, &[]).await?,
            });
        }
        let mut sources = self.sources()?;
        let leading = self.leading(&sources, sorting);
        let own = sources.remove(&leading).unwrap_or_default();
        let text = self.page_text(leading, &own, sorting, limit.saturating_add(1))?;
        let mut told: Vec<Told> = read(reader, tenant, &text).await?;
        let has_more = told.len() > limit as usize;
        told.truncate(limit as usize);
        let groups: Vec<_> = told
            .iter()
            .map(|row| {
                let bits = row.get("sort_bits").and_then(Value::as_str);
                let bits = bits.and_then(|bits| bits.parse().ok()).unwrap_or(0);
                (self.groups_of(row), bits)
            })
            .collect();
        let mut cells = Cells::default();
        self.add(told, &own, &mut cells);
        if !groups.is_empty() {
            let shown: BTreeSet<_> = groups.iter().map(|(groups, _)| groups.clone()).collect();
            self.fill(reader, tenant, &within(&shown), sources, &mut cells)
                .await?;
            // Of two dimensions, values that are shown may meet where they are not.
            cells.rows.retain(|(groups, _), _| shown.contains(groups));
        }
        Ok(Page {
            groups,
            has_more,
            cells,
        })
    }

    /// The source that sorts.
    fn leading(&self, sources: &BTreeMap<Source, Vec<usize>>, sorting: &Sorting) -> Source {
        let sorted = match sorting.by {
            SortKey::Value(index) => index,
            SortKey::Group(_) => 0,
        };
        let mut each = sources.iter();
        each.find(|(_, own)| own.contains(&sorted))
            .map_or(Source::Totals, |(source, _)| *source)
    }

    /// The query of a page of one source.
    ///
    /// # Errors
    /// When the source does not tell a dimension apart.
    pub fn page_text(
        &self,
        source: Source,
        own: &[usize],
        sorting: &Sorting,
        limit: u32,
    ) -> Result<Text, QueryError> {
        let formulas = self.formulas(own);
        let rows = text::rows(source, &self.ask(&formulas, &[]))?;
        let mut sorting = sorting.clone();
        if let SortKey::Value(index) = sorting.by {
            let place = own.iter().position(|each| *each == index);
            sorting.by = SortKey::Value(place.unwrap_or(0));
        }
        Ok(text::page(rows, self.group_by.len(), &sorting, limit))
    }

    /// The formulas of some metrics.
    pub fn formulas(&self, own: &[usize]) -> Vec<String> {
        let own = own.iter().filter_map(|index| self.metrics.get(*index));
        own.map(|metric| metric.formula.clone()).collect()
    }

    /// What a source is asked.
    pub fn ask<'a>(&'a self, formulas: &'a [String], within: &'a [Vec<String>]) -> Ask<'a> {
        Ask {
            formulas,
            groups: &self.group_by,
            filters: &self.filters,
            buckets: &self.buckets,
            within,
        }
    }

    async fn fill(
        &self,
        reader: &Reader,
        tenant: &str,
        within: &[Vec<String>],
        sources: BTreeMap<Source, Vec<usize>>,
        cells: &mut Cells,
    ) -> Result<(), QueryError> {
        let queries = sources.into_iter().map(|(source, own)| async move {
            let formulas = self.formulas(&own);
            let text = text::rows(source, &self.ask(&formulas, within))?;
            Ok::<_, QueryError>((read::<Told>(reader, tenant, &text).await?, own))
        });
        for (told, own) in try_join_all(queries).await? {
            self.add(told, &own, cells);
        }
        Ok(())
    }

    fn add(&self, told: Vec<Told>, own: &[usize], cells: &mut Cells) {
        for mut row in told {
            let bucket = row.get("bucket").and_then(Value::as_u64).unwrap_or(0);
            let key = (self.groups_of(&row), usize::try_from(bucket).unwrap_or(0));
            let values = cells.rows.entry(key).or_insert_with(|| {
                self.metrics
                    .iter()
                    .map(|metric| of_nothing(metric))
                    .collect()
            });
            for (place, index) in own.iter().enumerate() {
                if let Some(value) = row.remove(&format!("value_{place}")) {
                    values[*index] = value;
                }
            }
        }
    }

    fn groups_of(&self, row: &Told) -> Vec<String> {
        (0..self.group_by.len())
            .map(|index| {
                let value = row.get(&format!("group_{index}")).and_then(Value::as_str);
                value.unwrap_or_default().to_owned()
            })
            .collect()
    }
}

impl Cells {
    /// The values of a cell; those of nothing where there is none.
    pub fn values(
        &self,
        groups: &[String],
        bucket: usize,
        metrics: &[&'static Metric],
    ) -> Vec<Value> {
        let known = self.rows.get(&(groups.to_vec(), bucket));
        known
            .cloned()
            .unwrap_or_else(|| metrics.iter().map(|metric| of_nothing(metric)).collect())
    }
}

/// The values of each group that occur.
pub fn within(groups: &BTreeSet<Vec<String>>) -> Vec<Vec<String>> {
    let width = groups.first().map_or(0, Vec::len);
    (0..width)
        .map(|index| {
            let values: BTreeSet<_> = groups.iter().map(|group| group[index].clone()).collect();
            values.into_iter().collect()
        })
        .collect()
}

/// Counts, times and rates of nothing are 0; every mean, ratio, percentile and score of it is null.
pub fn of_nothing(metric: &Metric) -> Value {
    let formula = metric.formula.replace("nullIf(window_seconds", "");
    if formula.contains("nullIf(") || formula.contains("OrNull") {
        Value::Null
    } else {
        Value::from(0)
    }
}

/// Runs a query that was put together.
///
/// # Errors
/// When the warehouse fails; a pattern that the server cannot read is told as the reader's.
pub async fn read<T: DeserializeOwned>(
    reader: &Reader,
    tenant: &str,
    text: &Text,
) -> Result<Vec<T>, QueryError> {
    let params: Vec<_> = text
        .params
        .iter()
        .map(|(name, value): &(String, Param)| (name.as_str(), value.clone()))
        .collect();
    let rows = reader.rows_of(text.file, &text.sql, tenant, &params).await;
    rows.map_err(unreadable_pattern)
}

/// `CANNOT_COMPILE_REGEXP`.
const NO_PATTERN: u32 = 427;

/// What ours reads as a pattern, the server's engine may not.
pub fn unreadable_pattern(error: QueryError) -> QueryError {
    match error {
        QueryError::Warehouse(refused) if refused.is_code(NO_PATTERN) => {
            crate::analytics::params::bad("filter", "the pattern is no regular expression (RE2)")
        }
        other => other,
    }
}
