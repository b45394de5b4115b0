// The same viewing, encoded by the clients' own libraries, through every door: the same session, as far
// as the protocol has words for it. What each can tell is the table of docs/protocols.md.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { startGateway } from '../browser/stack/gateway.mjs';
import { waitFor } from '../browser/stack/waiting.mjs';
import { rows } from '../browser/stack/warehouse.mjs';
import * as cmcd from './clients/cmcd.mjs';
import { epas } from './clients/epas.mjs';
import * as native from './clients/native.mjs';
import { snowplow } from './clients/snowplow.mjs';
import { cell, DOCUMENT, document, documented, table } from './facts.mjs';
import { VIEWINGS } from './viewing.mjs';

/** Each protocol with its client's encoder, and which viewings it has words for. */
const PROTOCOLS = {
  JSON: [native.json, ['plain', 'rich']],
  protobuf: [native.protobufMessages, ['plain', 'rich']],
  pixel: [native.pixel, ['plain', 'rich']],
  Firehose: [native.firehose, ['plain', 'rich']],
  'CMCD events': [cmcd.events, ['plain', 'rich']],
  'CMCD requests': [cmcd.requestMode, ['plain']],
  EPAS: [epas, ['plain']],
  Snowplow: [snowplow, ['plain', 'rich']],
};
/** The viewings lie so far back that every session is over when it arrives; ms. */
const AGO_MS = 300_000;
const SESSION_SECONDS = 120;
const COLUMNS = Object.keys({ ...VIEWINGS.plain.truth, ...VIEWINGS.rich.truth });
const SESSION = `
  SELECT end_reason AS ended_by, beacons_received, ${COLUMNS.join(', ')}
  FROM sessions_v AS s WHERE session_id = {session_id:String}`;

describe('one viewing through every protocol', () => {
  let gateway;
  const ids = {};
  const cells = Object.fromEntries(Object.keys(PROTOCOLS).map((name) => [name, {}]));
  before(async () => {
    gateway = await startGateway('protocols');
    const began = Date.now() - AGO_MS;
    for (const [name, [encode, viewings]] of Object.entries(PROTOCOLS)) {
      for (const viewing of viewings) {
        const id = `${viewing}-${name.replace(' ', '-')}-${randomBytes(6).toString('hex')}`;
        ids[`${name} ${viewing}`] = id;
        for (const request of await encode(VIEWINGS[viewing], id, began)) await send(gateway, request);
      }
    }
  });
  after(() => gateway?.stop());

  for (const [name, [, viewings]] of Object.entries(PROTOCOLS)) {
    for (const viewing of viewings) {
      test(`${name}: the ${viewing} viewing`, async () => {
        const { truth } = VIEWINGS[viewing];
        const session = await sessionOf(gateway, ids[`${name} ${viewing}`]);
        for (const [fact, value] of Object.entries(truth)) {
          cells[name][fact] = worse(cells[name][fact], cell(session[fact], value));
        }
        cells[name].counts_beacons = session.counts_beacons ? 'same' : '–';
        const wrong = Object.entries(cells[name]).filter(([, told]) => told.startsWith('WRONG'));
        assert.deepEqual(wrong, []);
      });
    }
  }

  test(`the table in ${DOCUMENT.split('/').slice(-2).join('/')} says so`, () => {
    const found = table([...COLUMNS, 'counts_beacons'], Object.keys(PROTOCOLS), cells);
    if (process.env.PLAYHEAD_WRITE_DOCS && !found.includes('WRONG')) document(found);
    assert.equal(documented(), found, 'run again with PLAYHEAD_WRITE_DOCS=1 to write it anew');
  });
});

/** A fact is told only if both viewings tell it. */
const worse = (one, other) => (one === undefined || one === 'same' ? other : one);

async function send(gateway, { path, method, headers, body }) {
  const response = await fetch(gateway.url + path, { method, headers, body });
  const text = await response.text();
  assert.ok(response.ok, `${path}: ${response.status} ${text}`);
  assert.doesNotMatch(text, /"results":\[\{/, path);
}

/** The session when everything has arrived and it is closed. */
function sessionOf(gateway, id) {
  const raw = `SELECT uniqExact(stream, seq) AS beacons, max(seq_is_ordinal) AS counts_beacons FROM beacons_v AS b
    WHERE session_key IN (SELECT session_key FROM session_ids_v AS i WHERE session_id = {session_id:String})`;
  return waitFor(`session ${id}`, SESSION_SECONDS, async () => {
    const found = await rows(gateway.database, SESSION, { session_id: id });
    assert.ok(found.length <= 1, `${found.length} plays of one title`);
    const [{ beacons, counts_beacons }] = await rows(gateway.database, raw, { session_id: id });
    const [session] = found;
    const isSettled = session && session.ended_by !== 'running' && session.beacons_received === beacons;
    return isSettled ? { ...session, counts_beacons } : null;
  });
}
