import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isFunction, isRecord } from '../../../src/values/guards.js';
import type { Scored } from './benchmarkReport.js';
import type { Judged } from './judged.js';

const NAMES = { standard: 'standard', lowFP: 'reward_low_FP_rate', lowFN: 'reward_low_FN_rate' } as const;

/**
 * The largest difference between our scores and those of the scorer that lies beside the data; `undefined` where there is none.
 *
 * @param folder in which `score.mjs` exports `readDataset(folder)` and `nabScore(dataset, scores, profile)`
 */
export async function differenceToReference(
  folder: string,
  judged: readonly Judged[],
  scored: readonly Scored[],
): Promise<number | undefined> {
  const path = resolve(join(folder, 'score.mjs'));
  if (!existsSync(path)) return undefined;
  const scorer: unknown = await import(pathToFileURL(path).href);
  if (!isRecord(scorer) || !isFunction(scorer['readDataset']) || !isFunction(scorer['nabScore'])) return undefined;
  const dataset = scorer['readDataset'](folder);
  const scores = Object.fromEntries(judged.map((each) => [each.series.file, each.scores]));
  const { nabScore } = scorer;
  return Math.max(
    ...scored.map(({ name, score }) => {
      const theirs = nabScore(dataset, scores, NAMES[name]);
      return isRecord(theirs) ? Math.abs(Number(theirs['score']) - score) : Number.NaN;
    }),
  );
}
