import type { Lab } from '../lab.js';
import { fillHistory, SESSIONS } from './fillHistory.js';
import { orderOf, ServerPair } from './serverPair.js';
import type { PairedRounds } from './serverPair.js';

export interface HistoryPoint extends PairedRounds {
  /** Entries that were there before the first call. */
  readonly entries: number;
  readonly pair: ServerPair;
}

export interface HistoryFigures {
  readonly points: readonly Omit<HistoryPoint, 'pair'>[];
  readonly callers: number;
  readonly sessions: number;
  /** What is wrong with the telemetry that was received. */
  readonly lost: string | undefined;
}

const CALLERS = 32;
const WARM_UP_MS = 4000;

/** `update_context` on a database for each of the lengths, with telemetry and without, all of them in turns. */
export async function measureHistory(lab: Lab, lengths: readonly number[]): Promise<HistoryFigures> {
  await using stack = new AsyncDisposableStack();
  const points: HistoryPoint[] = [];
  for (const length of lengths) {
    const database = await lab.emptyDatabase();
    stack.defer(() => database.drop());
    const entries = await fillHistory(database.url, length, lab.progress);
    points.push({ entries, on: [], off: [], pair: await ServerPair.start(lab, database) });
  }
  for (const { pair } of points) for (const telemetry of ['on', 'off'] as const) await pair.measure(telemetry, CALLERS, WARM_UP_MS);
  for (let round = 0; round < lab.rounds; round += 1) {
    lab.progress(`history: round ${round + 1} of ${lab.rounds}`);
    for (const point of round % 2 === 0 ? points : points.toReversed())
      await point.pair.addRound(point, { order: orderOf(round), callers: CALLERS, durationMs: lab.roundMs });
  }
  const lost: string[] = [];
  for (const { pair } of points) lost.push(...[await pair.end()].filter((problem) => problem !== undefined));
  return { points, callers: CALLERS, sessions: SESSIONS, lost: lost.length === 0 ? undefined : lost.join('; ') };
}
