//! The knobs of `playhead simulate`.

use std::path::PathBuf;

use clap::Args;

use crate::bulk::BulkArgs;
use crate::worlds::Seeds;

const EXAMPLES: &str = "\
Examples:
  Two thousand viewers with every fault, and every number compared afterwards (an empty database):
    playhead simulate --viewers 2000 --duplicates-percent 5 --reorder-percent 20 --late-percent 10 \\
        --loss-percent 2 --wrong-clock-percent 5 --verify

  Fifty small worlds of fifty seeds, all numbers compared; a seed that fails is named and can be run alone:
    playhead simulate --seeds 1..50 --verify

  A live event for the pages, until Ctrl-C:
    playhead simulate --live --viewers 300

  Load: 10,000 beacons a second for a minute, with the gateway's CPU and the freshness of the views:
    playhead simulate --rate 10000 --length-minutes 1 --gateway-pid $(pidof playhead)

  A day of history, ten million beacons of fifty thousand sessions, loaded past the gateway (docs/replay.md):
    playhead simulate --bulk-beacons 10000000 --bulk-sessions 50000 --duplicates-percent 3";

/// What to simulate, how badly to deliver it, and what to check.
#[derive(Debug, Clone, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct SimulateArgs {
    /// Sessions of the event; with --live, how many watch at the same time once all have come
    #[arg(long, default_value_t = 300)]
    pub viewers: usize,

    /// Seed of every choice: the same seed makes the same viewers do the same things
    #[arg(long, default_value_t = 1)]
    pub seed: u64,

    /// Many small worlds side by side instead of one event: each seed draws viewers, length, faults, clocks and batching of
    /// its own, some days back; 17, 1..50 (both ends included) or 3,8,20..30
    #[arg(
        long,
        value_name = "SEEDS",
        conflicts_with_all = ["seed", "viewers", "length_minutes", "over_midnight", "duplicates_percent", "reorder_percent",
            "late_percent", "late_plays_percent", "zapping_percent", "loss_percent", "wrong_clock_percent", "batch_window_ms", "batch_bytes", "rate", "live", "bulk_beacons"]
    )]
    pub seeds: Option<Seeds>,

    /// Length of the event, in the viewers' time; with --rate, how long to send; minutes
    #[arg(long, alias = "length", value_name = "MINUTES", default_value_t = 30.0)]
    pub length_minutes: f64,

    /// How much faster than real time beacons are sent; above 1 the whole event lies in the past, 1 is real time
    #[arg(long, value_name = "TIMES", default_value_t = 60.0)]
    pub speed_up: f64,

    /// Places the event around the latest midnight (UTC) instead of just before now
    #[arg(long)]
    pub over_midnight: bool,

    /// Share of the requests that are sent a second time, up to 10 minutes later in the viewers' time; percent
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0)]
    pub duplicates_percent: f64,

    /// Share of the requests that overtake others, their beacons shuffled; percent
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0)]
    pub reorder_percent: f64,

    /// Share of the requests that come late, up to 10 minutes; percent
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0)]
    pub late_percent: f64,

    /// Share of the titles after a session's first of which everything comes late, 2 to 10 minutes, so that the
    /// titles around them are known sooner; percent
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0)]
    pub late_plays_percent: f64,

    /// Share of the heartbeats, and of the stalls with both their reports, that never arrive; above 0 a few clients
    /// also begin to count their beacons anew; percent
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0)]
    pub loss_percent: f64,

    /// Share of the viewers who watch five titles in a row under one session id; percent
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0)]
    pub zapping_percent: f64,

    /// How long viewers stay on average, who start and do not fail; with 10 minutes a session has some 55 beacons, with 45 some 250
    #[arg(long, value_name = "MINUTES", default_value_t = 10.0, value_parser = stay)]
    pub stay_minutes: f64,

    /// Share of the devices whose clock stands at 1970 or at 2099; percent
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0)]
    pub wrong_clock_percent: f64,

    /// How long a client collects beacons before it sends them (100 to 1,000); ms
    #[arg(long, value_name = "MS", default_value_t = 500, value_parser = clap::value_parser!(u32).range(100..=1000))]
    pub batch_window_ms: u32,

    /// At how many bytes a client sends at once (1,024 to 65,536); bytes
    #[arg(long, value_name = "BYTES", default_value_t = 16_384, value_parser = clap::value_parser!(u32).range(1024..=65_536))]
    pub batch_bytes: u32,

    /// Load instead of an event: that many beacons a second, whatever the answers; beacons/s
    #[arg(long, value_name = "BEACONS", conflicts_with_all = ["live", "verify"])]
    pub rate: Option<u32>,

    /// Beacons in each request of --rate
    #[arg(long, value_name = "BEACONS", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rate_batch_beacons: u32,

    /// Process of the gateway, whose CPU time --rate measures
    #[arg(long, value_name = "PID", requires = "rate")]
    pub gateway_pid: Option<u32>,

    /// With --rate: sends the load alone, and asks the warehouse for nothing
    #[arg(long, requires = "rate")]
    pub skip_freshness: bool,

    /// A live event in real time until stopped: viewers come over --ramp-seconds, and others follow those who leave
    #[arg(long, conflicts_with = "verify")]
    pub live: bool,

    /// How long it takes with --live until all viewers are there; seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub ramp_seconds: u32,

    /// Address of the gateway
    #[arg(
        long,
        value_name = "URL",
        env = "PLAYHEAD_SIMULATE_GATEWAY",
        default_value = "http://127.0.0.1:8080"
    )]
    pub gateway: String,

    /// Requests under way at the same time, at most
    #[arg(long, value_name = "REQUESTS", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub connections: u32,

    /// How long one request is sent again and again until it is acknowledged; seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub retry_seconds: u64,

    /// Writes a line of JSON for every request that was tried: which beacons, when, and what came of it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rate", "live", "bulk_beacons"])]
    pub attempts_file: Option<PathBuf>,

    /// Address of the warehouse, for --verify and for the freshness of --rate
    #[arg(
        long,
        value_name = "URL",
        env = "PLAYHEAD_CLICKHOUSE__URL",
        default_value = "http://127.0.0.1:8123"
    )]
    pub clickhouse: String,

    /// Database of the warehouse
    #[arg(
        long,
        value_name = "NAME",
        env = "PLAYHEAD_CLICKHOUSE__DATABASE",
        default_value = "playhead"
    )]
    pub database: String,

    /// Tenant under which the gateway files what comes without a write key
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub tenant: String,

    /// Waits until everything is consumed, then compares every column of every view with the truth
    #[arg(long)]
    pub verify: bool,

    /// With --verify in a database that holds other runs as well: compares this run's sessions, not the views that sum
    #[arg(long, requires = "verify")]
    pub verify_sessions_only: bool,

    /// Silence after which the warehouse closes a session, as it was migrated; seconds
    #[arg(
        long,
        value_name = "SECONDS",
        env = "PLAYHEAD_SESSIONS__LIVENESS_SECONDS",
        default_value_t = 90
    )]
    pub liveness_seconds: u64,

    /// Heartbeat that the warehouse assumes of clients that tell none, as it was migrated; ms
    #[arg(
        long,
        value_name = "MS",
        env = "PLAYHEAD_SESSIONS__HEARTBEAT_MS",
        default_value_t = 30_000
    )]
    pub heartbeat_ms: u32,

    /// How long --verify waits, once all is sent, beyond the liveness window; seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 180)]
    pub wait_seconds: u64,

    /// How long --verify compares again while something differs, since the passes that follow a beacon take their time; seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub settle_seconds: u64,

    /// History instead of an event
    #[command(flatten)]
    pub bulk: BulkArgs,
}

impl SimulateArgs {
    /// How long viewers stay on average; ms.
    pub(crate) fn stay_ms(&self) -> i64 {
        (self.stay_minutes * 60_000.0) as i64
    }
}

/// A mean stay that makes sessions: a minute to ten hours.
fn stay(text: &str) -> Result<f64, String> {
    let minutes: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (1.0..=600.0).contains(&minutes) {
        Ok(minutes)
    } else {
        Err("1 to 600".to_owned())
    }
}
