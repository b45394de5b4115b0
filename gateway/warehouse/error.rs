//! What can go wrong between this binary and the warehouse, in the user's words.

use std::time::Duration;

/// A failure of the warehouse or of its schema. `Display` is a whole sentence with the way out.
#[derive(Debug, thiserror::Error)]
pub enum WarehouseError {
    /// Nobody answers at the address.
    #[error(
        "cannot reach ClickHouse at {url}: {reason}. Is it running? The embedded stack starts with `stack/stack up`"
    )]
    Unreachable {
        /// Address that was tried.
        url: String,
        /// What the network said.
        reason: String,
    },
    /// The answer took longer than this client waits.
    #[error("ClickHouse at {url} did not answer within {} ms", after.as_millis())]
    TimedOut {
        /// Address that was asked.
        url: String,
        /// How long was waited.
        after: Duration,
    },
    /// The server understood the request and refused it.
    #[error("ClickHouse refused: {message}")]
    Refused {
        /// The server's error code; 0 when it gave none.
        code: u32,
        /// The server's own words.
        message: String,
    },
    /// The answer is not what was asked for.
    #[error("unexpected answer from ClickHouse: {0}")]
    Answer(String),
    /// A setting of the connection cannot be used.
    #[error("{field} = `{value}`: {reason}")]
    Setting {
        /// Name of the setting in the configuration.
        field: &'static str,
        /// The value found.
        value: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The server is older than the migrations were written for.
    #[error("ClickHouse {found} is too old: {needed} or newer is needed")]
    TooOld {
        /// Version of the server.
        found: String,
        /// The oldest version that is supported.
        needed: String,
    },
    /// A migration names a placeholder that the configuration cannot fill.
    #[error("{file}, line {line}: unknown placeholder `${{{name}}}`; known are {known}")]
    UnknownPlaceholder {
        /// Name of the migration.
        file: String,
        /// Line in the file, from 1.
        line: usize,
        /// The name between the braces.
        name: String,
        /// The names that exist.
        known: String,
    },
    /// A migration's name or text breaks the rules of the folder.
    #[error("migration {file}: {reason}")]
    BadMigration {
        /// Name of the migration.
        file: String,
        /// Which rule it breaks.
        reason: String,
    },
    /// The server refused a migration's statement.
    #[error(
        "{file} failed: {message}\nNothing after it was run. Its statement can be run again: repair the cause, then `playhead migrate`"
    )]
    Statement {
        /// Name of the migration.
        file: String,
        /// The server's own words.
        message: String,
    },
    /// An applied file was changed afterwards.
    #[error(
        "{file} was changed after it had been applied to this database (applied as {applied}). An applied file never changes: restore it and put the change into a new one"
    )]
    Divergent {
        /// Name of the file in this binary.
        file: String,
        /// Name under which it was applied.
        applied: String,
    },
    /// The database knows a migration that this binary lacks.
    #[error(
        "{file} was applied to this database, but this binary does not have it: use the release that applied it, or a newer one"
    )]
    Missing {
        /// Name of the applied migration.
        file: String,
    },
    /// A file was added below one that is applied already.
    #[error(
        "{file} was added below {newest}, which is applied already: give it the next free number"
    )]
    OutOfOrder {
        /// Name of the late file.
        file: String,
        /// The newest applied migration.
        newest: String,
    },
    /// Another migrator is at work.
    #[error(
        "another migrator ({owner}) holds the lock on `{database}`, last sign of life {idle_seconds} s ago: wait until it is done, then run `playhead migrate` again"
    )]
    Locked {
        /// Database to be migrated.
        database: String,
        /// Who holds the lock.
        owner: String,
        /// Seconds since the holder renewed it.
        idle_seconds: u64,
    },
    /// Another migrator took the lock over in the middle.
    #[error("the migration lock was taken over by another migrator: stopped before {file}")]
    LockLost {
        /// The migration that was not begun.
        file: String,
    },
    /// The database has no schema yet.
    #[error(
        "database `{database}` has no schema yet, this binary needs {needed}: run `playhead migrate`"
    )]
    NotMigrated {
        /// Database that was looked at.
        database: String,
        /// Version that this binary needs.
        needed: i32,
    },
    /// The schema is older than this binary.
    #[error("the schema is at {found}, this binary needs {needed}: run `playhead migrate`")]
    Behind {
        /// Newest applied migration.
        found: i32,
        /// Version that this binary needs.
        needed: i32,
    },
    /// The schema is newer than this binary.
    #[error(
        "the schema is at {found}, this binary knows only {needed}: use a newer release of playhead"
    )]
    Ahead {
        /// Newest applied migration.
        found: i32,
        /// Version that this binary needs.
        needed: i32,
    },
}

impl WarehouseError {
    /// Whether the server answered with this error code.
    pub fn is_code(&self, wanted: u32) -> bool {
        matches!(self, Self::Refused { code, .. } if *code == wanted)
    }
}
