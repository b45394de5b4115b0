//! Rows told apart by dimensions: which are asked for, in which order, and where the next page begins.
//!
//! A `Table` takes the `page` that is asked for out of the query string, runs the query of its `Source`, and tells the
//! rows as `ranked`; `described` is what the OpenAPI document says of the parameters.

pub mod described;
pub mod ranked;

mod page;

use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use serde::de::DeserializeOwned;
use time::Duration as Span;
use utoipa::ToSchema;

use crate::analytics::AnalyticsState;
use crate::analytics::cache::Computed;
use crate::analytics::error::{QueryError, Refusal};
use crate::analytics::explore::question::Method;
use crate::analytics::explore::text::Text;
use crate::analytics::explore::written;
use crate::analytics::params::cursor::moment_of;
use crate::analytics::params::{Dimension, Order, QueryString, Question, bad};
use crate::analytics::queries::{self, QueryFile};
use crate::analytics::reader::Param;
use crate::analytics::stamp::Stamp;
use crate::definitions::Family;

pub use described::TableParams;
pub use ranked::Ranked;

pub(in crate::analytics) use described::of_sessions;
pub(super) use page::{Asked, Group};
pub(super) use ranked::ratio;

use page::After;
use ranked::flat;

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
    /// Ratios that are computed of its counts: the name, and what is divided by what.
    pub ratios: &'static [(&'static str, &'static str, &'static str)],
    /// Columns that hold lists, which stand in JSON only.
    pub lists: &'static [&'static str],
    /// The order when none is told; the greatest come first.
    pub first_by: &'static str,
    /// The longest window.
    pub longest: Span,
}

impl Table {
    /// The page that is asked for; `group_by` holds when none is told. Takes `from`, `to`, `time_zone`, `filter`, `group_by`,
    /// `order`, `limit`, `cursor` and `format`.
    pub(super) fn asked(
        &self,
        query: &mut QueryString,
        headers: &HeaderMap,
        question: Question,
        group_by: &[&str],
    ) -> Result<Asked, QueryError> {
        let after: Option<After> = query.cursor(question)?;
        let mut range = query.steady_range(DEFAULT_SPAN, self.longest)?.widened(1);
        if let Some(after) = &after {
            range = range.at(moment_of(after.from_ms)?, moment_of(after.to_ms)?);
        }
        let filters = query.filters()?;
        let mut words = query.list("group_by");
        if words.is_empty() {
            words = group_by.iter().map(|word| (*word).to_owned()).collect();
        }
        let groups = self.groups(words)?;
        let of_groups = groups.iter().filter_map(|group| group.dimension);
        let dimensions = of_groups.chain(filters.dimensions()).collect();
        let format = query.format(headers)?;
        let order = query.order_of(self.orders)?.unwrap_or_else(|| Order {
            name: self.first_by.to_owned(),
            is_descending: true,
        });
        Ok(Asked {
            range,
            groups,
            dimensions,
            format,
            filters,
            order,
            limit: query.limit(DEFAULT_LIMIT, GREATEST_LIMIT)?,
            after,
            question,
        })
    }

    fn groups(&self, words: Vec<String>) -> Result<Vec<Group>, QueryError> {
        let mut groups: Vec<Group> = Vec::new();
        for word in words {
            let own = self.own.iter().find(|(name, _)| *name == word);
            let (column, dimension) = match own {
                Some((_, column)) => (*column, None),
                None => {
                    let dimension = self.known().find(|known| known.word() == word);
                    let dimension = dimension.ok_or_else(|| self.unknown(&word))?;
                    (
                        (self.column)(dimension).unwrap_or_default(),
                        Some(dimension),
                    )
                }
            };
            if groups.iter().any(|other| other.word == word) {
                return Err(bad("group_by", &format!("`{word}` is given twice")));
            }
            groups.push(Group {
                word,
                column,
                dimension,
            });
        }
        if groups.len() > GROUPS_MAX {
            return Err(bad("group_by", &format!("must be at most {GROUPS_MAX}")));
        }
        Ok(groups)
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
    ) -> Result<Response, Refusal>
    where
        M: DeserializeOwned + Serialize + ToSchema,
    {
        let conditions = asked.filters.conditions(self.column)?;
        let key = asked.key(self.resource, tenant, &source);
        let format = asked.format;
        let params = |limit| {
            let named = asked.params(limit).into_iter();
            let named = named.chain(source.more.iter().cloned());
            let named = named.map(|(name, value)| (name.to_owned(), value));
            let all = named.chain(conditions.params.iter().cloned());
            all.collect::<Vec<_>>()
        };
        let sql = || asked.sql(&source, &conditions.sql);
        if format.is_binary() {
            let text = Text {
                file: queries::EXPLORE_TABLE,
                sql: asked.flat_sql(self, &sql()),
                params: params(asked.limit),
            };
            let method = source.method();
            return written::by_server(state, tenant, key, format, &asked.range, &method, text)
                .await;
        }
        let compute = async {
            // One more than are told, to know whether there are more.
            let params = params(asked.limit + 1);
            let params: Vec<_> = params
                .iter()
                .map(|(name, value)| (name.as_str(), value.clone()))
                .collect();
            let (sql, horizons) = (sql(), state.settings.horizons());
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
        written::answer(state, key, format, compute, flat).await
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

    /// How its rows were computed.
    fn method(&self) -> Method {
        Method {
            definition: Family::Playhead.word(),
            computed_from: self.views.clone(),
        }
    }
}
