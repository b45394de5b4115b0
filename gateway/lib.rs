//! Path of a beacon.
