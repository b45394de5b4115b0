//! Between the canonical beacon and its packed record, both ways.
//!
//! What the two messages mean to each other is written in `proto/playhead/v1/record.proto`.
//! - `fields` says of every field of the beacon where the record holds it;
//! - `pack` writes the JSON texts of a record, on the way to Kafka;
//! - `unpack` reads them, for whoever looks into the topic.

mod fields;
mod pack;
mod unpack;

pub(super) use fields::unpack;
pub(super) use pack::Packer;
pub use unpack::UnpackError;

#[cfg(test)]
mod tests;
