import { words } from '../page/format';
import type { LiveAnswer, SumsAnswer } from './contract';
import {
  CURVE_STATES,
  type Curve,
  DOINGS,
  type Group,
  type Live,
  type Minute,
  noSums,
  type Sums,
} from './model';

const MINUTE_MS = 60_000;

/** Turns the API's answer into what the page shows, with gaps filled: no row means that nobody was there. */
export function readLive(answer: LiveAnswer): Live {
  return {
    asOf: answer.generated_at,
    completeTo: answer.complete_to,
    from: answer.from,
    to: answer.to,
    curve: curve(answer),
    minutes: minutes(answer),
    totals: sums(answer.totals),
    now: Object.fromEntries(DOINGS.map((doing) => [doing, answer.status[doing] ?? 0])) as Live['now'],
    content: answer.top_content.map((row) => group(row.content_id, row.title ?? row.content_id, row)),
    devices: answer.device_classes.map((row) => group(row.device_class, words(row.device_class), row)),
  };
}

function curve(answer: LiveAnswer): Curve {
  const first = Math.ceil(answer.from / 1000);
  const length = Math.max(0, Math.floor(answer.to / 1000) - first + 1);
  const empty = () => new Array<number>(length).fill(0);
  const filled: Curve = {
    seconds: Array.from({ length }, (_, i) => first + i),
    sessions: empty(),
    states: Object.fromEntries(CURVE_STATES.map((state) => [state, empty()])) as Curve['states'],
  };
  answer.concurrency.second.forEach((second, row) => {
    const at = second - first;
    if (at < 0 || at >= length) return;
    filled.sessions[at] = answer.concurrency.sessions[row] ?? 0;
    for (const state of CURVE_STATES) filled.states[state][at] = answer.concurrency[state][row] ?? 0;
  });
  return filled;
}

function minutes(answer: LiveAnswer): Minute[] {
  const known = new Map(answer.minutes.map((row) => [row.minute, row]));
  const first = Math.floor(answer.from / MINUTE_MS) * MINUTE_MS;
  const dense: Minute[] = [];
  for (let at = first; at < answer.to; at += MINUTE_MS) {
    const row = known.get(at);
    dense.push({ at, ...(row ? sums(row) : noSums()) });
  }
  return dense;
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
    watchMs: row.starting_ms + row.playing_ms + row.stalled_ms + row.seeking_ms + row.ad_ms,
    bitrateKbitMs: row.bitrate_kbit_ms,
    bitrateKnownMs: row.bitrate_known_ms,
    errors: row.error_count,
    failures: row.failures + row.failures_before_start,
    exitsBeforeStart: row.exits_before_start,
  };
}
