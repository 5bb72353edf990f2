import { nameOf } from '../cells/cell.js';
import { judge } from '../rules/judge.js';
import type { Verdict } from '../rules/verdict.js';
import type { Recording } from '../telemetry/recorded.js';
import type { Mutant } from './mutant.js';

export interface Fate {
  readonly mutant: Mutant;
  /** Cells where an assertion that names the mutant's subject fails because of it. */
  readonly killedIn: readonly string[];
  readonly example: string | undefined;
}

/** What a recording says before anything is changed. */
export interface Baseline {
  readonly recording: Recording;
  readonly failing: ReadonlySet<string>;
}

export function baselineOf(recording: Recording): Baseline {
  return {
    recording,
    failing: new Set(
      judge(recording)
        .filter(({ ok }) => !ok)
        .map(keyOf),
    ),
  };
}

function keyOf({ subject, signal, label, method, side }: Verdict): string {
  return [subject, signal, label, method, side].join(' ');
}

/** Judges recordings as the mutant would have left them: until one kills it, or all of them. */
export function fateOf(mutant: Mutant, baselines: readonly Baseline[], everywhere: boolean): Fate {
  const killedIn: string[] = [];
  let example: string | undefined;
  for (const { recording, failing } of baselines) {
    const hit = judge(mutant.apply(recording)).find(
      (verdict) => !verdict.ok && verdict.subject === mutant.subject && verdict.signal === mutant.signal && !failing.has(keyOf(verdict)),
    );
    if (hit === undefined) continue;
    killedIn.push(`${nameOf(recording.cell)}${recording.optedIn ? ', opted in' : ''}${recording.broken ? ', broken' : ''}`);
    example ??= `${hit.method} [${hit.label}] on the ${hit.side}`;
    if (!everywhere) break;
  }
  return { mutant, killedIn, example };
}
