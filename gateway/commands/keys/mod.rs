//! `playhead keys`: makes, lists, replaces and revokes keys; `read` does it for read keys.

mod read;

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::analytics::access::Scope;
use crate::config::{Config, GateMode};
use crate::gate::DoorName;
use crate::gate::keys::{KeyEntry, KeyFile, KeyFileError, KeyFileLock, KeyKind, NewKey};
use crate::gate::origin::OriginRule;

/// Make, list, replace and revoke write keys, with which players send beacons, and read keys, with which the API is read
///
/// Keys are kept as digests in the files that `gate.keys_file` and `read_keys.keys_file` name. Running gateways read
/// them again when they change; they ask for keys once `gate.mode` or `read_keys.mode` says so.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead keys make --tenant acme --name 'web player' --origin https://tv.acme.example
  playhead keys make --tenant acme --door cmcd --door native --beacons-per-second 5000
  playhead keys list
  playhead keys revoke phw_Xk93Ab7Q
  playhead keys make --read --tenant acme --scope read --scope sql --name dashboards
  playhead keys rotate ph_read_Xk93Ab7Q --overlap-hours 24
  PLAYHEAD_GATE__MODE=enforce playhead serve")]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
    /// File of the keys; without it the configured one
    #[arg(long, global = true, value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Action {
    Make(Make),
    List(List),
    Revoke(Revoke),
    Rotate(read::Rotate),
}

/// Make a key and print it; it is told this once
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead keys make --tenant acme
  playhead keys make --tenant acme --name 'web player' --origin 'https://*.acme.example'
  playhead keys make --tenant acme --door snowplow --app-id acme-web --app-id acme-tv
  playhead keys make --tenant acme --name 'test lab' --test
  playhead keys make --tenant acme --beacons-per-second 5000 --burst-beacons 20000")]
struct Make {
    /// A read key, for the analytics API, and not a write key
    #[arg(long)]
    read: bool,
    /// Whose beacons come with it, or whose numbers it reads
    #[arg(long)]
    tenant: String,
    /// What a read key opens; without any: read
    #[arg(long = "scope", value_enum, value_name = "SCOPE", requires = "read")]
    scopes: Vec<Scope>,
    /// Days after which a read key opens nothing any more; without it, it lasts until it is revoked
    #[arg(long, value_name = "DAYS", requires = "read")]
    expires_days: Option<NonZeroU32>,
    /// Most requests a second of a read key, at each gateway; without it `read_keys.requests_per_second`
    #[arg(long, value_name = "NUMBER", requires = "read")]
    requests_per_second: Option<NonZeroU32>,
    /// What it is for, for people
    #[arg(long, default_value = "")]
    name: String,
    /// A door that it opens; without any, all of them
    #[arg(long = "door", value_enum, value_name = "DOOR")]
    doors: Vec<DoorName>,
    /// An origin of pages that may use it (`https://tv.example`, `https://*.example`); without any, all
    #[arg(long = "origin", value_name = "ORIGIN")]
    origins: Vec<OriginRule>,
    /// An application id of Snowplow trackers that stands for the key
    #[arg(long = "app-id", value_name = "ID")]
    app_ids: Vec<String>,
    /// A key for test devices and quality assurance: its beacons are marked `is_test` at every door, and left out of published numbers
    #[arg(long, conflicts_with = "read")]
    test: bool,
    /// Most beacons a second, at each gateway
    #[arg(long, value_name = "NUMBER")]
    beacons_per_second: Option<NonZeroU32>,
    /// Most beacons at once; without it those of two seconds
    #[arg(long, value_name = "NUMBER", requires = "beacons_per_second")]
    burst_beacons: Option<NonZeroU32>,
}

/// List all keys, without their secrets
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead keys list
  playhead keys list --json | jq -r '.[] | select(.revoked == null) | .id'")]
struct List {
    /// One JSON array instead of a table
    #[arg(long)]
    json: bool,
    /// Read keys, and not write keys
    #[arg(long)]
    read: bool,
}

/// Revoke a key: whoever sends it is refused from then on
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead keys revoke phw_Xk93Ab7Q")]
struct Revoke {
    /// The first letters of the key, as `playhead keys list` shows them; the whole key will do
    #[arg(value_name = "ID")]
    id: String,
}

pub(super) fn run(args: Args, config: &Config) -> anyhow::Result<ExitCode> {
    let is_about_read_keys = match &args.action {
        Action::Make(make) => make.read,
        Action::List(list) => list.read,
        Action::Revoke(revoke) => KeyKind::Read.is_told_by(&revoke.id),
        Action::Rotate(_) => true,
    };
    let configured = if is_about_read_keys {
        &config.read_keys.keys_file
    } else {
        &config.gate.keys_file
    };
    let path = args.file.as_deref().unwrap_or(configured);
    if path.as_os_str().is_empty() {
        bail!(
            "name a file: --file FILE, or gate.keys_file and read_keys.keys_file in the configuration"
        );
    }
    match args.action {
        Action::Make(make) if make.read => read::make(&make, path, config)?,
        Action::List(list) if list.read => read::list(path, list.json)?,
        Action::Revoke(revoke) if is_about_read_keys => read::revoke(path, &revoke.id)?,
        Action::Make(make) => make.run(path, config)?,
        Action::List(list) => list.run(path)?,
        Action::Revoke(revoke) => revoke.run(path)?,
        Action::Rotate(rotate) => rotate.run(path)?,
    }
    Ok(ExitCode::SUCCESS)
}

impl Make {
    #[expect(
        clippy::print_stdout,
        clippy::print_stderr,
        reason = "the key alone goes to standard output, what to do with it beside it"
    )]
    fn run(self, path: &Path, config: &Config) -> anyhow::Result<()> {
        let key =
            NewKey::make(KeyKind::Write).context("the operating system gives no randomness")?;
        change(path, |file| {
            if file.keys.iter().any(|known| known.id == key.id) {
                bail!("by chance the key has the id of another one; run the command again");
            }
            file.keys.push(self.entry(&key)?);
            Ok(())
        })?;
        eprintln!(
            "key {} of {}; it is told this once:",
            key.id,
            path.display()
        );
        println!("{}", key.text);
        eprintln!("send it as header `x-playhead-key` or as `?key=` (docs/gate.md)");
        if config.gate.mode == GateMode::Off {
            eprintln!("gateways ask for keys once gate.mode is dry_run or enforce; it is off");
        }
        Ok(())
    }

    fn entry(self, key: &NewKey) -> anyhow::Result<KeyEntry> {
        Ok(KeyEntry {
            id: key.id.clone(),
            sha256: key.sha256.clone(),
            tenant: self.tenant,
            name: self.name,
            doors: self.doors,
            origins: self.origins,
            app_ids: self.app_ids,
            is_test: self.test,
            beacons_per_second: self.beacons_per_second,
            burst_beacons: self.burst_beacons,
            created: now()?,
            revoked: None,
        })
    }
}

impl List {
    #[expect(clippy::print_stdout, reason = "this is what the command is for")]
    fn run(&self, path: &Path) -> anyhow::Result<()> {
        let file = read(path)?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&file.keys)?);
            return Ok(());
        }
        let line = |id: &str, tenant: &str, state: &str, quota: &str, name: &str| {
            println!("{id:<13} {tenant:<20} {state:<8} {quota:>9} {name}");
        };
        line(
            "ID",
            "TENANT",
            "STATE",
            "BEACONS/S",
            "NAME, TEST, DOORS, ORIGINS, APP IDS",
        );
        for key in &file.keys {
            let state = if key.revoked.is_some() {
                "revoked"
            } else {
                "active"
            };
            let quota = key.beacons_per_second.map(|rate| rate.to_string());
            line(
                &key.id,
                &key.tenant,
                state,
                quota.as_deref().unwrap_or("any"),
                &about(key),
            );
        }
        Ok(())
    }
}

impl Revoke {
    #[expect(clippy::print_stdout, reason = "the last word of a command")]
    fn run(&self, path: &Path) -> anyhow::Result<()> {
        read(path)?;
        change(path, |file| {
            let is_meant =
                |key: &&mut KeyEntry| self.id == key.id || NewKey::is_of(&self.id, &key.id);
            let Some(key) = file.keys.iter_mut().find(is_meant) else {
                bail!(
                    "there is no such key in {}; `playhead keys list` shows them",
                    path.display()
                );
            };
            if key.revoked.is_none() {
                key.revoked = Some(now()?);
            }
            println!("{} is revoked", key.id);
            Ok(())
        })
    }
}

/// What a key is for and where it may be used.
fn about(key: &KeyEntry) -> String {
    let doors = key.doors.iter().map(ToString::to_string);
    let origins = key.origins.iter().map(ToString::to_string);
    let test = if key.is_test { "test" } else { "" };
    let parts = [key.name.clone(), test.to_owned()]
        .into_iter()
        .chain(doors)
        .chain(origins)
        .chain(key.app_ids.iter().cloned());
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// Changes the file while nobody else does.
fn change(path: &Path, how: impl FnOnce(&mut KeyFile) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let in_file = || format!("cannot change {}", path.display());
    let _lock = KeyFileLock::take(path).with_context(in_file)?;
    let mut file = match KeyFile::read(path) {
        Err(KeyFileError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            KeyFile::default()
        }
        read => read.with_context(in_file)?,
    };
    how(&mut file)?;
    file.write(path).with_context(in_file)
}

fn read(path: &Path) -> anyhow::Result<KeyFile> {
    KeyFile::read(path).with_context(|| {
        format!(
            "{} cannot be used; `playhead keys make` writes one, --file names another",
            path.display()
        )
    })
}

fn now() -> anyhow::Result<String> {
    written(OffsetDateTime::now_utc())
}

/// A moment as the files have it, to the second.
fn written(moment: OffsetDateTime) -> anyhow::Result<String> {
    Ok(moment.replace_nanosecond(0)?.format(&Rfc3339)?)
}
