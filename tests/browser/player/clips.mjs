// The clip of the /watch page, and the same pictures and sound as DASH.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../stack/settings.mjs';

/** HLS; `web/media/make.sh` makes it. */
export const HLS = join(ROOT, 'web/public/media/clip');

/** Repacks the clip, nothing of it is encoded anew; returns the folder. */
export function makeDash() {
  if (!existsSync(join(HLS, 'large/video.m3u8')))
    throw new Error('the clip is missing: run web/media/make.sh');
  const folder = mkdtempSync(join(tmpdir(), 'playhead-dash-'));
  const inputs = ['large', 'small'].flatMap((level) => ['-i', join(HLS, level, 'video.m3u8')]);
  const streams = ['-map', '0:v', '-map', '1:v', '-map', '0:a', '-c', 'copy'];
  const segments = ['-f', 'dash', '-seg_duration', '2', '-use_template', '1', '-use_timeline', '0'];
  const sets = ['-adaptation_sets', 'id=0,streams=v id=1,streams=a'];
  const names = ['-init_seg_name', 'init-$RepresentationID$.mp4'];
  const media = ['-media_seg_name', 'chunk-$RepresentationID$-$Number$.m4s'];
  const options = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', ...inputs, ...streams];
  const made = spawnSync(
    'ffmpeg',
    [...options, ...segments, ...sets, ...names, ...media, join(folder, 'manifest.mpd')],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`ffmpeg cannot repack the clip: ${made.stderr || made.error}`);
  begin(join(folder, 'manifest.mpd'));
  return folder;
}

/**
 * The pictures' first time stamp is two frames after 0, for the sake of the order in which they are decoded. Players
 * that take this for a gap jump over it, and report a seek that nobody made.
 */
function begin(manifest) {
  const isPicture = /contentType="video"[\s\S]*?<\/AdaptationSet>/;
  const text = readFileSync(manifest, 'utf8').replace(isPicture, (set) =>
    set.replaceAll('<SegmentTemplate ', '<SegmentTemplate presentationTimeOffset="80000" '),
  );
  writeFileSync(manifest, text);
}
