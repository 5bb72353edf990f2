import { analyticsOperations, recommendationCodes } from '../../../telemetry/catalogue/analytics.js';
import type { RecordPoint } from '../../../telemetry/instruments.js';
import type { Observe } from '../../../telemetry/observe.js';
import { ATTR_HANDOFF_RECOMMENDATION_CODE } from '../../../telemetry/semconv.js';
import { gatherFacts } from './facts/gather.js';
import type { FactSources } from './facts/sources.js';
import { judge } from './judge.js';
import type { Recommendations } from './recommendation.js';
import { rules } from './rules.js';

export interface RecommendDependencies extends FactSources {
  readonly observe: Observe;
  readonly countRecommendation: RecordPoint;
}

/**
 * Recommends what to change, as an operation. Changes nothing by itself. Who asks while it is being looked into gets the same answer: any
 * agent can ask, and the database is to be looked at for one of them at a time.
 */
export function createRecommend(deps: RecommendDependencies): () => Promise<Recommendations> {
  const { observe, countRecommendation } = deps;
  const count = (code: string, times: number): void => countRecommendation(times, { [ATTR_HANDOFF_RECOMMENDATION_CODE]: code });
  // A series that begins with its first increase has none as far as a rate can tell.
  for (const code of recommendationCodes) count(code, 0);
  const recommend = (): Promise<Recommendations> =>
    observe(analyticsOperations.recommend.name, {}, async () => {
      const { facts, unavailable } = await gatherFacts(deps);
      const made = judge(rules, facts);
      for (const { code } of made) count(code, 1);
      // Not enumerable, so that the array is equal to one with the same recommendations.
      return Object.defineProperty(made, 'unavailableFacts', { value: unavailable }) as Recommendations;
    });
  let running: Promise<Recommendations> | undefined;
  return () =>
    (running ??= recommend().finally(() => {
      running = undefined;
    }));
}
