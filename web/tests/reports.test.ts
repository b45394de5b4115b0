import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSessionId, reporting, type Sent, withoutConstants } from '../src/watch/reports';

test('a report is shown without what never changes', () => {
  const line = 'br=(200),cid="a,b",e=ps,sf=h,sid="watch-1",sn=4,sta=p,ts=17,v=2';
  assert.equal(withoutConstants(line), 'br=(200),e=ps,sn=4,sta=p,ts=17');
  assert.equal(withoutConstants('cid="x",e=t,sid="y"'), 'e=t');
});

test('session ids are random and short enough for the gateway', () => {
  const ids = new Set(Array.from({ length: 100 }, newSessionId));
  assert.equal(ids.size, 100);
  for (const id of ids) assert.match(id, /^watch-[0-9a-f]{32}$/);
});

test('no answer is told as such, and the reports are kept to be sent again', async () => {
  const told: Sent[] = [];
  const { loader } = reporting('s', 'http://127.0.0.1:1/v1/cmcd', (sent) => told.push(sent));
  const answer = await loader?.({ url: 'http://127.0.0.1:1/v1/cmcd', body: 'e=t\ne=ps\n' });
  assert.equal(answer?.status, 503);
  assert.deepEqual(told[0]?.lines, ['e=t', 'e=ps']);
  assert.equal(told[0]?.status, 0);
});
