//! Brings a database's schema to what this binary needs.

use std::time::Duration;

use refinery_core::{Migration, Runner};
use time::OffsetDateTime;

use super::driver::{Driver, Run};
use super::lock::{Lock, Patience};
use super::sql_text::{PieceKind, pieces};
use super::{Placeholders, Warehouse, WarehouseError, history};

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The migrations that were compiled into this binary, in order.
pub fn embedded_migrations() -> Vec<Migration> {
    let mut migrations = embedded::migrations::runner().get_migrations().clone();
    migrations.sort();
    migrations
}

/// What a run tells while it works.
#[derive(Debug)]
pub enum Progress<'a> {
    /// Another migrator holds the lock; this one waits for it.
    Waiting {
        /// Who holds it.
        owner: &'a str,
    },
    /// The statement of this file is being executed.
    Started {
        /// Number of the file.
        version: i32,
        /// Name of the file, without number and suffix.
        name: &'a str,
    },
    /// It is done and recorded.
    Applied {
        /// How long it took.
        took: Duration,
    },
}

/// One line of `playhead migrate status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Number of the file.
    pub version: i32,
    /// Name of the file, without number and suffix.
    pub name: String,
    /// When it was applied; `None` while it is pending.
    pub applied_on: Option<OffsetDateTime>,
}

/// A statement that a run would execute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStatement {
    /// The file's name without its suffix.
    pub file: String,
    /// Its text, placeholders filled.
    pub sql: String,
}

/// Migrates one database with one list of files.
#[derive(Debug)]
pub struct Migrator<'a> {
    warehouse: &'a Warehouse,
    placeholders: &'a Placeholders,
    files: Vec<Migration>,
    patience: Patience,
}

impl<'a> Migrator<'a> {
    /// With the migrations of this binary.
    pub fn embedded(warehouse: &'a Warehouse, placeholders: &'a Placeholders) -> Self {
        Self::with_files(warehouse, placeholders, embedded_migrations())
    }

    /// With any list of migrations.
    pub fn with_files(
        warehouse: &'a Warehouse,
        placeholders: &'a Placeholders,
        files: Vec<Migration>,
    ) -> Self {
        Self {
            warehouse,
            placeholders,
            files,
            patience: Patience {
                wait: Duration::from_secs(60),
                stale_after: Duration::from_secs(30),
            },
        }
    }

    /// How long to wait for another migrator; 60 s unless told.
    #[must_use]
    pub fn lock_patience(mut self, patience: Duration) -> Self {
        self.patience.wait = patience;
        self
    }

    /// How long another migrator may be silent before its lock is taken over; 30 s unless told, and
    /// never less than the 5 s at which a living one renews it.
    #[must_use]
    pub fn lock_stale_after(mut self, silence: Duration) -> Self {
        self.patience.stale_after = silence;
        self
    }

    /// Every known migration with the time at which it was applied.
    ///
    /// # Errors
    /// When the server cannot be read.
    pub async fn status(&self) -> Result<Vec<MigrationStatus>, WarehouseError> {
        self.warehouse.check_server().await?;
        let applied = history::read(self.warehouse, self.placeholders).await?;
        let pending = self
            .files
            .iter()
            .filter(|file| !applied.iter().any(|done| done.version() == file.version()));
        let mut lines: Vec<_> = applied
            .iter()
            .chain(pending)
            .map(MigrationStatus::of)
            .collect();
        lines.sort_by_key(|line| line.version);
        Ok(lines)
    }

    /// What a run would execute now; changes nothing.
    ///
    /// # Errors
    /// When the server cannot be read, the history and the files disagree, or a placeholder is unknown.
    pub async fn plan(&self) -> Result<Vec<PlannedStatement>, WarehouseError> {
        self.warehouse.check_server().await?;
        let applied = history::read(self.warehouse, self.placeholders).await?;
        let pending = history::pending(&applied, &self.files)?;
        pending.iter().map(|file| self.planned(file)).collect()
    }

    /// Applies what is pending, one file after another; returns how many were applied.
    ///
    /// Every pending file is checked and filled before the first one runs.
    ///
    /// # Errors
    /// As [`Migrator::plan`]; when another migrator holds the lock for too long; when the server
    /// refuses a statement. What was applied until then stays applied.
    pub async fn run(
        &self,
        mut progress: impl FnMut(Progress<'_>) + Send,
    ) -> Result<usize, WarehouseError> {
        if self.plan().await?.is_empty() {
            return Ok(0);
        }
        self.create_database().await?;
        let waiting = |owner: &str| progress(Progress::Waiting { owner });
        let lock = Lock::take(self.warehouse, self.patience, waiting).await?;
        let outcome = self.apply_pending(&lock, &mut progress).await;
        let released = lock.release().await;
        let count = outcome?;
        released.map(|()| count)
    }

    async fn apply_pending(
        &self,
        lock: &Lock<'_>,
        progress: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<usize, WarehouseError> {
        // Whoever held the lock before may have done it all.
        let applied = history::read(self.warehouse, self.placeholders).await?;
        let pending = history::pending(&applied, &self.files)?;
        let mut driver = Driver {
            warehouse: self.warehouse,
            placeholders: self.placeholders,
            failure: None,
            run: Some(Run {
                lock,
                pending: pending.into_iter(),
                progress,
                file: None,
            }),
        };
        let mut runner = Runner::new(&self.files);
        runner.set_migration_table_name(history::TABLE);
        let outcome = runner.run_async(&mut driver).await;
        let Driver { failure, run, .. } = driver;
        let file = run.and_then(|run| run.file);
        match (outcome, failure) {
            (Ok(report), _) => Ok(report.applied_migrations().len()),
            (Err(_), Some(WarehouseError::Refused { message, .. })) if file.is_some() => {
                Err(WarehouseError::Statement {
                    file: file.as_ref().map(history::label).unwrap_or_default(),
                    message,
                })
            }
            (Err(_), Some(failure)) => Err(failure),
            (Err(other), None) => Err(WarehouseError::BadMigration {
                file: file.as_ref().map(history::label).unwrap_or_default(),
                reason: other.to_string(),
            }),
        }
    }

    async fn create_database(&self) -> Result<(), WarehouseError> {
        let sql = format!(
            "CREATE DATABASE IF NOT EXISTS {} COMMENT 'Playhead: beacons, sessions and rollups'",
            self.warehouse.database()
        );
        self.warehouse
            .execute(
                self.warehouse.server_query(&sql),
                self.warehouse.request_timeout(),
            )
            .await
    }

    fn planned(&self, file: &Migration) -> Result<PlannedStatement, WarehouseError> {
        let name = history::label(file);
        // `unapplied` always keeps the text; only rows of the history have none.
        let text = file.sql().unwrap_or_default();
        let statements = statement_count(text);
        if statements != 1 {
            let reason = format!("{statements} statements; a file holds exactly one");
            return Err(WarehouseError::BadMigration { file: name, reason });
        }
        let sql = self.placeholders.fill(&name, text)?;
        Ok(PlannedStatement { file: name, sql })
    }
}

impl MigrationStatus {
    fn of(migration: &Migration) -> Self {
        Self {
            version: migration.version(),
            name: migration.name().to_owned(),
            applied_on: migration.applied_on().copied(),
        }
    }
}

/// How many statements `sql` holds; comments are none.
pub fn statement_count(sql: &str) -> usize {
    let code: String = pieces(sql)
        .iter()
        .map(|piece| match piece.kind {
            PieceKind::Comment => " ",
            PieceKind::Text | PieceKind::Name => "x",
            PieceKind::Code => piece.text,
        })
        .collect();
    code.split(';')
        .filter(|statement| !statement.trim().is_empty())
        .count()
}
