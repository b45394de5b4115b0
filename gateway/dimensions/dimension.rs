//! The dimensions and their columns, as a file names them.

use super::column::{Column, Kind, Need};

/// What can be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Dimension {
    /// The catalogue of titles.
    Content,
    /// The schedule of the channels.
    Programmes,
    /// Viewers with their history.
    Viewers,
}

const CONTENT: &[Column] = &[
    Column::new("content_id", Kind::Text, Need::Key),
    Column::new("title", Kind::Text, Need::Free),
    Column::new("description", Kind::Text, Need::Free),
    Column::new("content_type", Kind::Text, Need::Free),
    Column::new("genres", Kind::List, Need::Free),
    Column::new("language", Kind::Text, Need::Free),
    Column::new("release_date", Kind::Day, Need::Free),
    Column::new("duration_ms", Kind::Milliseconds, Need::Free),
    Column::new("rating", Kind::Text, Need::Free),
    Column::new("cast", Kind::List, Need::Free),
    Column::new("director", Kind::Text, Need::Free),
    Column::new("series", Kind::Text, Need::Free),
    Column::new("season", Kind::Text, Need::Free),
    Column::new("episode", Kind::Text, Need::Free),
    Column::new("channel", Kind::Text, Need::Free),
    Column::new("is_deleted", Kind::Flag, Need::Free),
];

const PROGRAMMES: &[Column] = &[
    Column::new("channel", Kind::Text, Need::Key),
    Column::new("starts_at", Kind::Time, Need::Key),
    Column::new("ends_at", Kind::Time, Need::Told),
    Column::new("programme", Kind::Text, Need::Free),
    Column::new("title", Kind::Text, Need::Free),
    Column::new("content_id", Kind::Text, Need::Free),
    Column::new("is_deleted", Kind::Flag, Need::Free),
];

const VIEWERS: &[Column] = &[
    Column::new("viewer_id", Kind::Text, Need::Key),
    Column::new("valid_from", Kind::Time, Need::KeyOrAlways),
    Column::new("age_group", Kind::Text, Need::Free),
    Column::new("country", Kind::Text, Need::Free),
    Column::new("subscription", Kind::Text, Need::Free),
    Column::new("joined_on", Kind::Day, Need::Free),
    Column::new("preferences", Kind::Map, Need::Free),
    Column::new("is_deleted", Kind::Flag, Need::Free),
];

impl Dimension {
    /// Every dimension.
    pub const ALL: [Self; 3] = [Self::Content, Self::Programmes, Self::Viewers];

    /// The name in addresses and in the warehouse.
    pub fn name(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Programmes => "programmes",
            Self::Viewers => "viewers",
        }
    }

    /// The dimension of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.name() == name)
    }

    /// What a row may hold.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Content => CONTENT,
            Self::Programmes => PROGRAMMES,
            Self::Viewers => VIEWERS,
        }
    }

    /// The column that an address of one row names; `None` where one id is no row.
    pub fn id_column(self) -> Option<&'static str> {
        match self {
            Self::Content => Some("content_id"),
            Self::Viewers => Some("viewer_id"),
            Self::Programmes => None,
        }
    }

    /// The dictionary that is filled from it.
    pub fn dictionary(self) -> &'static str {
        match self {
            Self::Content => "content_by_id",
            Self::Programmes => "programmes_by_channel",
            Self::Viewers => "viewers_by_id",
        }
    }

    /// Pairs of times of which the second must be later.
    pub(super) fn spans(self) -> impl Iterator<Item = (&'static Column, &'static Column)> {
        let times = self
            .columns()
            .iter()
            .filter(move |column| self == Self::Programmes && matches!(column.kind, Kind::Time));
        let ends = times.clone().skip(1);
        times.zip(ends)
    }

    /// Every column's name, for messages.
    pub(super) fn column_names(self) -> String {
        let names: Vec<_> = self.columns().iter().map(|column| column.name).collect();
        names.join(", ")
    }
}
