//! # Path of a beacon
//!
//! A player posts beacons. [`server`] accepts its connection and [`router`] finds the door, whose [`gate`]
//! asks who may send and how much.
//! [`ingest`] reads the body, and the door turns it into canonical [`beacon`]s; each is validated, then
//! [`privacy`] takes out what must not be kept, and [`enrich`] completes it. [`produce`] packs them into records, puts those of many requests together into one Kafka message
//! per partition, and waits for Kafka's acknowledgement; only then is the player answered 200.
//!
//! The types say how far a beacon has come: `RawBody` → `DecodedBatch` → `ValidBeacon` →
//! `ProtectedBeacon` → `EnrichedBeacon` → `BeaconRecord` → `KafkaRecord`.
//!
//! ClickHouse reads Kafka by itself, through the tables and views that [`warehouse`] migrates.
//! [`analytics`] asks them, and [`pages`] shows what they say. [`dimensions`] brings in what beacons do not
//! tell: the catalogue, the schedule, the viewers. What each published number means stands in the
//! registry of [`definitions`]; what must hold of the data, [`checks`] asks a running warehouse.

// What a beacon is.
pub mod beacon;

// 1. A connection becomes a request, and the request finds its door.
pub mod server;

pub mod router;

// 2. The gate: who may send, how much, and what goes first.
pub mod gate;

// 3. The door: from a body to valid, complete beacons.
pub mod ingest;

// On the way: what must not be kept goes, what the client did not say comes.
pub mod privacy;

pub mod enrich;

// What integrators see of it, and operators of what was refused.
pub mod samples;
pub mod watch;

// 4. From beacons to acknowledged Kafka messages.
pub mod produce;

// 5. Where ClickHouse puts them.
pub mod warehouse;

// 6. How that is asked for.
pub mod analytics;

// 7. What the platform adds about its titles and viewers.
pub mod dimensions;

// What the published numbers mean, and what must hold of them.
pub mod checks;
pub mod definitions;

// 8. What people look at.
pub mod pages;

// What all of it is built from, and how it is watched.
pub mod app;
pub mod config;
pub mod health;
pub mod metrics;
pub mod problem;
pub mod reload;
pub mod telemetry;

// What people type.
pub mod commands;
