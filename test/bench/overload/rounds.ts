import { quantile } from '../statistics.js';
import type { Outcome } from './generatorProcess.js';
import type { HttpSubject } from './httpSubject.js';

export type Mode = 'with' | 'without';

/** What tells the two servers apart. */
export const MODES: Readonly<Record<Mode, Readonly<Record<string, string>>>> = {
  with: {},
  without: {
    HANDOFF_ADAPTIVE_CONCURRENCY: 'false',
    HANDOFF_MAX_CONCURRENT_CALLS: '100000',
    HANDOFF_HTTP_MAX_OPEN_ANSWERS: '65535',
    HANDOFF_HTTP_MAX_CONNECTIONS: '65535',
  },
};

/** What one server did at one load in one round. */
export interface Point {
  readonly mode: Mode;
  readonly round: number;
  readonly factor: number;
  /** Calls in a second that were due, and those that were done in time. */
  readonly offered: number;
  readonly goodput: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly latestMs: number;
  /** Of one core. */
  readonly generatorShare: number;
}

/** Enough that calls do not wait for each other's rows. */
const SESSIONS = 256;
/** Callers of the closed loop that finds the peak. */
const CALLERS = 64;
/** How long a caller waits. */
export const PATIENCE_MS = 2000;
/** A load needs a while until queues are as long as they get. */
const WARM_UP_SHARE = 0.375;

export async function registerSessions({ port }: HttpSubject, sessions = SESSIONS): Promise<void> {
  for (let session = 0; session < sessions; session += 1) {
    const params = { name: 'register_session', arguments: { sessionKey: `overload-${session}`, agentFrom: 'bench' } };
    const answer = await fetch(`http://127.0.0.1:${port}/mcp`, {
      method: 'POST',
      headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json', 'mcp-protocol-version': '2025-06-18' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    });
    const text = await answer.text();
    if (!answer.ok || text.includes('"isError":true')) throw new Error(`a session could not be registered: ${text}`);
  }
}

/** Calls per second that the server does for callers that wait for their answers. */
export async function measurePeak(subject: HttpSubject, durationMs: number): Promise<number> {
  const { outcomes, seconds } = await subject.load({
    sessions: SESSIONS,
    callsPerSecond: 0,
    connections: CALLERS,
    durationMs,
    warmUpMs: durationMs * WARM_UP_SHARE,
    patienceMs: 30_000,
  });
  return outcomes.done / seconds;
}

export async function measurePoint(
  subject: HttpSubject,
  { mode, round, factor, peak, roundMs }: { mode: Mode; round: number; factor: number; peak: number; roundMs: number },
): Promise<Point> {
  const result = await subject.load({
    sessions: SESSIONS,
    callsPerSecond: factor * peak,
    connections: 0,
    durationMs: roundMs,
    warmUpMs: roundMs * WARM_UP_SHARE,
    patienceMs: PATIENCE_MS,
  });
  const { outcomes, doneMs, seconds, latestMs, cpuMs } = result;
  const all = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const at = (share: number): number => (doneMs.length === 0 ? Number.NaN : quantile(doneMs, share));
  return {
    ...{ mode, round, factor, outcomes, latestMs },
    offered: all / seconds,
    goodput: outcomes.done / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    generatorShare: cpuMs / roundMs,
  };
}
