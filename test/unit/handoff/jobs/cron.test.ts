import { expect, it } from 'vitest';
import { cronOf } from '../../../../src/handoff/jobs/cron.js';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

it('expresses the intervals of our jobs', () => {
  expect([1, 30, 60, 120, DAY_MINUTES].map((minutes) => cronOf(minutes * MINUTE_MS))).toEqual([
    '* * * * *',
    '*/30 * * * *',
    '0 * * * *',
    '0 */2 * * *',
    '0 0 * * *',
  ]);
});

it.each([0, -60_000, 59_000, 60_001, 90_000, 420_000, 61 * 60_000, 90 * 60_000, 5 * 3_600_000, 172_800_000])(
  'cannot express %d ms',
  (intervalMs) => {
    expect(cronOf(intervalMs)).toBeUndefined();
  },
);

/** The minutes of a day at which an expression of our two fields begins, by the rules of cron. */
function minutesOf(expression: string): number[] {
  const [minute = '', hour = ''] = expression.split(' ');
  const matches = (field: string, value: number): boolean =>
    field === '*' || (field.startsWith('*/') ? value % Number(field.slice(2)) === 0 : value === Number(field));
  return Array.from({ length: DAY_MINUTES }, (_, at) => at).filter((at) => matches(minute, at % 60) && matches(hour, Math.floor(at / 60)));
}

it('every expression is evenly spaced by exactly its interval, across midnight too', () => {
  const expressed = Array.from({ length: 2 * DAY_MINUTES }, (_, minutes) => minutes).flatMap((minutes) => {
    const expression = cronOf(minutes * MINUTE_MS);
    return expression === undefined ? [] : [{ minutes, at: minutesOf(expression) }];
  });
  expect(expressed.length).toBe(12 + 8 - 1);
  for (const { minutes, at } of expressed) {
    const gaps = at.map((each, index) => (at[index + 1] ?? (at[0] ?? 0) + DAY_MINUTES) - each);
    expect([...new Set(gaps)], `${minutes} minutes`).toEqual([minutes]);
  }
});
