//! The entities (contexts) of an event: what the media plugin tells beside each of them.

use serde_json::{Map, Value};

/// What the media plugin and the application attached to an event.
#[derive(Debug, Default)]
pub(super) struct Entities {
    /// The player.
    pub(super) player: Option<Map<String, Value>>,
    /// The media session.
    pub(super) session: Option<Map<String, Value>>,
    /// The ad being shown.
    pub(super) ad: Option<Map<String, Value>>,
    /// The ad break.
    pub(super) ad_break: Option<Map<String, Value>>,
    /// The page view.
    pub(super) page_id: Option<String>,
    /// Others, by the name of their schema.
    pub(super) others: Vec<(String, Value)>,
}

/// Most entities that are looked at.
const ENTITIES_MAX: usize = 32;

impl Entities {
    /// Sorts the entities of a contexts document.
    pub(super) fn of(contexts: Value) -> Self {
        let mut entities = Self::default();
        let Value::Object(mut contexts) = contexts else {
            return entities;
        };
        let Some(Value::Array(list)) = contexts.remove("data") else {
            return entities;
        };
        for entity in list.into_iter().take(ENTITIES_MAX) {
            if let Some((schema, data)) = self_describing(entity) {
                entities.sort(&schema, data);
            }
        }
        entities
    }

    fn sort(&mut self, schema: &str, data: Value) {
        let Some((vendor, name)) = vendor_and_name(schema) else {
            return;
        };
        let is_media = vendor == "com.snowplowanalytics.snowplow.media";
        let is_own = vendor == "com.snowplowanalytics.snowplow";
        match (name, data) {
            ("media_player", Value::Object(data)) if is_own => self.player = Some(data),
            ("session", Value::Object(data)) if is_media => self.session = Some(data),
            ("ad", Value::Object(data)) if is_media => self.ad = Some(data),
            ("ad_break", Value::Object(data)) if is_media => self.ad_break = Some(data),
            ("web_page", Value::Object(data)) if is_own => {
                self.page_id = data.get("id").and_then(Value::as_str).map(str::to_owned);
            }
            (name, data) => self.others.push((name.to_owned(), data)),
        }
    }
}

/// Takes `{"schema", "data"}` apart.
pub(super) fn self_describing(value: Value) -> Option<(String, Value)> {
    let Value::Object(mut members) = value else {
        return None;
    };
    let schema = members.get("schema")?.as_str()?.to_owned();
    Some((schema, members.remove("data").unwrap_or_default()))
}

/// Vendor and name of `iglu:vendor/name/jsonschema/1-0-0`.
pub(super) fn vendor_and_name(schema: &str) -> Option<(&str, &str)> {
    let mut parts = schema.strip_prefix("iglu:").unwrap_or(schema).split('/');
    Some((parts.next()?, parts.next()?))
}
