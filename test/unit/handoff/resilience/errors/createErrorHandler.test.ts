import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CircuitOpenError } from '../../../../../src/errors/circuitOpenError.js';
import { DatabaseInterruptedError, DatabaseUnavailableError } from '../../../../../src/errors/databaseErrors.js';
import { ArchiveMissingError, ArchiveStoreError } from '../../../../../src/errors/archiveErrors.js';
import { SessionUnknownError } from '../../../../../src/errors/lifecycleErrors.js';
import { OverloadedError } from '../../../../../src/errors/overloadedError.js';
import type { AlertSink, ErrorAlert } from '../../../../../src/handoff/resilience/errors/alerts.js';
import { createErrorHandler } from '../../../../../src/handoff/resilience/errors/createErrorHandler.js';
import { dependencyOf } from '../../../../../src/handoff/resilience/errors/dependencyOf.js';
import type { ClassifyingErrorHandler } from '../../../../../src/handoff/resilience/errors/errorHandler.js';
import type { Probe } from '../../../../../src/handoff/resilience/errors/recovery.js';
import { createStructuredLogger } from '../../../../../src/logging/structuredLogger.js';
import { createObserve } from '../../../../../src/telemetry/observe.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';
import { Recording } from '../../../telemetry/recording.js';

const coded = (code: string): Error => Object.assign(new Error('secret db.internal hunter2'), { code });
const unavailable = new DatabaseUnavailableError('no connection to db.internal', {
  reasonCode: 'ECONNREFUSED',
  attempts: 3,
  waitedMs: 5000,
});
const place = { objectKey: 'k', store: 'files', location: '/secret/archive' };

let recording: Recording;
let clock: FakeClock;
beforeEach(() => {
  recording = new Recording();
  clock = new FakeClock(Date.UTC(2026, 0, 1));
});
afterEach(() => recording.dispose());

function newHandler({ database, onAlert }: { database?: Probe; onAlert?: AlertSink } = {}): ClassifyingErrorHandler {
  const { log } = recording;
  return createErrorHandler({
    probes: database === undefined ? {} : { database },
    logger: createStructuredLogger(log),
    log,
    observe: createObserve({ ...recording, tracer: recording.tracer, meter: recording.meter, log, clock }),
    clock,
    random: () => 0.5,
    onAlert,
  });
}

const records = (): string[] => recording.records.map(({ level, fields }) => `${level} ${String(fields['event.name'])}`);

describe('what a caller is told', () => {
  it.each([
    ['handleSystemError', unavailable, { category: 'system', code: 'HANDOFF_DATABASE_UNAVAILABLE', retryable: true, retryAfterMs: 1000 }],
    [
      'handleSystemError',
      new DatabaseInterruptedError('s', 'ECONNRESET', undefined),
      { code: 'HANDOFF_DATABASE_INTERRUPTED', retryable: false },
    ],
    ['handleSystemError', coded('ENOSPC'), { category: 'system', code: 'HANDOFF_INTERNAL', retryable: false }],
    ['handlePerformanceError', new OverloadedError('queue_full', 420), { category: 'performance', retryable: true, retryAfterMs: 420 }],
    // Refused in the middle of a call.
    ['handlePerformanceError', new OverloadedError('bulkhead_full', 250), { category: 'performance', retryable: false, retryAfterMs: 250 }],
    ['handlePerformanceError', coded('57014'), { category: 'performance', code: 'HANDOFF_DATABASE_TIMEOUT', retryable: true }],
    ['handleSessionError', new SessionUnknownError('5f0c'), { category: 'session', code: 'HANDOFF_SESSION_UNKNOWN', retryable: false }],
    ['handleDataError', coded('23505'), { category: 'data', code: 'HANDOFF_DATA_INCONSISTENT', retryable: false }],
    ['handleDataError', coded('22P02'), { category: 'data', code: 'HANDOFF_DATA_INVALID', retryable: false }],
    ['handleDataError', new ArchiveMissingError(place), { category: 'data', code: 'HANDOFF_ARCHIVE_MISSING' }],
  ] as const)('%s of %o', async (method, error, expected) => {
    const response = await newHandler()[method](error);
    expect(response).toMatchObject(expected);
    expect(JSON.stringify(response)).not.toMatch(/secret|internal hunter2|db\.internal/);
    expect(response.advice).toMatch(/\.$/);
    expect(records()[0]).toBe('error handoff.log.error');
  });

  it('says of an unknown session what there is to say', async () => {
    const { message } = await newHandler().handleSessionError(new SessionUnknownError('5f0c'));
    expect(message).toContain('5f0c');
  });

  it.each([
    [unavailable, 'system', 'DatabaseError', 'database'],
    [Object.assign(new Error('OOM full'), { name: 'ReplyError' }), 'system', 'RedisError', 'cache'],
    [new ArchiveStoreError('put', place, coded('ENOSPC')), 'system', 'SystemError', 'archive'],
    [new SessionUnknownError('a'), 'session', 'SessionError', 'handoff'],
    [coded('57014'), 'performance', 'PerformanceError', 'handoff'],
    [coded('23503'), 'data', 'ValidationError', 'handoff'],
    ['a text that was thrown', 'system', 'SystemError', 'handoff'],
  ])('handle classifies %o as %s, and writes one record', async (thrown, category, errorType, component) => {
    expect(await newHandler().handle(thrown)).toMatchObject({ category });
    const logged = recording.records.filter(({ fields }) => fields['event.name'] === 'handoff.log.error');
    expect(logged).toMatchObject([{ fields: { errorType, component } }]);
  });
});

describe('alerts', () => {
  it('are raised for what nobody can wait out or a dependency that fails, once a minute and code', async () => {
    const sent: ErrorAlert[] = [];
    const handler = newHandler({ onAlert: async (alert) => sent.push(alert) });
    for (let round = 0; round < 3; round += 1) await handler.handleSystemError(unavailable);
    handler.triggerAlert(unavailable);
    expect(sent).toMatchObject([
      {
        severity: 'warning',
        category: 'system',
        errorType: 'HANDOFF_DATABASE_UNAVAILABLE',
        dependency: 'database',
        at: '2026-01-01T00:00:00.000Z',
      },
    ]);
    expect(sent[0]?.summary).not.toContain('db.internal');
    await clock.advance(60_000);
    handler.triggerAlert(unavailable);
    expect(sent).toHaveLength(2);
    expect(recording.records.at(-1)).toMatchObject({ fields: { 'event.name': 'handoff.error.alert', heldBack: 3 } });
  });

  it('are not raised for sessions and load', async () => {
    const onAlert = vi.fn<AlertSink>(async () => undefined);
    const handler = newHandler({ onAlert });
    await handler.handleSessionError(new SessionUnknownError('a'));
    await handler.handlePerformanceError(new OverloadedError('queue_full', 1));
    await handler.handleDataError(coded('23505'));
    expect(onAlert).not.toHaveBeenCalled();
  });

  it('damage of data is escalated, every time', async () => {
    const sent: ErrorAlert[] = [];
    const handler = newHandler({ onAlert: async (alert) => sent.push(alert) });
    await handler.handleDataError(coded('XX001'));
    await handler.escalateError(unavailable);
    expect(sent).toMatchObject([{ severity: 'critical', errorType: 'HANDOFF_DATA_CORRUPTED' }, { severity: 'critical' }]);
    expect(records()).toEqual(['error handoff.log.error', 'error handoff.error.escalated', 'error handoff.error.escalated']);
  });

  it('that cannot be delivered harm nobody, and are in the log', async () => {
    const handler = newHandler({ onAlert: () => Promise.reject(new Error('no pager')) });
    await handler.escalateError(unavailable);
    expect(records()).toEqual(['error handoff.error.escalated', 'warn handoff.error.alert_lost']);
    const throwing = newHandler({
      onAlert: () => {
        throw new Error('at once');
      },
    });
    throwing.triggerAlert(unavailable);
    await expect(throwing.escalateError(unavailable)).resolves.toBeUndefined();
  });
});

describe('recovery', () => {
  it('asks until the dependency answers; all who wait share one attempt', async () => {
    let isBack = false;
    const database = vi.fn<Probe>(() => (isBack ? Promise.resolve() : Promise.reject(new Error('away'))));
    const handler = newHandler({ database });
    const attempts = Promise.all([handler.attemptRecovery(unavailable), handler.attemptRecovery(new CircuitOpenError('database', 1))]);
    await clock.advance(2000);
    const asked = database.mock.calls.length;
    expect(asked).toBeGreaterThan(1);
    expect(asked).toBeLessThan(10);
    isBack = true;
    await clock.advance(5000);
    expect(await attempts).toEqual([true, true]);
    expect(database).toHaveBeenCalledTimes(asked + 1);
    expect(recording.records.at(-1)).toMatchObject({ level: 'info', fields: { 'event.name': 'handoff.error.recover', success: true } });
    expect(clock.sleeping).toBe(0);
  });

  it('asks anew the next time, also where the last one ended well', async () => {
    let isBack = true;
    const handler = newHandler({ database: () => (isBack ? Promise.resolve() : Promise.reject(new Error('away'))) });
    expect(await handler.attemptRecovery(unavailable)).toBe(true);
    isBack = false;
    const again = handler.attemptRecovery(unavailable);
    await clock.advance(29_999);
    expect(clock.sleeping).toBe(1);
    // The last pause is no longer than what is left of the time.
    await clock.advance(1);
    expect([await again, clock.sleeping]).toEqual([false, 0]);
  });

  it('gives up after half a minute, also when the probe hangs', async () => {
    const handler = newHandler({ database: () => new Promise(() => undefined) });
    const attempt = handler.attemptRecovery(unavailable);
    await clock.advance(60_000);
    expect(await attempt).toBe(false);
    expect(recording.records.at(-1)).toMatchObject({ level: 'warn', fields: { 'error.type': 'not_recovered' } });
  });

  it('answers at once where there is nothing to ask', async () => {
    const handler = newHandler();
    expect(await handler.attemptRecovery(new Error('what'))).toBe(false);
    expect(await handler.attemptRecovery(unavailable)).toBe(false);
  });
});

it.each([
  [new CircuitOpenError('cache', 1), 'cache'],
  [Object.assign(new Error('x'), { dependency: 'archive' }), 'archive'],
  [Object.assign(new Error('x'), { dependency: 'moon' }), undefined],
  [coded('57P01'), 'database'],
  [coded('53300'), 'database'],
  [coded('08006'), 'database'],
  [coded('23505'), undefined],
  [coded('ECONNREFUSED'), undefined],
  [new Error('Command timed out'), 'cache'],
  [null, undefined],
])('%o is about %s', (error, dependency) => {
  expect(dependencyOf(error)).toBe(dependency);
});
