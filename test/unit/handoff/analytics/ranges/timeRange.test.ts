import { expect, it } from 'vitest';
import { checkedRange } from '../../../../../src/handoff/analytics/ranges/timeRange.js';

const NOW_MS = Date.UTC(2026, 5, 1);
const start = new Date(NOW_MS - 3_600_000);

it('may end a minute after now, as the clocks of clients are not exact, and no later', () => {
  const end = new Date(NOW_MS + 60_000);
  expect(checkedRange({ start, end }, NOW_MS)).toEqual({ start, end, timeZone: 'UTC' });
  expect(() => checkedRange({ start, end: new Date(NOW_MS + 60_001) }, NOW_MS)).toThrow('is in the future');
});
