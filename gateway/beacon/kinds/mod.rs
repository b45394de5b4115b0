//! How each kind of field is read from JSON, written to it, and measured.

pub(super) mod counts;
pub(super) mod event;
pub(super) mod group;
pub(super) mod name;
pub(super) mod scalar;
pub(super) mod text;
