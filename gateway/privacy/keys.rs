//! The secrets of keyed hashes, each from a day on.
//!
//! One line a key: the day from which it is in force (UTC) and the secret. The newest that has begun is
//! used. For [`OVERLAP`] after a new one has begun, the hash by the one before it is known as well, so that
//! what was hashed before can be joined with what is hashed now.

use std::fmt;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use time::format_description::well_known::Iso8601;
use time::{Date, Duration, OffsetDateTime};

/// How long the hash by the former key is told beside that by the new one.
const OVERLAP: Duration = Duration::days(30);
/// Shortest secret; bytes. `openssl rand -hex 32` gives 64.
const SECRET_MIN_BYTES: usize = 32;
/// Bytes of a hash that are kept: of 2^64 ids two are expected to share one.
const HASH_BYTES: usize = 16;

/// Why a list of keys cannot be used. No message holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashKeysError {
    /// A line of another form.
    #[error("line {0} is not `YYYY-MM-DD SECRET`")]
    Malformed(usize),
    /// A secret that can be guessed.
    #[error(
        "the secret of line {0} has fewer than {SECRET_MIN_BYTES} bytes; `openssl rand -hex 32` makes one"
    )]
    Short(usize),
    /// Two for one day.
    #[error("line {0}: there is another key for that day")]
    SameDay(usize),
    /// No key at all, or none that has begun.
    #[error("there is no key in force today")]
    NoneInForce,
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
}

/// One secret.
pub struct HashKey {
    from: Date,
    /// Prefix of its hashes: the day it began, so that a reader sees which key made one.
    label: String,
    /// The hash with its key already in it.
    keyed: Hmac<Sha256>,
}

/// All of them, the newest first.
#[derive(Default)]
pub struct HashKeys(Vec<HashKey>);

impl HashKeys {
    /// Reads the lines; empty ones and those that begin with `#` are passed over.
    ///
    /// # Errors
    /// The first line that is none, or one that repeats another's day.
    pub fn of_text(text: &str) -> Result<Self, HashKeysError> {
        let mut keys: Vec<HashKey> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let key = HashKey::of_line(line, number)?;
            if keys.iter().any(|other| other.from == key.from) {
                return Err(HashKeysError::SameDay(number));
            }
            keys.push(key);
        }
        keys.sort_by_key(|key| std::cmp::Reverse(key.from));
        Ok(Self(keys))
    }

    /// The one that is used at this time; Unix ms.
    pub fn in_force(&self, now_ms: i64) -> Option<&HashKey> {
        let today = day_of(now_ms)?;
        self.0.iter().find(|key| key.from <= today)
    }

    /// The one that was used before it, while its hashes are still to be joined; Unix ms.
    pub fn former(&self, now_ms: i64) -> Option<&HashKey> {
        let today = day_of(now_ms)?;
        let mut begun = self.0.iter().filter(|key| key.from <= today);
        let current = begun.next()?;
        let former = begun.next()?;
        (today - current.from < OVERLAP).then_some(former)
    }
}

impl HashKey {
    fn of_line(line: &str, number: usize) -> Result<Self, HashKeysError> {
        let malformed = HashKeysError::Malformed(number);
        let (day, secret) = line
            .split_once(char::is_whitespace)
            .ok_or(malformed.clone())?;
        let from = Date::parse(day, &Iso8601::DATE).map_err(|_| malformed.clone())?;
        let secret = secret.trim();
        if secret.len() < SECRET_MIN_BYTES {
            return Err(HashKeysError::Short(number));
        }
        let keyed = Hmac::new_from_slice(secret.as_bytes()).map_err(|_| malformed)?;
        let mut label = String::new();
        // Writing into a String cannot fail.
        let _ = write!(
            label,
            "{:04}{:02}{:02}.",
            from.year(),
            u8::from(from.month()),
            from.day()
        );
        Ok(Self { from, label, keyed })
    }

    /// The hash of a text: HMAC-SHA-256 over tenant, name of the field and text, cut to 128 bits. The same
    /// person has different hashes at different tenants and in different fields.
    pub fn hash(&self, tenant: &str, field: &str, text: &str) -> String {
        let mut keyed = self.keyed.clone();
        for part in [tenant, field, text] {
            keyed.update(part.as_bytes());
            keyed.update(&[0]);
        }
        let digest = keyed.finalize().into_bytes();
        let mut hash = self.label.clone();
        let kept = digest.get(..HASH_BYTES).unwrap_or_default();
        URL_SAFE_NO_PAD.encode_string(kept, &mut hash);
        hash
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "HashKey({}***)", self.label)
    }
}

fn day_of(now_ms: i64) -> Option<Date> {
    let now = OffsetDateTime::from_unix_timestamp(now_ms.div_euclid(1_000)).ok()?;
    Some(now.date())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "# comment\n2026-10-01 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n\n2026-11-15 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n";

    fn at(day: &str) -> i64 {
        let date = Date::parse(day, &Iso8601::DATE).unwrap();
        date.midnight().assume_utc().unix_timestamp() * 1_000
    }

    fn labels(day: &str) -> (String, String) {
        let keys = HashKeys::of_text(TWO).unwrap();
        let label = |key: Option<&HashKey>| key.map_or(String::new(), |key| key.label.clone());
        (label(keys.in_force(at(day))), label(keys.former(at(day))))
    }

    #[test]
    fn each_day_has_its_key_and_for_a_month_the_former_one() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(labels("2026-09-30"), pair("", ""));
        assert_eq!(labels("2026-11-14"), pair("20261001.", ""));
        assert_eq!(labels("2026-11-15"), pair("20261115.", "20261001."));
        assert_eq!(labels("2026-12-14"), pair("20261115.", "20261001."));
        assert_eq!(labels("2026-12-15"), pair("20261115.", ""));
    }

    #[test]
    fn a_hash_depends_on_key_tenant_field_and_text() {
        let keys = HashKeys::of_text(TWO).unwrap();
        let (new, old) = (
            keys.in_force(at("2026-11-20")).unwrap(),
            keys.former(at("2026-11-20")).unwrap(),
        );
        let hash = new.hash("acme", "viewer_id", "v-1");
        assert_eq!(hash, new.hash("acme", "viewer_id", "v-1"));
        assert_eq!(hash.len(), "20261115.".len() + 22);
        for other in [
            old.hash("acme", "viewer_id", "v-1"),
            new.hash("other", "viewer_id", "v-1"),
            new.hash("acme", "device_id", "v-1"),
            new.hash("acme", "viewer_id", "v-2"),
            new.hash("acm", "eviewer_id", "v-1"),
        ] {
            assert_ne!(hash, other);
        }
    }

    #[test]
    fn a_mistake_is_told_by_line_and_without_the_secret() {
        let error = |text| HashKeys::of_text(text).err();
        assert_eq!(error("2026-10-01"), Some(HashKeysError::Malformed(1)));
        assert_eq!(
            error("\nyesterday hunter2"),
            Some(HashKeysError::Malformed(2))
        );
        assert_eq!(error("2026-10-01 hunter2"), Some(HashKeysError::Short(1)));
        let twice = TWO.replace("2026-11-15", "2026-10-01");
        assert_eq!(error(&twice), Some(HashKeysError::SameDay(4)));
        let keys = HashKeys::of_text(TWO).unwrap();
        assert!(!format!("{:?}", keys.0).contains("bbbb"));
    }
}
