//! Waits until the warehouse has taken in everything and has closed every session.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::Instant;

use super::Warehouse;

const ASK_EVERY: Duration = Duration::from_millis(500);
/// Where no terminal shows the progress (in CI), a line says it this often.
const SAY_EVERY: Duration = Duration::from_secs(15);

/// How long to wait, and for what.
#[derive(Debug, Clone)]
pub(crate) struct Patience {
    /// Part of every session id of the run.
    pub(crate) run: String,
    /// Distinct beacons that must be in.
    pub(crate) beacons: u64,
    /// Sessions that must be closed.
    pub(crate) sessions: u64,
    pub(crate) deadline: Instant,
}

/// Returns once all beacons are in and all sessions are closed; gives up at the deadline, saying what was missing.
pub(crate) async fn until_settled(warehouse: &Warehouse, patience: &Patience) -> Result<()> {
    let style =
        ProgressStyle::with_template("waiting for the warehouse {spinner} {msg} ({elapsed})")
            .context("progress template")?;
    let progress = ProgressBar::new_spinner().with_style(style);
    let mine = format!("session_id LIKE 'sim-{}-%'", patience.run);
    let beacons_sql = format!(
        "SELECT count() AS n FROM beacons_v WHERE session_key IN (SELECT session_key FROM session_ids_v WHERE {mine})"
    );
    // A session of several plays is closed once none of them runs.
    let sessions_sql = format!(
        "SELECT uniqExact(session_id) - uniqExactIf(session_id, end_reason = 'running') AS n FROM sessions_v WHERE {mine}"
    );
    let mut beacons = 0;
    let mut said = Instant::now();
    loop {
        if beacons < patience.beacons {
            beacons = warehouse.count(&beacons_sql).await?;
        }
        let sessions = warehouse.count(&sessions_sql).await?;
        let (all_beacons, all_sessions) = (patience.beacons, patience.sessions);
        let told = format!(
            "{beacons} of {all_beacons} beacons in, {sessions} of {all_sessions} sessions closed"
        );
        progress.set_message(told.clone());
        progress.tick();
        if progress.is_hidden() && said.elapsed() > SAY_EVERY {
            println!("waiting for the warehouse: {told}");
            said = Instant::now();
        }
        if beacons >= all_beacons && sessions >= all_sessions {
            progress.finish_and_clear();
            return Ok(());
        }
        if Instant::now() > patience.deadline {
            progress.finish_and_clear();
            bail!(
                "gave up waiting: {told}. If beacons are missing, see whether the warehouse consumes (consumer lag); if \
                 sessions are missing, whether --liveness-seconds is what it was migrated with and the passes run"
            );
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
}
