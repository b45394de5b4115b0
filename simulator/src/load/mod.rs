//! Load: a fixed number of beacons a second for a while, and what it does to gateway and warehouse.

mod cpu;
mod figures;
mod freshness;
mod pace;
mod stock;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::args::SimulateArgs;
use crate::event::unix_ms;
use crate::send::Client;
use crate::verdict::Verdict;
use crate::verify::Warehouse;
use figures::Figures;
use stock::Stock;

/// Most beacons that are prepared ahead, about 700 bytes of memory each; a longer load sends them in laps.
const MOST_BEACONS: usize = 1_500_000;

/// Sends at the rate that the arguments ask for, and prints the figures.
pub(crate) async fn run(args: &SimulateArgs, rate: u32) -> Result<Verdict> {
    let beacons = (f64::from(rate) * args.length_minutes * 60.0) as usize;
    ensure!(
        beacons > 0,
        "--rate and --length-minutes make no beacon at all"
    );
    let client = Client::new(&args.gateway, Duration::ZERO)?;
    client.check().await?;
    let prepared = beacons.div_ceil(beacons.div_ceil(MOST_BEACONS));
    println!("preparing {prepared} beacons");
    let stock = Arc::new(Stock::of(args, prepared, rate)?);
    println!(
        "a lap of {} beacons, in which each viewer comes once",
        stock.len()
    );
    let probes = match args.skip_freshness {
        true => None,
        false => Some(demand_views(args).await?),
    };

    println!(
        "sending {rate} beacons a second for {:.0} s",
        args.length_minutes * 60.0
    );
    let cpu_before = args.gateway_pid.map(cpu::used).transpose()?;
    let run = format!("{}-{}", args.seed, unix_ms()?);
    let probes =
        probes.map(|warehouse| freshness::start(&run, &args.tenant, client.clone(), warehouse));
    let pace = pace::keep(
        &stock,
        &client,
        beacons,
        rate,
        args.rate_batch_beacons as usize,
    )
    .await?;
    let cpu_after = args.gateway_pid.map(cpu::used).transpose()?;
    let freshness = match probes {
        Some(probes) => probes.finish().await?,
        None => Vec::new(),
    };
    let gateway_cpu = cpu_after
        .zip(cpu_before)
        .map(|(after, before)| after.saturating_sub(before));
    print!(
        "{}",
        Figures {
            asked_per_second: rate,
            pace: &pace,
            freshness: &freshness,
            gateway_cpu
        }
    );
    Ok(Verdict {
        comparisons: Vec::new(),
        gave_up: None,
        suspects: Vec::new(),
        not_taken: pace.beacons_failed,
        redelivered: 0,
    })
}

/// The warehouse, once it has answered that it has the views whose freshness is measured.
async fn demand_views(args: &SimulateArgs) -> Result<Warehouse> {
    let warehouse = Warehouse::new(&args.clickhouse, &args.database);
    warehouse
        .count("SELECT count() AS n FROM live_viewers_v WHERE session_key = 0")
        .await?;
    Ok(warehouse)
}
