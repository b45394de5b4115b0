// Shaka as an application would use it, with its own CMCD version 2 reporting.

/** Loads the clip and reports; the larger rendition throughout. */
window.startPlayer = async ({ sessions, gateway, bufferSeconds }) => {
  shaka.polyfill.installAll();
  const shakaPlayer = new shaka.Player();
  const { video, meter } = beginViewing({
    lower: () => {},
    stop: () => shakaPlayer.destroy(),
  });
  await shakaPlayer.attach(video);
  const target = { enabled: true, url: `${gateway}/v1/cmcd`, events: CMCD_EVENTS, includeKeys: CMCD_KEYS };
  shakaPlayer.configure({
    abr: { enabled: false, defaultBandwidthEstimate: 5_000_000 },
    streaming: { bufferingGoal: bufferSeconds },
    cmcd: {
      enabled: true,
      version: 2,
      sessionId: sessions.cmcd,
      contentId: 'browser-test',
      useHeaders: false,
      includeKeys: CMCD_KEYS,
      eventTargets: [{ ...target, interval: 5, batchSize: 3 }],
    },
  });
  shakaPlayer.addEventListener('error', ({ detail }) => window.problems.push(`Shaka ${detail.code}`));
  meter.loadCalled();
  await shakaPlayer.load(new URL('/dash/manifest.mpd', location.href).href);
};
