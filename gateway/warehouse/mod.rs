//! The warehouse: how this binary reaches ClickHouse and looks after its schema.
//!
//! - [`client`]: a connection with bounded waits and errors that say what to do;
//! - [`migrate`]: brings the schema to what this binary needs, one file at a time;
//! - [`version`]: refuses a schema that this binary does not know;
//! - [`retention`]: how long tables keep their rows;
//! - [`schema`]: prints the end state and compares a server with it.

pub mod client;
pub mod dead_letters;
pub mod error;
pub mod migrate;
pub mod placeholders;
pub mod retention;
pub mod schema;
pub mod version;

mod driver;
mod history;
mod lock;
mod settings;
mod sql_text;

pub use client::{Connection, Warehouse};
pub use error::WarehouseError;
pub use migrate::Migrator;
pub use placeholders::{PlaceholderValues, Placeholders};
pub use sql_text::{Piece, PieceKind, pieces};
