//! The ledger on stories told by hand: every number is worked out in the test.

mod complaints;
mod hand;
mod numbers;
mod plays;
mod repair;
mod timeline;
