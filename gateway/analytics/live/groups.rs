//! The rows of `sql/queries/live/`, put where they belong.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::analytics::quality::QualitySums;
use crate::analytics::viewers::no_viewers;

use super::{ContentQuality, DeviceClassQuality};

/// What a row of `present.sql` is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Who {
    /// Everybody of the last ten minutes in a status; the key is its word.
    Status,
    /// Who is there on a device class; the key is its name.
    DeviceClass,
}

/// A row of `present.sql`.
#[derive(Debug, Deserialize)]
pub(super) struct PresentRow {
    kind: Who,
    key: String,
    viewers: u64,
}

/// What a row of `minutes.sql` is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    /// A minute; the key is its begin in Unix s.
    Minute,
    /// A device class; the key is its name.
    DeviceClass,
}

/// A row of `minutes.sql`.
#[derive(Debug, Deserialize)]
pub(super) struct MinuteRow {
    kind: What,
    key: String,
    #[serde(flatten)]
    sums: QualitySums,
}

/// A row of `titles.sql`.
#[derive(Debug, Deserialize)]
pub(super) struct TitleRow {
    pub(super) content_id: String,
    viewers: u64,
}

/// A row of `title_quality.sql`.
#[derive(Debug, Deserialize)]
pub(super) struct TitleQualityRow {
    content_id: String,
    #[serde(flatten)]
    sums: QualitySums,
}

/// A row of `names.sql`.
#[derive(Debug, Deserialize)]
pub(super) struct NameRow {
    content_id: String,
    title: String,
}

/// The titles in their order, with their quality and names.
pub(super) fn described(
    titles: Vec<TitleRow>,
    qualities: Vec<TitleQualityRow>,
    names: Vec<NameRow>,
) -> Vec<ContentQuality> {
    let qualities = qualities.into_iter();
    let mut qualities: BTreeMap<_, _> = qualities.map(|row| (row.content_id, row.sums)).collect();
    let names = names.into_iter();
    let mut names: BTreeMap<_, _> = names.map(|row| (row.content_id, row.title)).collect();
    let each = titles.into_iter().map(|row| ContentQuality {
        title: names.remove(&row.content_id).unwrap_or_default(),
        quality: qualities.remove(&row.content_id).unwrap_or_default().into(),
        content_id: row.content_id,
        viewers: row.viewers,
    });
    each.collect()
}

/// The other rows by what they are about.
#[derive(Debug)]
pub(super) struct Groups {
    pub(super) statuses: BTreeMap<String, u64>,
    pub(super) minutes: BTreeMap<i64, QualitySums>,
    pub(super) totals: QualitySums,
    pub(super) device_classes: Vec<DeviceClassQuality>,
}

impl Groups {
    /// Puts each row where it belongs; every status has a number.
    pub(super) fn of(present: Vec<PresentRow>, minutes: Vec<MinuteRow>) -> Self {
        let mut groups = Self {
            statuses: no_viewers(),
            minutes: BTreeMap::new(),
            totals: QualitySums::default(),
            device_classes: Vec::new(),
        };
        let mut classes: BTreeMap<String, (u64, QualitySums)> = BTreeMap::new();
        for row in present {
            match row.kind {
                Who::Status => {
                    groups.statuses.insert(row.key, row.viewers);
                }
                Who::DeviceClass => classes.entry(row.key).or_default().0 = row.viewers,
            }
        }
        for row in minutes {
            match row.kind {
                What::Minute => {
                    groups.totals += &row.sums;
                    // The query writes the number itself.
                    groups
                        .minutes
                        .insert(row.key.parse().unwrap_or(0), row.sums);
                }
                What::DeviceClass => classes.entry(row.key).or_default().1 = row.sums,
            }
        }
        // Rows of plays that turned out to be of another class hold nothing but zeros.
        classes.retain(|_, (viewers, sums)| *viewers > 0 || *sums != QualitySums::default());
        let mut classes: Vec<_> = classes.into_iter().collect();
        // The sort keeps names in order where the numbers are equal.
        classes.sort_by_key(|(_, (viewers, sums))| Reverse((*viewers, sums.plays, sums.attempts)));
        let each = classes.into_iter();
        groups.device_classes = each
            .map(|(device_class, (viewers, sums))| DeviceClassQuality {
                device_class,
                viewers,
                quality: sums.into(),
            })
            .collect();
        groups
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_class_that_only_zeros_tell_of_is_left_out() {
        let present = json!([{"kind": "device_class", "key": "mobile", "viewers": 2}]);
        let told = |class: &str, plays: u64| {
            let mut row = serde_json::to_value(QualitySums::default()).unwrap_or_default();
            row["kind"] = json!("device_class");
            row["key"] = json!(class);
            row["plays"] = json!(plays);
            row
        };
        let minutes = json!([told("unknown", 0), told("web", 1), told("mobile", 0)]);
        let groups = Groups::of(
            serde_json::from_value(present).unwrap_or_default(),
            serde_json::from_value(minutes).unwrap_or_default(),
        );
        let classes = groups.device_classes.iter();
        let found: Vec<_> = classes
            .map(|class| (class.device_class.as_str(), class.viewers))
            .collect();
        assert_eq!(found, [("mobile", 2), ("web", 0)]);
    }
}
