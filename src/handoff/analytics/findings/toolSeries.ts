import { answeringOperations } from '../../../telemetry/catalogue/calls.js';
import { codebaseOperations } from '../../../telemetry/catalogue/codebase.js';
import { meanOf, percentOf } from './series.js';
import type { Series } from './series.js';

const MICROS_PER_MS = 1000;
/** Tools that are watched one by one, besides all of them together. */
const MAX_TOOLS = 8;

/** Operations that tools call; what runs by itself would hide it when nobody calls any more. */
export const calledOperations: readonly string[] = [...answeringOperations, ...Object.values(codebaseOperations).map(({ name }) => name)];

/**
 * Latency and error rate of some operations. That one is not called while others are is told by its latency, which is missing then; that
 * nobody calls anything is told by the number of calls, and once is enough.
 */
export function ofTools(subject: string, operations: readonly string[]): readonly Series[] {
  const source = { kind: 'performance', dimension: 'operation', values: operations, measures: ['duration_us', 'failures'] } as const;
  const name = subject === '' ? 'all calls' : subject;
  return [
    {
      kind: 'tool_latency',
      subject,
      unit: 'ms',
      title: `The mean duration of ${name}`,
      source,
      withoutRows: subject === '' ? 'left_out' : 'missing',
      missingBeside: calledOperations,
      valueOf: meanOf('duration_us', MICROS_PER_MS),
      calls: { operations, outcome: 'slow' },
    },
    {
      kind: 'tool_error_rate',
      subject,
      unit: '%',
      title: `The share of ${name} that failed`,
      source,
      withoutRows: 'left_out',
      valueOf: percentOf('failures', 'duration_us'),
      calls: { operations, outcome: 'failed' },
    },
  ];
}

/**
 * Chooses the tools that are watched: those with most calls. One that is watched stays while it is among twice as many, since its detector
 * has learned something.
 *
 * @param ranked operations, those with most calls first
 * @param watched those that are watched already
 */
export function chosenTools(ranked: readonly string[], watched: ReadonlySet<string>): readonly string[] {
  const called = ranked.filter((operation) => calledOperations.includes(operation));
  const stay = called.slice(0, 2 * MAX_TOOLS).filter((operation) => watched.has(operation));
  const others = called.filter((operation) => !stay.includes(operation));
  return [...stay, ...others].slice(0, MAX_TOOLS);
}
