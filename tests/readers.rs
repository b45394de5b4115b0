//! What people read: the API, SQL, pages, dashboards.

mod analytics_api;
mod dashboards;
mod landing;
mod metrics;
mod operator_questions;
mod pages;
mod questions;
mod record;
mod resources;
mod scratch;
mod sql;
mod top;
