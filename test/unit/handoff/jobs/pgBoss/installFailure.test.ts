import { expect, it } from 'vitest';
import { installFailure } from '../../../../../src/handoff/jobs/pgBoss/installFailure.js';

const failed = (code: string, message = 'failed'): Error => Object.assign(new Error(message), { code });

it.each([
  [failed('42501'), 'denied'],
  [failed('3F000'), 'not_installed'],
  [failed('42P01'), 'not_installed'],
  [failed('PGBOSS_QUEUE_NOT_FOUND'), 'not_installed'],
  [new Error('pg-boss is not installed'), 'not_installed'],
  [new Error('pg-boss database requires migrations'), 'other_version'],
])('%s means %s', (error, reason) => {
  expect(installFailure(error, 'swept_jobs')).toMatchObject({
    code: 'HANDOFF_JOBS_UNAVAILABLE',
    data: { schema: 'swept_jobs', reason },
    message: expect.stringContaining('swept_jobs'),
    cause: error,
  });
});

it.each([failed('57014'), new Error('connect ECONNREFUSED'), undefined])('%s is another failure', (error) => {
  expect(installFailure(error, 'jobs')).toBeUndefined();
});
