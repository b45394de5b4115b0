-- What the beacons of one session, of one stream and one content, add up to, in states that copies and order cannot change
-- (min, max, sets of marks, bitmaps of seq).
-- Why by stream: losses are gaps in one counter. Why by content: a session may hold several titles. Rules: docs/sessions.md.
-- Heartbeats stay out of the set of marks: they are most beacons and change no transition.
-- Why sets of attributes as they came: a session tells the same JSON text again and again, so the set holds one or two,
-- and is opened once, when the session is computed, instead of thirty columns being folded with every beacon.
-- `seen`, `mark_seen` and `urgent_seen` tell the passes what is due; they lie in the row that they are
-- about, so they become visible with it.
-- Why a second set for copies: how often a beacon came is no fact of the set of distinct beacons.
-- Read by: sessions_due_to_session_sums_mv_v1, sessions_fast_pass, sessions_slow_pass, session_ids_v. Cost: about 300 bytes a session.
-- Undo: DROP TABLE IF EXISTS session_states
CREATE TABLE IF NOT EXISTS session_states
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; record field tenant',
    session_key UInt64 COMMENT 'Hash of tenant and session id; record field session_key',
    stream LowCardinality(String) COMMENT 'The counter to which seq belongs; record field stream',
    content_id LowCardinality(String) COMMENT 'Title that the beacons name, empty = none; record field content_id',
    is_published Bool COMMENT 'False for the beacons of test devices and robots, which enter no published number; record fields is_test, is_bot',
    session_ids SimpleAggregateFunction(groupUniqArrayArray, Array(String)) COMMENT 'The session ids behind the key: one, unless two share a hash; record field session_id',
    seen SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'When the latest block with a beacon of it was processed; server time',
    mark_seen SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'The same for beacons that are marks; server time',
    urgent_seen SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'The same for beacons that begin or end a session; server time',
    first_client_time_ms SimpleAggregateFunction(min, Int64) COMMENT 'Smallest client time; Unix ms; record field client_time_ms',
    last_client_time_ms SimpleAggregateFunction(max, Int64) COMMENT 'Greatest client time; Unix ms; record field client_time_ms',
    least_sent_delta_ms SimpleAggregateFunction(min, Nullable(Int64)) COMMENT 'Smallest received minus sent; ms; record fields received_time_ms, sent_time_ms',
    least_client_delta_ms SimpleAggregateFunction(min, Int64) COMMENT 'Smallest received minus client time; ms; record fields received_time_ms, client_time_ms',
    ordinals AggregateFunction(groupBitmap, UInt64) COMMENT 'Set of ordinal seq; record field seq',
    hashes SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)) COMMENT 'Set of seq that are hashes; record field seq',
    copies AggregateFunction(groupBitmap, UInt32) COMMENT 'Set of 32-bit hashes of seq and received time, one for each copy that a client or gateway sent; record fields seq, received_time_ms',
    marks SimpleAggregateFunction(groupUniqArrayArray, Array(Tuple(t_ms Int64, seq UInt64, code UInt8, value UInt32, position_ms Int64, height UInt16, cdn UInt32, content UInt32, details String))) COMMENT 'Marks (docs/sessions.md 3): client time in ms, seq, code, value, position in ms, height, CDN and content as hashes, details of errors and ads as JSON; record fields event, state, bitrate_kbps, position_ms, cdn, content_id, details',
    dropped_frames SimpleAggregateFunction(max, Nullable(UInt32)) COMMENT 'Greatest count of dropped frames; record field dropped_frames',
    furthest_position_ms SimpleAggregateFunction(max, Nullable(Int64)) COMMENT 'Greatest playhead; ms; record field position_ms',
    last_position SimpleAggregateFunction(max, Tuple(t_ms Int64, seq UInt64, position_ms Int64)) COMMENT 'Playhead of the latest beacon that tells one, by client time and seq; ms; record field position_ms',
    last_cdn SimpleAggregateFunction(max, Tuple(t_ms Int64, seq UInt64, cdn String)) COMMENT 'CDN of the latest beacon that tells one; record field cdn',
    greatest SimpleAggregateFunction(maxMap, Tuple(Array(UInt8), Array(UInt64))) COMMENT 'Greatest totals told: 1 to 4 the start-up split player, DRM, manifest, first segment in ms; 11 to 17 stalled, paused, seeking and ad time in ms, stalls, seeks, errors; record field details',
    attributes SimpleAggregateFunction(groupUniqArrayArray, Array(String)) COMMENT 'Set of what the beacons told of device, application, content, network and ids, as JSON; record field attributes'
)
ENGINE = ${replicated}AggregatingMergeTree
-- Why: a pass asks for what was written last, and old days go as a whole; a session of two days has rows in both.
PARTITION BY toDate(seen)
-- Why: a session is computed from its few rows, wherever they lie.
ORDER BY (tenant, session_key, stream, content_id, is_published)
-- No beacon of a session can come later than that.
TTL toDateTime(seen) + INTERVAL ${frozen_after_hours} HOUR + INTERVAL 2 DAY
SETTINGS index_granularity = 512, ttl_only_drop_parts = 1
COMMENT 'Idempotent states of every session by stream and content, from which its plays are computed'
