//! The rows of `sql/queries/live/groups.sql`, put where they belong.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::analytics::quality::QualitySums;
use crate::analytics::viewers::no_viewers;

use super::{ContentQuality, DeviceClassQuality};

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// A minute; the key is its begin in Unix s.
    Minute,
    /// A title; the key is its content id.
    Content,
    /// A device class; the key is its name.
    DeviceClass,
    /// A status; the key is its word.
    Status,
}

/// A row.
#[derive(Debug, Deserialize)]
pub(super) struct GroupRow {
    kind: Kind,
    key: String,
    title: String,
    viewers: u64,
    #[serde(flatten)]
    sums: QualitySums,
}

/// The rows by their kind, each list in the order of the query.
#[derive(Debug)]
pub(super) struct Groups {
    pub(super) statuses: BTreeMap<String, u64>,
    pub(super) minutes: BTreeMap<i64, QualitySums>,
    pub(super) totals: QualitySums,
    pub(super) contents: Vec<ContentQuality>,
    pub(super) device_classes: Vec<DeviceClassQuality>,
}

impl Groups {
    /// Puts each row where it belongs; every status has a number.
    pub(super) fn sorted(rows: Vec<GroupRow>) -> Self {
        let mut groups = Self {
            statuses: no_viewers(),
            minutes: BTreeMap::new(),
            totals: QualitySums::default(),
            contents: Vec::new(),
            device_classes: Vec::new(),
        };
        for row in rows {
            groups.add(row);
        }
        groups
    }

    fn add(&mut self, row: GroupRow) {
        match row.kind {
            Kind::Status => {
                self.statuses.insert(row.key, row.viewers);
            }
            Kind::Minute => {
                self.totals += &row.sums;
                // The query writes the number itself.
                self.minutes.insert(row.key.parse().unwrap_or(0), row.sums);
            }
            Kind::Content => self.contents.push(ContentQuality {
                content_id: row.key,
                title: row.title,
                viewers: row.viewers,
                quality: row.sums.into(),
            }),
            Kind::DeviceClass => self.device_classes.push(DeviceClassQuality {
                device_class: row.key,
                viewers: row.viewers,
                quality: row.sums.into(),
            }),
        }
    }
}
