// Takes the pictures of docs/screenshots, and tells when each page was painted first and what it weighed:
//   npm run screenshots                                   a gateway of its own with an audience, after two minutes
//   PLAYHEAD_URL=http://127.0.0.1:8080 npm run screenshots   a running one, such as that of `make demo`
//   npm run screenshots -- explore viewers                only these pictures

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBrowser, openPage } from './browser.mjs';
import { startAudience, startGateway } from './stack/gateway.mjs';
import { ROOT } from './stack/settings.mjs';

const FOLDER = `${ROOT}/docs/screenshots`;
const VIEWERS = 60;
const AUDIENCE_MS = 240_000;
/** Until the charts and tables of a page are there. */
const SETTLED_MS = 4_000;
const SIZE = { width: 1280, height: 800 };
/** With the map and what changed. */
const TALL = { width: 1280, height: 1420 };
const PHONE = { width: 390, height: 844 };

async function ownGateway() {
  const gateway = await startGateway('screenshots');
  const audience = startAudience(gateway, VIEWERS, 20);
  await sleep(AUDIENCE_MS);
  const stop = async () => {
    await audience.stop();
    await gateway.stop();
  };
  return { url: gateway.url, stop };
}

const running = process.env.PLAYHEAD_URL;
const { url, stop } = running ? { url: running, stop: async () => {} } : await ownGateway();
const browser = await openBrowser();

const wanted = process.argv.slice(2);

async function picture(name, path, options = {}) {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  const { page } = await openPage(browser, { viewport: SIZE, ...options });
  await page.goto(`${url}${path}`);
  await sleep(SETTLED_MS);
  const { paintMs, bytes } = await page.evaluate(() => ({
    paintMs: Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1),
    bytes: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .filter(({ name }) => !new URL(name).pathname.startsWith('/v1/'))
      .reduce((sum, entry) => sum + entry.encodedBodySize, 0),
  }));
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  console.log(`${name}: first paint after ${paintMs} ms, ${(bytes / 1000).toFixed(1)} kB`);
  await page.close();
}

/** The session of the window with the most to see: long, and with a stall or an error where there is one. */
async function eventfulSession() {
  const { sessions } = await (await fetch(`${url}/v1/sessions?limit=200`)).json();
  const weight = (play) =>
    Math.min(play.playing_ms, 120_000) / 1000 + 60 * play.stall_count + 90 * play.error_count;
  sessions.sort((a, b) => weight(b) - weight(a));
  return sessions[0]?.session_id ?? '';
}

try {
  await mkdir(FOLDER, { recursive: true });
  const session = encodeURIComponent(await eventfulSession());
  await picture('live', '/?window=5m', { viewport: TALL });
  await picture('live-dark', '/?window=5m', { viewport: TALL, colorScheme: 'dark' });
  await picture('live-phone', '/?window=5m', { viewport: PHONE });
  await picture(
    'explore',
    '/explore?metrics=rebuffering_ratio&group_by=cdn&from=now-15m&to=now&against=previous&step=1m',
  );
  await picture('sessions', '/sessions');
  await picture('session', `/sessions/${session}`);
  await picture('viewers', '/viewers', { colorScheme: 'dark' });
  await picture('integrator', `/integrator?session_id=${session}`);
} finally {
  await browser.close();
  await stop();
}
