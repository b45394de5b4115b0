//! The page that is asked for, as a query's text, its values, and a key.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ranked::{Found, Ranked, Row};
use super::{Source, Table};
use crate::analytics::error::QueryError;
use crate::analytics::params::cursor::unix_ms;
use crate::analytics::params::{Dimension, Filters, Format, Order, Question, Range};
use crate::analytics::queries;
use crate::analytics::reader::Param;
use crate::analytics::stamp::{Stamp, rfc3339};

/// Something that rows are told apart by.
pub(in crate::analytics::resources) struct Group {
    /// Its word.
    pub word: String,
    /// Its column.
    pub column: &'static str,
    /// The dimension that it is; `None` of what only one resource knows.
    pub dimension: Option<Dimension>,
}

/// A page of rows that is asked for.
pub(in crate::analytics::resources) struct Asked {
    /// The window.
    pub range: Range,
    /// What the rows are told apart by.
    pub groups: Vec<Group>,
    /// Dimensions that the groups and filters need.
    pub dimensions: Vec<Dimension>,
    /// How the answer is written.
    pub(super) format: Format,
    /// Which plays count.
    pub(super) filters: Filters,
    /// Which rows come first.
    pub(super) order: Order,
    /// Most rows.
    pub(super) limit: u32,
    /// Where the page before ended.
    pub(super) after: Option<After>,
    /// What is asked, whichever the page.
    pub(super) question: Question,
}

/// Where a page ended, and the window, which stays the same from page to page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct After {
    pub(super) from_ms: i64,
    pub(super) to_ms: i64,
    number: u64,
    group: Vec<String>,
}

impl Asked {
    /// What rows are told apart by, as an array of texts; `else_empty` names the groups that are not known there.
    pub(in crate::analytics::resources) fn group(&self, else_empty: &[&str]) -> String {
        let texts = self.groups.iter().map(|group| {
            if else_empty.contains(&group.word.as_str()) {
                "''".to_owned()
            } else {
                format!("toString({})", group.column)
            }
        });
        let texts: Vec<_> = texts.collect();
        format!("CAST([{}], 'Array(String)')", texts.join(", "))
    }

    /// The query's text.
    pub(super) fn sql(&self, source: &Source, filters: &str) -> String {
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

    /// The text of a query for the formats that the server writes: the rows of `sql` as [`flat`](super::ranked::flat) has them.
    pub(super) fn flat_sql(&self, table: &Table, sql: &str) -> String {
        let words = self.groups.iter().enumerate();
        let mut columns: Vec<_> = words
            .map(|(index, group)| format!("t.group_values[{}] AS `{}`", index + 1, group.word))
            .collect();
        let hidden: Vec<_> = ["group_values"]
            .iter()
            .chain(table.lists)
            .copied()
            .collect();
        columns.push(format!("t.* EXCEPT ({})", hidden.join(", ")));
        // As `ratio` does it: six digits, halves up, and nothing of nothing.
        columns.extend(table.ratios.iter().map(|(name, count, of)| {
            format!("floor({count} / nullIf({of}, 0) * 1000000 + 0.5) / 1000000 AS `{name}`")
        }));
        let way = if self.order.is_descending {
            " DESC"
        } else {
            ""
        };
        queries::EXPLORE_TABLE
            .sql
            .replace("${columns}", &columns.join(",\n    "))
            .replace(
                "${order}",
                &format!("t.{}{way}, t.group_values", self.order.name),
            )
            .replace("${rows}", sql.trim_end())
    }

    /// The values that every table takes, and how many rows are asked for.
    pub(super) fn params(&self, limit: u32) -> Vec<(&'static str, Param)> {
        let [from, to, _] = self.range.params();
        let mut params = vec![from, to, ("limit", Param::Count(limit))];
        if let Some(after) = &self.after {
            params.push(("after_number", Param::Text(after.number.to_string())));
            params.push(("after_group", Param::Texts(after.group.clone())));
        }
        params
    }

    /// What of it tells one answer from another.
    pub(super) fn key(&self, resource: &str, tenant: &str, source: &Source) -> String {
        let groups: Vec<_> = self.groups.iter().map(|group| &group.word).collect();
        // With the question as it was spelled: the cursor of an answer is bound to it.
        format!(
            "{resource} {tenant} {:?} {} {groups:?} {} {} {} {:?} {:?} {:?} {:?}",
            self.question,
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

    /// The rows that were found, as they are told.
    pub(super) fn ranked<M>(
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
        let words = || self.groups.iter().map(|group| group.word.clone());
        Ok(Ranked {
            stamp,
            from: rfc3339(self.range.from),
            to: rfc3339(self.range.to),
            group_by: words().collect(),
            order: self.order.word(),
            method: source.method(),
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
