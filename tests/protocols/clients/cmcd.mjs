// CMCD by the reference library of the standard's authors, which hls.js, dash.js and Shaka have inside.

import { CMCD_V1, CmcdReporter, toCmcdUrl, toCmcdValue } from '@svta/cml-cmcd';
import { live } from '../clock.mjs';
import { HEARTBEAT_MS, TITLE } from '../viewing.mjs';

const EVENTS = 'ps pr c b bc e rr ce t m um pe pc as ae abs abe sk'.split(' ');
const KEYS = 'bl br cdn cid dfa e ec msd mtp pr pt sf sid sn st sta ts v'.split(' ');
const STATES = {
  start: 's',
  first_frame: 'p',
  pause: 'a',
  resume: 'p',
  stall: 'r',
  stall_end: 'p',
  seek: 'k',
  seek_end: 'p',
  end: 'e',
};
const AD_EVENTS = { ad_break_start: 'abs', ad_start: 'as', ad_end: 'ae', ad_break_end: 'abe' };

/** Event mode, version 2, three reports a request. */
export async function events(viewing, sessionId, began) {
  const requests = [];
  const reporter = new CmcdReporter(
    {
      version: 2,
      sid: sessionId,
      cid: TITLE.id,
      eventTargets: [
        {
          url: 'http://gateway/v1/cmcd',
          events: EVENTS,
          enabledKeys: KEYS,
          interval: HEARTBEAT_MS / 1000,
          batchSize: 3,
        },
      ],
    },
    async ({ url, method, headers, body }) => {
      requests.push({ method, path: new URL(url).pathname, headers, body });
      return { status: 204 };
    },
  );
  await live(viewing, began, (moment) => {
    const { rendition, rate, code, what } = moment;
    // What the condition is goes before what happened, as the library asks for it.
    reporter.update({ pt: moment.position, st: 'v', sf: 'd', cdn: 'cdn-a', dfa: 3 });
    // Signs of life come by the library's own timer.
    if (what === 'start') reporter.start();
    if (rendition) reporter.update({ br: [toCmcdValue(rendition.kbps, { v: true })] });
    if (rate) reporter.update({ pr: rate });
    if (STATES[what]) reporter.update({ sta: STATES[what] });
    if (AD_EVENTS[what]) reporter.recordEvent(AD_EVENTS[what]);
    if (code) reporter.recordEvent('e', { ec: [code] });
    if (what === 'end') reporter.stop(true);
  });
  return requests;
}

/** Request mode, version 1: what the player adds to the addresses of its segments, mirrored. */
export async function requestMode(viewing, sessionId, began) {
  const requests = [];
  let kbps = 0;
  await live(viewing, began, (moment) => {
    kbps = moment.rendition?.kbps ?? kbps;
    if (kbps === 0) return;
    const report = toCmcdUrl(
      {
        br: kbps,
        bl: 8_000,
        cid: TITLE.id,
        d: 4_000,
        mtp: 25_000,
        ot: 'v',
        sf: 'd',
        sid: sessionId,
        st: 'v',
      },
      { version: CMCD_V1 },
    );
    const mirrored = new URLSearchParams({ ts: Date.now(), rc: 200, cdn: 'cdn-a' });
    requests.push({
      method: 'GET',
      path: `/v1/cmcd/request/video/segment-${requests.length}.m4s?CMCD=${report}&${mirrored}`,
      headers: {},
    });
  });
  return requests;
}
