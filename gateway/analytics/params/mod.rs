//! What a request asks for: checked before anything is queried.
//!
//! - [`query_string`]: the parameters, taken one known one after another; what is left over is refused;
//! - [`tenant`]: whose data is read;
//! - [`range`]: a window, absolute or relative to now, in a [`zone`] of time, and its [`full_hours`];
//! - [`dimension`], [`filter`]: by what numbers are told apart, and which of them are counted;
//! - [`order`], [`cursor`]: which rows come first, and where the next page begins;
//! - [`mod@format`]: how the answer is written.

pub mod cursor;
pub mod dimension;
pub mod filter;
pub mod format;
pub mod full_hours;
pub mod order;
pub mod query_string;
pub mod range;
pub mod tenant;
pub mod zone;

pub use cursor::Question;
pub use dimension::Dimension;
pub use filter::{Conditions, Filter, Filters};
pub use format::Format;
pub use order::Order;
pub use query_string::QueryString;
pub use range::Range;
pub use tenant::Tenant;
pub use zone::Zone;

use super::error::QueryError;

/// A refused parameter.
pub(super) fn bad(name: &str, reason: &str) -> QueryError {
    QueryError::BadParameter {
        name: name.to_owned(),
        reason: reason.to_owned(),
    }
}
