import type { Meter } from '@opentelemetry/api';
import type { Log } from '../../telemetry/log.js';
import type { Clock } from '../../time/clock.js';
import { breakerReports, countRefusals, showBreakers } from './breakerReports.js';
import type { BreakerChange, BreakerState, Dependency } from './breakerReports.js';
import { DependencyGuard } from './dependencyGuard.js';
import type { CockatielModule, GuardSettings } from './dependencyGuard.js';
import { isArchiveOutage, isCacheOutage, isDatabaseOutage, isPassingFileFailure, isRepeatableRead } from './outages.js';

export interface PoliciesOptions {
  readonly cockatiel: CockatielModule;
  readonly log: Log;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly random: () => number;
  /** Hears of each change too, after it was reported. */
  readonly onChange?: (change: BreakerChange) => void;
}

/** Makes the guard of a dependency, given what tells whether it answers. */
export type GuardMaker = (probe: () => Promise<unknown>) => DependencyGuard;

/** The policies of a process: one guard for each dependency that it has. */
export interface Policies {
  readonly database: GuardMaker;
  readonly cache: GuardMaker;
  readonly archive: GuardMaker;
  /** The state of the breaker of each dependency that has a guard. */
  states(): ReadonlyMap<Dependency, BreakerState>;
  /** Ends all probing and reporting. */
  close(): void;
}

/**
 * Time limits are where the connections are (`answerTimeoutMs` of PostgreSQL, the command timeout of Redis, 90 s for the archive), as
 * are retries of connections: nothing here repeats them.
 */
const SETTINGS: Readonly<Record<Dependency, GuardSettings>> = {
  database: {
    dependency: 'database',
    isOutage: isDatabaseOutage,
    isRepeatable: isRepeatableRead,
    outagesToOpen: 5,
    pauseMs: 500,
    maxPauseMs: 2000,
    // The pool tries for five seconds to connect.
    probeTimeoutMs: 8000,
    maxConcurrent: 1024,
  },
  cache: {
    dependency: 'cache',
    isOutage: isCacheOutage,
    outagesToOpen: 5,
    pauseMs: 1000,
    maxPauseMs: 5000,
    probeTimeoutMs: 2000,
    maxConcurrent: 2048,
  },
  archive: {
    dependency: 'archive',
    isOutage: isArchiveOutage,
    isRepeatable: isPassingFileFailure,
    outagesToOpen: 5,
    pauseMs: 2000,
    maxPauseMs: 30_000,
    probeTimeoutMs: 20_000,
    maxConcurrent: 32,
  },
};

/** Composes the policies. Nothing runs until a guard is made and its dependency fails. */
export function createPolicies({ cockatiel, log, meter, clock, random, onChange }: PoliciesOptions): Policies {
  const guards = new Map<Dependency, DependencyGuard>();
  const closing = new AbortController();
  const report = breakerReports(log);
  const refusals = countRefusals(meter);
  const deps = {
    cockatiel,
    clock,
    random,
    signal: closing.signal,
    onRefused: refusals.count,
    onChange: (change: BreakerChange) => {
      report(change);
      onChange?.(change);
    },
  };
  const maker =
    (dependency: Dependency): GuardMaker =>
    (probe) => {
      const guard = new DependencyGuard(SETTINGS[dependency], deps, probe);
      guards.set(dependency, guard);
      refusals.begin(dependency);
      return guard;
    };
  const states = (): ReadonlyMap<Dependency, BreakerState> => new Map([...guards].map(([dependency, guard]) => [dependency, guard.state]));
  const hide = showBreakers(meter, states);
  return {
    database: maker('database'),
    cache: maker('cache'),
    archive: maker('archive'),
    states,
    close: () => {
      hide();
      closing.abort(new Error('closed'));
    },
  };
}
