// The viewing in the canonical beacon's words (docs/doors.md, proto/playhead/v1/beacon.proto): what an
// application sends that speaks to the native doors itself.

import { live } from '../clock.mjs';
import { HEARTBEAT_MS, TITLE, VIEWER } from '../viewing.mjs';

const STATES = {
  start: 'starting',
  first_frame: 'playing',
  pause: 'paused',
  resume: 'playing',
  stall: 'rebuffering',
  stall_end: 'playing',
  seek: 'seeking',
  seek_end: 'playing',
  end: 'ended',
};
const EVENTS = {
  rendition: 'bitrate_change',
  rate: 'playback_rate_change',
  warning: 'error',
  heartbeat: 'heartbeat',
  ad_break_start: 'ad_break_start',
  ad_break_end: 'ad_break_end',
  ad_start: 'ad_start',
  ad_end: 'ad_end',
  ad_quartile: 'ad_quartile',
};

/** Beacons as plain objects, numbered from 0. */
export async function beacons(viewing, sessionId, began) {
  const told = [];
  await live(viewing, began, (moment) => {
    const { rendition, ad, quartile, rate, code } = moment;
    told.push({
      session_id: sessionId,
      seq: told.length,
      event: EVENTS[moment.what] ?? 'play_state',
      ...(STATES[moment.what] && { state: STATES[moment.what] }),
      client_time_ms: Date.now(),
      position_ms: moment.position,
      content_id: TITLE.id,
      content: { title: TITLE.name },
      content_duration_ms: TITLE.durationMs,
      stream_type: 'vod',
      viewer_id: VIEWER,
      device_class: 'web',
      cdn: 'cdn-a',
      dropped_frames: 3,
      heartbeat_interval_ms: HEARTBEAT_MS,
      ...(rendition && {
        bitrate_kbps: rendition.kbps,
        width: rendition.width,
        height: rendition.height,
      }),
      ...(rate && { playback_rate: rate }),
      ...(code && { error: { code, fatal: false } }),
      ...(ad && { ad: { ad_id: ad.adId, break_id: ad.breakId, ...(quartile && { quartile }) } }),
    });
  });
  return told;
}

/** Some at a time, as clients send them. */
export const batches = (list, size) =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
