//! Generated viewers with known truth.
