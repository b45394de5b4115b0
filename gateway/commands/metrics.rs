//! `playhead metrics`: the registry of metrics.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::builder::PossibleValuesParser;

use crate::definitions::{Family, Metric, document, registry};

/// List the metrics: what each means, its unit, its formula
///
/// They are part of this binary; no server is asked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead metrics                            list all of them
  playhead metrics --family conviva           those that Conviva defines
  playhead metrics rebuffering_ratio          one metric, or the definitions of one concept, with formulas
  playhead metrics --json | jq '.[].formula'
  playhead metrics --write docs/metrics.md    write the documentation")]
pub(super) struct Args {
    /// Only the metric, or the concept, of this name; with its formula
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Only the definitions of one family
    #[arg(long, value_parser = PossibleValuesParser::new(Family::ALL.iter().map(|family| family.word())))]
    family: Option<String>,
    /// Print everything that the registry knows, as JSON
    #[arg(long)]
    json: bool,
    /// Write the documentation of all metrics to this file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "family", "json"])]
    write: Option<PathBuf>,
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    if let Some(path) = &args.write {
        return std::fs::write(path, document::page(registry()))
            .with_context(|| format!("cannot write {}", path.display()));
    }
    let is_wanted = |metric: &&Metric| {
        let named = args.name.as_ref();
        named.is_none_or(|name| metric.name == *name || metric.concept == *name)
            && args
                .family
                .as_ref()
                .is_none_or(|family| metric.family.word() == family)
    };
    let wanted: Vec<_> = registry().metrics.iter().filter(is_wanted).collect();
    anyhow::ensure!(
        !wanted.is_empty(),
        "no such metric; `playhead metrics` lists all of them"
    );
    if args.json {
        println!("{}", serde_json::to_string_pretty(&wanted)?);
    } else if args.name.is_some() {
        wanted
            .iter()
            .for_each(|metric| println!("{}", in_full(metric)));
    } else {
        let width = wanted.iter().map(|metric| metric.name.len()).max();
        let width = width.unwrap_or_default();
        for metric in wanted {
            let (unit, family) = (metric.unit.word(), metric.family.word());
            println!(
                "{:width$}  {unit:<11}  {family:<8}  {}",
                metric.name, metric.meaning
            );
        }
    }
    Ok(())
}

fn in_full(metric: &Metric) -> String {
    let error = match metric.error.as_str() {
        "" => String::new(),
        error => format!("\n  error      {error}"),
    };
    format!(
        "{}\n  {}\n  concept    {}\n  family     {}\n  unit       {}\n  reads      {} ({})\n  formula    {}\n  higher is  {}{error}\n  source     {}",
        metric.name,
        metric.meaning,
        metric.concept,
        metric.family.word(),
        metric.unit.word(),
        metric.grain.view(),
        metric.grain.word(),
        metric.formula,
        metric.higher_is.word(),
        metric.source,
    )
}
