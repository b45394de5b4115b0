// Every command that docs/doors.md shows does what it shows there.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startGateway } from '../browser/stack/gateway.mjs';
import { settings } from '../browser/stack/settings.mjs';

const DOORS = fileURLToPath(new URL('../../docs/doors.md', import.meta.url));
const ADDRESS = 'http://127.0.0.1:8080';
/** Moments of the page; the gateway takes what is at most a week old. */
const MOMENT = /1795258\d{6}/g;
/** What tells the time of day in an answer. */
const TIMES = ['received_time_ms', 'time_ms', 'timestamp'];

/** Commands with what they print: a line that begins with `$ `, and all up to the next one. */
function examples(text) {
  const found = [];
  let heading = '';
  const blocks = text.split(/^```/m);
  blocks.forEach((block, i) => {
    heading =
      block
        .match(/^## (.+)$/gm)
        ?.at(-1)
        ?.slice(3) ?? heading;
    if (i % 2 === 0 || !block.startsWith('console\n')) return;
    for (const part of block.slice('console\n'.length).split(/^\$ /m).slice(1)) {
      found.push({ heading, ...commandAndOutput(part.trimEnd().split('\n')) });
    }
  });
  return found;
}

/** The command ends with the first line after which the shell would not ask for more. */
function commandAndOutput(lines) {
  let end = 1;
  while (isOpen(lines.slice(0, end).join('\n'))) end += 1;
  return { command: lines.slice(0, end).join('\n'), output: lines.slice(end).join('\n') };
}

/** Whether a quotation is open, or the line goes on. */
function isOpen(command) {
  const quotes = command.replace(/\\'/g, '').split("'").length - 1;
  return quotes % 2 === 1 || /[\\|]$/.test(command.trimEnd());
}

const run = promisify(execFile);
const found = examples(readFileSync(DOORS, 'utf8'));

describe('the commands of docs/doors.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'playhead-documented-'));
  let gateway;
  /** Of a gateway that forwards; every other door takes what comes without one. */
  let key;
  before(async () => {
    const file = join(folder, 'keys.json');
    const options = ['--tenant', 'acme', '--door', 'forward', '--file', file];
    const made = await run(settings.binary, ['keys', 'make', ...options]);
    key = made.stdout.trim();
    gateway = await startGateway('documented', {
      PLAYHEAD_GATE__MODE: 'dry_run',
      PLAYHEAD_GATE__KEYS_FILE: file,
    });
  });
  after(async () => {
    await gateway?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('there is one for every door', () => {
    const doors = ['/v1/beacons', '/v1/pixel', '/v1/time', '/v1/cmcd?', '/v1/cmcd/request', '/v1/epas'];
    const byGet = [`-G ${ADDRESS}/v1/cmcd `, `-G ${ADDRESS}/i `, `-i ${ADDRESS}/v1/forward `];
    const byPost = ['/tp2', '/v1/firehose', `curl ${ADDRESS}/v1/forward `];
    for (const door of [...doors, ...byGet, ...byPost]) {
      assert.ok(
        found.some(({ command }) => command.includes(door)),
        door,
      );
    }
  });

  for (const { heading, command, output } of found) {
    test(`${heading}: ${command.split('\n')[0].slice(0, 80)}`, async () => {
      assert.ok(command.includes(ADDRESS), 'the command asks the gateway');
      const script = command.replaceAll(ADDRESS, gateway.url).replace(MOMENT, String(Date.now()));
      const { stdout } = await run('bash', ['-c', script.replace(/\bcurl /, 'curl -sS --fail ')], {
        encoding: 'buffer',
        // Some of them write a file.
        cwd: folder,
        env: { ...process.env, KEY: key },
      });
      compare(stdout.toString('latin1').replaceAll('\r', ''), output);
    });
  }
});

/** JSON is compared as JSON, heads of answers line by line, as far as the page shows them. */
function compare(answer, output) {
  if (/^[[{]/.test(output)) {
    assert.deepEqual(timeless(JSON.parse(answer)), timeless(JSON.parse(output)));
    return;
  }
  const lines = answer.split('\n').map((line) => line.trim());
  // A picture comes whatever happens, and so does its status with some.
  const reason = lines.find((line) => line.startsWith('x-playhead-reason'));
  assert.equal(reason, undefined, 'it was not taken');
  for (const line of output.split('\n').filter((each) => each.trim() !== '')) {
    assert.ok(lines.includes(line.trim()), `"${line}" is missing from:\n${answer}`);
  }
}

function timeless(value) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => {
    if (TIMES.includes(name)) assert.equal(typeof each, 'number', name);
    return [name, TIMES.includes(name) ? 0 : each];
  });
  return Object.fromEntries(entries);
}
