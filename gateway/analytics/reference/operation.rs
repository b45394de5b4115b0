//! One call: its address, its parameters, what it answers.

use std::fmt::Write as _;

use serde_json::Value;

use super::schema::named;
use super::{escaped, members, prose, text};

/// Its line in the list of all calls.
pub(super) fn list(html: &mut String, method: &str, path: &str, described: &Value) {
    let (id, path) = (escaped(text(&described["operationId"])), escaped(path));
    // Writing to a String cannot fail, here and below.
    let _ = writeln!(
        html,
        "<li><a href=\"#{id}\"><b>{method}</b> {path}</a></li>"
    );
}

/// Its section.
pub(super) fn tell(html: &mut String, method: &str, path: &str, described: &Value) {
    let (id, path) = (escaped(text(&described["operationId"])), escaped(path));
    let _ = writeln!(
        html,
        "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\"><b>{method}</b> <code>{path}</code></h2>\n<p>{}</p>",
        prose(text(&described["summary"]))
    );
    parameters(html, &described["parameters"]);
    body(html, &described["requestBody"]);
    answers(html, &described["responses"]);
    html.push_str("</section>\n");
}

fn parameters(html: &mut String, parameters: &Value) {
    let Some(parameters) = parameters.as_array().filter(|list| !list.is_empty()) else {
        return;
    };
    html.push_str("<table><caption>Parameters</caption><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">In</th><th scope=\"col\">Kind</th><th scope=\"col\">Meaning</th></tr></thead><tbody>\n");
    for parameter in parameters {
        let must = if parameter["required"] == true {
            " <em>required</em>"
        } else {
            ""
        };
        let example = match &parameter["example"] {
            Value::Null => String::new(),
            Value::String(example) => format!(" For example <code>{}</code>.", escaped(example)),
            other => format!(" For example <code>{}</code>.", escaped(&other.to_string())),
        };
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\"><code>{}</code>{must}</th><td>{}</td><td>{}</td><td>{}.{example}</td></tr>",
            escaped(text(&parameter["name"])),
            escaped(text(&parameter["in"])),
            named(&parameter["schema"]),
            prose(text(&parameter["description"]).trim_end_matches('.')),
        );
    }
    html.push_str("</tbody></table>\n");
}

fn body(html: &mut String, body: &Value) {
    if body.is_null() {
        return;
    }
    let _ = writeln!(
        html,
        "<h3>Body</h3>\n<p>{}</p>\n<ul>{}</ul>",
        prose(text(&body["description"])),
        contents(&body["content"])
    );
}

fn answers(html: &mut String, responses: &Value) {
    html.push_str("<table><caption>Answers</caption><thead><tr><th scope=\"col\">Status</th><th scope=\"col\">Meaning</th><th scope=\"col\">Content</th></tr></thead><tbody>\n");
    for (status, response) in members(responses) {
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td><ul>{}</ul></td></tr>",
            escaped(status),
            prose(text(&response["description"])),
            contents(&response["content"])
        );
    }
    html.push_str("</tbody></table>\n");
}

/// The media types with what each holds.
fn contents(content: &Value) -> String {
    let mut html = String::new();
    for (kind, described) in members(content) {
        let _ = write!(
            html,
            "<li><code>{}</code> {}</li>",
            escaped(kind),
            named(&described["schema"])
        );
    }
    html
}
