-- Third step of docs/sessions.md in SQL (4): one row per play, and what the beacons told of it.
-- Cost: linear in marks.
-- Undo: DROP VIEW IF EXISTS session_cuts_to_session_parts_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS session_cuts_to_session_parts_mv_v1 TO session_parts AS
WITH
    numbered AS
    (
        SELECT *, arrayJoin(range(1, greatest(length(runs), 1) + 1))::UInt16 AS play_no
        FROM session_cuts
    ),
    named AS
    (
        SELECT
            *,
            play_contents[play_no] AS content_key,
            -- Beacons that name no content count for the first play's.
            if(content_key = play_contents[1], [content_key, 0], [content_key]) AS content_keys
        FROM numbered
    )
SELECT
    tenant,
    session_key,
    play_no,
    if(play_no = 1, first_ms, runs[play_no][1].1) AS first_ms,
    play_no < length(runs) AS is_left,
    if(is_left, runs[play_no + 1][1].1, named.last_ms) AS last_ms,
    sent_delta_ms,
    client_delta_ms,
    length(runs) <= 1 AS is_only_play,
    runs[play_no] AS marks,
    arrayMax(arrayFilter(x -> x.1 = content_key, contents).2) AS content_id,
    if(indexOf(play_contents, content_key) = play_no, arrayFilter(x -> has(content_keys, x.1), contents), []) AS counted,
    arrayMap(x -> (x.stream_type, x.content_duration_ms, x.content), arrayFilter(x -> has(content_keys, x.1), attributes_told)) AS content_told,
    experiments,
    facts,
    attributes_told,
    pass
FROM named AS named
COMMENT 'Makes one row per play'
