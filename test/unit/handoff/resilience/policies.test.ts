import * as cockatiel from 'cockatiel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodebaseBusyError } from '../../../../src/errors/codebaseErrors.js';
import { ConcurrentChangeError } from '../../../../src/errors/concurrentChangeError.js';
import { DatabaseInterruptedError, DatabaseUnavailableError } from '../../../../src/errors/databaseErrors.js';
import { JobRunningError } from '../../../../src/errors/jobErrors.js';
import {
  isArchiveOutage,
  isCacheOutage,
  isDatabaseOutage,
  isRepeatableRead,
  isTooSlow,
} from '../../../../src/handoff/resilience/outages.js';
import { createPolicies } from '../../../../src/handoff/resilience/policies.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';
import { Recording } from '../../telemetry/recording.js';

const unavailable = (reasonCode: string): Error => new DatabaseUnavailableError('no', { reasonCode, attempts: 1, waitedMs: 0 });
const interrupted = (reasonCode: string): Error => new DatabaseInterruptedError('handoff_x', reasonCode, undefined);
const coded = (code: string): Error => Object.assign(new Error('x'), { code });
const reply = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' });

describe('what counts as an outage', () => {
  it.each([
    [unavailable('ECONNREFUSED'), true],
    [unavailable('57P03'), true],
    [unavailable('connection_timeout'), true],
    [unavailable('53300'), true],
    [interrupted('ETIMEDOUT'), true],
    [interrupted('ECONNRESET'), false],
    [interrupted('57P01'), false],
    [interrupted('query_timeout'), true],
    // A server that is frozen, once all connections wait for it.
    [unavailable('pool_exhausted'), true],
    [unavailable('closed'), false],
    [unavailable('53100'), false],
    [unavailable('25006'), false],
    [unavailable('26000'), false],
    [unavailable('circuit_open'), false],
    [coded('23505'), false],
    [coded('42601'), false],
    [coded('57014'), false],
    [coded('55P03'), false],
    [new TypeError('ours'), false],
  ])('database: %o → %s', (error, counts) => {
    expect(isDatabaseOutage(error)).toBe(counts);
  });

  it.each([
    [new Error('Command timed out'), true],
    [coded('ECONNRESET'), true],
    [reply('LOADING Redis is loading the dataset in memory'), true],
    [reply('READONLY You can not write against a read only replica'), true],
    [reply('OOM command not allowed'), false],
    [reply('WRONGTYPE Operation against a key holding the wrong kind of value'), false],
    [reply('NOPERM this user has no permissions'), false],
  ])('cache: %o → %s', (error, counts) => {
    expect(isCacheOutage(error)).toBe(counts);
  });

  it.each([
    [coded('ECONNREFUSED'), true],
    [coded('EIO'), true],
    [Object.assign(new Error('x'), { name: 'InternalError' }), true],
    [coded('ENOSPC'), false],
    [coded('EEXIST'), false],
    [Object.assign(new Error('x'), { name: 'AccessDenied' }), false],
  ])('archive: %o → %s', (error, counts) => {
    expect(isArchiveOutage(error)).toBe(counts);
  });

  it.each([
    [interrupted('57P01'), true],
    [interrupted('ECONNRESET'), true],
    [interrupted('ETIMEDOUT'), false],
    [interrupted('query_timeout'), false],
    [interrupted('HANDOFF_EMBEDDED_UNAVAILABLE'), false],
    [unavailable('ECONNREFUSED'), false],
    [coded('40001'), false],
  ])('a read is sent once more after %o: %s', (error, repeats) => {
    expect(isRepeatableRead(error)).toBe(repeats);
  });

  it.each([
    [coded('57014'), true],
    [coded('ETIMEDOUT'), true],
    [interrupted('ETIMEDOUT'), true],
    [interrupted('query_timeout'), true],
    [unavailable('pool_exhausted'), true],
    [unavailable('connection_timeout'), true],
    [interrupted('ECONNRESET'), false],
    [unavailable('ECONNREFUSED'), false],
    [unavailable('circuit_open'), false],
    // One session, one job or one caller.
    [coded('55P03'), false],
    [coded('40001'), false],
    [new ConcurrentChangeError('register_session', 3), false],
    [new JobRunningError('archive'), false],
    [new CodebaseBusyError(4), false],
    ['text', false],
  ])('%o is a call that was given up because the database took too long: %s', (error, isSlow) => {
    expect(isTooSlow(error)).toBe(isSlow);
  });
});

describe('createPolicies', () => {
  let recording: Recording;
  beforeEach(() => {
    recording = new Recording();
  });
  afterEach(() => recording.dispose());

  it('shows each change as a metric, on the span in which it happened, and as one log record', async () => {
    const clock = new FakeClock();
    const { meter, log, tracer } = recording;
    const policies = createPolicies({ cockatiel, log, meter, clock, random: () => 0.5 });
    let isBack = false;
    const guard = policies.database(() => (isBack ? Promise.resolve() : Promise.reject(unavailable('ECONNREFUSED'))));
    policies.archive(() => Promise.resolve());
    const shown = async (): Promise<Record<string, unknown>> => {
      const metric = (await recording.metrics()).find(({ descriptor }) => descriptor.name === 'handoff.breaker.state');
      const points = metric?.dataPoints ?? [];
      return Object.fromEntries(
        points
          .filter(({ value }) => value === 1)
          .map(({ attributes }) => [attributes['handoff.dependency'], attributes['handoff.circuit.state']]),
      );
    };
    expect(await shown()).toEqual({ database: 'closed', archive: 'closed' });
    await tracer.startActiveSpan('call', async (span) => {
      for (let calls = 0; calls < 5; calls += 1) await guard.run(() => Promise.reject(interrupted('ETIMEDOUT'))).catch(() => undefined);
      span.end();
    });
    expect(await shown()).toEqual({ database: 'open', archive: 'closed' });
    expect(policies.states().get('database')).toBe('open');
    await clock.advance(10_000);
    isBack = true;
    await clock.advance(10_000);
    expect(await shown()).toEqual({ database: 'closed', archive: 'closed' });
    expect(recording.records.map(({ level, fields }) => [level, fields['event.name'], fields['error.type']])).toEqual([
      ['warn', 'handoff.breaker.opened', 'HANDOFF_DATABASE_INTERRUPTED'],
      ['info', 'handoff.breaker.closed', undefined],
    ]);
    expect(recording.spans[0]?.events.map(({ name }) => name)).toEqual(['handoff.breaker.opened']);
    policies.close();
  });
});
