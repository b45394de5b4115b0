//! Devices of the six classes.

use rand_chacha::ChaCha8Rng;

use super::Dice;

/// A device with the software on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Device {
    /// Wire name of the class (`smart_tv`).
    pub(crate) class: &'static str,
    pub(crate) model: &'static str,
    pub(crate) os_name: &'static str,
    pub(crate) os_version: &'static str,
    pub(crate) player_name: &'static str,
    pub(crate) player_version: &'static str,
    pub(crate) app_version: &'static str,
}

type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

// class, model, operating system, its version, player, its version.
const DEVICES: [Row; 16] = [
    ("mobile", "Pixel 9", "Android", "16", "ExoPlayer", "1.8.0"),
    ("mobile", "SM-S938B", "Android", "15", "ExoPlayer", "1.7.1"),
    ("mobile", "iPhone17,1", "iOS", "26.1", "AVPlayer", "26.1"),
    ("mobile", "iPhone15,4", "iOS", "18.6", "AVPlayer", "18.6"),
    ("web", "Chrome", "Windows", "11", "hls.js", "1.6.16"),
    ("web", "Safari", "macOS", "15.5", "hls.js", "1.6.13"),
    ("web", "Firefox", "Linux", "6.12", "dash.js", "5.2.1"),
    ("smart_tv", "OLED55C4", "webOS", "24", "Shaka", "5.2.12"),
    ("smart_tv", "QE65QN90D", "Tizen", "8.0", "Shaka", "5.2.1"),
    ("tablet", "iPad14,3", "iPadOS", "26.0", "AVPlayer", "26.0"),
    ("tablet", "SM-X810", "Android", "15", "ExoPlayer", "1.8.0"),
    (
        "set_top_box",
        "Ultra 4850",
        "RokuOS",
        "14.5",
        "Video",
        "14.5",
    ),
    (
        "set_top_box",
        "AFTKRT",
        "Fire OS",
        "8.1",
        "ExoPlayer",
        "1.6.1",
    ),
    (
        "set_top_box",
        "AppleTV14,1",
        "tvOS",
        "26.0",
        "AVPlayer",
        "26.0",
    ),
    (
        "game_console",
        "PlayStation 5",
        "PS5",
        "12.00",
        "Shaka",
        "4.15.8",
    ),
    (
        "game_console",
        "Xbox Series X",
        "Xbox",
        "10.0",
        "dash.js",
        "5.1.0",
    ),
];

const APP_VERSIONS: [&str; 4] = ["7.4.0", "7.4.1", "7.5.0-rc2", "8.0.0"];

impl Device {
    /// The device of viewer `index`: the six classes take turns at first, so that a small run has all.
    pub(crate) fn of(index: usize, rng: &mut ChaCha8Rng) -> Self {
        const FIRST_OF_CLASS: [usize; 6] = [0, 4, 7, 9, 11, 14];
        let row = match FIRST_OF_CLASS.get(index) {
            Some(first) => DEVICES[*first],
            None => rng.pick(&DEVICES),
        };
        let (class, model, os_name, os_version, player_name, player_version) = row;
        let app_version = rng.pick(&APP_VERSIONS);
        Self {
            class,
            model,
            os_name,
            os_version,
            player_name,
            player_version,
            app_version,
        }
    }
}
