import type { CMCDControllerConfig } from 'hls.js';

/** What became of one POST to the gateway. */
export interface Sent {
  /** When the answer came; Unix ms. */
  at: number;
  /** The reports, one a line, as they went over the wire. */
  lines: string[];
  /** HTTP status; 0 when there was no answer. */
  status: number;
}

/** Every event of CMCD version 2, by the specification's tokens. */
const EVENTS = [
  ...[
    'ps',
    'pr',
    'c',
    'b',
    'bc',
    'e',
    'rr',
    'ce',
    't',
    'm',
    'um',
    'pe',
    'pc',
    'as',
    'ae',
    'abs',
    'abe',
    'sk',
    'h',
  ],
] as NonNullable<NonNullable<CMCDControllerConfig['eventTargets']>[number]['events']>;

/** Seconds between two signs of life. */
const HEARTBEAT_SECONDS = 5;

/**
 * hls.js' own reporting, version 2, event mode, all keys, each report sent at once. Requests are
 * kept alive, so that the last reports leave even when the page is closed.
 */
export function reporting(sessionId: string, url: string, told: (sent: Sent) => void): CMCDControllerConfig {
  return {
    version: 2,
    sessionId,
    contentId: 'playhead-clip',
    eventTargets: [{ url, events: EVENTS, interval: HEARTBEAT_SECONDS, batchSize: 1 }],
    loader: async ({ url: target, method = 'POST', headers = {}, body = null }) => {
      const lines = typeof body === 'string' ? body.trimEnd().split('\n') : [];
      let status = 0;
      try {
        status = (await fetch(target, { method, headers, body, keepalive: true })).status;
      } catch {
        // No answer counts as 503: the reporter keeps the reports and sends them again.
      }
      told({ at: Date.now(), lines, status });
      return { status: status || 503 };
    },
  };
}

/** A random session id; also where `crypto.randomUUID` is missing (pages served without TLS). */
export function newSessionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `watch-${hex}`;
}

/** A report without the keys that are the same on every line of a session. */
export function withoutConstants(line: string): string {
  return line.replace(/(^|,)(sid|cid|sf|v)=("[^"]*"|[^,]*)/g, '').replace(/^,/, '');
}
