//! Answers in the format that was asked for: JSON, lines and tables from the answer's rows, Arrow and Parquet from the server,
//! which also writes what is a plain list of rows as lines and tables.

use std::future::Future;

use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::analytics::AnalyticsState;
use crate::analytics::cache::Computed;
use crate::analytics::error::{QueryError, Refusal};
use crate::analytics::params::{Format, Range, bad};
use crate::analytics::queries;
use crate::analytics::stamp::Stamp;

use super::cells::{Asked, unreadable_pattern};
use super::question::Method;
use super::source::Source;
use super::text::{self, Sorting, Text};

/// Rows under names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The names.
    pub columns: Vec<String>,
    /// The rows, each as wide as the names.
    pub rows: Vec<Vec<Value>>,
}

/// What stands in every answer.
pub trait Told {
    /// How fresh it is.
    fn stamp(&self) -> &Stamp;
    /// How it was computed.
    fn method(&self) -> &Method;
}

/// A body of another format, as it is stored.
#[derive(Serialize)]
struct Document {
    #[serde(flatten)]
    stamp: Stamp,
    computed_from: String,
    /// The text; base64 where it is none.
    body: String,
}

/// The same, read again.
#[derive(Deserialize)]
struct Stored {
    #[serde(flatten)]
    stamp: Stamp,
    computed_from: String,
    body: String,
}

/// The answer to a question, in JSON as it is, in lines and comma-separated values as its table.
///
/// # Errors
/// What `compute` gave.
pub async fn answer<T, F>(
    state: &AnalyticsState,
    key: String,
    format: Format,
    compute: F,
    table: impl FnOnce(&T) -> Table,
) -> Result<Response, Refusal>
where
    T: Serialize + Told,
    F: Future<Output = Result<Computed<T>, QueryError>>,
{
    if format == Format::Json {
        return Ok(state.cache.answer(key, compute).await?.into_response());
    }
    let written = async {
        let Computed { answer, lifetime } = compute.await?;
        let table = table(&answer);
        let body = match format {
            Format::Csv => table.csv(),
            _ => table.ndjson()?,
        };
        let answer = Document {
            stamp: answer.stamp().clone(),
            computed_from: answer.method().computed_from.join(","),
            body,
        };
        Ok(Computed { answer, lifetime })
    };
    stored(state, key, format, written).await
}

/// The same in the formats that only the server writes, which it does with rows that were computed here. The first `texts`
/// columns are texts, the others numbers.
///
/// # Errors
/// What `compute` gave, and when the warehouse fails.
pub async fn binary<T, F>(
    state: &AnalyticsState,
    tenant: &str,
    key: String,
    format: Format,
    compute: F,
    (table, texts): (impl FnOnce(&T) -> Table, usize),
) -> Result<Response, Refusal>
where
    T: Told,
    F: Future<Output = Result<Computed<T>, QueryError>>,
{
    let written = async {
        let Computed { answer, lifetime } = compute.await?;
        let sql = table(&answer).sql(texts)?;
        let bytes = state
            .reader
            .bytes_of(&sql, tenant, &[], format.of_clickhouse());
        let answer = Document {
            stamp: answer.stamp().clone(),
            computed_from: answer.method().computed_from.join(","),
            body: STANDARD.encode(bytes.await?),
        };
        Ok(Computed { answer, lifetime })
    };
    stored(state, key, format, written).await
}

/// The answer that the server writes, in any format but JSON: rows of one query.
///
/// # Errors
/// When the warehouse fails.
pub async fn by_server(
    state: &AnalyticsState,
    tenant: &str,
    key: String,
    format: Format,
    range: &Range,
    method: &Method,
    text: Text,
) -> Result<Response, Refusal> {
    let written = async {
        let params: Vec<_> = text
            .params
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        let (stamp, bytes) = tokio::try_join!(
            Stamp::read(&state.reader, tenant, range.now, state.settings.horizons()),
            async {
                let bytes =
                    state
                        .reader
                        .bytes_of(&text.sql, tenant, &params, format.of_clickhouse());
                bytes.await.map_err(unreadable_pattern)
            },
        )?;
        let lifetime = stamp.lifetime(range.to);
        let body = if format.is_binary() {
            STANDARD.encode(bytes)
        } else {
            // A reader of texts gets texts, whatever a player called itself.
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let answer = Document {
            stamp,
            computed_from: method.computed_from.join(","),
            body,
        };
        Ok(Computed { answer, lifetime })
    };
    stored(state, key, format, written).await
}

/// The query of a page, for the formats that the server writes.
///
/// # Errors
/// When the metrics are told by several sources.
pub fn page_text(
    asked: &Asked,
    names: &[String],
    sorting: &Sorting,
    limit: u32,
) -> Result<Text, QueryError> {
    let source = only_source(asked)?;
    let all: Vec<_> = (0..asked.metrics.len()).collect();
    let formulas = asked.formulas(&all);
    let page = asked.page_text(source, &all, sorting, limit)?;
    Ok(text::table(
        page,
        &asked.ask(&formulas, &[]),
        names,
        Some(sorting),
    ))
}

/// The query of all cells, for these formats.
///
/// # Errors
/// As [`page_text`].
pub fn cells_text(
    asked: &Asked,
    names: &[String],
    within: &[Vec<String>],
) -> Result<Text, QueryError> {
    let source = only_source(asked)?;
    let all: Vec<_> = (0..asked.metrics.len()).collect();
    let formulas = asked.formulas(&all);
    let ask = asked.ask(&formulas, within);
    Ok(text::table(text::rows(source, &ask)?, &ask, names, None))
}

fn only_source(asked: &Asked) -> Result<Source, QueryError> {
    let sources: Vec<_> = asked.sources()?.into_keys().collect();
    match sources.as_slice() {
        [only] => Ok(*only),
        _ => Err(bad(
            "format",
            "arrow and parquet hold metrics of one view; ask for these metrics one after another, or for csv or ndjson",
        )),
    }
}

async fn stored<F>(
    state: &AnalyticsState,
    key: String,
    format: Format,
    written: F,
) -> Result<Response, Refusal>
where
    F: Future<Output = Result<Computed<Document>, QueryError>>,
{
    let key = format!("{key} {}", format.word());
    let json = state.cache.answer(key, written).await?.json();
    let Stored {
        stamp,
        computed_from,
        body,
    } = serde_json::from_str(&json).map_err(QueryError::from)?;
    let body = if format.is_binary() {
        STANDARD.decode(body).unwrap_or_default().into()
    } else {
        Bytes::from(body)
    };
    let headers = [
        (CONTENT_TYPE.as_str(), format.media_type()),
        (CACHE_CONTROL.as_str(), "private, no-cache"),
        ("playhead-computed-at", &stamp.computed_at),
        (
            "playhead-complete-to",
            stamp.complete_to.as_deref().unwrap_or(""),
        ),
        ("playhead-final-before", &stamp.final_before),
        ("playhead-computed-from", &computed_from),
    ];
    Ok((headers, body).into_response())
}

impl Table {
    /// A line of names, then a line each row.
    pub fn csv(&self) -> String {
        let mut text = String::new();
        let names = self
            .columns
            .iter()
            .map(|name| quoted(name))
            .collect::<Vec<_>>();
        text.push_str(&names.join(","));
        text.push('\n');
        for row in &self.rows {
            let values = row.iter().map(|value| match value {
                Value::Null => String::new(),
                Value::String(value) => quoted(value),
                other => other.to_string(),
            });
            text.push_str(&values.collect::<Vec<_>>().join(","));
            text.push('\n');
        }
        text
    }

    /// The query that gives the rows back; the first `texts` columns are texts, the others numbers or null. Names are
    /// those of our own lists.
    fn sql(&self, texts: usize) -> Result<String, QueryError> {
        let types = self.columns.iter().enumerate().map(|(index, _)| {
            if index < texts {
                "String"
            } else {
                "Nullable(Float64)"
            }
        });
        let columns = self.columns.iter().enumerate();
        let columns = columns.map(|(index, name)| format!("t.{} AS `{name}`", index + 1));
        Ok(queries::EXPLORE_TOLD
            .sql
            .replace("${types}", &types.collect::<Vec<_>>().join(", "))
            .replace("${columns}", &columns.collect::<Vec<_>>().join(",\n    "))
            .replace("${rows}", &STANDARD.encode(serde_json::to_vec(&self.rows)?)))
    }

    /// A JSON object a line, with its names in their order.
    ///
    /// # Errors
    /// Never of what is a table; a text that cannot be written would be one.
    pub fn ndjson(&self) -> Result<String, QueryError> {
        let mut text = String::new();
        for row in &self.rows {
            text.push('{');
            for (index, (name, value)) in self.columns.iter().zip(row).enumerate() {
                let comma = if index == 0 { "" } else { "," };
                text.push_str(&format!("{comma}{}:{value}", serde_json::to_string(name)?));
            }
            text.push_str("}\n");
        }
        Ok(text)
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tables_are_written_as_lines() {
        let table = Table {
            columns: vec!["cdn".to_owned(), "plays".to_owned()],
            rows: vec![
                vec![json!("a \"b\", c"), json!(7)],
                vec![json!(""), Value::Null],
            ],
        };
        assert_eq!(table.csv(), "cdn,plays\n\"a \"\"b\"\", c\",7\n,\n");
        assert_eq!(
            table.ndjson().unwrap(),
            "{\"cdn\":\"a \\\"b\\\", c\",\"plays\":7}\n{\"cdn\":\"\",\"plays\":null}\n"
        );
    }
}
