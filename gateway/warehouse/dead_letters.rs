//! Messages that the warehouse could not read, and which of them were driven again.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clickhouse::Row;
use serde::Deserialize;

use super::{Warehouse, WarehouseError};

/// Where a letter was in Kafka: what it is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Its partition.
    pub partition: u64,
    /// Its offset there.
    pub offset: u64,
}

/// A letter, without its bytes.
#[derive(Clone, Debug, Row, Deserialize)]
pub struct Letter {
    /// Its partition.
    pub partition: u64,
    /// Its offset there.
    pub offset: u64,
    /// When the warehouse read it, RFC 3339.
    pub seen_at: String,
    /// What the parser said.
    pub error: String,
    /// Bytes of the message.
    pub size_bytes: u64,
    /// When it was driven again, RFC 3339; empty: never.
    pub redriven_at: String,
    /// Beacons that were sent again then.
    pub beacons: u32,
    /// Rows of it that are no beacons.
    pub unreadable: u32,
}

impl Letter {
    /// What it is known by.
    pub fn position(&self) -> Position {
        Position {
            partition: self.partition,
            offset: self.offset,
        }
    }

    /// What has become of it.
    pub fn state(&self) -> &'static str {
        match (self.redriven_at.is_empty(), self.beacons, self.unreadable) {
            (true, ..) => "waits",
            (false, _, 0) => "redriven",
            (false, 0, _) => "unreadable",
            (false, ..) => "redriven in part",
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.partition, self.offset)
    }
}

impl FromStr for Position {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once(':');
        let numbers = parts
            .and_then(|(partition, offset)| Some((partition.parse().ok()?, offset.parse().ok()?)));
        let (partition, offset) = numbers
            .ok_or("a letter is named PARTITION:OFFSET, as `playhead redrive list` shows it")?;
        Ok(Self { partition, offset })
    }
}

/// The letters of a topic, oldest first, at most so many; with `waiting_only` those that were never driven again.
///
/// # Errors
/// When the warehouse cannot be read.
pub async fn list(
    warehouse: &Warehouse,
    all: &str,
    topic: &str,
    waiting_only: bool,
    limit: u64,
) -> Result<Vec<Letter>, WarehouseError> {
    let waiting = if waiting_only {
        "WHERE r.is_marked = 0"
    } else {
        ""
    };
    let sql = format!(
        "SELECT
             d.partition AS partition,
             d.offset AS offset,
             formatDateTime(d.seen, '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS seen_at,
             d.error AS error,
             d.size_bytes AS size_bytes,
             if(r.is_marked = 1, formatDateTime(r.marked, '%Y-%m-%dT%H:%i:%SZ', 'UTC'), '') AS redriven_at,
             r.beacons AS beacons,
             r.unreadable AS unreadable
         FROM
         (
             SELECT partition, offset, seen_at AS seen, error, length(raw_message) AS size_bytes
             FROM dead_letters{all} FINAL
             WHERE topic = {{topic:String}}
         ) AS d
         LEFT JOIN
         (
             SELECT partition, offset, redriven_at AS marked, beacons, unreadable, 1 AS is_marked
             FROM dead_letter_redrives{all} FINAL
             WHERE topic = {{topic:String}}
         ) AS r ON r.partition = d.partition AND r.offset = d.offset
         {waiting}
         ORDER BY d.seen, d.partition, d.offset
         LIMIT {limit}"
    );
    warehouse
        .rows::<Letter>(warehouse.query(&sql).param("topic", topic))
        .await
}

/// The bytes of a letter; none: there is no such letter.
///
/// # Errors
/// When the warehouse cannot be read.
pub async fn message(
    warehouse: &Warehouse,
    all: &str,
    topic: &str,
    position: Position,
) -> Result<Option<Vec<u8>>, WarehouseError> {
    // In base64, since the client reads texts as UTF-8.
    let sql = format!(
        "SELECT base64Encode(raw_message) FROM dead_letters{all} FINAL
         WHERE topic = {{topic:String}} AND partition = {} AND offset = {}",
        position.partition, position.offset
    );
    let rows = warehouse
        .rows::<String>(warehouse.query(&sql).param("topic", topic))
        .await?;
    let Some(text) = rows.first() else {
        return Ok(None);
    };
    let bytes = STANDARD.decode(text);
    bytes
        .map(Some)
        .map_err(|error| WarehouseError::Answer(error.to_string()))
}

/// Notes that a letter was driven again.
///
/// # Errors
/// When the warehouse does not take it.
pub async fn mark(
    warehouse: &Warehouse,
    all: &str,
    topic: &str,
    position: Position,
    beacons: usize,
    unreadable: usize,
) -> Result<(), WarehouseError> {
    let sql = format!(
        "INSERT INTO dead_letter_redrives{all} (redriven_at, topic, partition, offset, beacons, unreadable)
         SELECT now64(3), {{topic:String}}, {}, {}, {beacons}, {unreadable}",
        position.partition, position.offset
    );
    let limit = warehouse.request_timeout();
    warehouse
        .execute(warehouse.query(&sql).param("topic", topic), limit)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_named_by_its_place() {
        let position: Position = "3:12345".parse().unwrap();
        assert_eq!(position.to_string(), "3:12345");
        for wrong in ["", "3", "a:b", "3:", "-1:2"] {
            assert!(wrong.parse::<Position>().is_err(), "{wrong}");
        }
    }
}
