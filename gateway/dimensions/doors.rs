//! The addresses: `PUT /v1/dimensions/{dimension}` and `PUT /v1/dimensions/{dimension}/{id}`.

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::{Deserialize, Serialize};

use super::{Dimension, DimensionError, Dimensions, FileFormat, Loaded};

/// The largest body of one row; bytes.
const ROW_MAX_BYTES: usize = 256 * 1024;
const TENANT_MAX_BYTES: usize = 128;

/// What stands behind the `?`.
#[derive(Debug, Deserialize)]
pub(super) struct Parameters {
    /// Whose rows they are.
    #[serde(default = "default_tenant")]
    tenant: String,
}

fn default_tenant() -> String {
    "default".to_owned()
}

/// What one row did.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    dimension: &'static str,
    tenant: String,
    rows: u64,
}

/// Loads a file.
pub(super) async fn put_file(
    State(dimensions): State<Dimensions>,
    Path(name): Path<String>,
    Query(parameters): Query<Parameters>,
    request: Request,
) -> Result<Json<Loaded>, DimensionError> {
    let dimension = named(&name)?;
    let tenant = tenant(parameters)?;
    let (parts, body) = request.into_parts();
    let content_type = content_type(&parts.headers);
    let format = FileFormat::of_content_type(&content_type)
        .ok_or_else(|| DimensionError::no_file(&content_type))?;
    refuse_encoding(&parts.headers)?;
    let announced = parts.headers.get(CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let most = dimensions.config.body_max_bytes;
    if announced.is_some_and(|bytes| bytes > most) {
        return Err(DimensionError::BodyTooLarge(most));
    }
    // A task of its own: it clears up after a client that has gone away.
    let load = async move { dimensions.load(dimension, format, tenant, body).await };
    let loaded = tokio::spawn(load)
        .await
        .map_err(|_| DimensionError::BrokeOff)??;
    Ok(Json(loaded))
}

/// Tells one row.
pub(super) async fn put_row(
    State(dimensions): State<Dimensions>,
    Path((name, id)): Path<(String, String)>,
    Query(parameters): Query<Parameters>,
    request: Request,
) -> Result<Json<Told>, DimensionError> {
    let dimension = named(&name)?;
    let tenant = tenant(parameters)?;
    let (parts, body) = request.into_parts();
    let content_type = content_type(&parts.headers);
    if content_type != "application/json" {
        return Err(DimensionError::UnsupportedContentType {
            found: content_type,
            taken: "application/json",
        });
    }
    refuse_encoding(&parts.headers)?;
    let read = Limited::new(body, ROW_MAX_BYTES).collect();
    let body = tokio::time::timeout(dimensions.config.body_idle_timeout(), read)
        .await
        .map_err(|_| DimensionError::BodyTimeout)?
        .map_err(|error| {
            if error.is::<LengthLimitError>() {
                DimensionError::BodyTooLarge(ROW_MAX_BYTES as u64)
            } else {
                DimensionError::BodyUnreadable
            }
        })?
        .to_bytes();
    dimensions.put(dimension, &tenant, &id, &body).await?;
    Ok(Json(Told {
        dimension: dimension.name(),
        tenant,
        rows: 1,
    }))
}

fn named(name: &str) -> Result<Dimension, DimensionError> {
    Dimension::named(name).ok_or_else(|| DimensionError::UnknownDimension(name.to_owned()))
}

fn tenant(parameters: Parameters) -> Result<String, DimensionError> {
    let tenant = parameters.tenant;
    let is_one = !tenant.is_empty()
        && tenant.len() <= TENANT_MAX_BYTES
        && !tenant.chars().any(char::is_control);
    is_one.then_some(tenant).ok_or(DimensionError::BadTenant)
}

fn content_type(headers: &HeaderMap) -> String {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = value.and_then(|value| value.split(';').next());
    kind.unwrap_or_default().trim().to_ascii_lowercase()
}

fn refuse_encoding(headers: &HeaderMap) -> Result<(), DimensionError> {
    match headers.get(CONTENT_ENCODING) {
        None => Ok(()),
        Some(value) if value == "identity" => Ok(()),
        Some(value) => Err(DimensionError::UnsupportedEncoding(
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )),
    }
}
