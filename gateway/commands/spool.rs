//! `playhead spool`: looks into the spool of a gateway, and empties it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::config::{Config, SpoolMode};
use crate::produce::Producer;
use crate::produce::spool::{self, Findings, FoundSegment, aside};

/// How long Kafka may take to answer.
const KAFKA_PATIENCE: Duration = Duration::from_secs(10);

/// Look into the spool of beacons that are acknowledged and not in Kafka yet
///
/// `docs/durability.md` tells what the spool is for.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead spool list                    what waits, also while the gateway runs
  playhead spool verify                  reads every record; exit code 1 if one is damaged
  playhead spool drain                   of a gateway that is stopped: brings all of it to Kafka
  playhead spool list --folder /srv/old/spool")]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
    /// Another folder than the configured one
    #[arg(long, global = true, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::Subcommand)]
enum Action {
    /// Show the files, and how much waits for Kafka
    List,
    /// Read every record and its checksum; changes nothing
    Verify,
    /// Bring everything to Kafka; the gateway of this folder must not be running
    Drain,
}

pub(super) async fn run(args: Args, config: &Config) -> anyhow::Result<ExitCode> {
    let mut config = config.clone();
    if let Some(folder) = args.folder {
        config.spool.folder = folder;
    }
    let folder = &config.spool.folder;
    anyhow::ensure!(
        folder.is_dir(),
        "there is no spool in {}; name its folder with --folder or spool.folder",
        folder.display()
    );
    match args.action {
        Action::List => list(folder),
        Action::Verify => verify(folder),
        Action::Drain => drain(config).await,
    }
}

fn list(folder: &Path) -> anyhow::Result<ExitCode> {
    let found = spool::inspect(folder)?;
    let mut out = io::stdout().lock();
    for segment in &found.segments {
        writeln!(out, "{}", line(segment, found.cursor))?;
    }
    writeln!(
        out,
        "{} beacons in {} records wait for Kafka; the oldest since {}",
        found.rows,
        found.records,
        found.oldest_ms.map_or("-".into(), time_text)
    )?;
    report_asides(folder, &mut out)?;
    Ok(ExitCode::SUCCESS)
}

fn verify(folder: &Path) -> anyhow::Result<ExitCode> {
    let found = spool::inspect(folder)?;
    let mut out = io::stdout().lock();
    let torn: u64 = found
        .segments
        .iter()
        .map(|segment| segment.torn_bytes)
        .sum();
    writeln!(
        out,
        "{} files, {} records, {} beacons wait for Kafka",
        found.segments.len(),
        found.records,
        found.rows
    )?;
    if torn > 0 {
        writeln!(
            out,
            "{torn} bytes at the end belong to no record: they were being written, and nobody was promised them"
        )?;
    }
    report_damage(&found, &mut out)?;
    let (_, are_asides_well) = report_asides(folder, &mut out)?;
    let is_well = found.damage.is_empty() && !found.is_cursor_unreadable && are_asides_well;
    Ok(if is_well {
        writeln!(out, "nothing is damaged")?;
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn report_damage(found: &Findings, out: &mut impl Write) -> io::Result<()> {
    for damage in &found.damage {
        writeln!(
            out,
            "damaged: records {} to {} were acknowledged and cannot be read",
            damage.from_seq, damage.to_seq
        )?;
    }
    if found.is_cursor_unreadable {
        writeln!(
            out,
            "the cursor cannot be read: all records are sent again, and copies fold in the warehouse"
        )?;
    }
    Ok(())
}

/// Tells what is too large for Kafka; how many beacons that is, and whether all of their files are whole.
fn report_asides(folder: &Path, out: &mut impl Write) -> io::Result<(usize, bool)> {
    let (kept, damaged) = aside::inspect(folder)?;
    if kept > 0 {
        writeln!(
            out,
            "{kept} beacons are larger than Kafka takes, and kept in {}; raise max.message.bytes of the topic, then start the gateway or drain again",
            aside::folder(folder).display()
        )?;
    }
    for name in &damaged {
        writeln!(out, "damaged: {name} of what is larger than Kafka takes")?;
    }
    Ok((kept, damaged.is_empty()))
}

async fn drain(mut config: Config) -> anyhow::Result<ExitCode> {
    let waiting = spool::inspect(&config.spool.folder)?.rows;
    // As fast as Kafka takes it, and not without Kafka.
    config.spool.mode = SpoolMode::SpoolAlways;
    let producer = Producer::start(config.clone()).await?;
    if let Err(error) = producer.ping(KAFKA_PATIENCE).await {
        producer.finish().await;
        return Err(anyhow::Error::msg(error));
    }
    let bar = ProgressBar::new(waiting);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:30} {pos} of {len} beacons, {per_sec}, {eta} left")
    {
        bar.set_style(style);
    }
    let left = loop {
        let left = producer.spooled_beacons();
        bar.set_position(waiting.saturating_sub(left));
        if left == 0 {
            break left;
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(100)) => {}
            _ = tokio::signal::ctrl_c() => break left,
        }
    };
    bar.finish();
    producer.finish().await;
    let mut out = io::stdout().lock();
    if left > 0 {
        writeln!(out, "{left} of {waiting} beacons are left; call it again")?;
        return Ok(ExitCode::FAILURE);
    }
    let (kept, are_whole) = report_asides(&config.spool.folder, &mut out)?;
    if kept > 0 || !are_whole {
        writeln!(out, "everything else is in {}", config.kafka.topic)?;
        return Ok(ExitCode::FAILURE);
    }
    writeln!(out, "{waiting} beacons are in {}", config.kafka.topic)?;
    Ok(ExitCode::SUCCESS)
}

fn line(segment: &FoundSegment, cursor: u64) -> String {
    let state = if segment.is_damaged {
        "damaged"
    } else if segment.last_seq <= cursor {
        "drained"
    } else {
        "waits"
    };
    format!(
        "{}  {:>10} bytes  records {} to {}  {} beacons  since {}  {state}",
        segment.name,
        segment.bytes,
        segment.first_seq,
        segment.last_seq,
        segment.rows,
        segment.oldest_ms.map_or("-".into(), time_text)
    )
}

fn time_text(unix_ms: u64) -> String {
    let nanoseconds = i128::from(unix_ms) * 1_000_000;
    let time = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok();
    time.and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_else(|| unix_ms.to_string())
}
