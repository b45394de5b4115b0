//! One row, told as a JSON object.

use bytes::Bytes;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use super::column::{Column, Kind};
use super::place::Place;
use super::{Dimension, DimensionError, Dimensions};

impl Dimensions {
    /// Tells one row, which replaces the one with the same identity. Its dictionary sees it within seconds.
    ///
    /// # Errors
    /// A body that is no such row; a dimension without ids; no warehouse.
    pub async fn put(
        &self,
        dimension: Dimension,
        tenant: &str,
        id: &str,
        body: &[u8],
    ) -> Result<(), DimensionError> {
        let row = row(dimension, tenant, id, body)?;
        let sql = format!("INSERT INTO {} FORMAT JSONEachRow", dimension.name());
        let limit = self.config.statement_timeout();
        let mut insert = self
            .warehouse
            .insert_bytes(&sql)
            .with_setting("date_time_input_format", "best_effort")
            .with_setting("async_insert", "0")
            .with_timeouts(Some(limit), Some(limit));
        let failure = |error| DimensionError::from(self.warehouse.failure(error));
        insert
            .send(Bytes::from(Value::Object(row).to_string()))
            .await
            .map_err(failure)?;
        insert.end().await.map_err(failure)?;
        self.refresher.changed(dimension);
        Ok(())
    }
}

/// The row as the warehouse takes it.
fn row(
    dimension: Dimension,
    tenant: &str,
    id: &str,
    body: &[u8],
) -> Result<Map<String, Value>, DimensionError> {
    let id_column = dimension
        .id_column()
        .ok_or(DimensionError::NoSingleRow(dimension))?;
    let told: Value = serde_json::from_slice(body).map_err(|error| DimensionError::BadFile {
        place: Place {
            line: u64::try_from(error.line()).ok(),
            ..Place::default()
        },
        reason: format!("no JSON: {error}"),
    })?;
    let Value::Object(told) = told else {
        return Err(wrong(None, "must be one JSON object"));
    };
    let mut row = Map::new();
    for (name, value) in told {
        let columns = dimension.columns();
        let Some(column) = columns.iter().find(|column| column.name == name) else {
            let known = dimension.column_names();
            return Err(wrong(
                None,
                format!("there is no column `{name}`; there are {known}"),
            ));
        };
        if name == id_column && value != id {
            return Err(wrong(Some(column), "is not the one in the address"));
        }
        // What is not told keeps its default.
        if !value.is_null() && value != "" {
            let value = checked(column, value).map_err(|reason| wrong(Some(column), reason))?;
            row.insert(name, value);
        }
    }
    row.insert("tenant".into(), tenant.into());
    row.insert(id_column.into(), id.into());
    Ok(row)
}

/// The value, where it is one of the column's kind.
fn checked(column: &Column, value: Value) -> Result<Value, &'static str> {
    let text = value.as_str();
    let (is_right, otherwise) = match column.kind {
        Kind::Text => (text.is_some(), "is no text"),
        Kind::List => (
            value
                .as_array()
                .is_some_and(|list| list.iter().all(Value::is_string)),
            "is no list of texts; write [\"one\",\"two\"]",
        ),
        Kind::Map => (
            value
                .as_object()
                .is_some_and(|map| map.values().all(Value::is_string)),
            "is no object of texts; write {\"name\":\"value\"}",
        ),
        Kind::Day => (
            text.is_some_and(is_day),
            "is no day from 1900 to 2299; write it as 2024-11-30",
        ),
        Kind::Time => (
            text.is_some_and(is_time),
            "is no time since 1970; write it as 2024-11-30T20:15:00Z",
        ),
        Kind::Milliseconds => (value.is_u64(), "is no whole number of milliseconds"),
        Kind::Flag => (value.is_boolean(), "is neither true nor false"),
    };
    if is_right { Ok(value) } else { Err(otherwise) }
}

fn is_day(text: &str) -> bool {
    let format = format_description!("[year]-[month]-[day]");
    time::Date::parse(text, format).is_ok_and(|day| (1900..2300).contains(&day.year()))
}

fn is_time(text: &str) -> bool {
    OffsetDateTime::parse(text, &Rfc3339).is_ok_and(|at| (1970..2200).contains(&at.year()))
}

fn wrong(column: Option<&Column>, reason: impl Into<String>) -> DimensionError {
    DimensionError::BadFile {
        place: Place {
            column: column.map(|column| column.name.to_owned()),
            ..Place::default()
        },
        reason: reason.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{Dimension, row};

    fn told(body: &str) -> String {
        row(Dimension::Viewers, "t", "v1", body.as_bytes())
            .expect_err("it is wrong")
            .to_string()
    }

    #[test]
    fn a_row_has_the_tenant_and_the_id_of_the_address() {
        let body = r#"{"subscription":"premium","joined_on":"2024-02-29","country":null}"#;
        let row = row(Dimension::Viewers, "t", "v1", body.as_bytes()).expect("it is right");
        assert_eq!(
            Value::Object(row),
            serde_json::json!({"tenant": "t", "viewer_id": "v1", "subscription": "premium", "joined_on": "2024-02-29"})
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(
            told(r#"{"joined_on":"2023-02-29"}"#),
            "column `joined_on`: is no day from 1900 to 2299; write it as 2024-11-30"
        );
        assert!(told(r#"{"tenant":"other"}"#).contains("there is no column `tenant`"));
        assert!(told(r#"{"viewer_id":"v2"}"#).ends_with("is not the one in the address"));
        assert!(told("[]").ends_with("must be one JSON object"));
        assert!(told("{").starts_with("line 1: no JSON"));
        assert!(told(r#"{"preferences":{"a":1}}"#).contains("is no object of texts"));
    }
}
