//! Read keys: make, list, replace, revoke.

use std::path::Path;

use anyhow::{Context, bail};
use time::{Duration, OffsetDateTime};

use super::{Make, now, written};
use crate::analytics::access::{ReadKeyEntry, ReadKeyFile, Scope};
use crate::config::{Config, ReadKeysMode};
use crate::gate::keys::{KeyFileError, KeyFileLock, KeyKind, NewKey};

/// Make a read key like another one, which ends after an overlap
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead keys rotate ph_read_Xk93Ab7Q
  playhead keys rotate ph_read_Xk93Ab7Q --overlap-hours 0")]
pub(super) struct Rotate {
    /// The first letters of the read key, as `playhead keys list --read` shows them
    #[arg(value_name = "ID")]
    id: String,
    /// How long both are good
    #[arg(long, value_name = "HOURS", default_value_t = 24)]
    overlap_hours: u32,
}

pub(super) fn make(make: &Make, path: &Path, config: &Config) -> anyhow::Result<()> {
    let is_of_players = make.doors.is_empty()
        && make.origins.is_empty()
        && make.app_ids.is_empty()
        && make.beacons_per_second.is_none();
    if !is_of_players {
        bail!("a read key has no doors, origins, app ids or beacons: these are of write keys");
    }
    let days = make.expires_days.map(|days| i64::from(days.get()));
    let expires = days.map(|days| written(OffsetDateTime::now_utc() + Duration::days(days)));
    let key = NewKey::make(KeyKind::Read).context("the operating system gives no randomness")?;
    let entry = ReadKeyEntry {
        id: key.id.clone(),
        sha256: key.sha256.clone(),
        tenant: make.tenant.clone(),
        name: make.name.clone(),
        scopes: if make.scopes.is_empty() {
            vec![Scope::Read]
        } else {
            make.scopes.clone()
        },
        requests_per_second: make.requests_per_second,
        created: now()?,
        expires: expires.transpose()?,
        revoked: None,
    };
    change(path, |file| add(file, entry))?;
    tell(&key, path);
    if config.read_keys.mode == ReadKeysMode::Off {
        remark("gateways ask for read keys once read_keys.mode is enforce; it is off");
    }
    Ok(())
}

impl Rotate {
    pub(super) fn run(&self, path: &Path) -> anyhow::Result<()> {
        read(path)?;
        let key =
            NewKey::make(KeyKind::Read).context("the operating system gives no randomness")?;
        let ends = OffsetDateTime::now_utc() + Duration::hours(self.overlap_hours.into());
        change(path, |file| {
            let former = find(file, &self.id, path)?;
            if former.revoked.is_some() {
                bail!("{} is revoked; make a new one", former.id);
            }
            let fresh = ReadKeyEntry {
                id: key.id.clone(),
                sha256: key.sha256.clone(),
                created: now()?,
                ..former.clone()
            };
            // One that ends sooner anyway is not made to last longer.
            if former.expires_at()?.is_none_or(|expires| expires > ends) {
                former.expires = Some(written(ends)?);
            }
            add(file, fresh)
        })?;
        tell(&key, path);
        remark(&format!(
            "{} is good for {} hours more",
            self.id, self.overlap_hours
        ));
        Ok(())
    }
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub(super) fn list(path: &Path, json: bool) -> anyhow::Result<()> {
    let file = read(path)?;
    if json {
        println!("{}", serde_json::to_string_pretty(&file.read_keys)?);
        return Ok(());
    }
    let now = OffsetDateTime::now_utc();
    println!(
        "{:<17} {:<20} {:<8} {:<15} {:<20} NAME",
        "ID", "TENANT", "STATE", "SCOPES", "EXPIRES"
    );
    for key in &file.read_keys {
        let is_over = key.expires_at()?.is_some_and(|expires| expires <= now);
        let state = match (key.revoked.is_some(), is_over) {
            (true, _) => "revoked",
            (false, true) => "expired",
            (false, false) => "active",
        };
        let scopes: Vec<_> = key.scopes.iter().map(|scope| scope.as_str()).collect();
        println!(
            "{:<17} {:<20} {state:<8} {:<15} {:<20} {}",
            key.id,
            key.tenant,
            scopes.join(","),
            key.expires.as_deref().unwrap_or("never"),
            key.name
        );
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the last word of a command")]
pub(super) fn revoke(path: &Path, id: &str) -> anyhow::Result<()> {
    read(path)?;
    change(path, |file| {
        let key = find(file, id, path)?;
        if key.revoked.is_none() {
            key.revoked = Some(now()?);
        }
        println!("{} is revoked", key.id);
        Ok(())
    })
}

fn find<'f>(
    file: &'f mut ReadKeyFile,
    id: &str,
    path: &Path,
) -> anyhow::Result<&'f mut ReadKeyEntry> {
    let mut keys = file.read_keys.iter_mut();
    let found = keys.find(|key| id == key.id || NewKey::is_of(id, &key.id));
    found.with_context(|| {
        format!(
            "there is no such key in {}; `playhead keys list --read` shows them",
            path.display()
        )
    })
}

fn add(file: &mut ReadKeyFile, entry: ReadKeyEntry) -> anyhow::Result<()> {
    if file.read_keys.iter().any(|known| known.id == entry.id) {
        bail!("by chance the key has the id of another one; run the command again");
    }
    file.read_keys.push(entry);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the key alone goes to standard output")]
fn tell(key: &NewKey, path: &Path) {
    remark(&format!(
        "read key {} of {}; it is told this once:",
        key.id,
        path.display()
    ));
    println!("{}", key.text);
    remark("send it as header `Authorization: Bearer …` (docs/read-keys.md)");
}

#[expect(clippy::print_stderr, reason = "what to do with the key, beside it")]
fn remark(text: &str) {
    eprintln!("{text}");
}

/// Changes the file while nobody else does.
fn change(
    path: &Path,
    how: impl FnOnce(&mut ReadKeyFile) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let in_file = || format!("cannot change {}", path.display());
    let _lock = KeyFileLock::take(path).with_context(in_file)?;
    let mut file = match ReadKeyFile::read(path) {
        Err(KeyFileError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            ReadKeyFile::default()
        }
        read => read.with_context(in_file)?,
    };
    how(&mut file)?;
    file.write(path).with_context(in_file)
}

fn read(path: &Path) -> anyhow::Result<ReadKeyFile> {
    ReadKeyFile::read(path).with_context(|| {
        format!(
            "{} cannot be used; `playhead keys make --read` writes one, --file names another",
            path.display()
        )
    })
}
