/** What the viewer of the page goes through, in the words of docs/sessions.md. */
export type Condition =
  | 'idle'
  | 'starting'
  | 'playing'
  | 'stalled'
  | 'seeking'
  | 'paused'
  | 'ended'
  | 'failed';

/** What the page itself has measured on the video element, all in ms. */
export interface Measured {
  condition: Condition;
  startupMs: number | null;
  playedMs: number;
  stalls: number;
  stalledMs: number;
}

/** The events of a media element that change the condition. */
export const WATCHED = ['play', 'playing', 'pause', 'waiting', 'seeking', 'seeked', 'ended'] as const;

/** Follows one session by its element's events. Times are Unix ms and come from outside. */
export class Meter {
  private condition: Condition = 'idle';
  private since = 0;
  private startupMs: number | null = null;
  private playedMs = 0;
  private stalls = 0;
  private stalledMs = 0;

  /** Takes one event; `paused` is the element's own word at that moment. */
  take(event: (typeof WATCHED)[number] | 'failed', at: number, paused: boolean): void {
    const started = this.startupMs !== null;
    switch (event) {
      case 'play':
        if (!started && this.condition === 'idle') this.enter('starting', at);
        break;
      case 'playing':
        if (!started) this.startupMs = at - this.since;
        this.enter('playing', at);
        break;
      case 'waiting':
        // Waiting before the first frame is start-up, after a seek it is the seek.
        if (this.condition === 'playing') {
          this.stalls += 1;
          this.enter('stalled', at);
        }
        break;
      case 'seeking':
        if (started) this.enter('seeking', at);
        break;
      case 'seeked':
        if (started && paused) this.enter('paused', at);
        break;
      case 'pause':
        if (started) this.enter('paused', at);
        break;
      case 'ended':
      case 'failed':
        this.enter(event, at);
        break;
    }
  }

  /** Everything so far, the running condition included up to `at`. */
  read(at: number): Measured {
    const running = this.condition === 'idle' ? 0 : Math.max(0, at - this.since);
    return {
      condition: this.condition,
      startupMs: this.startupMs,
      playedMs: this.playedMs + (this.condition === 'playing' ? running : 0),
      stalls: this.stalls,
      stalledMs: this.stalledMs + (this.condition === 'stalled' ? running : 0),
    };
  }

  private enter(next: Condition, at: number): void {
    if (this.condition === 'playing') this.playedMs += at - this.since;
    if (this.condition === 'stalled') this.stalledMs += at - this.since;
    this.condition = next;
    this.since = at;
  }
}
