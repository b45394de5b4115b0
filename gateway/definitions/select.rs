//! The formulas of one view as the select list of a query.

use super::metric::Metric;

/// Where the list stands in a query's text.
pub const PLACE: &str = "${metrics}";

/// `sql` with the formulas of `metrics` in their place. The value of the metric at `index` comes out as
/// [`value_name`] of it: were it named after the metric, the server could take a column in a formula for that value.
pub fn with_formulas(sql: &str, metrics: &[&Metric]) -> String {
    let each = metrics.iter().enumerate();
    let list: Vec<_> = each
        .map(|(index, metric)| format!("{} AS {}", metric.formula, value_name(index)))
        .collect();
    sql.replace(PLACE, &list.join(",\n    "))
}

/// Under which name the value of the metric at `index` comes out.
pub fn value_name(index: usize) -> String {
    format!("value_{index}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytics::queries;
    use crate::definitions::registry;

    #[test]
    fn the_list_has_one_place_in_each_query() {
        let queries = queries::ALL.iter();
        let with_place = queries.filter(|query| query.sql.contains(PLACE));
        let places: Vec<_> = with_place
            .map(|query| query.sql.matches(PLACE).count())
            .collect();
        assert!(
            places.len() > 8 && places.iter().all(|count| *count == 1),
            "{places:?}"
        );
    }

    #[test]
    fn each_formula_has_its_place() {
        let metrics: Vec<_> = registry().metrics.iter().take(2).collect();
        assert_eq!(
            with_formulas("SELECT\n    ${metrics}\nFROM x", &metrics),
            "SELECT\n    sum(attempts) AS value_0,\n    sum(plays) AS value_1\nFROM x"
        );
    }
}
