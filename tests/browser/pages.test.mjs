// The built-in pages against a gateway of their own: first nobody, then oneself, then an audience.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openPage } from './browser.mjs';
import { violations } from './pages/accessibility.mjs';
import { SIZES, snapshot } from './pages/layout.mjs';
import { chartPixels, number, text } from './pages/reading.mjs';
import { startAudience, startGateway } from './stack/gateway.mjs';
import { waitFor } from './stack/waiting.mjs';
import { rows } from './stack/warehouse.mjs';

/** From a beacon to the page; the first one also waits for the warehouse's consumer. */
const APPEAR_SECONDS = 120;
const VIEWERS = 40;

let gateway;
let browser;
let audience;
before(async () => {
  gateway = await startGateway('browser_pages');
  browser = await openBrowser();
});
after(async () => {
  await audience?.stop();
  await browser?.close();
  await gateway?.stop();
});

/** Opens a page of the gateway, and closes it with the test. */
async function visit(context, path, options) {
  const { page, complaints } = await openPage(browser, options);
  context.after(() => page.close());
  await page.goto(`${gateway.url}${path}`);
  return { page, complaints };
}

test('with nobody there the live page says so, and what to do', async (context) => {
  const { page, complaints } = await visit(context, '/?window=5m');
  await page.getByText('No beacons in this window yet').waitFor();
  assert.equal(await text(page, 'viewers-now'), '0');
  assert.equal(await text(page, 'headline-startup'), '–');
  assert.deepEqual(complaints.first(), []);
});

test('who plays the clip on /watch appears on the live page', async (context) => {
  const watch = await visit(context, '/watch');
  await watch.page.getByRole('button', { name: 'Play' }).click();
  await waitFor('the clip plays', 20, async () =>
    (await text(watch.page, 'fact-state')) === 'playing' ? true : null,
  );
  assert.match(await text(watch.page, 'reports-summary'), /all accepted$/);

  const live = await visit(context, '/?window=5m');
  await waitFor('one viewer, watching', APPEAR_SECONDS, async () => {
    // On a slow machine the clip may be over before its viewer has appeared.
    if ((await text(watch.page, 'fact-state')) === 'ended') {
      await watch.page.getByRole('button', { name: 'Start over' }).click();
    }
    return (await number(live.page, 'viewers-now')) === 1 ? true : null;
  });
  await live.page.getByRole('rowheader', { name: 'playhead-clip' }).waitFor();
  await snapshot(watch.page, 'watch');
  assert.deepEqual(await violations(watch.page), []);
  assert.deepEqual([...watch.complaints.first(), ...live.complaints.first()], []);
});

test('a stall asked for on /watch is a stall in sessions_v, and starting over is another session', async (context) => {
  const { page, complaints } = await visit(context, '/watch');
  const fact = (name, expected) =>
    waitFor(`${name} is ${expected}`, 30, async () =>
      expected.test(await text(page, `fact-${name}`)) ? true : null,
    );
  await page.getByRole('button', { name: 'Play' }).click();
  await fact('state', /^playing$/);
  const session = await text(page, 'fact-session');
  await page.getByRole('button', { name: 'Make it stall' }).click();
  await fact('state', /^stalled$/);
  await fact('state', /^playing$/);
  await fact('stalls', /^1, [34]\.\d+ s$/);
  await page.getByRole('button', { name: 'Start over' }).click();
  await fact('state', /^playing$/);
  assert.notEqual(await text(page, 'fact-session'), session);

  const row = await waitFor('the stall in the warehouse', APPEAR_SECONDS, async () => {
    const [found] = await rows(
      gateway.database,
      'SELECT stall_count, stalled_ms, is_started FROM sessions_v WHERE session_id = {session:String}',
      { session },
    );
    return found?.stall_count > 0 && found.stalled_ms > 0 ? found : null;
  });
  assert.equal(row.stall_count, 1);
  assert.equal(row.is_started, true);
  assert.ok(row.stalled_ms >= 3_500 && row.stalled_ms <= 6_000, `stalled for ${row.stalled_ms} ms`);
  assert.deepEqual(complaints.first(), []);
});

test('without the clip /watch says what to run', async (context) => {
  const { page } = await visit(context, '/watch');
  await page.route('**/media/clip/main.m3u8*', (route) => route.fulfill({ status: 404 }));
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByRole('alert').getByText('Run make web').waitFor();
});

test('numbers and charts move while beacons arrive', async (context) => {
  const { page, complaints } = await visit(context, '/?window=5m', {
    viewport: { width: 1440, height: 900 },
  });
  await page.getByTestId('viewers-now').waitFor();
  const before = {
    viewers: await number(page, 'viewers-now'),
    attempts: await number(page, 'headline-starts'),
    asOf: await text(page, 'as-of'),
    curve: await chartPixels(page, 'Concurrent viewers'),
    starts: await chartPixels(page, 'Plays'),
  };
  audience = startAudience(gateway, VIEWERS, 10);
  await waitFor('most of the audience is there', APPEAR_SECONDS, async () => {
    assert.equal(audience.failure(), null);
    return (await number(page, 'viewers-now')) >= VIEWERS * 0.7 ? true : null;
  });
  await waitFor('plays are counted', APPEAR_SECONDS, async () =>
    (await number(page, 'headline-starts')) > before.attempts ? true : null,
  );
  assert.notEqual(await text(page, 'as-of'), before.asOf);
  assert.notEqual(await chartPixels(page, 'Concurrent viewers'), before.curve);
  await waitFor('the bars of plays are drawn', 10, async () =>
    (await chartPixels(page, 'Plays')) !== before.starts ? true : null,
  );
  assert.ok((await page.locator('tbody tr').count()) >= 4, 'titles and device classes are listed');
  await waitFor('the start-up time is known', APPEAR_SECONDS, async () =>
    /^[\d.]+ m?s$/.test(await text(page, 'headline-startup')) ? true : null,
  );
  // It is known once a minute of play is computed, which may be one look after that in which the play was counted.
  await waitFor('the bitrate is known', APPEAR_SECONDS, async () =>
    /bit\/s$/.test(await text(page, 'headline-bitrate')) ? true : null,
  );
  assert.deepEqual(complaints.first(), []);
});

test('the window is in the address, and back takes it back', async (context) => {
  const { page } = await visit(context, '/');
  await page.getByRole('button', { name: '1 h' }).click();
  assert.equal(new URL(page.url()).search, '?window=1h');
  const answered = (window) =>
    page.waitForResponse((response) => response.url().endsWith(`/v1/live?window=${window}`) && response.ok());
  await answered('1h');
  await page.goBack();
  await answered('15m');
});

test('a chart is read with the arrow keys', async (context) => {
  const { page } = await visit(context, '/?window=5m');
  const chart = page.getByRole('slider', { name: 'Concurrent viewers' });
  await chart.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  const first = await chart.getAttribute('aria-valuetext');
  assert.match(first, /^\d\d:\d\d:\d\d: \d+ viewers, \d+ playing/);
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction(
    ([label, earlier]) =>
      document.querySelector(`[aria-label^="${label}"]`).getAttribute('aria-valuetext') !== earlier,
    ['Concurrent viewers', first],
  );
});

test('while the API fails the last numbers stay, marked as such, and come back to life', async (context) => {
  const { page } = await visit(context, '/?window=5m');
  await page.getByTestId('as-of').waitFor();
  await page.route('**/v1/live*', (route) =>
    route.fulfill({ status: 503, json: { detail: 'the warehouse is down' } }),
  );
  await page.getByText('Lost contact').waitFor();
  assert.ok((await number(page, 'viewers-now')) > 0);
  await page.unroute('**/v1/live*');
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByTestId('as-of').waitFor();
});

for (const colorScheme of ['light', 'dark']) {
  test(`nothing overflows from 360 to 3,840 pixels, ${colorScheme}; nothing is barred from anyone`, async (context) => {
    const { page, complaints } = await visit(context, '/?window=5m', { colorScheme });
    await page.getByTestId('viewers-now').waitFor();
    for (const viewport of SIZES) {
      await page.setViewportSize(viewport);
      const { overflow, cut } = await snapshot(page, `live-${viewport.width}-${colorScheme}`);
      assert.equal(overflow, 0, `${viewport.width} pixels wide`);
      assert.deepEqual(cut, [], `${viewport.width} pixels wide`);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(complaints.first(), []);
  });
}
