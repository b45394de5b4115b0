// Eyevinn's SDK, told each event by the application (its page calls that manual event triggering).

import sdk from '@eyevinn/player-analytics-client-sdk-web';
import { live, requestsOf } from '../clock.mjs';
import { HEARTBEAT_MS, TITLE, VIEWER } from '../viewing.mjs';

/** One event a request. */
export function epas(viewing, sessionId, began) {
  const analytics = new sdk.PlayerAnalytics('http://gateway/v1/epas');
  const state = (event, moment, payload) => ({
    event,
    sessionId,
    timestamp: Date.now(),
    // The SDK's types count in seconds, and -1 stands for what is not known, 0 included.
    playhead: moment.position / 1000 || -1,
    duration: TITLE.durationMs / 1000,
    ...(payload && { payload }),
  });
  const metadata = {
    contentId: TITLE.id,
    contentTitle: TITLE.name,
    live: false,
    userId: VIEWER,
    deviceType: 'web',
  };
  const told = {
    start: (moment) => {
      analytics.metadata(state('metadata', moment, metadata));
      analytics.loading(state('loading', moment));
    },
    first_frame: (moment) => {
      analytics.loaded(state('loaded', moment));
      analytics.playing(state('playing', moment));
    },
    pause: (moment) => analytics.pause(state('paused', moment)),
    resume: (moment) => analytics.playing(state('playing', moment)),
    stall: (moment) => analytics.buffering(state('buffering', moment)),
    stall_end: (moment) => analytics.buffered(state('buffered', moment)),
    seek: (moment) => analytics.seeking(state('seeking', moment)),
    seek_end: (moment) => analytics.seeked(state('seeked', moment)),
    heartbeat: (moment) => analytics.heartbeat(state('heartbeat', moment)),
    warning: (moment) => analytics.warning(state('warning', moment, { code: moment.code })),
    end: (moment) => analytics.stopped(state('stopped', moment, { reason: 'ended' })),
  };
  return requestsOf(
    async () => {
      await live(viewing, began, async (moment) => {
        const { rendition, what } = moment;
        if (what === 'start') {
          await analytics.initiateAnalyticsReporter({ sessionId, heartbeatInterval: HEARTBEAT_MS });
        }
        if (rendition) {
          const { kbps, width, height } = rendition;
          analytics.bitrateChanged(state('bitrate_changed', moment, { bitrate: kbps, width, height }));
        }
        told[what]?.(moment);
      });
    },
    JSON.stringify({ sessionId, heartbeatInterval: HEARTBEAT_MS }),
  );
}
