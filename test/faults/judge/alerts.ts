import type { Evidence } from '../evidence.js';
import type { Expectation } from '../row.js';

/** Whether alerts were raised that should be, and ended. */
export interface AlertFigures {
  /** The first of the expected alerts, and when it fired; `undefined` if none did. */
  readonly raised: { readonly name: string; readonly afterMs: number } | undefined;
  /** When the last of the expected ones had ended, after the mending; `undefined` if one still fires. */
  readonly clearedAfterMs: number | undefined;
  /** Others that fired because of the fault. */
  readonly others: readonly string[];
}

export function alertFigures({ alerts: expected }: Expectation, { alerts, startedMs, injectedMs, mendedMs }: Evidence): AlertFigures {
  const samples = alerts.filter(({ atMs }) => atMs >= startedMs);
  const during = samples.filter(({ atMs }) => atMs >= injectedMs);
  const fires = ({ firing }: { readonly firing: readonly string[] }): boolean => firing.some((name) => expected.includes(name));
  const first = during.find(fires);
  const name = first?.firing.find((candidate) => expected.includes(candidate));
  const lastFiring = samples.findLastIndex(fires);
  const clearedMs = samples[lastFiring + 1]?.atMs;
  return {
    raised: first === undefined || name === undefined ? undefined : { name, afterMs: first.atMs - injectedMs },
    clearedAfterMs: clearedMs === undefined ? undefined : Math.max(0, clearedMs - (Number.isFinite(mendedMs) ? mendedMs : startedMs)),
    others: [...new Set(during.flatMap(({ firing }) => firing))].filter((candidate) => !expected.includes(candidate)).toSorted(),
  };
}
