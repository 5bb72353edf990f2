import { expect, it } from 'vitest';
import { createDetector } from '../../../../../src/handoff/analytics/anomalies/detector.js';
import { DAY_ROWS, FIVE_MINUTES_MS, START_MS, daily, detections, observeAll, rowsOf } from './series.js';

const WEEK_ROWS = 7 * DAY_ROWS;

it('finds a spike in noise once, with what was expected, and says when it was over', () => {
  const rows = rowsOf(1200, (row, noise) => (row >= 1000 && row < 1005 ? 30 : 10) + noise());
  const observed = observeAll(rows, 0);
  expect(detections(observed, rows)).toEqual([1000]);
  const ended = observed.find(({ episode }) => episode?.endedAtMs !== undefined)?.episode;
  expect(ended).toMatchObject({ startedAtMs: rows[1000]?.atMs, detectedAtMs: rows[1000]?.atMs, peak: { view: { basis: 'median' } } });
  expect(ended?.peak.value).toBeGreaterThan(25);
  expect(ended?.peak.expected).toBeCloseTo(10, 0);
  expect(ended?.peak.upper).toBeLessThan(14);
  expect(ended?.peak.lower).toBeGreaterThan(6);
  expect(ended?.endedAtMs).toBeGreaterThanOrEqual((rows[1000]?.atMs ?? 0) + 4 * FIVE_MINUTES_MS);
});

it('says nothing in two weeks of a daily season with noise', () => {
  const rows = rowsOf(2 * WEEK_ROWS, daily);
  expect(detections(observeAll(rows, 0), rows)).toEqual([]);
});

it('finds a day without its usual peak, whose values are all usual ones, although they are not at that time', () => {
  const missingFrom = WEEK_ROWS + 2 * DAY_ROWS;
  const rows = rowsOf(2 * WEEK_ROWS, (row, noise) => {
    const isPeak = row % DAY_ROWS >= 100 && row % DAY_ROWS < 200;
    return (isPeak && !(row >= missingFrom && row < missingFrom + DAY_ROWS) ? 80 : 20) + noise();
  });
  const [first, ...others] = detections(observeAll(rows, 0), rows);
  expect(first).toBeGreaterThanOrEqual(missingFrom + 100);
  expect(first).toBeLessThan(missingFrom + 106);
  expect(others.filter((row) => row < missingFrom || row > missingFrom + 2 * DAY_ROWS)).toEqual([]);
});

it('expects what is usual at the time of the day, and says in which band', () => {
  const rows = rowsOf(WEEK_ROWS, daily);
  const last = observeAll(rows).slice(-DAY_ROWS);
  const errors = last.map(({ expected = Number.NaN }, row) => Math.abs(expected - daily(WEEK_ROWS - DAY_ROWS + row, () => 0)));
  expect(Math.max(...errors)).toBeLessThan(15);
  const inside = last.filter(({ lower = 1, upper = 0 }, row) => {
    const value = rows[WEEK_ROWS - DAY_ROWS + row]?.value ?? Number.NaN;
    return value >= lower && value <= upper;
  });
  expect(inside.length / DAY_ROWS).toBeGreaterThan(0.95);
});

it('finds that values are missing while they are', () => {
  const rows = rowsOf(3000, (row, noise) => (row >= 2000 && row < 2100 ? Number.NaN : 10 + noise()));
  const observed = observeAll(rows, 1);
  const found = detections(observed, rows).filter((row) => row >= 2000 && row < 2100);
  expect(found).toHaveLength(1);
  expect(found[0]).toBeLessThan(2012);
  expect(observed[2050]?.episode?.peak).toMatchObject({ value: undefined, view: { basis: 'rows', aspect: 'missing' } });
});

it('a lasting change is one finding', () => {
  const rows = rowsOf(4000, (row, noise) => (row >= 2500 ? 25 : 10) + noise());
  expect(detections(observeAll(rows, 0), rows)).toEqual([2500]);
});

it('a higher sensitivity finds all that a lower one finds', () => {
  const rows = rowsOf(4000, (row, noise) => 10 + noise() + (row % 1000 > 990 ? (row / 1000) * 2 : 0));
  const found = [0, 0.25, 0.5, 0.75, 1].map((sensitivity) => observeAll(rows, sensitivity).filter(({ episode }) => episode !== undefined));
  expect(found.map(({ length }) => length)).toEqual(found.map(({ length }) => length).toSorted((a, b) => a - b));
  expect(found.at(-1)?.length).toBeGreaterThan(found[0]?.length ?? 0);
});

it('says nothing before it has seen a hundred rows', () => {
  const rows = rowsOf(100, (row, noise) => (row === 60 ? 1e6 : noise()));
  expect(observeAll(rows, 1).every(({ score, episode }) => score === 0 && episode === undefined)).toBe(true);
});

it('takes values that are not finite, and times that repeat, go back or are not finite', () => {
  const detector = createDetector({ sensitivity: 1 });
  const times = [0, 1, 1, 5, 3, Number.NaN, Number.POSITIVE_INFINITY, 4, -1e18, 1e15];
  const values = [1, Number.NaN, Number.POSITIVE_INFINITY, -1e300, 1e300, 0, -0, 5e-324, Number.NEGATIVE_INFINITY, 1.5];
  for (let row = 0; row < 2000; row += 1) {
    const step = times[row % times.length] ?? 0;
    const { score } = detector.observe(START_MS + row * FIVE_MINUTES_MS + step * FIVE_MINUTES_MS, values[(row * 7) % values.length] ?? 0);
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(1);
  }
});

it('an episode that is ended from outside is over, and the same fault is another one when rows come back', () => {
  const before = rowsOf(2012, (row, noise) => (row >= 2000 ? 30 : 10) + noise());
  const backAtMs = START_MS + (2012 + 2 * DAY_ROWS) * FIVE_MINUTES_MS;
  const detectedAfter = (isEnded: boolean): (number | undefined)[] => {
    const detector = createDetector({ sensitivity: 0.5 });
    const last = before.map(({ atMs, value }) => detector.observe(atMs, value)).at(-1);
    expect(last?.episode).toMatchObject({ detectedAtMs: before[2000]?.atMs, endedAtMs: undefined });
    if (isEnded) detector.endEpisode();
    return [0, 1, 2].map((row) => detector.observe(backAtMs + row * FIVE_MINUTES_MS, 30).episode?.detectedAtMs);
  };
  expect(detectedAfter(false)).toEqual(Array(3).fill(before[2000]?.atMs));
  expect(detectedAfter(true)).toEqual(Array(3).fill(backAtMs));
});

it('to end no episode changes nothing', () => {
  const detector = createDetector({ sensitivity: 0.5 });
  for (const { atMs, value } of rowsOf(500, daily)) detector.observe(atMs, value);
  const state = detector.state();
  detector.endEpisode();
  expect(detector.state()).toEqual(state);
});
