// One viewing, written down once: what happened, moment by moment, and what its session must say.
//
// Every client of this folder is told the same moments, as its application would tell it, and encodes
// them with its own library. Nothing here or there uses the gateway's code.

/** How often clients give a sign of life; ms. */
export const HEARTBEAT_MS = 10_000;
export const TITLE = { id: 'launch-night', name: 'Launch night', durationMs: 90_000 };
export const VIEWER = 'viewer-7';
const SMALL = { kbps: 3_200, width: 1_280, height: 720 };
const LARGE = { kbps: 5_800, width: 1_920, height: 1_080 };
const AD = { adId: 'ad-1', breakId: 'break-1', durationMs: 10_000 };

/**
 * What happened: ms since the viewer asked for the title, the word for it, and the playhead in ms.
 * Plays from 0 to 30 s of the title, seeks from there to 60 s, and on to its end at 90 s.
 */
const PLAIN = [
  [0, 'start', 0],
  [800, 'first_frame', 0, { rendition: SMALL }],
  [12_800, 'rendition', 12_000, { rendition: LARGE }],
  [20_800, 'pause', 20_000],
  [23_800, 'resume', 20_000],
  [28_800, 'stall', 25_000],
  [30_300, 'stall_end', 25_000],
  [33_300, 'warning', 28_000, { code: 'W17' }],
  [35_300, 'seek', 30_000],
  [35_700, 'seek_end', 60_000],
  [65_700, 'end', 90_000],
];

/** The same with a break of one ad, and half a minute at one and a half times the speed. */
const RICH = [
  ...PLAIN.slice(0, 10),
  [40_700, 'ad_break_start', 65_000, { ad: AD }],
  [40_700, 'ad_start', 65_000, { ad: AD }],
  [43_200, 'ad_quartile', 65_000, { ad: AD, quartile: 25 }],
  [45_700, 'ad_quartile', 65_000, { ad: AD, quartile: 50 }],
  [48_200, 'ad_quartile', 65_000, { ad: AD, quartile: 75 }],
  [50_700, 'ad_end', 65_000, { ad: AD }],
  [50_700, 'ad_break_end', 65_000, { ad: AD }],
  [55_700, 'rate', 70_000, { rate: 1.5 }],
  [65_700, 'rate', 85_000, { rate: 1 }],
  [70_700, 'end', 90_000],
];

/** What the session of the plain viewing says, by the columns of sessions_v; of lengths in ms. */
const PLAIN_TRUTH = {
  is_started: true,
  startup_ms: 800,
  playing_ms: 20_000 + 5_000 + 5_000 + 30_000,
  paused_ms: 3_000,
  stall_count: 1,
  stalled_ms: 1_500,
  seek_count: 1,
  seeking_ms: 400,
  end_reason: 'finished',
  error_count: 1,
  last_error_code: 'W17',
  // 12 s of the small one, 48 s of the large one.
  average_bitrate_kbps: (12 * SMALL.kbps + 48 * LARGE.kbps) / 60,
  top_bitrate_kbps: LARGE.kbps,
  bitrate_switch_count: 1,
  top_height: LARGE.height,
  first_position_ms: 0,
  furthest_position_ms: 90_000,
  quartile: 4,
  content_id: TITLE.id,
  content_duration_ms: TITLE.durationMs,
  stream_type: 'vod',
  viewer_id: VIEWER,
  device_class: 'web',
  cdn: 'cdn-a',
  dropped_frames: 3,
};

/** What differs in the rich one. */
const RICH_TRUTH = {
  // The break takes ten seconds off; of the half minute left ten seconds bring fifteen of the title.
  playing_ms: 20_000 + 5_000 + 5_000 + 5_000 + 20_000,
  ad_ms: 10_000,
  media_ms: 20_000 + 5_000 + 5_000 + 5_000 + 25_000,
  ad_break_count: 1,
  ad_start_count: 1,
  ad_first_quartile_count: 1,
  ad_midpoint_count: 1,
  ad_third_quartile_count: 1,
  ad_end_count: 1,
};

export const VIEWINGS = {
  plain: { moments: moments(PLAIN), truth: PLAIN_TRUTH },
  rich: { moments: moments(RICH), truth: RICH_TRUTH },
};

/** The script as objects, with the heartbeats that come between. */
function moments(script) {
  const told = script.map(([at, what, position, more]) => ({ at, what, position, ...more }));
  const last = told.at(-1).at;
  const beats = [];
  for (let at = HEARTBEAT_MS; at < last; at += HEARTBEAT_MS) {
    const before = told.findLast((moment) => moment.at <= at);
    beats.push({ at, what: 'heartbeat', position: before.position, isPlaying: isPlaying(told, at) });
  }
  return [...told, ...beats].sort((one, other) => one.at - other.at);
}

/** Whether pictures of the title move. */
function isPlaying(told, at) {
  const words = { first_frame: true, resume: true, stall_end: true, seek_end: true, ad_break_end: true };
  const still = { pause: false, stall: false, seek: false, ad_break_start: false };
  const before = told.filter((moment) => moment.at <= at && moment.what in { ...words, ...still });
  return words[before.at(-1)?.what] ?? false;
}
