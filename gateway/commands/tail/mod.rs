//! `playhead tail`: prints a topic's beacons, since its messages are batches of packed protobuf.

mod position;
mod reader;

use std::io::{self, Write};

use self::position::Start;
use self::reader::TopicReader;
use crate::beacon::Beacon;
use crate::config::{Config, KafkaConfig};

/// Beacons printed when nothing else is asked for.
const DEFAULT_LIMIT: usize = 10;

/// Print the beacons of the topic as JSON, one a line
///
/// Without options the last 10. Messages are batches, so order holds within a partition only.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead tail                          the last 10 beacons
  playhead tail --follow                 everything that comes from now on
  playhead tail --session s-42           all beacons of one session
  playhead tail --from-beginning | jq -r .event | sort | uniq -c")]
pub(super) struct Args {
    /// Only beacons of this session; searches the whole topic
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// Stop after this many
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
    /// Begin with the oldest message that the topic still holds
    #[arg(long)]
    from_beginning: bool,
    /// Go on with what comes, until Ctrl-C
    #[arg(long, short)]
    follow: bool,
    /// Another topic than the configured one
    #[arg(long, value_name = "NAME")]
    topic: Option<String>,
}

pub(super) async fn run(args: Args, config: &Config) -> anyhow::Result<()> {
    let mut kafka = config.kafka.clone();
    if let Some(topic) = &args.topic {
        kafka.topic.clone_from(topic);
    }
    // The Kafka consumer blocks.
    tokio::task::spawn_blocking(move || print(&args, &kafka)).await?
}

fn print(args: &Args, kafka: &KafkaConfig) -> anyhow::Result<()> {
    let is_last_only = !args.from_beginning && !args.follow && args.session.is_none();
    let limit = args.limit.unwrap_or(if is_last_only {
        DEFAULT_LIMIT
    } else {
        usize::MAX
    });
    let start = if args.from_beginning || (args.session.is_some() && !args.follow) {
        Start::Oldest
    } else if args.follow {
        Start::Newest
    } else {
        Start::Back(limit)
    };
    let reader = TopicReader::open(kafka, start)?;
    let wanted = |beacon: &Beacon| {
        let session = args.session.as_deref();
        session.is_none_or(|session| beacon.session_id() == session)
    };
    let beacons = reader.beacons(args.follow).filter(wanted);
    let written = if is_last_only {
        write_all(last(beacons, limit))
    } else {
        write_all(beacons.take(limit))
    };
    match written {
        // Whoever read us has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

/// The latest received, in the order of receipt.
fn last(beacons: impl Iterator<Item = Beacon>, limit: usize) -> impl Iterator<Item = Beacon> {
    let mut held: Vec<Beacon> = beacons.collect();
    held.sort_by_key(Beacon::received_time_ms);
    let surplus = held.len().saturating_sub(limit);
    held.into_iter().skip(surplus)
}

fn write_all(beacons: impl Iterator<Item = Beacon>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for beacon in beacons {
        serde_json::to_writer(&mut out, &beacon)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
