//! One adapter per protocol: each turns its bodies into canonical beacons and answers as its
//! clients expect. Nothing behind a door knows which one it was.

pub mod native;

/// Owner of the data while no write keys are configured.
const DEFAULT_TENANT: &str = "default";
