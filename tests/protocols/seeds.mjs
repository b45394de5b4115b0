// The viewing in every protocol, at a fixed time and under a fixed name: what fuzzing begins with.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import * as cmcd from './clients/cmcd.mjs';
import { epas } from './clients/epas.mjs';
import * as native from './clients/native.mjs';
import { snowplow } from './clients/snowplow.mjs';
import { VIEWINGS } from './viewing.mjs';

const BEGAN = 1_795_250_000_000;
const ID = 'seed';

/** Bodies of requests, and of those without one the query of the address. */
export async function requests() {
  const bodies = async (encode, viewing = 'rich') =>
    (await encode(VIEWINGS[viewing], ID, BEGAN)).map(({ body, path }) => body ?? path.split('?')[1]);
  return {
    json: await bodies(native.json),
    protobuf: await bodies(native.protobufMessages),
    pixel: await bodies(native.pixel),
    cmcd: await bodies(cmcd.events),
    cmcdRequests: await bodies(cmcd.requestMode),
    epas: await bodies(epas, 'plain'),
    snowplow: await bodies(snowplow),
    firehose: await bodies(native.firehose),
    records: records(),
  };
}

/** Records as Kafka carries them, with their lengths before them. */
function records() {
  const folder = fileURLToPath(new URL('../../proto/playhead/v1/', import.meta.url));
  const root = new protobuf.Root();
  for (const file of ['beacon.proto', 'record.proto']) {
    protobuf.parse(readFileSync(folder + file, 'utf8'), root, { keepCase: true });
  }
  const Record = root.lookupType('playhead.v1.BeaconRecord');
  const encoded = (fields) => Record.encodeDelimited(Record.fromObject(fields)).finish();
  const base = { tenant: 'default', session_id: ID, session_key: 7, stream: 'json', client_time_ms: BEGAN };
  return [
    encoded(base),
    Buffer.concat([0, 1, 2].map((seq) => encoded({ ...base, seq, received_time_ms: BEGAN + seq }))),
    encoded({ ...base, attributes: '{"content_id":"c"}', details: '{"error":{"code":"E1"}}' }),
  ].map(Buffer.from);
}
