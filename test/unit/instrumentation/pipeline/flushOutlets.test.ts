import { expect, it } from 'vitest';
import { createFlushes } from '../../../../src/instrumentation/pipeline/flushOutlets.js';
import { systemClock } from '../../../../src/time/clock.js';

/** An outlet whose flushes end when the test says so. */
function heldOutlet() {
  const flushes: PromiseWithResolvers<void>[] = [];
  const hurries: boolean[] = [];
  return {
    flushes,
    hurries,
    flush: () => {
      const held = Promise.withResolvers<void>();
      flushes.push(held);
      return held.promise;
    },
    setHurried: (isHurried: boolean) => void hurries.push(isHurried),
  };
}

it('flushes every outlet, and is over when the last of them is', async () => {
  const [one, other] = [heldOutlet(), heldOutlet()];
  const { flushAtExit } = createFlushes([one, other], 60_000, systemClock);
  let finished: boolean | undefined;
  const flush = flushAtExit().then((answer) => (finished = answer));
  one.flushes[0]?.resolve();
  await Promise.resolve();
  expect([one.flushes.length, other.flushes.length, finished]).toEqual([1, 1, undefined]);
  other.flushes[0]?.resolve();
  await flush;
  expect(finished).toBe(true);
});

it('gives up after the time there is, and says so', async () => {
  const outlet = heldOutlet();
  const { flush, flushAtExit } = createFlushes([outlet], 5, systemClock);
  expect(await flushAtExit()).toBe(false);
  expect(await flush()).toBeUndefined();
});

it('hurries until the last flush of an exit is over, and not for a plain flush', async () => {
  const outlet = heldOutlet();
  const { flush, flushAtExit } = createFlushes([outlet], 60_000, systemClock);
  const plain = flush();
  expect(outlet.hurries).toEqual([]);
  const exits = [flushAtExit(), flushAtExit()];
  outlet.flushes[0]?.resolve();
  outlet.flushes[1]?.resolve();
  await Promise.all([plain, exits[0]]);
  expect(outlet.hurries).toEqual([true, true]);
  outlet.flushes[2]?.resolve();
  await exits[1];
  expect(outlet.hurries).toEqual([true, true, false]);
});
