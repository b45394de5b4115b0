//! `playhead topics`: creates the beacon topic.

use crate::config::Config;
use crate::produce::topic::{self, Creation};

/// Create the beacon topic if it is not there
///
/// A topic that exists is left as it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead topics
  PLAYHEAD_KAFKA__PARTITIONS=24 PLAYHEAD_KAFKA__REPLICATION_FACTOR=3 playhead topics")]
pub(super) struct Args {}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub(super) async fn run(_: Args, config: &Config) -> anyhow::Result<()> {
    let kafka = &config.kafka;
    match topic::create(kafka).await? {
        Creation::Created => println!(
            "created {} with {} partitions, {} copies",
            kafka.topic, kafka.partitions, kafka.replication_factor
        ),
        Creation::AlreadyThere => println!("{} is already there", kafka.topic),
    }
    Ok(())
}
