import { describe, expect, it } from 'vitest';
import { changePointsOf } from '../../../../../src/handoff/analytics/trends/changePoints.js';
import { seasonalityOf } from '../../../../../src/handoff/analytics/trends/seasonality.js';
import { medianOf, slopeOf } from '../../../../../src/handoff/analytics/trends/slope.js';
import type { Sample } from '../../../../../src/handoff/analytics/trends/slope.js';
import { compareCounts, comparePeriods, trendOf, verdictOf } from '../../../../../src/handoff/analytics/trends/trend.js';

/** Pseudo-random numbers with a normal distribution, the same each time. */
function noise(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 1) / 4_294_967_297;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const series = (length: number, value: (at: number) => number): Sample[] => Array.from({ length }, (_, at) => ({ at, value: value(at) }));

describe('slopeOf', () => {
  it('is exact on a line', () => {
    expect(slopeOf(series(20, (at) => 3 + 0.5 * at))).toEqual({ slope: 0.5, low: 0.5, high: 0.5, intercept: 3 });
  });

  it('is that of the line when a quarter of the values is wrong', () => {
    const slope = slopeOf(series(40, (at) => (at % 4 === 0 ? 1e6 : 2 * at)));
    expect(slope?.slope).toBeGreaterThan(1.5);
    expect(slope?.slope).toBeLessThan(3);
  });

  it('is unknown for three samples, or of one time', () => {
    expect(slopeOf(series(3, (at) => at))).toBeUndefined();
    expect(slopeOf([1, 2, 3, 4].map((value) => ({ at: 7, value })))).toBeUndefined();
  });

  it('has an interval that holds the true slope in 19 of 20 series', () => {
    const held = Array.from({ length: 400 }, (_, seed) => {
      const next = noise(seed + 1);
      const slope = slopeOf(series(40, (at) => 0.1 * at + next()));
      return slope !== undefined && slope.low <= 0.1 && 0.1 <= slope.high;
    }).filter(Boolean).length;
    expect(held).toBeGreaterThan(400 * 0.92);
    expect(held).toBeLessThan(400 * 0.985);
  });
});

describe('trendOf', () => {
  it('says nothing of noise in at least 19 of 20 series', () => {
    const moving = Array.from({ length: 300 }, (_, seed) => {
      const next = noise(seed + 7);
      return trendOf(series(60, () => 100 + 40 * next())).direction !== 'stable';
    }).filter(Boolean).length;
    expect(moving).toBeLessThan(300 * 0.06);
  });

  it('finds a slow ramp under noise, and says by how much', () => {
    const next = noise(3);
    const trend = trendOf(series(60, (at) => 100 + at + 5 * next()));
    expect(trend.direction).toBe('rising');
    expect(trend.changePercent).toBeGreaterThan(38);
    expect(trend.changePercent).toBeLessThan(54);
    expect(verdictOf(trend)).toBe('degrading');
    expect(verdictOf(trendOf(series(60, (at) => 100 - at)))).toBe('improving');
  });

  it('takes a certain change that is too small to matter as stable', () => {
    expect(trendOf(series(60, (at) => 1000 + at * 0.1)).direction).toBe('stable');
    expect(trendOf([]).direction).toBe('stable');
  });
});

describe('changePointsOf', () => {
  it('finds where the level changes, and the levels', () => {
    const next = noise(11);
    const found = changePointsOf(series(90, (at) => (at < 30 ? 10 : at < 60 ? 20 : 5) + next()));
    expect(found.map(({ at }) => Math.abs(at - 30) <= 2 || Math.abs(at - 60) <= 2)).toEqual([true, true]);
    expect(found[0]?.before).toBeCloseTo(10, 0);
    expect(found[1]?.after).toBeCloseTo(5, 0);
  });

  it('finds none in noise, in 99 of 100 series', () => {
    const wrong = Array.from({ length: 300 }, (_, seed) => {
      const next = noise(seed + 5);
      return changePointsOf(series(100, () => next())).length > 0;
    }).filter(Boolean).length;
    expect(wrong).toBeLessThanOrEqual(3);
  });

  it('finds a step without noise, and none in a constant', () => {
    expect(changePointsOf(series(30, (at) => (at < 15 ? 1 : 2)))).toEqual([{ at: 15, before: 1, after: 2 }]);
    expect(changePointsOf(series(20, () => 4))).toEqual([]);
  });
});

describe('seasonalityOf', () => {
  const hours = (days: number, value: (hour: number, weekday: number) => number) =>
    Array.from({ length: days * 24 }, (_, index) => {
      const hour = index % 24;
      const weekday = (Math.floor(index / 24) % 7) + 1;
      return { hour, weekday, value: value(hour, weekday) };
    });

  it('finds a daily pattern, and no weekly one where there is none', () => {
    const next = noise(2);
    const found = seasonalityOf(hours(28, (hour) => 50 + 20 * Math.sin((2 * Math.PI * hour) / 24) + next()));
    expect(found.byHour?.strength).toBeGreaterThan(0.95);
    expect(found.byHour?.typical.get(6)).toBeCloseTo(70, 0);
    expect(found.byWeekday).toBeUndefined();
  });

  it('finds that weekends differ', () => {
    const next = noise(4);
    const found = seasonalityOf(hours(28, (_, weekday) => (weekday > 5 ? 5 : 50) + next()));
    expect(found.byWeekday?.typical.get(7)).toBeCloseTo(5, 0);
    expect(found.byHour).toBeUndefined();
  });

  it('knows no pattern after two days', () => {
    expect(seasonalityOf(hours(2, (hour) => hour))).toEqual({});
  });
});

it('compares periods, and leaves unknown what cannot be compared', () => {
  expect(comparePeriods(150, 100)).toEqual({ current: 150, previous: 100, changePercent: 50 });
  expect(comparePeriods(1, 0).changePercent).toBeNull();
  expect(comparePeriods(null, 3).changePercent).toBeNull();
  expect(compareCounts(91, 20)).toEqual({ current: 91, previous: 20, changePercent: 355 });
  // A few are no base for percentages.
  expect(compareCounts(50, 11)).toEqual({ current: 50, previous: 11, changePercent: null });
  expect(compareCounts(50, null)).toEqual({ current: 50, previous: null, changePercent: null });
});

it('takes the median of an even number of values as the middle of two', () => {
  expect(medianOf([4, 1, 3, 2])).toBe(2.5);
});
