// Writes ../src/api/schema.d.ts, the types of the API, from the document that the gateway tells of itself:
//   node client.mjs            writes it
//   node client.mjs --check    fails when it is not what the gateway tells
// The gateway is the command in PLAYHEAD_BIN (../../target/debug/playhead), run as `playhead openapi`.

import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import openapi, { astToString } from 'openapi-typescript';

const FILE = new URL('../src/api/schema.d.ts', import.meta.url);
const command =
  process.env.PLAYHEAD_BIN ?? fileURLToPath(new URL('../../target/debug/playhead', import.meta.url));

const document = JSON.parse(execFileSync(command, ['openapi'], { encoding: 'utf8', maxBuffer: 64 << 20 }));
const head = '// Made by web/generate/client.mjs from `playhead openapi`; not to be edited.\n\n';
const made = head + astToString(await openapi(document));
if (process.argv.includes('--check')) {
  if (made !== (await readFile(FILE, 'utf8'))) {
    console.error(
      'web/src/api/schema.d.ts is not what the gateway tells: run `npm --prefix web/generate run client`',
    );
    process.exit(1);
  }
} else {
  await writeFile(FILE, made);
}
