//! The log on a simulated file system, ended at every single operation.
//!
//! A script (which the seed decides) appends, drains, kills the process and starts it again, and meets
//! errors of the disk. It is run once to count its operations, then once for every operation and each
//! way to end, and the recovery is ended in the same way. Afterwards:
//!
//! - every acknowledged record is in the log, or was drained;
//! - every record in the log was written by somebody, byte for byte;
//! - the records of a partition stand in the order in which they were written;
//! - the log itself reports no loss, and its cursor can be read.

mod asides;
mod random;
mod sim;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::random::Random;
use self::sim::{End, Sim};
use super::cursor::CursorFile;
use super::files::{Files, SyncPoint};
use super::index::Index;
use super::log::{Log, NewRecord};
use super::reader::{Located, Reader};
use super::recover;

/// Small, so that a script makes several segments.
const SEGMENT_BYTES: u64 = 400;
/// Steps of one script.
const STEPS: usize = 12;
const PARTITIONS: u64 = 3;

/// What clients and Kafka know: it outlives every crash.
#[derive(Debug, Default)]
struct World {
    /// Payloads handed to the log; the place is the number of the record.
    written: Vec<(u32, Vec<u8>)>,
    acknowledged: BTreeSet<usize>,
    drained: BTreeSet<usize>,
}

/// The parts of one process.
struct Process {
    log: Log<Sim>,
    index: Arc<Index>,
    reader: Reader<Sim>,
    cursor: CursorFile<Sim>,
    /// Found, and not drained because the disk failed: it comes next.
    in_hand: Option<Located>,
}

impl Process {
    /// Starts one, and looks at what it reports. None: the process ended, or the disk failed.
    fn start(sim: &Sim) -> Result<Option<Self>, String> {
        let index = Arc::new(Index::default());
        if sim.make_folder().is_err() {
            return Ok(None);
        }
        let opened = recover::open(sim.clone(), SEGMENT_BYTES, index.clone());
        let Ok((log, found)) = opened else {
            return Ok(None);
        };
        if found.is_cursor_unreadable {
            return Err("the cursor cannot be read".into());
        }
        if !found.damage.is_empty() {
            return Err(format!("it reports a loss: {:?}", found.damage));
        }
        Ok(Some(Self {
            log,
            reader: Reader::new(sim.clone(), index.clone()),
            cursor: CursorFile::new(sim.clone(), index.clone()),
            index,
            in_hand: None,
        }))
    }

    fn append(&mut self, world: &mut World, random: &mut Random, now_ms: u64) {
        let first = world.written.len();
        for _ in 0..=random.below(3) {
            let partition = random.below(PARTITIONS) as u32;
            let mut payload = (world.written.len() as u64).to_le_bytes().to_vec();
            payload.resize(8 + random.below(60) as usize, partition as u8);
            world.written.push((partition, payload));
        }
        let new: Vec<NewRecord<'_>> = world.written[first..]
            .iter()
            .map(|(partition, payload)| NewRecord {
                partition: *partition,
                rows: 1,
                payload,
            })
            .collect();
        if self.log.append(&new, now_ms).is_ok() {
            world.acknowledged.extend(first..world.written.len());
        }
    }

    /// Reads some records as Kafka would get them, and says so.
    fn drain(&mut self, world: &mut World, records: u64) -> Result<(), String> {
        let mut last = None;
        for _ in 0..records {
            let next = match self.in_hand.take() {
                None => self.reader.next(),
                in_hand => Ok(in_hand),
            };
            let Ok(Some(located)) = next else {
                break;
            };
            let mut payload = Vec::new();
            let Ok(is_same) = self.reader.payload(&located, &mut payload) else {
                self.in_hand = Some(located);
                break;
            };
            if !is_same {
                return Err("a record changed while it was drained".into());
            }
            world
                .drained
                .insert(number(world, located.partition, &payload)?);
            last = Some(located.seq);
        }
        if let Some(seq) = last {
            // A cursor that lags behind is no loss.
            let _ = self.cursor.advance(seq);
        }
        Ok(())
    }
}

/// Which record this is; an error if nobody wrote it.
fn number(world: &World, partition: u32, payload: &[u8]) -> Result<usize, String> {
    let head: [u8; 8] = payload
        .get(..8)
        .and_then(|head| head.try_into().ok())
        .ok_or("a record without a number")?;
    let number = u64::from_le_bytes(head) as usize;
    match world.written.get(number) {
        Some((of, bytes)) if *of == partition && bytes == payload => Ok(number),
        _ => Err(format!("record {number} was never written like this")),
    }
}

/// Runs the script until it is over or the process ends.
fn run(sim: &Sim, world: &mut World, seed: u64, has_faults: bool) -> Result<(), String> {
    let mut random = Random::new(seed);
    let mut process = None;
    for step in 0..STEPS {
        if has_faults && random.below(4) == 0 {
            sim.fail_after(Some(1 + random.below(6)));
        }
        let Some(at_hand) = &mut process else {
            process = Process::start(sim)?;
            continue;
        };
        match random.below(8) {
            0..=4 => at_hand.append(world, &mut random, step as u64),
            5..=6 => at_hand.drain(world, 1 + random.below(8))?,
            _ => process = None,
        }
        if sim.has_ended() {
            return Ok(());
        }
    }
    Ok(())
}

/// Starts on what a crash left and compares everything with the world.
fn look(sim: &Sim, world: &World) -> Result<(), String> {
    let mut process = Process::start(sim)?.ok_or("it does not start on a machine that is well")?;
    let mut found = BTreeSet::new();
    let mut last = [None; PARTITIONS as usize];
    let mut last_seq = process.index.cursor();
    while let Some(located) = process.reader.next().map_err(|error| error.to_string())? {
        let mut payload = Vec::new();
        let read = process.reader.payload(&located, &mut payload);
        if !read.map_err(|error| error.to_string())? {
            return Err("a record that was found cannot be read".into());
        }
        let number = number(world, located.partition, &payload)?;
        let before = &mut last[located.partition as usize];
        if located.seq <= last_seq || before.is_some_and(|before| before >= number) {
            return Err(format!("record {number} is out of order"));
        }
        (last_seq, *before) = (located.seq, Some(number));
        found.insert(number);
    }
    match world
        .acknowledged
        .iter()
        .find(|number| !found.contains(number) && !world.drained.contains(number))
    {
        Some(lost) => Err(format!("record {lost} was acknowledged and is lost")),
        None => Ok(()),
    }
}

/// One crash: the script until this operation, the end, a recovery that ends too, and the look.
fn crash(
    seed: u64,
    at: u64,
    end: End,
    skips: Option<SyncPoint>,
    has_faults: bool,
) -> Result<(), String> {
    // The disk decides differently at every crash; the script stays the same.
    let sim = Sim::new(
        seed ^ (at << 20) ^ (u64::from(end == End::PowerCut) << 63),
        skips,
    );
    let mut world = World::default();
    sim.end_after(Some(at));
    run(&sim, &mut world, seed, has_faults)?;
    sim.restart(end);
    // Killed while it recovers and goes on, and the power is cut after that.
    let mut random = Random::new(seed.wrapping_add(at));
    sim.end_after(Some(random.below(40)));
    run(&sim, &mut world, random.next(), false)?;
    sim.restart(if random.below(2) == 0 {
        End::Killed
    } else {
        End::PowerCut
    });
    look(&sim, &world)?;
    sim.restart(End::PowerCut);
    look(&sim, &world)
}

/// Every crash of one script; how many there were, or the first one that goes wrong.
fn every_crash(seed: u64, skips: Option<SyncPoint>, has_faults: bool) -> Result<usize, String> {
    let sim = Sim::new(seed, None);
    run(&sim, &mut World::default(), seed, has_faults)?;
    let mut cases = 0;
    for at in 0..=sim.operations() {
        for end in [End::Killed, End::PowerCut] {
            crash(seed, at, end, skips, has_faults)
                .map_err(|wrong| format!("seed {seed}, {end:?} at operation {at}: {wrong}"))?;
            cases += 1;
        }
    }
    Ok(cases)
}

/// Scripts of one test; `PLAYHEAD_SPOOL_MODEL_SCRIPTS` asks for more.
fn scripts() -> u64 {
    let asked = std::env::var("PLAYHEAD_SPOOL_MODEL_SCRIPTS");
    asked
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(150)
}

#[expect(clippy::print_stdout, reason = "the seeds and the number of cases")]
fn nothing_is_lost(first_seed: u64, has_faults: bool) {
    let seeds = first_seed..first_seed + scripts();
    let mut cases = 0;
    for seed in seeds.clone() {
        match every_crash(seed, None, has_faults) {
            Ok(count) => cases += count,
            Err(wrong) => panic!("{wrong}"),
        }
    }
    println!("seeds {seeds:?}: {cases} crashes, nothing lost");
    assert!(
        cases > 1_000,
        "{cases} crashes are too few to mean anything"
    );
}

#[test]
fn nothing_acknowledged_is_lost_by_a_crash_at_any_step() {
    nothing_is_lost(1, false);
}

#[test]
fn nothing_acknowledged_is_lost_by_errors_of_the_disk_and_a_crash_at_any_step() {
    nothing_is_lost(100_001, true);
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "which crash shows that the sync is needed"
)]
fn a_log_without_any_one_of_its_syncs_is_found_out() {
    for point in SyncPoint::OF_THE_LOG {
        let (first_seed, has_faults) = match point {
            // What was cut comes back only where an append had failed.
            SyncPoint::EndFound => (100_001, true),
            // Rare: a cursor that is only in memory, since its sync had failed, and a power cut that tears the other slot.
            SyncPoint::CursorFound => (101_001, true),
            _ => (1, false),
        };
        let mut seeds = first_seed..first_seed + scripts();
        let wrong = seeds.find_map(|seed| every_crash(seed, Some(point), has_faults).err());
        let wrong = wrong.unwrap_or_else(|| panic!("without {point:?} nothing goes wrong"));
        println!("without {point:?}: {wrong}");
    }
}
