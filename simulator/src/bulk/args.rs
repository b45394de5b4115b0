//! The knobs of a bulk load.

use clap::Args;

/// History instead of an event: how much of it, of whom, and of when.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Bulk")]
pub struct BulkArgs {
    /// Instead of an event: about that many beacons of the past, written straight into the warehouse's `beacons_in`.
    /// The sessions are computed afterwards: docs/replay.md
    #[arg(long, value_name = "BEACONS", conflicts_with_all = ["live", "verify", "rate"], value_parser = clap::value_parser!(u64).range(1..))]
    pub bulk_beacons: Option<u64>,

    /// Sessions that send them; without it one for each 200 beacons
    #[arg(long, value_name = "SESSIONS", requires = "bulk_beacons", value_parser = clap::value_parser!(u64).range(1..))]
    pub bulk_sessions: Option<u64>,

    /// Titles that are watched, by Zipf's law
    #[arg(long, value_name = "TITLES", requires = "bulk_beacons", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub bulk_titles: u32,

    /// Versions of the application in use, by Zipf's law
    #[arg(long, value_name = "VERSIONS", requires = "bulk_beacons", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub bulk_app_versions: u32,

    /// Time over which they are spread; hours
    #[arg(long, value_name = "HOURS", requires = "bulk_beacons", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=168))]
    pub bulk_hours: u32,

    /// Goes on with that hour, counted from 0: with the same arguments, --bulk-ends-at included, the hours before it
    /// are in already, and one that came half is written again, which changes nothing
    #[arg(
        long,
        value_name = "HOUR",
        requires = "bulk_beacons",
        default_value_t = 0
    )]
    pub bulk_from_hour: u32,

    /// End of the last hour, Unix s; without it the last full minute
    #[arg(long, value_name = "UNIX_S", requires = "bulk_beacons")]
    pub bulk_ends_at: Option<i64>,
}
