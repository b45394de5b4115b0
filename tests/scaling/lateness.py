"""What late beacons cost: engine CPU from their arrival until every number that they change is right again."""

import time

from .warehouse import Warehouse

_PATIENCE_S = 900
# The passes look at minutes once more two minutes after their last part.
SETTLED_S = 140
# Beacons of raw told once more as other beacons: under a counter of their own, and a moment later. They are of every kind,
# so that sessions and timelines have to be computed anew.
_LATE = """
CREATE TABLE late_beacons ENGINE = Memory AS
SELECT
    b.tenant AS tenant,
    s.session_id AS session_id,
    b.session_key AS session_key,
    'late' AS stream,
    xxHash64(b.session_key, b.stream, b.seq, {mark:String}) AS seq,
    false AS seq_is_ordinal,
    b.event AS event,
    b.state AS state,
    b.client_time_ms + 1 AS client_time_ms,
    b.client_time_ms + b.sent_delay_ms AS sent_time_ms,
    b.received_time_ms + 3600000 AS received_time_ms,
    b.client_time_ms + b.event_offset_ms + 1 AS event_time_ms,
    b.content_id AS content_id, b.cdn AS cdn, b.position_ms AS position_ms, b.bitrate_kbps AS bitrate_kbps,
    b.buffer_ms AS buffer_ms, b.throughput_kbps AS throughput_kbps, b.dropped_frames AS dropped_frames,
    b.in_ad AS in_ad, b.exit_reason AS exit_reason, b.is_test AS is_test, b.is_bot AS is_bot,
    b.attributes AS attributes, b.details AS details
FROM beacons_raw AS b FINAL
INNER JOIN (SELECT session_key, any(session_id) AS session_id FROM sessions GROUP BY session_key) AS s ON s.session_key = b.session_key
WHERE b.tenant = {tenant:String} AND NOT b.is_test AND NOT b.is_bot
  AND b.client_time_ms >= {from_ms:Int64} AND b.client_time_ms < {to_ms:Int64}
  AND intDiv(b.client_time_ms, 300000) BETWEEN intDiv({from_ms:Int64}, 300000) AND intDiv({to_ms:Int64}, 300000)
  AND xxHash64(b.session_key, b.seq) % {one_in:UInt64} = 0
LIMIT {most:UInt64}
"""
_RECEIVED = "SELECT sum(beacons_received) AS n FROM sessions FINAL WHERE tenant = {tenant:String}"
# Minutes whose row is older than one of its parts.
_BEHIND = """
SELECT count() AS n
FROM (SELECT minute, max(version) AS newest FROM session_minutes WHERE version >= {since:DateTime64(3, 'UTC')} GROUP BY minute) AS f
LEFT JOIN (SELECT minute, max(version) AS newest FROM quality_by_minute WHERE version >= {since:DateTime64(3, 'UTC')} GROUP BY minute) AS c
    ON c.minute = f.minute
WHERE c.newest < f.newest
"""


def idle_share(warehouse: Warehouse, seconds: float) -> float:
    """CPU that the engine uses with nothing to do but its passes; cores."""
    before, began = warehouse.cpu_s(), time.monotonic()
    time.sleep(seconds)
    return (warehouse.cpu_s() - before) / (time.monotonic() - began)


def cost(warehouse: Warehouse, tenant: str, ends_at: int, one_in: int, most: int, idle: float) -> dict:
    """Sends one in `one_in` beacons of the hour that ended an hour before the data do, at most `most` of them."""
    warehouse.ask("DROP TABLE IF EXISTS late_beacons")
    parameters = {
        "tenant": tenant, "mark": warehouse.now(), "one_in": str(one_in), "most": str(most),
        "from_ms": str((ends_at - 7200) * 1000), "to_ms": str((ends_at - 3600) * 1000),
    }  # fmt: skip
    warehouse.ask(_LATE, parameters)
    sent = warehouse.value("SELECT count() AS n FROM late_beacons")
    wanted = warehouse.value(_RECEIVED, {"tenant": tenant}) + sent
    asking_s = _cost_of_asking(warehouse, tenant)
    since, began, before = warehouse.now(), time.monotonic(), warehouse.cpu_s()
    warehouse.ask("INSERT INTO beacons_in SELECT * FROM late_beacons")
    asked = 1
    while not _is_right(warehouse, tenant, wanted, since):
        if time.monotonic() > began + _PATIENCE_S:
            raise SystemExit(f"tests/scale: late beacons were not in every number after {_PATIENCE_S} s")
        time.sleep(2)
        asked += 1
    took_s = time.monotonic() - began
    # The second look belongs to the price, and must not fall into what is measured next.
    time.sleep(max(0.0, SETTLED_S - took_s))
    whole_s = time.monotonic() - began
    cpu_s = warehouse.cpu_s() - before - idle * whole_s - asking_s * asked
    warehouse.ask("DROP TABLE late_beacons")
    minutes = warehouse.value(
        "SELECT uniqExact(minute) AS n FROM quality_by_minute WHERE version >= {since:DateTime64(3, 'UTC')}", {"since": since}
    )
    return {"beacons": sent, "seconds": took_s, "cpu_s": cpu_s, "minutes": minutes}


def _is_right(warehouse: Warehouse, tenant: str, received: int, since: str) -> bool:
    """Whether the sessions know that many beacons, and no minute is older than its parts."""
    if warehouse.value(_RECEIVED, {"tenant": tenant}) < received:
        return False
    return warehouse.value(_BEHIND, {"since": since}) == 0


def _cost_of_asking(warehouse: Warehouse, tenant: str) -> float:
    """CPU of one look whether all is right, which is no part of the price; s."""
    before, turns = warehouse.cpu_s(), 5
    for _ in range(turns):
        _is_right(warehouse, tenant, 0, warehouse.now())
    return (warehouse.cpu_s() - before) / turns
