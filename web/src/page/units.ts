import { bitrate, count, duration, percent, UNKNOWN } from './format';

/** A value of a metric in its unit, as docs/metrics.md lists them. */
export function inUnit(unit: string, value: number | null): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN;
  switch (unit) {
    case 'ms':
      return longDuration(value);
    case 'ratio':
      return percent(value);
    case 'kbps':
      return bitrate(value);
    case 'score':
      return value.toFixed(1);
    case 'count':
      return count(value);
    default:
      return `${Number(value.toPrecision(3))} ${PER[unit] ?? ''}`.trim();
  }
}

const PER: Record<string, string> = { per_second: '/s', per_minute: '/min', per_session: 'a session' };

/** The same, short, for an axis. */
export function tickIn(unit: string): (value: number) => string {
  switch (unit) {
    case 'ratio':
      return (value) => (value === 0 ? '0' : `${Number((value * 100).toPrecision(3))} %`);
    case 'ms':
      return (value) => (value === 0 ? '0' : longDuration(value).replace(/\.0+(?= )|(?<=\.\d)0+(?= )/, ''));
    case 'kbps':
      return (value) => (value < 1000 ? `${value} k` : `${value / 1000} M`);
    default:
      return (value) => (Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(3))));
  }
}

/** The least that the top of an axis stands for, so that noise around zero does not fill the chart. */
export function leastOf(unit: string): number {
  return { ratio: 0.01, ms: 1_000, kbps: 500, count: 5, score: 100 }[unit] ?? 0.1;
}

/** A change as a share of what was before: `+12.5 %`. */
export function changeRatio(ratio: number | null): string {
  if (ratio === null || !Number.isFinite(ratio)) return UNKNOWN;
  return `${ratio > 0 ? '+' : ratio < 0 ? '−' : '±'}${percent(Math.abs(ratio))}`;
}

/** Hours where minutes would be many. */
function longDuration(ms: number): string {
  if (ms < 2 * 3_600_000) return duration(ms);
  return `${count(Math.round(ms / 360_000) / 10)} h`;
}
