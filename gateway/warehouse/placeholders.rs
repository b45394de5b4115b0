//! `${name}` in a migration: what differs from one installation to the next.
//!
//! Files name no address and no topology. The values come from the configuration and are put in
//! when a statement is executed; refinery's checksum stays on the file's own text, so the same
//! file counts as applied wherever it ran.

use super::WarehouseError;

/// The values of one installation, as the configuration tells them.
#[derive(Clone, Debug)]
pub struct PlaceholderValues {
    /// Kafka addresses, `host:port` with commas, as the ClickHouse server reaches them.
    pub kafka_brokers: String,
    /// Topic of the beacons.
    pub kafka_topic: String,
    /// Consumer group under which ClickHouse reads.
    pub kafka_group: String,
    /// Consumers of the Kafka table; not more than cores or partitions.
    pub kafka_consumers: u32,
    /// Silence after which a session is closed; seconds.
    pub liveness_seconds: u32,
    /// Heartbeat assumed when a session told none; ms.
    pub heartbeat_ms: u32,
    /// How often running sessions are computed anew; seconds.
    pub refresh_seconds: u32,
    /// Age at which a window can no longer change: the late horizon, and what a spool or backlog may hold back; hours.
    pub frozen_after_hours: u32,
    /// Whether tables are replicated (a cluster with Keeper).
    pub replicated: bool,
    /// Suffix of the table through which a cluster is written and read; empty on one machine.
    pub all: String,
}

/// The checked values, ready to be put into statements.
#[derive(Clone, Debug)]
pub struct Placeholders {
    values: [(&'static str, String); 10],
}

impl Placeholders {
    /// Checks that no value can break out of the place it is put in.
    ///
    /// # Errors
    /// When a value has a quote, a backslash or a control character, or is empty where it may not be.
    pub fn new(values: PlaceholderValues) -> Result<Self, WarehouseError> {
        let text = |field, value: String| -> Result<String, WarehouseError> {
            let is_harmless = |each: char| !each.is_control() && !"'\"`\\;$".contains(each);
            match value {
                value if value.is_empty() => Err(setting(field, value, "must not be empty")),
                value if value.chars().all(is_harmless) => Ok(value),
                value => Err(setting(
                    field,
                    value,
                    "must not contain quotes, backslashes, `;` or `$`",
                )),
            }
        };
        let is_word = values
            .all
            .chars()
            .all(|each| each.is_ascii_alphanumeric() || each == '_');
        if !is_word {
            return Err(setting(
                "clickhouse.cluster_suffix",
                values.all,
                "is letters, digits and underscores",
            ));
        }
        let replicated = if values.replicated { "Replicated" } else { "" };
        Ok(Self {
            values: [
                (
                    "kafka_brokers",
                    text("kafka.brokers", values.kafka_brokers)?,
                ),
                ("kafka_topic", text("kafka.topic", values.kafka_topic)?),
                (
                    "kafka_group",
                    text("clickhouse.consumer_group", values.kafka_group)?,
                ),
                ("kafka_consumers", values.kafka_consumers.to_string()),
                ("liveness_seconds", values.liveness_seconds.to_string()),
                ("heartbeat_ms", values.heartbeat_ms.to_string()),
                ("refresh_seconds", values.refresh_seconds.to_string()),
                ("frozen_after_hours", values.frozen_after_hours.to_string()),
                ("replicated", replicated.to_owned()),
                ("all", values.all),
            ],
        })
    }

    /// Values that reach no broker and are found again in what the server shows: for a scratch
    /// database whose schema is read and dropped.
    pub fn recognisable() -> Self {
        Self {
            values: [
                // Nothing listens on port 1, so a scratch database consumes nothing.
                ("kafka_brokers", "127.0.0.1:1".to_owned()),
                ("kafka_topic", "placeholder.kafka_topic".to_owned()),
                ("kafka_group", "placeholder.kafka_group".to_owned()),
                ("kafka_consumers", "1".to_owned()),
                ("liveness_seconds", "86243".to_owned()),
                ("heartbeat_ms", "7351731".to_owned()),
                ("refresh_seconds", "59".to_owned()),
                ("frozen_after_hours", "87613".to_owned()),
                ("replicated", String::new()),
                ("all", String::new()),
            ],
        }
    }

    /// Every name without a value: nothing is put back into what a server shows.
    pub fn cleared() -> Self {
        let mut none = Self::recognisable();
        none.values.iter_mut().for_each(|(_, value)| value.clear());
        none
    }

    /// Every name with its value.
    pub fn values(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.values
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
    }

    /// Puts the values into `sql`; `file` is for the message.
    ///
    /// # Errors
    /// When the text names a placeholder that does not exist.
    pub fn fill(&self, file: &str, sql: &str) -> Result<String, WarehouseError> {
        let mut filled = String::with_capacity(sql.len());
        let mut rest = sql;
        while let Some(at) = rest.find("${") {
            let (before, from) = rest.split_at(at);
            filled.push_str(before);
            let (name, after) = from[2..].split_once('}').unwrap_or((&from[2..], ""));
            let Some((_, value)) = self.values().find(|(known, _)| *known == name) else {
                let line = 1 + sql[..sql.len() - from.len()].matches('\n').count();
                return Err(self.unknown(file, line, name));
            };
            filled.push_str(value);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn unknown(&self, file: &str, line: usize, name: &str) -> WarehouseError {
        let known: Vec<_> = self.values().map(|(known, _)| known).collect();
        WarehouseError::UnknownPlaceholder {
            file: file.to_owned(),
            line,
            // An unclosed brace would otherwise quote the rest of the file.
            name: name
                .chars()
                .take_while(|each| !each.is_whitespace())
                .take(40)
                .collect(),
            known: known.join(", "),
        }
    }
}

fn setting(field: &'static str, value: String, reason: &'static str) -> WarehouseError {
    WarehouseError::Setting {
        field,
        value,
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::{PlaceholderValues, Placeholders};

    fn values() -> PlaceholderValues {
        PlaceholderValues {
            kafka_brokers: "broker:9092".into(),
            kafka_topic: "playhead.beacons.v1".into(),
            kafka_group: "playhead.clickhouse.v1".into(),
            kafka_consumers: 2,
            liveness_seconds: 90,
            heartbeat_ms: 30_000,
            refresh_seconds: 15,
            frozen_after_hours: 192,
            replicated: true,
            all: "_all".into(),
        }
    }

    #[test]
    fn fills_every_place() {
        let placeholders = Placeholders::new(values()).expect("the values are harmless");
        let sql = "ENGINE = ${replicated}MergeTree -- ${liveness_seconds}, sessions${all}, '${kafka_topic}'";
        let filled = placeholders.fill("V0001__x", sql).expect("all names exist");
        assert_eq!(
            filled,
            "ENGINE = ReplicatedMergeTree -- 90, sessions_all, 'playhead.beacons.v1'"
        );
    }

    #[test]
    fn an_unknown_name_is_told_with_file_and_line() {
        let placeholders = Placeholders::recognisable();
        let told = placeholders
            .fill("V0003__x", "SELECT 1\n  , ${typo}")
            .expect_err("no such name")
            .to_string();
        assert!(
            told.starts_with(
                "V0003__x, line 2: unknown placeholder `${typo}`; known are kafka_brokers,"
            ),
            "{told}"
        );
        let open = placeholders
            .fill("V0003__x", "a ${open and on")
            .expect_err("not closed")
            .to_string();
        assert!(open.contains("`${open}`"), "{open}");
    }

    #[test]
    fn a_value_cannot_leave_its_quotes() {
        for bad in ["a'b", "a\\", "a\nb", "", "a;b", "${all}"] {
            let told = Placeholders::new(PlaceholderValues {
                kafka_topic: bad.into(),
                ..values()
            });
            assert!(
                told.is_err_and(|error| error.to_string().starts_with("kafka.topic = ")),
                "{bad:?}"
            );
        }
        let suffix = Placeholders::new(PlaceholderValues {
            all: "_all; DROP".into(),
            ..values()
        });
        assert!(suffix.is_err());
    }
}
