//! The `playhead` command.
fn main() {}
