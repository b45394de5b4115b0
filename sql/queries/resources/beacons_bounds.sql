-- Purpose: when a session was heard of by its client's own clock, which is the key of raw beacons, and what was lost of it.
-- Parameters: tenant; session_id: as the client names it; from, to: all of time.
-- Cost: one granule of each part, found by the key; with FINAL the skip indexes would only widen that.
SELECT
    count() AS plays,
    min(s.started_at) - toIntervalMillisecond(min(s.clock_offset_ms)) - INTERVAL 1 HOUR AS begins_at,
    max(s.last_seen_at) - toIntervalMillisecond(min(s.clock_offset_ms)) + INTERVAL 1 HOUR AS ends_at,
    sum(s.beacons_received) AS beacons_received,
    sum(s.beacons_lost) AS beacons_lost,
    sum(s.beacons_duplicated) AS beacons_duplicated,
    sum(s.counter_resets) AS counter_resets
FROM sessions_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
WHERE s.session_key = xxh3(concat({tenant:String}, char(0), {session_id:String}))
SETTINGS use_skip_indexes = 0
