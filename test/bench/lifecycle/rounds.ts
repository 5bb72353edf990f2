import type pg from 'pg';
import { countDue } from './fill.js';
import type { QueueTurn } from './queues.js';
import type { Engine, Turn } from './sweeps.js';

/** Sessions of one turn must fill a batch for each worker, or there is nothing to measure. */
const LEAST_TURN = 2000;

export interface Entrants {
  readonly bare: Engine;
  readonly ours: Engine;
  readonly queues: Readonly<Record<string, (jobs: number) => Promise<QueueTurn>>>;
}

export interface RoundFigures {
  /** Sessions ended in one turn of the bare statement, and in one of the sweep. */
  readonly turn: number;
  /** Sessions ended each second, by round. */
  readonly bare: readonly number[];
  readonly ours: readonly number[];
  readonly queues: Readonly<Record<string, { readonly perSecond: readonly number[]; readonly enqueuedPerSecond: readonly number[] }>>;
}

export interface Plan {
  /** Rounds that count. One before them fills caches and plans, and does not. */
  readonly rounds: number;
  /** Sessions that are due for all rounds together. */
  readonly due: number;
  /** Jobs of one turn of a queue. */
  readonly jobs: number;
}

/** Everybody ends sessions of the same table, in turn. Who comes first, and after whom, changes from round to round. */
export async function takeTurns(
  pool: pg.Pool,
  { bare, ours, queues }: Entrants,
  plan: Plan,
  tell: (line: string) => void,
): Promise<RoundFigures> {
  const { rounds, due, jobs } = plan;
  const names = Object.keys(queues);
  const turn = Math.floor((due / (rounds + 1) - names.length * jobs) / 2 / LEAST_TURN) * LEAST_TURN;
  if (turn < LEAST_TURN) throw new RangeError(`${due} due sessions are too few for ${rounds} rounds: raise --scale or lower --rounds.`);
  const rates: Record<string, number[]> = {};
  const enqueued: Record<string, number[]> = {};
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of orderOf(['bare', 'ours', ...names], round)) {
      const queue = queues[name];
      const asked = queue === undefined ? turn : jobs;
      const done: Turn & Partial<QueueTurn> = await (queue ?? (name === 'bare' ? bare : ours))(asked);
      const perSecond = rate(name, done, asked);
      tell(`${name}: ${Math.round(perSecond)}/s`);
      if (round === 0) continue;
      (rates[name] ??= []).push(perSecond);
      if (done.enqueueMs !== undefined) (enqueued[name] ??= []).push((asked * 1000) / done.enqueueMs);
    }
    tell(`round ${round} is over, and ${await countDue(pool)} sessions are due`);
  }
  return {
    turn,
    bare: rates['bare'] ?? [],
    ours: rates['ours'] ?? [],
    queues: Object.fromEntries(names.map((name) => [name, { perSecond: rates[name] ?? [], enqueuedPerSecond: enqueued[name] ?? [] }])),
  };
}

/** Another one is first in each round; in every other round they come in the opposite order, so that nobody always follows the same. */
function orderOf(names: readonly string[], round: number): string[] {
  const first = round % names.length;
  const rotated = [...names.slice(first), ...names.slice(0, first)];
  return round % 2 === 0 ? rotated : [...rotated.slice(0, 1), ...rotated.slice(1).reverse()];
}

/** Sessions ended each second. @throws Error when fewer were ended than asked for. */
export function rate(name: string, { ended, ms }: Turn, asked: number): number {
  if (ended !== asked) throw new Error(`${name} ended ${ended} of ${asked} sessions.`);
  return (ended * 1000) / ms;
}
