// docker-compose.yml keeps the compose specification, and agrees with the rest of the project.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import Ajv from 'ajv/dist/2019.js';
import YAML from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const compose = YAML.parse(read('docker-compose.yml'), { merge: true });
const services = Object.entries(compose.services);
const example = new Map(
  [...read('.env.example').matchAll(/^(?:# )?([A-Z_]+)=(\S*)/gm)].map(([, name, value]) => [name, value]),
);

test('it keeps the compose specification', () => {
  // The specification's own JSON schema, as the linter brings it.
  const linter = dirname(createRequire(import.meta.url).resolve('dclint/package.json'));
  const schema = JSON.parse(readFileSync(join(linter, 'schemas/compose.schema.json'), 'utf8'));
  delete schema.$schema;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const validate = ajv.compile(schema);
  assert.ok(validate(compose), JSON.stringify(validate.errors, null, 1));
  const broken = structuredClone(compose);
  broken.services.kafka.heathcheck = {};
  assert.ok(!validate(broken), 'a misspelt key is found');
});

test('every image is pinned, or built here', () => {
  for (const [name, service] of services) {
    if (service.build) {
      const folder = join(root, service.build);
      assert.ok(existsSync(join(folder, 'Dockerfile')), `${name} is built from ${service.build}`);
    } else {
      assert.match(service.image, /:v?\d+\.\d+\.\d+(\.\d+)?$/, name);
    }
  }
  for (const dockerfile of ['Dockerfile', 'deploy/minio/Dockerfile']) {
    for (const [, image] of read(dockerfile).matchAll(/^FROM (\S+)/gm)) {
      assert.match(image, /:\d+\.\d+(\.\d+)?-/, dockerfile);
    }
  }
});

test('nothing listens beyond this machine', () => {
  for (const [name, service] of services) {
    assert.equal(service.network_mode, undefined, name);
    for (const port of service.ports ?? []) assert.match(port, /^127\.0\.0\.1:/, `${name}: ${port}`);
  }
});

test('what runs on is healthy before others build on it', () => {
  const once = ['topics', 'migrate'];
  for (const [name, service] of services) {
    assert.equal(once.includes(name), service.restart === 'no', `${name} restarts`);
    if (!once.includes(name)) assert.ok(service.healthcheck?.test, `${name} has a health check`);
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      assert.ok(compose.services[other], `${name} waits for ${other}`);
      const expected = once.includes(other) ? 'service_completed_successfully' : 'service_healthy';
      assert.equal(condition, expected, `${name} waits for ${other}`);
    }
  }
});

test('data is on named volumes, and mounted files are there', () => {
  for (const [name, service] of services) {
    for (const mount of service.volumes ?? []) {
      const [source, , mode] = mount.split(':');
      if (source.startsWith('./')) {
        assert.ok(existsSync(join(root, source)), `${name}: ${source}`);
        assert.equal(mode, 'ro', `${name}: ${source}`);
      } else {
        assert.ok(source in compose.volumes, `${name}: ${source}`);
      }
    }
  }
});

test('every variable is in .env.example, and no secret is in the file', () => {
  const used = [...read('docker-compose.yml').matchAll(/(?<!\$)\$\{([A-Z_]+)(:?[-?][^}]*)?\}/g)];
  assert.ok(used.length > 10);
  for (const [whole, name, rest] of used) {
    assert.ok(example.has(name), `${name} is not in .env.example`);
    // Ports and counts have the same default there; secrets have none here.
    if (rest.startsWith(':-')) assert.equal(rest.slice(2), example.get(name), whole);
    else assert.equal(rest, ':?copy .env.example to .env', whole);
  }
  for (const [name, service] of services) {
    for (const [key, value] of Object.entries(service.environment ?? {})) {
      if (/PASSWORD|SECRET/.test(key)) assert.match(value, /^\$\{[A-Z_]+:\?/, `${name}: ${key}`);
    }
  }
});

test('the gateway is told settings that it knows', () => {
  const known = new Set();
  let section = '';
  for (const line of read('playhead.example.toml').split('\n')) {
    section = line.match(/^\[(\w+)\]/)?.[1] ?? section;
    const field = line.match(/^(\w+) =/)?.[1];
    if (field) known.add(`PLAYHEAD_${section}__${field}`.toUpperCase());
  }
  for (const name of ['topics', 'migrate', 'gateway']) {
    for (const key of Object.keys(compose.services[name].environment)) assert.ok(known.has(key), `${name}: ${key}`);
  }
});

test('versions agree with the embedded stack and the toolchain', () => {
  const { kafka, clickhouse } = compose.services;
  const jars = read('stack/kafka/pom.xml').match(/<artifactId>kafka_2\.13<\/artifactId>\s*<version>([\d.]+)</)[1];
  assert.equal(kafka.image, `apache/kafka:${jars}`);
  const engine = read('stack/clickhouse/requirements.txt').match(/chdb-core==(\d+\.\d+)\./)[1];
  assert.ok(clickhouse.image.startsWith(`clickhouse/clickhouse-server:${engine}.`), clickhouse.image);
  const rust = read('rust-toolchain.toml').match(/channel = "([\d.]+)"/)[1];
  assert.match(read('Dockerfile'), new RegExp(`FROM rust:${rust}-[^]*RUSTUP_TOOLCHAIN=${rust}\n`));
});

test('Grafana is given the data sources that the dashboards read', () => {
  const { datasources } = YAML.parse(read('grafana/provisioning/datasources/playhead.yml'));
  const warehouse = datasources.find((source) => source.uid === 'playhead-warehouse');
  const plugin = compose.services.grafana.environment.GF_PLUGINS_PREINSTALL_SYNC;
  const [, version] = plugin.match(new RegExp(`^${warehouse.type}@(\\d+\\.\\d+\\.\\d+)$`));
  const written = new Set([...read('dashboards/01-live.json').matchAll(/"pluginVersion": "([^"]+)"/g)].map((found) => found[1]));
  assert.deepEqual([...written], [version], 'queries are written for the plugin that is installed');
  assert.ok(warehouse.jsonData.host in compose.services);
  const users = read('deploy/clickhouse/users.d/playhead.xml');
  assert.ok(users.includes(`<${warehouse.jsonData.username}>`), 'the user is known to ClickHouse');
  const { providers } = YAML.parse(read('grafana/provisioning/dashboards/playhead.yml'));
  const mounts = compose.services.grafana.volumes.map((mount) => mount.split(':'));
  assert.ok(mounts.some(([source, target]) => source === './dashboards' && target === providers[0].options.path));
});
