// Eyevinn's SDK on the same video element, called as its page tells applications to call it.

import { PlayerAnalyticsConnector } from '@eyevinn/player-analytics-client-sdk-web';

/** Watches the element until it is stopped; the application tells title and rendition itself. */
window.startEpas = async (video, sessionId, url) => {
  const analytics = new PlayerAnalyticsConnector(url);
  await analytics.init({ sessionId, heartbeatInterval: 5_000 });
  analytics.load(video);
  analytics.reportMetadata({ contentId: 'browser-test', deviceType: 'web', live: false });
  return {
    rendition: ({ bitrate, width, height }) =>
      analytics.reportBitrateChange({ bitrate: bitrate / 1000, width, height }),
    stop: () => {
      analytics.reportStop();
      analytics.destroy();
    },
  };
};
