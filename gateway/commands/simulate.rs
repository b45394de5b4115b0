//! `playhead simulate`: generated viewers whose true numbers are known.

use std::process::ExitCode;

use playhead_simulator::SimulateArgs;

/// Let generated viewers watch, spoil the delivery of their beacons, and compare every number
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    simulate: SimulateArgs,
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let verdict = playhead_simulator::run(args.simulate).await?;
    println!("{verdict}");
    Ok(if verdict.is_passed() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
