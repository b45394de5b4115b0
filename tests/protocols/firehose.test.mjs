// A delivery stream of Amazon Data Firehose in front of the gateway, by its documentation: its requests,
// what it makes of each answer, and its repetitions.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { startGateway } from '../browser/stack/gateway.mjs';
import { waitFor } from '../browser/stack/waiting.mjs';
import { rows } from '../browser/stack/warehouse.mjs';
import { delivery, verdict } from './clients/firehose.mjs';

const ACCESS_KEY = 'an-access-key';
const SECONDS = 120;

describe('Firehose', () => {
  let gateway;
  const session = `firehose-${randomBytes(6).toString('hex')}`;
  const beacon = (seq) =>
    JSON.stringify({
      session_id: session,
      seq,
      event: 'heartbeat',
      state: 'playing',
      client_time_ms: Date.now(),
    });
  before(async () => {
    process.env.PLAYHEAD_FIREHOSE__ACCESS_KEYS = JSON.stringify([ACCESS_KEY]);
    gateway = await startGateway('firehose');
  });
  after(async () => {
    delete process.env.PLAYHEAD_FIREHOSE__ACCESS_KEYS;
    await gateway?.stop();
  });
  const deliver = async (request) => {
    const { method, headers, body } = request;
    const response = await fetch(gateway.url + request.path, { method, headers, body });
    return verdict(response, headers['x-amz-firehose-request-id']);
  };

  test('a delivery is taken, and its repetition changes nothing', async () => {
    const request = delivery([beacon(0), beacon(1), beacon(2)], Date.now(), { accessKey: ACCESS_KEY });
    assert.equal(await deliver(request), 'taken');
    assert.equal(await deliver(request), 'taken');
    const found = await waitFor('three beacons', SECONDS, async () => {
      const [row] = await rows(
        gateway.database,
        `SELECT beacons_received, beacons_lost, source FROM sessions_v AS s WHERE session_id = {id:String}`,
        { id: session },
      );
      return row?.beacons_received === 3 ? row : null;
    });
    assert.deepEqual(found, { beacons_received: 3, beacons_lost: 0, source: 'firehose' });
  });

  test('a record that nobody can read is passed over, its neighbours are taken', async () => {
    const request = delivery(['not a beacon', beacon(3)], Date.now(), { accessKey: ACCESS_KEY });
    assert.equal(await deliver(request), 'taken');
    const counted = `SELECT uniqExact(seq) AS beacons FROM beacons_v AS b
      WHERE session_key IN (SELECT session_key FROM session_ids_v AS i WHERE session_id = {id:String})`;
    await waitFor('the fourth beacon', SECONDS, async () => {
      const [{ beacons }] = await rows(gateway.database, counted, { id: session });
      return beacons === 4 ? beacons : null;
    });
  });

  test('with another access key nothing is taken', async () => {
    const request = delivery([beacon(4)], Date.now(), { accessKey: 'another' });
    assert.equal(await deliver(request), 'repeated');
  });
});
