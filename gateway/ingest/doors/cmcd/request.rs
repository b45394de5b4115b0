//! CMCD without a body: in the query (`?CMCD=`) or in the four headers.
//!
//! `/v1/cmcd/request` takes what players of version 1 and 2 say with their media requests, mirrored
//! by a CDN, a proxy or the player; `GET /v1/cmcd` the event mode of Shaka 4.16 to 5.1.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use xxhash_rust::xxh3::Xxh3;

use super::decode::read_keys;
use super::keys::Report;
use super::{EVENT_MODE, EventMode, answer_to};
use crate::beacon::Source;
use crate::gate::DoorName;
use crate::ingest::doors::Door;
use crate::ingest::{
    Admitted, Decoded, DecodedBatch, Gated, GatedDoor, Ingest, Refusal, RefuseReason, Remains,
    RequestHead, RequestRefusal,
};

/// The four headers, which together hold one dictionary.
const HEADERS: [&str; 4] = ["cmcd-object", "cmcd-request", "cmcd-session", "cmcd-status"];
/// What whoever mirrors a request may add to it, as parameters of the address.
const ADDED: [&str; 6] = ["cdn", "rc", "ts", "ttfb", "ttlb", "url"];
/// How a line begins that is copied from an address, with its percent signs.
const PARAMETER: &str = "CMCD=";

const REQUEST_MODE: Door = Door {
    source: Source::CmcdRequest,
    stream: "cmcd:request",
};

/// The door of request mode, for keys.
pub struct RequestMode;

impl GatedDoor for RequestMode {
    const NAME: DoorName = DoorName::CmcdRequest;
}

/// Which reports a door takes.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Event,
    Request,
}

/// Takes one report of event mode: 204 when it was taken, 200 with the reason when not.
///
/// # Errors
/// A key that the gate does not admit, a request without CMCD, and 503 when the beacon is not durable.
pub async fn get_event(
    State(ingest): State<Ingest>,
    Admitted { pass, .. }: Admitted<EventMode>,
    head: RequestHead,
) -> Result<Response, Response> {
    let batch = one_report(&head, Mode::Event)
        .inspect_err(|refusal| ingest.refuse(&pass, EventMode::NAME, refusal, None))
        .map_err(IntoResponse::into_response)?;
    let arrival = EVENT_MODE.arrival(&pass, head.received_time_ms, head.is_gpc);
    Ok(answer_to(ingest.take_in(batch, arrival, pass).await))
}

/// Takes what one media request said: 204 when it was taken, 200 with the reason when not.
///
/// # Errors
/// A key that the gate does not admit, a request without CMCD, and 503 when the beacon is not durable.
pub async fn get_request(
    State(ingest): State<Ingest>,
    Admitted { pass, .. }: Admitted<RequestMode>,
    head: RequestHead,
) -> Result<Response, Response> {
    let batch = one_report(&head, Mode::Request)
        .inspect_err(|refusal| ingest.refuse(&pass, RequestMode::NAME, refusal, None))
        .map_err(IntoResponse::into_response)?;
    let arrival = REQUEST_MODE.arrival(&pass, head.received_time_ms, head.is_gpc);
    Ok(answer_to(ingest.take_in(batch, arrival, pass).await))
}

/// Takes what many media requests said, one a line; without a body what the request itself says.
///
/// # Errors
/// A key that the gate does not admit, a request without CMCD, a body that is too large, and 503 when a beacon is not durable.
pub async fn post_requests(
    State(ingest): State<Ingest>,
    head: RequestHead,
    Gated { pass, body, .. }: Gated<RequestMode>,
) -> Result<Response, Response> {
    let read = if body.bytes.trim_ascii().is_empty() {
        one_report(&head, Mode::Request)
    } else {
        decode_requests(&head, &body.bytes, ingest.beacons_per_request_max())
    };
    let batch = read
        .inspect_err(|refusal| ingest.refuse(&pass, RequestMode::NAME, refusal, Some(&body)))
        .map_err(IntoResponse::into_response)?;
    let arrival = REQUEST_MODE.arrival(&pass, body.received_time_ms, body.is_gpc);
    // Its memory is free while Kafka is waited for.
    drop(body);
    Ok(answer_to(ingest.take_in(batch, arrival, pass).await))
}

/// Reads the report of request mode that the request itself carries.
///
/// # Errors
/// A request without CMCD.
pub fn decode_request(head: &RequestHead) -> Result<DecodedBatch, RequestRefusal> {
    one_report(head, Mode::Request)
}

/// The report that the request itself carries.
fn one_report(head: &RequestHead, mode: Mode) -> Result<DecodedBatch, RequestRefusal> {
    let dictionary = dictionary_of(head);
    if dictionary.is_empty() {
        return Err(RequestRefusal::EmptyBatch);
    }
    let mut batch = DecodedBatch::default();
    read(0, &dictionary, &Address::of(head), mode, &mut batch);
    Ok(batch)
}

/// Reads the reports of a body of at most `max` lines.
///
/// # Errors
/// An empty body, or one of too many lines.
pub fn decode_requests(
    head: &RequestHead,
    body: &[u8],
    max: usize,
) -> Result<DecodedBatch, RequestRefusal> {
    let address = Address::of(head);
    let mut batch = DecodedBatch::default();
    let lines = body
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty());
    for (index, line) in lines.enumerate() {
        if index == max {
            return Err(RequestRefusal::TooManyBeacons(max));
        }
        let line = String::from_utf8_lossy(line);
        if line.starts_with(PARAMETER) {
            let mut pairs = form_urlencoded::parse(line.as_bytes());
            let (_, dictionary) = pairs.next().unwrap_or_default();
            read(index, &dictionary, &address, Mode::Request, &mut batch);
        } else {
            read(index, &line, &address, Mode::Request, &mut batch);
        }
    }
    if batch.received() == 0 {
        return Err(RequestRefusal::EmptyBatch);
    }
    Ok(batch)
}

/// What the address adds to each report.
struct Address {
    /// Name of the reporting target.
    target: Option<String>,
    /// Keys of CMCD that whoever mirrors a request knows better than the player.
    added: Vec<(String, String)>,
    /// The media's own path, where it stands behind the door's.
    path: String,
}

impl Address {
    fn of(head: &RequestHead) -> Self {
        let mut address = Self {
            target: None,
            added: Vec::new(),
            path: head.path.clone(),
        };
        for (name, value) in form_urlencoded::parse(head.query.as_bytes()) {
            if name == "target" {
                address.target = Some(value.into_owned());
            } else if ADDED.contains(&&*name) {
                address.added.push((name.into_owned(), value.into_owned()));
            }
        }
        address
    }
}

fn read(index: usize, dictionary: &str, address: &Address, mode: Mode, batch: &mut DecodedBatch) {
    let mut report = Report::default();
    for (key, text) in &address.added {
        report.take_text(key, text);
    }
    if let Err(message) = read_keys(dictionary, &mut report) {
        batch.refusals.push(Refusal {
            index,
            reason: RefuseReason::MalformedCmcd,
            field: None,
            message,
            remains: Remains::of_text(dictionary.as_bytes()),
        });
        return;
    }
    if mode == Mode::Request || report.tells_answer() {
        report.assume_request();
    }
    batch.beacons.push(Decoded {
        identity: Some(identity(dictionary, address)),
        ..report.into_decoded(index, address.target.as_deref())
    });
}

/// What tells one report without `sn` from another: all that it says, also in keys that no field
/// keeps, of which object and, where it is told, when.
fn identity(dictionary: &str, address: &Address) -> u64 {
    let mut hasher = Xxh3::new();
    let added = address.added.iter().flat_map(|(key, text)| [key, text]);
    for part in added.chain([&address.path]) {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    hasher.update(dictionary.as_bytes());
    hasher.digest()
}

/// The dictionary in the query and the headers; empty if there is none.
fn dictionary_of(head: &RequestHead) -> String {
    let in_query = form_urlencoded::parse(head.query.as_bytes())
        .filter(|(name, _)| name.eq_ignore_ascii_case("cmcd"))
        .map(|(_, value)| value.into_owned());
    let in_headers = HEADERS
        .iter()
        .flat_map(|name| head.headers.get_all(*name))
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let parts: Vec<String> = in_query
        .chain(in_headers)
        .filter(|part| !part.trim().is_empty())
        .collect();
    parts.join(",")
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
