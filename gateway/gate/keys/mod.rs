//! Write keys: made by `playhead keys make`, kept as digests in a file, read again when it changes.
//!
//! - `key` makes the text of a key and tells its id and digest;
//! - `file` reads and writes the file;
//! - `table` finds the key that a text belongs to;
//! - `live` is the table in force.

mod file;
mod key;
mod live;
mod table;

pub use file::{KeyEntry, KeyFile, KeyFileError, KeyFileLock};
pub(crate) use file::{read_text, replace};
pub(crate) use key::{Digest, digest_of, digest_of_hexadecimal};
pub use key::{KeyKind, NewKey, shortened};
pub use live::LiveKeys;
pub use table::{KeyTable, WriteKey};
