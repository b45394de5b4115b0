// The page's own measurement beside what the warehouse made of the player's reports.

/** Start-up and each stall, pause and seek may differ by this much; start-up also by what the page was held up meanwhile; ms. */
export const MOMENT_TOLERANCE_MS = 150;
/** Play time may differ by this share. */
export const PLAYED_TOLERANCE = 0.01;
/**
 * The average bitrate may differ by this share. CMCD tells whole kbit/s (200 for 200.2, 90 for
 * 90.2), up to 0.3 %; and a change of level is reported when it is loaded, not when it is seen:
 * here during a stall, so that the rest is play time's own tolerance.
 */
export const BITRATE_TOLERANCE = 0.015;

/** Columns of sessions_v that are compared; intervals with their lengths in ms. */
export const SESSION = `
  SELECT
    end_reason, startup_ms, playing_ms, stalled_ms, paused_ms, seeking_ms,
    stall_count, seek_count, average_bitrate_kbps, bitrate_switch_count, error_count,
    beacons_received, beacons_lost, content_id,
    arrayMap(i -> (i.1, dateDiff('millisecond', i.2, i.3)), intervals) AS timeline
  FROM sessions_v AS s
  WHERE session_id = {session_id:String}`;

/** How far start-up may be off: a player begins to count when the page lets it, which on a busy machine is some time after the call. */
export function startupTolerance(truth) {
  return MOMENT_TOLERANCE_MS + truth.startupHeldUpMs;
}

/** What the page measured beside what the warehouse has, for all that this client can tell. */
export function compare(client, truth, session) {
  // At the end of a title the element pauses itself, which dash.js and Shaka report right before the end: some milliseconds,
  // or as many as the page was kept busy just then. That pause is nobody's.
  const isOfTheEnd = ([state, ms], index, all) =>
    index === all.length - 1 && state === 'paused' && ms <= MOMENT_TOLERANCE_MS;
  const intervals = session.timeline.filter((...each) => !isOfTheEnd(...each));
  const lengths = (state) => intervals.filter(([each]) => each === state).map(([, ms]) => ms);
  const near = (what, page, found, tolerance, unit) => ({
    what: `${what}, ${unit}`,
    page: round(page),
    warehouse: round(found),
    tolerance: round(tolerance),
    holds: page !== null && found !== null && Math.abs(page - found) <= tolerance,
  });
  const same = (what, page, found) => ({ what, page, warehouse: found, tolerance: 0, holds: page === found });
  const each = (what, state, spans) => [
    same(`${what}s`, spans.length, lengths(state).length),
    ...spans.map((ms, i) =>
      near(`${what} ${i + 1}`, ms, lengths(state)[i] ?? null, MOMENT_TOLERANCE_MS, 'ms'),
    ),
  ];
  const from = client.startup === 'startupFromPlayMs' ? 'play' : 'load';
  const { averageKbps, playedMs } = truth;
  const bitrate = near(
    'average bitrate',
    averageKbps,
    session.average_bitrate_kbps,
    averageKbps * BITRATE_TOLERANCE,
    'kbit/s',
  );
  return [
    near(
      `start-up from the call to ${from}`,
      truth[client.startup],
      session.startup_ms,
      startupTolerance(truth),
      'ms',
    ),
    ...each('stall', 'stalled', truth.stalls),
    ...each('pause', 'paused', truth.pauses),
    ...each('seek', 'seeking', truth.seeks),
    near('played', playedMs, session.playing_ms, playedMs * PLAYED_TOLERANCE, 'ms'),
    ...(client.bitrate ? [bitrate] : []),
    same('end', truth.finished ? 'finished' : 'not finished', session.end_reason),
    same('title', 'browser-test', session.content_id),
    same('errors', 0, session.error_count),
    ...(client.counts ? [same('beacons lost', 0, session.beacons_lost)] : []),
  ];
}

/** The comparison as lines of text. */
export function table(title, truth, comparison) {
  const cells = comparison.map((row) => [
    row.what,
    row.page,
    row.warehouse,
    `± ${row.tolerance}`,
    row.holds ? '' : 'DIFFERS',
  ]);
  const head = ['', 'page', 'sessions_v', 'allowed', ''];
  const widths = head.map((_, i) => Math.max(...[head, ...cells].map((row) => String(row[i]).length)));
  const lines = [head, ...cells].map((row) =>
    row
      .map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i])))
      .join('  '),
  );
  const polled = `the playhead looked at every 20 ms: played ${truth.polledPlayedMs} ms, stood still ${truth.polledStalledMs} ms; first frame on screen after ${truth.firstFrameMs} ms; held up for ${truth.startupHeldUpMs} ms of the start-up`;
  return [title, ...lines, polled].join('\n');
}

const round = (value) => (typeof value === 'number' ? Number(value.toFixed(1)) : value);
