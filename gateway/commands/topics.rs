//! `playhead topics`: creates the beacon topic, compares it with the configuration, and names the rights it takes.

use std::process::ExitCode;

use crate::config::Config;
use crate::produce::topic::{self, Creation, Principals};

/// Create the beacon topic if it is not there, or compare it with the configuration
///
/// A topic that exists is left as it is, unless --grow asks for more partitions.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead topics
  PLAYHEAD_KAFKA__PARTITIONS=24 PLAYHEAD_KAFKA__REPLICATION_FACTOR=3 playhead topics
  playhead topics --check                exit code 1 and what to run, if anything differs
  PLAYHEAD_KAFKA__PARTITIONS=48 playhead topics --grow
  playhead topics --acls --gateway User:CN=gateway > grant.sh")]
pub(super) struct Args {
    /// Compare the topic with the configuration; change nothing
    #[arg(long, conflicts_with_all = ["grow", "acls"])]
    check: bool,
    /// Add partitions up to kafka.partitions
    #[arg(long, conflicts_with = "acls")]
    grow: bool,
    /// Print the commands that grant each part the rights it needs; asks no broker
    #[arg(long)]
    acls: bool,
    /// Whom the brokers take the gateway for; without it User: and kafka.security.user
    #[arg(long, value_name = "PRINCIPAL", requires = "acls")]
    gateway: Option<String>,
    /// Whom the brokers take ClickHouse for
    #[arg(
        long,
        value_name = "PRINCIPAL",
        default_value = "User:clickhouse",
        requires = "acls"
    )]
    warehouse: String,
    /// Whom the brokers take whoever runs this command for
    #[arg(
        long,
        value_name = "PRINCIPAL",
        default_value = "User:operator",
        requires = "acls"
    )]
    operator: String,
    /// Whom the brokers take those for who look into the topic
    #[arg(
        long,
        value_name = "PRINCIPAL",
        default_value = "User:reader",
        requires = "acls"
    )]
    reader: String,
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub(super) async fn run(args: Args, config: &Config) -> anyhow::Result<ExitCode> {
    let kafka = &config.kafka;
    if args.acls {
        let user = match kafka.security.user.as_str() {
            "" => "gateway",
            user => user,
        };
        let principals = Principals {
            gateway: args.gateway.unwrap_or_else(|| format!("User:{user}")),
            warehouse: args.warehouse,
            operator: args.operator,
            reader: args.reader,
        };
        let group = &config.clickhouse.consumer_group;
        println!(
            "{}",
            topic::acl_commands(kafka, group, &principals).join("\n")
        );
        return Ok(ExitCode::SUCCESS);
    }
    if args.check {
        let findings = topic::check(kafka).await?;
        for finding in &findings {
            println!("{finding}");
        }
        if findings.is_empty() {
            println!("{} is as it is configured", kafka.topic);
            return Ok(ExitCode::SUCCESS);
        }
        return Ok(ExitCode::FAILURE);
    }
    if args.grow {
        topic::grow(kafka).await?;
        println!("{} has {} partitions", kafka.topic, kafka.partitions);
        return Ok(ExitCode::SUCCESS);
    }
    match topic::create(kafka).await? {
        Creation::Created => println!(
            "created {} with {} partitions, {} copies",
            kafka.topic, kafka.partitions, kafka.replication_factor
        ),
        Creation::AlreadyThere => println!("{} is already there", kafka.topic),
    }
    Ok(ExitCode::SUCCESS)
}
