//! What every table takes, for its description, and where sessions know a dimension.

use utoipa::IntoParams;

use crate::analytics::params::Dimension;

/// The parameters that every table takes.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TableParams {
    /// Begin of the window: RFC 3339, or relative such as `now-15m`, `now-7d`, `now-1d/d`. By default an hour before `to`.
    #[param(example = "now-1h")]
    pub from: Option<String>,
    /// End of the window, which does not belong to it; likewise. By default now.
    #[param(example = "now")]
    pub to: Option<String>,
    /// Whose days, weeks and hours relative times mean: a name of the IANA database. By default UTC.
    #[param(example = "Europe/Vienna")]
    pub time_zone: Option<String>,
    /// Which plays are counted, as `dimension:operator:value`; may be repeated, then all must hold. Operators: `is`, `is_not`,
    /// `in`, `not_in` (values separated by commas), `matches` (RE2).
    #[param(example = json!(["cdn:is:akamai"]))]
    pub filter: Option<Vec<String>>,
    /// What rows are told apart by, separated by commas; at most four.
    #[param(example = "cdn")]
    pub group_by: Option<String>,
    /// The count by which rows are sorted; with `-` before it the greatest come first.
    pub order: Option<String>,
    /// Most rows of a page; by default 100.
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// `json` (the default), `ndjson`, `csv`, `arrow` or `parquet`; else what `Accept` names. Lists inside a row stand in JSON only.
    pub format: Option<String>,
}

/// The column of a dimension in rows that know what a session knows.
pub(in crate::analytics) fn of_sessions(dimension: Dimension) -> Option<&'static str> {
    Some(match dimension {
        Dimension::ContentId => "s.content_id",
        Dimension::DeviceClass => "s.device_class",
        Dimension::Country => "s.country",
        Dimension::Region => "s.region",
        Dimension::Cdn => "s.cdn",
        Dimension::Isp => "s.isp",
        Dimension::AppVersion => "s.app_version",
        Dimension::Source => "s.source",
        Dimension::ContentSeries => "s.content_series",
        Dimension::ContentChannel => "s.content_channel",
        Dimension::StreamType => "s.stream_type",
        Dimension::OsName => "s.os_name",
        Dimension::OsVersion => "s.os_version",
        Dimension::DeviceModel => "s.device_model",
        Dimension::PlayerName => "s.player_name",
        Dimension::PlayerVersion => "s.player_version",
        Dimension::ConnectionType => "s.connection_type",
        Dimension::WriteKey => "s.write_key",
        Dimension::EndReason => "s.end_reason",
        Dimension::LastErrorCode => "s.last_error_code",
        // A play is in several experiments at once.
        Dimension::Variant => return None,
    })
}
