//! The file of read keys: JSON, written by `playhead keys`, read by every gateway.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::path::Path;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Scope;
use crate::gate::keys::{KeyFileError, digest_of_hexadecimal, read_text, replace};

/// The form that this release writes.
const VERSION: u32 = 1;

/// What the file holds.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadKeyFile {
    /// Form of the file.
    version: u32,
    /// Every key, in the order in which they were made.
    pub read_keys: Vec<ReadKeyEntry>,
}

/// One key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadKeyEntry {
    /// How it is called: the first letters of the key.
    pub id: String,
    /// SHA-256 of the key; 64 hexadecimal digits.
    pub sha256: String,
    /// Whose data it reads.
    pub tenant: String,
    /// What it is for, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What it opens; at least one.
    pub scopes: Vec<Scope>,
    /// Most requests a second, at each gateway; none: as the configuration says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests_per_second: Option<NonZeroU32>,
    /// When it was made; RFC 3339.
    pub created: String,
    /// From when on it opens nothing; RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// When it was revoked; RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<String>,
}

impl Default for ReadKeyFile {
    fn default() -> Self {
        Self {
            version: VERSION,
            read_keys: Vec::new(),
        }
    }
}

impl ReadKeyEntry {
    /// From when on it opens nothing.
    ///
    /// # Errors
    /// A text that is no moment.
    pub fn expires_at(&self) -> Result<Option<OffsetDateTime>, time::error::Parse> {
        let told = self.expires.as_deref();
        told.map(|text| OffsetDateTime::parse(text, &Rfc3339))
            .transpose()
    }
}

impl ReadKeyFile {
    /// Reads a file and checks every key.
    ///
    /// # Errors
    /// A file that is not there, or holds anything else than read keys.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let file: Self = serde_json::from_str(&read_text(path)?)
            .map_err(|error| KeyFileError::Malformed(error.to_string()))?;
        file.check()?;
        Ok(file)
    }

    /// Replaces the file as a whole: a gateway that reads it now sees the old one or the new one.
    ///
    /// # Errors
    /// A folder that cannot be written to.
    pub fn write(&self, path: &Path) -> Result<(), KeyFileError> {
        self.check()?;
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| KeyFileError::Malformed(error.to_string()))?;
        Ok(replace(path, &format!("{text}\n"))?)
    }

    fn check(&self) -> Result<(), KeyFileError> {
        if self.version != VERSION {
            return Err(KeyFileError::UnknownVersion(self.version));
        }
        let mut ids = HashSet::new();
        for key in &self.read_keys {
            let faults = [
                (
                    key.id.is_empty() || !ids.insert(&key.id),
                    "the id is empty or stands twice",
                ),
                (
                    digest_of_hexadecimal(&key.sha256).is_none(),
                    "sha256 is not 64 hexadecimal digits",
                ),
                (
                    // Names of stored answers are words, of which the tenant is one.
                    !(1..=128).contains(&key.tenant.len())
                        || key
                            .tenant
                            .chars()
                            .any(|c| c.is_control() || c.is_whitespace()),
                    "the tenant is not 1 to 128 bytes of text without spaces",
                ),
                (key.scopes.is_empty(), "it has no scope"),
                (key.expires_at().is_err(), "expires is no time"),
            ];
            if let Some((_, reason)) = faults.into_iter().find(|(is_fault, _)| *is_fault) {
                return Err(KeyFileError::BadKey {
                    id: key.id.clone(),
                    reason,
                });
            }
        }
        Ok(())
    }
}
