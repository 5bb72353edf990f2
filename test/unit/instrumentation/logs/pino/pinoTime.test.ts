import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { pinoTime } from '../../../../../src/instrumentation/logs/pino/pinoTime.js';

describe('the time of a line', () => {
  it.each([
    ['milliseconds', ',"time":1764350000123', [1_764_350_000, 123_000_000]],
    ['seconds', ',"time":1764350000', [1_764_350_000, 0]],
    ['seconds with a fraction', ',"time":1764350000.25', [1_764_350_000, 250_000_000]],
    ['milliseconds with a fraction', ',"time":1764350000123.4567', [1_764_350_000, 123_456_700]],
    ['microseconds', ',"time":1764350000123456', [1_764_350_000, 123_456_000]],
    ['nanoseconds', ',"time":1764350000123456789', [1_764_350_000, 123_456_789]],
    ['digits in quotes', ',"time":"1764350000123456789"', [1_764_350_000, 123_456_789]],
    ['ISO in UTC', ',"time":"2025-11-28T17:13:20.123Z"', [1_764_350_000, 123_000_000]],
    ['ISO with nanoseconds', ',"time":"2025-11-28T17:13:20.123456789Z"', [1_764_350_000, 123_456_789]],
    ['ISO with an offset', ',"time":"2025-11-28T19:13:20.5+02:00"', [1_764_350_000, 500_000_000]],
    ['ISO with an offset without colon', ',"time":"2025-11-28 11:43:20 -0530"', [1_764_350_000, 0]],
    ['another key', ',"@timestamp":"2025-11-28T17:13:20Z"', [1_764_350_000, 0]],
    ['another key with a colon in it', ',"log:time":1764350000', [1_764_350_000, 0]],
    ['several keys', ',"level_time":12,"iso":"2025-11-28T17:13:20Z","time":1764350000123', [1_764_350_000, 123_000_000]],
    ['an exponent', ',"time":1.76435e12', [1_764_350_000, 0]],
    ['a time long before the process', ',"time":1000000000000', [1_000_000_000, 0]],
  ])('is read from %s', (_what, written, expected) => {
    expect(pinoTime(written)).toEqual(expected);
  });

  it.each([
    ['nothing', ''],
    ['no text', undefined],
    ['a Date object', new Date()],
    ['zero', ',"time":0'],
    ['a time since start', ',"time":1234.5'],
    ['a negative number', ',"time":-1764350000123'],
    ['beyond all units', ',"time":1764350000123456789000'],
    ['null', ',"time":null'],
    ['an object', ',"time":{"s":1}'],
    ['no JSON', ',"time":17,,'],
    ['local time of nobody knows where', ',"time":"2025-11-28 17:13:20"'],
    ['a date alone', ',"time":"2025-11-28"'],
    ['a day and month in some order', ',"time":"11/12/2025, 17:13:20"'],
    ['the year 275760', ',"time":"275760-09-13T00:00:00Z"'],
    ['1970', ',"time":"1970-01-01T00:00:00Z"'],
    ['a month that is none', ',"time":"2025-13-28T17:13:20Z"'],
  ])('is that of arrival for %s', (_what, written) => {
    expect(pinoTime(written)).toBeUndefined();
  });

  it.each(['epochTime', 'unixTime', 'isoTime', 'isoTimeNano'] as const)('is now for pino’s own %s', (name) => {
    const nowSeconds = Date.now() / 1000;
    const [seconds = 0, nanoseconds = 0] = pinoTime(pino.stdTimeFunctions[name]()) ?? [];
    expect(Math.abs(seconds + nanoseconds / 1e9 - nowSeconds)).toBeLessThan(5);
  });
});
