import { words } from '../page/format';
import type { LiveAnswer, SumsAnswer } from './contract';
import { CURVE_STATES, type Curve, DOINGS, type Group, type Live, type Sums } from './model';

/** Turns the API's answer into what the page shows. */
export function readLive(answer: LiveAnswer): Live {
  return {
    asOf: moment(answer.computed_at),
    completeTo: answer.complete_to === null ? null : moment(answer.complete_to),
    from: moment(answer.from),
    to: moment(answer.to),
    curve: curve(answer),
    minutes: answer.minutes.map((row) => ({ at: moment(row.minute), ...sums(row) })),
    totals: sums(answer.totals),
    viewersNow: answer.viewers_now,
    now: Object.fromEntries(DOINGS.map((doing) => [doing, answer.statuses[doing] ?? 0])) as Live['now'],
    content: answer.top_content.map((row) => group(row.content_id, row.title || row.content_id, row)),
    devices: answer.device_classes.map((row) => group(row.device_class, words(row.device_class), row)),
  };
}

function curve({ concurrency }: LiveAnswer): Curve {
  const { latest, peak, sessions, step_seconds } = concurrency;
  const first = moment(concurrency.from) / 1000;
  return {
    seconds: sessions.map((_, i) => first + i * step_seconds),
    sessions,
    states: Object.fromEntries(CURVE_STATES.map((state) => [state, concurrency[state]])) as Curve['states'],
    settledTo: latest === null ? null : moment(latest.second) / 1000,
    peak: peak === null ? null : { second: moment(peak.second) / 1000, sessions: peak.sessions },
  };
}

function moment(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new Error(`The gateway's answer holds no time where one is due: ${text}`);
  return ms;
}

function group(id: string, label: string, row: SumsAnswer & { viewers: number }): Group {
  return { id, label: label === '' ? 'unknown' : label, viewers: row.viewers, sums: sums(row) };
}

function sums(row: SumsAnswer): Sums {
  return {
    attempts: row.attempts,
    plays: row.plays,
    startupMsSum: row.startup_ms_sum,
    startupCount: row.startup_count,
    stallCount: row.stall_count,
    stalledMs: row.stalled_ms,
    watchMs: row.watch_ms,
    bitrateKbitMs: row.bitrate_kbit_ms,
    bitrateKnownMs: row.bitrate_known_ms,
    errors: row.error_count,
    failures: row.failures + row.failures_before_start,
    exitsBeforeStart: row.exits_before_start,
  };
}
