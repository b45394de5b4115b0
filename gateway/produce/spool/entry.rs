//! What is handed to the spool.

use crate::produce::delivery::Ticket;

/// The beacons of one partition, and who waits for them.
pub(crate) struct Entry {
    /// The partition of the beacons.
    pub(crate) partition: u32,
    /// The beacons, each with its length before it.
    pub(crate) payload: Vec<u8>,
    /// Who waits, and how many beacons there are.
    pub(crate) ticket: Ticket,
}
