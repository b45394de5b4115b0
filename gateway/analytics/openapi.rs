//! The OpenAPI document of the analytics API, made from the handlers, and completed with what holds for all of them.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use utoipa::PartialSchema as _;
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder,
    PathItem, Ref, RefOr, ResponseBuilder,
};

use super::params::format::Format;
use crate::problem::ProblemBody;

/// Media type of a problem.
const PROBLEM: &str = "application/problem+json";
/// Name of the scheme of read keys in the document.
const READ_KEY: &str = "read_key";
/// The component that is in every answer.
const STAMP: &str = "Stamp";

/// What may happen to any request, beside what its operation tells.
const EVERYWHERE: [(&str, &str); 5] = [
    ("400", "A parameter cannot be used; `detail` names it"),
    (
        "401",
        "No read key, or one that is not known or no longer valid",
    ),
    ("403", "The read key has not the scope that this needs"),
    (
        "429",
        "More requests than the key may send; `Retry-After` tells when",
    ),
    (
        "503",
        "The warehouse cannot answer now; `Retry-After` tells when to ask again",
    ),
];

static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(|| {
    let (_, described) = super::routes().split_for_parts();
    completed(described)
});

static JSON: LazyLock<String> = LazyLock::new(|| {
    // A tree of texts and numbers can always be written.
    DOCUMENT.to_pretty_json().unwrap_or_default()
});

/// The document.
pub fn document() -> &'static OpenApi {
    &DOCUMENT
}

/// The document as it is served and printed.
pub fn json() -> &'static str {
    &JSON
}

/// `GET /openapi.json`
pub async fn get_openapi() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, json())
}

fn completed(described: OpenApi) -> OpenApi {
    let info = InfoBuilder::new()
        .title("Playhead analytics API")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Numbers about video streaming, seconds after they happened. Every answer says when it was computed, up \
             to when it is complete, and what lies before can change no more. Times are RFC 3339 in UTC, names carry \
             their units, and what is not known is null or empty, never zero.",
        ))
        .license(Some(
            LicenseBuilder::new()
                .name("Apache-2.0")
                .identifier(Some("Apache-2.0"))
                .build(),
        ))
        .build();
    let problem = ProblemBody::schema();
    let mut components = described.components.unwrap_or_default();
    components.schemas.insert("Problem".to_owned(), problem);
    stamped(components.schemas.get_mut(STAMP));
    let components = ComponentsBuilder::from(components)
        .security_scheme(
            READ_KEY,
            SecurityScheme::Http(
                Http::builder()
                    .scheme(HttpAuthScheme::Bearer)
                    .description(Some(
                        "A read key, `ph_read_…`, where the installation asks for one; docs/read-keys.md",
                    ))
                    .build(),
            ),
        )
        .build();
    let mut document = OpenApiBuilder::new()
        .info(info)
        .paths(described.paths)
        .components(Some(components))
        // Keys are asked for where the installation is configured so.
        .security(Some([
            SecurityRequirement::default(),
            SecurityRequirement::new(READ_KEY, Vec::<String>::new()),
        ]))
        .build();
    for item in document.paths.paths.values_mut() {
        for (_, operation) in operations(item) {
            with_formats(operation);
            with_problems(operation);
        }
    }
    document
}

/// What the cache writes into every answer.
fn stamped(stamp: Option<&mut RefOr<Schema>>) {
    let Some(RefOr::T(Schema::Object(stamp))) = stamp else {
        return;
    };
    let told = [
        (
            "from_cache",
            "Whether this answer had been computed before it was asked for",
        ),
        (
            "stale",
            "Whether it is older than it should be, because the warehouse is away or slow",
        ),
    ];
    for (name, description) in told {
        let schema = ObjectBuilder::new()
            .schema_type(Type::Boolean)
            .description(Some(description))
            .build();
        stamp.properties.insert(name.to_owned(), schema.into());
        stamp.required.push(name.to_owned());
    }
}

/// An operation that takes `format` answers in each of the formats that this parameter's description names.
fn with_formats(operation: &mut Operation) {
    let parameters = operation.parameters.iter().flatten();
    let told: String = parameters
        .filter(|parameter| parameter.name == "format")
        .filter_map(|parameter| parameter.description.as_deref())
        .collect();
    let Some(RefOr::T(response)) = operation.responses.responses.get_mut("200") else {
        return;
    };
    let formats = Format::ALL
        .into_iter()
        .filter(|format| told.contains(&format!("`{}`", format.word())));
    for format in formats {
        let text = || ObjectBuilder::new().schema_type(Type::String).build();
        response
            .content
            .entry(format.media_type().to_owned())
            .or_insert_with(|| ContentBuilder::new().schema(Some(text())).build());
    }
}

fn with_problems(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    for (status, description) in EVERYWHERE {
        responses.entry(status.to_owned()).or_insert_with(|| {
            ResponseBuilder::new()
                .description(description)
                .build()
                .into()
        });
    }
    for (status, response) in responses {
        let is_problem = status.starts_with('4') || status.starts_with('5');
        if let RefOr::T(response) = response
            && is_problem
            && response.content.is_empty()
        {
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("Problem")))
                .build();
            response.content.insert(PROBLEM.to_owned(), content);
        }
    }
}

/// The operations of an address, with their methods.
pub fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let each = [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Delete, &mut item.delete),
    ];
    each.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn every_operation_says_what_it_takes_and_gives() {
        let document = serde_json::to_value(document()).unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        let mut ids = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let place = format!("{method} {path}");
                let id = operation["operationId"].as_str().unwrap();
                assert!(ids.insert(id.to_owned()), "{place}: {id} is used twice");
                assert!(operation["tags"].is_array(), "{place} has no tag");
                assert!(operation["summary"].is_string(), "{place} has no summary");
                let content = &operation["responses"]["200"]["content"];
                assert!(content.is_object(), "{place} gives nothing");
                for status in ["400", "401", "403", "429", "503"] {
                    let problem = &operation["responses"][status]["content"][PROBLEM]["schema"];
                    assert_eq!(
                        problem["$ref"], "#/components/schemas/Problem",
                        "{place} {status}"
                    );
                }
                let parameters = operation["parameters"].as_array();
                for parameter in parameters.into_iter().flatten() {
                    let told = parameter["description"].as_str().unwrap_or_default();
                    assert!(!told.is_empty(), "{place} {}", parameter["name"]);
                }
            }
        }
    }

    #[test]
    fn rows_come_in_every_format() {
        let document = serde_json::to_value(document()).unwrap();
        for path in [
            "/v1/timeseries",
            "/v1/breakdown",
            "/v1/top",
            "/v1/dimensions/{dimension}/values",
            "/v1/sessions",
            "/v1/viewers/live",
            "/v1/ads",
            "/v1/funnel",
            "/v1/errors",
            "/v1/delivery",
            "/v1/usage",
        ] {
            let answered = &document["paths"][path]["get"]["responses"]["200"]["content"];
            for format in Format::ALL {
                let content = &answered[format.media_type()];
                assert!(content.is_object(), "{path} as {}", format.word());
            }
        }
    }

    #[test]
    fn every_name_leads_somewhere() {
        fn look(value: &Value, known: &serde_json::Map<String, Value>) {
            match value {
                Value::Object(members) => {
                    if let Some(Value::String(name)) = members.get("$ref") {
                        let name = name.rsplit('/').next().unwrap_or_default();
                        assert!(known.contains_key(name), "{name} is not described");
                    }
                    members.values().for_each(|member| look(member, known));
                }
                Value::Array(values) => values.iter().for_each(|value| look(value, known)),
                _ => {}
            }
        }
        let document = serde_json::to_value(document()).unwrap();
        let known = document["components"]["schemas"].as_object().unwrap();
        look(&document, known);
        assert!(known["Stamp"]["properties"]["stale"].is_object());
        // Words as they are written, and not as the code calls them.
        assert_eq!(known["HigherIs"]["enum"][0], "better");
    }
}
