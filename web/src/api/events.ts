import { failureOf } from './failure';

/** One Server-Sent Event. */
export interface StreamEvent {
  event: string;
  data: string;
  id: string;
}

/** Puts events together from the pieces in which a stream arrives. */
export class EventParser {
  #rest = '';
  #event = '';
  #data: string[] = [];
  #id = '';

  /** The events that this piece completes. */
  push(piece: string): StreamEvent[] {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#line(line) ?? []);
  }

  #line(line: string): StreamEvent | null {
    if (line === '') {
      const event = { event: this.#event || 'message', data: this.#data.join('\n'), id: this.#id };
      const isTold = this.#data.length > 0;
      this.#event = '';
      this.#data = [];
      return isTold ? event : null;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
    else if (field === 'id') this.#id = value;
    return null;
  }
}

/** How a stream is doing. */
export type StreamState =
  | { kind: 'connecting' }
  | { kind: 'open' }
  | { kind: 'waiting'; failure: string; retryAt: number };

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/**
 * Listens by fetch, which can show a key where EventSource cannot. After an end or a failure it connects again,
 * from the last event on. Returns how to stop.
 */
export function listen(
  address: string,
  headers: Record<string, string>,
  heard: (event: StreamEvent) => void,
  changed: (state: StreamState) => void,
): () => void {
  const end = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let lastId = '';

  async function connect(): Promise<void> {
    changed({ kind: 'connecting' });
    let failure = 'The stream ended.';
    try {
      const resume: Record<string, string> = lastId === '' ? {} : { 'last-event-id': lastId };
      const response = await fetch(address, {
        headers: { accept: 'text/event-stream', ...headers, ...resume },
        signal: end.signal,
        cache: 'no-store',
      });
      if (!response.ok || !response.body) throw await failureOf(response);
      changed({ kind: 'open' });
      failures = 0;
      const parser = new EventParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        for (const event of parser.push(piece.value)) {
          lastId = event.id;
          heard(event);
        }
      }
    } catch (error) {
      failures += 1;
      failure =
        error instanceof TypeError ? 'The gateway cannot be reached.' : String((error as Error).message);
    }
    if (end.signal.aborted) return;
    const wait = Math.min(FIRST_RETRY_MS * 2 ** Math.max(failures - 1, 0), LONGEST_RETRY_MS);
    changed({ kind: 'waiting', failure, retryAt: Date.now() + wait });
    timer = setTimeout(connect, wait);
  }

  connect();
  return () => {
    clearTimeout(timer);
    end.abort();
  };
}
