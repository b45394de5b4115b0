// The native doors: JSON, protobuf by protobufjs from the published schema, pictures, and records of Firehose.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import protobuf from 'protobufjs';
import { batches, beacons } from './beacons.mjs';
import { deliveries } from './firehose.mjs';

const SCHEMA = fileURLToPath(new URL('../../../proto/playhead/v1/beacon.proto', import.meta.url));
const Beacon = protobuf
  .parse(readFileSync(SCHEMA, 'utf8'), { keepCase: true })
  .root.lookupType('playhead.v1.Beacon');

/** An array a request. */
export async function json(viewing, sessionId, began) {
  return batches(await beacons(viewing, sessionId, began), 4).map((batch) => ({
    method: 'POST',
    path: '/v1/beacons',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(batch),
  }));
}

/** Messages with their lengths before them, in gzip. */
export async function protobufMessages(viewing, sessionId, began) {
  return batches(await beacons(viewing, sessionId, began), 4).map((batch) => ({
    method: 'POST',
    path: '/v1/beacons',
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
    body: gzipSync(Buffer.concat(batch.map((beacon) => Beacon.encodeDelimited(message(beacon)).finish()))),
  }));
}

/** A beacon as the schema has it: lists by the names of their members, texts in maps. */
function message(beacon) {
  const texts = (group) => group && Object.fromEntries(Object.entries(group).map(([k, v]) => [k, String(v)]));
  const enums = {
    event: 'EVENT_KIND',
    state: 'PLAY_STATE',
    stream_type: 'STREAM_TYPE',
    device_class: 'DEVICE_CLASS',
  };
  const named = Object.entries(enums)
    .filter(([field]) => beacon[field])
    .map(([field, prefix]) => [field, `${prefix}_${beacon[field].toUpperCase()}`]);
  const object = { ...beacon, ...Object.fromEntries(named) };
  for (const group of ['content', 'error', 'ad']) {
    if (object[group]) object[group] = texts(object[group]);
  }
  return Beacon.fromObject(object);
}

/** A picture a beacon. */
export async function pixel(viewing, sessionId, began) {
  return (await beacons(viewing, sessionId, began)).map((beacon) => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(beacon)) {
      if (typeof value !== 'object') parameters.set(name, value);
      else for (const [key, each] of Object.entries(value)) parameters.set(`${name}.${key}`, each);
    }
    return { method: 'GET', path: `/v1/pixel.gif?${parameters}`, headers: {} };
  });
}

/** JSON beacons put into a Kinesis stream, delivered by Firehose. */
export async function firehose(viewing, sessionId, began) {
  const records = (await beacons(viewing, sessionId, began)).map((beacon) => JSON.stringify(beacon));
  return deliveries(records, 5, began);
}
