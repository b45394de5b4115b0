import type { FeedState } from '../api/feed';
import { timeOfDay } from '../page/format';
import type { Live } from './model';

/** An answer that came longer ago than this is called stale; ms. */
const STALE_MS = 10_000;

/** Whether the numbers are fresh, and to which moment they are complete. */
export function Status({ feed, now, retry }: { feed: FeedState<Live>; now: number; retry: () => void }) {
  const { answer: live, receivedAt, failure, retryAt } = feed;
  if (failure !== null) {
    const wait = retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - now) / 1000));
    return (
      <div class="status bad" role="status">
        <i class="dot" aria-hidden="true" />
        <span title={failure}>
          {live ? `Lost contact · numbers of ${timeOfDay(live.asOf)}` : 'No contact'}
        </span>
        <button type="button" class="quiet" onClick={retry}>
          Try now{wait > 0 ? <span aria-hidden="true"> ({wait} s)</span> : null}
        </button>
      </div>
    );
  }
  if (!live) {
    return (
      <div class="status" role="status">
        <i class="dot" aria-hidden="true" /> Asking
      </div>
    );
  }
  const stale = now - (receivedAt ?? now) > STALE_MS;
  return (
    <div class={`status ${stale ? 'stale' : 'good'}`}>
      <i class="dot" aria-hidden="true" />
      <span data-testid="as-of">{`As of ${timeOfDay(live.asOf)}`}</span>
      {live.completeTo === null ? null : (
        <span
          class="complete"
          title={`Everything received by ${new Date(live.completeTo).toISOString()} is counted, and sessions silent by then are closed.`}
        >
          complete to {timeOfDay(live.completeTo)}
        </span>
      )}
    </div>
  );
}
