import { expect, it } from 'vitest';
import { keptSinceMs, smallestKept } from '../../../../../src/handoff/analytics/rollups/keep.js';

const NOW_MS = Date.UTC(2026, 5, 20, 13, 30);

it('keeps minutes and hours from the beginning of a day on, which is in them', () => {
  const [minutes, hours] = [keptSinceMs('minute', NOW_MS), keptSinceMs('hour', NOW_MS)];
  expect(new Date(minutes).toISOString()).toBe('2026-06-12T00:00:00.000Z');
  expect([minutes, minutes - 1, hours, hours - 1].map((timeMs) => smallestKept(timeMs, NOW_MS))).toEqual(['minute', 'hour', 'hour', 'day']);
});
