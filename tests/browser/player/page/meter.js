// What really happened on the video element: by its events, and independently of them by looking
// at the playhead every 20 ms and at the first frame on screen. Nothing here comes from the
// player's reports.

const LOOK_EVERY_MS = 20;

class TruthMeter {
  constructor(video) {
    this.video = video;
    this.loadCalledAt = null;
    this.playCalledAt = null;
    this.firstPlayingAt = null;
    this.firstFrameAt = null;
    this.endedAt = null;
    this.stalls = [];
    this.pauses = [];
    this.seeks = [];
    this.played = [];
    this.levels = [];
    this.level = null;
    this.open = null;
    this.polled = { playedMs: 0, stalledMs: 0, at: null, position: null };
    const on = (event, take) => video.addEventListener(event, () => take(Date.now()));
    on('playing', (at) => this.playing(at));
    on('waiting', (at) => {
      if (this.firstPlayingAt !== null && !video.seeking && this.open?.kind === 'played')
        this.begin('stalls', at);
    });
    on('seeking', (at) => this.firstPlayingAt !== null && this.begin('seeks', at));
    on('pause', (at) => {
      if (!video.ended && this.firstPlayingAt !== null) this.begin('pauses', at);
    });
    on('ended', (at) => this.ended(at));
    video.requestVideoFrameCallback?.(() => {
      this.firstFrameAt = Date.now();
    });
    this.startupHeldUpMs = 0;
    this.timer = setInterval(() => this.look(Date.now()), LOOK_EVERY_MS);
  }

  /** The moment when the player was given its source. */
  loadCalled() {
    this.loadCalledAt ??= Date.now();
  }

  /** The moment of the call to play(). */
  playCalled() {
    this.playCalledAt ??= Date.now();
  }

  /** The level of the fragment under the playhead, by its bitrate in kbit/s. */
  levelOnScreen(kbps) {
    if (kbps === this.level) return;
    this.level = kbps;
    this.levels.push({ at: Date.now(), kbps });
  }

  playing(at) {
    this.firstPlayingAt ??= at;
    this.begin('played', at);
  }

  /** The end of the title: whoever tells it first, the element or a player that ends it by itself. */
  ended(at) {
    if (this.endedAt !== null) return;
    this.close(at);
    this.endedAt = at;
  }

  begin(kind, at) {
    if (this.endedAt !== null || this.open?.kind === kind) return;
    this.close(at);
    this.open = { kind, from: at };
  }

  close(at) {
    if (this.open) this[this.open.kind].push({ from: this.open.from, to: at });
    this.open = null;
  }

  look(at) {
    const { polled, video } = this;
    const elapsed = polled.at === null ? 0 : at - polled.at;
    // While the page does not run, neither its own clock nor the player's is looked at when it should be.
    if (this.loadCalledAt !== null && this.firstPlayingAt === null) {
      this.startupHeldUpMs += Math.max(0, elapsed - LOOK_EVERY_MS);
    }
    if (this.firstPlayingAt !== null && !video.paused && !video.seeking && !video.ended) {
      if (video.currentTime > polled.position) polled.playedMs += elapsed;
      else polled.stalledMs += elapsed;
    }
    polled.at = at;
    polled.position = video.currentTime;
  }

  /** Mean bitrate over the time played, each stretch with the level that was on screen. */
  averageKbps() {
    let weight = 0;
    let sum = 0;
    for (const span of this.played) {
      this.levels.forEach((level, i) => {
        const from = Math.max(span.from, i === 0 ? 0 : level.at);
        const to = Math.min(span.to, this.levels[i + 1]?.at ?? Number.POSITIVE_INFINITY);
        if (to <= from) return;
        weight += to - from;
        sum += (to - from) * level.kbps;
      });
    }
    return weight > 0 ? sum / weight : null;
  }

  /** Everything as plain data, all durations in ms. */
  read() {
    const lengths = (spans) => spans.map((span) => span.to - span.from);
    const total = (spans) => lengths(spans).reduce((sum, length) => sum + length, 0);
    return {
      startupFromPlayMs: this.firstPlayingAt - this.playCalledAt,
      startupFromLoadMs: this.firstPlayingAt - this.loadCalledAt,
      startupHeldUpMs: this.startupHeldUpMs,
      firstFrameMs: this.firstFrameAt === null ? null : this.firstFrameAt - this.playCalledAt,
      stalls: lengths(this.stalls),
      pauses: lengths(this.pauses),
      seeks: lengths(this.seeks),
      playedMs: total(this.played),
      polledPlayedMs: this.polled.playedMs,
      polledStalledMs: this.polled.stalledMs,
      averageKbps: this.averageKbps(),
      levels: this.levels,
      finished: this.endedAt !== null,
      dropped: this.video.getVideoPlaybackQuality().droppedVideoFrames,
    };
  }
}

window.TruthMeter = TruthMeter;
