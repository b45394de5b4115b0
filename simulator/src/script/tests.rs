//! Many stories, and what must hold in each of them.

use std::collections::{BTreeMap, BTreeSet};

use clap::Parser;

use super::event::Event;
use super::scene::Ending;
use super::told::told;
use crate::args::SimulateArgs;
use crate::event::Event as Whole;
use crate::send::body::body;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: SimulateArgs,
}

fn event(arguments: &[&str]) -> Whole {
    let line = Line::parse_from([&["simulate"], arguments].concat());
    Whole::of(&line.args, crate::event::unix_ms().unwrap()).unwrap()
}

#[test]
fn a_run_uses_every_field_that_a_client_may_send() {
    let event = event(&["--viewers", "300", "--wrong-clock-percent", "5"]);
    let mut told_fields = BTreeSet::from(["sent_time_ms".to_owned()]);
    let mut bytes = 0;
    let mut beacons = 0;
    for script in &event.scripts {
        for beacon in &script.beacons {
            told_fields.extend(told(&script.viewer, beacon).keys().cloned());
            bytes += body(script, &[beacon.index], 1_795_250_275_830).len() - 2;
            beacons += 1;
        }
    }
    let proto = include_str!("../../../proto/playhead/v1/beacon.proto");
    let message = proto.split_once("message Beacon {").unwrap().1;
    let declared = message.lines().filter_map(|line| {
        let name = line.trim().split_once(" = ")?.0.rsplit(' ').next()?;
        (!line.trim().starts_with("//")).then(|| name.to_owned())
    });
    let by_gateway = [
        "tenant",
        "session_key",
        "seq_is_ordinal",
        "received_time_ms",
        "event_time_ms",
        "source",
        "privacy_gpc",
        "is_bot",
        "write_key",
    ];
    let expected: BTreeSet<String> = declared
        .filter(|name| !by_gateway.contains(&name.as_str()))
        .collect();
    assert_eq!(told_fields, expected);
    let mean_bytes = bytes / beacons;
    assert!(
        (400..=800).contains(&mean_bytes),
        "{mean_bytes} bytes a beacon"
    );
}

#[test]
fn all_device_classes_events_and_endings_happen() {
    let event = event(&["--viewers", "300"]);
    let classes: BTreeSet<_> = event
        .scripts
        .iter()
        .map(|script| script.viewer.device.class)
        .collect();
    assert_eq!(classes.len(), 6);
    let events: BTreeSet<_> = event
        .scripts
        .iter()
        .flat_map(|script| &script.beacons)
        .map(|beacon| beacon.event.name())
        .collect();
    assert_eq!(events.len(), 26);
    let mut endings: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for script in &event.scripts {
        *counts.entry(script.plays.len()).or_default() += 1;
    }
    // About one in eight goes on to another title, some of them to a third.
    assert!((20..60).contains(&(300 - counts[&1])), "{counts:?}");
    assert!(counts[&3] > 3, "{counts:?}");
    for play in event
        .scripts
        .iter()
        .filter_map(|script| script.plays.last())
    {
        let ending = match play.ending {
            Ending::Silent => "silent",
            Ending::Finished { .. } => "finished",
            Ending::Exited { .. } => "exited",
            Ending::Failed { .. } => "failed",
        };
        *endings
            .entry((play.first_frame_ms.is_some(), ending))
            .or_default() += 1;
    }
    // Nothing finishes before it started; everything else occurs.
    assert_eq!(endings.len(), 7, "{endings:?}");
}

#[test]
fn scenes_follow_each_other_and_only_the_last_is_open() {
    for script in &event(&["--viewers", "300", "--loss-percent", "20"]).scripts {
        for play in &script.plays {
            for pair in play.scenes.windows(2) {
                let to_ms = pair[0].to_ms.unwrap();
                assert!(pair[0].from_ms < to_ms && to_ms <= pair[1].from_ms);
                assert!(to_ms < pair[1].from_ms || pair[0].condition != pair[1].condition);
            }
        }
        let (last, before) = script.plays.split_last().unwrap();
        assert!(before.iter().all(|play| play.condition().is_none()));
        assert!(last.condition().is_none() || last.ending == Ending::Silent);
        assert!(
            script
                .beacons
                .windows(2)
                .all(|pair| pair[0].at_ms <= pair[1].at_ms)
        );
    }
}

#[test]
fn the_same_seed_tells_the_same_stories() {
    let beats = |seed: &str| {
        let event = event(&["--viewers", "50", "--seed", seed]);
        let of = |script: &super::Script| {
            script
                .beacons
                .iter()
                .map(|beacon| beacon.event.name())
                .collect::<Vec<_>>()
        };
        event.scripts.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(beats("5"), beats("5"));
    assert_ne!(beats("5"), beats("6"));
}

#[test]
fn faults_deliver_every_beacon_but_lost_heartbeats_and_stalls() {
    let event = event(&[
        "--viewers",
        "200",
        "--duplicates-percent",
        "10",
        "--reorder-percent",
        "30",
        "--late-percent",
        "10",
        "--late-plays-percent",
        "20",
        "--loss-percent",
        "20",
    ]);
    let mut delivered: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for parcel in &event.parcels {
        for beacon in &parcel.beacons {
            *delivered.entry((parcel.script, *beacon)).or_default() += 1;
            assert!(parcel.send_at_ms >= event.scripts[parcel.script].beacons[*beacon].at_ms);
        }
    }
    for (index, script) in event.scripts.iter().enumerate() {
        for beacon in &script.beacons {
            assert_eq!(
                delivered.contains_key(&(index, beacon.index)),
                !beacon.is_lost
            );
            let may_be_lost = match beacon.event {
                Event::Heartbeat => true,
                Event::PlayState => script.plays[beacon.play]
                    .plain_stalls
                    .iter()
                    .any(|stall| [stall.began_by, stall.ended_by].contains(&beacon.index)),
                _ => false,
            };
            assert!(!beacon.is_lost || may_be_lost);
        }
    }
    let copies =
        delivered.values().filter(|times| **times > 1).count() as f64 / delivered.len() as f64;
    assert!(
        (0.07..0.13).contains(&copies),
        "{copies} of the beacons came twice"
    );
}
