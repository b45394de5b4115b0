//! The commands of `playhead`, one file each.
//!
//! Each has `Args` (what `--help` shows) and `run(args, &Config)`.

mod check;
mod check_config;
mod dimensions;
mod keys;
mod metrics;
mod migrate;
mod openapi;
mod redrive;
mod retention;
mod schema;
mod send;
mod serve;
mod simulate;
mod spool;
mod tail;
mod topics;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;

/// Beacon analytics for video streaming.
#[derive(Debug, Parser)]
#[command(name = "playhead", version, about, max_term_width = 100)]
pub struct Cli {
    /// Configuration file; without it `playhead.toml` in the working directory, if it is there
    #[arg(long, global = true, env = "PLAYHEAD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Args),
    CheckConfig(check_config::Args),
    Topics(topics::Args),
    Tail(tail::Args),
    Send(send::Args),
    Watch(watch::Args),
    Keys(keys::Args),
    Dimensions(dimensions::Args),
    Migrate(migrate::Args),
    Retention(retention::Args),
    Schema(schema::Args),
    Metrics(metrics::Args),
    Openapi(openapi::Args),
    Check(check::Args),
    Simulate(simulate::Args),
    Spool(spool::Args),
    Redrive(redrive::Args),
}

/// Runs the command that was asked for.
///
/// # Errors
/// Whatever the command could not do; its message says what to do about it.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = Config::load(cli.config.as_deref())?;
    crate::telemetry::start(&config.log)?;
    match cli.command {
        Command::Serve(args) => serve::run(args, &config).await?,
        Command::CheckConfig(args) => check_config::run(args, &config)?,
        Command::Topics(args) => return topics::run(args, &config).await,
        Command::Tail(args) => tail::run(args, &config).await?,
        Command::Send(args) => return send::run(args, &config).await,
        Command::Watch(args) => watch::run(args, &config).await?,
        Command::Keys(args) => return keys::run(args, &config),
        Command::Dimensions(args) => return dimensions::run(args, &config).await,
        Command::Spool(args) => return spool::run(args, &config).await,
        Command::Redrive(args) => return redrive::run(args, &config).await,
        Command::Simulate(args) => return simulate::run(args).await,
        Command::Migrate(args) => migrate::run(args, &config).await?,
        Command::Retention(args) => retention::run(args, &config).await?,
        Command::Schema(args) => schema::run(args, &config).await?,
        Command::Metrics(args) => metrics::run(&args)?,
        Command::Openapi(args) => openapi::run(&args)?,
        Command::Check(args) => return check::run(args, &config).await,
    }
    Ok(ExitCode::SUCCESS)
}
