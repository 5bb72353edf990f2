import { proofsOf } from '../cases.js';
import { neededFor } from './needed.js';
import type { Rules } from './needed.js';
import type { Proof } from './proof.js';
import { prove } from './promtool.js';

/** So many situations are tried with each start of promtool: few at first, since most changes fall to the first. */
const BATCHES = [2, 8, Number.POSITIVE_INFINITY];

/** What promtool says of a test that failed, and not of rules that it cannot read. */
const IS_VERDICT = /^ +FAILED:\n +(?:name|alertname|expr): /m;

/** Tells whether the proofs of an alert fail with rules in which something was changed. */
export type Judge = (alert: string, rules: Rules) => Promise<boolean>;

/**
 * Returns a judge. It begins with the situations that noticed something before, and with those that are over soon.
 *
 * It rejects if promtool fails for another reason than an alert that fires or stays silent against what the proofs say.
 */
export function judge(promtool: string): Judge {
  const orders = new Map<string, Proof[]>();
  return async (alert, rules) => {
    const order = orders.get(alert) ?? quickestFirst(proofsOf(alert));
    const files = neededFor(alert, rules);
    let from = 0;
    for (const size of BATCHES) {
      const batch = order.slice(from, from + size);
      if (batch.length === 0) return false;
      from += size;
      const { passed, output } = await prove(promtool, files, batch);
      if (passed) continue;
      if (!IS_VERDICT.test(output)) throw new Error(`promtool could not judge ${alert}:\n${output}`);
      const failed = batch.filter((proof) => output.includes(`name: ${alert}: ${proof.situations[0]?.name ?? ''},`));
      // Of what is only counted promtool does not tell the name.
      const first = failed.length === 0 ? batch : failed;
      orders.set(alert, [...first, ...order.filter((proof) => !first.includes(proof))]);
      return true;
    }
    return false;
  };
}

/** One proof for each situation, by the number of evaluations until its end. */
function quickestFirst(proofs: readonly Proof[]): Proof[] {
  const end = ({ situations, evaluatedEachMinutes = 1 }: Proof): number =>
    Math.max(...situations.flatMap(({ at }) => at.map(({ minute }) => minute))) / evaluatedEachMinutes;
  return proofs
    .flatMap((proof) => proof.situations.map((situation) => ({ ...proof, situations: [situation] })))
    .toSorted((a, b) => end(a) - end(b));
}
