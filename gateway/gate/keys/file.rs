//! The file of keys: JSON, written by `playhead keys`, read by every gateway.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::key::digest_of_hexadecimal;
use crate::gate::DoorName;
use crate::gate::origin::OriginRule;

/// Largest file; bytes. Some 40,000 keys.
const FILE_MAX_BYTES: u64 = 16 * 1024 * 1024;
/// The form that this release writes.
const VERSION: u32 = 1;

/// What the file holds.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    /// Form of the file.
    version: u32,
    /// Every key, in the order in which they were made.
    pub keys: Vec<KeyEntry>,
}

/// One key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyEntry {
    /// How it is called: the first letters of the key.
    pub id: String,
    /// SHA-256 of the key; 64 hexadecimal digits.
    pub sha256: String,
    /// Whose beacons come with it.
    pub tenant: String,
    /// What it is for, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Doors that it opens; empty: all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doors: Vec<DoorName>,
    /// Origins of pages that may use it; empty: all, and clients that are no pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<OriginRule>,
    /// Application ids of Snowplow trackers, which stand for the key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub app_ids: Vec<String>,
    /// Whether its players are on test: all of its beacons are marked `is_test`, and left out of published numbers.
    // A key that is not looks as it did before there were such keys, so older gateways read it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_test: bool,
    /// Most beacons a second, at each gateway; none: as many as come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beacons_per_second: Option<NonZeroU32>,
    /// Most beacons at once; none: those of two seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst_beacons: Option<NonZeroU32>,
    /// When it was made; RFC 3339.
    pub created: String,
    /// When it was revoked; RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<String>,
}

/// Why a file of keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It cannot be read or written.
    #[error("the file cannot be read or written")]
    Io(#[from] io::Error),
    /// It is too large.
    #[error("the file exceeds {FILE_MAX_BYTES} bytes")]
    TooLarge,
    /// It is no JSON of the expected form.
    #[error("the file is not a list of keys: {0}")]
    Malformed(String),
    /// A later release wrote it.
    #[error("the file has version {0}; this release reads version {VERSION}")]
    UnknownVersion(u32),
    /// A key contradicts itself or another one.
    #[error("key {id}: {reason}")]
    BadKey {
        /// Which key.
        id: String,
        /// What is wrong.
        reason: &'static str,
    },
}

impl Default for KeyFile {
    fn default() -> Self {
        Self {
            version: VERSION,
            keys: Vec::new(),
        }
    }
}

impl KeyFile {
    /// Reads a file and checks every key.
    ///
    /// # Errors
    /// A file that is not there, or holds anything else than keys.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let text = read_text(path)?;
        let file: Self = serde_json::from_str(&text)
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
        let mut text = serde_json::to_string_pretty(self)
            .map_err(|error| KeyFileError::Malformed(error.to_string()))?;
        text.push('\n');
        Ok(replace(path, &text)?)
    }

    fn check(&self) -> Result<(), KeyFileError> {
        if self.version != VERSION {
            return Err(KeyFileError::UnknownVersion(self.version));
        }
        let mut ids = HashSet::new();
        let mut app_ids = HashSet::new();
        for key in &self.keys {
            let bad = |reason| KeyFileError::BadKey {
                id: key.id.clone(),
                reason,
            };
            if key.id.is_empty() || !ids.insert(&key.id) {
                return Err(bad("the id is empty or stands twice"));
            }
            if digest_of_hexadecimal(&key.sha256).is_none() {
                return Err(bad("sha256 is not 64 hexadecimal digits"));
            }
            let tenant = &key.tenant;
            let is_tenant = (1..=128).contains(&tenant.len());
            if !is_tenant || tenant.chars().any(char::is_control) {
                return Err(bad("the tenant is not 1 to 128 bytes of text"));
            }
            if tenant == "*" && key.doors != [DoorName::Forward] {
                return Err(bad("the tenant * is for keys of the door forward alone"));
            }
            // One that was revoked gives its application ids back.
            let is_active = key.revoked.is_none();
            if is_active && !key.app_ids.iter().all(|app_id| app_ids.insert(app_id)) {
                return Err(bad("one of its app_ids belongs to another key"));
            }
            if key.burst_beacons.is_some() && key.beacons_per_second.is_none() {
                return Err(bad("burst_beacons needs beacons_per_second"));
            }
        }
        Ok(())
    }
}

/// The text of a file of keys.
pub(crate) fn read_text(path: &Path) -> Result<String, KeyFileError> {
    let mut text = String::new();
    let mut bounded = File::open(path)?.take(FILE_MAX_BYTES + 1);
    bounded.read_to_string(&mut text)?;
    if text.len() as u64 > FILE_MAX_BYTES {
        return Err(KeyFileError::TooLarge);
    }
    Ok(text)
}

/// Replaces a file as a whole.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let fresh = beside(path, "new");
    let mut file = File::create(&fresh)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    // The name is durable once its folder is.
    File::open(folder_of(path))?.sync_all()
}

/// Keeps two commands from changing the file at the same time; released when dropped.
pub struct KeyFileLock(#[expect(dead_code, reason = "held until it is dropped")] File);

impl KeyFileLock {
    /// Waits for whoever changes the file now.
    ///
    /// # Errors
    /// A folder that cannot be written to.
    pub fn take(path: &Path) -> Result<Self, KeyFileError> {
        // The file itself is replaced, so a lock on it would be one on a file that is gone.
        let lock = OpenOptions::new()
            .create(true)
            .append(true)
            .open(beside(path, "lock"))?;
        lock.lock()?;
        Ok(Self(lock))
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
