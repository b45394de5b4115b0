import { api } from '../api/client';
import type { Live } from './model';
import { readLive } from './reading';
import type { Span } from './span';

/** One answer of the API for a window; throws an error whose message a person can read. */
export async function loadLive(span: Span, signal: AbortSignal): Promise<Live> {
  return readLive(await api.live(span.key, signal));
}
