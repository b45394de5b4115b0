//! Accepted = raw + dead letters: what was acknowledged lies in the topic, so the topic is asked, and then the warehouse.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use clickhouse::Row;
use serde::Deserialize;
use serde_json::json;

use super::topic::{self, Batch, TopicUnread};
use super::{Outcome, Window};
use crate::beacon::Beacon;
use crate::config::KafkaConfig;
use crate::produce::decode_rows;
use crate::warehouse::{Placeholders, Warehouse, WarehouseError};

/// Its name, beside those of the files.
pub const NAME: &str = "accepted";
/// What holds while it finds nothing.
pub const PROVES: &str = "accepted = raw + dead letters: every beacon of the messages that the topic holds of the window is in \
    beacons_raw, and every message that cannot be read is a dead letter. Of each partition at most --messages are read, at \
    eight places of the window.";
/// What to do when it finds something.
pub const REMEDY: &str = "the warehouse has not consumed that far (consumer lag), an insert failed half-way (exceptions in its \
    log), or rows were deleted. Set the consumer group back to before the offsets told: copies fold.";
/// Most messages that are told.
const ROWS_MAX: usize = 100;
/// Beacons asked for in one query.
const ASKED_MAX: usize = 5_000;

/// Why it could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum AcceptedError {
    /// The topic cannot be read.
    #[error(transparent)]
    Topic(#[from] TopicUnread),
    /// The warehouse cannot answer.
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
    /// The reading thread ended before its time.
    #[error("reading the topic broke off: {0}")]
    BrokenOff(String),
}

/// What tells one beacon from another in `beacons_raw`, with the time by which it is found there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Identity {
    tenant: String,
    session_key: u64,
    stream: String,
    seq: u64,
    client_time_ms: i64,
}

#[derive(Debug, Row, Deserialize)]
struct Stored {
    // Named otherwise than the columns, or these would hide the sort key from the condition.
    of_tenant: String,
    session_key: u64,
    of_stream: String,
    seq: u64,
}

#[derive(Debug, Row, Deserialize)]
struct Letter {
    at_partition: i32,
    at_offset: i64,
}

/// A message, and those of its beacons that are still to be found.
#[derive(Debug)]
struct Told {
    partition: i32,
    offset: i64,
    /// None when it is no batch of beacons.
    beacons: Option<Vec<Identity>>,
}

/// Looks whether the beacons of the window's messages are in the warehouse, `most` messages of each partition; what is missing
/// is looked for again after `again`, unless that is zero.
///
/// # Errors
/// When the topic or the warehouse does not answer.
pub async fn look(
    warehouse: &Warehouse,
    placeholders: &Placeholders,
    kafka: &KafkaConfig,
    window: Window,
    most: u32,
    again: Duration,
) -> Result<Outcome, AcceptedError> {
    let begun = Instant::now();
    let told = read(kafka, window, most).await?;
    let mut missing = missing(warehouse, placeholders, &kafka.topic, told).await?;
    if !missing.is_empty() && !again.is_zero() {
        tokio::time::sleep(again).await;
        missing = self::missing(warehouse, placeholders, &kafka.topic, missing).await?;
    }
    let rows = missing.iter().take(ROWS_MAX).map(|message| {
        let row = json!({
            "topic": kafka.topic,
            "partition": message.partition,
            "offset": message.offset,
            "problem": match &message.beacons {
                Some(beacons) => format!("{} beacons are not in raw", beacons.len()),
                None => "it cannot be read, and is no dead letter".to_owned(),
            },
            "session_key": message.beacons.as_ref().and_then(|beacons| Some(beacons.first()?.session_key)),
        });
        row.to_string()
    });
    Ok(Outcome {
        rows: rows.collect(),
        took: begun.elapsed(),
    })
}

/// The messages of the window, taken apart.
async fn read(kafka: &KafkaConfig, window: Window, most: u32) -> Result<Vec<Told>, AcceptedError> {
    let kafka = kafka.clone();
    let read = tokio::task::spawn_blocking(move || {
        let mut told = Vec::new();
        topic::read(&kafka, window, i64::from(most), |batch| {
            told.push(Told::of(&batch))
        })?;
        Ok::<_, TopicUnread>(told)
    });
    let told = read
        .await
        .map_err(|error| AcceptedError::BrokenOff(error.to_string()))?;
    Ok(told?)
}

impl Told {
    fn of(batch: &Batch) -> Self {
        let beacons = decode_rows(&batch.payload).ok();
        Self {
            partition: batch.partition,
            offset: batch.offset,
            beacons: beacons.map(|beacons| beacons.into_iter().map(Identity::of).collect()),
        }
    }
}

impl Identity {
    fn of(beacon: Beacon) -> Self {
        Self {
            session_key: beacon.session_key(),
            seq: beacon.seq(),
            client_time_ms: beacon.client_time_ms(),
            tenant: beacon.tenant.unwrap_or_default(),
            stream: beacon.stream.unwrap_or_default(),
        }
    }
}

/// The messages that are not wholly there, each with what is missing of it.
async fn missing(
    warehouse: &Warehouse,
    placeholders: &Placeholders,
    topic: &str,
    told: Vec<Told>,
) -> Result<Vec<Told>, AcceptedError> {
    let wanted: BTreeSet<Identity> = told
        .iter()
        .filter_map(|message| message.beacons.as_ref())
        .flatten()
        .cloned()
        .collect();
    let mut stored = BTreeSet::new();
    let wanted: Vec<_> = wanted.into_iter().collect();
    for part in wanted.chunks(ASKED_MAX) {
        let sql = placeholders.fill(NAME, &question(part))?;
        for row in warehouse.rows::<Stored>(warehouse.query(&sql)).await? {
            stored.insert((row.of_tenant, row.session_key, row.of_stream, row.seq));
        }
    }
    let is_stored = |one: &Identity| {
        let key = (
            one.tenant.clone(),
            one.session_key,
            one.stream.clone(),
            one.seq,
        );
        stored.contains(&key)
    };
    let mut letters: Option<BTreeSet<(i32, i64)>> = None;
    let mut left = Vec::new();
    for mut message in told {
        if let Some(beacons) = &mut message.beacons {
            beacons.retain(|one| !is_stored(one));
            if beacons.is_empty() {
                continue;
            }
        }
        if letters.is_none() {
            letters = Some(dead_letters(warehouse, placeholders, topic).await?);
        }
        let is_dead = letters
            .as_ref()
            .is_some_and(|known| known.contains(&(message.partition, message.offset)));
        if !is_dead {
            left.push(message);
        }
    }
    Ok(left)
}

/// Asks for these beacons, by the sort key of `beacons_raw`.
fn question(beacons: &[Identity]) -> String {
    let mut list = String::new();
    for one in beacons {
        let comma = if list.is_empty() { "" } else { "," };
        // Writing to a text cannot fail.
        let _ = write!(
            list,
            "{comma}({},{},{},{},{})",
            quoted(&one.tenant),
            one.client_time_ms / 300_000,
            one.session_key,
            quoted(&one.stream),
            one.seq
        );
    }
    format!(
        "SELECT DISTINCT tenant::String AS of_tenant, session_key, stream::String AS of_stream, seq FROM beacons_raw${{all}} \
         WHERE (tenant, intDiv(client_time_ms, 300000), session_key, stream, seq) IN ({list})"
    )
}

/// A text of SQL; what a placeholder looks like is none.
fn quoted(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('\'', "\\'")
        .replace('$', "\\x24");
    format!("'{escaped}'")
}

async fn dead_letters(
    warehouse: &Warehouse,
    placeholders: &Placeholders,
    topic: &str,
) -> Result<BTreeSet<(i32, i64)>, AcceptedError> {
    let sql = format!(
        "SELECT DISTINCT toInt32(partition) AS at_partition, toInt64(offset) AS at_offset FROM dead_letters${{all}} WHERE topic = {}",
        quoted(topic)
    );
    let sql = placeholders.fill(NAME, &sql)?;
    let rows = warehouse.rows::<Letter>(warehouse.query(&sql)).await?;
    let places = rows
        .into_iter()
        .map(|row| (row.at_partition, row.at_offset));
    Ok(places.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_quotes() {
        assert_eq!(quoted("a'b\\${all}"), "'a\\'b\\\\\\x24{all}'");
        let one = Identity {
            tenant: "default".into(),
            session_key: 7,
            stream: "json".into(),
            seq: 3,
            client_time_ms: -1,
        };
        // As the engine's intDiv: towards zero.
        assert!(question(&[one]).contains("('default',0,7,'json',3)"));
    }
}
