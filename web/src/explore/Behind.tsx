import { queryString } from '../api/client';
import type { Metric, TimeseriesAnswer } from '../api/contract';
import { keyHeaders } from '../api/key';
import { Copy } from '../page/Copy';
import { type Asked, questionOf } from './question';
import { sqlOf } from './sql';

/** The calls behind the page, to be taken along: the API's, and the SQL that gives the same. */
export function Behind(props: { asked: Asked; metric: Metric | null; curve: TimeseriesAnswer | null }) {
  const { asked, metric, curve } = props;
  const address = `/v1/timeseries?${queryString({ ...questionOf(asked), step: asked.step })}`;
  const call = `${location.origin}${address}`;
  const key = 'authorization' in keyHeaders() ? ` -H 'Authorization: Bearer ph_read_…'` : '';
  const sql =
    metric && curve
      ? sqlOf(asked, metric, { from: curve.from, to: curve.to, stepSeconds: curve.step_seconds })
      : null;
  return (
    <section class="card behind" aria-labelledby="behind-title">
      <div class="panel-head">
        <h2 id="behind-title">Behind the chart</h2>
        <Download address={address} name={`${asked.metric}.csv`} />
      </div>
      <Copy name="API call" text={`curl '${call.replaceAll("'", '%27')}'${key}`} />
      {sql === null ? (
        <p class="detail">
          {metric && curve
            ? 'No single statement over one view gives these numbers; docs/views.md tells where they come from.'
            : 'The SQL comes with the first answer.'}
        </p>
      ) : (
        <>
          <Copy name="SQL" text={sql} />
          {curve ? (
            <p class="detail">
              For{' '}
              <code>
                POST /v1/sql?from={curve.from}&amp;to={curve.to}
              </code>{' '}
              as <code>text/plain</code>, or any ClickHouse client.
            </p>
          ) : null}
        </>
      )}
    </section>
  );
}

/** Downloads the numbers as CSV; by a request of its own, since a link could not show the key. */
function Download({ address, name }: { address: string; name: string }) {
  const download = async () => {
    const response = await fetch(address, { headers: { ...keyHeaders(), accept: 'text/csv' } });
    if (!response.ok) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await response.blob());
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <button type="button" class="quiet" onClick={download}>
      Download CSV
    </button>
  );
}
