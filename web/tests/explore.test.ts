import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Metric } from '../src/api/contract';
import { askedOf, earlier, questionOf } from '../src/explore/question';
import { sqlOf } from '../src/explore/sql';
import { wayOf } from '../src/explore/Table';

const WINDOW = { from: '2026-11-21T10:00:00.000Z', to: '2026-11-21T11:00:00.000Z', stepSeconds: 60 };
const metric = (grain: string, formula: string) => ({ grain, formula }) as Metric;
const asked = (search: string) => askedOf(new URLSearchParams(search));

test('the address is the question, and what it misspells is left out', () => {
  const { metric, definition, groupBy, filters, against, step } = asked(
    '?metrics=rebuffering_ratio&definition=mux&group_by=cdn&filter=cdn:is:a&filter=nonsense&against=never&step=1m',
  );
  assert.deepEqual(
    [metric, definition, groupBy, filters, against, step],
    ['rebuffering_ratio', 'mux', 'cdn', ['cdn:is:a'], '', '1m'],
  );
  assert.deepEqual(questionOf(asked('')), { metrics: 'plays', from: 'now-1h', to: 'now' });
});

test('the SQL reads the view that has all dimensions, and quotes what people typed', () => {
  const plays = metric('minute', 'sum(plays)');
  const sql = sqlOf(asked("?group_by=country&filter=isp:is:O'Net"), plays, WINDOW);
  assert.ok(sql?.includes('FROM quality_by_minute_sets_v'));
  assert.ok(sql?.includes("dimension_set = 'network'"));
  assert.ok(sql?.includes("isp = 'O\\'Net'"));
  assert.ok(sql?.includes('GROUP BY time, country'));
  assert.ok(sqlOf(asked(''), plays, WINDOW)?.includes('FROM quality_by_minute_v'));
  assert.equal(sqlOf(asked('?group_by=isp&filter=app_version:is:1'), plays, WINDOW), null);
});

test('steps shorter than a minute are read where they stand', () => {
  const stalled = metric('minute', 'sum(stalled_ms)');
  const sql = (stepSeconds: number, search = '?group_by=cdn') =>
    sqlOf(asked(search), stalled, { ...WINDOW, stepSeconds });
  assert.ok(sql(10)?.includes('toStartOfInterval(ten_seconds, INTERVAL 10 SECOND)'));
  assert.ok(sql(1)?.includes('FROM quality_by_second_v'));
  assert.equal(sql(10, '?group_by=country'), null);
});

test('a rate is a rate of its step', () => {
  const sql = sqlOf(asked(''), metric('minute', 'sum(plays) / window_seconds'), WINDOW);
  assert.ok(sql?.includes('sum(plays) / 60 AS value'));
});

test('the earlier window is as long as this one', () => {
  assert.deepEqual(earlier(WINDOW.from, WINDOW.to, 'previous'), {
    from: '2026-11-21T09:00:00.000Z',
    to: '2026-11-21T10:00:00.000Z',
    shiftMs: 3_600_000,
  });
  assert.equal(earlier(WINDOW.from, WINDOW.to, 'week_before').from, '2026-11-14T10:00:00.000Z');
});

test('whether a change is good depends on the metric', () => {
  assert.equal(wayOf(1, 'worse'), 'is-bad');
  assert.equal(wayOf(-1, 'worse'), 'is-good');
  assert.equal(wayOf(1, 'neither'), '');
  assert.equal(wayOf(0, 'better'), '');
});
