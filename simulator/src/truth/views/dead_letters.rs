//! `dead_letters_v`: the simulator sends nothing that cannot be parsed, so it must be empty.

use super::Expectation;

pub(super) fn expectation<'a>() -> Expectation<'a> {
    Expectation {
        view: "dead_letters_v",
        key: vec!["topic", "partition", "offset"],
        is_by_session: false,
        keys: Vec::new(),
        row: Box::new(|_, _| {
            [
                "seen_at",
                "topic",
                "partition",
                "offset",
                "error",
                "size_bytes",
            ]
            .map(never)
            .to_vec()
        }),
    }
}

fn never(column: &'static str) -> (&'static str, crate::truth::cell::Expected) {
    (
        column,
        crate::truth::cell::Expected::Is(serde_json::Value::Null),
    )
}
