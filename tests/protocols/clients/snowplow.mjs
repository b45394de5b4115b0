// Snowplow's tracker core with its media plugin; the envelope is the tracker's emitter's own.

import * as media from '@snowplow/browser-plugin-media';
import { newEmitter, newInMemoryEventStore, trackerCore } from '@snowplow/tracker-core';
import { live, requestsOf } from '../clock.mjs';
import { HEARTBEAT_MS, TITLE, VIEWER } from '../viewing.mjs';

const WORDS = {
  pause: media.trackMediaPause,
  resume: media.trackMediaPlay,
  // The element waits during a seek as well. The plugin holds seeks back until another event comes.
  stall: media.trackMediaBufferStart,
  stall_end: media.trackMediaBufferEnd,
  seek: media.trackMediaSeekStart,
  seek_end: media.trackMediaSeekEnd,
  end: media.trackMediaEnd,
  ad_break_start: media.trackMediaAdBreakStart,
  ad_break_end: media.trackMediaAdBreakEnd,
  ad_start: media.trackMediaAdStart,
  ad_end: media.trackMediaAdComplete,
};
const QUARTILES = {
  25: media.trackMediaAdFirstQuartile,
  50: media.trackMediaAdMidpoint,
  75: media.trackMediaAdThirdQuartile,
};

/** As many events a request as the emitter has at hand. */
export function snowplow(viewing, sessionId, began) {
  return requestsOf(async () => {
    // What waits is sent when everything has been told: the clock stands still while the network is asked.
    const emitter = newEmitter({
      endpoint: 'gateway',
      protocol: 'http',
      eventMethod: 'post',
      bufferSize: 1_000,
      eventStore: newInMemoryEventStore({}),
      customFetch: (request) => globalThis.fetch(request),
    });
    const waiting = [];
    const core = trackerCore({ base64: false, callback: (payload) => waiting.push(payload.build()) });
    core.setTrackerVersion('js-4.10.2');
    core.setPlatform('web');
    core.setAppId('protocols');
    core.setUserId(VIEWER);
    // What the plugin asks of the page: its clock, and to note that somebody is there.
    globalThis.window = globalThis;
    const tracker = { id: `sp-${sessionId}`, core, updatePageActivity: () => {} };
    media.SnowplowMediaPlugin().activateBrowserPlugin(tracker);
    const player = (moment) => ({
      currentTime: moment.position / 1000,
      duration: TITLE.durationMs / 1000,
      livestream: false,
      paused: moment.what === 'pause',
      ended: moment.what === 'end',
      ...(moment.rate && { playbackRate: moment.rate }),
    });
    await live(viewing, began, (moment) => tell(moment, sessionId, player(moment)));
    for (const event of waiting) await emitter.input(event);
    await emitter.flush();
  }, 'ok');
}

function tell(moment, id, player) {
  const { ad, code, quartile, rate, rendition, what } = moment;
  const break_ = ad && { adBreak: { breakId: ad.breakId, startTime: player.currentTime } };
  const entities = ad && { ...break_, ad: { adId: ad.adId, duration: ad.durationMs / 1000 } };
  const args = { id, player, ...entities };
  if (what === 'start') {
    media.startMediaTracking({
      id,
      player: { ...player, label: TITLE.id, playerType: 'protocols' },
      pings: { pingInterval: HEARTBEAT_MS / 1000 },
    });
    media.trackMediaPlay(args);
    media.trackMediaBufferStart(args);
  }
  if (what === 'first_frame') media.trackMediaBufferEnd(args);
  if (rendition) {
    media.trackMediaQualityChange({
      ...args,
      newQuality: `${rendition.height}p`,
      bitrate: rendition.kbps * 1000,
    });
  }
  if (rate) media.trackMediaPlaybackRateChange({ ...args, newRate: rate });
  if (code) media.trackMediaError({ ...args, errorCode: code });
  if (quartile) QUARTILES[quartile](args);
  WORDS[what]?.(args);
  if (what === 'seek') media.trackMediaBufferStart(args);
  if (what === 'seek_end') media.trackMediaBufferEnd(args);
  if (what === 'end') media.endMediaTracking({ id });
}
