//! One expected value, and whether a found one is it.

use serde_json::{Map, Value};

/// A row as the warehouse gives it, column by column.
pub(crate) type Found = Map<String, Value>;

/// An expected row, column by column.
pub(crate) type Row = Vec<(&'static str, Expected)>;

/// What a column must hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expected {
    /// Exactly this; numbers by their value.
    Is(Value),
    /// This number, to a billionth (the last bit of a division is nobody's promise).
    Near(f64),
    /// A moment of the range, both ends included; Unix ms. For columns that depend on the run itself.
    Between(i64, i64),
    /// A whole number of the range, both ends included: what was delivered at least, and at most.
    Count(u64, u64),
}

/// An exact value.
pub(crate) fn is(value: impl Into<Value>) -> Expected {
    Expected::Is(value.into())
}

/// An exact moment; Unix ms.
pub(crate) fn moment(ms: i64) -> Expected {
    Expected::Is(moment_value(ms))
}

/// A moment as the warehouse writes it with `date_time_output_format=unix_timestamp`.
pub(crate) fn moment_value(ms: i64) -> Value {
    Value::String(format!(
        "{}.{:03}",
        ms.div_euclid(1000),
        ms.rem_euclid(1000)
    ))
}

/// The moment that the warehouse wrote; Unix ms.
pub(crate) fn moment_ms(value: &Value) -> Option<i64> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let (seconds, thousandths) = text.split_once('.').unwrap_or((&text, "0"));
    let thousandths: i64 = format!("{thousandths:0<3}").get(..3)?.parse().ok()?;
    Some(seconds.parse::<i64>().ok()? * 1000 + thousandths)
}

impl Expected {
    /// Whether `found` is what was expected.
    pub(crate) fn holds(&self, found: &Value) -> bool {
        match self {
            Expected::Is(value) => same(value, found),
            Expected::Near(value) => found
                .as_f64()
                .is_some_and(|found| (found - value).abs() <= value.abs() * 1e-9),
            Expected::Between(from, to) => {
                moment_ms(found).is_some_and(|found| (*from..=*to).contains(&found))
            }
            Expected::Count(least, most) => found
                .as_u64()
                .is_some_and(|found| (*least..=*most).contains(&found)),
        }
    }

    /// The expectation in words.
    pub(crate) fn words(&self) -> String {
        match self {
            Expected::Is(value) => value.to_string(),
            Expected::Near(value) => value.to_string(),
            Expected::Between(from, to) => {
                format!("{} to {}", moment_value(*from), moment_value(*to))
            }
            Expected::Count(least, most) => format!("{least} to {most}"),
        }
    }
}

fn same(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Number(expected), Value::Number(found)) => {
            expected == found
                || expected
                    .as_f64()
                    .is_some_and(|expected| found.as_f64() == Some(expected))
        }
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .zip(found)
                    .all(|(expected, found)| same(expected, found))
        }
        (Value::Object(expected), Value::Object(found)) => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .all(|(key, value)| found.get(key).is_some_and(|found| same(value, found)))
        }
        _ => expected == found,
    }
}
