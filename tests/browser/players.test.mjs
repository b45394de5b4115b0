// A real player in a real browser reports its viewing; what the warehouse makes of it agrees with
// what the page measured on the video element.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser } from './browser.mjs';
import { compare, SESSION, table } from './player/comparison.mjs';
import { startMediaServer } from './player/media_server.mjs';
import { smooth, stalling } from './player/scenarios.mjs';
import { startGateway } from './stack/gateway.mjs';
import { waitFor } from './stack/waiting.mjs';
import { rows } from './stack/warehouse.mjs';

/** From the last report to the finished session in sessions_v; s. */
const SESSION_SECONDS = 120;

// One after the other: two pages that start at once keep each other from answering a call to play.
describe('hls.js', () => {
  let gateway;
  let browser;
  before(async () => {
    gateway = await startGateway('browser_players');
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  for (const [name, scenario] of Object.entries({ smooth, stalling })) {
    test(`${name} run: sessions_v agrees with the video element`, async (context) => {
      const media = await startMediaServer();
      context.after(() => media.stop());
      const { sessionId, truth, problems, complaints } = await scenario(
        browser,
        media,
        `${gateway.url}/v1/cmcd`,
      );
      assert.deepEqual(problems, []);
      assert.deepEqual(complaints, []);
      assert.equal(truth.finished, true);
      assert.equal(truth.stalls.length, name === 'smooth' ? 0 : 2);

      const session = await waitFor('the finished session', SESSION_SECONDS, async () => {
        const [row] = await rows(gateway.database, SESSION, { session_id: sessionId });
        return row && row.end_reason !== 'running' ? row : null;
      });
      const comparison = compare(truth, session);
      const title = `\nhls.js, ${name} run, session ${sessionId}, ${session.beacons_received} beacons`;
      console.log(table(title, truth, comparison));
      assert.equal(session.content_id, 'browser-test');
      assert.equal(session.error_count, 0);
      const differing = comparison.filter((row) => !row.holds);
      assert.deepEqual(differing, []);
    });
  }
});
