//! By what a window's rows are told apart.

use crate::truth::delivery::latest;
use crate::truth::play::PlayTruth;

/// Values of dimensions, in the order of the view's columns.
pub(super) type Place = Vec<(&'static str, String)>;

pub(super) const TITLE_COLUMNS: [&str; 4] = ["content_id", "device_class", "country", "cdn"];

pub(super) const SET_COLUMNS: [&str; 10] = [
    "dimension_set",
    "device_class",
    "country",
    "region",
    "isp",
    "cdn",
    "app_version",
    "source",
    "experiment",
    "variant",
];

/// A set of dimensions; each play counts once in each, and once for each experiment in that one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    Title,
    Network,
    Application,
    Experiment,
}

impl Set {
    /// Where a play is filed.
    pub(super) fn places(self, play: &PlayTruth<'_>) -> Vec<Place> {
        let (viewer, cdn) = (&play.script.viewer, cdn(play));
        let (device, network) = (viewer.device, viewer.network);
        match self {
            Set::Title => vec![place(
                &TITLE_COLUMNS,
                &[
                    ("content_id", &play.play.title.content_id),
                    ("device_class", device.class),
                    ("country", network.country),
                    ("cdn", cdn),
                ],
            )],
            Set::Network => vec![place(
                &SET_COLUMNS,
                &[
                    ("dimension_set", "network"),
                    ("cdn", cdn),
                    ("country", network.country),
                    ("region", network.region),
                    ("isp", network.isp),
                ],
            )],
            Set::Application => vec![place(
                &SET_COLUMNS,
                &[
                    ("dimension_set", "application"),
                    ("device_class", device.class),
                    ("app_version", device.app_version),
                    ("source", "native_json"),
                ],
            )],
            Set::Experiment => {
                let by_experiment = viewer.experiments.iter().map(|(experiment, variant)| {
                    place(
                        &SET_COLUMNS,
                        &[
                            ("dimension_set", "experiment"),
                            ("device_class", device.class),
                            ("experiment", experiment),
                            ("variant", variant),
                        ],
                    )
                });
                by_experiment.collect()
            }
        }
    }
}

/// The CDN of the session's end.
pub(super) fn cdn<'a>(play: &PlayTruth<'a>) -> &'a str {
    latest(play.script).map_or("", |beacon| beacon.cdn)
}

/// The values of those columns; what is not among `known` is empty.
fn place(columns: &[&'static str], known: &[(&str, &str)]) -> Place {
    let value = |column: &str| known.iter().find(|(name, _)| *name == column);
    columns
        .iter()
        .map(|column| {
            let value = value(column).map_or("", |(_, value)| value);
            (*column, value.to_owned())
        })
        .collect()
}
