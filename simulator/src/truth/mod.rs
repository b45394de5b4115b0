//! What every reader view must show, from the viewers' scripts alone.
//!
//! `session` gives the numbers of one session; each file of `views` the rows of one view. It is written a
//! second time by the rules of docs/sessions.md and shares nothing with the SQL.

pub(crate) mod cell;
pub(crate) mod session;
#[cfg(test)]
mod session_tests;
pub(crate) mod views;

use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use crate::event::Event;
use crate::script::Script;
use crate::send::Journal;
use session::SessionTruth;

/// Everything from which the expectations are made.
#[derive(Debug, Clone)]
pub(crate) struct Truth {
    pub(crate) event: Arc<Event>,
    pub(crate) journal: Arc<Journal>,
    pub(crate) tenant: String,
    /// Heartbeat of clients that tell none; ms.
    pub(crate) default_heartbeat_ms: i64,
}

impl Truth {
    /// The sessions that enter published numbers, closed.
    pub(crate) fn sessions(&self) -> Vec<SessionTruth<'_>> {
        let counted = self
            .event
            .scripts
            .iter()
            .filter(|script| script.is_counted());
        counted
            .map(|script| SessionTruth::of(script, self.default_heartbeat_ms))
            .collect()
    }

    /// The key of a session.
    pub(crate) fn session_key(&self, script: &Script) -> u64 {
        let mut bytes = self.tenant.clone().into_bytes();
        bytes.push(0);
        bytes.extend_from_slice(script.viewer.session_id.as_bytes());
        xxh3_64(&bytes)
    }
}
