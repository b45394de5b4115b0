//! `playhead dimensions`: brings titles, programmes and viewers to the gateway.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Subcommand;
use futures_util::{Stream, TryStreamExt as _, stream};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use crate::config::Config;
use crate::dimensions::{Dimension, FileFormat};

/// How long the gateway may take to be reached.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a load may take as a whole: the largest file over a slow line, and the warehouse's work.
const LOAD_TIMEOUT: Duration = Duration::from_secs(2 * 3600);
/// Read of the file at once; bytes.
const PIECE_BYTES: usize = 256 * 1024;

/// Load titles, programmes and viewers
///
/// A file is CSV with a header line, NDJSON or Parquet; docs/dimensions.md lists the columns. Rows that
/// were told before are replaced. A file that is wrong somewhere changes nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead dimensions load content catalogue.csv
  playhead dimensions load programmes schedule.ndjson --tenant acme
  playhead dimensions load viewers viewers.parquet --gateway http://gateway.internal:9464")]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Load a file; exits with 1 unless all of it was taken
    #[command(after_help = "Examples:
  playhead dimensions load content catalogue.csv
  playhead dimensions load content export.txt --format ndjson
  playhead dimensions load viewers viewers.parquet --tenant acme --gateway http://gateway.internal:9464")]
    Load(LoadArgs),
}

#[derive(Debug, clap::Args)]
struct LoadArgs {
    /// What the file holds
    dimension: Dimension,
    /// The file; its name tells the format: .csv, .ndjson, .jsonl or .parquet
    file: PathBuf,
    /// The format, where the name does not tell it
    #[arg(long)]
    format: Option<FileFormat>,
    /// Whose rows they are
    #[arg(long, value_name = "NAME", default_value = "default")]
    tenant: String,
    /// Operators' address of the gateway; without it the configured port on this machine
    #[arg(long, value_name = "URL")]
    gateway: Option<String>,
}

pub(super) async fn run(args: Args, config: &Config) -> anyhow::Result<ExitCode> {
    let Action::Load(args) = args.action;
    load(&args, config).await
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is what the command is for"
)]
async fn load(args: &LoadArgs, config: &Config) -> anyhow::Result<ExitCode> {
    let file = args.file.display();
    let Some(format) = args.format.or_else(|| FileFormat::of_file(&args.file)) else {
        bail!("{file}: its name tells no format; give --format csv, ndjson or parquet");
    };
    let gateway = match &args.gateway {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", config.operations.listen),
    };
    let opened = File::open(&args.file)
        .await
        .with_context(|| format!("cannot read {file}"))?;
    let progress = progress(opened.metadata().await?.len(), &args.file)?;
    let address = format!("{gateway}/v1/dimensions/{}", args.dimension.name());
    let response = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(LOAD_TIMEOUT)
        .build()?
        .put(address)
        .query(&[("tenant", &args.tenant)])
        .header("content-type", format.content_type())
        .body(reqwest::Body::wrap_stream(pieces(opened, progress.clone())))
        .send()
        .await
        .with_context(|| format!("no answer from {gateway}; is `playhead serve` running?"))?;
    progress.finish_and_clear();
    let status = response.status();
    let answer = response.text().await?;
    let answer: Value = serde_json::from_str(&answer).unwrap_or(Value::String(answer));
    if status.is_success() {
        println!(
            "{} rows of {} loaded for tenant {} in {:.1} s",
            answer["rows"],
            args.dimension.name(),
            args.tenant,
            answer["took_ms"].as_f64().unwrap_or_default() / 1000.0
        );
        return Ok(ExitCode::SUCCESS);
    }
    let detail = answer["detail"]
        .as_str()
        .map_or_else(|| answer.to_string(), str::to_owned);
    eprintln!("playhead: {file}: {detail}\nNothing was loaded ({status}).");
    Ok(ExitCode::FAILURE)
}

fn progress(bytes: u64, file: &Path) -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {bytes} of {total_bytes}, {eta}")
        .context("progress template")?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let progress = ProgressBar::new(bytes).with_style(style);
    Ok(progress.with_message(name.into_owned()))
}

/// The file piece by piece; the bar moves as they are taken.
fn pieces(
    file: File,
    progress: ProgressBar,
) -> impl Stream<Item = std::io::Result<Vec<u8>>> + Send + 'static {
    stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE_BYTES];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok((read > 0).then_some((piece, file)))
    })
    .inspect_ok(move |piece: &Vec<u8>| {
        progress.inc(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if progress.position() == progress.length().unwrap_or_default() {
            progress.set_message("sent; the warehouse checks and loads it");
        }
    })
}
