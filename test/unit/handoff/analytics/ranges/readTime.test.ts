import { expect, it } from 'vitest';
import { readTime } from '../../../../../src/handoff/analytics/ranges/readTime.js';
import { TimeZone } from '../../../../../src/handoff/analytics/ranges/timeZone.js';

const NOW = Date.parse('2026-05-10T12:00:00Z');
const read = (text: string, zone = 'UTC'): string | undefined => {
  const timeMs = readTime(text, new TimeZone(zone), NOW);
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString();
};

it.each([
  ['2026-05-01', 'UTC', '2026-05-01T00:00:00.000Z'],
  ['2026-05-01', 'Europe/Berlin', '2026-04-30T22:00:00.000Z'],
  ['2026-05-01', 'Pacific/Kiritimati', '2026-04-30T10:00:00.000Z'],
  // Clocks are put forward at midnight: the day begins at one o'clock.
  ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
  ['2026-05-01T12:00:00Z', 'Europe/Berlin', '2026-05-01T12:00:00.000Z'],
  ['2026-05-01T12:00+02:00', 'UTC', '2026-05-01T10:00:00.000Z'],
  ['30m', 'UTC', '2026-05-10T11:30:00.000Z'],
  ['24h', 'UTC', '2026-05-09T12:00:00.000Z'],
  ['7d', 'UTC', '2026-05-03T12:00:00.000Z'],
  ['4w', 'UTC', '2026-04-12T12:00:00.000Z'],
])('%s in %s is %s', (text, zone, time) => {
  expect(read(text, zone)).toBe(time);
});

it.each([
  '',
  'yesterday',
  '2026-02-30',
  '2026-02-30T00:00:00Z',
  '2026-04-31T23:30:00-02:00',
  '01.05.2026',
  '2026-13-01',
  '2026-05-01T12:00:00',
  '2026-05-01T25:00:00Z',
  '7',
  '7y',
  '-7d',
  '1746057600000',
])('"%s" is not a time', (text) => {
  expect(read(text)).toBeUndefined();
});
