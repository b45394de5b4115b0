//! What was applied to a database, and whether that agrees with the files of this binary.

use refinery_core::{Migration, Runner};

use super::driver::Driver;
use super::{Placeholders, Warehouse, WarehouseError};

/// Table that holds the history.
pub(super) const TABLE: &str = "playhead_migrations";

/// Reads the applied migrations in order; nothing when there is no database or no history yet.
pub(super) async fn read(
    warehouse: &Warehouse,
    placeholders: &Placeholders,
) -> Result<Vec<Migration>, WarehouseError> {
    let exists = format!(
        "SELECT toUInt8(count()) FROM system.tables WHERE database = '{}' AND name = '{TABLE}'",
        warehouse.database()
    );
    if warehouse
        .rows::<u8>(warehouse.server_query(&exists))
        .await?
        != [1]
    {
        return Ok(Vec::new());
    }
    let mut driver = Driver {
        warehouse,
        placeholders,
        failure: None,
        run: None,
    };
    let mut runner = Runner::new(&[]);
    runner.set_migration_table_name(TABLE);
    match runner.get_applied_migrations_async(&mut driver).await {
        Ok(applied) => Ok(applied),
        Err(other) => Err(driver
            .failure
            .take()
            .unwrap_or_else(|| WarehouseError::Answer(other.to_string()))),
    }
}

/// The files that are still to be applied, in order.
///
/// # Errors
/// When an applied file was changed or is missing, a number is used twice, or a new file stands
/// below an applied one.
pub(super) fn pending(
    applied: &[Migration],
    files: &[Migration],
) -> Result<Vec<Migration>, WarehouseError> {
    for done in applied {
        match files.iter().find(|file| file.version() == done.version()) {
            None => return Err(WarehouseError::Missing { file: label(done) }),
            Some(file) if file != done => {
                return Err(WarehouseError::Divergent {
                    file: label(file),
                    applied: label(done),
                });
            }
            Some(_) => {}
        }
    }
    let newest = applied.iter().max();
    let mut pending: Vec<Migration> = Vec::new();
    let mut sorted = files.to_vec();
    sorted.sort();
    for file in sorted {
        if applied.contains(&file) {
            continue;
        }
        if let Some(newest) = newest.filter(|newest| newest.version() > file.version()) {
            return Err(WarehouseError::OutOfOrder {
                file: label(&file),
                newest: label(newest),
            });
        }
        if pending
            .last()
            .is_some_and(|last| last.version() == file.version())
        {
            let reason = "its number is used by another file".to_owned();
            return Err(WarehouseError::BadMigration {
                file: label(&file),
                reason,
            });
        }
        pending.push(file);
    }
    Ok(pending)
}

/// The file's name without its suffix, as it stands in the folder.
pub(super) fn label(migration: &Migration) -> String {
    format!("V{:04}__{}", migration.version(), migration.name())
}
