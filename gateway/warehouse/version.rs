//! Whether a database has the schema that this binary was built for.

use super::migrate::embedded_migrations;
use super::{Placeholders, Warehouse, WarehouseError, history};

/// Number of the newest migration in this binary; 0 when it has none.
pub fn needed() -> i32 {
    embedded_migrations()
        .last()
        .map_or(0, refinery_core::Migration::version)
}

/// Number of the newest migration of the database; `None` before the first.
///
/// # Errors
/// When the server cannot be read.
pub async fn found(warehouse: &Warehouse) -> Result<Option<i32>, WarehouseError> {
    let applied = history::read(warehouse, &Placeholders::recognisable()).await?;
    Ok(applied.iter().map(refinery_core::Migration::version).max())
}

/// Refuses a server that is too old, and a schema that is behind, ahead, or made of other files.
///
/// # Errors
/// With a sentence for the user that says what to do.
pub async fn check(warehouse: &Warehouse) -> Result<(), WarehouseError> {
    warehouse.check_server().await?;
    let applied = history::read(warehouse, &Placeholders::recognisable()).await?;
    let needed = needed();
    match applied.iter().map(refinery_core::Migration::version).max() {
        None => Err(WarehouseError::NotMigrated {
            database: warehouse.database().to_owned(),
            needed,
        }),
        Some(found) if found < needed => Err(WarehouseError::Behind { found, needed }),
        Some(found) if found > needed => Err(WarehouseError::Ahead { found, needed }),
        Some(_) => history::pending(&applied, &embedded_migrations()).map(|_| ()),
    }
}
