//! What is set aside, on the simulated file system, ended at every single operation.

use super::super::aside;
use super::super::files::SyncPoint;
use super::sim::{End, Sim};

const BEACONS: u32 = 4;

/// Large enough for a torn write to show, and different from each other.
fn beacon(number: u32) -> Vec<u8> {
    vec![number as u8 + 1; 40 + number as usize * 9]
}

/// Sets all beacons aside until the process ends; gives those that were kept.
fn keep_all(sim: &Sim) -> Vec<u32> {
    let kept =
        (0..BEACONS).take_while(|number| aside::keep(sim, *number, &beacon(*number)).is_ok());
    kept.collect()
}

/// One crash, and what stands there after it.
fn crash(seed: u64, at: u64, end: End, skips: Option<SyncPoint>) -> Result<(), String> {
    let sim = Sim::new(seed ^ (at << 20), skips);
    sim.end_after(Some(at));
    let mut kept = keep_all(&sim);
    sim.restart(end);
    look(&sim, &kept)?;
    // The next process has the same to do, half of it, and the power is cut.
    sim.end_after(Some(at / 2));
    kept.extend(keep_all(&sim));
    sim.restart(End::PowerCut);
    look(&sim, &kept)?;
    // And one that is not disturbed comes to its end, whatever was left.
    match keep_all(&sim).len() as u32 {
        BEACONS => look(&sim, &(0..BEACONS).collect::<Vec<_>>()),
        kept => Err(format!(
            "{kept} of {BEACONS} are kept on a machine that is well"
        )),
    }
}

fn look(sim: &Sim, kept: &[u32]) -> Result<(), String> {
    let names = aside::names(sim).map_err(|error| error.to_string())?;
    let mut whole = Vec::new();
    for name in names {
        match aside::read(sim, &name).map_err(|error| error.to_string())? {
            Some(found) if found.payload == beacon(found.partition) => whole.push(found.partition),
            _ => return Err(format!("{name} is damaged")),
        }
    }
    match kept.iter().find(|number| !whole.contains(number)) {
        Some(lost) => Err(format!("beacon {lost} was kept and is lost")),
        None => Ok(()),
    }
}

fn every_crash(seed: u64, skips: Option<SyncPoint>) -> Result<usize, String> {
    let sim = Sim::new(seed, None);
    assert_eq!(keep_all(&sim).len() as u32, BEACONS);
    let operations = sim.operations();
    for at in 0..=operations {
        for end in [End::Killed, End::PowerCut] {
            crash(seed, at, end, skips)
                .map_err(|wrong| format!("seed {seed}, {end:?} at operation {at}: {wrong}"))?;
        }
    }
    Ok(2 * (operations as usize + 1))
}

#[test]
#[expect(clippy::print_stdout, reason = "the seeds and the number of cases")]
fn what_is_set_aside_is_there_after_a_crash_at_any_step() {
    let seeds = 1..=super::scripts();
    let mut cases = 0;
    for seed in seeds.clone() {
        cases += every_crash(seed, None).unwrap_or_else(|wrong| panic!("{wrong}"));
    }
    println!("seeds {seeds:?}: {cases} crashes, nothing lost");
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "which crash shows that the sync is needed"
)]
fn without_any_one_of_its_syncs_it_is_found_out() {
    for point in SyncPoint::OF_ASIDES {
        let wrong = (1..=super::scripts()).find_map(|seed| every_crash(seed, Some(point)).err());
        let wrong = wrong.unwrap_or_else(|| panic!("without {point:?} nothing goes wrong"));
        println!("without {point:?}: {wrong}");
    }
}
