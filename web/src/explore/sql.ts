import type { Metric } from '../api/contract';
import { type Filter, filterOf } from '../page/filter';
import type { Asked } from './question';

/** Where the numbers of a metric stand, as an analyst reads them. */
interface Source {
  view: string;
  time: string;
  dimensions: readonly string[];
  /** Holds for every row that is meant. */
  condition?: string;
}

const OF_TITLES = ['content_id', 'device_class', 'country', 'cdn'];
const set = (name: string, dimensions: readonly string[]): Source => ({
  view: 'quality_by_minute_sets_v',
  time: 'minute',
  dimensions,
  condition: `dimension_set = '${name}'`,
});

const of = (view: string, time: string): Source => ({ view, time, dimensions: ['device_class', 'cdn'] });
const SECONDS = [of('quality_by_second_v', 'second')];
const TEN_SECONDS = [of('quality_by_ten_seconds_v', 'ten_seconds')];

const SOURCES: Record<string, readonly Source[]> = {
  minute: [
    { view: 'quality_by_minute_v', time: 'minute', dimensions: OF_TITLES },
    set('network', ['cdn', 'country', 'region', 'isp']),
    set('application', ['device_class', 'app_version', 'source']),
    set('experiment', ['experiment', 'variant', 'device_class']),
  ],
  session: [
    {
      view: 'sessions_v',
      time: 'started_at',
      dimensions: [...OF_TITLES, 'region', 'isp', 'app_version', 'source'],
    },
  ],
  second: [{ view: 'concurrent_viewers_v', time: 'second', dimensions: [] }],
};

/**
 * A SELECT for `POST /v1/sql` that gives the numbers of the chart; null where one statement over one view does not.
 * `from` and `to` are the window of the answer, in RFC 3339.
 */
export function sqlOf(
  asked: Asked,
  metric: Metric,
  window: { from: string; to: string; stepSeconds: number },
): string | null {
  const filters = asked.filters.map(filterOf).filter((filter) => filter !== null);
  const groups = asked.groupBy === '' ? [] : asked.groupBy.split(',');
  const wanted = [...groups, ...filters.map(({ dimension }) => dimension)];
  const source = sourcesOf(metric.grain, window.stepSeconds).find(({ dimensions }) =>
    wanted.every((dimension) => dimensions.includes(dimension)),
  );
  if (!source) return null;
  const formula = metric.formula.replaceAll(/\bwindow_seconds\b/g, String(window.stepSeconds));
  const conditions = [
    `${source.time} >= ${moment(window.from)}`,
    `${source.time} < ${moment(window.to)}`,
    ...(source.condition ? [source.condition] : []),
    ...filters.map(condition),
  ];
  const keys = ['time', ...groups].join(', ');
  return [
    'SELECT',
    `    toStartOfInterval(${source.time}, INTERVAL ${window.stepSeconds} SECOND) AS time,`,
    ...groups.map((dimension) => `    ${dimension},`),
    `    ${formula} AS value`,
    `FROM ${source.view}`,
    `WHERE ${conditions.join('\n    AND ')}`,
    `GROUP BY ${keys}`,
    `ORDER BY ${keys}`,
  ].join('\n');
}

/** Steps shorter than a minute stand in views of their own. */
function sourcesOf(grain: string, stepSeconds: number): readonly Source[] {
  if (grain === 'minute' && stepSeconds < 60) return stepSeconds % 10 === 0 ? TEN_SECONDS : SECONDS;
  return SOURCES[grain] ?? [];
}

function condition({ dimension, operator, values }: Filter): string {
  const [first = ''] = values;
  switch (operator) {
    case 'is':
      return `${dimension} = ${text(first)}`;
    case 'is_not':
      return `${dimension} != ${text(first)}`;
    case 'in':
      return `${dimension} IN (${values.map(text).join(', ')})`;
    case 'not_in':
      return `${dimension} NOT IN (${values.map(text).join(', ')})`;
    case 'matches':
      return `match(${dimension}, ${text(first)})`;
  }
}

const text = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const moment = (rfc3339: string) => `toDateTime('${rfc3339.slice(0, 19).replace('T', ' ')}', 'UTC')`;
