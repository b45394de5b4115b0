-- Plays with their times and counts, repaired by what their clients' totals say (docs/sessions.md 7).
-- Stores nothing: a step of the chain that begins at sessions_due. Read by: session_totals_to_session_rows_mv_v1. Cost: none, engine Null.
-- Undo: DROP TABLE IF EXISTS session_totals
CREATE TABLE IF NOT EXISTS session_totals
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    session_key UInt64 COMMENT 'Hash of tenant and session id',
    first_ms Int64 COMMENT 'Where the play begins; Unix ms, client time',
    last_ms Int64 COMMENT 'Its greatest client time; Unix ms',
    offset_ms Int64 COMMENT 'Added to client time to get event time; ms',
    end_ms Int64 COMMENT 'End, told, by leaving or by silence; Unix ms, client time',
    is_silent Bool COMMENT 'Nothing was heard for the liveness window',
    is_left Bool COMMENT 'Another play follows',
    marks Array(Tuple(t_ms Int64, seq UInt64, code UInt8, value UInt32, position_ms Int64, height UInt16, cdn UInt32, content UInt32, details String)) COMMENT 'Marks in order (docs/sessions.md 3): client time in ms, seq, code, value, position in ms, height, CDN and content as hashes, details of errors and ads as JSON',
    kbps Array(UInt32) COMMENT 'Known bitrate at each mark; kbit/s; 0 = unknown',
    cdns Array(UInt32) COMMENT 'Known CDN at each mark, as a hash; 0 = unknown',
    r Array(UInt8) COMMENT 'Reported state R after each mark; 0 = none',
    last_e UInt8 COMMENT 'Effective state E after the last mark; 0 = none',
    first_frame_index UInt64 COMMENT 'Which mark is the first frame, from 1; 0 = none',
    startup_ms Nullable(UInt64) COMMENT 'Start-up time; ms; NULL when not known',
    preload_ms UInt64 COMMENT 'Preloading before the first frame; ms',
    is_told_end Bool COMMENT 'The last reported state is an end',
    is_business Bool COMMENT 'The mark that told the end is a refusal by rule',
    stretches Array(Tuple(e UInt8, from Int64, to Int64, kbps UInt32, height UInt16, rate UInt32, position_ms Int64, is_background Bool)) COMMENT 'Stretches with a state: E, from, to (Unix ms, client time), what is known there: kbit/s, height, rate x 1000, position in ms (-1 = unknown), background',
    joined Array(Tuple(UInt8, Int64, Int64)) COMMENT 'Joined intervals: E, from, to; Unix ms, client time',
    codes Array(UInt8) COMMENT 'Code of each mark',
    is_started Bool COMMENT 'Whether a frame of the content was shown',
    played Array(Tuple(e UInt8, from Int64, to Int64, kbps UInt32, height UInt16, rate UInt32, position_ms Int64, is_background Bool)) COMMENT 'The stretches in which it played',
    starting_ms UInt64 COMMENT 'Time in starting; ms',
    playing_ms UInt64 COMMENT 'Time in playing, repaired; ms',
    stalled_ms UInt64 COMMENT 'Time in stalled, repaired; ms',
    seeking_ms UInt64 COMMENT 'Time in seeking, buffering after the seek included, repaired; ms',
    paused_ms UInt64 COMMENT 'Time in paused, repaired; ms',
    ad_ms UInt64 COMMENT 'Time in ad breaks, repaired; ms',
    stall_count UInt32 COMMENT 'Stalls, repaired; count',
    seek_count UInt32 COMMENT 'Seeks, repaired; count',
    bitrate_kbit UInt64 COMMENT 'Bits played where the bitrate is known; kbit',
    bitrate_known_ms UInt64 COMMENT 'Playing time with a known bitrate; ms',
    height_known_ms UInt64 COMMENT 'Playing time with a known picture height; ms',
    error_count UInt32 COMMENT 'Errors, fatal ones included, repaired; count',
    repaired_ms UInt64 COMMENT 'Time that the client\'s totals have more than its timeline, taken from playing; ms (docs/sessions.md 7)',
    is_repaired Bool COMMENT 'Whether the client\'s totals changed any number',
    facts Tuple(states_seen DateTime64(3, 'UTC'), marks_seen DateTime64(3, 'UTC'), session_id String, beacons_received UInt64, beacons_lost UInt64, beacons_duplicated UInt64, counter_resets UInt64, cdn String, experiments Map(String, String), play_no UInt16, content_id String, is_only_play Bool, dropped_frames Nullable(UInt32), furthest_position_ms Nullable(Int64), last_position_ms Nullable(Int64), greatest Map(UInt8, UInt64)) COMMENT 'What is only passed on, under the names that sessions gives them',
    attributes Tuple(visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model String, os_name String, os_version String, app_version String, player_name String, player_version String, sdk_version String, source UInt8, heartbeat_interval_ms Nullable(UInt32), clock_offset_ms Nullable(Int64), stream_type UInt8, content_duration_ms Nullable(Int64), content Tuple(title String, series String, season String, episode String, channel String, programme String), audio_language String, subtitle_language String, isp String, asn Nullable(UInt32), country String, region String, connection_type String, connection_quality String) COMMENT 'Device, application, content, network and ids',
    pass LowCardinality(String) COMMENT 'Which pass asked: fast or slow'
)
ENGINE = Null
COMMENT 'Plays with their times and counts; stores nothing'
