//! What went wrong in a play.

use crate::script::event::Event;
use crate::truth::cell::{Row, is};
use crate::truth::play::PlayTruth;
use crate::truth::repair::Repaired;

pub(super) fn columns(play: &PlayTruth<'_>, repaired: &Repaired) -> Row {
    let errors = || play.beacons().filter(|beacon| beacon.event == Event::Error);
    let fatal = errors()
        .filter(|beacon| beacon.entry("error", "fatal").as_deref() == Some("true"))
        .count();
    let last = errors().next_back();
    let last_code = last.and_then(|beacon| beacon.entry("error", "code"));
    vec![
        ("error_count", is(repaired.error_count)),
        ("fatal_error_count", is(fatal)),
        ("last_error_code", is(last_code.unwrap_or_default())),
    ]
}
