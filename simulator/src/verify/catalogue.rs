//! Which reader views there are, and which columns they have: asked of the server, so that none is forgotten.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::Warehouse;

/// The plain views named `*_v`, each with its columns in their order. The dimensions' own views are left out: they show
/// what the platform has loaded, and nothing of the beacons.
pub(crate) async fn reader_views(warehouse: &Warehouse) -> Result<BTreeMap<String, Vec<String>>> {
    let sql = "SELECT table AS view, name AS column FROM system.columns \
               WHERE database = currentDatabase() AND table LIKE '%\\_v' \
               AND table NOT IN ('content_v', 'programmes_v', 'viewers_v') AND table IN \
               (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'View') \
               ORDER BY table, position";
    let mut views: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in warehouse.rows(sql).await? {
        let text = |name: &str| {
            row.get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
                .context("catalogue row")
        };
        views
            .entry(text("view")?)
            .or_default()
            .push(text("column")?);
    }
    let database = &warehouse.database;
    ensure!(
        !views.is_empty(),
        "database `{database}` has no reader views; run `playhead migrate` first"
    );
    Ok(views)
}
