import type { HealthComponent, HealthReason } from '../../../src/telemetry/catalogue/health.js';
import type { Evidence, HealthSample } from '../evidence.js';
import type { Expectation } from '../row.js';

/** Whether `/health` said what was so. */
export interface HealthFigures {
  /** When the last of the servers had named the broken part, after it was broken; `undefined` if one never did. */
  readonly toldAfterMs: number | undefined;
  /** When the last of the servers said that all was well again, after the mending; `undefined` if one never did. */
  readonly clearedAfterMs: number | undefined;
  /** What was said that was not so, such as `jobs failing`. */
  readonly untrue: readonly string[];
  /** The reasons that were given for the broken part. */
  readonly said: readonly string[];
  /** Servers that gave no answer, and should have. */
  readonly silent: readonly string[];
}

/**
 * Parts that say how this machine is, which is busy with the servers, the agents and Prometheus at once: what they say is true, and has
 * nothing to do with the fault.
 */
const OF_THE_MACHINE: ReadonlySet<string> = new Set<HealthComponent>(['event_loop', 'memory']);
/** Reasons that are times: they are measured, and on a machine as busy as this one they may be long without a fault. */
const OF_TIME: ReadonlySet<string> = new Set<HealthReason>(['slow', 'stale', 'timed_out']);
/** Without an answer to so many questions in a row a server counts as silent. One may be late on a busy machine. */
const SILENT_POLLS = 3;
/** For as long after the mending a server may still say what it last saw: it looks every five seconds at what is not well. */
const STALE_MS = 12_000;

export function healthFigures({ health: expected, alongside = [], victims = [] }: Expectation, evidence: Evidence): HealthFigures {
  const { startedMs, injectedMs, mendedMs } = evidence;
  const samples = evidence.health.filter(({ atMs }) => atMs >= startedMs);
  const replicas = Map.groupBy(samples, ({ replica }) => replica);
  const may = new Set<string>([...(expected === undefined ? [] : [expected.part]), ...alongside, ...OF_THE_MACHINE]);
  const said = new Set<string>();
  const untrue = new Set<string>();
  for (const { atMs, parts } of samples)
    for (const [part, { state, reason = '' }] of Object.entries(parts ?? {})) {
      if (state === 'healthy' || OF_THE_MACHINE.has(part)) continue;
      const isDue = atMs >= injectedMs && atMs <= mendedMs + STALE_MS;
      if (part === expected?.part && isDue) said.add(reason);
      if (!OF_TIME.has(reason) && (!isDue || !may.has(part))) untrue.add(`${part} ${reason}`);
    }
  const tell = [...replicas].map(([replica, own]) => {
    const isTelling = (sample: HealthSample): boolean => (victims.includes(replica) ? sample.parts === undefined : tells(sample, expected));
    return own.find((sample) => sample.atMs >= injectedMs && isTelling(sample))?.atMs;
  });
  const wholeMs = Number.isFinite(mendedMs) ? mendedMs : startedMs;
  const clear = [...replicas.values()].map((own) => wellSince(own, wholeMs));
  return {
    toldAfterMs: latest(tell, injectedMs),
    clearedAfterMs: latest(clear, wholeMs),
    untrue: [...untrue],
    said: [...said],
    silent: [...replicas].flatMap(([replica, own]) =>
      !victims.includes(replica) && own.some((_, index) => isSilent(own.slice(index, index + SILENT_POLLS))) ? [replica] : [],
    ),
  };
}

function tells({ parts }: HealthSample, expected: Expectation['health']): boolean {
  if (expected === undefined) return true;
  const found = parts?.[expected.part];
  return found !== undefined && found.state !== 'healthy' && found.reason !== undefined && expected.reasons.includes(found.reason);
}

const isSilent = (samples: readonly HealthSample[]): boolean =>
  samples.length === SILENT_POLLS && samples.every(({ parts }) => parts === undefined);

const isWell = ({ parts }: HealthSample): boolean =>
  parts !== undefined && Object.entries(parts).every(([part, { state }]) => state === 'healthy' || OF_THE_MACHINE.has(part));

/** The first moment from `sinceMs` on at which all is well. What is told later, and is not so, is in `untrue`. */
function wellSince(samples: readonly HealthSample[], sinceMs: number): number | undefined {
  return samples.find((sample) => sample.atMs >= sinceMs && isWell(sample))?.atMs;
}

/** How long after `sinceMs` the last of them was; `undefined` if one never was. */
function latest(moments: readonly (number | undefined)[], sinceMs: number): number | undefined {
  if (moments.length === 0 || moments.includes(undefined)) return undefined;
  return Math.max(0, ...moments.map((moment) => (moment ?? 0) - sinceMs));
}
