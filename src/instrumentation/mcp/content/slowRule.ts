import type { Clock } from '../../../time/clock.js';
import type { SecretRule } from './secretRule.js';

/** A single stall of the machine is no fault of a pattern. */
const SLOW_RUNS_FORGIVEN = 2;
const SLOW_AFTER_MS = 50;

/** The same rule, which calls `giveUp` when it has been slow for the third time: it runs on the host's event loop. */
export function watchedRule(rule: SecretRule, clock: Clock, giveUp: () => void): SecretRule {
  let slowRuns = 0;
  return {
    minChars: rule.minChars,
    find: (text, report) => {
      const startMs = clock.monotonicMs();
      rule.find(text, report);
      if (clock.monotonicMs() - startMs <= SLOW_AFTER_MS) return;
      slowRuns += 1;
      if (slowRuns > SLOW_RUNS_FORGIVEN) giveUp();
    },
  };
}
