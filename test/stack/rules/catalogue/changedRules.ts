import { vi } from 'vitest';
import { parsed } from '../harness/needed.js';
import type { Rules } from '../harness/needed.js';
import type { Change } from './change.js';

const SEMCONV = '../../../../src/telemetry/semconv.js';

/** What a changed catalogue gives: other rules, or the error that stops the generator. */
export type Generated = { readonly rules: Rules } | { readonly error: string };

/** Loads everything again, changes the catalogue, and generates the rules from it. One at a time: modules are shared. */
export async function rulesWith({ renamed, edit }: Partial<Change>): Promise<Generated> {
  vi.resetModules();
  if (renamed !== undefined) {
    vi.doMock(SEMCONV, async (importOriginal) => {
      const original = await importOriginal<Record<string, unknown>>();
      return { ...original, [renamed]: `${String(original[renamed])}.renamed` };
    });
  }
  try {
    const { domains } = await import('../../../../src/telemetry/catalogue/domains.js');
    const { lifecycleLimits, objectives } = await import('../../../../src/telemetry/catalogue/objectives.js');
    edit?.({ metrics: domains.flatMap(({ metrics = [] }) => metrics), objectives, limits: lifecycleLimits });
    const { ruleFiles } = await import('../../../../dashboards/src/rules/files.js');
    return { rules: parsed(ruleFiles()) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { error: error.message };
  } finally {
    vi.doUnmock(SEMCONV);
    vi.resetModules();
  }
}
