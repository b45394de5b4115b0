// Made-up answers of the resources that the pages ask beside GET /v1/live.

const wave = (x, period, phase = 0) => (Math.sin((x / period + phase) * 2 * Math.PI) + 1) / 2;
const text = (ms) => new Date(ms).toISOString();
const UNITS = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };

/** Unix ms of `now`, `now-15m` or RFC 3339. */
function moment(spelled, otherwise) {
  if (!spelled) return otherwise;
  if (!spelled.startsWith('now')) return Date.parse(spelled);
  const [, number, unit] = /^now-(\d+)([smhdw])/.exec(spelled) ?? [];
  return Date.now() - (number ? Number(number) * UNITS[unit] : 0);
}

const stamp = () => ({
  from_cache: false,
  computed_at: text(Date.now()),
  complete_to: text(Date.now() - 110e3),
  final_before: text(Date.now() - 8 * 864e5),
  computed_from: 'quality_by_minute_t',
});

const VALUES = {
  content_id: ['final-2026', 'mountain-s02e04', 'harbour', 'late-show-2026-11-21', ''],
  device_class: ['smart_tv', 'mobile', 'web', 'set_top_box', 'tablet', 'game_console'],
  country: ['DE', 'IN', 'US', 'BR', 'FR', 'AU', 'SG', 'ZA', 'JP', 'CA', 'MX', 'NG', 'MT', ''],
  cdn: ['akamai', 'fastly', 'cloudfront', ''],
  region: ['DE-BY', 'DE-BE', 'IN-MH', 'US-CA'],
  isp: ['Example Net', 'Fibre One', 'Mobile Two'],
  app_version: ['8.1.0', '8.0.4', '7.9.9'],
  source: ['json', 'cmcd', 'epas', 'snowplow'],
  variant: ['buffer: long', 'buffer: short'],
};

const METRICS = [
  ['plays', 'plays', 'playhead', 'count', 'sum(plays)', 'better'],
  ['attempts', 'attempts', 'playhead', 'count', 'sum(attempts)', 'neither'],
  ['errors', 'errors', 'playhead', 'count', 'sum(error_count)', 'worse'],
  ['failures', 'failures', 'playhead', 'count', 'sum(failures)', 'worse'],
  [
    'average_bitrate_kbps',
    'average_bitrate',
    'playhead',
    'kbps',
    'sum(bitrate_kbit_ms) / nullIf(sum(bitrate_known_ms), 0)',
    'better',
  ],
  [
    'cta2066_startup_ms_mean',
    'startup_time',
    'cta2066',
    'ms',
    'sum(startup_ms_sum) / nullIf(sum(startup_count), 0)',
    'worse',
  ],
  [
    'cta2066_rebuffering_ratio',
    'rebuffering_ratio',
    'cta2066',
    'ratio',
    'sum(stalled_ms) / nullIf(sum(starting_ms + playing_ms + stalled_ms + seeking_ms + ad_ms), 0)',
    'worse',
  ],
  [
    'conviva_rebuffering_ratio',
    'rebuffering_ratio',
    'conviva',
    'ratio',
    'sum(stalled_ms) / nullIf(sum(playing_ms + stalled_ms), 0)',
    'worse',
  ],
].map(([name, concept, family, unit, formula, higher_is]) => ({
  name,
  concept,
  family,
  unit,
  formula,
  higher_is,
  grain: 'minute',
  meaning: `What ${concept.replaceAll('_', ' ')} tells, made up for this stub.`,
  columns: [],
  error: '',
  source: '',
}));

/** The metric that a name or concept means. */
const named = (word, definition) =>
  METRICS.find(({ name }) => name === word) ??
  METRICS.find(({ concept, family }) => concept === word && family === definition) ??
  METRICS.find(({ concept }) => concept === word) ??
  METRICS[0];

function numberOf(metric, seed, at) {
  const part = 0.55 + 0.45 * wave(at / 60e3, 17, seed / 7);
  const scale = { count: 220, ms: 900, ratio: 0.02, kbps: 5200 }[metric.unit] ?? 1;
  const value = (scale * part) / (metric.unit === 'count' ? seed + 1 : 1 + seed / 12);
  return metric.unit === 'count' ? Math.round(value) : value;
}

function question(parameters) {
  const to = moment(parameters.get('to'), Date.now());
  const from = moment(parameters.get('from'), to - 36e5);
  const metrics = (parameters.get('metrics') ?? parameters.get('metric') ?? 'plays')
    .split(',')
    .map((word) => named(word, parameters.get('definition')));
  const groupBy = parameters.get('group_by') ?? '';
  const groups = groupBy ? (VALUES[groupBy] ?? ['one', 'two']).map((value) => ({ [groupBy]: value })) : [{}];
  return { from, to, metrics, groups: groups.slice(0, Number(parameters.get('limit') ?? 100)) };
}

function timeseries(parameters) {
  const { from, to, metrics, groups } = question(parameters);
  const step = [60e3, 300e3, 36e5, 864e5].find((each) => (to - from) / each <= 400);
  const begin = Math.floor(from / step) * step;
  const times = [];
  for (let at = begin; at < to; at += step) times.push(at);
  return {
    ...stamp(),
    from: text(begin),
    to: text(to),
    step_seconds: step / 1000,
    definition: parameters.get('definition') ?? 'cta2066',
    times: times.map(text),
    series: groups.map((group, seed) => ({
      group,
      metrics: Object.fromEntries(
        metrics.map((metric) => [metric.name, times.map((at) => numberOf(metric, seed, at))]),
      ),
    })),
  };
}

function rows(parameters, cell) {
  const { from, to, metrics, groups } = question(parameters);
  return {
    ...stamp(),
    from: text(from),
    to: text(to),
    rows: groups.map((group, seed) => ({
      group,
      metrics: Object.fromEntries(
        metrics.map((metric) => [metric.name, cell(numberOf(metric, seed, to), metric, seed)]),
      ),
    })),
    next_cursor: null,
  };
}

const change = (value, metric, seed) => {
  const before = value * (0.8 + 0.07 * seed);
  const shown = metric.unit === 'count' ? Math.round(before) : before;
  return { value, before: shown, change: value - shown, change_ratio: shown ? value / shown - 1 : null };
};

function changes(parameters) {
  const [metric] = question(parameters).metrics;
  const value = numberOf(metric, 0, Date.now());
  const parts = [
    ['cdn', 'fastly', 0.62],
    ['country', 'IN', 0.31],
    ['app_version', '8.1.0', 0.18],
    ['device_class', 'smart_tv', -0.08],
  ];
  return {
    ...stamp(),
    value,
    before: value * 0.6,
    contributors: parts.map(([dimension, name, share]) => ({
      dimension,
      value: name,
      share,
      contribution: share * value * 0.4,
      value_now: value * (1 + share),
      value_before: value * 0.6,
    })),
  };
}

const STATUSES = ['watching', 'watching', 'watching', 'paused', 'buffering', 'in_ad', 'starting', 'watching'];

/** Sessions that go through the states, and leave after some minutes. */
function liveViewers(parameters) {
  const now = Date.now();
  const all = Array.from({ length: 26 }, (_, i) => {
    const age = (now / 1000 + i * 37) % 400;
    const status =
      age > 385 ? (i % 2 ? 'finished' : 'gone') : STATUSES[Math.floor(age / 8 + i) % STATUSES.length];
    const seen = now - (age > 385 ? (age - 385) * 1000 : (now / 10 + i * 311) % 10e3);
    return {
      session_key: String(9103324617318829541n + BigInt(i)),
      session_id: `s-${i}`,
      viewer_id: i % 9 === 0 ? '' : `viewer-${Math.floor(i / 2)}`,
      device_class: VALUES.device_class[i % 6],
      country: VALUES.country[i % 8],
      content_id: VALUES.content_id[i % 4],
      state: 'playing',
      in_ad: status === 'in_ad',
      status,
      position_ms: i % 5 === 4 ? null : Math.round(age * 1000 - (now - seen)) + 60e3,
      bitrate_kbps: 4200,
      buffer_ms: 9000,
      last_seen_at: text(seen),
    };
  });
  const statuses = Object.fromEntries(
    [...new Set([...STATUSES, 'finished', 'gone'])].map((each) => [each, 0]),
  );
  for (const { status } of all) statuses[status] += 1;
  const there = all.filter(({ status }) => status !== 'finished' && status !== 'gone');
  const wanted = parameters.get('status');
  const viewers = wanted ? all.filter(({ status }) => status === wanted) : there;
  return { ...stamp(), statuses, viewers_now: there.length, viewers };
}

const START = Date.now() - 600e3;

function play(i) {
  const begin = START - i * 40e3;
  const at = (seconds) => text(begin + seconds * 1000);
  const stretch = (state, from, to) => ({ state, from: at(from), to: at(to) });
  return {
    play_no: 1,
    session_key: String(12524121339953923498n + BigInt(i)),
    session_id: `s-${i}`,
    viewer_id: `viewer-${Math.floor(i / 2)}`,
    device_id: `device-${i}`,
    content_id: VALUES.content_id[i % 4],
    content_title: ['The final, live', 'The Mountain · S2 E4', 'Harbour at night', ''][i % 4],
    started_at: at(0),
    first_frame_at: at(1.2),
    last_seen_at: at(298),
    ended_at: at(300),
    end_reason: ['finished', 'exited', 'failed', 'timed_out'][i % 4],
    startup_ms: 1200,
    watch_ms: 270e3,
    playing_ms: 214e3,
    stalled_ms: 9e3,
    paused_ms: 30e3,
    ad_ms: 45e3,
    stall_count: 2,
    seek_count: 1,
    error_count: i % 3,
    last_error_code: i % 3 ? 'drm_renewal' : '',
    average_bitrate_kbps: 4321.5,
    beacons_received: 54,
    beacons_lost: 6,
    beacons_duplicated: 1,
    device_class: VALUES.device_class[i % 6],
    device_model: 'Model 7',
    os_name: 'tvOS',
    os_version: '19',
    app_version: '8.1.0',
    player_name: 'shaka',
    player_version: '5.2.12',
    cdn: 'akamai',
    isp: 'Example Net',
    country: VALUES.country[i % 8],
    source: 'json',
    intervals: [
      stretch('starting', 0, 1.2),
      stretch('in_ad', 1.2, 46.2),
      stretch('playing', 46.2, 120),
      stretch('stalled', 120, 126),
      stretch('playing', 126, 180),
      stretch('paused', 180, 210),
      stretch('seeking', 210, 212),
      stretch('stalled', 212, 215),
      stretch('playing', 215, 300),
    ],
    renditions: [
      [46, 120, 5800],
      [126, 180, 2400],
      [215, 300, 4300],
    ].map(([from, to, bitrate_kbps]) => ({
      from: at(from),
      to: at(to),
      bitrate_kbps,
    })),
    events: [
      [1.2, 40],
      [1.3, 42],
      [24, 44, 50],
      [46, 43],
      [46.2, 41],
      [119, 30],
      [213, 31],
    ].map(([second, code, quartile = 0]) => ({
      at: at(second),
      code,
      quartile,
      error_code: code < 40 ? 'segment_404' : '',
      ad_id: code < 40 ? '' : 'ad-1',
      break_id: '',
    })),
  };
}

function beacons(session) {
  const i = Number(session.split('-')[1] ?? 0);
  const begin = START - i * 40e3;
  const items = [];
  for (let seq = 0; seq < 60; seq += 1) {
    if (seq >= 30 && seq < 36) continue;
    if (seq === 36) items.push({ kind: 'gap', stream: 'json', first_seq: 30, last_seq: 35, count: 6 });
    const at = begin + seq * 5000;
    items.push({
      kind: 'beacon',
      stream: 'json',
      seq,
      seq_is_ordinal: true,
      event: 'heartbeat',
      state: 'playing',
      event_time: text(at),
      received_time: text(at + 140),
      position_ms: seq * 5000,
      bitrate_kbps: 4300,
      buffer_ms: Math.round(12e3 * wave(seq, 23)),
    });
  }
  const delivery = { beacons_received: 54, beacons_lost: 6, beacons_duplicated: 1, counter_resets: 0 };
  return { ...stamp(), session_id: session, delivery, items, next_cursor: null };
}

/** The answer for an address; null where the stub has none. */
export function answerTo({ pathname, searchParams }) {
  const [, , first, second, third] = pathname.split('/').map(decodeURIComponent);
  switch (first) {
    case 'metrics':
      return { metrics: METRICS };
    case 'timeseries':
      return timeseries(searchParams);
    case 'breakdown':
      return rows(searchParams, (value) => value);
    case 'comparison':
      return rows(searchParams, change);
    case 'changes':
      return changes(searchParams);
    case 'dimensions':
      return second
        ? { ...stamp(), values: (VALUES[second] ?? []).map((value) => ({ value })) }
        : { dimensions: Object.keys(VALUES).map((name) => ({ name, meaning: '' })) };
    case 'viewers':
      return liveViewers(searchParams);
    case 'sessions':
      if (third === 'beacons') return beacons(second);
      if (second) return { ...stamp(), plays: [play(Number(second.split('-')[1] ?? 0))] };
      return {
        ...stamp(),
        from: text(START),
        to: text(Date.now()),
        has_more: false,
        sessions: Array.from({ length: 12 }, (_, i) => play(i)),
      };
    default:
      return null;
  }
}
