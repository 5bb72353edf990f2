import * as cockatiel from 'cockatiel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DatabaseUnavailableError } from '../../../../src/errors/databaseErrors.js';
import { createPolicies } from '../../../../src/handoff/resilience/policies.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';
import { points } from '../../telemetry/points.js';
import { Recording } from '../../telemetry/recording.js';

let recording: Recording;
beforeEach(() => {
  recording = new Recording();
});
afterEach(() => recording.dispose());

it('counts the calls that an open breaker refuses, from zero, and only of dependencies that there are', async () => {
  const { meter, log } = recording;
  const policies = createPolicies({ cockatiel, log, meter, clock: new FakeClock(), random: () => 0.5 });
  const guard = policies.database(() => Promise.reject(new Error('away')));
  expect(await points(recording)).toMatchObject({ 'handoff.breaker.refusals database': 0 });
  const fail = (): Promise<never> =>
    Promise.reject(new DatabaseUnavailableError('no', { reasonCode: 'ECONNREFUSED', attempts: 1, waitedMs: 0 }));
  for (let call = 0; call < 8; call += 1) await guard.run(fail).catch(() => undefined);
  const shown = await points(recording);
  expect(shown).toMatchObject({ 'handoff.breaker.refusals database': 3 });
  expect(shown).not.toHaveProperty('handoff.breaker.refusals cache');
  policies.close();
});
