//! `playhead retention`: how long the warehouse keeps what it has.

use crate::config::Config;
use crate::warehouse::Warehouse;
use crate::warehouse::retention::{self, Lifetime};

/// Show how long each table keeps its rows, or put [retention] in force
///
/// A longer lifetime holds at once. A shorter one lets go of old rows within hours, whole parts at a time, and nothing
/// brings them back. `playhead migrate` does the same after the last migration.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead retention                                          what is in force, and what is configured
  playhead retention --dry-run                                the statements that --apply would run
  PLAYHEAD_RETENTION__RAW_DAYS=30 playhead retention --apply  raw beacons of a month only")]
pub(super) struct Args {
    /// Print the statements, and run none
    #[arg(long)]
    dry_run: bool,
    /// Run the statements
    #[arg(long, conflicts_with = "dry_run")]
    apply: bool,
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub(super) async fn run(args: Args, config: &Config) -> anyhow::Result<()> {
    let warehouse = Warehouse::new((&config.clickhouse).into())?;
    if args.apply {
        return apply(&warehouse, config).await;
    }
    let lifetimes = retention::lifetimes(&warehouse, &config.retention.rules()).await?;
    anyhow::ensure!(
        !lifetimes.is_empty(),
        "database `{}` has no tables yet; run `playhead migrate` first",
        warehouse.database()
    );
    if args.dry_run {
        let statements = lifetimes.iter().flat_map(Lifetime::statements);
        statements.for_each(|statement| println!("{statement};"));
        return Ok(());
    }
    for lifetime in &lifetimes {
        let told = |ttl: &Option<String>| ttl.clone().unwrap_or("until it is dropped".to_owned());
        let (table, in_force) = (lifetime.table, told(&lifetime.in_force));
        if lifetime.is_as_wanted() {
            println!("{table:<24} {in_force}");
        } else {
            println!(
                "{table:<24} {in_force}\n{:<24} configured: {}",
                "",
                told(&lifetime.wanted)
            );
        }
    }
    if !lifetimes.iter().all(Lifetime::is_as_wanted) {
        println!("What is configured is not in force: playhead retention --apply");
    }
    Ok(())
}

/// Puts what is configured in force, and tells what changes.
#[expect(clippy::print_stdout, reason = "this is what the commands are for")]
pub(super) async fn apply(warehouse: &Warehouse, config: &Config) -> anyhow::Result<()> {
    for lifetime in retention::lifetimes(warehouse, &config.retention.rules()).await? {
        if lifetime.is_as_wanted() {
            continue;
        }
        retention::apply(warehouse, &lifetime).await?;
        match &lifetime.wanted {
            Some(wanted) => println!("{} now keeps its rows until {wanted}", lifetime.table),
            None => println!(
                "{} now keeps its rows until they are dropped",
                lifetime.table
            ),
        }
    }
    Ok(())
}
