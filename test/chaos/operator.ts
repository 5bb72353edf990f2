import { setTimeout as wait } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Fleet } from './fleet.js';
import type { SeededRandom } from './random.js';

const jobs = ['session-cleanup', 'dormant-detection', 'retention-enforcement', 'cache-optimization'] as const;
/** A job on a replica that is killed meanwhile has no answer. */
const CALL_TIMEOUT_MS = 20_000;

export interface OperatorCounts {
  /** Runs that succeeded, by job. */
  readonly runs: Record<string, number>;
  /** Calls that were answered with an error: the job runs already, or this attempt failed. */
  refused: number;
  unanswered: number;
}

export function noRuns(): OperatorCounts {
  return { runs: Object.fromEntries(jobs.map((name) => [name, 0])), refused: 0, unanswered: 0 };
}

/** Runs jobs by hand, in turn, on whichever replica answers, far more often than they are scheduled. */
export async function operate(fleet: Fleet, random: SeededRandom, stopped: AbortSignal, counts: OperatorCounts): Promise<void> {
  for (let run = random.between(0, jobs.length - 1); !stopped.aborted; run += 1) {
    await runJob(fleet, random, jobs[run % jobs.length] ?? 'session-cleanup', counts);
    await wait(random.between(100, 500));
  }
}

/** Runs one job. Never rejects: no answer is counted. */
export async function runJob(fleet: Fleet, random: SeededRandom, jobName: string, counts: OperatorCounts): Promise<void> {
  const { urls } = fleet;
  if (urls.length === 0) return;
  const client = new Client({ name: 'operator', version: '1.0.0' });
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(random.pick(urls))), { timeout: CALL_TIMEOUT_MS });
    const { isError } = await client.callTool({ name: 'run_job_now', arguments: { jobName } }, { timeout: CALL_TIMEOUT_MS });
    if (isError === true) counts.refused += 1;
    else counts.runs[jobName] = (counts.runs[jobName] ?? 0) + 1;
  } catch {
    counts.unanswered += 1;
  } finally {
    await client.close().catch(() => undefined);
  }
}
