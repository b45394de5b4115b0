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

/** An answer of GET /v1/live for a window that ends now; with no audience at all when `empty`. */
export function liveAnswer(windowSeconds, empty = false) {
  const to = Date.now();
  const from = to - windowSeconds * 1000;
  const concurrency = {
    second: [],
    sessions: [],
    starting: [],
    playing: [],
    stalled: [],
    seeking: [],
    paused: [],
    in_ad: [],
  };
  for (let second = Math.ceil(from / 1000); second <= to / 1000 && !empty; second += 1) {
    const states = sessionsAt(second);
    const fade = Math.min(1, (to / 1000 - second) / 30 + 0.2);
    concurrency.second.push(second);
    let sessions = 0;
    for (const [state, value] of Object.entries(states)) {
      concurrency[state].push(Math.round(value * fade));
      sessions += Math.round(value * fade);
    }
    concurrency.sessions.push(sessions);
  }
  const minutes = [];
  for (let minute = Math.floor(from / 60_000); minute * 60_000 < to && !empty; minute += 1) {
    minutes.push({ minute: minute * 60_000, ...sumsAt(minute) });
  }
  const totals = minutes.reduce(
    (sum, row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, (sum[key] ?? 0) + value])),
    sumsAt(0, 0),
  );
  const now = sessionsAt(Math.floor(to / 1000));
  const rows = (names) =>
    empty
      ? []
      : names.map((name, i) => ({
          name,
          viewers: Math.round(now.playing / (i + 1.4) ** 1.6),
          ...sumsAt(7 + i, 1 / (i + 1)),
        }));
  return {
    generated_at: to,
    complete_to: to - 30_000,
    final_before: null,
    from,
    to,
    concurrency,
    minutes,
    totals,
    status: empty
      ? {}
      : {
          watching: now.playing,
          in_ad: now.in_ad,
          paused: now.paused,
          starting: now.starting,
          buffering: now.seeking + now.stalled,
        },
    top_content: rows(TITLES).map(({ name: [content_id, title], ...row }) => ({ content_id, title, ...row })),
    device_classes: rows(CLASSES).map(({ name, ...row }) => ({ device_class: name, ...row })),
  };
}
