// dash.js as an application would use it, with its own CMCD version 2 reporting.

/** Loads the clip and reports; the larger rendition throughout. */
window.startPlayer = async ({ sessions, gateway, bufferSeconds }) => {
  const dash = dashjs.MediaPlayer().create();
  const { video, meter } = beginViewing({
    lower: () => {},
    stop: async () => dash.destroy(),
  });
  const target = { enabled: true, url: `${gateway}/v1/cmcd`, events: CMCD_EVENTS, enabledKeys: CMCD_KEYS };
  dash.updateSettings({
    streaming: {
      buffer: {
        bufferTimeDefault: bufferSeconds,
        bufferTimeAtTopQuality: bufferSeconds,
        bufferTimeAtTopQualityLongForm: bufferSeconds,
      },
      abr: { autoSwitchBitrate: { video: false }, initialBitrate: { video: 500 } },
      cmcd: {
        enabled: true,
        version: 2,
        sid: sessions.cmcd,
        cid: 'browser-test',
        mode: 'query',
        enabledKeys: CMCD_KEYS,
        eventTargets: [{ ...target, interval: 5, batchSize: 3 }],
      },
    },
  });
  // It looks at the clock every 200 ms: where it finds the end before the element does, it pauses the element, which then never tells one.
  dash.on('playbackEnded', () => meter.ended(Date.now()));
  dash.on('error', ({ error }) => window.problems.push(error?.message ?? 'error'));
  meter.loadCalled();
  dash.initialize(video, new URL('/dash/manifest.mpd', location.href).href, false);
};
