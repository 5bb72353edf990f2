import type { Evidence } from '../evidence.js';
import type { Expectation } from '../row.js';

/** Whether alerts were raised that should be, and ended. */
export interface AlertFigures {
  /** The first of the expected alerts, and when it fired; `undefined` if none did. */
  readonly raised: { readonly name: string; readonly afterMs: number } | undefined;
  /** When the last of the expected ones had ended, after the mending; `undefined` if one never did. */
  readonly clearedAfterMs: number | undefined;
  /**
   * Others that fired. Not those that repeat what `/health` said, which is judged there, or say how busy this machine is; nor the one that
   * is true of a new database until rollups run for the first time, within a minute: longer than its five minutes are when divided.
   */
  readonly others: readonly string[];
}

const NOT_OF_A_FAULT = /^(?:ServerUnhealthy|PartUnhealthy|EventLoop\w+|RollupLags)$/;

export function alertFigures({ alerts: expected }: Expectation, { alerts, startedMs, injectedMs, mendedMs }: Evidence): AlertFigures {
  const samples = alerts.filter(({ atMs }) => atMs >= startedMs);
  const during = samples.filter(({ atMs }) => atMs >= injectedMs);
  const fires = ({ firing }: { readonly firing: readonly string[] }): boolean => firing.some((name) => expected.includes(name));
  const first = during.find(fires);
  const name = first?.firing.find((candidate) => expected.includes(candidate));
  const wholeMs = Number.isFinite(mendedMs) ? mendedMs : startedMs;
  // What fires again later has another cause: this machine, on which Redis may take too long without any fault.
  const clearedMs = samples.find((sample) => sample.atMs >= Math.max(wholeMs, first?.atMs ?? 0) && !fires(sample))?.atMs;
  return {
    raised: first === undefined || name === undefined ? undefined : { name, afterMs: first.atMs - injectedMs },
    clearedAfterMs: clearedMs === undefined ? undefined : Math.max(0, clearedMs - wholeMs),
    others: [...new Set(during.flatMap(({ firing }) => firing))]
      .filter((candidate) => !expected.includes(candidate) && !NOT_OF_A_FAULT.test(candidate))
      .toSorted(),
  };
}
