//! The integrator's view: what the gateway made of the beacons of one session or device, as they come.
//!
//! 1. `hub` knows who watches what; while nobody does, a request costs it one look at a number;
//! 2. `request` gathers what becomes of the watched beacons of one request;
//! 3. `advice` says in words what is odd about them, known defects of player releases among it;
//! 4. `stream` is `GET /v1/debug/stream`.
//!
//! A watcher sees beacons as they are kept, after `crate::privacy`, and those of its key's tenant only.
//! It names a session or a device, whose id it must know: keys ship in players, and are no secret. What could not be
//! read is nobody's: who watches with the key of such a request is told why, without what it held.

mod advice;
mod hub;
mod request;
mod stream;

pub use hub::Watch;
pub use stream::get_stream;

pub(crate) use request::Watching;
