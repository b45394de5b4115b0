// Pages of the API against a gateway with a small audience: what they show is what the API says.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openPage } from './browser.mjs';
import { violations } from './pages/accessibility.mjs';
import { snapshot } from './pages/layout.mjs';
import { number, text } from './pages/reading.mjs';
import { startAudience, startGateway } from './stack/gateway.mjs';
import { waitFor } from './stack/waiting.mjs';
import { rows } from './stack/warehouse.mjs';

/** From the first beacon to numbers about it. */
const APPEAR_SECONDS = 180;
const VIEWERS = 30;
/** A phone and a wall. */
const WIDTHS = [390, 2560];

let gateway;
let browser;
let audience;
before(async () => {
  gateway = await startGateway('browser_explore');
  browser = await openBrowser();
  audience = startAudience(gateway, VIEWERS, 5);
  await waitFor('the audience is known', APPEAR_SECONDS, async () => {
    assert.equal(audience.failure(), null);
    const { viewers_now, totals } = await ask('/v1/live?window=15m');
    return viewers_now >= VIEWERS / 2 && totals.attempts > 0 ? true : null;
  });
  await waitFor('a settled minute knows it', APPEAR_SECONDS, async () => {
    const { rows } = await ask(`/v1/breakdown?metrics=attempts&group_by=device_class&${settledWindow()}`);
    return rows.some(({ metrics }) => one(metrics) > 0) ? true : null;
  });
});
after(async () => {
  await audience?.stop();
  await browser?.close();
  await gateway?.stop();
});

async function ask(path) {
  const response = await fetch(`${gateway.url}${path}`);
  const body = await response.text();
  assert.ok(response.ok, `${path}: ${response.status} ${body.slice(0, 300)}`);
  return JSON.parse(body);
}

async function visit(context, path, options) {
  const { page, complaints } = await openPage(browser, options);
  context.after(() => page.close());
  await page.goto(`${gateway.url}${path}`);
  return { page, complaints };
}

/** Settled numbers do not change between what the page was told and what the test asks. */
const settledWindow = () => {
  const to = new Date(Math.floor((Date.now() - 60_000) / 60_000) * 60_000);
  return `from=${new Date(to - 3_600_000).toISOString()}&to=${to.toISOString()}`;
};

const shown = (locator) => locator.allTextContents();
const one = (metrics) => Object.values(metrics)[0];
const counted = (texts) => texts.map((each) => Number(each.replaceAll(',', '')));

test('explore shows what GET /v1/breakdown says, and narrows to a group', async (context) => {
  const window = settledWindow();
  const { page, complaints } = await visit(
    context,
    `/explore?metrics=attempts&group_by=device_class&${window}`,
  );
  const cells = page.getByTestId('panel-groups').locator('tbody td:nth-child(2)');
  await cells.first().waitFor();
  await waitFor('the table agrees with the API', 30, async () => {
    const { rows } = await ask(`/v1/breakdown?metrics=attempts&group_by=device_class&${window}&limit=50`);
    const told = rows.map(({ metrics }) => one(metrics));
    return JSON.stringify(counted(await shown(cells))) === JSON.stringify(told) ? true : null;
  });
  await page.getByTestId('panel-groups').locator('tbody button').first().click();
  const address = new URL(page.url());
  assert.match(address.searchParams.get('filter'), /^device_class:is:\w+$/);
  assert.equal(address.searchParams.get('group_by'), null);
  await page.goBack();
  await page.getByRole('heading', { name: 'Attempts by device class' }).waitFor();
  assert.deepEqual(complaints.first(), []);
});

test('the call and the SQL behind the chart give its numbers', async (context) => {
  const window = settledWindow();
  const { page } = await visit(context, `/explore?metrics=attempts&group_by=cdn&${window}`);
  await page.getByTestId('copy-SQL').waitFor();
  const call = await text(page, 'copy-API call');
  const [, address] = /^curl '([^']+)'$/.exec(call) ?? [];
  assert.ok(address, call);
  const { series, times } = await ask(address.replace(gateway.url, ''));
  const expected = series
    .flatMap(({ group, metrics }) =>
      one(metrics).map((value, i) => [Date.parse(times[i]) / 1000, group.cdn, value]),
    )
    .filter(([, , value]) => value > 0)
    .map(([time, cdn, value]) => `${time} ${cdn} ${value}`)
    .sort();
  const sql = await text(page, 'copy-SQL');
  const response = await fetch(`${gateway.url}/v1/sql?${window}`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', accept: 'application/x-ndjson' },
    body: sql,
  });
  const body = await response.text();
  assert.ok(response.ok, `${sql}\n${body}`);
  const found = body
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter(({ value }) => value > 0)
    .map(
      ({ time, cdn, value }) =>
        `${Date.parse(`${time.replace(' ', 'T').replace(/Z?$/, 'Z')}`) / 1000} ${cdn} ${value}`,
    )
    .sort();
  assert.ok(expected.length > 0);
  assert.deepEqual(found, expected);
});

test('explore is asked by keyboard: metric, filter, comparison, and the CSV comes', async (context) => {
  const { page, complaints } = await visit(context, '/explore');
  await page.getByLabel('Metric', { exact: true }).focus();
  await page.getByLabel('Metric', { exact: true }).selectOption('rebuffering_ratio');
  await page.getByLabel('Definition').selectOption('conviva');
  await page.getByText('conviva_rebuffering_ratio =').waitFor();
  await page.getByRole('button', { name: '+ Filter' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Dimension of the filter').selectOption('device_class');
  await page.getByLabel('Value of the filter').fill('web');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'device class is web' }).waitFor();
  await page.getByLabel('Compared with').selectOption('previous');
  await page.getByRole('columnheader', { name: 'Change' }).waitFor();
  const { searchParams } = new URL(page.url());
  assert.deepEqual(
    ['metrics', 'definition', 'filter', 'against'].map((name) => searchParams.get(name)),
    ['rebuffering_ratio', 'conviva', 'device_class:is:web', 'previous'],
  );
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  assert.equal((await coming).suggestedFilename(), 'rebuffering_ratio.csv');
  assert.deepEqual(complaints.first(), []);
});

test('the live page compares CDNs and countries, and says what changed', async (context) => {
  const { page, complaints } = await visit(context, '/?window=15m&map=plays&changed=plays');
  for (const panel of ['countries', 'cdns', 'changed']) await page.getByTestId(`panel-${panel}`).waitFor();
  const country = page.getByTestId('panel-countries').locator('.ranks a').first();
  await country.waitFor();
  await page.getByTestId('panel-cdns').locator('tbody tr').first().waitFor();
  await page.getByTestId('changed-now').waitFor();
  assert.ok((await page.locator('.world a').count()) > 0, 'countries are shaded');
  await page.getByLabel('Metric of the map').selectOption('errors');
  assert.equal(new URL(page.url()).searchParams.get('map'), 'errors');
  assert.deepEqual(complaints.first(), []);
  await country.click();
  await page.getByRole('heading', { name: 'Errors' }).waitFor();
});

test('sessions are searched by any dimension, and a click takes the filter away', async (context) => {
  const [play] = (await ask('/v1/sessions?limit=1')).sessions;
  const filter = `device_class:is:${play.device_class}`;
  const { page, complaints } = await visit(context, `/sessions?from=now-1h&to=now&filter=${filter}`);
  const rows = page.getByTestId('panel-sessions').locator('tbody tr');
  await rows.first().waitFor();
  const devices = await rows.locator('td:nth-of-type(4)').allTextContents();
  assert.deepEqual([...new Set(devices)], [play.device_class.replaceAll('_', ' ') || 'unknown']);
  await page
    .getByRole('list', { name: 'Filters' })
    .getByRole('button', { name: /remove/ })
    .click();
  assert.deepEqual(new URL(page.url()).searchParams.getAll('filter'), []);
  await waitFor('other devices are listed', 30, async () => {
    const shown = new Set(await rows.locator('td:nth-of-type(4)').allTextContents());
    return shown.size > 1 ? true : null;
  });
  assert.deepEqual(complaints.first(), []);
});

/** Sessions of two hours ago, long before the audience came. */
async function sendFormerSessions(count, agoMs) {
  const began = Date.now() - agoMs;
  const beacons = Array.from({ length: count }, (_, number) =>
    ['starting', 'playing', 'ended'].map((state, seq) => ({
      session_id: `former-${number}`,
      seq,
      event: 'play_state',
      state,
      client_time_ms: began + number * 1_000 + seq * 500,
      sent_time_ms: Date.now(),
      content_id: 'former',
    })),
  );
  const sent = await fetch(`${gateway.url}/v1/beacons`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(beacons.flat()),
  });
  assert.ok(sent.ok, await sent.text());
}

test('sessions that do not fit on a page are on the next one', async (context) => {
  const former = 110;
  const agoMs = 7_200_000;
  const [from, to] = [agoMs + 600_000, agoMs - 1_200_000].map((ms) =>
    new Date(Date.now() - ms).toISOString(),
  );
  const window = `from=${from}&to=${to}`;
  await sendFormerSessions(former, agoMs);
  await waitFor('the former sessions are computed', APPEAR_SECONDS, async () => {
    const ended =
      "SELECT count() AS plays FROM sessions_v WHERE content_id = 'former' AND end_reason = 'finished'";
    const [{ plays }] = await rows(gateway.database, ended);
    return plays === former ? true : null;
  });
  const all = (await ask(`/v1/sessions?${window}&limit=1000`)).sessions;
  const expected = all.map(({ session_id }) => session_id);
  const { page, complaints } = await visit(context, `/sessions?${window}`);
  const links = page.getByTestId('panel-sessions').locator('tbody th a');
  await links.first().waitFor();
  assert.deepEqual(await shown(links), expected.slice(0, 50));
  await page.getByRole('button', { name: 'Next page' }).click();
  await waitFor('the second page', 30, async () => {
    const ids = await shown(links);
    return ids[0] === expected[50] ? true : null;
  });
  assert.deepEqual(await shown(links), expected.slice(50, 100));
  assert.ok(new URL(page.url()).searchParams.get('cursor'));
  await page.goBack();
  await waitFor('the first page again', 30, async () =>
    (await shown(links))[0] === expected[0] ? true : null,
  );
  assert.deepEqual(complaints.first(), []);
});

test('a session is found, and its timeline says what the API says', async (context) => {
  const { page, complaints } = await visit(context, '/sessions?from=now-1h&to=now');
  const links = page.getByTestId('panel-sessions').locator('tbody th a');
  await links.first().waitFor();
  const { sessions } = await ask('/v1/sessions?limit=100');
  const ids = new Set(sessions.map(({ session_id }) => session_id));
  const id = (await shown(links))[0];
  assert.ok(ids.has(id), id);
  await page.getByLabel('Session id').fill(id);
  await page.keyboard.press('Enter');
  await page.getByTestId('lanes').first().waitFor();
  const { plays } = await ask(`/v1/sessions/${id}`);
  assert.match(
    await page.locator('main h2').first().textContent(),
    new RegExp(plays[0].content_title || plays[0].content_id || 'unnamed'),
  );
  await waitFor('the timeline has the states of the play', 30, async () => {
    const { plays } = await ask(`/v1/sessions/${id}`);
    const drawn = await page.locator('.lane').first().locator('rect').count();
    return drawn === plays[0].intervals.length ? true : null;
  });
  await waitFor('its beacons are all there', 30, async () => {
    const { items } = await ask(`/v1/sessions/${id}/beacons?limit=1000`);
    const beacons = items.filter(({ kind }) => kind === 'beacon').length;
    return (await page.locator('rect.beacon').count()) === beacons ? true : null;
  });
  assert.deepEqual(complaints.first(), []);
});

test('an unknown session is told as such', async (context) => {
  const { page } = await visit(context, '/sessions/nobody');
  await page.getByText('there is no session `nobody`').waitFor();
});

test('viewers are as many as the API says, and playheads move between beacons', async (context) => {
  const { page, complaints } = await visit(context, '/viewers');
  await page.getByTestId('person').first().waitFor();
  await waitFor('the numbers agree', 30, async () => {
    const { viewers_now, statuses } = await ask('/v1/viewers/live');
    const same =
      (await number(page, 'viewers-now')) === viewers_now &&
      (await number(page, 'count-watching')) === statuses.watching;
    return same ? true : null;
  });
  const watching = page.locator('[data-status=watching] [data-testid=position]:not(:empty)').first();
  const before = await watching.textContent();
  await waitFor('a playhead moves', 10, async () =>
    (await watching.textContent()) === before ? null : true,
  );
  await page.getByRole('button', { name: /^paused/ }).click();
  assert.equal(new URL(page.url()).search, '?status=paused');
  assert.deepEqual(complaints.first(), []);
});

test('integrators see each beacon of a session with its outcome and advice', async (context) => {
  const { page, complaints } = await visit(context, '/integrator?session_id=s-integrator');
  await page.getByText('Listening').waitFor();
  const beacon = { session_id: 's-integrator', event: 'heartbeat', client_time_ms: Date.now() };
  // A line that cannot be read is shown to whoever watches another one of its request.
  const sent = await fetch(`${gateway.url}/v1/beacons`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([beacon, { ...beacon, client_time_ms: 'yesterday' }]),
  });
  assert.equal(sent.status, 200);
  await waitFor('both are told', 20, async () =>
    (await page.getByTestId('line').count()) === 2 ? true : null,
  );
  assert.match(await text(page, 'outcomes'), /1 accepted · 1 refused/);
  await page.locator('.advice li').first().waitFor();
  assert.deepEqual(complaints.first(), []);
});

test('a read key entered on a page is shown to the API until it is forgotten', async (context) => {
  const { page } = await visit(context, '/sessions');
  const withKey = page.waitForRequest(
    (request) => request.headers().authorization === 'Bearer ph_read_of_a_test',
  );
  await page.getByRole('button', { name: 'Key' }).click();
  await page.getByLabel('Read key').fill('ph_read_of_a_test');
  await page.keyboard.press('Enter');
  await withKey;
  await page.getByRole('button', { name: 'Key …test' }).click();
  await page.getByRole('button', { name: 'Forget' }).click();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
});

for (const colorScheme of ['light', 'dark']) {
  for (const path of [
    '/',
    '/explore?group_by=cdn&against=previous',
    '/sessions',
    '/viewers',
    '/integrator?session_id=s',
  ]) {
    const name = path.split('?')[0].slice(1) || 'live';
    test(`${name} in ${colorScheme} bars nobody and fits a phone and a wall`, async (context) => {
      const { page, complaints } = await visit(context, path, {
        colorScheme,
        viewport: { width: 1440, height: 900 },
      });
      await page.locator('main .card').first().waitFor();
      await waitFor('the first answers are there', 30, async () =>
        (await page.getByText('Asking').count()) === 0 ? true : null,
      );
      assert.deepEqual(await violations(page), []);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 1000 });
        const { overflow, cut } = await snapshot(page, `${name}-${width}-${colorScheme}`);
        assert.equal(overflow, 0, `${width} pixels wide`);
        assert.deepEqual(cut, [], `${width} pixels wide`);
      }
      assert.deepEqual(complaints.first(), []);
    });
  }
}
