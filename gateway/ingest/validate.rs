//! The rules that hold at every door.

use std::borrow::Cow;

use super::{Decoded, Refusal, RefuseReason, Remains, clock};
use crate::beacon::{Beacon, Oversize, SizeLimits};
use crate::config::LimitsConfig;

/// Longest session id; bytes.
const SESSION_ID_MAX_BYTES: usize = 128;
/// 2100-01-01; Unix ms. A clock beyond it is no clock.
const END_OF_TIME_MS: i64 = 4_102_444_800_000;

/// The limits of the rules.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    sizes: SizeLimits,
    late_horizon_ms: i64,
}

impl Rules {
    /// The rules by the configured limits.
    pub fn new(limits: &LimitsConfig) -> Self {
        Self {
            sizes: limits.sizes(),
            late_horizon_ms: limits.late_horizon_ms(),
        }
    }
}

/// A beacon that keeps the rules.
#[derive(Debug)]
pub struct ValidBeacon {
    pub(crate) beacon: Box<Beacon>,
    pub(crate) identity: Option<u64>,
    pub(crate) event_time_ms: i64,
}

/// Why, which field, and a sentence.
type Fault = (RefuseReason, Option<&'static str>, Cow<'static, str>);

/// Checks one beacon.
///
/// # Errors
/// The first rule that it breaks.
pub fn validate(
    decoded: Decoded,
    rules: &Rules,
    received_time_ms: i64,
) -> Result<ValidBeacon, Refusal> {
    let Decoded {
        index,
        beacon,
        identity,
        ..
    } = decoded;
    match event_time_ms(&beacon, rules, received_time_ms) {
        Ok(event_time_ms) => Ok(ValidBeacon {
            beacon,
            identity,
            event_time_ms,
        }),
        Err((reason, field, message)) => Err(Refusal {
            index,
            reason,
            field: field.map(Cow::Borrowed),
            message: message.into_owned(),
            remains: Remains::Beacon(beacon),
        }),
    }
}

/// When the beacon happened, if it keeps all rules.
fn event_time_ms(beacon: &Beacon, rules: &Rules, received_time_ms: i64) -> Result<i64, Fault> {
    check_identity(beacon)?;
    check_times(beacon)?;
    beacon
        .check_size(&rules.sizes)
        .map_err(|oversize| too_large(oversize, &rules.sizes))?;
    let client_time_ms = beacon.client_time_ms.unwrap_or(received_time_ms);
    let event_time_ms = clock::event_time_ms(beacon, client_time_ms, received_time_ms);
    if received_time_ms.saturating_sub(event_time_ms) > rules.late_horizon_ms {
        let message = "it happened before the late horizon";
        return Err((
            RefuseReason::TooLate,
            Some("client_time_ms"),
            message.into(),
        ));
    }
    Ok(event_time_ms)
}

fn check_identity(beacon: &Beacon) -> Result<(), Fault> {
    let session_id = beacon.session_id();
    if session_id.is_empty() {
        let message = "session_id is required";
        return Err((
            RefuseReason::MissingSessionId,
            Some("session_id"),
            message.into(),
        ));
    }
    if session_id.len() > SESSION_ID_MAX_BYTES {
        let message = format!("session_id exceeds {SESSION_ID_MAX_BYTES} bytes");
        return Err((
            RefuseReason::SessionIdTooLong,
            Some("session_id"),
            message.into(),
        ));
    }
    if beacon.event.is_none() {
        let message = "event is required";
        return Err((RefuseReason::MissingEvent, Some("event"), message.into()));
    }
    Ok(())
}

fn check_times(beacon: &Beacon) -> Result<(), Fault> {
    let times = [
        ("client_time_ms", beacon.client_time_ms),
        ("sent_time_ms", beacon.sent_time_ms),
    ];
    for (field, time) in times {
        if time.is_some_and(|time_ms| !(0..END_OF_TIME_MS).contains(&time_ms)) {
            let message = format!("{field} is outside of 1970 to 2100");
            return Err((RefuseReason::BadTime, Some(field), message.into()));
        }
    }
    Ok(())
}

fn too_large(oversize: Oversize, limits: &SizeLimits) -> Fault {
    match oversize {
        Oversize::Text(field) => (
            RefuseReason::TextTooLong,
            Some(field),
            format!(
                "{field} holds a text of more than {} bytes",
                limits.text_max_bytes
            )
            .into(),
        ),
        Oversize::Entries(field) => (
            RefuseReason::TooManyTags,
            Some(field),
            format!("{field} has more than {} entries", limits.entries_max).into(),
        ),
        Oversize::Beacon => (
            RefuseReason::BeaconTooLarge,
            None,
            format!(
                "the beacon's texts exceed {} bytes",
                limits.beacon_max_bytes
            )
            .into(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::beacon::EventKind;

    const RECEIVED: i64 = 1_795_250_275_830;
    const DAY_MS: i64 = 86_400_000;

    fn refused(change: impl FnOnce(&mut Beacon)) -> Option<(RefuseReason, Option<String>)> {
        let mut beacon = Beacon {
            session_id: Some("s".into()),
            event: Some(EventKind::Heartbeat.into()),
            client_time_ms: Some(RECEIVED),
            sent_time_ms: Some(RECEIVED),
            ..Beacon::default()
        };
        change(&mut beacon);
        let rules = Rules::new(&LimitsConfig::default());
        let refusal = validate(Decoded::new(3, beacon), &rules, RECEIVED).err()?;
        assert_eq!(refusal.index, 3);
        Some((refusal.reason, refusal.field.map(Cow::into_owned)))
    }

    fn reason(reason: RefuseReason, field: &str) -> Option<(RefuseReason, Option<String>)> {
        Some((reason, Some(field.to_owned())))
    }

    #[test]
    fn what_identifies_a_beacon_is_required() {
        use RefuseReason::*;
        assert_eq!(refused(|_| ()), None);
        assert_eq!(
            refused(|b| b.session_id = None),
            reason(MissingSessionId, "session_id")
        );
        assert_eq!(
            refused(|b| b.session_id = Some(String::new())),
            reason(MissingSessionId, "session_id")
        );
        assert_eq!(
            refused(|b| b.session_id = Some("x".repeat(129))),
            reason(SessionIdTooLong, "session_id")
        );
        assert_eq!(refused(|b| b.session_id = Some("x".repeat(128))), None);
        assert_eq!(refused(|b| b.event = None), reason(MissingEvent, "event"));
    }

    #[test]
    fn times_outside_of_1970_to_2100_are_no_times() {
        use RefuseReason::BadTime;
        assert_eq!(
            refused(|b| b.client_time_ms = Some(-1)),
            reason(BadTime, "client_time_ms")
        );
        assert_eq!(
            refused(|b| b.client_time_ms = Some(END_OF_TIME_MS)),
            reason(BadTime, "client_time_ms")
        );
        assert_eq!(
            refused(|b| b.sent_time_ms = Some(-5)),
            reason(BadTime, "sent_time_ms")
        );
        assert_eq!(refused(|b| b.client_time_ms = None), None);
    }

    #[test]
    fn only_what_happened_before_the_horizon_is_too_late() {
        assert_eq!(
            refused(|b| b.client_time_ms = Some(RECEIVED - 7 * DAY_MS)),
            None
        );
        assert_eq!(
            refused(|b| b.client_time_ms = Some(RECEIVED - 7 * DAY_MS - 1)),
            reason(RefuseReason::TooLate, "client_time_ms")
        );
        // A clock at 1970, right apart from that.
        let at_1970 = |b: &mut Beacon| (b.client_time_ms, b.sent_time_ms) = (Some(5), Some(9));
        assert_eq!(refused(at_1970), None);
    }

    #[test]
    fn too_much_text_is_refused_by_field() {
        assert_eq!(
            refused(|b| b.cdn = Some("x".repeat(1_025))),
            reason(RefuseReason::TextTooLong, "cdn")
        );
        let many = (0..65).map(|n| (n.to_string(), String::new()));
        assert_eq!(
            refused(|b| b.tags = many.collect()),
            reason(RefuseReason::TooManyTags, "tags")
        );
        let large = |n: u32| (n.to_string(), "x".repeat(1_000));
        assert_eq!(
            refused(|b| b.tags = (0..40).map(large).collect()),
            Some((RefuseReason::BeaconTooLarge, None))
        );
    }
}
