//! The doors, as a write key names them.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// A door that a key may open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum DoorName {
    /// `POST /v1/beacons`.
    Native,
    /// `GET /v1/pixel.gif`.
    Pixel,
    /// `/v1/cmcd`.
    Cmcd,
    /// `/v1/cmcd/request`.
    CmcdRequest,
    /// `POST /v1/epas`.
    Epas,
    /// Both addresses of Snowplow.
    Snowplow,
    /// `POST /v1/firehose`.
    Firehose,
    /// `POST /v1/forward`, for other gateways; a key must name it.
    Forward,
}

impl fmt::Display for DoorName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Native => "native",
            Self::Pixel => "pixel",
            Self::Cmcd => "cmcd",
            Self::CmcdRequest => "cmcd_request",
            Self::Epas => "epas",
            Self::Snowplow => "snowplow",
            Self::Firehose => "firehose",
            Self::Forward => "forward",
        })
    }
}
