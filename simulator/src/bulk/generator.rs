//! All sessions of a bulk load, hour after hour, a piece of rows at a time.

use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::cast::Dice;
use crate::cast::viewer::Casting;

use super::day::Day;
use super::rows::Rows;
use super::viewing::{Setting, Viewing};

/// Rows are handed over in pieces of about that size; bytes.
const PIECE_BYTES: usize = 512 * 1024;

/// Rows as a block in the Native format.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) rows: Vec<u8>,
    pub(super) beacons: u64,
}

/// The viewers who are there, and those who will come. Memory grows with how many are there at the same time.
#[derive(Debug)]
pub(super) struct Generator {
    day: Arc<Day>,
    casting: Casting,
    setting: Setting,
    app_versions: usize,
    watching: Vec<Viewing>,
}

impl Generator {
    pub(super) fn new(
        day: Arc<Day>,
        casting: Casting,
        setting: Setting,
        app_versions: usize,
    ) -> Self {
        Self {
            day,
            casting,
            setting,
            app_versions,
            watching: Vec::new(),
        }
    }

    /// Lets everybody go on through the next hour; the beacons of a session stand together. False when `take` wants no
    /// more.
    pub(super) fn hour(&mut self, hour: u32, mut take: impl FnMut(Piece) -> bool) -> bool {
        let day = Arc::clone(&self.day);
        let until_ms = day.hour_begins_ms(hour + 1);
        let mut rows = Rows::default();
        let mut hand_over = |rows: &mut Rows, least: usize| {
            if rows.bytes() <= least {
                return true;
            }
            let full = std::mem::take(rows);
            take(Piece {
                rows: full.block(),
                beacons: full.count(),
            })
        };
        let setting = &self.setting;
        let mut still = true;
        self.watching.retain_mut(|viewing| {
            if still {
                viewing.go_on(setting, until_ms, &mut rows);
                still = hand_over(&mut rows, PIECE_BYTES);
            }
            !viewing.is_over()
        });
        for (index, at_ms) in day.arrivals(hour) {
            if !still {
                return false;
            }
            // Sessions are counted in millions.
            let viewer = self.casting.viewer(index as usize, at_ms);
            let version = ChaCha8Rng::seed_from_u64(viewer.seed).zipf(self.app_versions);
            let app_version = format!("{}.{}.{}", version / 40, version / 5 % 8, version % 5);
            let mut viewing = Viewing::begin(viewer, app_version, setting, at_ms);
            viewing.go_on(setting, until_ms, &mut rows);
            if !viewing.is_over() {
                self.watching.push(viewing);
            }
            still = hand_over(&mut rows, PIECE_BYTES);
        }
        hand_over(&mut rows, 0)
    }
}
