//! Sends the parcels of an event, each until it is acknowledged.

pub(crate) mod answer;
pub(crate) mod attempts;
pub(crate) mod body;
pub(crate) mod client;
pub(crate) mod journal;
pub(crate) mod pump;

pub(crate) use client::Client;
pub(crate) use journal::Journal;
