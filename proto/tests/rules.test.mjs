// The rules refuse what would break stored messages, players or the warehouse, and let the schema grow.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';

const proto = fileURLToPath(new URL('..', import.meta.url));
const buf = join(proto, 'node_modules', '.bin', 'buf');
const baseline = join(proto, 'baseline.binpb');
const files = ['playhead/v1/beacon.proto', 'playhead/v1/record.proto'];

const copies = [];
after(() => copies.forEach((copy) => rmSync(copy, { recursive: true })));

/** A copy of the module in which `from` reads `to`, in each file that holds it. */
function changed(from, to) {
  const copy = mkdtempSync(join(tmpdir(), 'playhead-proto-'));
  copies.push(copy);
  cpSync(join(proto, 'buf.yaml'), join(copy, 'buf.yaml'));
  cpSync(join(proto, 'playhead'), join(copy, 'playhead'), { recursive: true });
  const holders = files.filter((file) => readFileSync(join(copy, file), 'utf8').includes(from));
  assert.notEqual(holders.length, 0, `the schema holds ${JSON.stringify(from)}`);
  for (const file of holders) {
    const schema = readFileSync(join(copy, file), 'utf8');
    assert.equal(schema.split(from).length, 2, `${file} holds ${JSON.stringify(from)} once`);
    writeFileSync(join(copy, file), schema.replace(from, to));
  }
  return copy;
}

function run(folder, ...args) {
  const done = spawnSync(buf, args, { cwd: folder, encoding: 'utf8', timeout: 60_000 });
  assert.ifError(done.error);
  return { status: done.status, output: done.stdout + done.stderr };
}

const breaking = (folder) => run(folder, 'breaking', '--against', baseline);

test('the schema as it stands breaks nothing', () => {
  assert.deepEqual(breaking(proto), { status: 0, output: '' });
});

/** Each: what is changed, from, to, and what buf must say. */
const refused = [
  ['another type', 'optional uint64 seq = 5;', 'optional string seq = 5;', /"5" .* changed type from "uint64" to "string"/],
  ['another number', 'optional string cdn = 37;', 'optional string cdn = 137;', /Previously present field "37"/],
  ['another name', 'optional string isp = 38;', 'optional string provider = 38;', /"38" .* changed name from "isp" to "provider"/],
  ['a field gone', '  optional uint32 asn = 39;\n', '', /Previously present field "39"/],
  ['no longer optional', 'optional bool muted = 53;', 'bool muted = 53;', /"53" .* changed cardinality/],
  ['a renumbered enum value', 'PLAY_STATE_WAITING = 10;', 'PLAY_STATE_WAITING = 11;', /"10" on enum "PlayState"/],
  ['another package', 'package playhead.v1;', 'package playhead.v2;', /package changed from "playhead.v1" to "playhead.v2"/i],
  ['another number in the record', 'optional string details = 25;', 'optional string details = 26;', /Previously present field "25"/],
];

for (const [what, from, to, says] of refused) {
  test(`refused: ${what}`, () => {
    const { status, output } = breaking(changed(from, to));
    assert.equal(status, 100, output);
    assert.match(output, says);
  });
}

test('allowed: a new field with a new number', () => {
  const last = '  optional bool is_bot = 71;\n';
  const grown = changed(last, `${last}  // For this test.\n  optional uint32 one_more = 9000;\n`);
  assert.deepEqual(breaking(grown), { status: 0, output: '' });
  assert.deepEqual(run(grown, 'lint'), { status: 0, output: '' });
});

test('lint refuses a field without a comment', () => {
  const last = '  optional bool is_bot = 71;\n';
  const { status, output } = run(changed(last, `${last}  optional uint32 silent = 9000;\n`), 'lint');
  assert.equal(status, 100, output);
  assert.match(output, /Field "silent" should have a non-empty comment/);
});
