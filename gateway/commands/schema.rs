//! `playhead schema`: the end state of the migrations, and how a server differs from it.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args as ClapArgs;

use crate::config::Config;
use crate::warehouse::schema::{self, EXPECTED};
use crate::warehouse::{Placeholders, Warehouse};

/// Prints the schema that the migrations make, or compares a server with it.
///
/// Printing migrates a scratch database on the server, reads it and drops it; the real database
/// is not touched.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  playhead schema                          print the schema
  playhead schema --write sql/schema.sql   write it to the file
  playhead schema --check                  name what the server's database has that differs")]
pub(super) struct Args {
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Compare the configured database with the schema of this binary; fails when they differ.
    #[arg(long, conflicts_with = "write")]
    check: bool,
}

pub(super) async fn run(args: Args, config: &Config) -> anyhow::Result<()> {
    let warehouse = &Warehouse::new((&config.clickhouse).into())?;
    warehouse.check_server().await?;
    if args.check {
        return check(warehouse, &Placeholders::try_from(config)?).await;
    }
    let text = schema::print(&schema::of_migrations(warehouse).await?);
    match args.write {
        None => print!("{text}"),
        Some(path) => std::fs::write(&path, text)
            .with_context(|| format!("cannot write {}", path.display()))?,
    }
    Ok(())
}

async fn check(warehouse: &Warehouse, placeholders: &Placeholders) -> anyhow::Result<()> {
    let expected = schema::parse(&placeholders.fill("sql/schema.sql", EXPECTED)?);
    let found = schema::of_database(warehouse, &Placeholders::cleared()).await?;
    let differences = schema::differences(&expected, &found);
    for line in &differences {
        println!("{line}");
    }
    anyhow::ensure!(
        differences.is_empty(),
        "database `{}` is not what the migrations of this binary make; differences: {}",
        warehouse.database(),
        differences.len()
    );
    println!(
        "`{}` is what the migrations make: {} objects",
        warehouse.database(),
        found.len()
    );
    Ok(())
}
