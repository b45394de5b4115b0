//! Invariants of the warehouse: what must hold of its data, asked of a running one.
//!
//! - [`catalogue`]: the checks, one file each under `sql/checks/`, which return rows only when they are violated;
//! - [`accepted`]: the one that no query can ask, since what was accepted lies in Kafka;
//! - [`window`]: the stretch of time that a check looks at;
//! - [`mod@look`]: runs a check, and looks again before it tells of a violation.

pub mod accepted;
pub mod catalogue;
pub mod look;
mod topic;
pub mod window;

pub use accepted::AcceptedError;
pub use catalogue::{ALL, Check};
pub use look::{Outcome, look};
pub use topic::TopicUnread;
pub use window::Window;
