//! Whose data is read.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::analytics::access::AccessRefusal;

/// Whose data is read: that of the read key, or `default` where no keys are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tenant(pub String);

impl<S: Sync> FromRequestParts<S> for Tenant {
    type Rejection = AccessRefusal;

    /// Takes what the guard of the routes has found out. A handler behind no guard answers nobody.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AccessRefusal> {
        let found = parts.extensions.get::<Self>();
        found.cloned().ok_or(AccessRefusal::NoKey)
    }
}
