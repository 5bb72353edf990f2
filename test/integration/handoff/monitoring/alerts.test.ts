import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AlertChange, Breach } from '../../../../src/handoff/monitoring/alerts/breach.js';
import { SharedAlerts } from '../../../../src/handoff/monitoring/alerts/sharedAlerts.js';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import type { MonitoringConfig } from '../../../../src/handoff/monitoring/monitoringConfig.js';
import type { HandoffServices } from '../../../../src/handoff/services.js';
import type { Database } from '../../../../src/handoff/storage/database.js';
import { systemClock } from '../../../../src/time/clock.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { startReceiver } from '../../../unit/handoff/notification/receiver.js';

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());
beforeEach(() => fixture.sql('TRUNCATE alert_states, alert_breaches, system_events'));

const breach = (name: Breach['name'] = 'error_rate', scope = 'service'): Map<string, Breach> =>
  new Map([[`${name}/${scope}`, { name, scope, value: 9, threshold: 5, sinceMs: systemClock.monotonicMs() - 1000 }]]);
const none = new Map<string, Breach>();
const MINUTE_MS = 60_000;

/** A server, whose way to the database a test can cut. */
function server(name: string): {
  alerts: SharedAlerts;
  cut: (isCut: boolean) => void;
  told: (breaches: Map<string, Breach>, lastsMs?: number) => Promise<string[]>;
} {
  let isCut = false;
  const { database } = fixture;
  const reachable: Database = {
    ...database,
    query: (...given) => (isCut ? Promise.reject(new Error('away')) : database.query(...given)),
    transaction: (work) => (isCut ? Promise.reject(new Error('away')) : database.transaction(work)),
  };
  const alerts = new SharedAlerts({ database: reachable, clock: systemClock, server: name, onAlone: () => undefined });
  const shown = ({ change, key, cause }: AlertChange): string => [change, key, cause].filter(Boolean).join(' ');
  return {
    alerts,
    cut: (cut) => {
      isCut = cut;
    },
    told: async (breaches, lastsMs = MINUTE_MS) => (await alerts.sync(breaches, lastsMs, () => 'recovered')).map(shown),
  };
}

describe('servers of one database', () => {
  it('tell a beginning and an end once, whichever of them has the breach', async () => {
    const [a, b] = [server('a'), server('b')];
    expect(await a.told(breach())).toEqual(['raised error_rate/service']);
    expect(await b.told(breach())).toEqual([]);
    expect(await a.told(breach())).toEqual([]);
    // The figure of the other one is still beyond the threshold.
    expect(await a.told(none)).toEqual([]);
    expect(await b.told(none)).toEqual(['cleared error_rate/service recovered']);
    expect(await a.told(none)).toEqual([]);
  });

  it('tell once, also when all of them look at the same moment', async () => {
    const all = Array.from({ length: 8 }, (_, at) => server(`s${at}`));
    for (let round = 0; round < 5; round += 1) {
      expect((await Promise.all(all.map((one) => one.told(breach())))).flat()).toEqual(['raised error_rate/service']);
      expect((await Promise.all(all.map((one) => one.told(none)))).flat()).toEqual(['cleared error_rate/service recovered']);
    }
  });

  it('never end an alert that another one begins at the same moment', async () => {
    const [a, b] = [server('a'), server('b')];
    for (let round = 0; round < 10; round += 1) {
      await a.told(breach());
      await Promise.all([a.told(none), b.told(breach())]);
      const states = await fixture.sql('SELECT alert FROM alert_states');
      expect(states).toHaveLength(1);
      await b.told(none);
    }
  });

  it('have alerts of their own beside each other', async () => {
    const [a, b] = [server('a'), server('b')];
    expect(await a.told(breach('memory', 'server:a'))).toEqual(['raised memory/server:a']);
    expect(await b.told(breach('memory', 'server:b'))).toEqual(['raised memory/server:b']);
    expect(await a.told(none)).toEqual(['cleared memory/server:a recovered']);
  });

  it('end the alert of one that has died', async () => {
    const [dead, b] = [server('dead'), server('b')];
    expect(await dead.told(breach('memory', 'server:dead'), 50)).toEqual(['raised memory/server:dead']);
    await expect.poll(() => fixture.sql('SELECT FROM alert_breaches WHERE expires_at >= now()')).toEqual([]);
    expect(await b.told(none)).toEqual(['cleared memory/server:dead expired']);
    expect(await fixture.sql('SELECT FROM alert_breaches')).toEqual([]);
  });

  it('tell each by itself while the database is away, and nothing twice when it is back', async () => {
    const [a, b] = [server('a'), server('b')];
    for (const one of [a, b]) one.cut(true);
    expect(await a.told(breach())).toEqual(['raised error_rate/service']);
    expect(await a.told(breach())).toEqual([]);
    expect(await b.told(breach())).toEqual(['raised error_rate/service']);
    for (const one of [a, b]) one.cut(false);
    expect([await a.told(breach()), await b.told(breach())]).toEqual([[], []]);
    a.cut(true);
    expect(await a.told(none)).toEqual(['cleared error_rate/service recovered']);
    a.cut(false);
    expect([await a.told(none), await b.told(none)]).toEqual([[], ['cleared error_rate/service recovered']]);
  });

  it('a question that takes too long is not overtaken, and undoes nothing when it is answered', async () => {
    const { database } = fixture;
    const gate = Promise.withResolvers<undefined>();
    let asked = 0;
    const slow: Database = {
      ...database,
      transaction: async (work) => {
        asked += 1;
        await gate.promise;
        return database.transaction(work);
      },
    };
    const alerts = new SharedAlerts({ database: slow, clock: systemClock, server: 'slow', onAlone: () => undefined, limitMs: 200 });
    const told = async (breaches: Map<string, Breach>): Promise<string[]> =>
      (await alerts.sync(breaches, MINUTE_MS, () => 'recovered')).map(({ change, key }) => `${change} ${key}`);
    expect(await told(breach())).toEqual(['raised error_rate/service']);
    expect(await told(none)).toEqual(['cleared error_rate/service']);
    expect(asked).toBe(1);
    gate.resolve(undefined);
    await expect.poll(() => fixture.sql('SELECT alert FROM alert_states')).toEqual([{ alert: 'error_rate' }]);
    await expect
      .poll(async () => {
        expect(await told(none)).toEqual([]);
        return fixture.sql('SELECT FROM alert_states');
      })
      .toEqual([]);
  });

  it('tell an alert that began and ended while the database was away, and keep no trace of it', async () => {
    const a = server('a');
    a.cut(true);
    expect(await a.told(breach())).toEqual(['raised error_rate/service']);
    expect(await a.told(none)).toEqual(['cleared error_rate/service recovered']);
    a.cut(false);
    expect(await a.told(none)).toEqual([]);
    expect(await fixture.sql('SELECT FROM alert_states')).toEqual([]);
  });
});

describe('two servers whose calls are slow', () => {
  it('tell one webhook once of the beginning and once of the end, and keep both (R2.3)', async () => {
    await using receiver = await startReceiver();
    const log: Record<string, unknown>[] = [];
    const write = (fields: object): void => void log.push(fields as Record<string, unknown>);
    const two: HandoffServices[] = Array.from({ length: 2 }, () =>
      createHandoffServices({
        database: fixture.database,
        cache: fixture.cache,
        log: { info: write, warn: write, error: write },
        monitoring: {
          metricsCollectionInterval: 1000,
          alertHoldMs: 0,
          alertThresholds: { responseTime: 1000, eventLoopUsage: 0, memoryUsage: 0 },
          alertTargets: { webhookUrls: [receiver.url] },
        },
      }),
    );
    const notices = (status: string): unknown[] =>
      receiver.received.filter(({ body }) => (body as Record<string, unknown>)['status'] === status).map(({ body }) => body);
    let durationMs = 5000;
    const traffic = setInterval(() => {
      for (const { monitoring } of two)
        for (let at = 0; at < 20; at += 1) monitoring.recordPerformanceMetrics('their_own', { duration: durationMs, success: true });
    }, 50);
    try {
      for (const { monitoring } of two) monitoring.start();
      const records = (name: string): unknown[] => log.filter((fields) => fields['event.name'] === name);
      await expect.poll(() => records('handoff.alert.raised').length).toBe(2);
      durationMs = 1;
      await expect.poll(() => records('handoff.alert.cleared').length).toBe(2);
      await expect.poll(() => notices('resolved').length).toBe(1);
      expect(notices('firing')).toMatchObject([
        { name: 'response_time', scope: 'service', threshold: 1000, unit: 'ms', service: 'handoff' },
      ]);
      expect(records('handoff.alert.raised')[0]).toMatchObject({ 'handoff.alert.name': 'response_time', threshold: 1000, unit: 'ms' });
      await expect
        .poll(() => fixture.sql('SELECT event_type, subject FROM system_events ORDER BY created_at'))
        .toEqual([
          { event_type: 'alert_raised', subject: 'response_time' },
          { event_type: 'alert_cleared', subject: 'response_time' },
        ]);
    } finally {
      clearInterval(traffic);
      await Promise.all(two.map(({ monitoring }) => monitoring.stop()));
    }
    expect([notices('firing').length, notices('resolved').length]).toEqual([1, 1]);
  });

  it('an alert that is switched off while it lasts is not said to be below its threshold', async () => {
    await using receiver = await startReceiver();
    const log: Record<string, unknown>[] = [];
    const write = (fields: object): void => void log.push(fields as Record<string, unknown>);
    const monitoringOf = (responseTime: number): MonitoringConfig => ({
      metricsCollectionInterval: 1000,
      alertHoldMs: 0,
      alertThresholds: { responseTime, eventLoopUsage: 0, memoryUsage: 0 },
      alertTargets: { webhookUrls: [receiver.url] },
    });
    const { monitoring } = createHandoffServices({
      database: fixture.database,
      cache: fixture.cache,
      log: { info: write, warn: write, error: write },
      monitoring: monitoringOf(1000),
    });
    const traffic = setInterval(() => {
      for (let at = 0; at < 20; at += 1) monitoring.recordPerformanceMetrics('their_own', { duration: 5000, success: true });
    }, 50);
    try {
      monitoring.start();
      const records = (name: string): unknown[] => log.filter((fields) => fields['event.name'] === name);
      await expect.poll(() => records('handoff.alert.raised').length).toBe(1);
      monitoring.reconfigure(monitoringOf(0));
      await expect.poll(() => records('handoff.alert.cleared')).toMatchObject([{ cause: 'switched_off' }]);
      const resolved = (): unknown[] => receiver.received.map(({ body }) => body).filter((body) => Object(body).status === 'resolved');
      await expect.poll(resolved).toMatchObject([{ cause: 'switched_off', summary: expect.not.stringContaining('below') }]);
    } finally {
      clearInterval(traffic);
      await monitoring.stop();
    }
  });

  it('an error that is escalated is told to the same webhook', async () => {
    await using receiver = await startReceiver();
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const { errors, monitoring } = createHandoffServices({
      database: fixture.database,
      cache: fixture.cache,
      log: quiet,
      monitoring: { alertTargets: { webhookUrls: [receiver.url] } },
    });
    await errors.escalateError(Object.assign(new Error('secret text'), { code: '53100' }));
    expect(receiver.received.map(({ body }) => body)).toMatchObject([
      { kind: 'error', name: '53100', severity: 'critical', status: 'firing' },
    ]);
    expect(receiver.received[0]?.text).not.toContain('secret text');
    await monitoring.stop();
  });
});
