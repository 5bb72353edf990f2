import { beforeEach, expect, it } from 'vitest';
import { Arena } from '../../../../../src/handoff/analytics/anomalies/arena.js';
import { Episodes, QUIET_ROWS } from '../../../../../src/handoff/analytics/anomalies/episodes.js';
import type { Episode } from '../../../../../src/handoff/analytics/anomalies/episodes.js';

let episodes: Episodes;
let atMs: number;
beforeEach(() => {
  episodes = new Episodes(new Arena(1000));
  atMs = 0;
});

/** A row a second. */
function row(score: number): Episode | undefined {
  atMs += 1000;
  return episodes.judge({ atMs, value: atMs, level: score, score, view: 0, expected: 1, lower: 0, upper: 2 }, 0.9);
}

const quiet = (rows: number): (Episode | undefined)[] => Array.from({ length: rows }, () => row(0));

it('an episode is over with the twelfth quiet row in succession, and ended with its last unusual one', () => {
  expect(row(0.95)).toMatchObject({ startedAtMs: 1000, detectedAtMs: 1000, endedAtMs: undefined });
  for (const open of quiet(QUIET_ROWS - 1)) expect(open).toMatchObject({ endedAtMs: undefined });
  expect(row(0.8)).toMatchObject({ endedAtMs: undefined });
  for (const open of quiet(QUIET_ROWS - 1)) expect(open).toMatchObject({ endedAtMs: undefined });
  expect(row(0)).toMatchObject({ startedAtMs: 1000, endedAtMs: 13_000 });
  expect(row(0)).toBeUndefined();
});

it('its peak is the first row with the highest score', () => {
  for (const score of [0.92, 0.97, 0.95]) row(score);
  expect(row(0.97)).toMatchObject({ detectedAtMs: 1000, peak: { atMs: 2000, score: 0.97, value: 2000 } });
});

it('one that is closed takes nothing along: the next begins with the first unusual row after it', () => {
  row(0.95);
  quiet(3);
  expect([episodes.close(), episodes.close()]).toEqual([true, false]);
  expect([row(0), row(0.8)]).toEqual([undefined, undefined]);
  expect(row(0.95)).toMatchObject({ startedAtMs: 6000, detectedAtMs: 7000, peak: { score: 0.95, atMs: 7000 } });
});
