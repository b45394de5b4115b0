//! What a request asks for: checked before anything is queried.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::error::{QueryError, Refusal};

/// Whose data is read. Without keys there is one tenant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tenant(pub String);

impl<S: Sync> FromRequestParts<S> for Tenant {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self("default".to_owned()))
    }
}

/// The query string, taken apart one known parameter after another.
#[derive(Debug)]
pub struct QueryString(BTreeMap<String, String>);

impl<S: Sync> FromRequestParts<S> for QueryString {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|rejection| bad("query string", &rejection.body_text()))?;
        let mut known = BTreeMap::new();
        for (name, value) in pairs.0 {
            if known.insert(name.clone(), value).is_some() {
                return Err(bad(&name, "given twice").into());
            }
        }
        Ok(Self(known))
    }
}

impl QueryString {
    /// A length of time, such as `90s`, `15m` or `6h`, within bounds.
    ///
    /// # Errors
    /// When it is given and is no such length.
    pub fn window(
        &mut self,
        name: &str,
        default: Duration,
        least: Duration,
        most: Duration,
    ) -> Result<Duration, QueryError> {
        let Some(text) = self.0.remove(name) else {
            return Ok(default);
        };
        let unit_seconds = match text.chars().last() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3600,
            _ => {
                return Err(bad(
                    name,
                    "must be a number with a unit, such as 90s, 15m or 6h",
                ));
            }
        };
        let number: u64 = text[..text.len() - 1].parse().map_err(|_| {
            bad(
                name,
                "must be a whole number with a unit, such as 90s, 15m or 6h",
            )
        })?;
        let window = Duration::from_secs(number.saturating_mul(unit_seconds));
        if window < least || window > most {
            let reason = format!("must be from {} s to {} s", least.as_secs(), most.as_secs());
            return Err(bad(name, &reason));
        }
        Ok(window)
    }

    /// A moment in RFC 3339.
    ///
    /// # Errors
    /// When it is given and is no such moment.
    pub fn moment(&mut self, name: &str) -> Result<Option<OffsetDateTime>, QueryError> {
        let Some(text) = self.0.remove(name) else {
            return Ok(None);
        };
        // A `+` of a zone offset that was not escaped arrives as a space.
        let moment = OffsetDateTime::parse(&text.replace(' ', "+"), &Rfc3339)
            .map_err(|_| bad(name, "must be a time such as 2026-11-21T10:00:00Z"))?;
        let is_kept = (1970..2200).contains(&moment.year());
        if is_kept {
            Ok(Some(moment))
        } else {
            Err(bad(name, "must lie between the years 1970 and 2199"))
        }
    }

    /// How many rows.
    ///
    /// # Errors
    /// When it is given and is no number from 1 to `most`.
    pub fn limit(&mut self, default: u32, most: u32) -> Result<u32, QueryError> {
        let Some(text) = self.0.remove("limit") else {
            return Ok(default);
        };
        match text.parse() {
            Ok(limit) if (1..=most).contains(&limit) => Ok(limit),
            _ => Err(bad(
                "limit",
                &format!("must be a whole number from 1 to {most}"),
            )),
        }
    }

    /// One of several words; empty when it is not given.
    ///
    /// # Errors
    /// When it is given and is another word.
    pub fn word(&mut self, name: &str, allowed: &[&str]) -> Result<String, QueryError> {
        match self.0.remove(name) {
            None => Ok(String::new()),
            Some(word) if allowed.contains(&word.as_str()) => Ok(word),
            Some(_) => Err(bad(name, &format!("must be one of {}", allowed.join(", ")))),
        }
    }

    /// Any text; empty when it is not given.
    ///
    /// # Errors
    /// When it is longer than `most_bytes`.
    pub fn text(&mut self, name: &str, most_bytes: usize) -> Result<String, QueryError> {
        let text = self.0.remove(name).unwrap_or_default();
        if text.len() > most_bytes {
            return Err(bad(name, &format!("is longer than {most_bytes} bytes")));
        }
        Ok(text)
    }

    /// Words separated by commas; none when it is not given.
    pub fn list(&mut self, name: &str) -> Vec<String> {
        let text = self.0.remove(name).unwrap_or_default();
        let words = text.split(',').map(|word| word.trim().to_owned());
        words.filter(|word| !word.is_empty()).collect()
    }

    /// Makes sure that everything that was given was understood.
    ///
    /// # Errors
    /// When a parameter is left, since a typing error would else look like an answer.
    pub fn finish(self) -> Result<(), QueryError> {
        match self.0.into_keys().next() {
            None => Ok(()),
            Some(name) => Err(bad(&name, "is not known here")),
        }
    }
}

/// A refused parameter.
pub(super) fn bad(name: &str, reason: &str) -> QueryError {
    QueryError::BadParameter {
        name: name.to_owned(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> QueryString {
        QueryString(
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    fn window(text: &str) -> Result<Duration, QueryError> {
        let minute = Duration::from_secs(60);
        query(&[("window", text)]).window("window", minute * 15, minute, minute * 360)
    }

    #[test]
    fn windows_have_units_and_bounds() {
        assert_eq!(window("15m").ok(), Some(Duration::from_secs(900)));
        assert_eq!(window("90s").ok(), Some(Duration::from_secs(90)));
        assert_eq!(window("6h").ok(), Some(Duration::from_secs(21_600)));
        for refused in [
            "",
            "15",
            "m",
            "-5m",
            "1.5h",
            "59s",
            "7h",
            "15 m",
            "99999999999999999999h",
            "1é",
        ] {
            assert!(window(refused).is_err(), "{refused:?}");
        }
    }

    #[test]
    fn moments_are_rfc_3339_of_this_age() {
        let moment = |text: &str| query(&[("from", text)]).moment("from");
        let told = moment("2026-11-21T12:00:00+02:00")
            .ok()
            .flatten()
            .map(OffsetDateTime::unix_timestamp);
        assert_eq!(told, Some(1_795_255_200));
        assert_eq!(
            moment("2026-11-21T12:00:00 02:00").ok(),
            moment("2026-11-21T12:00:00+02:00").ok()
        );
        for refused in [
            "",
            "now",
            "2026-11-21",
            "1969-01-01T00:00:00Z",
            "9999-01-01T00:00:00Z",
        ] {
            assert!(moment(refused).is_err(), "{refused:?}");
        }
    }

    #[test]
    fn what_is_not_understood_is_told() {
        assert!(query(&[("limit", "0")]).limit(100, 1000).is_err());
        assert!(query(&[("limit", "1001")]).limit(100, 1000).is_err());
        assert_eq!(query(&[]).limit(100, 1000).ok(), Some(100));
        assert!(
            query(&[("status", "awake")])
                .word("status", &["paused"])
                .is_err()
        );
        let left = query(&[("widow", "15m")])
            .finish()
            .map_err(|error| error.to_string());
        assert_eq!(left, Err("parameter `widow`: is not known here".to_owned()));
    }
}
