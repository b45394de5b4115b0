//! Who may read what: read keys with a tenant, scopes, an end and a rate.
//!
//! - `scope` says what a key opens, and which addresses need what;
//! - `file` is the file of keys, which `playhead keys` writes; `table` finds the key of a text; `live` is the table in
//!   force;
//! - `guard` asks each request for its key, and tells the handlers whose data they read;
//! - `refusal` is what a client is told.
//!
//! Keys come in a header and never in an address: addresses end in logs, histories and referrers.

mod file;
mod guard;
mod live;
mod refusal;
mod scope;
mod table;

pub use file::{ReadKeyEntry, ReadKeyFile};
pub use guard::{Access, AccessError, admit};
pub use refusal::AccessRefusal;
pub use scope::Scope;
