// Snowplow's browser tracker with its media plugin on the same video element. The plugin listens to
// nothing itself: the application tells it what the element says.

/** Watches the element until it is stopped. */
window.startSnowplow = (video, id, collector) => {
  const { newTracker } = window.snowplowBrowserTracking;
  const media = window.snowplowMedia;
  newTracker('sp', collector, { appId: 'browser-test', plugins: [media.SnowplowMediaPlugin()] });
  const player = () => ({
    currentTime: video.currentTime,
    duration: Number.isFinite(video.duration) ? video.duration : undefined,
    ended: video.ended,
    paused: video.paused,
    muted: video.muted,
    playbackRate: video.playbackRate,
    volume: Math.round(video.volume * 100),
  });
  const tell = (track, more) => track({ id, player: player(), ...more });
  media.startMediaTracking({
    id,
    player: { label: 'browser-test', playerType: 'hls.js', ...player() },
    pings: { pingInterval: 5 },
    boundaries: [25, 50, 75],
  });
  let isBuffering = false;
  const wiring = {
    loadedmetadata: () => tell(media.trackMediaReady),
    play: () => tell(media.trackMediaPlay),
    pause: () => video.ended || tell(media.trackMediaPause),
    seeking: () => tell(media.trackMediaSeekStart),
    seeked: () => tell(media.trackMediaSeekEnd),
    waiting: () => {
      isBuffering = true;
      tell(media.trackMediaBufferStart);
    },
    playing: () => {
      if (isBuffering) tell(media.trackMediaBufferEnd);
      isBuffering = false;
    },
    ended: () => tell(media.trackMediaEnd),
    timeupdate: () => media.updateMediaTracking({ id, player: player() }),
  };
  for (const [event, listen] of Object.entries(wiring)) video.addEventListener(event, listen);
  return {
    rendition: ({ bitrate, height }) =>
      tell(media.trackMediaQualityChange, { newQuality: `${height}p`, bitrate, automatic: true }),
    stop: () => {
      for (const [event, listen] of Object.entries(wiring)) video.removeEventListener(event, listen);
      media.endMediaTracking({ id });
    },
  };
};
