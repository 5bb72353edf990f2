import type { CallRecord, Evidence } from '../evidence.js';

/** What became of the calls of all agents. */
export interface CallFigures {
  readonly made: number;
  readonly failed: number;
  /** The longest that one agent had to do without a write, or without a read, that succeeded. */
  readonly longestOutageMs: number;
  /** When the last failed call of all agents had ended, after the mending. 0 if none failed any more. */
  readonly recoveredAfterMs: number;
  /** Agents whose last calls did not all succeed. */
  readonly stuck: readonly string[];
  /** How often calls failed for each reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** So many calls in a row have to succeed for an agent to be called well. */
const IN_A_ROW = 5;

export function callFigures({ startedMs, mendedMs, endedMs, calls }: Evidence): CallFigures {
  const counted = calls.filter(({ endMs }) => endMs >= startedMs);
  const failed = counted.filter(({ outcome }) => outcome !== 'ok');
  const agents = Map.groupBy(counted, ({ agent }) => agent);
  // Writes may fail while reads succeed.
  const kinds = Map.groupBy(counted, ({ agent, write }) => JSON.stringify([agent, write === undefined]));
  const reasons: Record<string, number> = {};
  for (const { reason = 'unknown' } of failed) reasons[reason] = (reasons[reason] ?? 0) + 1;
  return {
    made: counted.length,
    failed: failed.length,
    longestOutageMs: Math.max(0, ...[...kinds.values()].map((own) => longestGapMs(own, startedMs, endedMs))),
    recoveredAfterMs: Math.max(0, ...failed.map(({ endMs }) => endMs - mendedMs)),
    stuck: [...agents].flatMap(([agent, own]) => (isWell(own, mendedMs) ? [] : [agent])),
    reasons,
  };
}

function longestGapMs(calls: readonly CallRecord[], fromMs: number, toMs: number): number {
  const moments = [fromMs, ...calls.flatMap(({ outcome, endMs }) => (outcome === 'ok' ? [endMs] : [])), toMs];
  return Math.max(0, ...moments.slice(1).map((moment, index) => moment - (moments[index] ?? moment)));
}

function isWell(calls: readonly CallRecord[], mendedMs: number): boolean {
  const last = calls.slice(-IN_A_ROW);
  // Before there was a fault there is no mending to wait for.
  const since = Number.isFinite(mendedMs) ? mendedMs : -Infinity;
  return last.length === IN_A_ROW && last.every(({ outcome, startMs }) => outcome === 'ok' && startMs >= since);
}
