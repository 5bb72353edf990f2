import { expect, it } from 'vitest';
import { leaveAtPauses } from '../../../../src/handoff/storage/leaveAtPauses.js';

/** Seconds at which a connection is left that is refused every tenth of a second. */
function leaves(mayLeave: (nowMs: number) => boolean, fromMs: number, toMs: number): number[] {
  const seconds: number[] = [];
  for (let nowMs = fromMs; nowMs < toMs; nowMs += 100) if (mayLeave(nowMs)) seconds.push(nowMs / 1000);
  return seconds;
}

function atPauses(): (nowMs: number) => boolean {
  let nowMs = 0;
  const mayLeave = leaveAtPauses(() => nowMs);
  return (atMs) => {
    nowMs = atMs;
    return mayLeave();
  };
}

it('leaves at once, and then after pauses that double up to a minute', () => {
  expect(leaves(atPauses(), 0, 300_000)).toEqual([0, 2, 6, 14, 30, 62, 122, 182, 242]);
});

it('begins anew after a time without refusals', () => {
  const mayLeave = atPauses();
  leaves(mayLeave, 0, 60_000);
  expect(leaves(mayLeave, 200_000, 210_000)).toEqual([200, 202, 206]);
});
