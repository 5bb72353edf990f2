import { expect } from 'vitest';
import type { Finding, HealthCheck } from '../../../../../src/handoff/monitoring/health/finding.js';

/** A finding that is not healthy says why in a word and what to do in sentences. */
export async function look(check: HealthCheck): Promise<Finding> {
  const found = await check.run();
  expect(check.adviceWhenSlow).toMatch(/^[A-Z].*\.$/u);
  if (found.status !== 'healthy') {
    expect(found.reason).toMatch(/^[a-z_]+$/u);
    expect(found.advice).toMatch(/^[A-Z].{30,}\.$/u);
  }
  return found;
}
