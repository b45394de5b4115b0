//! Asks each request for its key.

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

use super::live::LiveReadKeys;
use super::{AccessRefusal, Scope};
use crate::analytics::params::Tenant;
use crate::config::{ReadKeysConfig, ReadKeysMode};
use crate::gate::keys::KeyFileError;
use crate::metrics;

/// Whose data is read where no keys are asked for.
const DEFAULT_TENANT: &str = "default";

/// Who may read; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Access(Option<LiveReadKeys>);

/// Why there can be no guard.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The keys cannot be read.
    #[error("the read keys in {} cannot be used; `playhead keys make --read` writes some", .0.display())]
    Keys(PathBuf, #[source] KeyFileError),
}

impl Access {
    /// As configured. Reads the keys, and keeps reading them until `end`.
    ///
    /// # Errors
    /// Keys that cannot be read although they are asked for.
    pub fn open(config: &ReadKeysConfig, end: CancellationToken) -> Result<Self, AccessError> {
        if config.mode == ReadKeysMode::Off {
            return Ok(Self::default());
        }
        LiveReadKeys::open(config, end)
            .map(|keys| Self(Some(keys)))
            .map_err(|error| AccessError::Keys(config.keys_file.clone(), error))
    }

    /// Whose data a request may read.
    ///
    /// # Errors
    /// A key that is absent, unknown, over, or opens something else.
    pub fn tenant_of(&self, headers: &HeaderMap, needed: Scope) -> Result<Arc<str>, AccessRefusal> {
        let Some(keys) = &self.0 else {
            return Ok(DEFAULT_TENANT.into());
        };
        let told = headers.get(AUTHORIZATION).ok_or(AccessRefusal::NoKey)?;
        let key = told.to_str().ok().and_then(bearer);
        let table = keys.now();
        let key = key.and_then(|text| table.find(text));
        key.ok_or(AccessRefusal::UnknownKey)?
            .admit(needed, OffsetDateTime::now_utc())
    }
}

/// What stands after the scheme, whose case means nothing.
fn bearer(told: &str) -> Option<&str> {
    let (scheme, key) = told.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("Bearer")
        .then(|| key.trim_start())
}

/// Lets a request in with the tenant that it may read. Only requests of a route come here.
pub async fn admit(State(access): State<Access>, mut request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let needed = Scope::needed_by(route.map(MatchedPath::as_str).unwrap_or_default());
    match access.tenant_of(request.headers(), needed) {
        Ok(tenant) => {
            let tenant = Tenant(tenant.as_ref().to_owned());
            request.extensions_mut().insert(tenant);
            next.run(request).await
        }
        Err(refusal) => {
            metrics::api::refused(refusal.reason());
            refusal.into_response()
        }
    }
}
