//! `session_ids_v`: the id behind each key, test devices included.

use super::Expectation;
use crate::truth::Truth;
use crate::truth::cell::is;

pub(super) fn expectation(truth: &Truth) -> Expectation<'_> {
    let scripts: Vec<_> = truth
        .event
        .scripts
        .iter()
        .filter(|script| script.arriving().next().is_some())
        .collect();
    Expectation {
        view: "session_ids_v",
        key: vec!["session_id"],
        is_by_session: true,
        keys: scripts
            .iter()
            .map(|script| script.viewer.session_id.clone())
            .collect(),
        row: Box::new(move |index, _| {
            vec![
                ("tenant", is(truth.tenant.clone())),
                ("session_key", is(truth.session_key(scripts[index]))),
                ("session_id", is(scripts[index].viewer.session_id.clone())),
            ]
        }),
    }
}
