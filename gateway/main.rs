//! The `playhead` command.

use std::process::ExitCode;

use clap::Parser;
use playhead::commands::{Cli, run};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
#[expect(
    clippy::print_stderr,
    reason = "the last word of a command that failed"
)]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("playhead: {error:#}");
            ExitCode::FAILURE
        }
    }
}
