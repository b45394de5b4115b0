//! One parser under libFuzzer, chosen by `PLAYHEAD_FUZZ_PARSER`; `fuzz/run` starts it for each.
#![no_main]

mod parsers;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use parsers::{PARSERS, Parser};

static CHOSEN: LazyLock<&Parser> = LazyLock::new(|| {
    let name = std::env::var("PLAYHEAD_FUZZ_PARSER").unwrap_or_default();
    let mut parsers = PARSERS.iter();
    let Some(parser) = parsers.find(|parser| parser.name == name) else {
        let names: Vec<_> = PARSERS.iter().map(|parser| parser.name).collect();
        panic!("PLAYHEAD_FUZZ_PARSER names none of: {}", names.join(", "));
    };
    parser
});

fuzz_target!(|input: &[u8]| (CHOSEN.read)(input));
