-- What the beacons of one session, of one stream, add up to, in states that copies and order cannot change
-- (min, max, sets of marks, bitmaps of seq).
-- Why by stream: losses are gaps in one counter. Rules: docs/sessions.md.
-- Heartbeats stay out of the set of marks: they are most beacons and change no transition.
-- Why sets of attributes as they came: a session tells the same JSON text again and again, so the set holds one or two,
-- and is opened once, when the session is computed, instead of thirty columns being folded with every beacon.
-- `seen` and `urgent_seen` are the marks from which the passes take what is due; they lie in the row that they are
-- about, so they become visible with it.
-- Read by: sessions_due_to_session_sums_mv_v1, sessions_fast_pass, sessions_slow_pass, session_ids_v. Cost: about 200 bytes a session.
-- Undo: DROP TABLE IF EXISTS session_states
CREATE TABLE IF NOT EXISTS session_states
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; record field tenant',
    session_key UInt64 COMMENT 'Hash of tenant and session id; record field session_key',
    stream LowCardinality(String) COMMENT 'The counter to which seq belongs; record field stream',
    is_published Bool COMMENT 'False for the beacons of test devices and robots, which enter no published number; record fields is_test, is_bot',
    session_ids SimpleAggregateFunction(groupUniqArrayArray, Array(String)) COMMENT 'The session ids behind the key: one, unless two share a hash; record field session_id',
    seen SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'When the latest block with a beacon of it was processed; server time',
    urgent_seen SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'The same for beacons that begin or end a session; server time',
    first_client_time_ms SimpleAggregateFunction(min, Int64) COMMENT 'Smallest client time; Unix ms; record field client_time_ms',
    last_client_time_ms SimpleAggregateFunction(max, Int64) COMMENT 'Greatest client time; Unix ms; record field client_time_ms',
    least_sent_delta_ms SimpleAggregateFunction(min, Nullable(Int64)) COMMENT 'Smallest received minus sent; ms; record fields received_time_ms, sent_time_ms',
    least_client_delta_ms SimpleAggregateFunction(min, Int64) COMMENT 'Smallest received minus client time; ms; record fields received_time_ms, client_time_ms',
    ordinals AggregateFunction(groupBitmap, UInt64) COMMENT 'Set of ordinal seq; record field seq',
    hashes SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)) COMMENT 'Set of seq that are hashes; record field seq',
    marks SimpleAggregateFunction(groupUniqArrayArray, Array(Tuple(t_ms Int64, seq UInt64, code UInt8, value UInt32))) COMMENT 'Marks: client time in ms, seq, code, value (docs/sessions.md 3); record fields event, state, bitrate_kbps',
    last_error SimpleAggregateFunction(max, Tuple(t_ms Int64, seq UInt64, code String)) COMMENT 'The latest error, by client time and seq, and its code; record field details',
    dropped_frames SimpleAggregateFunction(max, Nullable(UInt32)) COMMENT 'Greatest count of dropped frames; record field dropped_frames',
    furthest_position_ms SimpleAggregateFunction(max, Nullable(Int64)) COMMENT 'Greatest playhead; ms; record field position_ms',
    first_content SimpleAggregateFunction(min, Tuple(t_ms Int64, seq UInt64, content_id String)) COMMENT 'Title of the earliest beacon that tells one; record field content_id',
    last_cdn SimpleAggregateFunction(max, Tuple(t_ms Int64, seq UInt64, cdn String)) COMMENT 'CDN of the latest beacon that tells one; record field cdn',
    attributes SimpleAggregateFunction(groupUniqArrayArray, Array(String)) COMMENT 'Set of what the beacons told of device, application, content, network and ids, as JSON; record field attributes'
)
ENGINE = ${replicated}AggregatingMergeTree
-- Why: a session is computed from its few rows; nothing reads by time here.
ORDER BY (tenant, session_key, stream, is_published)
SETTINGS index_granularity = 1024
COMMENT 'Idempotent states of every session by stream, from which a session is computed'
