import { describe, expect, it } from 'vitest';
import type { HandoffFact, PolicyFact, RouteFact } from '../../../../../../src/handoff/analytics/recommendations/facts/facts.js';
import { handoffsCircle } from '../../../../../../src/handoff/analytics/recommendations/rules/handoffsCircle.js';
import { handoffsRejected } from '../../../../../../src/handoff/analytics/recommendations/rules/handoffsRejected.js';
import { handoffsTimeOut } from '../../../../../../src/handoff/analytics/recommendations/rules/handoffsTimeOut.js';
import { sessionsStayDormant } from '../../../../../../src/handoff/analytics/recommendations/rules/sessionsStayDormant.js';
import { sessionsWakeOften } from '../../../../../../src/handoff/analytics/recommendations/rules/sessionsWakeOften.js';
import { storageNearLimit } from '../../../../../../src/handoff/analytics/recommendations/rules/storageNearLimit.js';
import type { StorageReport } from '../../../../../../src/handoff/retention/storageReport.js';
import { expectNothing, found, span, TO } from '../facts.js';
import { INBOX_PREFIX } from '../../../../../../src/handoff/server/resources/inboxAddress.js';

const GB = 1e9;

describe('storage_near_limit', () => {
  const report: StorageReport = {
    takenAt: TO,
    tables: [],
    archive: { objects: 0, bytes: 0 },
    parts: [],
    databaseBytes: 85 * GB,
    totalBytes: 85 * GB,
    limitBytes: 100 * GB,
    growthBytesPerDay: GB,
    daysLeft: 15,
    nearLimit: true,
    suggestions: [
      { policy: 'standard', setting: 'logRetentionDays', from: 60, to: 30, freesBytes: 9, text: '' },
      { policy: 'extended', setting: 'logRetentionDays', from: 60, to: 30, freesBytes: 9, text: '' },
      { policy: 'short', setting: 'activeSessionTtl', from: 24, to: 12, freesBytes: 1, text: '' },
    ],
  };
  const of = (change: Partial<StorageReport>, diskUsedPercent: number | null = null) => ({
    storage: { ...span, report: { ...report, ...change }, diskUsedPercent },
  });

  it('recommends what frees most, for every policy that it takes', () => {
    expect(found(storageNearLimit, of({}))).toMatchObject([
      {
        severity: 'warning',
        change: {
          kind: 'command',
          text: 'handoff-otel retention set --policy standard --log-days 30 && handoff-otel retention set --policy extended --log-days 30',
        },
      },
    ]);
    expect(found(storageNearLimit, of({ suggestions: report.suggestions.slice(2) }))[0]?.change.text).toBe(
      'handoff-otel retention set --policy short --active-hours 12',
    );
  });
  it('recommends a larger limit where nothing can be freed', () => {
    expect(found(storageNearLimit, of({ suggestions: [] }))[0]?.change).toMatchObject({ to: 150 * GB });
    expect(found(storageNearLimit, of({ suggestions: [] }, 79.9))[0]?.change).toMatchObject({ to: 150 * GB });
  });
  it.each([
    [{ nearLimit: false }, 96, 'critical'],
    [{ nearLimit: false, limitBytes: null, daysLeft: null }, 80, 'warning'],
    [{}, 96, 'critical'],
  ] as const)('recommends space on the disk, and no larger limit, with %j and %d percent of the disk', (change, disk, severity) => {
    const [recommendation] = found(storageNearLimit, of({ suggestions: [], ...change }, disk));
    expect(recommendation).toMatchObject({ severity, change: { kind: 'machine' }, howToCheck: expect.stringContaining('df') });
    expect(recommendation?.change.text).toContain('make it larger');
  });
  it.each([[{ totalBytes: 95 * GB }], [{ daysLeft: 3 }], [{}, 95]] as const)('is critical with %j', (change, disk?: number) => {
    expect(found(storageNearLimit, of(change, disk))[0]?.severity).toBe('critical');
  });
  it('looks at the disk too, from 80 % on, with or without a limit', () => {
    expect(found(storageNearLimit, of({ nearLimit: false, limitBytes: null, daysLeft: null }, 80))).toHaveLength(1);
    expectNothing(storageNearLimit, of({ nearLimit: false }, 79.9));
    expectNothing(storageNearLimit, of({ nearLimit: false }));
    expectNothing(storageNearLimit, of({ nearLimit: false, limitBytes: null, suggestions: [] }, 79.9));
  });
});

const policy = {
  name: 'standard',
  activeSessionTtl: 24,
  dormantThresholdHours: 2,
  archivedSessionTtl: 30,
  logRetentionDays: 30,
  metricsRetentionDays: 30,
  updatedAt: TO,
  updatedBy: 'a',
};

describe('sessions_stay_dormant', () => {
  const fact: PolicyFact = { ...span, policy, liveSessions: 100, dormantSessions: 50, fellAsleep: 60, wokeUp: 3 };
  const of = (change: Partial<PolicyFact>) => ({ sessions: [{ ...fact, ...change }] });
  it('shortens the time to live to twice that of dormancy', () => {
    expect(found(sessionsStayDormant, of({}))[0]?.change.text).toBe('handoff-otel retention set --policy standard --active-hours 4');
    expect(found(sessionsStayDormant, of({ policy: { ...policy, name: 'two words' } }))[0]?.change.text).toContain("--policy='two words' ");
    expect(found(sessionsStayDormant, of({ liveSessions: 5000, dormantSessions: 4999, wokeUp: 0 }))).toHaveLength(1);
  });
  it.each<Partial<PolicyFact>>([
    { liveSessions: 99 },
    { dormantSessions: 49 },
    { fellAsleep: 49, wokeUp: 0 },
    { wokeUp: 4 },
    { policy: { ...policy, activeSessionTtl: 4 } },
  ])('says nothing with %j', (change) => expectNothing(sessionsStayDormant, of(change)));
});

describe('sessions_wake_often', () => {
  const fact: PolicyFact = { ...span, policy, liveSessions: 1, dormantSessions: 0, fellAsleep: 50, wokeUp: 15 };
  const of = (change: Partial<PolicyFact>) => ({ sessions: [{ ...fact, ...change }] });
  it('doubles the threshold, up to the time to live', () => {
    expect(found(sessionsWakeOften, of({}))[0]?.change.text).toContain('--dormant-hours 4');
    expect(found(sessionsWakeOften, of({ wokeUp: 50, policy: { ...policy, dormantThresholdHours: 20 } }))[0]?.change.text).toContain(
      '--dormant-hours 24',
    );
  });
  it.each<Partial<PolicyFact>>([{ fellAsleep: 49, wokeUp: 49 }, { wokeUp: 14 }, { policy: { ...policy, dormantThresholdHours: 24 } }])(
    'says nothing with %j',
    (change) => expectNothing(sessionsWakeOften, of(change)),
  );
});

const route = (name: string, change: Partial<RouteFact> = {}): RouteFact => ({
  route: name,
  requested: 20,
  accepted: 20,
  rejected: 0,
  timedOut: 0,
  ...change,
});
const handoffs = (change: Partial<HandoffFact>): { readonly handoffs: HandoffFact } => ({
  handoffs: { ...span, requested: 20, accepted: 18, rejected: 0, timedOut: 2, p95AnswerHours: 1, timeoutHours: 24, routes: [], ...change },
});

describe('handoffs_time_out', () => {
  const routes = [route('a->b', { accepted: 18, timedOut: 2 }), route('a->c')];
  it('asks the target that leaves most to answer, where answers are quick', () => {
    expect(found(handoffsTimeOut, handoffs({ routes }))).toMatchObject([{ subject: 'a->b', change: { kind: 'agents' } }]);
    // The resource must be one that there is.
    expect(found(handoffsTimeOut, handoffs({ routes }))[0]?.change.text).toContain(`${INBOX_PREFIX}b)`);
  });
  it('recommends more time where answers take half of it or more', () => {
    expect(found(handoffsTimeOut, handoffs({ routes, p95AnswerHours: 12 }))[0]?.change).toMatchObject({ from: 24, to: 25 });
    expect(found(handoffsTimeOut, handoffs({ routes, p95AnswerHours: 20 }))[0]?.change).toMatchObject({ to: 40 });
    expect(found(handoffsTimeOut, handoffs({ routes, p95AnswerHours: 11.9 }))[0]?.change.kind).toBe('agents');
  });
  it.each<Partial<HandoffFact>>([{ accepted: 17 }, { accepted: 19 }, { timedOut: 0, accepted: 90 }])('says nothing with %j', (change) =>
    expectNothing(handoffsTimeOut, handoffs({ routes, ...change })),
  );
});

describe('handoffs_rejected', () => {
  const refused = route('a->b', { accepted: 14, rejected: 6 });
  it('tells of a route from 30 % on, and names a target that accepts', () => {
    expect(found(handoffsRejected, handoffs({ routes: [refused] }))[0]?.change.text).toMatch(/^Tell a what b takes/u);
    const others = [refused, route('a->c', { accepted: 16, timedOut: 4 }), route('d->e')];
    expect(found(handoffsRejected, handoffs({ routes: others }))[0]?.change.text).toMatch(/^Have a hand over to c/u);
    const few = [refused, route('a->c', { accepted: 15, timedOut: 5 })];
    expect(found(handoffsRejected, handoffs({ routes: few }))[0]?.change.text).toMatch(/^Tell a/u);
  });
  it.each<Partial<RouteFact>>([{ accepted: 13 }, { accepted: 15, rejected: 6 }])('says nothing with %j', (change) =>
    expectNothing(handoffsRejected, handoffs({ routes: [{ ...refused, ...change }] })),
  );
});

describe('agents whose names have the arrow of routes in them', () => {
  // Of which two agents it is, nobody can tell.
  const refused = route('x->y->z', { accepted: 10, rejected: 6, timedOut: 4 });
  it('are not named wrongly', () => {
    expect(found(handoffsRejected, handoffs({ routes: [refused, route('x->c')] }))[0]?.change.text).toMatch(
      /^Tell its source what its target/u,
    );
    expect(found(handoffsTimeOut, handoffs({ routes: [refused] }))[0]?.change.text).toMatch(/^Have the target of this route look/u);
    expectNothing(handoffsCircle, handoffs({ routes: [route('x->y->z'), route('y->z->x')] }));
  });
});

describe('handoffs_circle', () => {
  it('is told once, from 80 % on the way back', () => {
    const circle = [route('b->a', { requested: 16 }), route('a->b')];
    expect(found(handoffsCircle, handoffs({ routes: circle })).map(({ subject }) => subject)).toEqual(['a->b']);
    expect(found(handoffsCircle, handoffs({ routes: [route('a->b'), route('b->a')] }))).toHaveLength(1);
    expectNothing(handoffsCircle, handoffs({ routes: [route('a->b'), route('b->a', { requested: 15 })] }));
    expectNothing(handoffsCircle, handoffs({ routes: [route('a->b', { requested: 19 }), route('b->a', { requested: 19 })] }));
  });
});
