//! What the gateway knows of a beacon and its client does not say.
//!
//! Once for each request:
//! 1. `user_agent` reads the agent by the lists of `patterns`; the last ones are remembered;
//! 2. `hints` lays client hints over it;
//! 3. `place` takes country, region and network from a trusted proxy's headers, and what they leave
//!    open from `place_files`.
//!
//! Once for each beacon, `complete` fills what the client left open, and `cdn_name` brings its CDN's name
//! into one form; `readmit` takes what another gateway has completed. What the client says itself wins. `docs/enrichment.md` tells it to readers.

mod cdn_name;
mod complete;
mod hints;
mod patterns;
mod place;
mod place_files;
mod readmit;
mod user_agent;

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use moka::sync::Cache;
use tokio_util::sync::CancellationToken;

pub(crate) use complete::carries_tags;
pub use complete::{Arrival, EnrichedBeacon, Origin, enrich};
pub use place::Place;
pub use place_files::PlaceFileError;
pub use readmit::readmit;
pub(crate) use readmit::received_time_ms;
pub use user_agent::PatternError;

use crate::beacon::DeviceClass;
use crate::config::EnrichConfig;
use hints::Hints;
use place_files::PlaceFiles;
use user_agent::{USER_AGENT_MAX_BYTES, UserAgents};

/// What a user agent and its hints tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceFacts {
    /// Kind of device.
    pub class: Option<DeviceClass>,
    /// Model name.
    pub model: Option<String>,
    /// Operating system.
    pub os_name: Option<String>,
    /// Its version.
    pub os_version: Option<String>,
    /// Browser.
    pub browser: Option<String>,
    /// Its main version.
    pub browser_version: Option<String>,
    /// Whether it says that it is a robot.
    pub is_bot: bool,
}

/// What is known of the client of one request; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct ClientFacts {
    /// Its device.
    pub device: Arc<DeviceFacts>,
    /// Where it is.
    pub place: Arc<Place>,
    /// Its address as it came. It goes no further than to what protects it.
    pub address: Option<IpAddr>,
}

/// Why nothing can be enriched.
#[derive(Debug, thiserror::Error)]
pub enum EnrichError {
    /// The list of patterns.
    #[error(transparent)]
    Patterns(#[from] PatternError),
    /// A database of places.
    #[error(transparent)]
    Places(#[from] PlaceFileError),
}

/// Finds out about clients; clones share what is remembered.
#[derive(Clone)]
pub struct Enricher(Arc<Parts>);

struct Parts {
    agents: Option<UserAgents>,
    remembered: Cache<Box<str>, Arc<DeviceFacts>>,
    places: PlaceFiles,
}

impl Enricher {
    /// Prepares what is configured, and keeps the files fresh until `end`.
    ///
    /// # Errors
    /// Files that cannot be read.
    pub fn open(config: &EnrichConfig, end: &CancellationToken) -> Result<Self, EnrichError> {
        let agents = config.user_agent.then(UserAgents::new).transpose()?;
        Ok(Self(Arc::new(Parts {
            agents,
            remembered: Cache::new(config.user_agents_remembered_max),
            places: PlaceFiles::open(&config.place_files, config.place_reload(), end)?,
        })))
    }

    /// Prepares what is configured once: files of places are not looked at again.
    ///
    /// # Errors
    /// Those of [`Self::open`].
    pub fn once(config: &EnrichConfig) -> Result<Self, EnrichError> {
        let end = CancellationToken::new();
        end.cancel();
        Self::open(config, &end)
    }

    /// What the headers of a request and the address of its client tell. `is_trusted`: a trusted proxy
    /// sent the headers, so its word on the place counts.
    pub fn look_at(
        &self,
        headers: &HeaderMap,
        address: Option<IpAddr>,
        is_trusted: bool,
    ) -> ClientFacts {
        let told = if is_trusted {
            Place::told_by_proxy(headers)
        } else {
            Place::default()
        };
        ClientFacts {
            device: self.device(headers),
            place: Arc::new(told.look_up(address, &self.0.places)),
            address,
        }
    }

    fn device(&self, headers: &HeaderMap) -> Arc<DeviceFacts> {
        let Some(agents) = &self.0.agents else {
            return Arc::default();
        };
        let agent = headers
            .get(USER_AGENT)
            .and_then(|agent| agent.to_str().ok());
        let facts = match agent.filter(|agent| agent.len() <= USER_AGENT_MAX_BYTES) {
            None => Arc::default(),
            Some(agent) => self.0.remembered.get(agent).unwrap_or_else(|| {
                let facts = Arc::new(agents.read(agent));
                self.0.remembered.insert(agent.into(), facts.clone());
                facts
            }),
        };
        match Hints::of(headers) {
            None => facts,
            Some(hints) => {
                let mut facts = DeviceFacts::clone(&facts);
                hints.lay_over(&mut facts);
                Arc::new(facts)
            }
        }
    }
}
