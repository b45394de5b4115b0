//! `playhead check`: what must hold of the warehouse's data.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::checks::{ALL, Check, Outcome, Window, look};
use crate::config::Config;
use crate::warehouse::{Connection, Placeholders, Warehouse, version};

/// Check on a running warehouse that its numbers agree with each other
///
/// Runs the files of sql/checks/, which find rows only where an invariant is violated, over the last settled hour or
/// another window. Exits with 1 when one is violated.
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
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(ALL.iter().map(|check| check.name)))]
    only: Vec<String>,
    /// Seconds after which a violation is looked at again before it is believed; 0 believes the first look
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    again: u64,
    /// Seconds that one check may take
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    timeout: u64,
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
        checks.iter().for_each(|check| {
            println!(
                "{}\n  proves: {}\n  when it fails: {}\n",
                check.name,
                check.proves(),
                check.remedy()
            );
        });
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

    let mut found = Vec::new();
    for check in checks {
        let again = Duration::from_secs(args.again);
        let outcome = look(&warehouse, &placeholders, check, window, again)
            .await
            .with_context(|| format!("check {}", check.name))?;
        if !args.json {
            tell(check, &outcome);
        }
        found.push((check, outcome));
    }
    if args.json {
        println!("{:#}", in_json(window, &found)?);
    }
    let is_violated = found.iter().any(|(_, outcome)| outcome.is_violated());
    Ok(ExitCode::from(u8::from(is_violated)))
}

impl Args {
    fn checks(&self) -> Vec<Check> {
        let is_wanted =
            |check: &Check| self.only.is_empty() || self.only.iter().any(|name| name == check.name);
        ALL.iter().copied().filter(is_wanted).collect()
    }
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
fn tell(check: Check, outcome: &Outcome) {
    let (name, ms) = (check.name, outcome.took.as_millis());
    if !outcome.is_violated() {
        println!("ok        {name:<16} {ms:>6} ms");
        return;
    }
    println!("VIOLATED  {name:<16} {ms:>6} ms");
    outcome.rows.iter().for_each(|row| println!("    {row}"));
    println!(
        "  It should hold: {}\n  What to do: {}",
        check.proves(),
        check.remedy()
    );
}

fn in_json(window: Window, found: &[(Check, Outcome)]) -> anyhow::Result<Value> {
    let mut checks = Vec::new();
    for (check, outcome) in found {
        let rows: Result<Vec<Value>, _> = outcome
            .rows
            .iter()
            .map(|row| serde_json::from_str(row))
            .collect();
        checks.push(json!({
            "name": check.name,
            "is_violated": outcome.is_violated(),
            "took_ms": u64::try_from(outcome.took.as_millis())?,
            "rows": rows?,
            "proves": check.proves(),
            "remedy": check.remedy(),
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
