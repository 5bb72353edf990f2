import { describe, expect, it } from 'vitest';
import { partAt, partsOf } from '../../../../../src/handoff/analytics/ranges/parts.js';
import type { Part } from '../../../../../src/handoff/analytics/ranges/parts.js';
import { TimeZone } from '../../../../../src/handoff/analytics/ranges/timeZone.js';
import type { TimeUnit } from '../../../../../src/handoff/analytics/ranges/timeZone.js';

const HOUR_MS = 3_600_000;
const at = (text: string): number => Date.parse(text);
const text = (ms: number): string => new Date(ms).toISOString();
const nowMs = at('2026-06-10T00:00:00Z');

function parts(zone: string, unit: TimeUnit, from: string, to: string): readonly Part[] {
  return partsOf(new TimeZone(zone), unit, { fromMs: at(from), toMs: at(to) }, nowMs);
}

describe('parts of local time', () => {
  it('are divided where local days begin, with 23 and 25 hours where clocks change', () => {
    const days = parts('Europe/Berlin', 'day', '2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z');
    expect(days.map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR_MS)).toEqual([24, 23, 24]);
    expect(days.map(({ startMs }) => text(startMs))).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
  });

  it('have at both ends what is in the range', () => {
    const [first, last] = parts('UTC', 'week', '2026-06-03T05:00:00Z', '2026-06-09T07:13:00Z');
    expect([first?.startMs, first?.fromMs, first?.toMs].map((ms) => text(ms ?? 0))).toEqual([
      '2026-06-01T00:00:00.000Z',
      '2026-06-03T05:00:00.000Z',
      '2026-06-08T00:00:00.000Z',
    ]);
    expect([last?.endMs, last?.toMs].map((ms) => text(ms ?? 0))).toEqual(['2026-06-15T00:00:00.000Z', '2026-06-09T07:13:00.000Z']);
  });

  it('begin and end with the nearest hour, or day, where that is what is kept', () => {
    const india = parts('Asia/Kolkata', 'day', '2026-05-01T00:00:00Z', '2026-05-03T00:00:00Z');
    expect(india.map(({ toMs }) => text(toMs))).toEqual([
      '2026-05-01T18:00:00.000Z',
      '2026-05-02T18:00:00.000Z',
      '2026-05-03T00:00:00.000Z',
    ]);
    const recent = parts('Asia/Kolkata', 'day', '2026-06-08T00:00:00Z', '2026-06-09T00:00:00Z');
    expect(recent.map(({ toMs }) => text(toMs))).toEqual(['2026-06-08T18:30:00.000Z', '2026-06-09T00:00:00.000Z']);
    const tokyo = parts('Asia/Tokyo', 'month', '2024-01-30T00:00:00Z', '2024-02-03T00:00:00Z');
    expect(text(tokyo[0]?.toMs ?? 0)).toBe('2024-02-01T00:00:00.000Z');
  });

  it('are left out where nothing can count in them, as a day begins with the nearest hour and a month with the nearest day', () => {
    const starts = (...given: Parameters<typeof parts>): string[] => parts(...given).map(({ startMs }) => text(startMs));
    // From the 1st to the 4th in India, of hours: the first begins before the day, and its middle is in it.
    expect(starts('Asia/Kolkata', 'day', '2026-04-30T18:00:00Z', '2026-05-03T18:00:00Z')).toEqual([
      '2026-04-30T18:30:00.000Z',
      '2026-05-01T18:30:00.000Z',
      '2026-05-02T18:30:00.000Z',
    ]);
    expect(starts('America/New_York', 'month', '2025-01-01T00:00:00Z', '2025-04-01T00:00:00Z')).toEqual([
      '2025-01-01T05:00:00.000Z',
      '2025-02-01T05:00:00.000Z',
      '2025-03-01T05:00:00.000Z',
    ]);
    expect(starts('Asia/Tokyo', 'month', '2025-01-01T00:00:00Z', '2025-04-01T00:00:00Z')).toEqual([
      '2024-12-31T15:00:00.000Z',
      '2025-01-31T15:00:00.000Z',
      '2025-02-28T15:00:00.000Z',
    ]);
  });

  it('are left out where they are hours of which only days are known', () => {
    expect(parts('UTC', 'hour', '2024-02-01T00:00:00Z', '2024-02-03T00:00:00Z')).toEqual([]);
  });

  it('are found by the start of a bucket', () => {
    const hours = parts('Europe/Berlin', 'hour', '2026-05-01T00:00:00Z', '2026-05-03T00:00:00Z');
    for (const part of hours) {
      expect(partAt(hours, part.fromMs)).toBe(part);
      expect(partAt(hours, part.toMs - 60_000)).toBe(part);
    }
    expect(partAt(hours, at('2026-05-03T00:00:00Z'))).toBeUndefined();
  });
});
