import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Degradations } from '../../../../src/handoff/resilience/degradations.js';
import { openDegradations } from '../../../../src/handoff/resilience/openDegradations.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';
import { Recording } from '../../telemetry/recording.js';

describe('Degradations', () => {
  let clock: FakeClock;
  let changes: string[];
  let degradations: Degradations;
  beforeEach(() => {
    clock = new FakeClock(Date.UTC(2026, 0, 1));
    changes = [];
    degradations = new Degradations(clock, (feature, degradation) => changes.push(`${feature} ${degradation?.reason ?? 'works'}`));
  });

  it('says what is off, since when, why at the moment, and what that means', async () => {
    expect(degradations.list()).toEqual([]);
    degradations.degrade('cache', 'connection', 'ECONNREFUSED');
    await clock.advance(5000);
    degradations.degrade('cache', 'connection', 'NOAUTH');
    expect(degradations.list()).toEqual([
      {
        feature: 'cache',
        since: '2026-01-01T00:00:00.000Z',
        reason: 'NOAUTH',
        effect: expect.stringMatching(/^Redis .*\.$/) as string,
      },
    ]);
    degradations.restore('cache', 'connection');
    expect(degradations.list()).toEqual([]);
    expect(changes).toEqual(['cache ECONNREFUSED', 'cache works']);
  });

  it('keeps a feature off while any cause is left, and does not mind what is no cause', async () => {
    degradations.degrade('cache', 'breaker', 'circuit_open');
    await clock.advance(1000);
    degradations.degrade('cache', 'connection', 'ECONNRESET');
    degradations.restore('cache', 'breaker');
    degradations.restore('cache', 'breaker');
    degradations.restore('archive', 'store');
    expect(degradations.list()).toMatchObject([{ feature: 'cache', reason: 'ECONNRESET', since: '2026-01-01T00:00:00.000Z' }]);
    degradations.restore('cache', 'connection');
    expect(changes).toEqual(['cache circuit_open', 'cache works']);
  });

  // One `put` that failed turns the archive off; what is in it may be read all the same.
  it('does not claim more than it knows of the archive', () => {
    degradations.degrade('archive', 'store', 'ENOSPC');
    expect(degradations.list()).toMatchObject([{ effect: expect.stringMatching(/may not be readable.*may stay/) as string }]);
  });

  it('looks up what cannot tell by itself, once a second at most', async () => {
    let reason: string | undefined = 'not_delivered';
    let looks = 0;
    degradations.watch('archive', 'delivery', () => {
      looks += 1;
      return reason;
    });
    expect(degradations.list()).toMatchObject([{ feature: 'archive', reason: 'not_delivered' }]);
    degradations.list();
    expect(looks).toBe(1);
    reason = undefined;
    await clock.advance(1000);
    expect(degradations.list()).toEqual([]);
    expect(changes).toEqual(['archive not_delivered', 'archive works']);
  });
});

describe('openDegradations', () => {
  let recording: Recording;
  beforeEach(() => {
    recording = new Recording();
  });
  afterEach(() => recording.dispose());

  it('logs each change, notes it on the span, and shows every feature as a metric', async () => {
    const { log, meter, tracer } = recording;
    const { degradations, close } = openDegradations(log, meter, new FakeClock());
    const shown = async (): Promise<Record<string, unknown>> =>
      Object.fromEntries(
        (await recording.metrics())
          .filter(({ descriptor }) => descriptor.name === 'handoff.degraded')
          .flatMap(({ dataPoints }) => dataPoints.map(({ value, attributes }) => [attributes['handoff.feature'], value])),
      );
    expect(await shown()).toEqual({ cache: 0, archive: 0, jobs: 0 });
    tracer.startActiveSpan('call', (span) => {
      degradations.degrade('archive', 'store', 'ENOSPC');
      span.end();
    });
    expect(await shown()).toEqual({ cache: 0, archive: 1, jobs: 0 });
    degradations.restore('archive', 'store');
    expect(recording.spans[0]?.events).toMatchObject([
      { name: 'handoff.feature.degraded', attributes: { 'handoff.feature': 'archive', reason: 'ENOSPC' } },
    ]);
    expect(recording.records).toMatchObject([
      { level: 'warn', fields: { 'event.name': 'handoff.feature.degraded', 'handoff.feature': 'archive', reason: 'ENOSPC' } },
      { level: 'info', fields: { 'event.name': 'handoff.feature.restored', 'handoff.feature': 'archive' } },
    ]);
    const last = await shown();
    close();
    // Who closed it is not asked any more; readers keep what they saw last.
    degradations.degrade('cache', 'connection', 'ECONNRESET');
    expect(await shown()).toEqual(last);
  });
});
