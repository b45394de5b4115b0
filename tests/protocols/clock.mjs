// The clock that clients read, set by the viewing.

import { mock } from 'node:test';

/**
 * Tells each moment of a viewing that began at `began` (Unix ms) while the clients' clock shows it. Timers of
 * clients run by this clock too; nothing of the network may happen meanwhile.
 */
export async function live(viewing, began, tell) {
  mock.timers.enable({ apis: ['Date', 'setInterval', 'setTimeout'], now: began });
  try {
    let now = 0;
    for (const moment of viewing.moments) {
      mock.timers.tick(moment.at - now);
      now = moment.at;
      await tell(moment);
    }
  } finally {
    mock.timers.reset();
  }
}

/** Takes the place of fetch while `act` runs; returns the requests that it made. */
export async function requestsOf(act, answer = '{}') {
  const requests = [];
  const original = globalThis.fetch;
  globalThis.fetch = async (resource, options = {}) => {
    const url = new URL(resource.url ?? resource);
    const request = new Request(resource, options);
    const headers = Object.fromEntries(request.headers);
    requests.push({
      method: request.method,
      path: url.pathname + url.search,
      headers,
      body: request.method === 'GET' ? undefined : Buffer.from(await request.arrayBuffer()),
    });
    return new Response(answer, { status: 200, headers: { 'content-type': 'application/json' } });
  };
  try {
    await act();
  } finally {
    globalThis.fetch = original;
  }
  return requests;
}
