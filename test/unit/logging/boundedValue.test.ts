import { expect, it } from 'vitest';
import { boundedValue, newBudget } from '../../../src/logging/boundedValue.js';

it('copies no more of a wide object, or of a list, than a record may hold', () => {
  const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`key${at}`, 'text']));
  expect(Object.keys(boundedValue(wide, newBudget()) as object).length).toBeLessThan(257);
  expect((boundedValue(Object.values(wide), newBudget()) as unknown[]).length).toBeLessThan(257);
});
