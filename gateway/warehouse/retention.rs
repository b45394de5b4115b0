//! How long tables keep their rows: what is in force, what is wanted, and how the one becomes the other.
//!
//! The migrations give every table a lifetime. An installation may want others, now or later, so this is no migration: the
//! expression stays the migration's, and only its interval changes.

use clickhouse::Row;
use serde::Deserialize;

use super::schema::{self, EXPECTED, Objects};
use super::{Warehouse, WarehouseError};

/// How long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// That many days.
    Days(u32),
    /// Until an export has copied the rows, compared the copy, and drops their partitions itself.
    UntilExported,
}

/// What a table is to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub table: &'static str,
    /// For how long.
    pub keep: Keep,
}

/// A table's lifetime as it is and as it should be; `TTL` expressions, none where rows stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// The table.
    pub table: &'static str,
    /// What the server has.
    pub in_force: Option<String>,
    /// What the rule makes of it.
    pub wanted: Option<String>,
}

/// Old parts learn of a new lifetime by reading only the columns that tell their age, and are not written anew.
const RECALCULATE_ONLY: &str = "materialize_ttl_recalculate_only = 1";

impl Lifetime {
    /// Whether nothing has to be done.
    pub fn is_as_wanted(&self) -> bool {
        self.in_force == self.wanted
    }

    /// What makes the table keep its rows as wanted; nothing when it does. Rows that are too old go within hours, part by part.
    pub fn statements(&self) -> Vec<String> {
        let table = self.table;
        match &self.wanted {
            _ if self.is_as_wanted() => Vec::new(),
            Some(wanted) => vec![
                format!("ALTER TABLE {table} MODIFY SETTING {RECALCULATE_ONLY}"),
                format!("ALTER TABLE {table} MODIFY TTL {wanted}"),
            ],
            None => vec![format!("ALTER TABLE {table} REMOVE TTL")],
        }
    }
}

#[derive(Row, Deserialize)]
struct Created {
    name: String,
    statement: String,
}

/// The lifetimes of the tables that the rules name, in their order; tables that are not there are left out.
///
/// # Errors
/// When the server cannot be read.
pub async fn lifetimes(
    warehouse: &Warehouse,
    rules: &[Rule],
) -> Result<Vec<Lifetime>, WarehouseError> {
    let sql = format!(
        "SELECT name, formatQuery(create_table_query) AS statement FROM system.tables WHERE database = '{}'",
        warehouse.database()
    );
    let rows = warehouse
        .rows::<Created>(warehouse.server_query(&sql))
        .await?;
    let found: Objects = rows
        .into_iter()
        .map(|row| (row.name, row.statement))
        .collect();
    let expected = schema::parse(EXPECTED);
    let lifetime = |rule: &Rule| {
        let has = ttl(found.get(rule.table)?).map(str::to_owned);
        let (age, _) = ttl(expected.get(rule.table)?)?.rsplit_once(" + ")?;
        Some(Lifetime {
            table: rule.table,
            in_force: has,
            wanted: match rule.keep {
                Keep::Days(days) => Some(format!("{age} + toIntervalDay({days})")),
                Keep::UntilExported => None,
            },
        })
    };
    Ok(rules.iter().filter_map(lifetime).collect())
}

/// Puts a lifetime in force.
///
/// # Errors
/// When the server refuses.
pub async fn apply(warehouse: &Warehouse, lifetime: &Lifetime) -> Result<(), WarehouseError> {
    for sql in lifetime.statements() {
        let limit = warehouse.request_timeout();
        warehouse.execute(warehouse.query(&sql), limit).await?;
    }
    Ok(())
}

/// A statement without what a rule may change of it, so that a schema is the same whatever it keeps.
pub(super) fn without_lifetime(statement: &str) -> String {
    let lines = statement.lines().filter(|line| !line.starts_with(TTL));
    let lines: Vec<String> = lines
        .map(|line| line.replace(&format!(", {RECALCULATE_ONLY}"), ""))
        .collect();
    lines.join("\n")
}

const TTL: &str = "TTL ";

fn ttl(statement: &str) -> Option<&str> {
    statement.lines().find_map(|line| line.strip_prefix(TTL))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RetentionConfig;

    #[test]
    fn every_rule_is_about_a_table_whose_lifetime_can_be_changed() {
        let expected = schema::parse(EXPECTED);
        for rule in RetentionConfig::default().rules() {
            let has = ttl(&expected[rule.table]).unwrap();
            let (_, interval) = has.rsplit_once(" + ").unwrap();
            assert!(interval.starts_with("toInterval"), "{}: {has}", rule.table);
            assert!(!has.contains("${"), "{}: {has}", rule.table);
        }
    }

    #[test]
    fn every_table_with_a_lifetime_of_its_own_has_a_rule() {
        let rules = RetentionConfig::default().rules();
        for (name, statement) in schema::parse(EXPECTED) {
            // What the passes work on lives as long as windows can change.
            let is_fixed = |age: &str| age.contains("${frozen_after_hours}");
            if ttl(&statement).is_some_and(|age| !is_fixed(age)) {
                assert!(rules.iter().any(|rule| rule.table == name), "{name}");
            }
        }
    }

    #[test]
    fn a_lifetime_is_changed_and_taken_away() {
        let mut lifetime = Lifetime {
            table: "t",
            in_force: Some("day + toIntervalYear(10)".into()),
            wanted: Some("day + toIntervalDay(30)".into()),
        };
        let last = lifetime.statements().pop();
        assert_eq!(
            last.as_deref(),
            Some("ALTER TABLE t MODIFY TTL day + toIntervalDay(30)")
        );
        lifetime.wanted = None;
        assert_eq!(lifetime.statements(), ["ALTER TABLE t REMOVE TTL"]);
        lifetime.in_force = None;
        assert!(lifetime.statements().is_empty());
    }

    #[test]
    fn a_schema_is_the_same_whatever_it_keeps() {
        let made = "CREATE TABLE t\nORDER BY a\nTTL a + toIntervalDay(90)\nSETTINGS x = 1";
        let kept =
            "CREATE TABLE t\nORDER BY a\nSETTINGS x = 1, materialize_ttl_recalculate_only = 1";
        assert_eq!(without_lifetime(made), without_lifetime(kept));
    }
}
