use std::collections::HashMap;
use std::fmt;

use rdkafka::admin::ResourceSpecifier;

use super::create::retention_ms;
use super::{ADMIN_TIMEOUT, TopicError, admin, admin_options, refused, unreachable, unseen};
use crate::config::KafkaConfig;

/// A setting of the topic that is not as the configuration has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether the gateway can work all the same.
    pub severity: Severity,
    /// What the brokers call it.
    pub setting: &'static str,
    /// What it is.
    pub is: String,
    /// What it should be.
    pub wanted: String,
    /// What comes of it.
    pub consequence: &'static str,
    /// What to run.
    pub remedy: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Less safe or slower than it is meant to be.
    Warning,
    /// Nothing can be acknowledged: the gateway does not start.
    Refusal,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Refusal => "cannot work",
        };
        write!(
            formatter,
            "{severity}: {} is {}, wanted {}: {}\n    {}",
            self.setting, self.is, self.wanted, self.consequence, self.remedy
        )
    }
}

/// What the brokers tell of the topic.
#[derive(Debug, Default)]
struct Facts {
    partitions: i32,
    /// Of the partition that has the fewest.
    copies: i32,
    settings: HashMap<String, String>,
}

/// Compares the topic with the configuration; nothing is changed.
///
/// # Errors
/// Brokers that do not answer, a topic that is not there, or rights that are missing.
pub async fn check(config: &KafkaConfig) -> Result<Vec<Finding>, TopicError> {
    Ok(findings(&facts(config).await?, config))
}

async fn facts(config: &KafkaConfig) -> Result<Facts, TopicError> {
    let admin = admin(config)?;
    let described = admin
        .describe_configs([&ResourceSpecifier::Topic(&config.topic)], &admin_options())
        .await
        .map_err(|source| unreachable(config, source))?;
    let mut facts = Facts::default();
    for resource in described {
        let resource = resource.map_err(|code| refused("reading the settings of", config, code))?;
        let known = resource.entries.into_iter();
        facts
            .settings
            .extend(known.filter_map(|entry| Some((entry.name, entry.value?))));
    }
    let owned = config.clone();
    let asked = tokio::task::spawn_blocking(move || {
        let metadata = admin
            .inner()
            .fetch_metadata(None, ADMIN_TIMEOUT)
            .map_err(|source| unreachable(&owned, source))?;
        let topic = metadata
            .topics()
            .iter()
            .find(|topic| topic.name() == owned.topic);
        let topic = topic.ok_or_else(|| TopicError::Missing {
            brokers: owned.brokers.clone(),
            topic: owned.topic.clone(),
            unseen: unseen(&owned),
        })?;
        let partitions = topic.partitions();
        let copies = partitions.iter().map(|each| each.replicas().len()).min();
        // Kafka counts both in i32.
        Ok((partitions.len() as i32, copies.unwrap_or(0) as i32))
    });
    // The closure does not panic, and nothing cancels it.
    let counted = asked.await.unwrap_or(Ok((0, 0)));
    (facts.partitions, facts.copies) = counted?;
    Ok(facts)
}

fn findings(facts: &Facts, config: &KafkaConfig) -> Vec<Finding> {
    let mut findings = Vec::new();
    counts(facts, config, &mut findings);
    let mut compare = |setting: &'static str,
                       wanted: String,
                       severity,
                       consequence,
                       is_fine: &dyn Fn(&str) -> bool| {
        let Some(is) = facts.settings.get(setting) else {
            return;
        };
        if !is_fine(is) {
            findings.push(Finding {
                severity,
                setting,
                is: is.clone(),
                remedy: alter(config, setting, &wanted),
                wanted,
                consequence,
            });
        }
    };
    let number = |text: &str| text.parse::<i64>().ok();
    compare(
        "cleanup.policy",
        "delete".into(),
        Severity::Refusal,
        "a compacted topic refuses messages without a key, and beacons have none",
        &|is| !is.contains("compact"),
    );
    compare(
        "min.insync.replicas",
        facts.copies.min(config.copies_in_sync()).max(1).to_string(),
        Severity::Refusal,
        "more copies are asked for than there are, so nothing is ever acknowledged",
        &|is| number(is).is_none_or(|is| facts.copies == 0 || is <= facts.copies.into()),
    );
    compare(
        "min.insync.replicas",
        config.copies_in_sync().to_string(),
        Severity::Warning,
        "an acknowledged beacon may be on fewer brokers than it should be",
        &|is| number(is).is_none_or(|is| is >= config.copies_in_sync().into()),
    );
    compare(
        "retention.ms",
        retention_ms(config).to_string(),
        Severity::Warning,
        "a warehouse that is away for longer misses beacons",
        &|is| number(is).is_none_or(|is| is < 0 || is >= retention_ms(config)),
    );
    compare(
        "retention.bytes",
        "-1".into(),
        Severity::Warning,
        "messages may go by size before their time has come",
        &|is| number(is).is_none_or(|is| is < 0),
    );
    compare(
        "max.message.bytes",
        config.message_max_bytes.to_string(),
        Severity::Warning,
        "larger messages go in parts, and beacons that are larger are refused",
        &|is| number(is).is_none_or(|is| is >= config.message_max_bytes as i64),
    );
    compare(
        "compression.type",
        "producer".into(),
        Severity::Warning,
        "the brokers compress every message anew",
        &|is| is == "producer" || is == config.compression.as_str(),
    );
    compare(
        "unclean.leader.election.enable",
        "false".into(),
        Severity::Warning,
        "a broker that has missed messages may become the leader, and they are gone",
        &|is| is == "false",
    );
    findings
}

fn counts(facts: &Facts, config: &KafkaConfig, findings: &mut Vec<Finding>) {
    if facts.partitions < config.partitions {
        findings.push(Finding {
            severity: Severity::Warning,
            setting: "partitions",
            is: facts.partitions.to_string(),
            wanted: config.partitions.to_string(),
            consequence: "fewer consumers can share the work",
            remedy: "playhead topics --grow".into(),
        });
    }
    if facts.copies < config.replication_factor {
        findings.push(Finding {
            severity: Severity::Warning,
            setting: "replication factor",
            is: facts.copies.to_string(),
            wanted: config.replication_factor.to_string(),
            consequence: "beacons are lost with the brokers that have them",
            remedy: format!(
                "kafka-reassign-partitions.sh --bootstrap-server {} --reassignment-json-file copies.json --execute",
                config.brokers
            ),
        });
    }
}

fn alter(config: &KafkaConfig, setting: &str, value: &str) -> String {
    format!(
        "kafka-configs.sh --bootstrap-server {} --alter --entity-type topics --entity-name {} --add-config {setting}={value}",
        config.brokers, config.topic
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(changes: &[(&str, &str)]) -> Facts {
        let config = KafkaConfig::default();
        let settings = [
            ("cleanup.policy", "delete"),
            ("min.insync.replicas", "1"),
            ("retention.ms", "604800000"),
            ("retention.bytes", "-1"),
            ("max.message.bytes", "1048576"),
            ("compression.type", "producer"),
            ("unclean.leader.election.enable", "false"),
        ];
        let all = settings.iter().chain(changes);
        Facts {
            partitions: config.partitions,
            copies: config.replication_factor,
            settings: all
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    fn told(changes: &[(&str, &str)]) -> Vec<(&'static str, Severity)> {
        findings(&facts(changes), &KafkaConfig::default())
            .iter()
            .map(|finding| (finding.setting, finding.severity))
            .collect()
    }

    #[test]
    fn a_topic_as_it_was_made_has_no_findings() {
        assert_eq!(told(&[]), []);
        assert_eq!(
            told(&[("retention.ms", "-1"), ("compression.type", "zstd")]),
            []
        );
    }

    #[test]
    fn each_setting_that_matters_is_compared() {
        for (setting, value, severity) in [
            ("cleanup.policy", "compact,delete", Severity::Refusal),
            ("min.insync.replicas", "2", Severity::Refusal),
            ("retention.ms", "3600000", Severity::Warning),
            ("retention.bytes", "1000000", Severity::Warning),
            ("max.message.bytes", "4096", Severity::Warning),
            ("compression.type", "gzip", Severity::Warning),
            ("unclean.leader.election.enable", "true", Severity::Warning),
        ] {
            assert_eq!(told(&[(setting, value)]), [(setting, severity)]);
        }
        let config = KafkaConfig {
            partitions: 12,
            replication_factor: 3,
            ..KafkaConfig::default()
        };
        let all = findings(&facts(&[]), &config);
        let settings: Vec<_> = all.iter().map(|finding| finding.setting).collect();
        assert_eq!(
            settings,
            ["partitions", "replication factor", "min.insync.replicas"]
        );
        assert!(all[0].to_string().contains("playhead topics --grow"));
    }
}
