//! The text of a query: formulas, dimensions, steps and conditions in the places of a query file.
//!
//! Everything that is put in comes out of this binary (the registry's formulas, our columns); what a reader wrote is bound
//! by the server.

use crate::analytics::error::QueryError;
use crate::analytics::params::{Dimension, Filters, bad};
use crate::analytics::queries::{self, QueryFile};
use crate::analytics::reader::Param;

use super::buckets::Buckets;
use super::source::Source;

/// What tells that a row holds more than zeros.
const MEASURES: &str = "sum(q.attempts + q.plays + q.ended_plays + q.starting_ms + q.playing_ms + q.stalled_ms + q.seeking_ms + q.paused_ms + q.ad_ms) > 0";

/// What is asked of one source.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// SQL aggregates; each comes out as `value_` and its number.
    pub formulas: &'a [String],
    /// By what rows are told apart; each comes out as `group_` and its number.
    pub groups: &'a [Dimension],
    /// Which plays count.
    pub filters: &'a Filters,
    /// In which steps.
    pub buckets: &'a Buckets,
    /// Only these values of each of the groups; all when there are none.
    pub within: &'a [Vec<String>],
}

/// A query with its values.
#[derive(Clone, Debug)]
pub struct Text {
    /// The file that it comes from.
    pub file: QueryFile,
    /// Its text.
    pub sql: String,
    /// What the server binds.
    pub params: Vec<(String, Param)>,
}

impl Text {
    /// A query file as it is.
    pub fn plain<const N: usize>(file: QueryFile, params: [(&str, Param); N]) -> Self {
        Self {
            file,
            sql: file.sql.to_owned(),
            params: params.map(|(name, value)| (name.to_owned(), value)).into(),
        }
    }
}

/// How rows are sorted, and after which of them a page begins.
#[derive(Clone, Debug)]
pub struct Sorting {
    /// Number of the value or group that is sorted by.
    pub by: SortKey,
    /// Whether the greatest come first.
    pub is_descending: bool,
    /// Bits and groups of the row before the page.
    pub after: Option<(u64, Vec<String>)>,
}

/// By what rows are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// A value; where there is none comes last.
    Value(usize),
    /// A group.
    Group(usize),
}

/// The rows of a source: `bucket`, groups and values.
///
/// # Errors
/// When a filter is about a dimension that the source does not tell apart.
pub fn rows(source: Source, ask: &Ask<'_>) -> Result<Text, QueryError> {
    let told = format!("{MEASURES} OR {}", is_told(ask));
    written(source, ask, "", &keys(ask.groups.len()), &told)
}

/// The rows of a source by each of the groups for itself: `which` of them, the value `told` of it, and of each step its number in
/// `buckets` and the formulas in `sums`. At most `limit` values of each group, those with the most of formula number `by` in all
/// steps together. Values of which every formula says zero are left out.
///
/// # Errors
/// As [`rows`].
pub fn apart(source: Source, ask: &Ask<'_>, by: usize, limit: u32) -> Result<Text, QueryError> {
    let groups = 0..ask.groups.len();
    let cases = groups
        .clone()
        .map(|index| format!("grouping(group_{index}) = 0, {index}"));
    let which = format!(
        "multiIf({}, {}) AS which,",
        cases.collect::<Vec<_>>().join(", "),
        groups.end
    );
    let sets: Vec<_> = groups
        .map(|index| format!("(bucket, group_{index})"))
        .collect();
    let keys = format!("GROUPING SETS ({})", sets.join(", "));
    let Text {
        mut params, sql, ..
    } = written(source, ask, &which, &keys, &is_told(ask))?;
    params.push(("limit".to_owned(), Param::Count(limit)));
    let values: Vec<_> = (0..ask.formulas.len())
        .map(|index| format!("ifNull(toFloat64(value_{index}), 0)"))
        .collect();
    let file = queries::EXPLORE_APART;
    let sql = file
        .sql
        .replace("${by}", &format!("value_{by}"))
        .replace("${groups}", &group_list(ask.groups.len()))
        .replace("${values}", &values.join(", "))
        .replace("${rows}", &indented(&sql));
    Ok(Text { file, sql, params })
}

/// SQL: whether any of the formulas says something.
fn is_told(ask: &Ask<'_>) -> String {
    let told = (0..ask.formulas.len()).map(|index| format!("ifNull(value_{index}, 0) != 0"));
    told.collect::<Vec<_>>().join(" OR ")
}

fn written(
    source: Source,
    ask: &Ask<'_>,
    which: &str,
    keys: &str,
    is_told: &str,
) -> Result<Text, QueryError> {
    let column = |dimension| {
        source.column(dimension).ok_or_else(|| {
            let reason = format!("`{}` is not told apart here", dimension.word());
            bad("group_by", &reason)
        })
    };
    let groups: Vec<_> = ask
        .groups
        .iter()
        .map(|group| column(*group))
        .collect::<Result<_, _>>()?;
    let mut conditions = ask.filters.conditions(|each| source.column(each))?;
    let mut params = ask.buckets.params();
    for (index, (column, values)) in groups.iter().zip(ask.within).enumerate() {
        let name = format!("within_{index}");
        conditions.sql += &format!(" AND toString({column}) IN {{{name}:Array(String)}}");
        params.push((name, Param::Texts(values.clone())));
    }
    params.append(&mut conditions.params);
    if let Some(set) = source.set() {
        params.push((
            "dimension_set".to_owned(),
            Param::Text(set.word().to_owned()),
        ));
    }
    let columns = groups.iter().enumerate();
    let columns = columns.map(|(index, column)| format!("toString({column}) AS group_{index},"));
    let columns = columns.chain((!which.is_empty()).then(|| which.to_owned()));
    let values = ask.formulas.iter().enumerate();
    let values = values.map(|(index, formula)| format!("{formula} AS value_{index}"));
    let file = source.query();
    let sql = file
        .sql
        .replace("${window_seconds}", ask.buckets.window_seconds())
        .replace("${bucket}", &bucket(source, ask.buckets))
        .replace("${columns}", &columns.collect::<Vec<_>>().join("\n    "))
        .replace("${metrics}", &values.collect::<Vec<_>>().join(",\n    "))
        .replace("${parts}", &parts(source, ask))
        .replace("${filters}", &conditions.sql)
        .replace("${is_told}", is_told)
        .replace("${keys}", keys);
    Ok(Text { file, sql, params })
}

/// The leading ones of some rows, at most `limit`; further columns are `sort_bits` and those of the rows.
pub fn page(rows: Text, groups: usize, sorting: &Sorting, limit: u32) -> Text {
    let Text {
        mut params, sql, ..
    } = rows;
    let keys = group_list(groups);
    let (key, bits) = match sorting.by {
        SortKey::Value(index) => {
            let nothing = if sorting.is_descending { "-inf" } else { "inf" };
            let key = format!("ifNull(toFloat64(value_{index}), {nothing})");
            let bits = format!("toString(reinterpretAsUInt64({key}))");
            (key, bits)
        }
        SortKey::Group(index) => (format!("group_{index}"), "'0'".to_owned()),
    };
    let after = sorting.after.as_ref().map(|(bits, values)| {
        params.push(("after_bits".to_owned(), Param::Text(bits.to_string())));
        for (index, value) in values.iter().enumerate() {
            params.push((format!("after_{index}"), Param::Text(value.clone())));
        }
        let told = match sorting.by {
            SortKey::Value(_) => "reinterpretAsFloat64({after_bits:UInt64})".to_owned(),
            SortKey::Group(index) => format!("{{after_{index}:String}}"),
        };
        let beyond = if sorting.is_descending { "<" } else { ">" };
        let values: Vec<_> = (0..values.len())
            .map(|index| format!("{{after_{index}:String}}"))
            .collect();
        format!(
            "{key} {beyond} {told} OR ({key} = {told} AND ({keys}) > ({}))",
            values.join(", ")
        )
    });
    params.push(("limit".to_owned(), Param::Count(limit)));
    let file = queries::EXPLORE_PAGE;
    let sql = file
        .sql
        .replace("${sort_bits}", &bits)
        .replace("${after}", after.as_deref().unwrap_or("1"))
        .replace("${order}", &order(sorting, &key, groups))
        .replace("${rows}", &indented(&sql));
    Text { file, sql, params }
}

/// Some rows under the names that readers know: the steps' begin where there are several, groups and values.
pub fn table(rows: Text, ask: &Ask<'_>, names: &[String], sorting: Option<&Sorting>) -> Text {
    let Text { params, sql, .. } = rows;
    let has_steps = ask.buckets.count() > 1;
    let time = has_steps.then(|| format!("{} AS `time`", ask.buckets.begin()));
    let groups = ask.groups.iter().enumerate();
    let groups = groups.map(|(index, group)| format!("group_{index} AS `{}`", group.word()));
    let values = names.iter().enumerate();
    let values = values.map(|(index, name)| format!("value_{index} AS `{name}`"));
    let columns: Vec<_> = time.into_iter().chain(groups).chain(values).collect();
    let order = match sorting {
        Some(sorting) => {
            let key = match sorting.by {
                SortKey::Value(index) => format!("value_{index}"),
                SortKey::Group(index) => format!("group_{index}"),
            };
            format!("{}, bucket", order(sorting, &key, ask.groups.len()))
        }
        None => keys_last_bucket(ask.groups.len()),
    };
    let file = queries::EXPLORE_TABLE;
    let sql = file
        .sql
        .replace("${columns}", &columns.join(",\n    "))
        .replace("${order}", &order)
        .replace("${rows}", &indented(&sql));
    Text { file, sql, params }
}

fn order(sorting: &Sorting, key: &str, groups: usize) -> String {
    let direction = if sorting.is_descending { "DESC" } else { "ASC" };
    match groups {
        0 => format!("{key} {direction}"),
        groups => format!("{key} {direction} NULLS LAST, {}", group_list(groups)),
    }
}

fn bucket(source: Source, buckets: &Buckets) -> String {
    if source != Source::Audience || buckets.count() == 1 {
        return buckets.index(source.time());
    }
    // A play is there in each step that it touches.
    let first = buckets.index(&format!(
        "greatest(toInt64({}), toInt64(toUnixTimestamp({{from:DateTime64(3, 'UTC')}})))",
        source.time()
    ));
    let last = buckets.index(
        "least(toInt64(toUnixTimestamp(ifNull(ended_at, last_seen_at))), toInt64(toUnixTimestamp({to:DateTime64(3, 'UTC')})) - 1)",
    );
    format!("arrayJoin(range({first}, {last} + 1))")
}

/// The dimensions of the inner rows of the concurrency of parts.
fn parts(source: Source, ask: &Ask<'_>) -> String {
    let columns = ask.groups.iter().filter_map(|group| source.column(*group));
    let parts = columns.map(|column| format!("q.{column} AS {column},"));
    parts.collect::<Vec<_>>().join("\n        ")
}

fn group_list(groups: usize) -> String {
    let groups: Vec<_> = (0..groups).map(|index| format!("group_{index}")).collect();
    groups.join(", ")
}

fn keys(groups: usize) -> String {
    match groups {
        0 => "bucket".to_owned(),
        groups => format!("bucket, {}", group_list(groups)),
    }
}

fn keys_last_bucket(groups: usize) -> String {
    match groups {
        0 => "bucket".to_owned(),
        groups => format!("{}, bucket", group_list(groups)),
    }
}

fn indented(sql: &str) -> String {
    sql.trim_end().replace('\n', "\n    ")
}
