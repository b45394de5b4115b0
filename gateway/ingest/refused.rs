//! What is done about a refusal beside the answer and the metric: who watches is told, and a sample is kept.

use axum::http::StatusCode;
use serde_json::json;

use super::extract::now_ms;
use super::{Answer, Arrival, Ingest, Origin, RawBody, Refusal, Remains, RequestRefusal};
use crate::gate::{DoorName, Pass};
use crate::metrics;
use crate::samples::Refused;

/// How a door without a name of its own is called.
const FORWARD: &str = "forward";

impl Ingest {
    /// Counts a request that is refused as a whole although its key was admitted, tells it to who watches with
    /// that key, and keeps a sample. `body` is what was read of it, if it is of use.
    pub(super) fn refuse(
        &self,
        pass: &Pass,
        door: DoorName,
        refusal: &RequestRefusal,
        body: Option<&RawBody>,
    ) {
        metrics::request_refused(refusal);
        let door = door.to_string();
        let received_time_ms = body.map_or_else(now_ms, |body| body.received_time_ms);
        if pass.is_settled() {
            self.watch().tell_request(pass, || {
                json!({
                    "received_time_ms": received_time_ms,
                    "door": door,
                    "outcome": "refused",
                    "reason": refusal.as_str(),
                    "status": StatusCode::as_u16(&refusal.status()),
                    "message": refusal.impersonal(),
                })
            });
        }
        let remains = body.map_or(Remains::Nothing, |body| Remains::of_text(&body.bytes));
        self.samples().keep(&Refused {
            received_time_ms,
            tenant: if pass.is_settled() { pass.tenant() } else { "" },
            key: pass.key_id(),
            door: &door,
            is_gpc: body.is_some_and(|body| body.is_gpc),
            index: None,
            reason: refusal.as_str(),
            field: None,
            message: &refusal.to_string(),
            remains: &remains,
        });
    }

    /// Refuses one beacon: a sample is kept, and the answer tells it.
    pub(super) fn refuse_beacon(
        &self,
        refusal: Refusal,
        arrival: &Arrival,
        pass: &Pass,
        answer: &mut Answer,
    ) {
        let tenant = match &refusal.remains {
            Remains::Beacon(beacon) if arrival.origin == Origin::GatewayOfAllTenants => {
                beacon.tenant()
            }
            _ => arrival.tenant.as_str(),
        };
        self.samples().keep(&Refused {
            received_time_ms: arrival.received_time_ms,
            tenant,
            key: pass.key_id(),
            door: if arrival.stream.is_empty() {
                FORWARD
            } else {
                arrival.stream
            },
            is_gpc: arrival.is_gpc,
            index: Some(refusal.index),
            reason: refusal.reason.as_str(),
            field: refusal.field.as_deref(),
            message: &refusal.message,
            remains: &refusal.remains,
        });
        answer.refuse(refusal);
    }
}
