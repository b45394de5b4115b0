//! `playhead migrate`: brings the schema to what this binary needs.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Subcommand};
use time::macros::format_description;

use super::retention;
use crate::config::Config;
use crate::warehouse::migrate::{Progress, embedded_migrations};
use crate::warehouse::{Migrator, Placeholders, Warehouse};

/// Brings the warehouse's schema to what this binary needs.
///
/// Creates the database when it is missing, then runs the pending files of migrations/ in order,
/// each followed by its row in `playhead_migrations`, and puts [retention] in force. Nothing is ever
/// undone; a file that failed is simply run again next time.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  playhead migrate                 apply what is pending
  playhead migrate --dry-run       print what would run, placeholders filled
  playhead migrate status          list applied and pending files with their times")]
pub(super) struct Args {
    /// Print the statements that would run, and run nothing.
    #[arg(long)]
    dry_run: bool,
    /// Use the files of this folder instead of those in the binary (for whoever writes migrations).
    #[arg(long, value_name = "FOLDER", global = true)]
    folder: Option<PathBuf>,
    /// Seconds to wait for another migrator that is at work.
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    wait: u64,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List every migration and when it was applied.
    Status,
}

pub(super) async fn run(args: Args, config: &Config) -> anyhow::Result<()> {
    let warehouse = &Warehouse::new((&config.clickhouse).into())?;
    let placeholders = &Placeholders::try_from(config)?;
    let files = match &args.folder {
        Some(folder) => refinery_core::load_sql_migrations(folder)?,
        None => embedded_migrations(),
    };
    let migrator = Migrator::with_files(warehouse, placeholders, files)
        .lock_patience(Duration::from_secs(args.wait));
    match args.action {
        Some(Action::Status) => print_status(&migrator).await,
        None if args.dry_run => print_plan(&migrator).await,
        None => {
            apply(&migrator, warehouse).await?;
            retention::apply(warehouse, config).await
        }
    }
}

async fn apply(migrator: &Migrator<'_>, warehouse: &Warehouse) -> anyhow::Result<()> {
    let count = migrator.run(show).await.inspect_err(|_| println!())?;
    let (database, url) = (warehouse.database(), warehouse.url());
    match count {
        0 => println!("`{database}` at {url} is up to date"),
        1 => println!("1 migration applied to `{database}` at {url}"),
        _ => println!("{count} migrations applied to `{database}` at {url}"),
    }
    Ok(())
}

fn show(progress: Progress<'_>) {
    match progress {
        Progress::Waiting { owner } => println!("another migrator ({owner}) is at work: waiting"),
        Progress::Started { version, name } => {
            print!("V{version:04} {name} ... ");
            // The line must be seen while a long statement runs; a closed pipe shows at the next one.
            let _ = std::io::stdout().flush();
        }
        Progress::Applied { took } => println!("{:.2} s", took.as_secs_f64()),
    }
}

async fn print_plan(migrator: &Migrator<'_>) -> anyhow::Result<()> {
    let plan = migrator.plan().await?;
    for statement in &plan {
        println!("-- {}\n{}\n", statement.file, statement.sql.trim_end());
    }
    println!("-- {} to run", plan.len());
    Ok(())
}

async fn print_status(migrator: &Migrator<'_>) -> anyhow::Result<()> {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    for line in migrator.status().await? {
        let when = match line.applied_on {
            Some(applied) => applied.format(&format)?,
            None => "pending".to_owned(),
        };
        println!("V{:04} {:<48} {when}", line.version, line.name);
    }
    Ok(())
}
