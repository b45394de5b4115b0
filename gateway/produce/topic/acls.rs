use crate::config::KafkaConfig;

/// Who does what at the brokers, as ACLs name them (`User:gateway`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principals {
    /// The gateway: `playhead serve`, `spool drain` and `redrive`.
    pub gateway: String,
    /// The ClickHouse server.
    pub warehouse: String,
    /// Whoever runs `playhead topics`.
    pub operator: String,
    /// Whoever looks into the topic with `playhead tail` and `playhead check`.
    pub reader: String,
}

/// The commands that grant each part what it needs and no more, for Kafka's own tool. Lines that begin with `#` say why.
pub fn acl_commands(config: &KafkaConfig, group: &str, principals: &Principals) -> Vec<String> {
    let topic = ["--topic", config.topic.as_str()];
    let grants: [(&str, &str, &[&str], [&str; 2]); 5] = [
        (
            "The gateway writes beacons, learns of partitions, and compares the topic with its configuration.",
            principals.gateway.as_str(),
            &["Write", "Describe", "DescribeConfigs"],
            topic,
        ),
        (
            "ClickHouse reads them,",
            principals.warehouse.as_str(),
            &["Read", "Describe"],
            topic,
        ),
        (
            "and notes how far it has come.",
            principals.warehouse.as_str(),
            &["Read", "Describe"],
            ["--group", group],
        ),
        (
            "`playhead topics`: creates the topic, compares it, adds partitions.",
            principals.operator.as_str(),
            &[
                "Create",
                "Alter",
                "AlterConfigs",
                "Describe",
                "DescribeConfigs",
            ],
            topic,
        ),
        (
            "`playhead tail` and `playhead check` read, and note nothing.",
            principals.reader.as_str(),
            &["Read", "Describe"],
            topic,
        ),
    ];
    let mut lines = Vec::new();
    for (why, principal, operations, resource) in grants {
        lines.push(format!("# {why}"));
        lines.push(command(config, principal, operations, resource));
    }
    lines.push(
        "# Brokers older than Kafka 2.8 ask for this right as well; later ones take it from Write."
            .into(),
    );
    lines.push(format!(
        "# {} --add --allow-principal {} --operation IdempotentWrite --cluster",
        tool(config),
        principals.gateway
    ));
    lines
}

fn tool(config: &KafkaConfig) -> String {
    format!(
        "kafka-acls.sh --bootstrap-server {} --command-config admin.properties",
        config.brokers
    )
}

fn command(
    config: &KafkaConfig,
    principal: &str,
    operations: &[&str],
    [kind, name]: [&str; 2],
) -> String {
    let operations: Vec<String> = operations
        .iter()
        .map(|operation| format!("--operation {operation}"))
        .collect();
    format!(
        "{} --add --allow-principal {principal} {} {kind} {name}",
        tool(config),
        operations.join(" ")
    )
}
