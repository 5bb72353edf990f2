import { beforeEach, expect, it } from 'vitest';
import { Pace } from '../../../../src/handoff/server/pace.js';

/** Turns of the event loop that come when the test says so. */
let turns: (() => void)[] = [];
let begun: number[] = [];
let pace: Pace;
beforeEach(() => {
  [turns, begun] = [[], []];
  pace = new Pace((run) => turns.push(run));
});

async function call(number: number): Promise<void> {
  await pace.enter();
  begun.push(number);
}

async function nextTurn(): Promise<void> {
  for (const run of turns.splice(0)) run();
  await Promise.resolve();
  await Promise.resolve();
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

it('has sixteen calls begin in a turn, the first who asked first', async () => {
  const calls = upTo(40).map(call);
  await Promise.resolve();
  expect(begun).toEqual(upTo(16));
  await nextTurn();
  expect(begun).toEqual(upTo(32));
  // Who comes later waits behind the others.
  const late = call(40);
  await nextTurn();
  expect(begun).toEqual(upTo(41));
  await Promise.all([...calls, late]);
});

it('has two begin in a turn while connections come in, so that the next is accepted soon', async () => {
  pace.accepted();
  const calls = upTo(30).map(call);
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  pace.accepted();
  await nextTurn();
  expect(begun).toEqual([0, 1, 2, 3]);
  // Who comes now does not overtake those who wait, and no connection has come in since.
  const late = call(30);
  await nextTurn();
  expect(begun).toEqual(upTo(20));
  await nextTurn();
  expect(begun).toEqual(upTo(31));
  await Promise.all([...calls, late]);
});

it('asks for no further turn when nobody waits', async () => {
  await call(0);
  expect(turns).toHaveLength(1);
  await nextTurn();
  expect(turns).toHaveLength(0);
});
