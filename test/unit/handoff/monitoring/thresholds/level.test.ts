import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUIET, comparedValue, isRaised, nextLevel } from '../../../../../src/handoff/monitoring/thresholds/level.js';
import type { Level } from '../../../../../src/handoff/monitoring/thresholds/level.js';
import { thresholdOf } from '../../../../../src/handoff/monitoring/thresholds/thresholds.js';

const threshold = { raiseAt: 100, clearBelow: 90, holdMs: 60_000 };

/** Whether the alert is raised after each of the looks, which are half a minute apart. */
function played(values: readonly (number | undefined)[], stepMs = 30_000): boolean[] {
  let level: Level = QUIET;
  return values.map((value, at) => {
    level = nextLevel(level, value, threshold, at * stepMs);
    return isRaised(level);
  });
}

describe('an alert', () => {
  it.each([
    ['is raised when the figure has been beyond the threshold for long enough', [100, 120, 100], [false, false, true]],
    ['is not raised by a peak', [150, 150, 50, 150, 150], [false, false, false, false, false]],
    ['is not raised just below the threshold', [99.9, 99.9, 99.9, 99.9], [false, false, false, false]],
    ['is cleared only below the lower level', [100, 100, 100, 95, 95, 95, 95], [false, false, true, true, true, true, true]],
    ['is not cleared at the lower level itself', [100, 100, 100, 90, 90, 90, 90], [false, false, true, true, true, true, true]],
    ['is cleared when the figure has been below it for long enough', [100, 100, 100, 80, 80, 80], [false, false, true, true, true, false]],
    ['is not cleared by a dip', [100, 100, 100, 80, 95, 80, 80], [false, false, true, true, true, true, true]],
    ['is not raised by what was not measured', [100, undefined, undefined, undefined], [false, false, false, false]],
    ['is not raised by two peaks with nothing measured between them', [100, undefined, undefined, 100], [false, false, false, false]],
    ['is not cleared by what was not measured', [100, 100, 100, undefined, undefined, Number.NaN], [false, false, true, true, true, true]],
  ])('%s', (_what, values, expected) => {
    expect(played(values)).toEqual(expected);
  });

  it('is not raised by a few runs, but goes on and is cleared by them', () => {
    const few = (value: number) => ({ value, isOfFew: true }) as const;
    let level: Level = QUIET;
    const figures = [few(500), few(500), few(500), { value: 100 }, { value: 100 }, { value: 100 }, few(500), few(10), few(10), few(10)];
    const states = figures.map((figure, at) => {
      level = nextLevel(level, comparedValue(level, figure), threshold, at * 30_000);
      return isRaised(level);
    });
    expect(states).toEqual([false, false, false, false, false, true, true, true, true, false]);
  });

  it('is raised and cleared at once without a duration', () => {
    const now = { ...threshold, holdMs: 0 };
    const raised = nextLevel(QUIET, 100, now, 0);
    expect([isRaised(raised), isRaised(nextLevel(raised, 89, now, 1))]).toEqual([true, false]);
  });

  it('never changes more often than once in its duration', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({ min: 0, max: 200, noNaN: true }), { nil: undefined })), (values) => {
        const states = played(values, 20_000);
        const changes = states.flatMap((raised, at) => (raised === (states[at - 1] ?? false) ? [] : [at]));
        expect(changes.every((at, index) => index === 0 || (at - (changes[index - 1] ?? 0)) * 20_000 >= threshold.holdMs)).toBe(true);
      }),
    );
  });
});

describe('a threshold', () => {
  it('has the values of the earlier server, and a level below it that clears', () => {
    expect(thresholdOf('memory', {})).toEqual({ raiseAt: 80, clearBelow: 72, holdMs: 60_000 });
    expect(thresholdOf('disk', {})?.raiseAt).toBe(85);
    expect(thresholdOf('error_rate', {})?.raiseAt).toBe(5);
    expect(thresholdOf('response_time', {})?.raiseAt).toBe(1000);
  });

  it('can be changed and switched off', () => {
    expect(thresholdOf('memory', { thresholds: { memoryUsage: 50 }, holdMs: 5, clearPercent: 100 })).toEqual({
      raiseAt: 50,
      clearBelow: 50,
      holdMs: 5,
    });
    expect(thresholdOf('memory', { thresholds: { memoryUsage: 0 } })).toBeUndefined();
  });
});
