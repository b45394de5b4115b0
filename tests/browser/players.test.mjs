// Real players and trackers in a real browser report one viewing each; what the warehouse makes of it
// agrees with what the page measured on the video element.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser } from './browser.mjs';
import { CLIENTS, title } from './player/clients.mjs';
import { compare, SESSION, startupTolerance, table } from './player/comparison.mjs';
import { startMediaServer } from './player/media_server.mjs';
import { brief, eventful } from './player/scenarios.mjs';
import { startGateway } from './stack/gateway.mjs';
import { waitFor } from './stack/waiting.mjs';
import { rows } from './stack/warehouse.mjs';

/** From the last report to the finished session in sessions_v; s. */
const SESSION_SECONDS = 120;

describe('clients from npm', () => {
  let gateway;
  let browser;
  let media;
  /** Runs by page. Each is what it gave, or why it failed, which is its own clients' matter. */
  const runs = new Map();
  before(async () => {
    gateway = await startGateway('browser_players');
    browser = await openBrowser();
    media = await startMediaServer();
    // One after the other: two pages at once keep each other from answering a call to play.
    for (const page of new Set(CLIENTS.map((client) => client.page))) {
      runs.set(page, await settled(eventful(browser, media, gateway.url, page)));
    }
    // Nothing of it is compared by the clock.
    runs.set('shaka', await settled(brief(browser, media, gateway.url, 'shaka')));
  });
  after(async () => {
    await browser?.close();
    await media?.stop();
    await gateway?.stop();
  });

  /** The one row of sessions_v that is ready. */
  const sessionOf = (id, isReady) =>
    waitFor(`session ${id}`, SESSION_SECONDS, async () => {
      const found = await rows(gateway.database, SESSION, { session_id: id });
      assert.ok(found.length <= 1, `${found.length} plays of one title`);
      return found.length === 1 && isReady(found[0]) ? found[0] : null;
    });

  for (const client of CLIENTS) {
    test(`${title(client)}: its session is what the page measured`, async () => {
      const { sessions, truth, problems, complaints } = runs.get(client.page)();
      assert.deepEqual(problems, []);
      const unexpected = complaints.filter((text) => !(client.remark && text.includes(client.remark)));
      assert.deepEqual(unexpected, []);
      assert.equal(truth.finished, true);
      assert.equal(truth.stalls.length, 2);
      const session = await sessionOf(sessions[client.session], (row) => row.end_reason !== 'running');
      const comparison = compare(client, truth, session);
      const heading = `\n${title(client)}, ${session.beacons_received} beacons`;
      console.log(table(heading, truth, comparison));
      const differing = comparison.filter((row) => !row.holds);
      assert.deepEqual(differing, []);
    });
  }

  test('Shaka as it is shipped tells no states: its start-up and what else it tells is there, the rest is unknown', async () => {
    const { sessions, truth, problems, complaints } = runs.get('shaka')();
    assert.deepEqual([problems, complaints], [[], []]);
    assert.ok(truth.polledPlayedMs > 2_000);
    const session = await sessionOf(sessions.cmcd, (row) => row.beacons_received >= 6);
    assert.equal(session.content_id, 'browser-test');
    const late = session.startup_ms - truth.startupFromLoadMs;
    const allowed = startupTolerance(truth);
    assert.ok(Math.abs(late) <= allowed, `start-up: ${late} ms off, ${allowed} ms allowed`);
    assert.deepEqual(session.timeline, []);
    assert.deepEqual([session.stall_count, session.playing_ms, session.error_count], [0, 0, 0]);
    assert.equal(session.beacons_lost, 0);
  });
});

/** A run whose failure is told by the tests of its own clients, and leaves the other runs alone. */
async function settled(promise) {
  const [{ value, reason }] = await Promise.allSettled([promise]);
  return () => {
    if (reason) throw reason;
    return value;
  };
}
