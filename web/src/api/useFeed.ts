import { useEffect, useRef, useState } from 'preact/hooks';
import { type FeedState, follow, NOTHING_YET } from './feed';
import { KEY_CHANGED } from './key';

/** An answer that is asked for again and again. */
export interface Feed<T> extends FeedState<T> {
  /** Asks at once. */
  retry: () => void;
}

/**
 * Follows what `load` gives. `question` names what is asked: with another one the answer so far is dropped;
 * null asks nothing. `pollMs` is the pause between two answers.
 */
export function useFeed<T>(
  question: string | null,
  load: (signal: AbortSignal) => Promise<T>,
  pollMs: number,
): Feed<T> {
  const [told, setTold] = useState<{ question: string | null; state: FeedState<T> }>({
    question,
    state: NOTHING_YET,
  });
  const latest = useRef(load);
  latest.current = load;
  const following = useRef<ReturnType<typeof follow> | null>(null);
  useEffect(() => {
    if (question === null) return;
    const fresh = follow<T>(
      (signal) => latest.current(signal),
      (state) => setTold({ question, state }),
      pollMs,
    );
    following.current = fresh;
    window.addEventListener(KEY_CHANGED, fresh.now);
    return () => {
      window.removeEventListener(KEY_CHANGED, fresh.now);
      fresh.stop();
    };
  }, [question, pollMs]);
  const state: FeedState<T> = told.question === question ? told.state : NOTHING_YET;
  return { ...state, retry: () => following.current?.now() };
}
