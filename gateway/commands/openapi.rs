//! `playhead openapi`: the description of the analytics API.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::analytics::openapi;

/// Print the OpenAPI document of the analytics API
///
/// The same that a gateway serves at `/openapi.json`; clients are generated from it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead openapi | jq '.paths | keys'
  playhead openapi --write openapi.json")]
pub(super) struct Args {
    /// Write it into this file instead
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let text = openapi::json();
    match &args.write {
        Some(file) => std::fs::write(file, format!("{text}\n"))
            .with_context(|| format!("cannot write {}", file.display()))?,
        None => println!("{text}"),
    }
    Ok(())
}
