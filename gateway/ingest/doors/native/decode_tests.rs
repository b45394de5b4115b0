use super::*;

const GOOD: &str = r#"{"session_id":"s","event":"heartbeat","seq":0}"#;

/// Indices read, and (index, reason, field) refused.
type Shape = (Vec<usize>, Vec<(usize, &'static str, Option<String>)>);

fn shape(body: &str) -> Result<Shape, &'static str> {
    let batch = decode(body.as_bytes(), 5).map_err(|refusal| refusal.as_str())?;
    let read = batch.beacons.iter().map(|decoded| decoded.index).collect();
    let refused = batch
        .refusals
        .into_iter()
        .map(|r| (r.index, r.reason.as_str(), r.field.map(Cow::into_owned)))
        .collect();
    Ok((read, refused))
}

#[test]
fn one_object_an_array_and_lines_are_read() {
    assert_eq!(shape(GOOD), Ok((vec![0], vec![])));
    assert_eq!(
        shape(&format!(" [{GOOD} , {GOOD}]\n")),
        Ok((vec![0, 1], vec![]))
    );
    assert_eq!(
        shape(&format!("{GOOD}\r\n\n{GOOD}\n")),
        Ok((vec![0, 1], vec![]))
    );
    let pretty = GOOD.replace(',', ",\n  ");
    assert_eq!(shape(&pretty), Ok((vec![0], vec![])));
}

#[test]
fn one_bad_element_is_refused_alone() {
    let field = |name: &str| Some(name.to_owned());
    assert_eq!(
        shape(&format!(
            r#"[{GOOD},{{"seq":"1"}},7,{{"state":"nap"}},{GOOD}]"#
        )),
        Ok((
            vec![0, 4],
            vec![
                (1, "bad_type", field("seq")),
                (2, "bad_type", None),
                (3, "bad_value", field("state")),
            ]
        ))
    );
}

#[test]
fn an_unknown_event_costs_no_beacon() {
    let known = |body: String| {
        let batch = decode(body.as_bytes(), 5).unwrap();
        let tags = batch.beacons.iter();
        tags.map(|read| read.beacon.tags.get("event").cloned())
            .collect::<Vec<_>>()
    };
    let nap = r#"{"session_id":"s","event":"nap"}"#;
    // Also where the array has to be read again, element by element; its neighbours keep their own names.
    for bad in ["", ",7"] {
        assert_eq!(
            known(format!("[{nap},{GOOD}{bad}]")),
            [Some("nap".to_owned()), None],
            "{bad}"
        );
    }
    assert_eq!(
        known(format!("{{\"event\":\"nap\",\"seq\":-1}}\n{GOOD}")),
        [None]
    );
}

#[test]
fn one_broken_line_is_refused_alone() {
    assert_eq!(
        shape(&format!("{GOOD}\n{{\"seq\":\n{{\"seq\":\"1\"}}\n{GOOD}")),
        Ok((
            vec![0, 3],
            vec![
                (1, "malformed_json", None),
                (2, "bad_type", Some("seq".to_owned())),
            ]
        ))
    );
    assert_eq!(
        shape(&format!("{{\"seq\"\n{GOOD}")),
        Ok((vec![1], vec![(0, "malformed_json", None)]))
    );
}

#[test]
fn one_object_of_a_wrong_type_is_refused_by_field() {
    assert_eq!(
        shape("{\n\"seq\":\n\"1\"}"),
        Ok((vec![], vec![(0, "bad_type", Some("seq".to_owned()))]))
    );
}

#[test]
fn a_body_without_a_beacon_is_refused_as_a_whole() {
    for (body, reason) in [
        ("", "empty_batch"),
        (" \n", "empty_batch"),
        ("[]", "empty_batch"),
        ("{", "malformed_json"),
        ("[{}", "malformed_json"),
        ("[{},]", "malformed_json"),
        ("[{}] x", "malformed_json"),
        ("hello", "malformed_json"),
        ("{\n\"a\": 1,\n", "malformed_json"),
    ] {
        assert_eq!(shape(body), Err(reason), "{body}");
    }
    assert_eq!(
        decode(b"[\"\xff\"]", 5).unwrap_err().as_str(),
        "malformed_json"
    );
}

#[test]
fn more_than_the_limit_is_refused_in_every_form() {
    for body in [
        format!("[{}]", [GOOD; 6].join(",")),
        format!("[1,{}]", [GOOD; 5].join(",")),
        [GOOD; 6].join("\n"),
    ] {
        assert_eq!(shape(&body), Err("too_many_beacons"), "{body}");
    }
    assert!(shape(&format!("[{}]", [GOOD; 5].join(","))).is_ok());
}

#[test]
fn depth_bombs_are_answered() {
    let deep =
        |open: &str, close: &str| format!("{}{}", open.repeat(200_000), close.repeat(200_000));
    assert_eq!(
        shape(&deep("[", "]")),
        Ok((vec![], vec![(0, "bad_type", None)]))
    );
    assert_eq!(shape(&"[".repeat(500_000)), Err("malformed_json"));
    assert_eq!(shape(&"{\"a\":".repeat(100_000)), Err("malformed_json"));
    let hidden = GOOD.replace("\"s\"", &format!("\"s\",\"x\":{}", deep("[", "]")));
    assert_eq!(shape(&hidden), Ok((vec![0], vec![])));
}
