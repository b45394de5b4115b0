// hls.js as an application would use it, with its own CMCD version 2 reporting.

/** Loads the clip and reports; the level is fixed, so that it is known what plays. */
window.startPlayer = async ({ sessions, gateway, bufferSeconds }) => {
  const hls = new Hls({
    startLevel: 1,
    maxBufferLength: bufferSeconds,
    maxMaxBufferLength: bufferSeconds,
    // A held segment is no error: the network is slow, not broken.
    fragLoadPolicy: {
      default: { maxTimeToFirstByteMs: 60_000, maxLoadTimeMs: 60_000, timeoutRetry: null, errorRetry: null },
    },
    cmcd: {
      version: 2,
      sessionId: sessions.cmcd,
      contentId: 'browser-test',
      eventTargets: [{ url: `${gateway}/v1/cmcd`, events: CMCD_EVENTS, interval: 5, batchSize: 3 }],
    },
  });
  const trackers = [];
  const { video, meter } = beginViewing({
    lower: () => {
      hls.currentLevel = 0;
    },
    stop: async () => {
      for (const tracker of trackers) tracker.stop();
      // What is left of the last batch goes when the player is destroyed.
      hls.destroy();
    },
  });
  trackers.push(await window.startEpas(video, sessions.epas, `${gateway}/v1/epas`));
  trackers.push(window.startSnowplow(video, sessions.snowplow, gateway));
  hls.on(Hls.Events.MANIFEST_PARSED, () => {
    hls.loadLevel = 1;
  });
  hls.on(Hls.Events.FRAG_CHANGED, (_event, { frag }) => {
    const level = hls.levels[frag.level];
    const kbps = level.bitrate / 1000;
    if (kbps === meter.level) return;
    meter.levelOnScreen(kbps);
    for (const tracker of trackers) tracker.rendition(level);
  });
  hls.on(Hls.Events.ERROR, (_event, error) => {
    if (error.fatal) window.problems.push(error.details);
  });
  meter.loadCalled();
  hls.loadSource('/clip/main.m3u8');
  hls.attachMedia(video);
};
