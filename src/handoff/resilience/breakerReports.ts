import { trace } from '@opentelemetry/api';
import type { Meter } from '@opentelemetry/api';
import { quietly } from '../../errors/quietly.js';
import { breakerStates, resilienceEvents, resilienceMetrics } from '../../telemetry/catalogue/resilience.js';
import type { dependencies } from '../../telemetry/catalogue/resilience.js';
import { errorType } from '../../telemetry/errorType.js';
import { redisErrorType } from '../../telemetry/guard/redisErrorType.js';
import { createInstrument, observeGauge } from '../../telemetry/instruments.js';
import type { Log } from '../../telemetry/log.js';
import { ATTR_ERROR_TYPE, ATTR_EVENT_NAME, ATTR_HANDOFF_CIRCUIT_STATE, ATTR_HANDOFF_DEPENDENCY } from '../../telemetry/semconv.js';

export type Dependency = (typeof dependencies)[number];
export type BreakerState = (typeof breakerStates)[number];

/** A circuit breaker went from one state to another. */
export interface BreakerChange {
  readonly dependency: Dependency;
  readonly from: BreakerState;
  readonly state: BreakerState;
  /** The failure that opened it. */
  readonly error?: unknown;
}

/** Reports a change that calls notice as one log record, and as an event of the span of the call that made it. */
export function breakerReports(log: Log): (change: BreakerChange) => void {
  return ({ dependency, from, state, error }) => {
    const typeOf = dependency === 'cache' ? redisErrorType : errorType;
    // A probe, and one that fails, is no news.
    if (state === 'half_open' || (state === 'open' && from !== 'closed')) return;
    const { name } = state === 'open' ? resilienceEvents.breakerOpened : resilienceEvents.breakerClosed;
    const facts = { [ATTR_HANDOFF_DEPENDENCY]: dependency, ...(error === undefined ? {} : { [ATTR_ERROR_TYPE]: typeOf(error) }) };
    quietly(() => trace.getActiveSpan()?.addEvent(name, facts));
    const record = { [ATTR_EVENT_NAME]: name, ...facts };
    if (state === 'open') quietly(() => log.warn(record, `the ${dependency} does not answer; it is left alone until a probe succeeds`));
    else quietly(() => log.info(record, `the ${dependency} answers again`));
  };
}

/** Shows the states of breakers as a metric. Returns what ends it. */
export function showBreakers(meter: Meter, states: () => Iterable<readonly [Dependency, BreakerState]>): () => void {
  return observeGauge(meter, resilienceMetrics.breakerState, (report) => {
    for (const [dependency, current] of states()) {
      for (const state of breakerStates)
        report(state === current ? 1 : 0, { [ATTR_HANDOFF_DEPENDENCY]: dependency, [ATTR_HANDOFF_CIRCUIT_STATE]: state });
    }
  });
}

/** Counts the calls that open breakers refuse. `begin` makes the series of a dependency, so that its first increase is one. */
export function countRefusals(meter: Meter): { readonly begin: (of: Dependency) => void; readonly count: (of: Dependency) => void } {
  const record = createInstrument(meter, resilienceMetrics.breakerRefusals);
  const add = (calls: number) => (dependency: Dependency) => record(calls, { [ATTR_HANDOFF_DEPENDENCY]: dependency });
  return { begin: add(0), count: add(1) };
}
