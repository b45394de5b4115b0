//! `playhead check-config`: reads the configuration and prints what is in force.

use crate::config::Config;

/// Check the configuration and print what is in force, as JSON; secrets are masked
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead check-config
  playhead --config /etc/playhead.toml check-config
  PLAYHEAD_KAFKA__LINGER_MS=100 playhead check-config")]
pub(super) struct Args {}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub(super) fn run(_: Args, config: &Config) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(config)?);
    Ok(())
}
