import { isAbsent } from './failure';

/** What the page knows about its data at a moment. */
export interface FeedState<T> {
  /** The newest answer; kept while later requests fail. */
  answer: T | null;
  /** When it came, by this device's clock (Unix ms), which need not agree with the gateway's. */
  receivedAt: number | null;
  /** Why the last request failed; null when it did not. */
  failure: string | null;
  /** Whether it failed because this gateway has no such resource. */
  absent: boolean;
  /** When the next try is due (Unix ms), while failing. */
  retryAt: number | null;
}

/** Before the first answer. */
export const NOTHING_YET: FeedState<never> = {
  answer: null,
  receivedAt: null,
  failure: null,
  absent: false,
  retryAt: null,
};

/** Milliseconds until the next request. */
export const POLL_MS = 1_000;
const HIDDEN_POLL_MS = 30_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
/** A gateway without the resource is not asked more often than this. */
const ABSENT_RETRY_MS = 60_000;
const TIMEOUT_MS = 10_000;

/** Wait before the next try after `failures` failures in a row: 1, 2, 4, 8, then 15 s. */
export function retryDelay(failures: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.max(failures - 1, 0), LONGEST_RETRY_MS);
}

/**
 * Asks again and again until stopped: each `pollMs` while the page is seen, each 30 s (or `pollMs`, when that is
 * longer) while it is hidden, ever more rarely while the answers fail. One request at a time.
 */
export function follow<T>(
  load: (signal: AbortSignal) => Promise<T>,
  tell: (state: FeedState<T>) => void,
  pollMs = POLL_MS,
) {
  const hiddenPollMs = Math.max(HIDDEN_POLL_MS, pollMs);
  let state: FeedState<T> = NOTHING_YET;
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
      const answer = await load(request.signal);
      failures = 0;
      state = { answer, receivedAt: Date.now(), failure: null, absent: false, retryAt: null };
    } catch (error) {
      failures += 1;
      const reason = request.signal.aborted ? request.signal.reason : error;
      const failure = reason instanceof Error ? reason.message : String(reason);
      const absent = isAbsent(reason);
      const wait = absent ? ABSENT_RETRY_MS : retryDelay(failures);
      state = { ...state, failure, absent, retryAt: Date.now() + wait };
    } finally {
      clearTimeout(timeout);
      running = null;
    }
    if (stopped) return;
    tell(state);
    const retry = state.absent ? ABSENT_RETRY_MS : retryDelay(failures);
    const rest = document.hidden ? hiddenPollMs : pollMs;
    schedule(failures > 0 ? Math.max(retry, document.hidden ? hiddenPollMs : 0) : rest);
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
