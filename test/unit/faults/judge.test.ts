import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../faults/evidence.js';
import { assess } from '../../faults/judge/assess.js';
import type { Expectation } from '../../faults/row.js';
import { broken, expected, goodEvidence, INJECTED_MS, MENDED_MS, sound, write } from './forgedEvidence.js';

const faultsOf = (change: Partial<Evidence>, more: Partial<Expectation> = {}): readonly string[] =>
  assess({ ...expected, ...more }, { ...goodEvidence(), ...change }).faults;

describe('the judge of the fault table', () => {
  it('finds no fault where everything is as it must be, and gives the figures', () => {
    const assessment = assess(expected, goodEvidence());
    expect(assessment.faults).toEqual([]);
    expect(assessment.calls).toMatchObject({ made: 390, failed: 100, longestOutageMs: 10_200, recoveredAfterMs: 0, stuck: [] });
    expect(assessment.calls.reasons).toEqual({ HANDOFF_DATABASE_UNAVAILABLE: 100 });
    expect(assessment.writes).toEqual({ acknowledged: 290, lost: 0, doubled: 0, foreign: 0 });
    expect(assessment.health).toMatchObject({ toldAfterMs: 2000, clearedAfterMs: 2000, untrue: [], said: ['unreachable'], silent: [] });
    expect(assessment.alerts).toEqual({ raised: { name: 'DatabaseUnavailable', afterMs: 3000 }, clearedAfterMs: 3000, others: [] });
    expect(assessment).toMatchObject({ isTold: true, isWholeNow: true });
  });

  it('notices a write that was acknowledged and is not stored, and states it where that may be', () => {
    const { stored } = goodEvidence();
    expect(faultsOf({ stored: stored.slice(1) })).toEqual(['1 acknowledged writes are lost.']);
    expect(faultsOf({ stored: stored.slice(1) }, { mayLose: 'asynchronous' })).toEqual([]);
  });

  it('notices a write that is stored twice, changed, or not an agent’s', () => {
    const { stored } = goodEvidence();
    const [first] = stored;
    if (first === undefined) throw new Error('There must be an entry.');
    expect(faultsOf({ stored: [...stored, first] })).toEqual(['1 writes are stored more than once.']);
    expect(faultsOf({ stored: [...stored.slice(1), { ...first, content: `${first.content}!` }] })).toEqual([
      '1 acknowledged writes are lost.',
      '1 entries are stored that nobody wrote.',
    ]);
    expect(faultsOf({ stored: [...stored.slice(1), { ...first, sessionKey: 'session-of-agent-2' }] })).toHaveLength(2);
  });

  it('does not mind whether a write without an answer is stored', () => {
    const { calls, stored } = goodEvidence();
    const unanswered = calls.flatMap(({ outcome, write: entry }) => (outcome === 'refused' && entry !== undefined ? [entry] : []));
    expect(faultsOf({ stored: [...stored, ...unanswered.slice(0, 3)] })).toEqual([]);
  });

  it('notices an agent whose calls do not succeed again, or succeed too late', () => {
    const { calls } = goodEvidence();
    const failing = (fromMs: number, toMs: number) =>
      calls.map((call) =>
        call.agent === 'agent-2' && call.endMs >= fromMs && call.endMs < toMs ? { ...call, outcome: 'lost' as const } : call,
      );
    expect(faultsOf({ calls: failing(INJECTED_MS, Infinity) })).toContain('Calls of agent-2 did not succeed again.');
    const endedMs = MENDED_MS + 60_000;
    const late = [...failing(INJECTED_MS, Infinity), ...[1, 2, 3, 4, 5].map((turn) => write('agent-2', endedMs - 1000 + 100 * turn))];
    const stored = late.flatMap(({ outcome, write: entry }) => (outcome === 'ok' && entry !== undefined ? [entry] : []));
    const lost = { ...write('agent-2', MENDED_MS + 31_000), outcome: 'lost' as const };
    expect(faultsOf({ calls: [...late.slice(0, -5), lost, ...late.slice(-5)], stored, endedMs })).toEqual([
      'Calls still failed 31.0 s after the mending.',
    ]);
  });

  it('notices a call that failed where none may, and a server that ended', () => {
    expect(faultsOf({}, { noCallFails: true })).toEqual(['100 calls failed, and none had to.']);
    expect(faultsOf({ endedReplicas: ['replica-2'] })).toEqual(['The server replica-2 ended.']);
  });

  it('is not content with a run in which nothing happened', () => {
    expect(faultsOf({ calls: [], stored: [] })).toEqual([
      'No call was made, so nothing was shown.',
      'No write was acknowledged, so nothing was shown.',
    ]);
  });
});

describe('what it says of health', () => {
  const { health } = goodEvidence();
  const changed = (replica: string, change: (atMs: number) => (typeof health)[number] | undefined) =>
    health.map((sample) => (sample.replica === replica ? (change(sample.atMs) ?? sample) : sample));

  it('notices one server that never names the part, names it late, or for another reason', () => {
    const untold = ['/health did not name database within 8.0 s.'];
    expect(faultsOf({ health: changed('replica-2', (atMs) => sound('replica-2', atMs)) })).toEqual(untold);
    const late = changed('replica-2', (atMs) => (atMs < INJECTED_MS + 8200 ? sound('replica-2', atMs) : undefined));
    expect(faultsOf({ health: late })).toEqual(untold);
    expect(faultsOf({ health: late }, { tellWithinMs: 9000 })).toEqual([]);
    expect(faultsOf({ health: late }, { brief: 'it is short' })).toEqual([]);
    expect(faultsOf({}, { health: { part: 'database', reasons: ['read_only'] } })).toEqual(untold);
  });

  it('notices that another part is named, or the right one while nothing is broken', () => {
    const other = (part: 'redis' | 'jobs', state: 'degraded' | 'healthy' = 'degraded') =>
      changed('replica-1', (atMs) =>
        atMs === INJECTED_MS + 4000
          ? {
              replica: 'replica-1',
              atMs,
              parts: { database: { state: 'unhealthy', reason: 'unreachable' }, [part]: { state, reason: 'failing' } },
            }
          : undefined,
      );
    expect(faultsOf({ health: other('redis') })).toEqual(['/health said what was not so: redis failing.']);
    expect(faultsOf({ health: other('redis', 'healthy') })).toEqual([]);
    expect(faultsOf({ health: other('jobs') })).toEqual([]);
    for (const wrongMs of [INJECTED_MS - 1000, MENDED_MS + 15_000]) {
      const early = changed('replica-1', (atMs) => (atMs === wrongMs ? broken('replica-1', atMs) : undefined));
      expect(faultsOf({ health: early })).toEqual(['/health said what was not so: database unreachable.']);
    }
  });

  it('lets a busy machine be slow', () => {
    const slow = changed('replica-1', (atMs) =>
      atMs === MENDED_MS + 15_000 ? { replica: 'replica-1', atMs, parts: { redis: { state: 'degraded', reason: 'slow' } } } : undefined,
    );
    expect(faultsOf({ health: slow })).toEqual([]);
  });

  it('notices a server that never says that all is well again', () => {
    const stuck = changed('replica-1', (atMs) => (atMs > MENDED_MS ? broken('replica-1', atMs) : undefined));
    expect(faultsOf({ health: stuck })).toContain('/health did not say within 30.0 s of the mending that all is well.');
    expect(assess(expected, { ...goodEvidence(), health: stuck }).isWholeNow).toBe(false);
  });

  it('notices a server that gives no answer, unless the fault stopped it', () => {
    const silent = changed('replica-1', (atMs) => (atMs > INJECTED_MS && atMs < MENDED_MS ? { replica: 'replica-1', atMs } : undefined));
    expect(faultsOf({ health: silent })).toContain('/health of replica-1 did not answer.');
    expect(faultsOf({ health: silent }, { victims: ['replica-1'] })).toEqual([]);
  });
});

describe('what it says of alerts', () => {
  const { alerts } = goodEvidence();

  it('notices that none of the expected ones fired, or that it did not clear', () => {
    const wrong = alerts.map(({ atMs, firing }) => ({ atMs, firing: firing.length > 0 ? ['RedisUnavailable'] : [] }));
    expect(faultsOf({ alerts: wrong })).toEqual(['None of the alerts fired that should: DatabaseUnavailable.']);
    const stuck = alerts.map(({ atMs, firing }) => ({ atMs, firing: atMs > INJECTED_MS + 4000 ? ['DatabaseUnavailable'] : firing }));
    expect(faultsOf({ alerts: stuck })).toEqual(['The alert did not clear.']);
  });

  it('notices any that fires where none is due', () => {
    expect(faultsOf({}, { alerts: [] })).toEqual(['The alert DatabaseUnavailable fired, and nothing was wrong.']);
    expect(faultsOf({ alerts: alerts.map(({ atMs }) => ({ atMs, firing: [] })) }, { alerts: [] })).toEqual([]);
    // They repeat what /health said, which is judged as such, and a busy machine is no fault.
    expect(faultsOf({ alerts: alerts.map(({ atMs }) => ({ atMs, firing: ['PartUnhealthy', 'EventLoopBusy'] })) }, { alerts: [] })).toEqual(
      [],
    );
  });
});
