//! What ClickHouse makes of beacons: migrations, sessions, rollups, passes, checks, and the oracle over all of them.

mod check;
mod check_accepted;
mod clickhouse_http;
mod dimensions;
mod harness;
mod identity;
mod landing;
mod live_viewers;
mod migrations;
mod passes;
mod plays;
mod record;
mod replay;
mod retention;
mod scratch;
mod seeds;
mod simulate;
mod viewers;
mod views;
mod worked_examples;
