import type { Live } from './model';

/** What the page knows about its data at a moment. */
export interface FeedState {
  /** The newest answer; kept while later requests fail. */
  live: Live | null;
  /** When it came, by this device's clock (Unix ms), which need not agree with the gateway's. */
  receivedAt: number | null;
  /** Why the last request failed; null when it did not. */
  failure: string | null;
  /** When the next try is due (Unix ms), while failing. */
  retryAt: number | null;
}

/** Before the first answer. */
export const NOTHING_YET: FeedState = { live: null, receivedAt: null, failure: null, retryAt: null };

/** Milliseconds until the next request. */
export const POLL_MS = 1_000;
const HIDDEN_POLL_MS = 30_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
const TIMEOUT_MS = 10_000;

/** Wait before the next try after `failures` failures in a row: 1, 2, 4, 8, then 15 s. */
export function retryDelay(failures: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.max(failures - 1, 0), LONGEST_RETRY_MS);
}

/**
 * Asks again and again until stopped: each second while the page is seen, each 30 s while it is
 * hidden, ever more rarely while the answers fail. One request at a time.
 */
export function follow(load: (signal: AbortSignal) => Promise<Live>, tell: (state: FeedState) => void) {
  let state: FeedState = NOTHING_YET;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | null = null;
  let stopped = false;

  const schedule = (wait: number) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(ask, wait);
  };

  async function ask(): Promise<void> {
    if (running || stopped) return;
    const request = new AbortController();
    running = request;
    const timeout = setTimeout(() => request.abort(new Error('no answer within 10 s')), TIMEOUT_MS);
    try {
      const live = await load(request.signal);
      failures = 0;
      state = { live, receivedAt: Date.now(), failure: null, retryAt: null };
    } catch (error) {
      failures += 1;
      const reason = request.signal.aborted ? request.signal.reason : error;
      const failure = reason instanceof Error ? reason.message : String(reason);
      state = { ...state, failure, retryAt: Date.now() + retryDelay(failures) };
    } finally {
      clearTimeout(timeout);
      running = null;
    }
    if (stopped) return;
    tell(state);
    const rest = document.hidden ? HIDDEN_POLL_MS : POLL_MS;
    schedule(failures > 0 ? Math.max(retryDelay(failures), document.hidden ? HIDDEN_POLL_MS : 0) : rest);
  }

  const seen = () => {
    if (!document.hidden) schedule(0);
  };
  document.addEventListener('visibilitychange', seen);
  schedule(0);

  return {
    /** Asks at once, as after a click on "try now". */
    now: () => schedule(0),
    /** Ends everything; no more states are told. */
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      running?.abort(new Error('stopped'));
      document.removeEventListener('visibilitychange', seen);
    },
  };
}
