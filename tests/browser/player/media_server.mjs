// Serves the test's player page and the clip, and holds segments back when told to: the network
// that makes a player stall at a known moment.

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../stack/settings.mjs';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.m4s': 'video/mp4',
  '.mp4': 'video/mp4',
};
const here = fileURLToPath(new URL('.', import.meta.url));
const hls = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js');
/** The clip of the /watch page; `web/media/make.sh` makes it. */
export const CLIP = join(ROOT, 'web/public/media/clip');

/** Starts the server on a free port of the loopback address. */
export async function startMediaServer() {
  if (!existsSync(join(CLIP, 'main.m3u8'))) throw new Error('the clip is missing: run web/media/make.sh');
  let waiting = null;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://media');
    const send = () => sendFile(pathname, response);
    if (waiting && pathname.endsWith('.m4s')) waiting.push(send);
    else send();
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** From now on no segment is answered. */
    hold() {
      waiting ??= [];
    },
    /** Answers what was held, and everything from now on. */
    release() {
      const held = waiting ?? [];
      waiting = null;
      for (const send of held) send();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function sendFile(pathname, response) {
  const clean = normalize(pathname);
  const file =
    clean === '/hls.js'
      ? hls
      : clean.startsWith('/clip/')
        ? join(CLIP, clean.slice(6))
        : join(here, 'page', clean);
  if (!existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(clean === '/favicon.ico' ? 204 : 404).end();
    return;
  }
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
}
