//! Generates the beacon's Rust types from the .proto, and makes cargo notice new migrations.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=proto/playhead/v1/beacon.proto");
    let descriptors = protox::compile(["playhead/v1/beacon.proto"], ["proto"])?;
    prost_build::Config::new()
        // Ordered maps: the same beacon always has the same bytes, which its hash relies on.
        .btree_map(["."])
        .compile_fds(descriptors)?;
    Ok(())
}
