//! Rows told apart by dimensions: which are asked for, in which order, and where the next page begins.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use time::{Duration as Span, OffsetDateTime};
use utoipa::{IntoParams, ToSchema};

use crate::analytics::AnalyticsState;
use crate::analytics::cache::{Answer, Computed};
use crate::analytics::error::{QueryError, Refusal};
use crate::analytics::params::{Dimension, Filters, Order, QueryString, Question, Range, bad};
use crate::analytics::queries::QueryFile;
use crate::analytics::reader::Param;
use crate::analytics::stamp::{Stamp, rfc3339};

const GROUPS_MAX: usize = 4;
const DEFAULT_LIMIT: u32 = 100;
const GREATEST_LIMIT: u32 = 1_000;
const DEFAULT_SPAN: Span = Span::hours(1);

/// What a resource's rows can be told apart by, and sorted by.
pub(super) struct Table {
    /// Its word, for cursors and the cache.
    pub resource: &'static str,
    /// The column of a dimension; `None` where the rows do not know it.
    pub column: fn(Dimension) -> Option<&'static str>,
    /// What only this resource is told apart by, and its column.
    pub own: &'static [(&'static str, &'static str)],
    /// Columns by which rows are sorted: counts that are never unknown.
    pub orders: &'static [&'static str],
    /// The order when none is told; the greatest come first.
    pub first_by: &'static str,
    /// The longest window.
    pub longest: Span,
}

/// A page of rows that is asked for.
pub(super) struct Asked {
    /// The window.
    pub range: Range,
    /// What the rows are told apart by: word and column.
    pub groups: Vec<(String, &'static str)>,
    /// Dimensions that the groups and filters need.
    pub dimensions: Vec<Dimension>,
    filters: Filters,
    order: Order,
    limit: u32,
    after: Option<After>,
    question: Question,
}

/// Where a page ended, and the window, which stays the same from page to page.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct After {
    from_ms: i64,
    to_ms: i64,
    number: u64,
    group: Vec<String>,
}

/// Answer of the resources that are tables.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ranked<M: ToSchema> {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Begin of the window; RFC 3339.
    pub from: String,
    /// End of the window, which does not belong to it; RFC 3339.
    pub to: String,
    /// What the rows are told apart by.
    pub group_by: Vec<String>,
    /// How the rows are sorted; `-` before it: the greatest first.
    pub order: String,
    /// The views of the warehouse that were read; whose meaning docs/views.md and docs/sessions.md tell.
    pub computed_from: Vec<&'static str>,
    /// A row for each combination of values; none where nothing happened.
    pub rows: Vec<Row<M>>,
    /// `cursor` of the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// What is told of one combination of values.
#[derive(Debug, Serialize, ToSchema)]
pub struct Row<M: ToSchema> {
    /// Each of `group_by` with its value; empty = unknown.
    pub group: BTreeMap<String, String>,
    /// The numbers.
    pub metrics: M,
}

#[derive(Deserialize)]
struct Found<M> {
    group_values: Vec<String>,
    #[serde(flatten)]
    metrics: M,
}

impl Table {
    /// The page that is asked for; `group_by` holds when none is told. Takes `from`, `to`, `time_zone`, `filter`, `group_by`, `order`, `limit` and `cursor`.
    pub(super) fn asked(
        &self,
        query: &mut QueryString,
        question: Question,
        group_by: &[&str],
    ) -> Result<Asked, QueryError> {
        let after: Option<After> = query.cursor(question)?;
        let mut range = query.range(DEFAULT_SPAN, self.longest)?.widened(1);
        if let Some(after) = &after {
            (range.from, range.to) = (moment_of(after.from_ms)?, moment_of(after.to_ms)?);
        }
        let filters = query.filters()?;
        let mut words = query.list("group_by");
        if words.is_empty() {
            words = group_by.iter().map(|word| (*word).to_owned()).collect();
        }
        let (groups, mut dimensions) = self.groups(words)?;
        dimensions.extend(filters.dimensions());
        let order = query.order_of(self.orders)?.unwrap_or_else(|| Order {
            name: self.first_by.to_owned(),
            is_descending: true,
        });
        Ok(Asked {
            range,
            groups,
            dimensions,
            filters,
            order,
            limit: query.limit(DEFAULT_LIMIT, GREATEST_LIMIT)?,
            after,
            question,
        })
    }

    #[expect(clippy::type_complexity, reason = "two lists that are made together")]
    fn groups(
        &self,
        words: Vec<String>,
    ) -> Result<(Vec<(String, &'static str)>, Vec<Dimension>), QueryError> {
        let (mut groups, mut dimensions) = (Vec::new(), Vec::new());
        for word in words {
            let own = self.own.iter().find(|(name, _)| *name == word);
            let column = match own {
                Some((_, column)) => *column,
                None => {
                    let dimension = self.known().find(|known| known.word() == word);
                    let dimension = dimension.ok_or_else(|| self.unknown(&word))?;
                    dimensions.push(dimension);
                    (self.column)(dimension).unwrap_or_default()
                }
            };
            if groups.iter().any(|(other, _)| *other == word) {
                return Err(bad("group_by", &format!("`{word}` is given twice")));
            }
            groups.push((word, column));
        }
        if groups.len() > GROUPS_MAX {
            return Err(bad("group_by", &format!("must be at most {GROUPS_MAX}")));
        }
        Ok((groups, dimensions))
    }

    fn known(&self) -> impl Iterator<Item = Dimension> {
        let all = Dimension::ALL.iter().copied();
        all.filter(|dimension| (self.column)(*dimension).is_some())
    }

    fn unknown(&self, word: &str) -> QueryError {
        let own = self.own.iter().map(|(name, _)| *name);
        let words: Vec<_> = own.chain(self.known().map(Dimension::word)).collect();
        let reason = format!("`{word}` must be one of {}", words.join(", "));
        bad("group_by", &reason)
    }

    /// Runs the query of `source` for what was asked, or tells the answer that is there.
    pub(super) async fn answer<M>(
        &self,
        state: &AnalyticsState,
        tenant: &str,
        asked: Asked,
        source: Source,
    ) -> Result<Answer, Refusal>
    where
        M: DeserializeOwned + Serialize + ToSchema,
    {
        let conditions = asked.filters.conditions(self.column)?;
        let key = asked.key(self.resource, tenant, &source);
        let compute = async {
            let sql = asked.sql(&source, &conditions.sql);
            let mut params = asked.params();
            params.extend(source.more.iter().cloned());
            let named = params.iter().map(|(name, value)| (*name, value.clone()));
            let bound = conditions.params.iter();
            let params: Vec<_> = named
                .chain(bound.map(|(name, value)| (name.as_str(), value.clone())))
                .collect();
            let horizons = state.settings.horizons();
            let (stamp, found) = tokio::try_join!(
                Stamp::read(&state.reader, tenant, asked.range.now, horizons),
                state
                    .reader
                    .rows_of::<serde_json::Value>(source.file, &sql, tenant, &params),
            )?;
            let lifetime = stamp.lifetime(asked.range.to);
            let answer = asked.ranked::<M>(stamp, &source, found)?;
            Ok(Computed { answer, lifetime })
        };
        state.cache.answer(key, compute).await
    }
}

/// Where the rows come from.
pub(super) struct Source {
    /// The query.
    pub file: QueryFile,
    /// The views that it reads.
    pub views: Vec<&'static str>,
    /// Places in its text and what goes there, out of our own lists.
    pub fill: Vec<(&'static str, String)>,
    /// Values that only this query takes.
    pub more: Vec<(&'static str, Param)>,
}

impl Source {
    /// A query that needs nothing but what every table takes.
    pub(super) fn plain(file: QueryFile, views: &[&'static str]) -> Self {
        Self {
            file,
            views: views.to_vec(),
            fill: Vec::new(),
            more: Vec::new(),
        }
    }
}

impl Asked {
    /// What rows are told apart by, as an array of texts; `else_empty` names the groups that are not known there.
    pub(super) fn group(&self, else_empty: &[&str]) -> String {
        let texts = self.groups.iter().map(|(word, column)| {
            if else_empty.contains(&word.as_str()) {
                "''".to_owned()
            } else {
                format!("toString({column})")
            }
        });
        let texts: Vec<_> = texts.collect();
        format!("CAST([{}], 'Array(String)')", texts.join(", "))
    }

    fn sql(&self, source: &Source, filters: &str) -> String {
        let column = &self.order.name;
        let (sign, way) = if self.order.is_descending {
            ("<", " DESC")
        } else {
            (">", "")
        };
        let after = if self.after.is_some() {
            format!(
                "{column} {sign} {{after_number:UInt64}} OR ({column} = {{after_number:UInt64}} AND group_values > {{after_group:Array(String)}})"
            )
        } else {
            "1".to_owned()
        };
        let mut sql = source.file.sql.to_owned();
        for (place, text) in &source.fill {
            sql = sql.replace(place, text);
        }
        sql.replace("${group}", &self.group(&[]))
            .replace("${filters}", filters)
            .replace("${after}", &after)
            .replace("${order}", &format!("{column}{way}"))
    }

    fn params(&self) -> Vec<(&'static str, Param)> {
        let [from, to, _] = self.range.params();
        let mut params = vec![from, to, ("limit", Param::Count(self.limit + 1))];
        if let Some(after) = &self.after {
            params.push(("after_number", Param::Text(after.number.to_string())));
            params.push(("after_group", Param::Texts(after.group.clone())));
        }
        params
    }

    fn key(&self, resource: &str, tenant: &str, source: &Source) -> String {
        let groups: Vec<_> = self.groups.iter().map(|(word, _)| word.as_str()).collect();
        format!(
            "{resource} {tenant} {} {groups:?} {} {} {} {:?} {:?} {:?} {:?}",
            self.range.key(),
            self.filters.key(),
            self.order.word(),
            self.limit,
            self.after,
            source.file.name,
            source.fill,
            source.more,
        )
    }

    fn ranked<M>(
        &self,
        stamp: Stamp,
        source: &Source,
        mut found: Vec<serde_json::Value>,
    ) -> Result<Ranked<M>, QueryError>
    where
        M: DeserializeOwned + ToSchema,
    {
        let shape = |error| QueryError::Shape {
            query: source.file.name,
            source: error,
        };
        let wanted = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let has_more = found.len() > wanted;
        found.truncate(wanted);
        let last_number = found.last().map(|row| row[&self.order.name].clone());
        let found = found
            .into_iter()
            .map(|row| serde_json::from_value::<Found<M>>(row).map_err(shape))
            .collect::<Result<Vec<_>, _>>()?;
        let next_cursor = match (found.last(), last_number) {
            (Some(last), Some(number)) if has_more => Some(self.question.cursor(After {
                from_ms: unix_ms(self.range.from),
                to_ms: unix_ms(self.range.to),
                number: number.as_u64().unwrap_or_default(),
                group: last.group_values.clone(),
            })?),
            _ => None,
        };
        let words = || self.groups.iter().map(|(word, _)| word.clone());
        Ok(Ranked {
            stamp,
            from: rfc3339(self.range.from),
            to: rfc3339(self.range.to),
            group_by: words().collect(),
            order: self.order.word(),
            computed_from: source.views.clone(),
            rows: found
                .into_iter()
                .map(|row| Row {
                    group: words().zip(row.group_values).collect(),
                    metrics: row.metrics,
                })
                .collect(),
            next_cursor,
        })
    }
}

fn unix_ms(moment: OffsetDateTime) -> i64 {
    i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

fn moment_of(unix_ms: i64) -> Result<OffsetDateTime, QueryError> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(unix_ms) * 1_000_000)
        .map_err(|_| bad("cursor", "must be the `next_cursor` of an answer"))
}

/// A ratio of counts, to six digits; nothing of nothing is not known.
pub(super) fn ratio(count: u64, of: u64) -> Option<f64> {
    // Counts of a window stay far below 2^53, where f64 is exact.
    (of > 0).then(|| (count as f64 / of as f64 * 1e6).round() / 1e6)
}

/// The parameters that every table takes.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TableParams {
    /// Begin of the window: RFC 3339, or relative such as `now-15m`, `now-7d`, `now-1d/d`. By default an hour before `to`.
    #[param(example = "now-1h")]
    pub from: Option<String>,
    /// End of the window, which does not belong to it; likewise. By default now.
    #[param(example = "now")]
    pub to: Option<String>,
    /// Whose days, weeks and hours relative times mean: a name of the IANA database. By default UTC.
    #[param(example = "Europe/Vienna")]
    pub time_zone: Option<String>,
    /// Which plays are counted, as `dimension:operator:value`; may be repeated, then all must hold. Operators: is, is_not,
    /// in, not_in (values separated by commas), matches (RE2).
    #[param(example = json!(["cdn:is:akamai"]))]
    pub filter: Option<Vec<String>>,
    /// What rows are told apart by, separated by commas; at most four.
    #[param(example = "cdn")]
    pub group_by: Option<String>,
    /// The count by which rows are sorted; with `-` before it the greatest come first.
    pub order: Option<String>,
    /// Most rows of a page; by default 100.
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// The column of a dimension in rows that know what a session knows.
pub(super) fn of_sessions(dimension: Dimension) -> Option<&'static str> {
    Some(match dimension {
        Dimension::ContentId => "s.content_id",
        Dimension::DeviceClass => "s.device_class",
        Dimension::Country => "s.country",
        Dimension::Region => "s.region",
        Dimension::Cdn => "s.cdn",
        Dimension::Isp => "s.isp",
        Dimension::AppVersion => "s.app_version",
        Dimension::Source => "s.source",
        Dimension::ContentSeries => "s.content_series",
        Dimension::ContentChannel => "s.content_channel",
        Dimension::StreamType => "s.stream_type",
        Dimension::OsName => "s.os_name",
        Dimension::OsVersion => "s.os_version",
        Dimension::DeviceModel => "s.device_model",
        Dimension::PlayerName => "s.player_name",
        Dimension::PlayerVersion => "s.player_version",
        Dimension::ConnectionType => "s.connection_type",
        Dimension::EndReason => "s.end_reason",
        Dimension::LastErrorCode => "s.last_error_code",
        // A play is in several experiments at once.
        Dimension::Variant => return None,
    })
}
