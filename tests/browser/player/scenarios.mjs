// What a viewer does on the player page, and what the page then says of itself.

import { randomBytes } from 'node:crypto';
import { openPage } from '../browser.mjs';
import { waitFor } from '../stack/waiting.mjs';

/** Longer than any run of the 24 s clip with its stalls; ms. */
const RUN_TIMEOUT_MS = 90_000;

/** Plays to the end with one pause of a second and one seek forward. */
export function smooth(browser, media, target) {
  return view(browser, media, target, 8, async (page) => {
    await position(page, 6);
    await page.evaluate(() => window.video.pause());
    await page.waitForTimeout(1_000);
    await page.evaluate(() => window.play());
    await position(page, 9);
    await page.evaluate(() => {
      window.video.currentTime = 14;
    });
  });
}

/**
 * Plays to the end while the network holds segments back twice: until the picture has stood still
 * for 2.5 s, with a change to the smaller rendition (as a player's own logic would), and for 3.5 s.
 */
export function stalling(browser, media, target) {
  return view(browser, media, target, 4, async (page) => {
    await position(page, 2);
    media.hold();
    await stalled(page, 1, 2_500);
    await page.evaluate(() => {
      window.hls.currentLevel = 0;
    });
    media.release();
    await position(page, 13);
    media.hold();
    await stalled(page, 2, 3_500);
    media.release();
  });
}

/** Opens the page, plays, does what the scenario says, waits for the end and for the last report. */
async function view(browser, media, target, maxBufferSeconds, act) {
  const sessionId = `browser-test-${randomBytes(8).toString('hex')}`;
  const { page, complaints } = await openPage(browser);
  page.setDefaultTimeout(RUN_TIMEOUT_MS);
  const reports = countReports(page);
  try {
    await page.goto(`${media.url}/player.html`);
    await page.evaluate(
      ([session, url, buffer]) => {
        window.startPlayer(session, url, buffer);
        return window.play();
      },
      [sessionId, target, maxBufferSeconds],
    );
    await act(page);
    await page.waitForFunction(() => window.meter.endedAt !== null);
    const truth = await page.evaluate(() => window.meter.read());
    const problems = await page.evaluate(() => window.problems);
    // The player sends what is left of its last batch when it is destroyed, if anything is.
    await page.evaluate(() => window.hls.destroy());
    // The request leaves in a later turn of the page's event loop.
    await page.waitForTimeout(100);
    await waitFor('every report is answered', 10, () => (reports.open === 0 ? true : null), 50);
    return { sessionId, truth, problems, complaints: complaints.first() };
  } finally {
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
