-- Purpose: the newest moment of play that the sessions of the last hour tell of; NULL when there are none.
--          A backlog holds it back, since what waits in Kafka is in no session; a client's clock that is ahead
--          cannot push it beyond the newest computation. The API subtracts the liveness window and the pace of
--          the passes from it (`complete_to`).
-- Parameters: tenant; from, to: the last hour.
-- Cost: two columns of the sessions that were computed within the hour; what was not tells of no later moment.
SELECT
    if(count() = 0, NULL, least(max(s.version), max(s.last_seen_at))) AS newest
FROM session_facts_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
WHERE s.version >= {from:DateTime64(3, 'UTC')}
-- Only the bound on version prunes: it drops nothing but older rows of a play, which the other indexes would not know.
SETTINGS use_skip_indexes_if_final_exact_mode = 0, ignore_data_skipping_indices = 'started_at_minmax, last_seen_at_minmax'
