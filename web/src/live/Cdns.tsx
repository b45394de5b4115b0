import { api, queryString } from '../api/client';
import { useFeed } from '../api/useFeed';
import { bitrate, count, duration, percent } from '../page/format';
import { Panel } from '../page/Panel';
import type { Span } from './span';

const POLL_MS = 5_000;
const ROWS_MAX = 10;
const METRICS = [
  'plays',
  'cta2066_startup_ms_mean',
  'cta2066_rebuffering_ratio',
  'average_bitrate_kbps',
  'errors',
] as const;

/** The CDNs side by side. */
export function Cdns({ span }: { span: Span }) {
  const question = {
    metrics: METRICS.join(','),
    group_by: 'cdn',
    from: `now-${span.key}`,
    to: 'now',
    limit: ROWS_MAX,
  };
  const feed = useFeed(JSON.stringify(question), (signal) => api.breakdown(question, signal), POLL_MS);
  const href = (cdn: string) =>
    `/explore?${queryString({ metrics: 'rebuffering_ratio', filter: `cdn:is:${cdn}`, from: question.from, to: 'now' })}`;
  return (
    <Panel id="cdns" title="CDNs" feed={feed} resource="GET /v1/breakdown">
      {({ rows }) => {
        if (rows.length === 0) return <p class="detail">Nothing was watched in this window.</p>;
        const most = Math.max(1, ...rows.map(({ metrics }) => metrics.plays ?? 0));
        const [, startup, rebuffering, average] = METRICS;
        return (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          <section class="scroll" aria-label="CDNs, table" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">CDN</th>
                  <th scope="col">Plays</th>
                  <th scope="col">Start-up</th>
                  <th scope="col">Rebuffering</th>
                  <th scope="col">Bitrate</th>
                  <th scope="col">Errors</th>
                </tr>
              </thead>
              <tbody>
                {rows.map(({ group, metrics }) => (
                  <tr key={group.cdn}>
                    <th scope="row">
                      <a class="group-name" href={href(group.cdn ?? '')}>
                        {group.cdn || 'unknown'}
                      </a>
                      <progress max={most} value={metrics.plays ?? 0} aria-hidden="true" />
                    </th>
                    <td class="strong">{count(metrics.plays ?? null)}</td>
                    <td>{duration(metrics[startup] ?? null)}</td>
                    <td>{percent(metrics[rebuffering] ?? null)}</td>
                    <td>{bitrate(metrics[average] ?? null)}</td>
                    <td>{count(metrics.errors ?? null)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        );
      }}
    </Panel>
  );
}
