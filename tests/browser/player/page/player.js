// hls.js as an application would use it, with its own CMCD version 2 reporting.

const EVENTS = 'ps pr c b bc e rr ce t m um pe pc as ae abs abe sk h'.split(' ');

/** Loads the clip and reports to `target`; the level is fixed, so that it is known what plays. */
window.startPlayer = (sessionId, target, maxBufferSeconds) => {
  const video = document.querySelector('video');
  const meter = new TruthMeter(video);
  const hls = new Hls({
    startLevel: 1,
    maxBufferLength: maxBufferSeconds,
    maxMaxBufferLength: maxBufferSeconds,
    // A held segment is no error: the network is slow, not broken.
    fragLoadPolicy: {
      default: { maxTimeToFirstByteMs: 60_000, maxLoadTimeMs: 60_000, timeoutRetry: null, errorRetry: null },
    },
    cmcd: {
      version: 2,
      sessionId,
      contentId: 'browser-test',
      eventTargets: [{ url: target, events: EVENTS, interval: 5, batchSize: 3 }],
    },
  });
  const problems = [];
  hls.on(Hls.Events.MANIFEST_PARSED, () => {
    hls.loadLevel = 1;
  });
  hls.on(Hls.Events.FRAG_CHANGED, (_event, { frag }) => {
    meter.levelOnScreen(hls.levels[frag.level].bitrate / 1000);
  });
  hls.on(Hls.Events.ERROR, (_event, error) => {
    if (error.fatal) problems.push(error.details);
  });
  hls.loadSource('/clip/main.m3u8');
  hls.attachMedia(video);
  Object.assign(window, { hls, meter, video, problems });
  window.play = () => {
    meter.playCalled();
    return video.play();
  };
};
