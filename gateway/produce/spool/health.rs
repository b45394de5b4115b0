//! Whether the spool takes beacons now, and why not.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Why the spool takes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusing {
    /// `spool.max_bytes` or `spool.max_age_hours` is reached; the text says which.
    Full(String),
    /// The disk fails; the text says how.
    Failing(String),
}

impl Refusing {
    /// The reason in words.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Full(text) | Self::Failing(text) => text,
        }
    }
}

/// Read on every message, written when it changes.
#[derive(Debug, Default)]
pub(super) struct Health {
    is_accepting: AtomicBool,
    refusing: Mutex<Option<Refusing>>,
}

impl Health {
    pub(super) fn is_accepting(&self) -> bool {
        self.is_accepting.load(Ordering::Acquire)
    }

    pub(super) fn refusing(&self) -> Option<Refusing> {
        self.refusing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Takes the new state, and logs it if it is another one.
    pub(super) fn set(&self, refusing: Option<Refusing>) {
        let mut held = self.refusing.lock().unwrap_or_else(PoisonError::into_inner);
        let was_accepting = self.is_accepting.swap(refusing.is_none(), Ordering::AcqRel);
        match &refusing {
            Some(reason) if was_accepting || held.is_none() => {
                tracing::error!(reason = reason.text(), "the spool acknowledges nothing");
            }
            None if held.is_some() => tracing::info!("the spool acknowledges again"),
            Some(_) | None => {}
        }
        *held = refusing;
    }
}
