-- Every mark: a beacon that can change a session's timeline (docs/sessions.md 3). Copies are equal rows, and fold.
-- Why apart from session_states: most beacons are heartbeats, and a set in a state is folded again at each merge.
-- `seen` tells the passes what is due; it lies in the row that it is about, so it becomes visible with it.
-- Row budget: one row per mark, some twenty bytes each.
-- Read by: sessions_due_to_session_sums_mv_v1, sessions_fast_pass, sessions_slow_pass.
-- Undo: DROP TABLE IF EXISTS session_marks
CREATE TABLE IF NOT EXISTS session_marks
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; record field tenant',
    session_key UInt64 COMMENT 'Hash of tenant and session id; record field session_key',
    t_ms Int64 COMMENT 'When, by the client\'s clock; Unix ms; record field client_time_ms',
    seq UInt64 COMMENT 'Number or hash of the beacon in its stream; record field seq',
    code UInt8 COMMENT 'What happened (docs/sessions.md 3); record fields event, state, details',
    stream LowCardinality(String) COMMENT 'The counter to which seq belongs; record field stream',
    is_published Bool COMMENT 'False for the beacons of test devices and robots; record fields is_test, is_bot',
    value UInt32 COMMENT 'What the code carries: bitrate, rate, quartile or reason (docs/sessions.md 3)',
    position_ms Int64 COMMENT 'Playhead; ms; -1 = not told; record field position_ms',
    height UInt16 COMMENT 'Picture height; pixels; 0 = not told; record field details',
    cdn LowCardinality(String) COMMENT 'CDN, empty = not told; record field cdn',
    content_id LowCardinality(String) COMMENT 'Title, empty = not told; record field content_id',
    details String COMMENT 'Details of errors and ads, as JSON; record field details',
    seen DateTime64(3, 'UTC') COMMENT 'When the block with it was processed; server time',
    INDEX seen_minmax seen TYPE minmax GRANULARITY 1
)
ENGINE = ${replicated}ReplacingMergeTree
-- Why: a pass asks for what was written last, and old days go as a whole.
PARTITION BY toDate(seen)
PRIMARY KEY (tenant, session_key)
-- Why all of it: a client that counts anew gives one seq to two beacons, and both are marks.
ORDER BY (tenant, session_key, t_ms, seq, code, stream, is_published, value, position_ms, height, cdn, content_id, details)
-- No beacon of a session can come later than that.
TTL toDateTime(seen) + INTERVAL ${frozen_after_hours} HOUR + INTERVAL 2 DAY
SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1
COMMENT 'What can change the timelines of sessions, mark by mark'
