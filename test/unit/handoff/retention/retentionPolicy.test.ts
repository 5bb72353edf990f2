import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { policySchema } from '../../../../src/handoff/retention/retentionPolicy.js';
import type { RetentionPolicy } from '../../../../src/handoff/retention/retentionPolicy.js';

const schema = policySchema(z);
const standard: RetentionPolicy = {
  name: 'standard',
  activeSessionTtl: 24,
  archivedSessionTtl: 30,
  logRetentionDays: 7,
  metricsRetentionDays: 30,
  dormantThresholdHours: 2,
};
const problems = (given: unknown): string[] =>
  (schema.safeParse(given).error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);

describe('the schema of retention policies', () => {
  it('takes the policies of the earlier server, with and without a threshold for dormancy', () => {
    const { dormantThresholdHours: _, ...fromSeed } = standard;
    expect([problems(standard), problems(fromSeed)]).toEqual([[], []]);
  });

  it.each([
    ['name', ['', 'Standard', '1st', 'with space', 'x'.repeat(51)], ['a', 'x'.repeat(50), 'legal_7-years']],
    ['activeSessionTtl', [0, -1, 87_601, Number.NaN, Infinity, '24'], [2, 0.5 + 1.5, 87_600]],
    ['archivedSessionTtl', [-0.1, 36_501, Number.NaN], [0, 0.5, 36_500]],
    ['logRetentionDays', [0, 0.9, 36_501], [1, 36_500]],
    ['metricsRetentionDays', [0, 36_501], [1, 36_500]],
    ['dormantThresholdHours', [0, -2, 87_601], [0.001, 24]],
  ] as const)('checks the range of %s', (key, refused, taken) => {
    for (const value of refused) expect(problems({ ...standard, [key]: value })[0], `${key} ${value}`).toMatch(new RegExp(`^${key} `));
    for (const value of taken) expect(problems({ ...standard, [key]: value }), `${key} ${value}`).toEqual([]);
  });

  it('refuses a session that would expire before it is dormant', () => {
    expect(problems({ ...standard, activeSessionTtl: 1 })).toEqual([
      'dormantThresholdHours is longer than activeSessionTtl (1 hours): the session would expire first',
    ]);
    expect(problems({ ...standard, activeSessionTtl: 2 })).toEqual([]);
  });

  it('says unit and range of every value, for the schema of the tool', () => {
    for (const [name, { description }] of Object.entries(schema.shape)) expect(description, name).toMatch(/(?:\d to \d|1 to 50)/);
  });
});
