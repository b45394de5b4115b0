//! What a request asks for: the text of a query, its window, and the format of the answer.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde::Deserialize;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use crate::analytics::params::{Format, QueryString};

use super::names::told;
use super::refusal::SqlRefusal;

/// All time, as far as the views can tell it.
const BEGINNING: OffsetDateTime = datetime!(1971-01-02 00:00 UTC);
/// The end of it: schedules reach into the future.
const END: OffsetDateTime = datetime!(2100-01-01 00:00 UTC);

/// A request that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlRequest {
    /// What the analyst wrote.
    pub query: String,
    /// Where the window of the views begins.
    pub from: OffsetDateTime,
    /// Where it ends, excluded.
    pub to: OffsetDateTime,
    /// The session whose beacons are read.
    pub session_key: Option<u64>,
    /// How the answer is written.
    pub format: Format,
}

/// A JSON body.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SqlQuery)]
pub struct Body {
    /// One SELECT in ClickHouse's dialect, over the documented `*_v` views.
    #[schema(example = "SELECT count() FROM sessions_v")]
    query: String,
    /// Begin of the window of the views; RFC 3339, `now` or `now-6h`.
    from: Option<String>,
    /// Its end, which does not belong to it.
    to: Option<String>,
    /// The session whose beacons are read; a whole number, as text.
    session_key: Option<String>,
}

impl SqlRequest {
    /// Reads a JSON body, or a text with the window in the address.
    ///
    /// # Errors
    /// A body that is neither, a time that is none, a format that is not known.
    pub fn read(
        headers: &HeaderMap,
        mut address: QueryString,
        body: &[u8],
        now: OffsetDateTime,
    ) -> Result<Self, SqlRefusal> {
        let format = Format::of_client(headers)?;
        let body = if is_json(headers) {
            serde_json::from_slice(body).map_err(|error| {
                SqlRefusal::Request(format!(
                    "the body must be {{\"query\": \"SELECT ...\", \"from\": ..., \"to\": ..., \"session_key\": ...}} as text: {error}"
                ))
            })?
        } else {
            let query = std::str::from_utf8(body)
                .map_err(|_| SqlRefusal::Request("the body is not UTF-8".to_owned()))?;
            let mut given = |name| {
                let text = address.text(name, 64)?;
                Ok::<_, SqlRefusal>(Some(text).filter(|text| !text.is_empty()))
            };
            Body {
                query: query.to_owned(),
                from: given("from")?,
                to: given("to")?,
                session_key: given("session_key")?,
            }
        };
        address.finish()?;
        let from = body
            .from
            .map_or(Ok(BEGINNING), |text| moment("from", &text, now))?;
        let to = body.to.map_or(Ok(END), |text| moment("to", &text, now))?;
        if from >= to {
            return Err(SqlRefusal::Request(
                "`from` must lie before `to`".to_owned(),
            ));
        }
        let session_key = body.session_key.map(|text| {
            text.parse().map_err(|_| {
                SqlRefusal::Request("`session_key` must be a whole number, as text".to_owned())
            })
        });
        Ok(Self {
            query: body.query,
            from,
            to,
            session_key: session_key.transpose()?,
            format,
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let told = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    told.is_some_and(|told| {
        let kind = told.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    })
}

/// RFC 3339, `now`, or `now-` and a number with a unit: s, m, h, d.
fn moment(name: &str, text: &str, now: OffsetDateTime) -> Result<OffsetDateTime, SqlRefusal> {
    let refusal = || {
        SqlRefusal::Request(format!(
            "`{name}` must be a time such as 2026-11-21T10:00:00Z, now or now-6h, and not `{}`",
            told(text)
        ))
    };
    let moment = if text == "now" {
        now
    } else if let Some(ago) = text.strip_prefix("now-") {
        now.checked_sub(span(ago).ok_or_else(refusal)?)
            .ok_or_else(refusal)?
    } else {
        // A `+` of a zone offset that was not escaped arrives as a space.
        OffsetDateTime::parse(&text.replace(' ', "+"), &Rfc3339).map_err(|_| refusal())?
    };
    if (BEGINNING..=END).contains(&moment) {
        Ok(moment)
    } else {
        Err(refusal())
    }
}

fn span(text: &str) -> Option<Duration> {
    let unit = text.chars().last()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return None,
    };
    let number: u32 = text.strip_suffix(unit)?.parse().ok()?;
    Some(Duration::seconds(i64::from(number) * seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_absolute_or_ago() {
        let now = datetime!(2026-11-21 12:00 UTC);
        let told = |text| moment("from", text, now).ok();
        assert_eq!(told("now"), Some(now));
        assert_eq!(told("now-90m"), Some(now - Duration::minutes(90)));
        assert_eq!(told("now-7d"), Some(now - Duration::days(7)));
        assert_eq!(told("2026-11-21T10:00:00Z"), Some(now - Duration::hours(2)));
        assert_eq!(
            told("2026-11-21T12:00:00 02:00"),
            Some(now - Duration::hours(2))
        );
        for refused in [
            "",
            "now-",
            "now-5",
            "now-h",
            "now--5h",
            "now-4000000000d",
            "1969-01-01T00:00:00Z",
            "yesterday",
            "now-5µ",
        ] {
            assert_eq!(told(refused), None, "{refused}");
        }
    }
}
