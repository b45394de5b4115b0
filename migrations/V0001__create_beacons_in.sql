-- The landing of every beacon: nothing is stored here, and everything hangs on it.
-- Why: one tap. The Kafka table's single view and every replay insert here, so both take the same path
-- through the views below it, and a new view is one more view on this table.
-- Read by: the views `beacons_in_to_*`. Cost: none, engine Null.
-- Undo: DROP TABLE IF EXISTS beacons_in
CREATE TABLE IF NOT EXISTS beacons_in
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; set by the gateway; beacon field tenant',
    session_id String COMMENT 'One playback, as the client names it; beacon field session_id',
    session_key UInt64 COMMENT 'XXH3-64 of tenant, a zero byte and session_id: xxh3(concat(tenant, char(0), session_id)); beacon field session_key',
    stream LowCardinality(String) COMMENT 'The counter to which seq belongs: door, and what the client adds; beacon field stream',
    seq UInt64 COMMENT 'Ordinal in the stream from 0, or a hash of the content; beacon field seq',
    seq_is_ordinal Bool COMMENT 'Whether seq counts (gaps are losses) or only identifies; beacon field seq_is_ordinal',
    event UInt8 COMMENT 'Number of the event kind; beacon field event',
    state UInt8 COMMENT 'Number of the play state after the event, 0 = not told; beacon field state',
    client_time_ms Int64 COMMENT 'When it happened, by the client\'s clock; Unix ms; beacon field client_time_ms',
    sent_time_ms Nullable(Int64) COMMENT 'When the client sent this copy, by its clock; Unix ms; beacon field sent_time_ms',
    received_time_ms Int64 COMMENT 'When the gateway had read the request; Unix ms; beacon field received_time_ms',
    event_time_ms Int64 COMMENT 'The gateway\'s estimate of when it happened; Unix ms; beacon field event_time_ms',
    content_id LowCardinality(String) COMMENT 'Title, as the platform names it, empty = not told; beacon field content_id',
    cdn LowCardinality(String) COMMENT 'CDN that serves the media, empty = unknown; beacon field cdn',
    position_ms Nullable(Int64) COMMENT 'Playhead; ms; beacon field position_ms',
    bitrate_kbps Nullable(UInt32) COMMENT 'Encoded bitrate of what is played; kbit/s; beacon field bitrate_kbps',
    buffer_ms Nullable(UInt32) COMMENT 'Media ahead of the playhead; ms; beacon field buffer_ms',
    throughput_kbps Nullable(UInt32) COMMENT 'Measured download rate; kbit/s; beacon field throughput_kbps',
    dropped_frames Nullable(UInt32) COMMENT 'Frames dropped since the session began; count, cumulative; beacon field dropped_frames',
    in_ad Nullable(Bool) COMMENT 'Inside an ad break; beacon field in_ad',
    exit_reason UInt8 COMMENT 'Number of the exit reason, 0 = not told; beacon field exit_reason',
    is_test Bool COMMENT 'From a test device; kept out of published numbers; beacon field is_test',
    is_bot Bool COMMENT 'From a known robot; kept out of published numbers; beacon field is_bot',
    attributes String COMMENT 'What seldom changes within a session, as a JSON object: ids, device, application, content, network, experiments (proto/playhead/v1/record.proto lists the keys); empty when nothing is told; record field attributes',
    details String COMMENT 'What belongs to this moment and few beacons tell, as a JSON object: picture, errors, ads, requests, counters, tags (proto/playhead/v1/record.proto lists the keys); empty when nothing is told; record field details'
)
ENGINE = Null
COMMENT 'Landing of every beacon, from Kafka and from replay; stores nothing, feeds the views'
