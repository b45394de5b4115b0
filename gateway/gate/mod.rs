//! Who may send, how much, and what goes first when not all of it can be taken.
//!
//! Before a body is read:
//! 1. `client_address` finds whose request it is, behind proxies that are trusted;
//! 2. `quota` asks the client's bucket;
//! 3. `keys` finds the write key that the client shows, and `origin` whether its page may use it.
//!
//! Once the beacons are told apart:
//! 4. `quota` asks the key's bucket;
//! 5. `shedding` holds heartbeats back first when the way to Kafka fills up;
//! 6. `repeats` drops copies of what was acknowledged a moment ago, where that is configured.
//!
//! [`Gate`] holds what these need; [`Pass`] is what a request carries from 3. to 4. How each door
//! finds the key is in `admit`, and `docs/gate.md` tells it to whoever runs a gateway.

mod admit;
mod client_address;
mod door;
pub mod keys;
mod lag;
pub mod origin;
mod quota;
mod repeats;
mod shedding;

use std::path::PathBuf;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

pub use admit::Pass;
pub(crate) use admit::whole_seconds;
pub use client_address::{Peer, TrustedProxies};
pub use door::DoorName;
pub(crate) use quota::Bucket;

use crate::config::{Config, GateConfig, GateMode};
use crate::ingest::{DecodedBatch, DeferReason, Deferral, RequestRefusal};
use crate::metrics;
use crate::produce::Producer;
use keys::{KeyFileError, LiveKeys};
use lag::Lag;
use quota::ClientBuckets;
use repeats::Repeats;
use shedding::Shedding;

/// The gate of one process; clones share it.
#[derive(Clone)]
pub struct Gate(Arc<Parts>);

struct Parts {
    mode: GateMode,
    keys: LiveKeys,
    clients: Option<ClientBuckets>,
    proxies: TrustedProxies,
    shedding: Shedding,
    repeats: Option<Repeats>,
    /// How often a refusal that is only counted is told in the log.
    told: Bucket,
}

/// Why there can be no gate.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// The keys cannot be read.
    #[error("the write keys in {} cannot be used", .0.display())]
    Keys(PathBuf, #[source] KeyFileError),
}

impl Gate {
    /// Reads the keys, and keeps reading them until `end`.
    ///
    /// # Errors
    /// Keys that cannot be read although they are asked for.
    pub fn open(config: &Config, end: &CancellationToken) -> Result<Self, GateError> {
        let gate = &config.gate;
        Ok(Self(Arc::new(Parts {
            mode: gate.mode,
            keys: live_keys(gate, end)?,
            clients: ClientBuckets::of(gate),
            proxies: TrustedProxies::new(&config.http),
            shedding: Shedding::new(
                gate,
                config.kafka.beacons_in_flight_max,
                Lag::watch(end.clone()),
            ),
            repeats: Repeats::of(gate),
            told: Bucket::per_second(5, 5),
        })))
    }

    /// Whether beacons that were acknowledged are remembered.
    pub(crate) fn remembers(&self) -> bool {
        self.0.repeats.is_some()
    }

    /// Whether the beacon of this identity was acknowledged a moment ago.
    pub(crate) fn is_repeat(&self, identity: u128) -> bool {
        let repeats = self.0.repeats.as_ref();
        repeats.is_some_and(|repeats| repeats.knows(identity))
    }

    /// Notes beacons of a request that were acknowledged, by their place in it; `refused` names those that were not.
    /// Call it for no others: their repetition will be dropped.
    pub(crate) fn remember(&self, beacons: &[(usize, u128)], refused: &[usize]) {
        if let Some(repeats) = &self.0.repeats {
            for (index, identity) in beacons {
                if !refused.contains(index) {
                    repeats.remember(*identity);
                }
            }
        }
    }

    /// Whether keys are looked at.
    fn asks_for_keys(&self) -> bool {
        self.0.mode != GateMode::Off
    }

    /// Takes the beacons of one request from its key's quota, all or none; why they have to wait, if they do.
    pub(crate) fn charge(&self, pass: &Pass, count: usize) -> Option<Deferral> {
        let wait = pass.take_from_quota(count).err()?;
        if self.0.mode == GateMode::Enforce {
            return Some(Deferral::after(DeferReason::OverQuota, wait));
        }
        metrics::request_would_be_refused(DeferReason::OverQuota.as_str());
        None
    }

    /// Holds back what may not go on now, and says why; it is taken out of the batch. All of it is where the
    /// request is put off already.
    pub(crate) fn hold_back(
        &self,
        batch: &mut DecodedBatch,
        put_off: Option<Deferral>,
        producer: &Producer,
    ) -> Option<HeldBack> {
        if let Some(deferral) = put_off {
            return HeldBack::of(batch.beacons.drain(..).count(), deferral);
        }
        let shed = self.0.shedding.shed(batch, producer.in_flight());
        HeldBack::of(shed, Deferral::new(DeferReason::Shed))
    }

    /// A refusal, where refusals are in force; else it is counted, and told now and then.
    fn refuse_or_tell(
        &self,
        refusal: RequestRefusal,
        key: Option<&str>,
    ) -> Result<(), RequestRefusal> {
        if self.0.mode == GateMode::Enforce {
            return Err(refusal);
        }
        metrics::request_would_be_refused(refusal.as_str());
        if self.0.told.take(1).is_ok() {
            let key = key.map(keys::shortened).unwrap_or_default();
            tracing::info!(
                reason = refusal.as_str(),
                key,
                "dry run: a request would be refused"
            );
        }
        Ok(())
    }
}

/// Beacons that were taken out of a batch.
pub(crate) struct HeldBack {
    /// How many.
    pub(crate) count: usize,
    /// Why, and when to send them again.
    pub(crate) deferral: Deferral,
}

impl HeldBack {
    fn of(count: usize, deferral: Deferral) -> Option<Self> {
        (count > 0).then_some(Self { count, deferral })
    }
}

fn live_keys(config: &GateConfig, end: &CancellationToken) -> Result<LiveKeys, GateError> {
    if config.mode == GateMode::Off {
        return Ok(LiveKeys::none());
    }
    LiveKeys::open(&config.keys_file, config.keys_reload(), end.clone())
        .map_err(|error| GateError::Keys(config.keys_file.clone(), error))
}
