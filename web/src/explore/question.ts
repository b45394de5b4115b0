import type { paths } from '../api/schema';
import { filterOf } from '../page/filter';
import { type Range, rangeOf } from '../page/Range';

/** The definition families that the registry knows; the first is what the API takes without one. */
export const FAMILIES = ['cta2066', 'mux', 'conviva', 'playhead'] as const;

/** With what a window may be compared; the words are the API's. */
export const AGAINST = [
  { key: '', label: 'nothing' },
  { key: 'previous', label: 'the window before' },
  { key: 'day_before', label: 'the day before' },
  { key: 'week_before', label: 'the week before' },
] as const;

/** The steps of a curve, and their length in seconds. */
const STEP_SECONDS = { '1s': 1, '10s': 10, '1m': 60, '5m': 300, '15m': 900, '1h': 3_600, '1d': 86_400 };

/** The steps to choose from; empty lets the gateway choose. */
export const STEPS = ['', ...Object.keys(STEP_SECONDS)];

/** The step of this length, as the API spells it; empty when there is none. */
export const stepOf = (seconds: number) =>
  Object.entries(STEP_SECONDS).find(([, length]) => length === seconds)?.[0] ?? '';

/** What is asked of every resource of metrics. */
type Question = Pick<
  NonNullable<paths['/v1/timeseries']['get']['parameters']['query']>,
  'metrics' | 'definition' | 'group_by' | 'filter' | 'from' | 'to'
>;

/** What the page asks; all of it stands in its address, under the names of the API's parameters. */
export interface Asked {
  metric: string;
  definition: (typeof FAMILIES)[number] | '';
  groupBy: string;
  filters: string[];
  range: Range;
  step: string;
  against: string;
}

/** The question of an address; what it leaves out has its default, what it misspells is left out. */
export function askedOf(address: URLSearchParams): Asked {
  const one = <Word extends string>(name: string, known: readonly Word[]) =>
    known.find((word) => word === address.get(name)) ?? '';
  return {
    metric: address.get('metrics') || 'plays',
    definition: one('definition', FAMILIES),
    groupBy: address.get('group_by') ?? '',
    filters: address.getAll('filter').filter((text) => filterOf(text) !== null),
    range: rangeOf(address),
    step: one('step', STEPS),
    against: one(
      'against',
      AGAINST.map(({ key }) => key),
    ),
  };
}

/** What all of the page's questions have in common. */
export function questionOf({ metric, definition, groupBy, filters, range }: Asked): Question {
  return {
    metrics: metric,
    ...(definition && { definition }),
    ...(groupBy && { group_by: groupBy }),
    ...(filters.length > 0 && { filter: filters }),
    from: range.from,
    to: range.to,
  };
}

const DAY_MS = 86_400_000;

/** The earlier window that a window is compared with: RFC 3339 in and out. */
export function earlier(from: string, to: string, against: string): Range & { shiftMs: number } {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const shiftMs = against === 'week_before' ? 7 * DAY_MS : against === 'day_before' ? DAY_MS : end - begin;
  const text = (ms: number) => new Date(ms - shiftMs).toISOString();
  return { from: text(begin), to: text(end), shiftMs };
}
