// Writes fuzz/corpus anew: what real clients' libraries make of a viewing, in small pieces, so that the fuzzer begins
// with inputs that are accepted. Run `npm --prefix tests/protocols ci` first, then `node fuzz/seed.mjs`.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, deflateRawSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { requests } from '../tests/protocols/seeds.mjs';

const CORPUS = fileURLToPath(new URL('corpus/', import.meta.url));
const CAPTURES = fileURLToPath(new URL('../tests/fixtures/captures/', import.meta.url));
/** Small inputs are what the fuzzer takes apart fastest; bytes. */
const SEED_MAX_BYTES = 3_000;
const SEEDS_MAX = 12;

rmSync(CORPUS, { recursive: true, force: true });

/** A corpus of the smallest and different ones of these. */
function corpus(parser, inputs) {
  mkdirSync(CORPUS + parser, { recursive: true });
  const all = [
    ...new Map(inputs.map((input) => [Buffer.from(input).toString('hex'), Buffer.from(input)])).values(),
  ];
  const small = all.filter((input) => input.length <= SEED_MAX_BYTES);
  const step = Math.max(1, Math.floor(small.length / SEEDS_MAX));
  const chosen = small.filter((_, i) => i % step === 0).slice(0, SEEDS_MAX);
  for (const [i, input] of chosen.entries()) {
    writeFileSync(`${CORPUS}${parser}/${String(i).padStart(2, '0')}`, input);
  }
}

const captured = (player, is = () => true) =>
  readFileSync(`${CAPTURES}${player}-smooth.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((request) => request.method === 'POST' && is(request))
    .map((request) => request.body);
const reported = (player) =>
  readFileSync(`${CAPTURES}${player}-smooth.reqmode.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => new URL(JSON.parse(line).url, 'http://media').search.slice(1));

const { json, protobuf, pixel, cmcd, cmcdRequests, epas, snowplow, firehose, records } = await requests();
corpus('native_json', [
  ...json,
  '{"session_id":"s","event":"heartbeat"}\n{"session_id":"s","event":"custom","tags":{"a":"b"}}',
]);
corpus('native_protobuf', protobuf.map(gunzipSync));
corpus('pixel_query', pixel);
corpus('cmcd_events', [...cmcd, ...captured('hls'), ...captured('dash'), ...captured('shaka')]);
corpus('cmcd_requests', [...cmcdRequests, ...reported('dash').slice(0, 9)]);
corpus('cmcd_query', [...cmcdRequests, ...reported('shaka').slice(0, 6), ...reported('dash').slice(0, 6)]);
corpus('epas', [...epas, ...captured('epas')]);
// One event a payload: whole batches are too long to be taken apart.
const events = snowplow.flatMap((body) => {
  const { schema, data } = JSON.parse(body);
  return data.map((event) => JSON.stringify({ schema, data: [event] }));
});
corpus('snowplow_payload', events);
const query = (body) => new URLSearchParams(JSON.parse(body).data[0]).toString();
corpus('snowplow_query', events.map(query));
corpus('firehose', firehose.map(gunzipSync));
const plain = Buffer.from(json[0]);
const encodings = [
  [0, gzipSync(plain)],
  [1, gzipSync(plain)],
  [3, brotliCompressSync(plain)],
  [4, deflateSync(plain)],
  [4, deflateRawSync(plain)],
  // zstd: a frame of one raw block.
  [2, Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 2, 17, 0, 0, 0x5b, 0x5d])],
];
corpus(
  'decompression',
  encodings.map(([first, body]) => Buffer.concat([Buffer.from([first]), body])),
);
const key = { id: 'phk_abcd', sha256: 'ab'.repeat(32), tenant: 'a', created: '2026-11-22T00:00:00Z' };
const limited = {
  ...key,
  id: 'phk_efgh',
  doors: ['cmcd'],
  origins: ['https://*.tv.example'],
  app_ids: ['tv'],
};
const keys = [[], [key], [key, { ...limited, beacons_per_second: 100, burst_beacons: 500, name: 'the app' }]];
corpus(
  'keys_file',
  keys.map((each) => JSON.stringify({ version: 1, keys: each })),
);
corpus('kafka_message', records);
corpus('spool_segment', [segment([]), segment([records[0]]), segment(records.slice(0, 3))]);

/** A segment as docs/spool.md describes it; the fuzzer's own hand makes the sums right. */
function segment(payloads) {
  const head = Buffer.alloc(40);
  head.write('PLHSPOOL');
  head.writeUInt32LE(1, 8);
  head.writeBigUInt64LE(1n, 12);
  const recorded = payloads.map((payload, i) => {
    const record = Buffer.alloc(40);
    record.writeUInt32LE(payload.length, 4);
    record.writeBigUInt64LE(BigInt(i + 1), 8);
    record.writeBigUInt64LE(BigInt(i), 16);
    record.writeUInt32LE(1, 36);
    return Buffer.concat([record, payload]);
  });
  return Buffer.concat([head, ...recorded]);
}
