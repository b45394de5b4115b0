//! `playhead check`: what must hold of the warehouse's data.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::checks::{ALL, Check, Outcome, Window, accepted, look};
use crate::config::Config;
use crate::warehouse::{Connection, Placeholders, Warehouse, version};

/// Check on a running warehouse that its numbers agree with each other
///
/// Looks whether what the topic holds is in the warehouse, then runs the files of sql/checks/, which find rows only where an
/// invariant is violated, over the last settled hour or another window. Exits with 1 when one is violated.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead check                                    the last hour that is settled
  playhead check --since 2026-11-21T10:00:00Z --until 2026-11-21T12:00:00Z
  playhead check --only minute_rollup --only session_rows
  playhead check --list                             what each check proves, and what to do when it fails
  playhead check --json | jq '.checks[] | select(.is_violated)'")]
pub(super) struct Args {
    /// Begin of the window, RFC 3339, cut to the minute; by default an hour before its end
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<OffsetDateTime>,
    /// End of the window, RFC 3339, cut to the minute; by default the last minute that is settled
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Option<OffsetDateTime>,
    /// Only this check; can be given several times
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(names()))]
    only: Vec<String>,
    /// Seconds after which a violation is looked at again before it is believed, longer than two passes take to follow one
    /// another; 0 believes the first look
    #[arg(long, value_name = "SECONDS", default_value_t = 75)]
    again: u64,
    /// Seconds that one check may take
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    timeout: u64,
    /// Messages that `accepted` reads of each partition, at most
    #[arg(long, value_name = "MESSAGES", default_value_t = 400, value_parser = clap::value_parser!(u32).range(8..))]
    messages: u32,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Say what each check proves and what to do when it fails; ask nothing
    #[arg(long, conflicts_with = "json")]
    list: bool,
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub(super) async fn run(args: Args, config: &Config) -> anyhow::Result<ExitCode> {
    let checks = args.checks();
    if args.list {
        checks.iter().for_each(Asked::explain);
        return Ok(ExitCode::SUCCESS);
    }
    let settled = Window::settled(OffsetDateTime::now_utc(), &config.sessions);
    let window = Window::new(args.since, args.until, settled).map_err(anyhow::Error::msg)?;
    if window.until > settled {
        tracing::warn!(
            "the window is settled only up to {settled}; what comes later may look violated"
        );
    }
    let warehouse = Warehouse::new(Connection {
        request_timeout: Duration::from_secs(args.timeout.max(1)),
        ..Connection::from(&config.clickhouse)
    })?;
    version::check(&warehouse).await?;
    let placeholders = Placeholders::try_from(config)?;

    let again = Duration::from_secs(args.again);
    let mut found = Vec::new();
    for asked in checks {
        let outcome = match asked {
            Asked::File(check) => look(&warehouse, &placeholders, check, window, again)
                .await
                .map_err(anyhow::Error::from),
            Asked::Accepted => {
                let kafka = &config.kafka;
                let most = args.messages;
                accepted::look(&warehouse, &placeholders, kafka, window, most, again)
                    .await
                    .map_err(anyhow::Error::from)
            }
        };
        let outcome = outcome.with_context(|| format!("check {}", asked.name()))?;
        if !args.json {
            tell(asked, &outcome);
        }
        found.push((asked, outcome));
    }
    if args.json {
        println!("{:#}", in_json(window, &found)?);
    }
    let is_violated = found.iter().any(|(_, outcome)| outcome.is_violated());
    Ok(ExitCode::from(u8::from(is_violated)))
}

/// One of the checks.
#[derive(Clone, Copy, Debug)]
enum Asked {
    /// What lies in the topic.
    Accepted,
    /// A file of sql/checks/.
    File(Check),
}

/// In the order in which they are looked at.
fn all() -> impl Iterator<Item = Asked> {
    let files = ALL.iter().copied().map(Asked::File);
    std::iter::once(Asked::Accepted).chain(files)
}

fn names() -> impl Iterator<Item = &'static str> {
    all().map(|asked| asked.name())
}

impl Asked {
    fn name(self) -> &'static str {
        match self {
            Self::Accepted => accepted::NAME,
            Self::File(check) => check.name,
        }
    }

    fn proves(self) -> String {
        match self {
            Self::Accepted => accepted::PROVES.to_owned(),
            Self::File(check) => check.proves(),
        }
    }

    fn remedy(self) -> String {
        match self {
            Self::Accepted => accepted::REMEDY.to_owned(),
            Self::File(check) => check.remedy(),
        }
    }

    #[expect(clippy::print_stdout, reason = "this is what the command is for")]
    fn explain(&self) {
        println!(
            "{}\n  proves: {}\n  when it fails: {}\n",
            self.name(),
            self.proves(),
            self.remedy()
        );
    }
}

impl Args {
    fn checks(&self) -> Vec<Asked> {
        let is_wanted = |asked: &Asked| {
            self.only.is_empty() || self.only.iter().any(|name| name == asked.name())
        };
        all().filter(is_wanted).collect()
    }
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
fn tell(asked: Asked, outcome: &Outcome) {
    let (name, ms) = (asked.name(), outcome.took.as_millis());
    if !outcome.is_violated() {
        println!("ok        {name:<18} {ms:>6} ms");
        return;
    }
    println!("VIOLATED  {name:<18} {ms:>6} ms");
    outcome.rows.iter().for_each(|row| println!("    {row}"));
    println!(
        "  It should hold: {}\n  What to do: {}",
        asked.proves(),
        asked.remedy()
    );
}

fn in_json(window: Window, found: &[(Asked, Outcome)]) -> anyhow::Result<Value> {
    let mut checks = Vec::new();
    for (asked, outcome) in found {
        let rows: Result<Vec<Value>, _> = outcome
            .rows
            .iter()
            .map(|row| serde_json::from_str(row))
            .collect();
        checks.push(json!({
            "name": asked.name(),
            "is_violated": outcome.is_violated(),
            "took_ms": u64::try_from(outcome.took.as_millis())?,
            "rows": rows?,
            "proves": asked.proves(),
            "remedy": asked.remedy(),
        }));
    }
    Ok(json!({
        "since": window.since.format(&Rfc3339)?,
        "until": window.until.format(&Rfc3339)?,
        "checks": checks,
    }))
}

fn moment(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|_| "write it as 2026-11-21T10:00:00Z".to_owned())
}
