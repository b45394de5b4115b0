import type { Drawing } from '../chart/options';
import { bitrate, count, duration, percent, some } from '../page/format';
import type { Minute, Sums } from './model';
import { bitrateKbps, rebufferingRatio, startRate, startupMs } from './ratios';

/** One card of the page: a number over the window, and the same by minute. */
export interface Card {
  key: string;
  title: string;
  /** How the number is made; shown as a hint. */
  about: string;
  /** The number over the window. */
  headline: (totals: Sums) => string;
  /** A line under it. */
  detail: (totals: Sums) => string;
  drawing: Drawing;
  /** A minute's values, one for each measure of the drawing; null where unknown. */
  values: (minute: Minute) => (number | null)[];
  /** A value in words. */
  value: (value: number | null) => string;
}

const line = (label: string, colour: string, value: (v: number) => string, least: number): Drawing => ({
  kind: 'line',
  measures: [{ label, colour }],
  value,
  least,
});

/** The cards under the concurrency curve, in reading order. */
export const CARDS: readonly Card[] = [
  {
    key: 'starts',
    title: 'Plays',
    about:
      'Sessions that came to a first frame, of all attempts. By minute: attempts, and the plays among them.',
    headline: (t) => count(t.plays),
    detail: (t) => `of ${some(t.attempts, 'attempt')} · ${percent(startRate(t))} started`,
    drawing: {
      kind: 'bars',
      measures: [
        { label: 'attempts', colour: 'faint' },
        { label: 'plays', colour: 'playing' },
      ],
      value: (v) => count(v),
      least: 5,
    },
    values: (m) => [m.attempts, m.plays],
    value: count,
  },
  {
    key: 'startup',
    title: 'Start-up time',
    about: 'Mean time from the request to the first frame, without pauses and pre-roll ads.',
    headline: (t) => duration(startupMs(t)),
    detail: (t) => `mean of ${some(t.startupCount, 'start')}`,
    drawing: line('start-up time', 'starting', (v) => (v === 0 ? '0' : `${v / 1000} s`), 1_000),
    values: (m) => [startupMs(m)],
    value: duration,
  },
  {
    key: 'rebuffering',
    title: 'Rebuffering',
    about: 'Stalled time as a share of watched time (CTA-2066). Waiting after a seek is no stall.',
    headline: (t) => percent(rebufferingRatio(t)),
    detail: (t) => `${some(t.stallCount, 'stall')} · ${duration(t.stalledMs)} in all`,
    drawing: line(
      'rebuffering ratio',
      'stalled',
      (v) => (v === 0 ? '0' : `${Number((v * 100).toPrecision(3))} %`),
      0.01,
    ),
    values: (m) => [rebufferingRatio(m)],
    value: percent,
  },
  {
    key: 'bitrate',
    title: 'Average bitrate',
    about: 'Mean bitrate while playing, weighted by time, where players tell it.',
    headline: (t) => bitrate(bitrateKbps(t)),
    detail: (t) => (t.bitrateKnownMs > 0 ? 'weighted by playing time' : 'no player told its bitrate'),
    drawing: line(
      'average bitrate',
      'playing',
      (v) => (v === 0 ? '0' : v < 1000 ? `${v} k` : `${v / 1000} M`),
      500,
    ),
    values: (m) => [bitrateKbps(m)],
    value: bitrate,
  },
  {
    key: 'errors',
    title: 'Errors',
    about: 'Errors that players reported, fatal or not; failures are sessions that a fatal error ended.',
    headline: (t) => count(t.errors),
    detail: (t) => `${some(t.failures, 'session')} failed · ${count(t.exitsBeforeStart)} left before start`,
    drawing: {
      kind: 'bars',
      measures: [{ label: 'errors', colour: 'stalled' }],
      value: (v) => count(v),
      least: 5,
    },
    values: (m) => [m.errors],
    value: count,
  },
];
