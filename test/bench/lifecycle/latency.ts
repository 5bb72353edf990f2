import { setTimeout as wait } from 'node:timers/promises';
import { quantile } from '../statistics.js';
import { StdioServer } from '../stdioServer.js';
import { registerSessions, updateContext } from '../updateContextLoad.js';
import { replicas } from './sweeps.js';

const CALLS_PER_SECOND = 200;
const CALLERS = 32;

export interface Latencies {
  readonly calls: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface LatencyFigures {
  readonly alone: Latencies;
  readonly besideSweep: Latencies;
  /** Sessions that the sweep ended each second meanwhile, at its default pace. */
  readonly sweepPerSecond: number;
}

/** Too few calls have no 99th percentile to speak of. */
const LEAST_CALLS = 100;

/**
 * `update_context` at 200 calls/s offered, by itself and while another replica sweeps at its default pace. Both end together: a call
 * after the last batch would be counted as one beside a sweep, and make it look cheaper than it is.
 */
export async function latencies(url: string, seconds: number): Promise<LatencyFigures> {
  const server = new StdioServer({ env: { DATABASE_URL: url, OTEL_SDK_DISABLED: 'true', HANDOFF_JOBS_ENABLED: 'false' } });
  await server.initialize();
  await registerSessions(server, CALLERS);
  await offered(server, 2);
  const alone = await offered(server, seconds);
  const other = await replicas(url, 1, undefined);
  const [over, enough] = [new AbortController(), new AbortController()];
  const sweeping = other.sweep(Infinity, enough.signal).finally(() => over.abort());
  const besideSweep = await offered(server, seconds, over.signal);
  enough.abort();
  const { ended, ms } = await sweeping;
  await other.close();
  await server.end();
  if (besideSweep.calls < LEAST_CALLS) throw new Error(`The sweep was over after ${besideSweep.calls} calls: raise --scale.`);
  return { alone, besideSweep, sweepPerSecond: (ended * 1000) / ms };
}

/** Calls at their times, whether earlier ones are answered or not; a call's time counts from when it was due. */
async function offered(server: StdioServer, seconds: number, over?: AbortSignal): Promise<Latencies> {
  const taken: number[] = [];
  const open: Promise<void>[] = [];
  const startMs = performance.now();
  for (let call = 0; call < seconds * CALLS_PER_SECOND && over?.aborted !== true; call += 1) {
    const dueMs = startMs + (call * 1000) / CALLS_PER_SECOND;
    const ahead = dueMs - performance.now();
    if (ahead > 1) await wait(ahead);
    open.push(updateContext(server, call % CALLERS).then(() => void taken.push(performance.now() - dueMs)));
  }
  await Promise.all(open);
  const sorted = taken.toSorted((left, right) => left - right);
  return { calls: taken.length, p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), maxMs: quantile(sorted, 1) };
}
