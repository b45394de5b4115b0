//! One file for each reader view: which rows it must have, and what must stand in them.

mod ads;
mod audience;
mod beacons;
mod concurrent_viewers;
mod content_engagement;
mod dead_letters;
mod engagement;
mod funnel;
mod live_viewers;
mod session_ids;
mod sessions;
mod windows;

use super::Truth;
use super::cell::{Found, Row};

/// Makes the expected row with that index; it sees the found one, for columns that depend on one another.
pub(crate) type MakeRow<'a> = Box<dyn Fn(usize, &Found) -> Row + Send + Sync + 'a>;

/// All that a view must show.
pub(crate) struct Expectation<'a> {
    /// Name of the view.
    pub(crate) view: &'static str,
    /// Columns that tell its rows apart.
    pub(crate) key: Vec<&'static str>,
    /// Whether its rows belong to one session each; the others sum over all sessions of the database.
    pub(crate) is_by_session: bool,
    /// The expected rows' keys: the key columns as text, joined by a space.
    pub(crate) keys: Vec<String>,
    /// The expected row behind a key.
    pub(crate) row: MakeRow<'a>,
}

/// The expectations of all views that are known.
pub(crate) fn expectations(truth: &Truth) -> Vec<Expectation<'_>> {
    let mut views = vec![
        beacons::expectation(truth),
        session_ids::expectation(truth),
        live_viewers::expectation(truth),
        concurrent_viewers::expectation(truth),
        dead_letters::expectation(),
        engagement::expectation(truth),
        content_engagement::expectation(truth),
    ];
    views.extend(sessions::expectations(truth));
    views.extend(windows::expectations(truth));
    views.extend(ads::expectations(truth));
    views.extend(funnel::expectations(truth));
    views.extend(audience::expectations(truth));
    views
}
