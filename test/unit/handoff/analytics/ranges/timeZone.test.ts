import { describe, expect, it } from 'vitest';
import { checkedRange } from '../../../../../src/handoff/analytics/ranges/timeRange.js';
import { TimeZone } from '../../../../../src/handoff/analytics/ranges/timeZone.js';
import { coverOf, fewest } from '../../../../../src/handoff/analytics/ranges/segments.js';
import { TimeRangeError } from '../../../../../src/errors/analyticsErrors.js';

const at = (text: string): number => Date.parse(text);
const text = (ms: number): string => new Date(ms).toISOString();

describe('days of a time zone', () => {
  const berlin = new TimeZone('Europe/Berlin');

  it.each([
    ['2026-01-15T12:00:00Z', '2026-01-14T23:00:00.000Z', 24],
    ['2026-03-29T12:00:00Z', '2026-03-28T23:00:00.000Z', 23],
    ['2026-10-25T12:00:00Z', '2026-10-24T22:00:00.000Z', 25],
  ])('%s is in a day that begins at %s and has %i hours', (time, start, hours) => {
    expect(text(berlin.startOf('day', at(time)))).toBe(start);
    expect(berlin.endOf('day', at(time)) - berlin.startOf('day', at(time))).toBe(hours * 3_600_000);
  });

  it('begin when clocks have been put forward at midnight', () => {
    const santiago = new TimeZone('America/Santiago');
    expect(text(santiago.startOf('day', at('2026-09-06T15:00:00Z')))).toBe('2026-09-06T04:00:00.000Z');
    expect(text(santiago.endOf('day', at('2026-09-05T15:00:00Z')))).toBe('2026-09-06T04:00:00.000Z');
  });

  it('are whole days of half-hour zones too', () => {
    expect(text(new TimeZone('Asia/Kolkata').startOf('day', at('2026-05-05T00:00:00Z')))).toBe('2026-05-04T18:30:00.000Z');
  });

  it.each(['Europe/Berlin', 'America/Santiago', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'])(
    'follow one another without gap in %s',
    (name) => {
      const zone = new TimeZone(name);
      let atMs = at('2025-12-31T10:11:12Z');
      for (let n = 0; n < 400; n += 1) {
        const endMs = zone.endOf('day', atMs);
        expect(zone.startOf('day', endMs)).toBe(endMs);
        expect(zone.startOf('day', endMs - 1)).toBe(zone.startOf('day', atMs));
        atMs = endMs;
      }
    },
  );

  it('make weeks from Monday on, and months', () => {
    expect(text(berlin.startOf('week', at('2026-03-29T12:00:00Z')))).toBe('2026-03-22T23:00:00.000Z');
    expect(text(berlin.endOf('week', at('2026-03-29T12:00:00Z')))).toBe('2026-03-29T22:00:00.000Z');
    expect(text(berlin.endOf('month', at('2026-12-15T12:00:00Z')))).toBe('2026-12-31T23:00:00.000Z');
  });

  it('tell hours that are there twice apart', () => {
    expect(berlin.startOf('hour', at('2026-10-25T00:30:00Z'))).not.toBe(berlin.startOf('hour', at('2026-10-25T01:30:00Z')));
  });
});

describe('a range', () => {
  const nowMs = at('2026-06-01T00:00:00Z');
  const range = (start: string, end: string, timeZone?: string): object =>
    checkedRange({ start: new Date(start), end: new Date(end), ...(timeZone === undefined ? {} : { timeZone }) }, nowMs);

  it.each([
    ['reversed', '2026-05-02', '2026-05-01', 'is not after the beginning of the range'],
    ['empty', '2026-05-01', '2026-05-01', 'is not after the beginning of the range'],
    ['too long', '2020-05-01', '2026-05-01', 'too long'],
    ['in the future', '2026-05-01', '2026-07-01', 'in the future'],
    ['wholly in the future', '2026-06-02', '2026-07-01', 'in the future'],
    ['of no time', 'never', '2026-05-01', 'is not a time'],
  ])('that is %s is refused, and the message says what is allowed', (_what, start, end, problem) => {
    expect(() => range(start, end)).toThrow(TimeRangeError);
    expect(() => range(start, end)).toThrow(problem);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['no times', {}],
    ['texts', { start: '2026-05-01T00:00:00Z', end: '2026-05-02T00:00:00Z' }],
    ['numbers', { start: at('2026-05-01'), end: at('2026-05-02') }],
  ])('of %s is refused by the names of what is wrong', (_what, given) => {
    expect(() => checkedRange(given as never, nowMs)).toThrow(TimeRangeError);
    expect(() => checkedRange(given as never, nowMs)).toThrow(/start is not a time \(allowed: a Date\).*end is not a time/u);
  });

  it('does not change when the caller changes its dates', () => {
    const start = new Date('2026-05-01');
    const checked = checkedRange({ start, end: new Date('2026-05-02') }, nowMs);
    start.setTime(0);
    expect(checked.start).toEqual(new Date('2026-05-01'));
  });

  it('of an unknown time zone is refused, and one without is in UTC', () => {
    expect(() => range('2026-05-01', '2026-05-02', 'Mars/Olympus')).toThrow('IANA');
    expect(range('2026-05-01', '2026-05-02')).toMatchObject({ timeZone: 'UTC' });
  });
});

describe('the buckets of a range', () => {
  const nowMs = at('2026-06-10T00:00:00Z');
  const cover = (start: string, end: string, watermark = '2026-06-10T00:00:00Z') =>
    coverOf(at(start), at(end), { watermarkMs: at(watermark), nowMs });

  it('are as large as they can be, and meet', () => {
    const { segments } = cover('2026-03-30T22:00:00Z', '2026-06-09T13:05:00Z');
    expect(segments.map(({ granularity }) => granularity)).toEqual(['hour', 'day', 'month', 'day', 'hour', 'minute']);
    segments.slice(1).forEach(({ fromMs }, index) => expect(fromMs).toBe(segments[index]?.toMs));
    expect(text(segments[0]?.fromMs ?? 0)).toBe('2026-03-30T22:00:00.000Z');
    expect(text(segments.at(-1)?.toMs ?? 0)).toBe('2026-06-09T13:05:00.000Z');
  });

  it('do not reach from one part into the next, and are read together where they are of one size', () => {
    const day = (date: string): number => at(`${date}T00:00:00Z`);
    const parts = [
      { fromMs: day('2026-03-30'), toMs: day('2026-04-15') },
      { fromMs: day('2026-04-15'), toMs: day('2026-05-02') },
      { fromMs: day('2026-05-02'), toMs: at('2026-07-01T03:00:00Z') },
    ];
    expect(fewest(parts)).toEqual([
      { granularity: 'day', fromMs: day('2026-03-30'), toMs: day('2026-06-01') },
      { granularity: 'month', fromMs: day('2026-06-01'), toMs: day('2026-07-01') },
      { granularity: 'hour', fromMs: day('2026-07-01'), toMs: at('2026-07-01T03:00:00Z') },
    ]);
  });

  it('end at the watermark', () => {
    expect(text(cover('2026-06-09T00:00:00Z', '2026-06-09T13:00:00Z', '2026-06-09T05:03:00Z').toMs)).toBe('2026-06-09T05:03:00.000Z');
    expect(cover('2026-06-09T00:00:00Z', '2026-06-09T13:00:00Z', '2026-06-01T00:00:00Z').segments).toEqual([]);
  });

  it('are wider than a range of whose time no minutes are kept', () => {
    expect(cover('2026-03-30T22:10:00Z', '2026-03-30T22:20:00Z')).toMatchObject({
      fromMs: at('2026-03-30T22:00:00Z'),
      toMs: at('2026-03-30T23:00:00Z'),
    });
  });
});
