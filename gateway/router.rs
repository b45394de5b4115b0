//! Every route of the gateway.

use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use crate::analytics;
use crate::app::AppState;
use crate::dimensions;
use crate::health;
use crate::ingest::{Ingest, RequestRefusal, doors};
use crate::metrics;
use crate::pages;
use crate::privacy::well_known;
use crate::problem::Problem;
use crate::samples;
use crate::watch;

/// The public port.
pub fn public(state: &AppState) -> Router {
    Router::new()
        .merge(doors(state))
        .merge(analytics::router(state.analytics.clone()))
        .merge(pages::router())
        .route("/.well-known/gpc.json", get(well_known::get_gpc))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
}

/// The operators' port.
pub fn operations(state: &AppState) -> Router {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route(
            "/readyz",
            get(health::readyz).with_state(state.readiness.clone()),
        )
        .route("/metrics", get(health::metrics).with_state(state.clone()))
        .route(
            "/refused-samples",
            get(samples::get_samples).with_state(state.ingest.samples().clone()),
        )
        .merge(dimensions::router(state.dimensions.clone()))
}

/// Where beacons come in.
fn doors(state: &AppState) -> Router {
    let http = &state.config.http;
    let limit = http.request_timeout();
    let in_time = |form| from_fn_with_state(InTime { limit, form }, answer_in_time);
    let pictures = Router::new()
        .route("/v1/pixel.gif", get(doors::pixel::get_pixel))
        .route("/i", get(doors::snowplow::get_event))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(in_time(Form::Picture));
    let for_pages = Router::new()
        .route("/v1/beacons", post(doors::native::post_beacons))
        .route("/v1/time", get(doors::time::get_time))
        .route(
            "/v1/cmcd",
            post(doors::cmcd::post_reports).get(doors::cmcd::get_event),
        )
        .route("/v1/cmcd/request", requests())
        .route("/v1/cmcd/request/{*media}", requests())
        .route("/v1/epas", post(doors::epas::post_event))
        .route(
            "/com.snowplowanalytics.snowplow/tp2",
            post(doors::snowplow::post_events),
        )
        // Before the layer: a preflight is answered by CORS, not by this.
        .method_not_allowed_fallback(method_not_allowed)
        .layer(in_time(Form::Problem))
        .merge(pictures)
        .route("/v1/debug/stream", get(watch::get_stream))
        .layer(cors(http.cors_max_age_seconds));
    // Servers call them, no page.
    let for_servers = Router::new()
        .route(
            "/v1/forward",
            post(doors::forward::post_records).get(doors::forward::get_ready),
        )
        .layer(in_time(Form::Problem));
    let deliveries = Router::new()
        .route("/v1/firehose", post(doors::firehose::post_records))
        .layer(in_time(Form::Delivery));
    for_pages
        .merge(for_servers)
        .merge(deliveries)
        .with_state(state.ingest.clone())
}

/// How long a door may take.
#[derive(Clone, Copy)]
struct InTime {
    limit: Duration,
    form: Form,
}

/// In which form a door says that it took too long.
#[derive(Clone, Copy)]
enum Form {
    Problem,
    Picture,
    /// As Firehose asks for it.
    Delivery,
}

/// Ends what takes too long; what is being delivered is delivered and counted all the same.
async fn answer_in_time(State(in_time): State<InTime>, request: Request, next: Next) -> Response {
    let InTime { limit, form } = in_time;
    let delivery = match form {
        Form::Delivery => doors::firehose::request_id(request.headers()),
        Form::Problem | Form::Picture => None,
    };
    let answered = tokio::time::timeout(limit, next.run(request)).await;
    answered.unwrap_or_else(|_| {
        let refusal = RequestRefusal::RequestTimeout;
        metrics::request_refused(&refusal);
        match form {
            Form::Problem => refusal.into_response(),
            Form::Picture => doors::pixel::failed(&refusal.problem()),
            Form::Delivery => doors::firehose::refused(delivery, &refusal),
        }
    })
}

/// CMCD on media requests, reported by a CDN or a proxy under its own address or before the media's.
fn requests() -> MethodRouter<Ingest> {
    get(doors::cmcd::get_request).post(doors::cmcd::post_requests)
}

/// Players run on pages of any origin, and `sendBeacon` sends credentials, to which a browser lets
/// no `*` answer: the origin is echoed. No door reads cookies.
fn cors(max_age_seconds: u64) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        // With credentials no `*` counts here either.
        .expose_headers([RETRY_AFTER, doors::REASON])
        .max_age(Duration::from_secs(max_age_seconds))
}

async fn not_found() -> impl IntoResponse {
    Problem::new(
        StatusCode::NOT_FOUND,
        "not_found",
        "there is nothing at this address",
    )
}

async fn method_not_allowed() -> impl IntoResponse {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "this address does not take this method",
    )
}
