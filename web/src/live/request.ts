import type { LiveAnswer } from './contract';
import type { Live } from './model';
import { readLive } from './reading';
import type { Span } from './span';

/** One answer of the API for a window; throws an error whose message a person can read. */
export async function loadLive(span: Span, signal: AbortSignal): Promise<Live> {
  let response: Response;
  try {
    response = await fetch(`/v1/live?window=${span.key}`, { signal, cache: 'no-store' });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Error('The gateway cannot be reached.');
  }
  if (!response.ok) throw new Error(`The gateway answered ${response.status}: ${await reason(response)}`);
  return readLive((await response.json()) as LiveAnswer);
}

async function reason(response: Response): Promise<string> {
  const text = (await response.text()).slice(0, 300);
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    if (typeof detail === 'string') return detail;
  } catch {
    // Not JSON: the text itself is the reason.
  }
  return text || response.statusText;
}
