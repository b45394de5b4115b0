//! What people read: the API, SQL, pages, dashboards.

mod analytics_api;
mod cache;
mod changes;
mod dashboards;
mod explore;
mod explored;
mod landing;
mod metrics;
mod operator_questions;
mod pages;
mod questions;
mod read_keys;
mod record;
mod resource_formats;
mod resources;
mod scratch;
mod sql;
mod streams;
mod tenant_isolation;
mod top;
