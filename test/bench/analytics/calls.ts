import type { Lab } from '../lab.js';
import { TELEMETRY_OFF } from '../lab.js';
import { measureRound } from '../measure.js';
import type { MeasuredRound } from '../measure.js';
import { StdioServer } from '../stdioServer.js';
import { eventually } from '../../stack/remote/eventually.js';
import { registerSessions, updateContext } from '../updateContextLoad.js';

const CALLERS = 32;
const WARM_UP_MS = 8000;
/** A server takes up its jobs in the background, after its first answers. */
const JOBS_TAKEN_UP_MS = 20_000;
/** What of the scheduled jobs is analytics. */
const JOBS = ['analytics-rollup', 'analytics-anomalies'] as const;

/** Turns of one server; the n-th of each were measured one after the other. */
export interface CallFigures {
  readonly with: readonly MeasuredRound[];
  readonly without: readonly MeasuredRound[];
}

/**
 * `update_context` in turns of one server, with the jobs of analytics at the beginning of every other turn and without them in between.
 * Turns are shorter than the minute between two runs as they are scheduled: the jobs run more often here, and a turn with them bears what
 * was written in both.
 */
export async function measureCalls(lab: Lab): Promise<CallFigures> {
  await using stack = new AsyncDisposableStack();
  const database = await lab.emptyDatabase();
  stack.defer(() => database.drop());
  const server = new StdioServer({ env: { DATABASE_URL: database.url, ...TELEMETRY_OFF } });
  stack.defer(() => server.end());
  await server.initialize();
  for (const jobName of JOBS) await server.callTool('update_job_config', { jobName, config: { enabled: false } });
  await registerSessions(server, CALLERS);
  const pids = { server: server.pid, postgres: lab.postgres.pid };
  const without = (durationMs: number): Promise<MeasuredRound> =>
    measureRound({ callers: CALLERS, durationMs, call: (caller) => updateContext(server, caller), pids });
  const runJobs = async (): Promise<void> => {
    for (const jobName of JOBS) await server.callTool('run_job_now', { jobName });
  };
  const withJobs = async (durationMs: number): Promise<MeasuredRound> => (await Promise.all([without(durationMs), runJobs()]))[0];
  await eventually({ forMs: JOBS_TAKEN_UP_MS, everyMs: 100 }, runJobs);
  await withJobs(WARM_UP_MS);
  const found: { with: MeasuredRound[]; without: MeasuredRound[] } = { with: [], without: [] };
  for (let round = 0; round < lab.rounds; round += 1) {
    lab.progress(`calls: round ${round + 1} of ${lab.rounds}`);
    const order = round % 2 === 0 ? (['with', 'without'] as const) : (['without', 'with'] as const);
    for (const variant of order) found[variant].push(await (variant === 'with' ? withJobs : without)(lab.roundMs));
  }
  return found;
}
