//! Resources with a shape of their own: each is a question that operators ask again and again.
//!
//! - [`ads`], [`funnel`], [`errors`], [`delivery`], [`usage`]: rows told apart by dimensions, which [`table`] asks for and pages;
//! - [`engagement`], [`retention`]: curves of a title, and of the viewers first seen in a week;
//! - [`freshness`]: how far each stage of the warehouse is;
//! - [`viewer`]: one viewer, now and before;
//! - [`beacons`]: every beacon of one session, with the gaps between them.

pub mod ads;
pub mod beacons;
pub mod delivery;
pub mod engagement;
pub mod errors;
pub mod freshness;
pub mod funnel;
pub mod retention;
pub mod table;
pub mod usage;
pub mod viewer;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::AnalyticsState;

/// Their routes.
pub fn routes() -> OpenApiRouter<AnalyticsState> {
    OpenApiRouter::new()
        .routes(routes!(ads::get_ads))
        .routes(routes!(funnel::get_funnel))
        .routes(routes!(engagement::get_engagement))
        .routes(routes!(retention::get_retention))
        .routes(routes!(delivery::get_delivery))
        .routes(routes!(errors::get_errors))
        .routes(routes!(freshness::get_freshness))
        .routes(routes!(usage::get_usage))
        .routes(routes!(viewer::get_viewer))
        .routes(routes!(beacons::list_session_beacons))
}
