// Dashboards have Grafana's own types: no unknown option, no misspelt value.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = join(here, '../../dashboards');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
// Beside grafana.ts, so that its imports are found.
const scratch = mkdtempSync(join(here, '.types-'));
after(() => rmSync(scratch, { recursive: true }));

/** What the TypeScript compiler says to a dashboard. */
function complaints(name, json) {
  const source = join(scratch, `${name}.ts`);
  writeFileSync(source, `import type { DashboardFile } from '../grafana.ts';\nexport const dashboard: DashboardFile = ${json};\n`);
  const options = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'preserve',
    '--moduleResolution', 'bundler', '--allowImportingTsExtensions', '--types', ''];
  const done = spawnSync(join(here, 'node_modules/.bin/tsc'), [...options, source], { encoding: 'utf8', timeout: 120_000 });
  assert.ifError(done.error);
  return done.stdout + done.stderr;
}

for (const file of files) {
  test(`${file} has Grafana's types`, () => {
    assert.equal(complaints(file, readFileSync(join(folder, file), 'utf8')), '');
  });
}

test('a wrong value and an unknown option are found', () => {
  const good = readFileSync(join(folder, files[0]), 'utf8');
  const wrong = good.replace('"justifyMode": "auto"', '"justifyMode": "middle"');
  assert.notEqual(wrong, good);
  assert.match(complaints('wrong', wrong), /middle/);
  const unknown = good.replace('"justifyMode": "auto"', '"justifyMode": "auto", "sparkle": true');
  assert.match(complaints('unknown', unknown), /sparkle/);
});

test('dashboards are in reading order and have addresses of their own', () => {
  const found = files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  assert.ok(files.every((file) => /^\d\d-[a-z-]+\.json$/.test(file)), `${files}`);
  assert.equal(new Set(found.map((dashboard) => dashboard.uid)).size, files.length);
});
