//! The query string, taken apart one known parameter after another.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;

use super::bad;
use crate::analytics::error::{QueryError, Refusal};

/// What may be given more than once.
const REPEATED: [&str; 1] = ["filter"];

/// The query string, taken apart one known parameter after another.
#[derive(Debug)]
pub struct QueryString(BTreeMap<String, Vec<String>>);

impl<S: Sync> FromRequestParts<S> for QueryString {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|rejection| bad("query string", &rejection.body_text()))?;
        Ok(Self::from_pairs(pairs.0)?)
    }
}

impl QueryString {
    fn from_pairs(pairs: Vec<(String, String)>) -> Result<Self, QueryError> {
        let mut known = BTreeMap::<_, Vec<_>>::new();
        for (name, value) in pairs {
            let is_repeated = REPEATED.contains(&name.as_str());
            let values = known.entry(name.clone()).or_default();
            if !values.is_empty() && !is_repeated {
                return Err(bad(&name, "given twice"));
            }
            values.push(value);
        }
        Ok(Self(known))
    }

    /// What is given and was not taken yet, by name.
    pub(super) fn given(&self) -> impl Iterator<Item = (&str, &[String])> {
        let each = self.0.iter();
        each.map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// The value of a parameter that is given once.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.take_all(name).pop()
    }

    /// The values of a parameter, in the order given.
    pub(super) fn take_all(&mut self, name: &str) -> Vec<String> {
        self.0.remove(name).unwrap_or_default()
    }

    #[cfg(test)]
    pub(super) fn of(pairs: &[(&str, &str)]) -> Self {
        let owned = pairs.iter();
        let owned = owned.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self::from_pairs(owned.collect()).unwrap()
    }

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
        let Some(text) = self.take(name) else {
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

    /// How many rows.
    ///
    /// # Errors
    /// When it is given and is no number from 1 to `most`.
    pub fn limit(&mut self, default: u32, most: u32) -> Result<u32, QueryError> {
        let Some(text) = self.take("limit") else {
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
        match self.take(name) {
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
        let text = self.take(name).unwrap_or_default();
        if text.len() > most_bytes {
            return Err(bad(name, &format!("is longer than {most_bytes} bytes")));
        }
        Ok(text)
    }

    /// Words separated by commas; none when it is not given.
    pub fn list(&mut self, name: &str) -> Vec<String> {
        let text = self.take(name).unwrap_or_default();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> QueryString {
        QueryString::of(pairs)
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
    fn only_filters_are_repeated() {
        let pairs = |name: &str| {
            let pair = |value: &str| (name.to_owned(), value.to_owned());
            QueryString::from_pairs(vec![pair("cdn:is:a"), pair("isp:is:b")])
        };
        assert_eq!(
            pairs("filter")
                .map(|mut query| query.take_all("filter"))
                .ok(),
            Some(vec!["cdn:is:a".to_owned(), "isp:is:b".to_owned()])
        );
        let refused = pairs("limit").map_err(|error| error.to_string());
        assert_eq!(
            refused.err(),
            Some("parameter `limit`: given twice".to_owned())
        );
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
