// A made-up audience for work on the pages without a stack: smooth curves that move with the clock.

const wave = (x, period, phase = 0) => (Math.sin((x / period + phase) * 2 * Math.PI) + 1) / 2;

/** Sessions by state at a second. */
function sessionsAt(second) {
  const playing = Math.round(900 + 260 * wave(second, 420) + 18 * wave(second, 7));
  const in_ad = Math.round(120 * wave(second, 180, 0.3));
  const paused = Math.round(70 + 30 * wave(second, 300, 0.6));
  const seeking = Math.round(6 + 6 * wave(second, 23));
  const starting = Math.round(14 + 20 * wave(second, 60, 0.2));
  const stalled = Math.round(8 + 30 * wave(second, 240, 0.8) ** 6);
  return { playing, in_ad, paused, seeking, starting, stalled };
}

/** Sums of a minute (or of any share of the audience). */
function sumsAt(minute, share = 1) {
  const n = (value) => Math.round(value * share);
  const plays = n(180 + 60 * wave(minute, 11));
  const known = n(54_000_000);
  const stalled = n(240_000 + 900_000 * wave(minute, 17, 0.4) ** 4);
  return {
    attempts: plays + n(9),
    plays,
    startup_ms_sum: plays * Math.round(620 + 380 * wave(minute, 13)),
    startup_count: plays,
    stall_count: n(stalled / 2_600),
    starting_ms: n(150_000),
    playing_ms: n(56_000_000),
    stalled_ms: stalled,
    seeking_ms: n(200_000),
    paused_ms: n(5_000_000),
    ad_ms: n(4_000_000),
    bitrate_kbit_ms: known * Math.round(4_100 + 700 * wave(minute, 19)),
    bitrate_known_ms: known,
    error_count: n(4 + 12 * wave(minute, 9) ** 3),
    ended_plays: n(160),
    failures: n(3),
    failures_before_start: n(1),
    exits_before_start: n(6),
    timeouts: n(4),
  };
}

const TITLES = [
  ['final-2026', 'The final, live'],
  ['mountain-s02e04', 'The Mountain · S2 E4'],
  ['harbour', 'Harbour at night'],
  [
    'late-show-2026-11-21',
    'The late show of 21 November, with a title that is longer than any column would like',
  ],
  ['', ''],
];
const CLASSES = ['smart_tv', 'mobile', 'web', 'set_top_box', 'tablet', 'game_console'];

/** An answer of GET /v1/live for a window that ends now; the audience has been there for `ageSeconds`. */
export function liveAnswer(windowSeconds, ageSeconds = Number.POSITIVE_INFINITY) {
  const now = Date.now();
  const empty = ageSeconds === 0;
  const to = Math.floor(now / 1000);
  const from = Math.floor((to - windowSeconds) / 60) * 60;
  const minutes = [];
  for (let at = from; at < to; at += 60) {
    minutes.push({ minute: text(at), ...withWatchTime(sumsAt(at / 60, at + 60 > to - ageSeconds ? 1 : 0)) });
  }
  const totals = minutes.reduce(
    (sum, { minute, ...row }) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, (sum[key] ?? 0) + value])),
    {},
  );
  const { playing, in_ad, paused, starting, seeking, stalled } = sessionsAt(to);
  const rows = (names) =>
    empty
      ? []
      : names.map((name, i) => ({
          name,
          viewers: Math.round(playing / (i + 1.4) ** 1.6),
          ...withWatchTime(sumsAt(7 + i, 1 / (i + 1))),
        }));
  return {
    computed_at: new Date(now).toISOString(),
    complete_to: text(to - 110),
    final_before: text(to - 8 * 86_400),
    from: text(from),
    to: text(to),
    viewers_now: empty ? 0 : playing + in_ad + paused + starting + seeking + stalled,
    statuses: empty
      ? {}
      : { watching: playing, in_ad, paused, starting, buffering: seeking + stalled, finished: 40, gone: 12 },
    concurrency: curve(from, to, ageSeconds),
    totals,
    minutes,
    top_content: rows(TITLES).map(({ name: [content_id, title], ...row }) => ({ content_id, title, ...row })),
    device_classes: rows(CLASSES).map(({ name, ...row }) => ({ device_class: name, ...row })),
  };
}

const text = (second) => new Date(second * 1000).toISOString();

const withWatchTime = (sums) => ({
  ...sums,
  watch_ms: sums.starting_ms + sums.playing_ms + sums.stalled_ms + sums.seeking_ms + sums.ad_ms,
});

function curve(from, to, ageSeconds) {
  const step = [1, 5, 10, 15, 30].find((each) => (to - from) / each <= 1000) ?? 60;
  const columns = {
    sessions: [],
    starting: [],
    playing: [],
    stalled: [],
    seeking: [],
    paused: [],
    in_ad: [],
  };
  for (let second = from; second < to; second += step) {
    const part = Math.max(0, Math.min(1, (second - (to - ageSeconds)) / 30));
    let sessions = 0;
    for (const [state, value] of Object.entries(sessionsAt(second))) {
      columns[state].push(Math.round(value * part));
      sessions += Math.round(value * part);
    }
    columns.sessions.push(sessions);
  }
  const most = Math.max(...columns.sessions);
  const peak =
    most === 0 ? null : { second: text(from + columns.sessions.indexOf(most) * step), sessions: most };
  return { from: text(from), step_seconds: step, ...columns, latest: { second: text(to - 45) }, peak };
}
