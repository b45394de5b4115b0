// Serves the built pages with a made-up audience: npm run build, npm run stub, then open the address.
// STUB_PORT chooses the port (8090); ?empty, ?young, ?fail and ?absent on the page's address are for odd states.

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerTo } from './answers.mjs';
import { liveAnswer } from './live.mjs';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.m4s': 'video/iso.segment',
  '.mp4': 'video/mp4',
};
const WINDOWS = { '5m': 300, '15m': 900, '1h': 3600, '6h': 21_600 };
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGES = {
  '/': 'index.html',
  '/explore': 'explore.html',
  '/sessions': 'sessions.html',
  '/viewers': 'viewers.html',
  '/integrator': 'integrator.html',
  '/watch': 'watch.html',
};

/** A live tail of beacons, one of three refused. */
function tail(response) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('event: watching\ndata: {}\n\n');
  let index = 0;
  const timer = setInterval(() => {
    index += 1;
    const told =
      index % 3 === 0
        ? {
            outcome: 'refused',
            reason: 'missing_field',
            field: 'client_time_ms',
            message: 'client_time_ms is missing',
          }
        : {
            outcome: 'accepted',
            advice: ['without seq (0, 1, 2, ... in each session) lost beacons cannot be counted'],
            beacon: { event: 'heartbeat', state: 'playing', position_ms: index * 5000 },
          };
    response.write(
      `event: beacon\ndata: ${JSON.stringify({ received_time_ms: Date.now(), door: 'json', index: 0, ...told })}\n\n`,
    );
  }, 1000);
  response.on('close', () => clearInterval(timer));
}

/** For how long there has been an audience: always, not yet, or for a minute and a half. */
function audienceSeconds(parameters) {
  if (parameters.has('empty')) return 0;
  return parameters.has('young') ? 90 : undefined;
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://stub');
  const referer = new URL(request.headers.referer ?? 'http://stub/');
  const json = (status, value) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  if (url.pathname === '/v1/live') {
    if (referer.searchParams.has('fail')) return json(503, { detail: 'the warehouse does not answer' });
    return json(
      200,
      liveAnswer(WINDOWS[url.searchParams.get('window') ?? '15m'], audienceSeconds(referer.searchParams)),
    );
  }
  if (url.pathname === '/v1/cmcd') {
    request.resume();
    return request.on('end', () =>
      json(200, { received: 1, accepted: 1, refused: 0, dropped: 0, results: [] }),
    );
  }
  if (url.pathname === '/v1/debug/stream') return tail(response);
  if (url.pathname.startsWith('/v1/')) {
    const absent = referer.searchParams.has('absent');
    const answer = absent ? null : answerTo(url);
    return answer
      ? json(200, answer)
      : json(404, { reason: 'not_found', detail: 'there is nothing at this address' });
  }
  const name = PAGES[`/${url.pathname.split('/')[1]}`] ?? url.pathname;
  const file = join(dist, normalize(name));
  if (!existsSync(file) || !statSync(file).isFile()) return json(404, { detail: 'no such page' });
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': policy,
  });
  createReadStream(file).pipe(response);
});

const port = Number(process.env.STUB_PORT ?? 8090);
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/`));
