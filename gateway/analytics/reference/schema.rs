//! What an answer is made of: its fields with their kinds and meanings.

use std::fmt::Write as _;

use serde_json::Value;

use super::{escaped, members, prose, text};

/// Where the document keeps what it names.
const COMPONENTS: &str = "#/components/schemas/";

/// The section of a named schema.
pub(super) fn tell(html: &mut String, name: &str, schema: &Value) {
    let name = escaped(name);
    // Writing to a String cannot fail, here and below.
    let _ = writeln!(
        html,
        "<section aria-labelledby=\"schema-{name}\">\n<h3 id=\"schema-{name}\">{name}</h3>\n<p>{}</p>",
        prose(text(&schema["description"]))
    );
    let mut rows = String::new();
    fields(&mut rows, schema);
    if rows.is_empty() {
        let _ = writeln!(html, "<p>{}</p>", named(schema));
    } else {
        let _ = writeln!(
            html,
            "<table><thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Kind</th><th scope=\"col\">Meaning</th></tr></thead><tbody>\n{rows}</tbody></table>"
        );
    }
    html.push_str("</section>\n");
}

/// Its own fields, and whose fields stand beside them.
fn fields(rows: &mut String, schema: &Value) {
    for part in schema["allOf"].as_array().into_iter().flatten() {
        if part["$ref"].is_string() {
            let _ = writeln!(
                rows,
                "<tr><th scope=\"row\" colspan=\"3\">the fields of {}</th></tr>",
                named(part)
            );
        }
        fields(rows, part);
    }
    for (name, field) in members(&schema["properties"]) {
        let _ = writeln!(
            rows,
            "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td></tr>",
            escaped(name),
            named(field),
            prose(text(&field["description"]))
        );
    }
}

/// The kind of a value in a few words, with a link where it has a section.
pub(super) fn named(schema: &Value) -> String {
    if let Some(name) = text(&schema["$ref"]).strip_prefix(COMPONENTS) {
        let name = escaped(name);
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(kinds) = schema[several].as_array() {
            let kinds: Vec<_> = kinds.iter().map(named).collect();
            return kinds.join(" or ");
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        let words = words.iter().filter_map(Value::as_str).map(escaped);
        return words
            .map(|word| format!("<code>{word}</code>"))
            .collect::<Vec<_>>()
            .join(" ");
    }
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(text).collect::<Vec<_>>().join(" or "),
        kind => text(kind).to_owned(),
    };
    match (
        schema["items"].is_object(),
        schema["additionalProperties"].is_object(),
    ) {
        (true, _) => format!("{} of {}", escaped(&kinds), named(&schema["items"])),
        (_, true) => format!("map of {}", named(&schema["additionalProperties"])),
        _ if kinds.is_empty() => "any".to_owned(),
        _ => escaped(&kinds),
    }
}
