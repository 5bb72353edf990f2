import type { CallRecord, Evidence, HealthSample } from '../../faults/evidence.js';
import type { Expectation } from '../../faults/row.js';

/** A fault from 10 s to 20 s, of which nothing is forged yet: everything is as it must be. */
export const expected: Expectation = {
  health: { part: 'database', reasons: ['unreachable'] },
  alongside: ['jobs'],
  alerts: ['DatabaseUnavailable'],
};

const STARTED_MS = 1000;
export const INJECTED_MS = 10_000;
export const MENDED_MS = 20_000;
const ENDED_MS = 40_000;
const EACH_MS = 200;
const REPLICAS = ['replica-1', 'replica-2'];

const moments = Array.from({ length: (ENDED_MS - STARTED_MS) / EACH_MS }, (_, index) => STARTED_MS + index * EACH_MS);
const isBroken = (atMs: number): boolean => atMs >= INJECTED_MS && atMs < MENDED_MS;

export const write = (agent: string, atMs: number): CallRecord => ({
  agent,
  startMs: atMs - 50,
  endMs: atMs,
  ...(isBroken(atMs) ? { outcome: 'refused' as const, reason: 'HANDOFF_DATABASE_UNAVAILABLE' } : { outcome: 'ok' as const }),
  write: { sessionKey: `session-of-${agent}`, content: `${agent} at ${atMs}` },
});

export const sound = (replica: string, atMs: number): HealthSample => ({
  replica,
  atMs,
  parts: { database: { state: 'healthy' }, redis: { state: 'healthy' } },
});

export const broken = (replica: string, atMs: number): HealthSample => ({
  replica,
  atMs,
  parts: { database: { state: 'unhealthy', reason: 'unreachable' }, redis: { state: 'healthy' } },
});

export function goodEvidence(): Evidence {
  const calls = moments.flatMap((atMs) => [write('agent-1', atMs), write('agent-2', atMs)]);
  return {
    startedMs: STARTED_MS,
    injectedMs: INJECTED_MS,
    mendedMs: MENDED_MS,
    endedMs: ENDED_MS,
    calls,
    stored: calls.flatMap(({ outcome, write: entry }) => (outcome === 'ok' && entry !== undefined ? [entry] : [])),
    // A server notices two seconds late.
    health: moments.flatMap((atMs) => REPLICAS.map((replica) => (isBroken(atMs - 2000) ? broken(replica, atMs) : sound(replica, atMs)))),
    alerts: moments.map((atMs) => ({ atMs, firing: isBroken(atMs - 3000) ? ['DatabaseUnavailable'] : [] })),
    endedReplicas: [],
  };
}
