// What a viewer does on a player page, and what the page then says of itself.

import { randomBytes } from 'node:crypto';
import { openPage } from '../browser.mjs';
import { waitFor } from '../stack/waiting.mjs';

/** Longer than any run of the 24 s clip with its stalls; ms. */
const RUN_TIMEOUT_MS = 60_000;
/** How far ahead players load; s. The clip's segments have 2 s. */
const BUFFER_SECONDS = 3;

/** A run, and what it is known by. */
const newSessions = () => {
  const id = randomBytes(8).toString('hex');
  return { cmcd: `browser-cmcd-${id}`, epas: `browser-epas-${id}`, snowplow: `browser-snowplow-${id}` };
};

/**
 * From the beginning to the end, with everything that a session counts: a pause of a second, a stall of
 * 2.5 s after which the smaller rendition plays where the page can choose it, a seek beyond what is
 * loaded, and a stall of 1.5 s.
 */
export function eventful(browser, media, gateway, pageName) {
  return view(browser, media, gateway, pageName, async (page) => {
    await position(page, 1.5);
    await page.evaluate(() => window.video.pause());
    await page.waitForTimeout(1_000);
    await page.evaluate(() => window.play());
    await position(page, 2);
    media.hold();
    await stalled(page, 1, 2_500);
    await page.evaluate(() => window.player.lower());
    media.release();
    await page.waitForFunction(() => window.meter.open?.kind === 'played');
    await page.waitForTimeout(1_000);
    await page.evaluate(() => {
      window.video.currentTime = 16;
    });
    await position(page, 16.2);
    media.hold();
    await stalled(page, 2, 1_500);
    media.release();
    await page.waitForFunction(() => window.meter.endedAt !== null);
  });
}

/** Plays some seconds and leaves. */
export function brief(browser, media, gateway, pageName) {
  return view(browser, media, gateway, pageName, (page) => position(page, 3));
}

/** Opens the page, plays, does what the scenario says, and waits for the last report. */
async function view(browser, media, gateway, pageName, act) {
  const sessions = newSessions();
  const { page, complaints } = await openPage(browser);
  page.setDefaultTimeout(RUN_TIMEOUT_MS);
  const reports = countReports(page);
  try {
    await page.goto(`${media.url}/${pageName}.html`);
    await page.evaluate(
      async (options) => {
        await window.startPlayer(options);
        return window.play();
      },
      { sessions, gateway, bufferSeconds: BUFFER_SECONDS },
    );
    await act(page);
    const truth = await page.evaluate(() => window.meter.read());
    const problems = await page.evaluate(() => window.problems);
    await page.evaluate(() => window.player.stop());
    // The requests leave in a later turn of the page's event loop.
    await page.waitForTimeout(100);
    await waitFor('every report is answered', 10, () => (reports.open === 0 ? true : null), 50);
    return { sessions, truth, problems, complaints: complaints.first() };
  } finally {
    media.release();
    await page.close();
  }
}

/** How many POSTs of the page have no answer yet. */
function countReports(page) {
  const count = { open: 0 };
  const isReport = (request) => request.method() === 'POST';
  page.on('request', (request) => {
    if (isReport(request)) count.open += 1;
  });
  for (const end of ['requestfinished', 'requestfailed']) {
    page.on(end, (request) => {
      if (isReport(request)) count.open -= 1;
    });
  }
  return count;
}

const position = (page, seconds) => page.waitForFunction((at) => window.video.currentTime >= at, seconds);

/** Until the running stall, the `number`th, has lasted so long. */
const stalled = (page, number, ms) =>
  page.waitForFunction(
    ([count, least]) => {
      const { open, stalls } = window.meter;
      return open?.kind === 'stalls' && stalls.length === count - 1 && Date.now() - open.from >= least;
    },
    [number, ms],
    { polling: 20 },
  );
