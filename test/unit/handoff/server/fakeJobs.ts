import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { JobConfigError, JobRunningError, JobUnfinishedError } from '../../../../src/errors/jobErrors.js';
import { jobConfigProblems } from '../../../../src/handoff/jobs/jobConfig.js';
import type { Jobs } from '../../../../src/handoff/jobs/jobs.js';
import type { JobResult, JobStatus } from '../../../../src/handoff/jobs/jobStatus.js';
import { handoffServerFactory } from '../../../../src/handoff/server/createHandoffServer.js';
import { FakeSessions, LIMITS } from './fakeSessions.js';

const names = ['session-cleanup', 'dormant-detection', 'retention-enforcement', 'cache-optimization'];

export const status = (name: string): JobStatus => ({
  running: false,
  config: { name, intervalMs: 3_600_000, enabled: true, maxRetries: 3, retryDelayMs: 300_000 },
  stats: { totalRuns: 2, successfulRuns: 2, failedRuns: 0, averageDuration: 12.5, lastRun: '2026-01-01T10:00:00.000Z' },
  deadLetters: 0,
});

export const result = (jobName: string): JobResult => ({
  jobName,
  success: true,
  startTime: '2026-01-01T10:00:00.000Z',
  endTime: '2026-01-01T10:00:00.012Z',
  duration: 12.5,
  result: { cleanedSessions: 3 },
  retryCount: 0,
});

/** Jobs of the contract's names; how a run ends depends on its name. */
export const fakeJobs: Jobs = {
  names,
  status: async (jobName) =>
    Object.fromEntries(names.filter((name) => jobName === undefined || name === jobName).map((name) => [name, status(name)])),
  runNow: async (jobName) => {
    if (jobName === 'dormant-detection') throw new JobRunningError(jobName);
    if (jobName === 'retention-enforcement') throw new JobUnfinishedError(jobName, 50_000);
    if (jobName !== 'cache-optimization') return result(jobName);
    const { result: _, ...failed } = result(jobName);
    return { ...failed, success: false, error: '57014' };
  },
  configure: async (jobName, change) => {
    const problems = jobConfigProblems(change);
    if (problems.length > 0) throw new JobConfigError(jobName, problems);
    return { ...status(jobName).config, ...change };
  },
  health: async () => ({ jobs: [] }),
  start: () => undefined,
  stop: async () => undefined,
};

/** A client of a real server with those jobs. */
export async function connectToJobs(jobs: Jobs = fakeJobs): Promise<Client> {
  const [clientEnd, serverEnd] = InMemoryTransport.createLinkedPair();
  await handoffServerFactory({ sessions: new FakeSessions().sessions, jobs, limits: LIMITS, version: '9.9.9' })().connect(serverEnd);
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(clientEnd);
  return client;
}
