//! One of several INSERTs that run side by side, so that the engine reads rows and folds them at the same time.

use anyhow::{Context, Result};
use bytes::Bytes;
use clickhouse::insert_formatted::InsertFormatted;
use clickhouse::{Client, Compression};
use tokio::sync::mpsc;

use super::generator::Piece;

/// What a lane is given.
#[derive(Debug)]
pub(super) enum Load {
    Piece(Piece),
    /// Everything of that hour was given.
    HourIsOver(u32),
}

/// What a lane tells.
#[derive(Debug, Clone, Copy)]
pub(super) enum Done {
    /// Handed to the engine.
    Beacons(u64),
    /// The engine has stored all that this lane was given of that hour.
    Hour(u32),
}

/// Rows in a block: the larger, the fewer rows of states. A block and what the views make of it take 1 GB at most.
const BLOCK_ROWS: u32 = 500_000;

/// A connection for bulk loads of that database.
pub(super) fn client(url: &str, database: &str) -> Client {
    let rows = BLOCK_ROWS.to_string();
    Client::default()
        .with_url(url)
        .with_database(database)
        // Over loopback compressing costs more than it saves.
        .with_compression(Compression::None)
        .with_setting("async_insert", "0")
        .with_setting("max_insert_block_size", rows.as_str())
        .with_setting("min_insert_block_size_rows", rows.as_str())
        .with_setting("min_insert_block_size_bytes", "0")
}

/// Writes what comes, an INSERT an hour; one that is broken off is dropped.
pub(super) async fn run(
    client: Client,
    mut loads: mpsc::Receiver<Load>,
    done: mpsc::UnboundedSender<Done>,
) -> Result<()> {
    let mut insert = None;
    while let Some(load) = loads.recv().await {
        match load {
            Load::Piece(piece) => {
                let open = insert.get_or_insert_with(|| begin(&client));
                open.send(Bytes::from(piece.rows))
                    .await
                    .context("the warehouse stopped reading")?;
                // Nobody listens once the run was given up.
                let _ = done.send(Done::Beacons(piece.beacons));
            }
            Load::HourIsOver(hour) => {
                if let Some(open) = insert.take() {
                    open.end().await.context("the warehouse refused rows")?;
                }
                let _ = done.send(Done::Hour(hour));
            }
        }
    }
    Ok(())
}

fn begin(client: &Client) -> InsertFormatted {
    client.insert_formatted_with("INSERT INTO beacons_in FORMAT Native")
}
