import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventParser } from '../src/api/events';
import { EMPTY, heard, LINES_MAX } from '../src/integrator/tail';

test('events are put together wherever the stream was cut', () => {
  const stream = ': keep alive\n\nevent: beacon\ndata: {"a":\ndata: 1}\nid: 7\n\ndata: plain\r\n\r\n';
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const parser = new EventParser();
    const events = [...parser.push(stream.slice(0, cut)), ...parser.push(stream.slice(cut))];
    assert.deepEqual(
      events,
      [
        { event: 'beacon', data: '{"a":\n1}', id: '7' },
        { event: 'message', data: 'plain', id: '7' },
      ],
      `cut after ${cut}`,
    );
  }
});

test('the tail counts outcomes, keeps the newest lines, and adds up what was missed', () => {
  const told = (outcome: string) => JSON.stringify({ received_time_ms: 1, door: 'json', index: 0, outcome });
  let tail = heard(EMPTY, 'watching', '{}');
  for (let i = 0; i < LINES_MAX + 5; i += 1)
    tail = heard(tail, 'beacon', told(i % 2 ? 'refused' : 'accepted'));
  tail = heard(heard(tail, 'missed', '{"missed":3}'), 'missed', '{"missed":4}');
  assert.equal(tail.lines.length, LINES_MAX);
  assert.equal(tail.lines[0]?.no, LINES_MAX + 5);
  assert.deepEqual(tail.outcomes, { accepted: 103, refused: 102 });
  assert.equal(tail.missed, 7);
});
