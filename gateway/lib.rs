//! # Path of a beacon
//!
//! A player posts beacons. [`server`] accepts its connection and [`router`] finds the door.
//! [`ingest`] reads the body, and the door turns it into canonical [`beacon`]s; each is validated and
//! enriched. [`produce`] encodes them, puts those of many requests together into one Kafka message
//! per partition, and waits for Kafka's acknowledgement; only then is the player answered 200.
//!
//! The types say how far a beacon has come: `RawBody` → `DecodedBatch` → `ValidBeacon` →
//! `EnrichedBeacon` → `KafkaRecord`.

// What a beacon is.
pub mod beacon;

// In the order in which a beacon meets them.
pub mod ingest;
pub mod produce;
pub mod router;
pub mod server;

// What becomes of it in ClickHouse, and how that is asked for.
pub mod analytics;
pub mod warehouse;

// What people look at.
pub mod pages;

// What they are built from, and how they are watched.
pub mod app;
pub mod config;
pub mod health;
pub mod metrics;
pub mod problem;
pub mod telemetry;

// What people type.
pub mod commands;
