//! Invariants of the warehouse: what must hold of its data, asked of a running one.
//!
//! - [`catalogue`]: the checks, one file each under `sql/checks/`, which return rows only when they are violated;
//! - [`window`]: the stretch of time that a check looks at;
//! - [`mod@look`]: runs a check, and looks again before it tells of a violation.

pub mod catalogue;
pub mod look;
pub mod window;

pub use catalogue::{ALL, Check};
pub use look::{Outcome, look};
pub use window::Window;
