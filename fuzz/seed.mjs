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
    .map((line) => new URLSearchParams({ CMCD: JSON.parse(line).cmcd }).toString());

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
const secret = 'k'.repeat(64);
corpus('hash_keys', [
  `2026-01-01 ${secret}`,
  `# two keys\n2026-01-01 ${secret}\n\n2026-11-20\t${'s'.repeat(32)}\n`,
  `2027-02-28  ${secret}\r\n2026-02-30 ${secret}`,
]);
corpus('forward', [Buffer.concat(records.slice(0, 3)), ...records]);
corpus('proxy_headers', [
  'x-forwarded-for: 198.51.100.1',
  'x-forwarded-for: 203.0.113.7, 198.51.100.1:443\nx-forwarded-for: 10.2.2.2, unknown',
  'x-forwarded-for: ::ffff:198.51.100.1, [2001:db8::1]:443',
  'forwarded: for=198.51.100.1;proto=https;by=10.0.0.3',
  'forwarded: for=_hidden, proto=https;For="[2001:db8::1]:80"\nforwarded: for=unknown',
]);
corpus('client_headers', [
  'user-agent: Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36 WebAppManager',
  'user-agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  'user-agent: Roku/DVP-12.5 (12.5.0.4178-CB)\ncloudfront-viewer-country: DE\ncloudfront-viewer-asn: 3320',
  'user-agent: Googlebot/2.1 (+http://www.google.com/bot.html)\ncf-ipcountry: T1',
  'sec-ch-ua: "Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"\nsec-ch-ua-platform: "Windows"\nsec-ch-ua-platform-version: "15.0.0"\nsec-ch-ua-mobile: ?0',
  'sec-ch-ua-full-version-list: "Not A;Brand";v="99.0.0.0", "Chromium";v="142.0.7444.60"\nsec-ch-ua-model: "Pixel 9"\nsec-ch-ua-platform: "Android"\nsec-ch-ua-mobile: ?1\nsec-ch-ua-form-factors: "Tablet"',
  'x-akamai-edgescape: georegion=263,country_code=US,region_code=MA,asnum=7922',
]);
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
