import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedSearch } from '../src/page/address';
import { filterOf, written } from '../src/page/filter';
import { rangeOf } from '../src/page/Range';

test('a change of the address keeps what else stands in it', () => {
  assert.equal(changedSearch('?a=1&window=5m', { window: '1h' }), '?a=1&window=1h');
  assert.equal(changedSearch('?a=1&b=2', { a: null, b: '' }), '');
});

test('lists, times and filters stay readable, and come back as they were', () => {
  const filter = ['cdn:is:one', 'country:in:DE,AT'];
  const search = changedSearch('', { filter, from: '2026-11-21T10:00:00Z' });
  assert.equal(search, '?filter=cdn:is:one&filter=country:in:DE,AT&from=2026-11-21T10:00:00Z');
  assert.deepEqual(new URLSearchParams(search).getAll('filter'), filter);
  const odd = changedSearch('', { filter: ['content_id:is:a&b=c+d #e'] });
  assert.deepEqual(new URLSearchParams(odd).getAll('filter'), ['content_id:is:a&b=c+d #e']);
});

test('a filter is written as it was read, commas and colons inside values too', () => {
  for (const text of ['cdn:is:one', 'variant:is_not:buffer: long', 'isp:in:One\\, Inc,Two', 'cdn:is:']) {
    const filter = filterOf(text);
    assert.ok(filter, text);
    assert.equal(written(filter), text);
  }
  assert.deepEqual(filterOf('isp:in:One\\, Inc,Two')?.values, ['One, Inc', 'Two']);
  for (const none of ['', 'cdn', 'cdn:like:x', ':is:x', 'cdn:is']) assert.equal(filterOf(none), null, none);
});

test('without a window it is the hour until now', () => {
  assert.deepEqual(rangeOf(new URLSearchParams()), { from: 'now-1h', to: 'now' });
  assert.deepEqual(rangeOf(new URLSearchParams('from=now-7d')), { from: 'now-7d', to: 'now' });
});
