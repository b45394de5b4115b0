//! By what the rows of a question are sorted.

use crate::analytics::error::QueryError;
use crate::analytics::params::QueryString;

use super::question::Subject;
use super::text::{SortKey, Sorting};

/// Takes `order`: a metric or a dimension of the question; the first metric, the greatest first, when it is not given.
///
/// # Errors
/// When it is another one.
pub fn sorting(query: &mut QueryString, subject: &Subject) -> Result<Sorting, QueryError> {
    let names = subject.names();
    let groups: Vec<_> = subject.group_by.iter().map(|group| group.word()).collect();
    let known: Vec<_> = names
        .iter()
        .map(String::as_str)
        .chain(groups.iter().copied())
        .collect();
    let order = query.order_of(&known)?;
    let Some(order) = order else {
        return Ok(Sorting {
            by: SortKey::Value(0),
            is_descending: true,
            after: None,
        });
    };
    let value = names.iter().position(|name| *name == order.name);
    let group = groups.iter().position(|group| *group == order.name);
    Ok(Sorting {
        by: match (value, group) {
            (Some(index), _) => SortKey::Value(index),
            (None, index) => SortKey::Group(index.unwrap_or(0)),
        },
        is_descending: order.is_descending,
        after: None,
    })
}
