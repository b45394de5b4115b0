//! Compares the warehouse with the truth: every column of every reader view, as the catalogue lists them.

mod catalogue;
mod compare;
mod report;
mod settle;
mod wait;
mod warehouse;

use std::collections::BTreeSet;

use anyhow::{Result, ensure};

use crate::truth::Truth;
use crate::truth::views::{Expectation, expectations};

pub(crate) use report::Comparison;
pub(crate) use settle::compare_until_equal;
pub(crate) use wait::{Patience, until_settled};
pub(crate) use warehouse::Warehouse;

/// The whole database belongs to the run, or other runs live in it as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Every row of every view is compared; a row of another run is an error.
    Database,
    /// Only the rows of this run's sessions; views that sum over sessions are left out.
    Sessions,
}

/// Fails, with what to do about it, when the database already holds sessions of others.
pub(crate) async fn demand_empty(warehouse: &Warehouse) -> Result<()> {
    let sessions = warehouse
        .count("SELECT count() AS n FROM session_ids_v")
        .await?;
    ensure!(
        sessions == 0,
        "database `{}` already holds {sessions} sessions, and concurrent_viewers_v and quality_by_minute_v sum over all \
         of them: compare in an empty database (`playhead migrate` with another PLAYHEAD_CLICKHOUSE__DATABASE and topic), \
         or compare this run's sessions alone with --verify-sessions-only",
        warehouse.database
    );
    Ok(())
}

/// Compares the wanted views once.
async fn compare_all(
    warehouse: &Warehouse,
    truth: &Truth,
    scope: Scope,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Comparison>> {
    let views = catalogue::reader_views(warehouse).await?;
    let expectations = expectations(truth);
    let mut comparisons = Vec::new();
    let known: BTreeSet<&str> = expectations
        .iter()
        .map(|expectation| expectation.view)
        .collect();
    let unknown = views.keys().filter(|view| !known.contains(view.as_str()));
    for view in unknown.filter(|view| is_wanted(view)) {
        comparisons.push(Comparison::unknown_view(view));
    }
    for expectation in expectations
        .iter()
        .filter(|one| scope == Scope::Database || one.is_by_session)
        .filter(|one| is_wanted(one.view))
    {
        let comparison = match views.get(expectation.view) {
            Some(columns) => {
                compare::compare(
                    warehouse,
                    expectation,
                    columns,
                    &filter(expectation, truth, scope),
                )
                .await?
            }
            None => Comparison::missing_view(expectation.view),
        };
        comparisons.push(comparison);
    }
    Ok(comparisons)
}

fn filter(expectation: &Expectation<'_>, truth: &Truth, scope: Scope) -> String {
    let mine = format!("session_id LIKE 'sim-{}-%'", truth.event.run);
    match scope {
        Scope::Database => "1".to_owned(),
        Scope::Sessions if expectation.key.contains(&"session_id") => mine,
        Scope::Sessions => {
            format!("session_key IN (SELECT session_key FROM session_ids_v WHERE {mine})")
        }
    }
}
