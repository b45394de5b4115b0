import Hls, { ErrorDetails, Events } from 'hls.js';
import { Meter, WATCHED } from './meter';
import { newSessionId, reporting, type Sent } from './reports';

/** The clip that the gateway serves beside the pages. */
const CLIP = '/media/clip/main.m3u8';
/** Reports older than these are forgotten. */
const KEPT_REPORTS = 200;
/** How long the picture stands still when the viewer asks for a stall; ms. */
const STARVE_MS = 4_000;

/** One viewing of the clip, with its own session, reported as any hls.js player would. */
export class Viewing {
  readonly sessionId = newSessionId();
  readonly meter = new Meter();
  /** The newest POSTs, newest first. */
  sent: Sent[] = [];
  /** What went wrong, for people; null when nothing did. */
  problem: string | null = null;
  /** Bitrate of the level on screen; kbit/s. */
  bitrateKbps: number | null = null;

  private readonly hls: Hls;
  private readonly listeners = new AbortController();

  constructor(private readonly video: HTMLVideoElement) {
    // Little is buffered ahead, so that a stall on request comes within seconds.
    this.hls = new Hls({
      maxBufferLength: 4,
      maxMaxBufferLength: 4,
      cmcd: reporting(this.sessionId, new URL('/v1/cmcd', location.href).href, (sent) => {
        this.sent = [sent, ...this.sent].slice(0, KEPT_REPORTS);
      }),
    });
    const { signal } = this.listeners;
    for (const event of WATCHED) {
      video.addEventListener(event, () => this.meter.take(event, Date.now(), video.paused), { signal });
    }
    this.hls.on(Events.LEVEL_SWITCHED, (_event, { level }) => {
      this.bitrateKbps = (this.hls.levels[level]?.bitrate ?? 0) / 1000 || null;
    });
    this.hls.on(Events.ERROR, (_event, error) => {
      if (!error.fatal) return;
      this.meter.take('failed', Date.now(), video.paused);
      this.problem = explain(error.details, error.response?.code);
    });
    this.hls.attachMedia(video);
    this.hls.loadSource(CLIP);
  }

  /** Holds the media back until the picture has stood still for four seconds. */
  starve(): void {
    this.hls.stopLoad();
    const { signal } = this.listeners;
    const resume = () => setTimeout(() => !signal.aborted && this.hls.startLoad(), STARVE_MS);
    this.video.addEventListener('waiting', resume, { once: true, signal });
  }

  /** Ends the viewing; what has not been reported yet is sent. */
  end(): void {
    this.listeners.abort();
    this.hls.destroy();
  }
}

/** Whether this browser can play the clip at all. */
export const isSupported = () => Hls.isSupported();

function explain(details: ErrorDetails, status: number | undefined): string {
  if (details === ErrorDetails.MANIFEST_LOAD_ERROR && status === 404) {
    return 'The clip is not part of this build. Run make web, and start the gateway again.';
  }
  return `The player gave up: ${details}${status ? ` (HTTP ${status})` : ''}.`;
}
