import type { Lab } from '../lab.js';
import { orderOf, ServerPair } from './serverPair.js';
import type { PairedRounds } from './serverPair.js';

export interface CallersPoint extends PairedRounds {
  readonly callers: number;
}

export interface CallersFigures {
  readonly points: readonly CallersPoint[];
  /** What is wrong with the telemetry that was received. */
  readonly lost: string | undefined;
}

const CALLERS = [1, 8, 32, 128, 512] as const;
const WARM_UP_MS = 4000;

/** `update_context` of one server with telemetry and one without, with few callers and with many, each with a session of its own. */
export async function measureCallers(lab: Lab): Promise<CallersFigures> {
  await using stack = new AsyncDisposableStack();
  const database = await lab.emptyDatabase();
  stack.defer(() => database.drop());
  const pair = await ServerPair.start(lab, database);
  await pair.registerSessions(Math.max(...CALLERS));
  for (const telemetry of ['on', 'off'] as const) await pair.measure(telemetry, Math.max(...CALLERS), WARM_UP_MS);
  const points: readonly CallersPoint[] = CALLERS.map((callers) => ({ callers, on: [], off: [] }));
  for (let round = 0; round < lab.rounds; round += 1) {
    lab.progress(`callers: round ${round + 1} of ${lab.rounds}`);
    // Up, then down: the table grows from point to point, which must not look like the work of more callers.
    for (const point of round % 2 === 0 ? points : points.toReversed())
      await pair.addRound(point, { order: orderOf(round), callers: point.callers, durationMs: lab.roundMs });
  }
  return { points, lost: await pair.end() };
}
