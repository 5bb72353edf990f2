import { expect, it } from 'vitest';
import { descriptionOf } from '../../../../../src/handoff/analytics/findings/describe.js';
import type { Described } from '../../../../../src/handoff/analytics/findings/describe.js';

const LATENCY = { title: 'The mean duration of all calls', unit: 'ms' } as const;
const SLOW: Described = {
  direction: 'above',
  observed: 223.456,
  expected: 22,
  expectedLow: 20.01,
  expectedHigh: 24,
  startedAt: new Date('2026-11-29T10:00:00Z'),
  detectedAt: new Date('2026-11-29T10:05:00Z'),
  endedAt: null,
};

it.each<[Partial<Described>, string]>([
  [
    {},
    'The mean duration of all calls was unusually high from 2026-11-29T10:00:00.000Z on: 223 ms at its peak. Expected was 22 ms, between 20 ms and 24 ms in 98 of 100 cases.',
  ],
  [
    { direction: 'below', observed: 0, expectedLow: null, endedAt: new Date('2026-11-29T11:00:00Z') },
    'The mean duration of all calls was unusually low from 2026-11-29T10:00:00.000Z to 2026-11-29T11:00:00.000Z: 0 ms at its peak. Expected was 22 ms.',
  ],
  [
    { direction: 'unsteady', expected: null },
    'The mean duration of all calls varied or changed unusually from 2026-11-29T10:00:00.000Z on: 223 ms at its peak.',
  ],
  [
    { direction: 'missing', observed: null },
    'The mean duration of all calls: there is no value for the time of 2026-11-29T10:05:00.000Z. Expected was 22 ms.',
  ],
  [
    { direction: 'missing', observed: null, expected: null, endedAt: new Date('2026-11-29T11:00:00Z') },
    'The mean duration of all calls: there is no value for the time of 2026-11-29T10:05:00.000Z, until 2026-11-29T11:00:00.000Z.',
  ],
])('an anomaly is told in whole sentences: %o', (change, sentence) => {
  expect(descriptionOf(LATENCY, { ...SLOW, ...change })).toBe(sentence);
});

it('figures are those of the unit: mebibytes where there are many bytes, and nothing behind a count', () => {
  const of = (unit: 'bytes' | '' | '%', observed: number): string =>
    descriptionOf({ title: 'It', unit }, { ...SLOW, observed, expected: null }).replace(/^.*: | at its peak\.$/gu, '');
  expect(of('bytes', 1000)).toBe('1000 bytes');
  expect(of('bytes', 3 * 1_048_576)).toBe('3 MiB');
  expect(of('', 12_345)).toBe('12345');
  expect(of('%', 12.345)).toBe('12.3 %');
});
