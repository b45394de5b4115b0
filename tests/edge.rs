//! How beacons come in: every door, the gate, enrichment, privacy, forwarding.

mod captures;
mod debug_stream;
mod edge_dedup;
mod enrichment;
mod every_field;
mod forward;
mod fuzz;
mod gate_keys;
mod gate_limits;
mod gate_tls;
mod harness;
mod ingest_cmcd;
mod ingest_cmcd_request;
mod ingest_epas;
mod ingest_firehose;
mod ingest_http;
mod ingest_outage;
mod ingest_pixel;
mod ingest_protobuf;
mod ingest_snowplow;
mod landing;
mod mmdb;
mod privacy;
mod proto_schema;
mod record;
mod scratch;
