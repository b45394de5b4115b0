//! The columns of the reader views, as the embedded end state of the migrations tells.

use std::collections::BTreeSet;

use crate::warehouse::schema;

/// Names of a view's columns; empty when there is no such view.
pub fn of_view(view: &str) -> BTreeSet<String> {
    let objects = schema::parse(schema::EXPECTED);
    let Some(statement) = objects.get(view) else {
        return BTreeSet::new();
    };
    // One column a line, indented, its name in backticks; the list ends before the query.
    let list = statement.split("\n)").next().unwrap_or_default();
    list.lines()
        .filter_map(|line| line.strip_prefix("    `")?.split_once('`'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions::Grain;

    #[test]
    fn every_grain_has_a_view_with_its_columns() {
        for grain in Grain::ALL {
            assert!(of_view(grain.view()).contains("tenant"), "{grain:?}");
        }
        assert!(of_view("sessions_v").contains("startup_ms"));
        assert!(of_view("no_such_view").is_empty());
    }
}
