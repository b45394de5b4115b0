import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type FeedState, follow, POLL_MS, retryDelay } from '../src/api/feed';
import type { Live } from '../src/live/model';

/** A page that can be hidden, and a clock that only the test moves. */
function page(context: TestContext) {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const fake = Object.assign(new EventTarget(), { hidden: false });
  Object.assign(globalThis, { document: fake });
  const pass = async (ms: number) => {
    context.mock.timers.tick(ms);
    // The answer of a request comes in later turns of the event loop.
    await new Promise((done) => setImmediate(done));
  };
  return { fake, pass };
}

test('asks each second, one request at a time', async (context) => {
  const { pass } = page(context);
  let asked = 0;
  let answer: (live: Live) => void = () => undefined;
  const feed = follow<Live>(
    () => {
      asked += 1;
      return new Promise((done) => {
        answer = done;
      });
    },
    () => undefined,
  );
  await pass(0);
  await pass(5_000);
  assert.equal(asked, 1);
  answer({} as Live);
  await pass(0);
  await pass(POLL_MS);
  assert.equal(asked, 2);
  feed.stop();
});

test('keeps the last numbers and waits longer while the answers fail', async (context) => {
  const { pass } = page(context);
  const states: FeedState<Live>[] = [];
  let fails = false;
  const good = { asOf: 1 } as Live;
  const feed = follow(
    async () => {
      if (fails) throw new Error('the warehouse does not answer');
      return good;
    },
    (state) => states.push(state),
  );
  await pass(0);
  fails = true;
  await pass(POLL_MS);
  assert.equal(states.at(-1)?.answer, good);
  assert.equal(states.at(-1)?.failure, 'the warehouse does not answer');
  await pass(1_000);
  await pass(1_000);
  assert.equal(states.length, 3, 'the second retry waits two seconds');
  await pass(1_000);
  assert.equal(states.length, 4);
  fails = false;
  feed.now();
  await pass(0);
  assert.equal(states.at(-1)?.failure, null);
  feed.stop();
});

test('retries after 1, 2, 4, 8 and then 15 s', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 50].map(retryDelay), [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
});

test('a hidden page asks each 30 s, and at once when it is seen again', async (context) => {
  const { fake, pass } = page(context);
  let asked = 0;
  const feed = follow(
    async () => {
      asked += 1;
      return {} as Live;
    },
    () => undefined,
  );
  fake.hidden = true;
  await pass(0);
  await pass(29_000);
  assert.equal(asked, 1);
  await pass(1_000);
  assert.equal(asked, 2);
  fake.hidden = false;
  fake.dispatchEvent(new Event('visibilitychange'));
  await pass(0);
  assert.equal(asked, 3);
  feed.stop();
  await pass(60_000);
  assert.equal(asked, 3);
});
