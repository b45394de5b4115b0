//! What a key opens.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The resources of the analytics API and its streams.
    Read,
    /// Queries of one's own, `POST /v1/sql`.
    Sql,
    /// Everything, and what tells of other people's keys: usage by write key.
    Admin,
}

/// Addresses that need more than [`Scope::Read`].
const NEEDS_MORE: [(&str, Scope); 2] = [("/v1/sql", Scope::Sql), ("/v1/usage", Scope::Admin)];

impl Scope {
    /// What a route needs, by its address as it is declared.
    pub(super) fn needed_by(route: &str) -> Self {
        let found = NEEDS_MORE.iter().find(|(known, _)| *known == route);
        found.map_or(Self::Read, |(_, scope)| *scope)
    }

    /// Whether a key with this scope opens what needs `needed`.
    pub(super) fn opens(self, needed: Self) -> bool {
        self == needed || self == Self::Admin
    }

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Sql => "sql",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
