//! Generates the Rust types of the beacon and its record from proto/, and makes cargo notice new migrations and pages.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=migrations");
    // The pages that `make web` builds; a debug build reads them at run time. The folder must exist,
    // or cargo would take it for changed each time.
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        std::fs::create_dir_all("web/dist")?;
        println!("cargo:rerun-if-changed=web/dist");
    }
    println!("cargo:rerun-if-changed=proto/playhead/v1");
    let descriptors = protox::compile(["playhead/v1/record.proto"], ["proto"])?;
    prost_build::Config::new()
        // Ordered maps: the same beacon always has the same bytes, which its hash relies on.
        .btree_map(["."])
        .compile_fds(descriptors)?;
    Ok(())
}
