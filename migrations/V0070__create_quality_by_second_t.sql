-- The same for one tenant and window, for the API and for guarded SQL; whole seconds that the window touches.
-- Undo: DROP VIEW IF EXISTS quality_by_second_t
CREATE VIEW IF NOT EXISTS quality_by_second_t AS
SELECT
    q.tenant AS tenant,
    q.second AS second,
    q.device_class AS device_class,
    q.cdn AS cdn,
    q.sessions AS sessions,
    q.starting AS starting,
    q.playing AS playing,
    q.stalled AS stalled,
    q.seeking AS seeking,
    q.paused AS paused,
    q.in_ad AS in_ad,
    q.starting_ms AS starting_ms,
    q.playing_ms AS playing_ms,
    q.stalled_ms AS stalled_ms,
    q.seeking_ms AS seeking_ms,
    q.paused_ms AS paused_ms,
    q.ad_ms AS ad_ms,
    q.attempts AS attempts,
    q.plays AS plays,
    q.ended_plays AS ended_plays,
    q.exits_before_start AS exits_before_start,
    q.failures_before_start AS failures_before_start,
    q.failures AS failures,
    q.timeouts AS timeouts,
    q.stall_count AS stall_count,
    q.error_count AS error_count,
    q.ad_start_count AS ad_start_count
FROM quality_by_second${all} AS q FINAL
WHERE q.tenant = {tenant:String}
  AND q.second >= toStartOfSecond({from_time:DateTime64(3, 'UTC')})
  AND q.second < {to_time:DateTime64(3, 'UTC')}
  AND (q.sessions + q.starting + q.playing + q.stalled + q.seeking + q.paused + q.in_ad + q.starting_ms + q.playing_ms + q.stalled_ms + q.seeking_ms + q.paused_ms + q.ad_ms + q.attempts + q.plays + q.ended_plays + q.exits_before_start + q.failures_before_start + q.failures + q.timeouts + q.stall_count + q.error_count + q.ad_start_count) > 0
COMMENT 'Concurrency and quality by second, device class and CDN, of a tenant in a window; parameters tenant, from_time, to_time'
