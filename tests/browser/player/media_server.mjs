// Serves the player pages, the players and the clip, and holds segments back when told to: the network
// that makes a player stall at a known moment.

import { createReadStream, existsSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HLS, makeDash } from './clips.mjs';
import { script } from './packages.mjs';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.m4s': 'video/mp4',
  '.mp4': 'video/mp4',
  '.mpd': 'application/dash+xml',
};
const PAGES = join(fileURLToPath(new URL('.', import.meta.url)), 'page');

/** Starts the server on a free port of the loopback address. */
export async function startMediaServer() {
  const dash = makeDash();
  const folders = { clip: HLS, dash };
  let waiting = null;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://media');
    const send = () => answer(normalize(pathname), folders, response);
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
      rmSync(dash, { recursive: true, force: true });
    },
  };
}

function answer(path, folders, response) {
  const [, first, ...rest] = path.split('/');
  const text = first === 'npm' ? script(rest.join('/')) : null;
  if (text !== null) {
    response.writeHead(200, { 'content-type': TYPES['.js'] }).end(text);
    return;
  }
  const file = folders[first] ? join(folders[first], ...rest) : join(PAGES, path);
  if (!existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
    return;
  }
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
}
