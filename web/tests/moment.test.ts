import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolved } from '../src/page/moment';

test('relative moments become those of the clock, others stay', () => {
  const now = Date.parse('2026-11-21T10:00:00.700Z');
  assert.equal(resolved('now', now), '2026-11-21T10:00:00Z');
  assert.equal(resolved('now-15m', now), '2026-11-21T09:45:00Z');
  assert.equal(resolved('now-2w', now), '2026-11-07T10:00:00Z');
  for (const kept of ['2026-11-21T10:00:00+02:00', 'now/d', 'now-1d/d', 'yesterday', ''])
    assert.equal(resolved(kept, now), kept);
});
