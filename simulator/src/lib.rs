//! Generated viewers with known truth.
//!
//! Path of a run: `cast` makes viewers, `script` lets each of them live through a session and writes down both
//! what the client reports and what was meant, `faults` spoils the delivery, `send` delivers until everything is
//! acknowledged, `truth` says what every view must show, `verify` compares.
//! `worlds` makes many small events of many seeds, `load` sends at a rate instead, and `bulk` writes days of history past the gateway.

mod args;
mod bulk;
mod cast;
mod event;
mod faults;
mod live;
mod load;
mod run;
mod script;
mod send;
mod truth;
mod verdict;
mod verify;
mod worlds;

pub use args::SimulateArgs;
pub use bulk::BulkArgs;
pub use run::{Simulation, run};
pub use verdict::Verdict;
pub use worlds::Seeds;
