import { expect, it } from 'vitest';
import { residentBytes } from '../../../../../src/handoff/monitoring/health/checks/residentBytes.js';

const exhausted = (): number => {
  throw Object.assign(new Error('EMFILE: too many open files, uv_resident_set_memory'), { code: 'EMFILE' });
};

it('is what the process takes now', () => {
  expect(residentBytes(() => 5)).toBe(5);
  const bytes = residentBytes();
  expect(bytes).toBeGreaterThan(10_000_000);
  expect(bytes).toBeLessThanOrEqual(residentBytes(exhausted) + 1024);
});

it('is the most it ever took while no file can be opened', () => {
  expect(residentBytes(exhausted, () => 3)).toBe(3072);
});
