//! How beacons get to Kafka: the producer, the spool, the partitioner, restarts, dead letters.

mod commands;
mod harness;
mod kafka_security;
mod partitioner;
mod produce_failures;
mod produce_kafka;
mod redrive;
mod rolling_restart;
mod scratch;
mod spool;
mod viewers;
