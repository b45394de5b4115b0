-- What the beacons of one session, of one stream and one content, add up to, in states that copies and order cannot change
-- (min, max, bitmaps of seq). What changes a timeline is in session_marks.
-- Why by stream: losses are gaps in one counter. Why by content: a session may hold several titles. Rules: docs/sessions.md.
-- Why sets of attributes as they came: a session tells the same JSON text again and again, so the set holds one or two,
-- and is opened once, when the session is computed, instead of thirty columns being folded with every beacon.
-- `seen` tells the passes what is due; it lies in the row that it is about, so it becomes visible with it.
-- Why packed numbers and strings where the latest of something is kept: comparing tuples costs ten times as much, and every
-- row is folded again at each merge. For the same reason what is not told is the least value, and not NULL.
-- Why a second set for copies: how often a beacon came is no fact of the set of distinct beacons.
-- Read by: sessions_due_to_session_sums_mv_v1, sessions_slow_pass, session_ids_v, live_viewers_v. Cost: about 300 bytes a session.
-- Undo: DROP TABLE IF EXISTS session_states
CREATE TABLE IF NOT EXISTS session_states
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; record field tenant',
    session_key UInt64 COMMENT 'Hash of tenant and session id; record field session_key',
    stream LowCardinality(String) COMMENT 'The counter to which seq belongs; record field stream',
    content_id LowCardinality(String) COMMENT 'Title that the beacons name, empty = none; record field content_id',
    is_published Bool COMMENT 'False for the beacons of test devices and robots, which enter no published number; record fields is_test, is_bot',
    session_id SimpleAggregateFunction(max, String) COMMENT 'One playback, as the client names it; record field session_id',
    least_session_id SimpleAggregateFunction(min, String) COMMENT 'The same, unless two session ids share a hash; record field session_id',
    seen SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'When the latest block with a beacon of it was processed; server time',
    first_client_time_ms SimpleAggregateFunction(min, Int64) COMMENT 'Smallest client time; Unix ms; record field client_time_ms',
    last_client_time_ms SimpleAggregateFunction(max, Int64) COMMENT 'Greatest client time; Unix ms; record field client_time_ms',
    least_sent_delta_ms SimpleAggregateFunction(min, Int64) COMMENT 'Smallest received minus sent; ms; 9223372036854775807 = not told; record fields received_time_ms, sent_time_ms',
    least_client_delta_ms SimpleAggregateFunction(min, Int64) COMMENT 'Smallest received minus client time; ms; record fields received_time_ms, client_time_ms',
    ordinals AggregateFunction(groupBitmap, UInt64) COMMENT 'Set of ordinal seq; record field seq',
    hashes SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)) COMMENT 'Set of seq that are hashes; record field seq',
    copies AggregateFunction(groupBitmap, UInt32) COMMENT 'Set of 32-bit hashes of seq and received time, one for each copy that a client or gateway sent; record fields seq, received_time_ms',
    dropped_frames SimpleAggregateFunction(max, Int64) COMMENT 'Greatest count of dropped frames; -1 = not told; record field dropped_frames',
    furthest_position_ms SimpleAggregateFunction(max, Int64) COMMENT 'Greatest playhead; ms; -9223372036854775808 = not told; record field position_ms',
    last_position SimpleAggregateFunction(max, Int128) COMMENT 'Playhead of the latest beacon that tells one: client time in ms times 2 to the 64th, plus the playhead in ms; -2 to the 127th = not told; record fields client_time_ms, position_ms',
    last_cdn SimpleAggregateFunction(max, String) COMMENT 'CDN of the latest beacon that tells one, after eight bytes of its client time; empty = not told; record field cdn',
    latest SimpleAggregateFunction(max, String) COMMENT 'The latest beacon that tells a state, as bytes: client time and seq (8 each, the greatest first), event time and position (8, ms), bitrate (4, kbit/s), buffer (4, ms), state and in_ad (1 each); the greatest or least number = not told; empty = none; read through live_viewers_v',
    greatest SimpleAggregateFunction(maxMap, Tuple(Array(UInt8), Array(UInt64))) COMMENT 'Greatest totals told: 1 to 4 the start-up split player, DRM, manifest, first segment in ms; 11 to 17 stalled, paused, seeking and ad time in ms, stalls, seeks, errors; record field details',
    attributes SimpleAggregateFunction(groupUniqArrayArray, Array(String)) COMMENT 'Set of what the beacons told of device, application, content, network and ids, as JSON; record field attributes',
    INDEX seen_minmax seen TYPE minmax GRANULARITY 1
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
