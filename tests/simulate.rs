//! The whole path by its own oracle: generated viewers, every fault, every column of every view compared.

use crate::harness::{Gateway, Topic, brokers};
use crate::scratch;
use crate::viewers;
use crate::viewers::migrate;
use playhead::warehouse::Warehouse;
use playhead_simulator::{SimulateArgs, Simulation};

const FAULTS: &str = "--length-minutes 20 --duplicates-percent 5 --reorder-percent 25 --late-percent 10 \
    --loss-percent 5 --wrong-clock-percent 10 --over-midnight";

fn arguments(gateway: &Gateway, warehouse: &Warehouse, more: &str) -> SimulateArgs {
    viewers::arguments(gateway, warehouse, &format!("{FAULTS} {more}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_number_of_every_view_is_what_the_viewers_did() {
    let topic = Topic::create(brokers(), 6).await;
    scratch::in_database(|warehouse| async move {
        migrate(&warehouse, &topic).await;
        let gateway = Gateway::start(&topic, &[]);
        // Slowly enough that the passes compute sessions between their beacons, and again when a title comes in late.
        let slowly =
            "--viewers 120 --seed 3 --speed-up 60 --zapping-percent 40 --late-plays-percent 60";
        let verdict = playhead_simulator::run(arguments(&gateway, &warehouse, slowly))
            .await
            .unwrap();
        assert!(verdict.is_passed(), "{verdict}");
        assert_eq!(
            verdict.views(),
            [
                "beacons_v",
                "session_ids_v",
                "live_viewers_v",
                "concurrent_viewers_v",
                "dead_letters_v",
                "engagement_by_five_seconds_v",
                "content_engagement_v",
                "sessions_v",
                "sessions_enriched_v",
                "quality_by_minute_v",
                "quality_by_hour_v",
                "quality_by_day_v",
                "quality_by_minute_sets_v",
                "quality_by_hour_sets_v",
                "quality_by_day_sets_v",
                "quality_by_second_v",
                "quality_by_ten_seconds_v",
                "ads_v",
                "ad_breaks_v",
                "funnel_v",
                "completion_v",
                "viewers_by_first_week_v",
                "viewer_days_v",
            ]
        );
        // 70 columns of each beacon at least.
        assert!(verdict.values_compared() > 120 * 40 * 70, "{verdict}");

        // The views that sum over sessions can only be compared alone: a second run is told so before it sends.
        let refused = playhead_simulator::run(arguments(
            &gateway,
            &warehouse,
            "--viewers 5 --seed 4 --speed-up 600",
        ))
        .await;
        let message = refused.unwrap_err().to_string();
        assert!(message.contains("already holds 120 sessions"), "{message}");
        let beside = arguments(
            &gateway,
            &warehouse,
            "--viewers 5 --seed 4 --speed-up 600 --verify-sessions-only",
        );
        let verdict = playhead_simulator::run(beside).await.unwrap();
        assert!(verdict.is_passed(), "{verdict}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_missing_beacon_is_found() {
    let topic = Topic::create(brokers(), 6).await;
    scratch::in_database(|warehouse| async move {
        migrate(&warehouse, &topic).await;
        let gateway = Gateway::start(&topic, &[]);
        let mut simulation = Simulation::prepare(arguments(
            &gateway,
            &warehouse,
            "--viewers 25 --seed 8 --speed-up 600 --settle-seconds 30",
        ))
        .unwrap();
        simulation.withhold_one_beacon();
        simulation.send().await.unwrap();
        let verdict = simulation.verify().await.unwrap();
        assert!(!verdict.is_passed());
        let differing = verdict.differing();
        // The start of a stall is what was withheld: the raw row is missing, and the numbers made of it are off.
        for name in [
            "beacons_v",
            "sessions_v.beacons_lost",
            "sessions_v.intervals",
            "quality_by_minute_v.stalled_ms",
        ] {
            assert!(
                differing.iter().any(|one| one == name),
                "{name} is not among {differing:?}"
            );
        }
        assert!(
            !differing.iter().any(|one| one == "session_ids_v"),
            "{differing:?}"
        );
    })
    .await;
}
