// The clients as npm has them: each file is served as it is.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
/** The folder of an installed package. */
const folder = (name) => {
  const paths = require.resolve.paths(name).map((path) => join(path, name));
  for (const path of paths) {
    try {
      readFileSync(join(path, 'package.json'));
      return path;
    } catch {
      // Looked for in the next place.
    }
  }
  throw new Error(`${name} is missing: run npm ci in tests/browser`);
};
const file = (name, path) => join(folder(name), path);

const EPAS = '@eyevinn/player-analytics-client-sdk-web';

/** Files by the name under which pages load them. */
const FILES = {
  'hls.js': file('hls.js', 'dist/hls.min.js'),
  'dash.js': file('dashjs', 'dist/modern/umd/dash.all.min.js'),
  'shaka.js': file('shaka-player', 'dist/shaka-player.compiled.js'),
  'shaka-debug.js': file('shaka-player', 'dist/shaka-player.compiled.debug.js'),
  'epas.js': file(EPAS, 'dist/module.js'),
  'epas-events.js': file('@eyevinn/media-event-filter', 'build/mef.min.js'),
  'snowplow.js': file('@snowplow/browser-tracker', 'dist/index.umd.min.js'),
  'snowplow-media.js': file('@snowplow/browser-plugin-media', 'dist/index.umd.min.js'),
};

/** The text of a script under `/npm/`; null for any other name. */
export function script(name) {
  if (name === 'epas-specification.js') {
    // A page cannot import JSON as the SDK's bundlers do; it is the version number that is wanted.
    const specification = readFileSync(
      file('@eyevinn/player-analytics-specification', 'package.json'),
      'utf8',
    );
    return `export default ${specification}`;
  }
  return FILES[name] ? readFileSync(FILES[name]) : null;
}

/** The version of a package, for the report. */
export const version = (name) => JSON.parse(readFileSync(file(name, 'package.json'), 'utf8')).version;
