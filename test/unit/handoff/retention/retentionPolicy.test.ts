import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { allowedValue, policyProblems, policyValues } from '../../../../src/handoff/retention/retentionPolicy.js';
import type { RetentionPolicy } from '../../../../src/handoff/retention/retentionPolicy.js';
import { policyArguments } from '../../../../src/handoff/server/tools/retention/policyArguments.js';

const standard: RetentionPolicy = {
  name: 'standard',
  activeSessionTtl: 24,
  archivedSessionTtl: 30,
  logRetentionDays: 7,
  metricsRetentionDays: 30,
  dormantThresholdHours: 2,
};
const schema = z.object(policyArguments);
const problems = (given: unknown): string[] => policyProblems(given).map(({ path, problem }) => `${path} ${problem}`);
const toolProblems = (given: unknown): string[] =>
  (schema.safeParse(given).error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);

describe('the limits of retention policies', () => {
  it('take the policies of the earlier server, with and without a threshold for dormancy, and any part of one', () => {
    const { dormantThresholdHours: _, ...fromSeed } = standard;
    for (const given of [standard, fromSeed, { name: 'standard' }, { name: 'standard', activeSessionTtl: undefined }])
      expect([problems(given), toolProblems(given)]).toEqual([[], []]);
  });

  it.each([
    ['name', ['', 'Standard', '1st', 'with space', 'x'.repeat(51), 7, undefined], ['a', 'x'.repeat(50), 'legal_7-years']],
    ['activeSessionTtl', [0, -1, 87_601, Number.NaN, Infinity, '24', null], [2, 0.5 + 1.5, 87_600]],
    ['archivedSessionTtl', [-0.1, 36_501, Number.NaN], [0, 0.5, 36_500]],
    ['logRetentionDays', [0, 0.9, 36_501], [1, 36_500]],
    ['metricsRetentionDays', [0, 36_501], [1, 36_500]],
    ['dormantThresholdHours', [0, -2, 87_601], [0.001, 24]],
  ] as const)('of %s are the same for the services and the tool', (key, refused, taken) => {
    for (const found of [problems, toolProblems]) {
      for (const value of refused) expect(found({ ...standard, [key]: value })[0], `${key} ${value}`).toMatch(new RegExp(`^${key} `));
      for (const value of taken) expect(found({ ...standard, [key]: value }), `${key} ${value}`).toEqual([]);
    }
    const number = refused.find((value) => typeof value === 'number' && Number.isFinite(value));
    const given = { ...standard, [key]: number };
    if (key !== 'name') expect(problems(given)).toEqual(toolProblems(given));
  });

  it('refuse a session that would expire before it is dormant', () => {
    expect(problems({ ...standard, activeSessionTtl: 1 })).toEqual([
      'dormantThresholdHours is longer than activeSessionTtl (1 hours): the session would expire first',
    ]);
    expect(problems({ ...standard, activeSessionTtl: 2 })).toEqual([]);
  });

  it('refuse what is no object', () => {
    for (const given of [undefined, null, 'standard', []]) expect(problems(given)).toEqual(['policy is not an object']);
  });

  it('say unit and range of every value, in the schema of the tool too', () => {
    for (const key of policyValues) {
      expect(allowedValue(key)).toMatch(/^(?:Hours|Days) .+: [\d.]+ to \d+$/);
      expect(policyArguments[key].description).toBe(`${allowedValue(key)}; default: what the policy has`);
    }
    expect(policyArguments.name.description).toContain('1 to 50');
  });
});
