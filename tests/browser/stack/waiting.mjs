// Waiting for something that takes time, with an end.

import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks `probe` until it gives something other than null or undefined, and returns that.
 * Throws after `seconds`, naming `what` and the last error of the probe.
 */
export async function waitFor(what, seconds, probe, pauseMs = 200) {
  const end = Date.now() + seconds * 1000;
  let last = 'it never came';
  while (Date.now() < end) {
    try {
      const found = await probe();
      if (found !== null && found !== undefined) return found;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await sleep(pauseMs);
  }
  throw new Error(`${what}: not within ${seconds} s (${last})`);
}
