//! Where the next page begins: an opaque text that is bound to the question that it came with.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use xxhash_rust::xxh3::Xxh3;

use super::bad;
use super::query_string::QueryString;
use crate::analytics::error::QueryError;

/// No cursor of ours is longer; bytes.
const MAX_BYTES: usize = 16 * 1024;
/// Parameters that may differ from page to page.
const OF_A_PAGE: [&str; 3] = ["cursor", "limit", "format"];

/// What is asked, whichever the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question(u64);

/// A moment as cursors hold it; Unix ms.
pub fn unix_ms(moment: OffsetDateTime) -> i64 {
    i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

/// The moment of a cursor.
///
/// # Errors
/// When there is no such time: the cursor is none of ours.
pub fn moment_of(unix_ms: i64) -> Result<OffsetDateTime, QueryError> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(unix_ms) * 1_000_000)
        .map_err(|_| bad("cursor", "must be the `next_cursor` of an answer"))
}

#[derive(Serialize, Deserialize)]
struct Held<T> {
    question: u64,
    after: T,
}

impl Question {
    /// The cursor of the page that begins after `after`: the sort values of the last row, and whatever must stay the
    /// same from page to page, such as a window that was told relative to now.
    ///
    /// # Errors
    /// When `after` cannot be written as JSON.
    pub fn cursor<T: Serialize>(self, after: T) -> Result<String, QueryError> {
        let held = Held {
            question: self.0,
            after,
        };
        Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(&held)?))
    }
}

impl QueryString {
    /// What is asked of `resource`, before any parameter is taken.
    pub fn question(&self, resource: &str) -> Question {
        let mut hash = Xxh3::new();
        let mut add = |text: &str| {
            // With its length before it, no text can pass for two.
            hash.update(&text.len().to_le_bytes());
            hash.update(text.as_bytes());
        };
        add(resource);
        for (name, values) in self.given() {
            if !OF_A_PAGE.contains(&name) {
                add(name);
                values.iter().for_each(|value| add(value));
            }
        }
        Question(hash.digest())
    }

    /// Where the last page ended; `None` on the first.
    ///
    /// # Errors
    /// When it is no cursor, or one of another question.
    pub fn cursor<T: DeserializeOwned>(
        &mut self,
        question: Question,
    ) -> Result<Option<T>, QueryError> {
        let Some(text) = self.take("cursor") else {
            return Ok(None);
        };
        let unknown = || bad("cursor", "must be the `next_cursor` of an answer");
        if text.len() > MAX_BYTES {
            return Err(unknown());
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| unknown())?;
        // The question first: another one's may end on something else.
        let held: Held<serde_json::Value> =
            serde_json::from_slice(&bytes).map_err(|_| unknown())?;
        if held.question != question.0 {
            return Err(bad(
                "cursor",
                "is of another question: only `limit` and `format` may change from page to page",
            ));
        }
        let after = serde_json::from_value(held.after).map_err(|_| unknown())?;
        Ok(Some(after))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_of_its_question() {
        let asked = |cursor: &str, cdn: &str| {
            let mut query = QueryString::of(&[("cdn", cdn), ("cursor", cursor), ("limit", "5")]);
            let question = query.question("breakdown");
            query.cursor::<(String, u64)>(question)
        };
        let question = QueryString::of(&[("cdn", "a")]).question("breakdown");
        let cursor = question.cursor(("x", 7_u64)).unwrap();
        assert_eq!(
            asked(&cursor, "a").ok().flatten(),
            Some(("x".to_owned(), 7))
        );
        let refused = asked(&cursor, "b").map_err(|error| error.to_string());
        assert!(refused.is_err_and(|told| told.contains("of another question")));
        assert!(asked("bm9uc2Vuc2U", "a").is_err());
        assert!(asked("%%", "a").is_err());
        let another = QueryString::of(&[("cdn", "a")]).question("comparison");
        assert_ne!(another, question);
    }
}
