import { expect, it } from 'vitest';
import { coverageNote } from '../../../../../src/handoff/cli/report/views/coverageText.js';
import type { Coverage } from '../../../../../src/handoff/analytics/reports/coverage.js';

const start = new Date('2026-05-01T12:00:00Z');
const end = new Date('2026-05-08T12:00:00Z');
const timeRange = { start, end, timeZone: 'UTC' };
const whole: Coverage = { aggregatedPercent: 100, watermark: end, start, end, lateRows: 0 };
const later = (time: Date, minutes: number): Date => new Date(time.getTime() + minutes * 60_000);
const note = (change: Partial<Coverage>) => coverageNote({ coverage: { ...whole, ...change }, timeRange });

it('nothing is said where what was asked is what was counted, to the minute', () => {
  expect(note({})).toBeUndefined();
  expect(note({ start: later(start, -0.9), end: later(end, 0.9) })).toBeUndefined();
});

it('what is missing is said, and is a warning where it is more than the last minutes', () => {
  expect(note({ aggregatedPercent: 99.9, end: later(end, -10), watermark: later(end, -10) })).toEqual({
    text: 'Data until 8 May 2026, 11:50.',
    isWarning: false,
  });
  expect(note({ aggregatedPercent: 50, end: later(end, -5040), watermark: later(end, -5040), lateRows: 3 })).toEqual({
    text: 'Data until 5 May 2026, 00:00, which is 50 % of the range. Late rows that are not included yet: 3.',
    isWarning: true,
  });
});

it('a range that was widened is told with its times, and is a warning where counts are too high', () => {
  expect(note({ start: later(start, -720), end: later(end, 720) })).toEqual({
    text: 'Of this time only whole hours or days are kept, so the range was widened: from 1 May 2026, 00:00 to 9 May 2026, 00:00.',
    isWarning: true,
  });
  expect(note({ end: later(end, 720) })).toEqual({
    text: 'Of this time only whole hours or days are kept, so the range was widened: from 1 May 2026, 12:00 to 9 May 2026, 00:00.',
    isWarning: true,
  });
  expect(note({ start: later(start, -30) })).toEqual({
    text: 'Of this time only whole hours or days are kept, so the range was widened: from 1 May 2026, 11:30 to 8 May 2026, 12:00.',
    isWarning: false,
  });
});

it('a range of which nothing is counted is not called wider', () => {
  const watermark = later(start, -60);
  expect(note({ aggregatedPercent: 0, watermark, start: watermark, end: watermark })).toEqual({
    text: 'Data until 1 May 2026, 11:00, which is 0 % of the range.',
    isWarning: true,
  });
});
