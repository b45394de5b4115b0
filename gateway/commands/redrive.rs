//! `playhead redrive`: messages that the warehouse could not read.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::config::{Config, SpoolMode};
use crate::produce::{Producer, Salvaged, salvage};
use crate::warehouse::dead_letters::{self, Position};
use crate::warehouse::{Warehouse, version};

/// Bytes of a letter that are shown.
const SHOWN_BYTES: usize = 256;

/// List, look into and drive again the messages that ClickHouse could not read
///
/// A message of Kafka that cannot be read is kept as a dead letter. Once the cause is mended, its beacons are sent to the topic
/// again; copies fold by their identity, so doing it twice changes nothing. docs/dead-letters.md tells more.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead redrive list                  what there is, and what has become of it
  playhead redrive show 3:12345          what is inside: beacons, and why the rest is none
  playhead redrive run --all --dry-run   what would be sent
  playhead redrive run --all             sends what waits, and notes it
  playhead redrive run 3:12345 --again   sends a letter a second time")]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Show the letters, oldest first
    List {
        /// Only those that were never driven again
        #[arg(long)]
        waiting: bool,
        /// At most this many
        #[arg(long, value_name = "LETTERS", default_value_t = 100)]
        limit: u64,
    },
    /// Show what is inside a letter
    Show {
        /// Its place in Kafka
        #[arg(value_name = "PARTITION:OFFSET")]
        letter: Position,
    },
    /// Send the beacons of letters to Kafka again
    Run {
        /// Their places in Kafka
        #[arg(value_name = "PARTITION:OFFSET", required_unless_present = "all")]
        letters: Vec<Position>,
        /// All that wait, a thousand at a time
        #[arg(long, conflicts_with = "letters")]
        all: bool,
        /// Only say what would be sent
        #[arg(long)]
        dry_run: bool,
        /// Also those that were driven again before
        #[arg(long)]
        again: bool,
    },
}

/// Letters that one run takes with --all.
const AT_ONCE: u64 = 1_000;

/// More than there ever should be.
const LETTERS_MAX: u64 = 1_000_000;

/// Where the letters are.
struct Letters<'c> {
    warehouse: Warehouse,
    config: &'c Config,
}

pub(super) async fn run(args: Args, config: &Config) -> anyhow::Result<ExitCode> {
    let warehouse = Warehouse::new((&config.clickhouse).into())?;
    version::check(&warehouse).await?;
    let letters = Letters { warehouse, config };
    match args.action {
        Action::List { waiting, limit } => letters.list(waiting, limit).await,
        Action::Show { letter } => letters.show(letter).await,
        Action::Run {
            letters: named,
            all,
            dry_run,
            again,
        } => {
            let chosen = if all {
                letters.all(again).await?
            } else {
                letters.named(named, again).await?
            };
            letters.drive(&chosen, dry_run).await
        }
    }
}

impl Letters<'_> {
    fn topic(&self) -> &str {
        &self.config.kafka.topic
    }

    fn suffix(&self) -> &str {
        &self.config.clickhouse.cluster_suffix
    }

    async fn list(&self, waiting: bool, limit: u64) -> anyhow::Result<ExitCode> {
        let found =
            dead_letters::list(&self.warehouse, self.suffix(), self.topic(), waiting, limit)
                .await?;
        let mut out = io::stdout().lock();
        for letter in &found {
            writeln!(
                out,
                "{:<12} {}  {:>8} bytes  {:<16} {}",
                letter.position().to_string(),
                letter.seen_at,
                letter.size_bytes,
                letter.state(),
                letter.error.lines().next().unwrap_or_default()
            )?;
        }
        writeln!(out, "{} letters of {}", found.len(), self.topic())?;
        Ok(ExitCode::SUCCESS)
    }

    async fn show(&self, letter: Position) -> anyhow::Result<ExitCode> {
        let message = self.message(letter).await?;
        let salvaged = salvage(&message);
        let mut out = io::stdout().lock();
        for beacon in salvaged.beacons() {
            serde_json::to_writer(&mut out, &beacon)?;
            writeln!(out)?;
        }
        for (place, reason) in &salvaged.unreadable {
            writeln!(out, "row {place} is no beacon: {reason}")?;
        }
        writeln!(
            out,
            "{letter}: {} bytes, {} beacons, {} rows that are none",
            message.len(),
            salvaged.records.len(),
            salvaged.unreadable.len()
        )?;
        if !salvaged.unreadable.is_empty() {
            let shown = message.iter().take(SHOWN_BYTES);
            let bytes: Vec<String> = shown.map(|byte| format!("{byte:02x}")).collect();
            writeln!(out, "it begins with {}", bytes.join(" "))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn all(&self, again: bool) -> anyhow::Result<Vec<Position>> {
        let found = dead_letters::list(
            &self.warehouse,
            self.suffix(),
            self.topic(),
            !again,
            AT_ONCE,
        )
        .await?;
        Ok(found.iter().map(dead_letters::Letter::position).collect())
    }

    /// Those of the named ones that wait.
    async fn named(&self, named: Vec<Position>, again: bool) -> anyhow::Result<Vec<Position>> {
        if again {
            return Ok(named);
        }
        let found = dead_letters::list(
            &self.warehouse,
            self.suffix(),
            self.topic(),
            false,
            LETTERS_MAX,
        )
        .await?;
        let is_done = |position: &Position| {
            found
                .iter()
                .any(|letter| letter.position() == *position && letter.state() != "waits")
        };
        Ok(named.into_iter().filter(|each| !is_done(each)).collect())
    }

    async fn drive(&self, chosen: &[Position], dry_run: bool) -> anyhow::Result<ExitCode> {
        if chosen.is_empty() {
            writeln!(
                io::stdout(),
                "no letter waits; --again takes those that were driven before"
            )?;
            return Ok(ExitCode::SUCCESS);
        }
        let producer = if dry_run {
            None
        } else {
            Some(self.producer().await?)
        };
        let (mut beacons, mut unreadable) = (0, 0);
        for position in chosen {
            let salvaged = salvage(&self.message(*position).await?);
            let (sent, left) = match &producer {
                Some(producer) => self.send(producer, *position, &salvaged).await?,
                None => (salvaged.records.len(), salvaged.unreadable.len()),
            };
            writeln!(
                io::stdout(),
                "{position}: {sent} beacons{}, {left} rows that are none",
                if dry_run { " would be sent" } else { " sent" }
            )?;
            beacons += sent;
            unreadable += left;
        }
        if let Some(producer) = producer {
            producer.finish().await;
        }
        writeln!(
            io::stdout(),
            "{} letters, {beacons} beacons, {unreadable} rows that are none",
            chosen.len()
        )?;
        Ok(ExitCode::SUCCESS)
    }

    /// Kafka has the beacons before the note is made: whoever is stopped in between sends them a second time, and they fold.
    async fn send(
        &self,
        producer: &Producer,
        position: Position,
        salvaged: &Salvaged,
    ) -> anyhow::Result<(usize, usize)> {
        let too_large = producer.deliver_again(salvaged).await?;
        let sent = salvaged.records.len() - too_large;
        let left = salvaged.unreadable.len() + too_large;
        dead_letters::mark(
            &self.warehouse,
            self.suffix(),
            self.topic(),
            position,
            sent,
            left,
        )
        .await?;
        Ok((sent, left))
    }

    /// By Kafka alone: the spool belongs to the gateway.
    async fn producer(&self) -> anyhow::Result<Producer> {
        let mut config = self.config.clone();
        config.spool.mode = SpoolMode::KafkaOnly;
        config.spool.folder = std::path::PathBuf::new();
        Ok(Producer::start(config).await?)
    }

    async fn message(&self, letter: Position) -> anyhow::Result<Vec<u8>> {
        let found =
            dead_letters::message(&self.warehouse, self.suffix(), self.topic(), letter).await?;
        found.ok_or_else(|| {
            anyhow::anyhow!(
                "there is no letter {letter} of {}; `playhead redrive list` shows them",
                self.topic()
            )
        })
    }
}
