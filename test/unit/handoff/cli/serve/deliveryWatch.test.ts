import { expect, it } from 'vitest';
import { deliveryWatch } from '../../../../../src/handoff/cli/serve/deliveryWatch.js';
import type { Delivery } from '../../../../../src/handoff/cli/serve/deliveryWatch.js';

it('telemetry is off from the first loss without a delivery to the next delivery, for any signal', () => {
  let counts: (Delivery | undefined)[] = [undefined, { delivered: 0, failed: 0 }];
  const look = deliveryWatch(() => counts);
  const after = (delivered: number, failed: number): string | undefined => {
    counts = [undefined, { delivered, failed }];
    return look();
  };
  expect(look()).toBeUndefined();
  expect(after(10, 0)).toBeUndefined();
  expect(after(10, 5)).toBe('not_delivered');
  // Nothing was sent since.
  expect(after(10, 5)).toBe('not_delivered');
  expect(after(11, 6)).toBeUndefined();
  counts = [
    { delivered: 0, failed: 1 },
    { delivered: 12, failed: 6 },
  ];
  expect(look()).toBe('not_delivered');
});
