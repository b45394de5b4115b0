// A gateway with a topic and a database of its own, so that runs beside one another do not meet.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, settings } from './settings.mjs';
import { waitFor } from './waiting.mjs';
import { run } from './warehouse.mjs';

/** What gateways and simulators print goes here, a file each. */
const LOGS = `${ROOT}/tests/browser/logs`;
/** How long the gateway may take to start, and to drain at the end; s. */
const START_SECONDS = 120;
const DRAIN_SECONDS = 30;

/** Creates topic and database, migrates, and starts `playhead serve` on free ports, with these variables as well. */
export async function startGateway(name, variables = {}) {
  if (!existsSync(settings.binary)) {
    throw new Error(`${settings.binary} is missing: run cargo build first, or set PLAYHEAD_BIN`);
  }
  const id = `${name}_${randomBytes(4).toString('hex')}`;
  const [port, operationsPort] = [await freePort(), await freePort()];
  const spool = join(tmpdir(), `playhead-${id}`);
  const environment = {
    ...process.env,
    PLAYHEAD_HTTP__LISTEN: `127.0.0.1:${port}`,
    PLAYHEAD_OPERATIONS__LISTEN: `127.0.0.1:${operationsPort}`,
    PLAYHEAD_SPOOL__FOLDER: spool,
    PLAYHEAD_KAFKA__BROKERS: settings.brokers,
    PLAYHEAD_KAFKA__TOPIC: `test.${id}`,
    PLAYHEAD_CLICKHOUSE__URL: settings.clickhouse,
    PLAYHEAD_CLICKHOUSE__DATABASE: id,
    PLAYHEAD_CLICKHOUSE__CONSUMER_GROUP: `test.${id}`,
    ...variables,
  };
  await command(['topics'], environment);
  await command(['migrate'], environment);

  const { child: gateway, ended, log } = launch(['serve'], environment, `${id}.log`);
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitFor('the gateway is ready', START_SECONDS, async () => {
      if (gateway.exitCode !== null) throw new Error('it has ended');
      const answer = await fetch(`http://127.0.0.1:${operationsPort}/readyz`);
      return answer.ok ? true : null;
    });
  } catch (error) {
    gateway.kill('SIGKILL');
    throw new Error(`${error.message}; see ${log}`);
  }
  return {
    url,
    database: id,
    environment,
    /** Ends the gateway, and removes what it made. */
    async stop() {
      gateway.kill('SIGTERM');
      const timer = setTimeout(() => gateway.kill('SIGKILL'), DRAIN_SECONDS * 1000);
      await ended;
      clearTimeout(timer);
      rmSync(spool, { recursive: true, force: true });
      await run(`DROP DATABASE IF EXISTS ${id}`);
    },
  };
}

/** Starts `playhead simulate --live` against a gateway; returns how to end it. */
export function startAudience(gateway, viewers, rampSeconds) {
  const options = ['--live', '--viewers', String(viewers), '--ramp-seconds', String(rampSeconds)];
  const parameters = ['simulate', ...options, '--gateway', gateway.url];
  const {
    child: simulator,
    ended,
    log,
  } = launch(parameters, gateway.environment, `${gateway.database}.simulate.log`);
  return {
    /** What went wrong with it, if anything did. */
    failure: () => (simulator.exitCode ? `simulate ended with ${simulator.exitCode}; see ${log}` : null),
    async stop() {
      simulator.kill('SIGINT');
      const timer = setTimeout(() => simulator.kill('SIGKILL'), DRAIN_SECONDS * 1000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Starts the command with its output in a file of the logs. */
function launch(parameters, environment, name) {
  mkdirSync(LOGS, { recursive: true });
  const log = `${LOGS}/${name}`;
  const child = spawn(settings.binary, parameters, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const file = createWriteStream(log);
  for (const stream of [child.stdout, child.stderr]) stream.pipe(file, { end: false });
  return { child, log, ended: new Promise((done) => child.once('exit', done)) };
}

async function command(parameters, environment) {
  const output = [];
  const child = spawn(settings.binary, parameters, { cwd: ROOT, env: environment });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)));
  const code = await new Promise((done, failed) => child.once('error', failed).once('close', done));
  if (code !== 0) throw new Error(`playhead ${parameters.join(' ')} ended with ${code}:\n${output.join('')}`);
}

/** A port that was free a moment ago. */
async function freePort() {
  const probe = createServer();
  await new Promise((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}
